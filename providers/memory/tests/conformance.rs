//! The kit's checks over the providers in memory.

use gost_ca::id::WriterId;
use gost_ca::provider::{CrlSink, Journal, UserDirectory};
use gost_ca_conformance::{crl_sink, directory, journal};
use gost_ca_memory::{MemoryCrls, MemoryDirectory, MemoryJournal};

#[tokio::test]
async fn journal_keeps_the_promises() {
    let store = MemoryJournal::new(WriterId::new([0; 16]));
    let count = std::sync::atomic::AtomicU8::new(1);
    let open = || -> Box<dyn Journal> {
        let writer = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::new(store.reopen(WriterId::new([writer; 16])))
    };
    journal("memory", &open).await.assert_conformant(&[]);
}

#[tokio::test]
async fn directory_keeps_the_promises() {
    let store = MemoryDirectory::default();
    let open = || -> Box<dyn UserDirectory> { Box::new(store.clone()) };
    directory("memory", &open).await.assert_conformant(&[]);
}

#[tokio::test]
async fn sink_keeps_the_promises() {
    let store = MemoryCrls::default();
    let open = || -> Box<dyn CrlSink> { Box::new(store.clone()) };
    crl_sink("memory", &open).await.assert_conformant(&[]);
    assert_eq!(store.names(), [""; 0]);
}
