//! A saboteur for every promise of a password hasher.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use async_trait::async_trait;
use gost_ca::provider::{PasswordHash, PasswordHasher, Result};
use gost_ca::secret::Secret;
use gost_ca_conformance::{block_on, password_hasher, password_hasher_checks};
use gost_ca_memory::PlainHasher;
use gost_ca_software::CheapHasher;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// What it hashed before a restart it does not know.
    Forgets,
    /// Looks at the first 72 octets alone, as bcrypt does.
    Truncates,
    /// Takes a password for text that ends with a zero.
    StopsAtZero,
    /// Leaves the salt out.
    Unsalted,
    /// Keeps octets as they are.
    Binary,
    /// Answers about anything.
    AnyHash,
    /// Mixes answers up where two are asked for at once.
    Mixed,
}

#[derive(Debug)]
struct Saboteur {
    fault: Fault,
    /// Which start this is.
    start: u8,
    busy: Arc<AtomicBool>,
}

impl Saboteur {
    fn taken(&self, password: &Secret) -> Secret {
        let octets = password.expose();
        let octets = match self.fault {
            Fault::Truncates => octets.get(..72).unwrap_or(octets).to_vec(),
            Fault::StopsAtZero => octets.split(|octet| *octet == 0).next().unwrap().to_vec(),
            Fault::Forgets => [octets, &[self.start]].concat(),
            _ => octets.to_vec(),
        };
        Secret::new(octets)
    }
}

#[async_trait]
impl PasswordHasher for Saboteur {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash> {
        let salt = if self.fault == Fault::Unsalted { &[0; 16] } else { salt };
        let hash = CheapHasher.hash(&self.taken(password), salt).await?;
        Ok(match self.fault {
            Fault::Binary => PasswordHash::new(format!("{}\n", hash.expose())),
            _ => hash,
        })
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool> {
        let hash = PasswordHash::new(hash.expose().trim_end());
        if self.fault == Fault::Mixed && self.busy.swap(true, Ordering::Relaxed) {
            return Ok(true);
        }
        let mut asked = false;
        std::future::poll_fn(|context| {
            let ready = std::mem::replace(&mut asked, true);
            context.waker().wake_by_ref();
            if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        self.busy.store(false, Ordering::Relaxed);
        let told = CheapHasher.verify(&self.taken(password), &hash).await;
        if self.fault == Fault::AnyHash { Ok(told.unwrap_or(false)) } else { told }
    }
}

fn trips(fault: Fault) -> BTreeSet<&'static str> {
    let (starts, busy) = (AtomicU8::new(0), Arc::default());
    let open = || -> Box<dyn PasswordHasher> {
        let start = starts.fetch_add(1, Ordering::Relaxed);
        Box::new(Saboteur { fault, start, busy: Arc::clone(&busy) })
    };
    block_on(password_hasher("saboteur", &open)).failed()
}

#[test]
fn each_saboteur_is_caught_and_nobody_else() {
    let mut all = BTreeSet::new();
    for (fault, expected) in [
        (Fault::None, &[][..]),
        (Fault::Forgets, &["password-hasher/right-one"]),
        (Fault::Truncates, &["password-hasher/every-octet-counts"]),
        (Fault::StopsAtZero, &["password-hasher/every-octet-counts"]),
        (Fault::Unsalted, &["password-hasher/salt-counts"]),
        (Fault::Binary, &["password-hasher/phc-string"]),
        (Fault::AnyHash, &["password-hasher/foreign-hash"]),
        (Fault::Mixed, &["password-hasher/side-by-side"]),
    ] {
        let tripped = trips(fault);
        assert_eq!(tripped, expected.iter().copied().collect(), "{fault:?}");
        all.extend(tripped);
    }
    // the one that keeps passwords as they are
    let open = || -> Box<dyn PasswordHasher> { Box::new(PlainHasher) };
    let plain = block_on(password_hasher("plain", &open)).failed();
    let shows = ["password-hasher/nothing-to-read", "password-hasher/salt-counts"];
    assert_eq!(plain, BTreeSet::from(shows));
    all.extend(plain);
    let checks: BTreeSet<_> = password_hasher_checks().iter().map(|check| check.id).collect();
    assert_eq!(all, checks, "each check is tripped by somebody");
}
