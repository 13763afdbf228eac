//! A saboteur for every promise of a place from which CRLs are fetched.

use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{CrlSink, Publisher, Result};
use gost_ca_conformance::{block_on, publisher, publisher_checks};
use gost_ca_memory::MemoryCrls;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// Takes the first piece for the file.
    FirstPiece,
    /// Writes over the old file, whose rest stays.
    Overwrites,
    /// Puts the same file behind itself.
    Appends,
    /// Writes where others read.
    InPlace,
    /// Publishes what came before its source failed.
    Half,
    /// A publication that was dropped bars the way to the next.
    Barred,
    /// Knows one file alone.
    OneName,
    /// Keeps nothing over a restart.
    Forgets,
}

#[derive(Debug)]
struct Saboteur {
    place: MemoryCrls,
    fault: Fault,
    under_way: Mutex<bool>,
}

impl Saboteur {
    async fn put(&self, name: &str, octets: &[u8]) -> Result<()> {
        let mut draft = self.place.begin().await?;
        draft.append(octets.to_vec()).await?;
        draft.keep(name).await
    }
}

#[async_trait]
impl Publisher for Saboteur {
    async fn publish(&self, name: &str, file: &mut dyn Source) -> Result<()> {
        let name = if self.fault == Fault::OneName { "one.crl" } else { name };
        let old = self.place.get(name).unwrap_or_default();
        let barred = std::mem::replace(&mut *self.under_way.lock().unwrap(), true);
        if self.fault == Fault::Barred && barred {
            return Ok(());
        }
        let mut whole = Vec::new();
        loop {
            let octets = match (file.next().await, self.fault) {
                (Err(_), Fault::Half) => Vec::new(),
                (given, _) => given.inspect_err(|_| *self.under_way.lock().unwrap() = false)?,
            };
            if octets.is_empty() || (self.fault == Fault::FirstPiece && !whole.is_empty()) {
                break;
            }
            whole.extend(octets);
            if self.fault == Fault::InPlace {
                self.put(name, &whole).await?;
            }
        }
        match self.fault {
            Fault::Overwrites => {
                whole.extend_from_slice(old.get(whole.len()..).unwrap_or_default());
            }
            Fault::Appends if whole == old => whole.extend_from_slice(&old),
            _ => {}
        }
        *self.under_way.lock().unwrap() = false;
        self.put(name, &whole).await
    }
}

fn trips(fault: Fault) -> BTreeSet<&'static str> {
    let place = MemoryCrls::default();
    let open = || -> Box<dyn Publisher> {
        if fault == Fault::Forgets {
            for name in place.names() {
                block_on(place.remove(&name)).unwrap();
            }
        }
        Box::new(Saboteur { place: place.clone(), fault, under_way: Mutex::new(false) })
    };
    let fetch = |name: &str| match fault {
        Fault::OneName => place.get("one.crl"),
        _ => place.get(name),
    };
    block_on(publisher("saboteur", &open, &fetch)).failed()
}

#[test]
fn each_saboteur_is_caught_and_nobody_else() {
    let mut all = BTreeSet::new();
    for (fault, expected) in [
        (Fault::None, &[][..]),
        (Fault::FirstPiece, &["publisher/whole", "publisher/unseen-before", "publisher/dropped"]),
        (Fault::Overwrites, &["publisher/replaced"]),
        (Fault::Appends, &["publisher/twice"]),
        (Fault::InPlace, &["publisher/unseen-before", "publisher/broken-off", "publisher/dropped"]),
        (Fault::Half, &["publisher/broken-off"]),
        (Fault::Barred, &["publisher/dropped", "publisher/unseen-before"]),
        (
            Fault::OneName,
            &["publisher/unseen-before", "publisher/broken-off", "publisher/names-apart"],
        ),
        (Fault::Forgets, &["publisher/survives-reopen"]),
    ] {
        let tripped = trips(fault);
        assert_eq!(tripped, expected.iter().copied().collect(), "{fault:?}");
        all.extend(tripped);
    }
    let checks: BTreeSet<_> = publisher_checks().iter().map(|check| check.id).collect();
    assert_eq!(all, checks, "each check is tripped by somebody");
}

#[test]
fn memory_conforms() {
    let place = MemoryCrls::default();
    let open = || -> Box<dyn Publisher> { Box::new(place.clone()) };
    block_on(publisher("memory", &open, &|name| place.get(name))).assert_conformant(&[]);
}
