//! The kit's checks over the providers in memory.

use gost_ca::id::WriterId;
use gost_ca::provider::{CrlSink, Journal, Notice, Notifier, Publisher, Result, UserDirectory};
use gost_ca_conformance::{Delivered, crl_sink, directory, journal, notifier, publisher};
use gost_ca_memory::{MemoryCrls, MemoryDirectory, MemoryJournal, MemoryNotifier};

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

#[tokio::test]
async fn place_to_publish_keeps_the_promises() {
    let store = MemoryCrls::default();
    let open = || -> Box<dyn Publisher> { Box::new(store.clone()) };
    publisher("memory", &open, &|name| store.get(name)).await.assert_conformant(&[]);
}

/// One notifier for all restarts: its notices are in memory.
#[derive(Debug)]
struct Shared(std::sync::Arc<MemoryNotifier>);

#[async_trait::async_trait]
impl Notifier for Shared {
    async fn notify(&self, notice: &Notice) -> Result<()> {
        self.0.notify(notice).await
    }
}

#[tokio::test]
async fn notifier_keeps_the_promises() {
    let store = std::sync::Arc::new(MemoryNotifier::default());
    let open = || -> Box<dyn Notifier> { Box::new(Shared(std::sync::Arc::clone(&store))) };
    let delivered = || store.notices().into_iter().map(read).collect();
    notifier("memory", &open, &delivered).await.assert_conformant(&[]);
}

fn read(notice: Notice) -> Delivered {
    let Notice { id, to, subject, text, .. } = notice;
    Delivered { id, to: to.as_str().to_owned(), subject, text }
}
