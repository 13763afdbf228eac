//! What everything promises that keeps CRLs.

use gost_ca::provider::{CrlSink, ErrorKind};

use crate::broken::{Broken, Kept, ensure, same};
use crate::check::{Check, run};
use crate::fresh::fresh;
use crate::report::Report;

/// Opens the sink under test; each call is a restart.
pub struct CrlSinkUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn CrlSink>,
}

impl core::fmt::Debug for CrlSinkUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CrlSinkUnderTest(..)")
    }
}

/// Checks a sink. What it keeps for others stays; what the checks keep is removed.
pub async fn crl_sink(name: &str, open: &dyn Fn() -> Box<dyn CrlSink>) -> Report {
    run(name, &CrlSinkUnderTest { open }, &crl_sink_checks()).await
}

/// The promises of a sink.
pub fn crl_sink_checks<'a>() -> Vec<Check<CrlSinkUnderTest<'a>>> {
    macro_rules! promises {
        ($($id:literal: $why:literal => $body:path;)+) => {
            vec![$(Check {
                id: concat!("crl-sink/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        };
    }
    promises! {
        "kept-exactly": "CrlDraft::keep: what was appended, in its order, also after a restart" => exactly;
        "parts": "read: at most `limit` octets from `offset` on; fewer only at the end" => parts;
        "unseen-before": "CrlSink::begin: nobody sees a draft before it is kept" => unseen;
        "replaced": "CrlDraft::keep: in the place of what was under that name" => replaced;
        "drafts-apart": "CrlSink::begin: drafts at the same time are two" => apart;
        "removed": "CrlSink::remove: gone; again is no error" => removed;
        "unknown-name": "CrlSink::read: NotFound for a name under which nothing is kept" => unknown;
        "bad-name": "Invalid for what is no name" => bad_name;
    }
}

type Subject<'a> = CrlSinkUnderTest<'a>;

fn name() -> String {
    let tag: [u8; 8] = fresh();
    tag.iter().fold("kit-".to_owned(), |name, octet| format!("{name}{octet:02x}"))
}

async fn keep(sink: &dyn CrlSink, name: &str, pieces: &[&[u8]]) -> Result<(), Broken> {
    let mut draft = sink.begin().await?;
    for piece in pieces {
        draft.append(piece.to_vec()).await?;
    }
    Ok(draft.keep(name).await?)
}

async fn is_unknown(sink: &dyn CrlSink, name: &str) -> Kept {
    match sink.read(name, 0, 1).await {
        Err(error) => same("the error's kind", error.kind(), &ErrorKind::NotFound),
        Ok(_) => Err("something is there".into()),
    }
}

async fn exactly(subject: &Subject<'_>) -> Kept {
    let name = name();
    let large = vec![0xa5; 3_000_000];
    keep(&*(subject.open)(), &name, &[b"one ", b"", &large, b" end"]).await?;
    let sink = (subject.open)();
    let found = sink.read(&name, 0, usize::MAX).await?;
    sink.remove(&name).await?;
    let right = [b"one ", large.as_slice(), b" end"].concat();
    ensure(found == right, "it is not what was appended")
}

async fn parts(subject: &Subject<'_>) -> Kept {
    let (sink, name, whole) = ((subject.open)(), name(), b"0123456789");
    let mut draft = sink.begin().await?;
    draft.append(whole.to_vec()).await?;
    for (offset, limit) in [(0, 10), (0, 3), (7, 3), (7, 9), (10, 1), (99, 1), (2, 0)] {
        let rest = whole.get(offset..).unwrap_or_default();
        let right = rest.get(..limit).unwrap_or(rest).to_vec();
        let offset = u64::try_from(offset).unwrap_or_default();
        same("a part of a draft", &draft.read(offset, limit).await?, &right)?;
    }
    draft.append(b"abc".to_vec()).await?; // reading moves no end
    draft.keep(&name).await?;
    let (middle, end) = (sink.read(&name, 8, 4).await?, sink.read(&name, 12, 9).await?);
    sink.remove(&name).await?;
    same("a part", &middle.as_slice(), &&b"89ab"[..])?;
    same("the end", &end.as_slice(), &&b"c"[..])
}

async fn unseen(subject: &Subject<'_>) -> Kept {
    let (sink, name) = ((subject.open)(), name());
    keep(&*sink, &name, &[b"old"]).await?;
    let mut draft = sink.begin().await?;
    draft.append(b"new, and longer".to_vec()).await?;
    same("what is seen", &sink.read(&name, 0, 99).await?.as_slice(), &&b"old"[..])?;
    drop(draft);
    let still = sink.read(&name, 0, 99).await?;
    sink.remove(&name).await?;
    same("what is seen after a dropped draft", &still.as_slice(), &&b"old"[..])
}

async fn replaced(subject: &Subject<'_>) -> Kept {
    let (sink, name) = ((subject.open)(), name());
    keep(&*sink, &name, &[b"old, and longer"]).await?;
    keep(&*sink, &name, &[b"new"]).await?;
    let found = sink.read(&name, 0, 99).await?;
    sink.remove(&name).await?;
    same("what is there", &found.as_slice(), &&b"new"[..])
}

async fn apart(subject: &Subject<'_>) -> Kept {
    let (sink, names) = ((subject.open)(), [name(), name()]);
    let (mut one, mut two) = (sink.begin().await?, sink.begin().await?);
    for _ in 0..3 {
        one.append(b"1".to_vec()).await?;
        two.append(b"2".to_vec()).await?;
    }
    one.keep(&names[0]).await?;
    two.keep(&names[1]).await?;
    for (name, right) in names.iter().zip([&b"111"[..], b"222"]) {
        let found = sink.read(name, 0, 99).await?;
        sink.remove(name).await?;
        same("a draft", &found.as_slice(), &right)?;
    }
    Ok(())
}

async fn removed(subject: &Subject<'_>) -> Kept {
    let (sink, name) = ((subject.open)(), name());
    keep(&*sink, &name, &[b"one"]).await?;
    sink.remove(&name).await?;
    is_unknown(&*sink, &name).await?;
    sink.remove(&name).await?;
    is_unknown(&*(subject.open)(), &name).await
}

async fn unknown(subject: &Subject<'_>) -> Kept {
    is_unknown(&*(subject.open)(), &name()).await
}

async fn bad_name(subject: &Subject<'_>) -> Kept {
    let sink = (subject.open)();
    for bad in
        ["", ".", "..", "../up", "a/b", "a\\b", "A", "-a", "1", "имя", "a\0", &"a".repeat(101)]
    {
        for error in [
            sink.read(bad, 0, 1).await.err(),
            sink.remove(bad).await.err(),
            sink.begin().await?.keep(bad).await.err(),
        ] {
            let kind = error.map(|error| error.kind().clone());
            same("the error's kind", &kind, &Some(ErrorKind::Invalid))?;
        }
    }
    Ok(())
}
