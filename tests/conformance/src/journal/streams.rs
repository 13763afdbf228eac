//! Entries and their order.

use gost_ca::id::{AuthorityId, CaseId, NoticeId, TokenId, UserId};
use gost_ca::provider::journal::{Batch, Change, Expected, Loaded, Query, StreamId};
use gost_ca::provider::{Conflict, ErrorKind, Journal};
use gost_ca::view::View;

use super::samples::{
    answers, append, batch, case, change, claim, conflicts, document, entry, holder, key, refused,
    stream, take,
};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "unknown-stream-is-empty": "Journal::load: an unknown stream is empty" => unknown_stream;
    "keeps-order": "Journal::load: reads from entry `from` on; Loaded: its whole length" => order;
    "binary-entries": "StoredEntry: canonical octets, any octets" => binary;
    "large-entry": "StoredEntry: 1 MiB comes back as it was" => large;
    "streams-apart": "StreamId: streams of different kinds with one id are different" => apart;
    "exact-length": "Journal::commit: Conflict names the stream" => exact_length;
    "any-length": "Expected::Any: any number, for streams that only collect" => any_length;
    "conflict-writes-nothing": "Journal::commit: all or nothing" => all_or_nothing;
    "malformed-batch": "Batch: a stream at most once; Change: at least one entry" => malformed;
    "many-cases": "Journal: 10 000 streams are kept apart" => many;
    "survives-reopen": "Journal::commit: durably" => reopen;
}

async fn unknown_stream(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let nothing = Loaded::default();
    same("an unknown stream", &journal.load(&stream(), 0).await?, &nothing)?;
    same("an unknown stream from 7 on", &journal.load(&stream(), 7).await?, &nothing)
}

async fn order(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let mut first = append(stream, 0, b"0");
    first.changes[0].entries.extend([entry(b"1"), entry(b"2")]);
    journal.commit(&first).await?;
    journal.commit(&append(stream, 3, b"3")).await?;
    for from in [0, 1, 3, 4, 5, u64::MAX] {
        let loaded = journal.load(&stream, from).await?;
        let rest = (0..4_u64).filter(|n| *n >= from).map(|n| entry(n.to_string().as_bytes()));
        same("the stream", &loaded, &Loaded { length: 4, entries: rest.collect() })?;
    }
    Ok(())
}

async fn binary(subject: &JournalUnderTest<'_>) -> Kept {
    let all: Vec<u8> = (0..=255).collect();
    for octets in [&[][..], &[0], &[0, 0xff, 0], b"\xff\xfe'\"\\\0;--", &all] {
        comes_back(subject.open().as_ref(), octets).await?;
    }
    Ok(())
}

async fn large(subject: &JournalUnderTest<'_>) -> Kept {
    let octets: Vec<u8> = (0..=250).cycle().take(1 << 20).collect();
    comes_back(subject.open().as_ref(), &octets).await
}

async fn comes_back(journal: &dyn Journal, octets: &[u8]) -> Kept {
    let stream = stream();
    journal.commit(&append(stream, 0, octets)).await?;
    let loaded = journal.load(&stream, 0).await?;
    let kept = Loaded { length: 1, entries: vec![entry(octets)] };
    ensure(loaded == kept, format!("an entry of {} octets does not come back", octets.len()))
}

async fn apart(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, id) = (subject.open(), fresh());
    let streams = [
        StreamId::Account(UserId::new(id)),
        StreamId::Case(CaseId::new(id)),
        StreamId::Authority(AuthorityId::new(id)),
        StreamId::Notice(NoticeId::new(id)),
        StreamId::Carrier(TokenId::new(id)),
    ];
    for stream in streams {
        journal.commit(&append(stream, 0, stream.to_string().as_bytes())).await?;
    }
    for stream in streams {
        let entries = journal.load(&stream, 0).await?.entries;
        same("the stream", &entries, &vec![entry(stream.to_string().as_bytes())])?;
    }
    for stream in [StreamId::Record, StreamId::Access] {
        let before = journal.load(&stream, 0).await?.length;
        journal.commit(&append(stream, before, b"one of a kind")).await?;
        let loaded = journal.load(&stream, before).await?;
        same("the stream's end", &loaded.entries, &vec![entry(b"one of a kind")])?;
    }
    Ok(())
}

async fn exact_length(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    conflicts(
        journal.commit(&append(stream, 1, b"early")).await,
        &Conflict::Stream { stream, actual: 0 },
    )?;
    journal.commit(&append(stream, 0, b"0")).await?;
    let conflict = Conflict::Stream { stream, actual: 1 };
    for wrong in [0, 2, u64::MAX] {
        conflicts(journal.commit(&append(stream, wrong, b"1")).await, &conflict)?;
    }
    same("the length", &journal.load(&stream, 0).await?.length, &1)
}

async fn any_length(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    for octets in [b"0", b"1"] {
        let change = Change { expected: Expected::Any, ..change(stream, 9, octets) };
        journal.commit(&Batch { changes: vec![change], ..batch() }).await?;
    }
    let kept = Loaded { length: 2, entries: vec![entry(b"0"), entry(b"1")] };
    same("the stream", &journal.load(&stream, 0).await?, &kept)
}

async fn all_or_nothing(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, long, key, owner) = (subject.open(), stream(), key(), holder());
    journal.commit(&append(long, 0, b"0")).await?;
    journal.commit(&claim(vec![take(key, owner, None)])).await?;
    let heads = journal.audit().heads().await?;
    let row = case(0);
    let users = Query::CasesOf(vec![row.user]);
    let free = super::samples::key();
    for failing in [
        Batch { changes: vec![change(long, 0, b"1")], ..batch() },
        Batch { claims: vec![take(key, holder(), None)], ..batch() },
    ] {
        let (stream, document) = (stream(), document(b"not written"));
        let mut good = change(stream, 0, b"not written");
        good.views.push(View::Case(row.clone()));
        let mut batch = failing;
        batch.changes.insert(0, good);
        batch.claims.insert(0, take(free, holder(), None));
        batch.documents.push(document.clone());
        ensure(journal.commit(&batch).await.is_err(), "a conflict was committed")?;
        same("the other stream", &journal.load(&stream, 0).await?, &Loaded::default())?;
        same("the key's holder", &journal.holder(&free, batch.at).await?, &None)?;
        same("the document", &journal.documents().get(document.commitment()).await?, &None)?;
        same("the receipt", &journal.receipt(&batch.command.id).await?, &None)?;
        answers(journal.as_ref(), &users, &[]).await?;
    }
    same("the chains' heads", &journal.audit().heads().await?, &heads)
}

async fn malformed(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let twice = vec![change(stream, 0, b"0"), change(stream, 1, b"1")];
    refused(journal.commit(&Batch { changes: twice, ..batch() }).await, &ErrorKind::Invalid)?;
    let mut empty = append(stream, 0, b"");
    empty.changes[0].entries.clear();
    refused(journal.commit(&empty).await, &ErrorKind::Invalid)?;
    same("the stream", &journal.load(&stream, 0).await?, &Loaded::default())
}

async fn many(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let streams: Vec<StreamId> = (0..10_000).map(|_| stream()).collect();
    for group in streams.chunks(500) {
        let changes = group.iter().map(|s| change(*s, 0, s.to_string().as_bytes())).collect();
        journal.commit(&Batch { changes, ..batch() }).await?;
    }
    for stream in streams.iter().rev() {
        let loaded = journal.load(stream, 0).await?;
        let entries = vec![entry(stream.to_string().as_bytes())];
        same("a stream", &loaded, &Loaded { length: 1, entries })?;
    }
    Ok(())
}

async fn reopen(subject: &JournalUnderTest<'_>) -> Kept {
    let (stream, document, key, owner) = (stream(), document(b"kept"), key(), holder());
    let row = case(0);
    let mut written = append(stream, 0, b"kept");
    written.changes[0].views.push(View::Case(row.clone()));
    written.claims.push(take(key, owner, None));
    written.documents.push(document.clone());
    let receipt = {
        let journal = subject.open();
        journal.commit(&written).await?
    };
    let journal = subject.open();
    let kept = Loaded { length: 1, entries: vec![entry(b"kept")] };
    same("the stream", &journal.load(&stream, 0).await?, &kept)?;
    same("the holder", &journal.holder(&key, written.at).await?, &Some(owner))?;
    let found = journal.documents().get(document.commitment()).await?;
    ensure(found == Some(document), "the document is lost")?;
    let query = Query::CasesOf(vec![row.user]);
    answers(journal.as_ref(), &query, &[View::Case(row)]).await?;
    let again = journal.commit(&written).await?;
    ensure(again.repeated && again.lengths == receipt.lengths, "the command is forgotten")
}
