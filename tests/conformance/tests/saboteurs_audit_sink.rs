//! A saboteur for every promise of a place for checkpoints.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::audit::checkpoint::SignedCheckpoint;
use gost_ca::provider::{AuditSink, ErrorKind, Result};
use gost_ca_conformance::{audit_sink, audit_sink_checks, block_on};
use gost_ca_memory::MemoryAuditSink;

/// What is kept, the last one last.
type Shelf = Vec<SignedCheckpoint>;

/// A place with a mistake: what it does when it keeps, which one it takes for the newest.
#[derive(Clone)]
struct Sabotaged {
    shelf: Arc<Mutex<Shelf>>,
    keep: fn(&mut Shelf, &SignedCheckpoint) -> Result<()>,
    newest: fn(&Shelf) -> Option<SignedCheckpoint>,
}

impl std::fmt::Debug for Sabotaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sabotaged")
    }
}

#[async_trait]
impl AuditSink for Sabotaged {
    async fn keep(&self, checkpoint: &SignedCheckpoint) -> Result<()> {
        (self.keep)(&mut self.shelf.lock().unwrap(), checkpoint)
    }

    async fn newest(&self) -> Result<Option<SignedCheckpoint>> {
        Ok((self.newest)(&self.shelf.lock().unwrap()))
    }
}

fn honest_keep(shelf: &mut Shelf, new: &SignedCheckpoint) -> Result<()> {
    let number = new.checkpoint.number;
    match shelf.iter().find(|kept| kept.checkpoint.number == number) {
        Some(kept) if kept != new => return Err(ErrorKind::Invalid.at("keep")),
        Some(_) => {}
        None => shelf.push(new.clone()),
    }
    Ok(())
}

fn honest_newest(shelf: &Shelf) -> Option<SignedCheckpoint> {
    shelf.iter().max_by_key(|kept| kept.checkpoint.number).cloned()
}

/// What somebody who forgets at each restart, or not, trips.
fn trips(
    keep: fn(&mut Shelf, &SignedCheckpoint) -> Result<()>,
    newest: fn(&Shelf) -> Option<SignedCheckpoint>,
    forgets: bool,
) -> Vec<&'static str> {
    let shelf = Arc::default();
    let open = || -> Box<dyn AuditSink> {
        let shelf = if forgets { Arc::default() } else { Arc::clone(&shelf) };
        Box::new(Sabotaged { shelf, keep, newest })
    };
    block_on(audit_sink("saboteur", &open)).failed().into_iter().collect()
}

#[test]
fn memory_conforms() {
    let sink = MemoryAuditSink::default();
    let open = || -> Box<dyn AuditSink> { Box::new(sink.clone()) };
    block_on(audit_sink("memory", &open)).assert_conformant(&[]);
    assert!(trips(honest_keep, honest_newest, false).is_empty());
}

#[test]
fn every_promise_has_its_saboteur() {
    let last = |shelf: &Shelf| shelf.last().cloned();
    let replace = |shelf: &mut Shelf, new: &SignedCheckpoint| {
        shelf.retain(|kept| kept.checkpoint.number != new.checkpoint.number);
        shelf.push(new.clone());
        Ok(())
    };
    let once = |shelf: &mut Shelf, new: &SignedCheckpoint| {
        if shelf.contains(new) {
            return Err(ErrorKind::Invalid.at("keep"));
        }
        honest_keep(shelf, new)
    };
    let saboteurs = [
        (trips(honest_keep, last, false), vec!["audit-sink/newest"]),
        (trips(replace, honest_newest, false), vec!["audit-sink/never-replaces"]),
        (trips(once, honest_newest, false), vec!["audit-sink/keeps-twice"]),
        (trips(honest_keep, honest_newest, true), vec!["audit-sink/survives-reopen"]),
    ];
    for (tripped, expected) in &saboteurs {
        assert_eq!(tripped, expected);
    }
    let all: BTreeSet<_> = audit_sink_checks().iter().map(|check| check.id).collect();
    let tripped: BTreeSet<_> = saboteurs.iter().flat_map(|(tripped, _)| tripped).copied().collect();
    assert_eq!(tripped, all);
}
