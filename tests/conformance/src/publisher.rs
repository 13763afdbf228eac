//! What every place promises from which CRLs are fetched.

use core::future::{pending, poll_fn};
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::Poll;
use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{ErrorKind, Publisher, Result};

use crate::broken::{Kept, ensure};
use crate::check::{Check, run};
use crate::fresh::fresh;
use crate::report::Report;

/// The place under test, and what somebody finds there.
pub struct PublisherUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn Publisher>,
    fetch: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl core::fmt::Debug for PublisherUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("PublisherUnderTest(..)")
    }
}

/// Checks a publisher: `open` starts it again, `fetch` gets a file as relying parties do.
///
/// What the checks publish, under names that begin with `kit-`, stays there.
pub async fn publisher(
    name: &str,
    open: &dyn Fn() -> Box<dyn Publisher>,
    fetch: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Report {
    run(name, &PublisherUnderTest { open, fetch }, &publisher_checks()).await
}

/// The promises of a publisher.
pub fn publisher_checks<'a>() -> Vec<Check<PublisherUnderTest<'a>>> {
    macro_rules! promises {
        ($($id:literal: $why:literal => $body:path;)+) => {
            vec![$(Check {
                id: concat!("publisher/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        };
    }
    promises! {
        "whole": "Publisher::publish: all pieces in their order, an empty file too" => whole;
        "replaced": "Publisher::publish: in the place of the one before, longer or shorter" => replaced;
        "twice": "Publisher::publish: the same file again does no harm" => twice;
        "unseen-before": "Publisher::publish: there is the old one or the new one, whole, also while it comes" => unseen;
        "broken-off": "Publisher::publish: nothing is half there when its source fails" => broken_off;
        "dropped": "Publisher::publish: a dropped future leaves the old one, and the next one is whole" => dropped;
        "names-apart": "Publisher::publish: under a name, and no other" => apart;
        "survives-reopen": "Publisher::publish: what is there is there after a restart" => survives;
    }
}

type Subject<'a> = PublisherUnderTest<'a>;

/// Gives its pieces; then it ends, fails, or says nothing more.
#[derive(Debug)]
struct Pieces {
    pieces: Vec<Vec<u8>>,
    then: Then,
}

#[derive(Debug)]
enum Then {
    End,
    Fail,
    Wait(Arc<AtomicBool>),
}

#[async_trait]
impl Source for Pieces {
    async fn next(&mut self) -> Result<Vec<u8>> {
        if !self.pieces.is_empty() {
            return Ok(self.pieces.remove(0));
        }
        match &self.then {
            Then::End => Ok(Vec::new()),
            Then::Fail => Err(ErrorKind::Unavailable.at("the kit's source")),
            Then::Wait(reached) => {
                reached.store(true, Ordering::Relaxed);
                pending().await
            }
        }
    }
}

fn file(pieces: &[&[u8]]) -> Pieces {
    Pieces { pieces: pieces.iter().map(|piece| piece.to_vec()).collect(), then: Then::End }
}

fn name() -> String {
    format!("kit-{}.crl", gost_ca::hex::encode(&fresh::<8>()))
}

impl Subject<'_> {
    fn finds(&self, name: &str, what: Option<&[u8]>) -> Kept {
        let found = (self.fetch)(name);
        let sizes = (found.as_ref().map(Vec::len), what.map(<[u8]>::len));
        ensure(
            found.as_deref() == what,
            format!("octets found: {:?}, right: {:?}", sizes.0, sizes.1),
        )
    }
}

async fn whole(subject: &Subject<'_>) -> Kept {
    let (publisher, large) = ((subject.open)(), vec![0xa5; 300_000]);
    for pieces in [vec![&b"one"[..], b"", b"two"], vec![&large, b"\0\n\r\n", &large], vec![]] {
        // an empty piece ends a file
        let pieces: Vec<_> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
        let name = name();
        publisher.publish(&name, &mut file(&pieces)).await?;
        subject.finds(&name, Some(&pieces.concat()))?;
    }
    Ok(())
}

async fn replaced(subject: &Subject<'_>) -> Kept {
    let (publisher, name) = ((subject.open)(), name());
    for text in [&b"a file"[..], b"a longer file than before", b"short"] {
        publisher.publish(&name, &mut file(&[text])).await?;
        subject.finds(&name, Some(text))?;
    }
    Ok(())
}

async fn twice(subject: &Subject<'_>) -> Kept {
    let (publisher, name) = ((subject.open)(), name());
    publisher.publish(&name, &mut file(&[b"the same"])).await?;
    publisher.publish(&name, &mut file(&[b"the same"])).await?;
    subject.finds(&name, Some(b"the same"))
}

async fn unseen(subject: &Subject<'_>) -> Kept {
    let publisher = (subject.open)();
    for old in [None, Some(&b"old"[..])] {
        let name = name();
        if let Some(old) = old {
            publisher.publish(&name, &mut file(&[old])).await?;
        }
        let (mut coming, reached) = endless();
        let mut coming = pin!(publisher.publish(&name, &mut coming));
        until_it_waits(coming.as_mut(), &reached).await?;
        subject.finds(&name, old)?;
    }
    Ok(())
}

async fn broken_off(subject: &Subject<'_>) -> Kept {
    let publisher = (subject.open)();
    for old in [None, Some(&b"old"[..])] {
        let name = name();
        if let Some(old) = old {
            publisher.publish(&name, &mut file(&[old])).await?;
        }
        let mut broken = file(&[b"new"]);
        broken.then = Then::Fail;
        let told = publisher.publish(&name, &mut broken).await;
        ensure(told.is_err(), "its source failed, and nobody was told")?;
        subject.finds(&name, old)?;
    }
    Ok(())
}

async fn dropped(subject: &Subject<'_>) -> Kept {
    let (publisher, name) = ((subject.open)(), name());
    publisher.publish(&name, &mut file(&[b"old"])).await?;
    {
        let (mut coming, reached) = endless();
        let coming = pin!(publisher.publish(&name, &mut coming));
        until_it_waits(coming, &reached).await?;
    }
    subject.finds(&name, Some(b"old"))?;
    publisher.publish(&name, &mut file(&[b"newer"])).await?;
    subject.finds(&name, Some(b"newer"))
}

async fn apart(subject: &Subject<'_>) -> Kept {
    let (publisher, one, two) = ((subject.open)(), name(), name());
    publisher.publish(&one, &mut file(&[b"one"])).await?;
    subject.finds(&two, None)?;
    publisher.publish(&two, &mut file(&[b"two"])).await?;
    subject.finds(&one, Some(b"one"))?;
    subject.finds(&two, Some(b"two"))
}

async fn survives(subject: &Subject<'_>) -> Kept {
    let (publisher, name) = ((subject.open)(), name());
    publisher.publish(&name, &mut file(&[b"kept"])).await?;
    drop(publisher);
    let _again = (subject.open)();
    subject.finds(&name, Some(b"kept"))
}

/// A file that goes on for ever, and whether its reader has come that far.
fn endless() -> (Pieces, Arc<AtomicBool>) {
    let reached = Arc::new(AtomicBool::new(false));
    (Pieces { then: Then::Wait(Arc::clone(&reached)), ..file(&[b"new", b"and long"]) }, reached)
}

/// Lets a publication run until its source gives nothing more.
async fn until_it_waits(
    mut coming: Pin<&mut impl Future<Output = Result<()>>>,
    reached: &AtomicBool,
) -> Kept {
    let ended = poll_fn(|context| match coming.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(true),
        Poll::Pending if reached.load(Ordering::Relaxed) => Poll::Ready(false),
        Poll::Pending => Poll::Pending,
    });
    ensure(!ended.await, "it was done before its source had ended")
}
