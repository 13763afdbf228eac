//! Password hashing with argon2id.

use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use gost_ca::provider::{ErrorKind, PasswordHash, PasswordHasher, ProviderError, Result};
use gost_ca::secret::Secret;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::phc::Phc;
use gost_ca_workers::Workers;

/// Hashes passwords with argon2id (RFC 9106) on threads of its own.
#[derive(Debug)]
pub struct Argon2Hasher {
    cost: Cost,
    workers: Workers,
}

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// KiB of memory.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 19 MiB, two passes, one lane: OWASP's first recommendation for argon2id.
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2, lanes: 1 }
    }
}

impl Argon2Hasher {
    /// Starts `threads` threads with room for `waiting` more passwords; each running one takes
    /// [`Cost::memory`].
    ///
    /// # Errors
    /// `Invalid` for a cost out of argon2's or of [`LIMIT`]'s bounds, `Unavailable` when no thread starts.
    pub fn new(cost: Cost, threads: usize, waiting: usize) -> Result<Self> {
        cost.params().ok_or_else(|| ErrorKind::Invalid.at("argon2 cost"))?;
        let workers = Workers::start("argon2", threads, waiting)
            .map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { cost, workers })
    }
}

impl Cost {
    fn params(self) -> Option<Params> {
        let within =
            self.memory <= LIMIT.memory && self.passes <= LIMIT.passes && self.lanes <= LIMIT.lanes;
        let params = Params::new(self.memory, self.passes, self.lanes, Some(HASH_OCTETS));
        params.ok().filter(|_| within)
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash> {
        let (password, salt, cost) = (copy(password), salt.to_vec(), self.cost);
        self.workers
            .run("argon2", move || {
                let hash = argon2id(&password, &salt, cost)?.to_vec();
                let parameters = vec![cost.memory, cost.passes, cost.lanes];
                let phc = Phc { version: Some(VERSION), parameters, salt, hash };
                Ok(PasswordHash::new(phc.write(ID, NAMES)))
            })
            .await
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool> {
        let (phc, cost) = read(hash.expose()).ok_or_else(foreign)?;
        let password = copy(password);
        self.workers
            .run("argon2", move || {
                let hash = argon2id(&password, &phc.salt, cost)?;
                Ok(hash.ct_eq(phc.hash.as_slice()).into())
            })
            .await
    }
}

fn read(text: &str) -> Option<(Phc, Cost)> {
    let phc = Phc::read(text, ID, NAMES)?;
    let [memory, passes, lanes] = phc.parameters.as_slice() else { return None };
    let cost = Cost { memory: *memory, passes: *passes, lanes: *lanes };
    cost.params()?;
    let ours = phc.version == Some(VERSION)
        && phc.hash.len() == HASH_OCTETS
        && (argon2::MIN_SALT_LEN..=64).contains(&phc.salt.len());
    ours.then_some((phc, cost))
}

fn argon2id(password: &[u8], salt: &[u8], cost: Cost) -> Result<Zeroizing<[u8; HASH_OCTETS]>> {
    let mut hash = Zeroizing::new([0; HASH_OCTETS]);
    let params = cost.params().ok_or_else(foreign)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, hash.as_mut_slice())
        .map_err(|error| ErrorKind::Fault.at("argon2").because(error.to_string()))?;
    Ok(hash)
}

fn copy(password: &Secret) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.expose().to_vec())
}

fn foreign() -> ProviderError {
    ErrorKind::Invalid.at("argon2 PHC string")
}

/// The most that a PHC string may ask for: whoever writes the record must not exhaust the machine.
pub const LIMIT: Cost = Cost { memory: 1 << 20, passes: 64, lanes: 16 };

const ID: &str = "argon2id";
const NAMES: &[&str] = &["m", "t", "p"];
const VERSION: u32 = 19;
const HASH_OCTETS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 8, passes: 1, lanes: 1 };

    #[tokio::test]
    async fn verifies_its_own() {
        let hasher = Argon2Hasher::new(CHEAP, 1, 8).unwrap();
        let hash = hasher.hash(&Secret::from("пароль1"), &[7; 16]).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=8,t=1,p=1$BwcHBwcHBwcHBwcHBwcHBw$"));
        assert!(hasher.verify(&Secret::from("пароль1"), &hash).await.unwrap());
        assert!(!hasher.verify(&Secret::from("пароль2"), &hash).await.unwrap());
    }

    /// From the reference implementation's test.c.
    #[tokio::test]
    async fn verifies_the_reference_implementations() {
        let hasher = Argon2Hasher::new(CHEAP, 1, 8).unwrap();
        for (password, phc) in [
            (
                "password",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            ),
            (
                "password",
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
            ),
        ] {
            let hash = PasswordHash::new(phc);
            assert!(hasher.verify(&Secret::from(password), &hash).await.unwrap(), "{phc}");
            assert!(!hasher.verify(&Secret::from("Password"), &hash).await.unwrap(), "{phc}");
        }
    }

    #[tokio::test]
    async fn refuses_foreign_and_exhausting_hashes() {
        let hasher = Argon2Hasher::new(CHEAP, 1, 8).unwrap();
        for phc in [
            "",
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=0256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO0",
            "$argon2id$v=19$m=256,t=2,p=1$c29$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        ] {
            let refused = hasher.verify(&Secret::from("password"), &PasswordHash::new(phc)).await;
            assert_eq!(*refused.unwrap_err().kind(), ErrorKind::Invalid, "{phc}");
        }
    }
}
