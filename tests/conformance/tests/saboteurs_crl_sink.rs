//! A saboteur for every promise of a sink of CRLs.

use async_trait::async_trait;
use gost_ca::provider::{CrlDraft, CrlSink, ErrorKind, Result};
use gost_ca_conformance::{block_on, crl_sink, crl_sink_checks};
use gost_ca_memory::MemoryCrls;

/// What a sink does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Reversed,
    TooLong,
    SeenAtOnce,
    KeptOnce,
    SharedDraft,
    NeverRemoved,
    EmptyForUnknown,
    AnyName,
}

#[derive(Clone, Debug)]
struct Saboteur(MemoryCrls, Fault);

#[derive(Debug)]
struct Draft {
    good: Box<dyn CrlDraft>,
    sink: Saboteur,
    pieces: Vec<Vec<u8>>,
}

#[async_trait]
impl CrlSink for Saboteur {
    async fn begin(&self) -> Result<Box<dyn CrlDraft>> {
        Ok(Box::new(Draft { good: self.0.begin().await?, sink: self.clone(), pieces: Vec::new() }))
    }

    async fn read(&self, name: &str, offset: u64, limit: usize) -> Result<Vec<u8>> {
        let limit = if self.1 == Fault::TooLong { limit.saturating_add(1) } else { limit };
        match self.0.read(name, offset, limit).await {
            Err(error)
                if self.1 == Fault::EmptyForUnknown && *error.kind() == ErrorKind::NotFound =>
            {
                Ok(Vec::new())
            }
            Err(error) if self.1 == Fault::AnyName && *error.kind() == ErrorKind::Invalid => {
                Err(ErrorKind::NotFound.at("read"))
            }
            read => read,
        }
    }

    async fn remove(&self, name: &str) -> Result<()> {
        if self.1 == Fault::NeverRemoved && self.0.get(name).is_some() {
            Ok(())
        } else {
            self.0.remove(name).await
        }
    }
}

/// Where the one draft lies that all share, and the one that is seen too early.
const SHARED: &str = "shared";

#[async_trait]
impl CrlDraft for Draft {
    async fn append(&mut self, octets: Vec<u8>) -> Result<()> {
        self.pieces.push(octets.clone());
        if self.sink.1 == Fault::SharedDraft {
            let mut all = self.sink.0.get(SHARED).unwrap_or_default();
            all.extend(&octets);
            let mut shared = self.sink.0.begin().await?;
            shared.append(all).await?;
            shared.keep(SHARED).await?;
        }
        if self.sink.1 == Fault::SeenAtOnce {
            for name in self.sink.0.names() {
                let mut early = self.sink.0.begin().await?;
                early.append(octets.clone()).await?;
                early.keep(&name).await?;
            }
        }
        self.good.append(octets).await
    }

    async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>> {
        self.good.read(offset, limit).await
    }

    async fn keep(self: Box<Self>, name: &str) -> Result<()> {
        let Draft { good, sink, mut pieces } = *self;
        match sink.1 {
            Fault::KeptOnce if sink.0.get(name).is_some() => return Ok(()),
            Fault::Reversed if pieces.len() > 2 => {
                pieces.reverse();
                let mut draft = sink.0.begin().await?;
                draft.append(pieces.concat()).await?;
                return draft.keep(name).await;
            }
            Fault::SharedDraft => {
                let mut draft = sink.0.begin().await?;
                draft.append(sink.0.get(SHARED).unwrap_or_default()).await?;
                sink.0.remove(SHARED).await?;
                return draft.keep(name).await;
            }
            _ => {}
        }
        good.keep(name).await
    }
}

#[track_caller]
fn trips(fault: Fault, ids: &[&str]) {
    let sink = Saboteur(MemoryCrls::default(), fault);
    let open = || -> Box<dyn CrlSink> { Box::new(sink.clone()) };
    let report = block_on(crl_sink("saboteur", &open));
    assert_eq!(report.failed(), ids.iter().copied().collect(), "{fault:?}: {report}");
}

#[test]
fn every_saboteur_is_caught() {
    trips(Fault::None, &[]);
    trips(Fault::Reversed, &["crl-sink/kept-exactly"]);
    trips(Fault::TooLong, &["crl-sink/parts"]);
    trips(Fault::SeenAtOnce, &["crl-sink/unseen-before"]);
    trips(Fault::KeptOnce, &["crl-sink/replaced"]);
    trips(Fault::SharedDraft, &["crl-sink/drafts-apart"]);
    trips(Fault::NeverRemoved, &["crl-sink/removed"]);
    trips(Fault::EmptyForUnknown, &["crl-sink/removed", "crl-sink/unknown-name"]);
    trips(Fault::AnyName, &["crl-sink/bad-name"]);
}

#[test]
fn every_promise_has_its_saboteur() {
    let source = include_str!("saboteurs_crl_sink.rs");
    for check in crl_sink_checks() {
        assert!(source.contains(&format!("\"{}\"", check.id)), "{}", check.id);
    }
    assert!(block_on(MemoryCrls::default().begin()).is_ok());
    crl_sink_checks().first().unwrap();
}
