//! The hash chains.

use std::collections::BTreeMap;

use gost_ca::audit::{Head, Link, Linked, link, open, unnamed};
use gost_ca::id::WriterId;
use gost_ca::provider::journal::{Page, StreamId};
use gost_ca::provider::{ErrorKind, Journal};
use gost_ca::view::View;
use gost_ca::x509::KeyIdentity;

use super::samples::{
    account, append, authority, carrier, case, certificate, entry, foreign_cursor, notice, refused,
    stream, write,
};
use super::{JournalUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "chain-verifies": "Journal::commit: links each entry into the writer's hash chain" => verifies;
    "chain-range": "AuditTrail::chain: at most `limit` links from number `from` on, in order" => range;
    "streams-are-counted": "AuditTrail::streams: every stream in order, with the entries that are really there" => counted;
    "every-row": "AuditTrail::rows: every row of every list, each once" => every_row;
    "two-writers": "audit: each writer has a chain of its own, its opening names the heads it found which no other opening names" => two_writers;
    "chain-after-reopen": "audit: what a writer linked before a restart still verifies" => after_reopen;
}

/// Reads a chain and checks every hash from the opening on.
async fn verified(journal: &dyn Journal, head: &Head) -> Result<Vec<Link>, Broken> {
    let links = journal.audit().chain(&head.writer, 0, usize::MAX).await?;
    let mut at: Option<Head> = None;
    for (number, found) in (0..).zip(&links) {
        same("a link's number", &found.number, &number)?;
        let next = match (&found.linked, at) {
            (Linked::Opening(others), None) => open(&head.writer, others),
            (Linked::Entry { stream, index, entry: Some(entry) }, Some(at)) => {
                link(&at, stream, *index, entry)
            }
            (linked, _) => return Err(format!("link {number} is {linked:?}").into()),
        };
        ensure(next.hash == found.hash, format!("the hash of link {number} is wrong"))?;
        at = Some(next);
    }
    ensure(at == Some(*head), format!("the chain ends at {at:?}, its head is {head:?}"))?;
    Ok(links)
}

async fn heads(journal: &dyn Journal) -> Result<BTreeMap<WriterId, Head>, Broken> {
    let heads = journal.audit().heads().await?;
    ensure(heads.is_sorted_by_key(|head| head.writer), "the heads are not in writers' order")?;
    Ok(heads.into_iter().map(|head| (head.writer, head)).collect())
}

/// The one whose chain grew.
async fn grown(journal: &dyn Journal, before: &BTreeMap<WriterId, Head>) -> Result<Head, Broken> {
    let after = heads(journal).await?;
    let mut changed = after.into_values().filter(|head| before.get(&head.writer) != Some(head));
    match (changed.next(), changed.next()) {
        (Some(head), None) => Ok(head),
        _ => Err("not exactly one chain grew".into()),
    }
}

fn links_of(links: &[Link], stream: StreamId) -> Vec<(u64, Option<Vec<u8>>)> {
    let entry = |link: &Link| match &link.linked {
        Linked::Entry { stream: of, index, entry } if *of == stream => {
            Some((*index, entry.as_ref().map(|entry| entry.0.clone())))
        }
        _ => None,
    };
    links.iter().filter_map(entry).collect()
}

async fn verifies(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, one, two) = (subject.open(), stream(), stream());
    let before = heads(journal.as_ref()).await?;
    let mut first = append(one, 0, b"a");
    first.changes[0].entries.push(entry(b"b"));
    first.changes.push(super::samples::change(two, 0, b"c"));
    journal.commit(&first).await?;
    journal.commit(&append(one, 2, b"d")).await?;
    let head = grown(journal.as_ref(), &before).await?;
    let links = verified(journal.as_ref(), &head).await?;
    let one = links_of(&links, one);
    let expected = [(0, b"a"), (1, b"b"), (2, b"d")].map(|(n, octets)| (n, Some(octets.to_vec())));
    same("what is linked of one stream", &one.as_slice(), &&expected[..])?;
    same("of the other", &links_of(&links, two), &vec![(0, Some(b"c".to_vec()))])
}

async fn range(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let before = heads(journal.as_ref()).await?;
    for length in 0..5 {
        journal.commit(&append(stream, length, b"x")).await?;
    }
    let writer = grown(journal.as_ref(), &before).await?.writer;
    let audit = journal.audit();
    let all = audit.chain(&writer, 0, usize::MAX).await?;
    for (from, limit) in [(0, 0), (0, 2), (1, 3), (4, 100), (all.len() - 1, 1), (all.len(), 5)] {
        let part = audit.chain(&writer, u64::try_from(from).unwrap_or(0), limit).await?;
        let end = from.saturating_add(limit).min(all.len());
        same("a part of the chain", &part.as_slice(), &&all[from.min(end)..end])?;
    }
    let unknown = WriterId::new(fresh());
    same("an unknown writer's chain", &audit.chain(&unknown, 0, 9).await?, &Vec::new())
}

async fn counted(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let (short, long) = (stream(), stream());
    journal.commit(&append(short, 0, b"x")).await?;
    for length in 0..3 {
        journal.commit(&append(long, length, b"x")).await?;
    }
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let part = journal.audit().streams(after.as_ref(), 7).await?;
        ensure(part.len() <= 7, "more streams than were asked for")?;
        let Some((last, _)) = part.last() else { break };
        ensure(after.is_none_or(|after| after < *last), "the streams do not go on in order")?;
        after = Some(*last);
        all.extend(part);
    }
    ensure(all.is_sorted_by_key(|(stream, _)| *stream), "the streams are not in order")?;
    for expected in [(short, 1), (long, 3)] {
        ensure(
            all.contains(&expected),
            format!("{} is missing, or has another length", expected.0),
        )?;
    }
    Ok(())
}

async fn every_row(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let issuer = KeyIdentity::from_octets(fresh());
    let mut written = vec![
        View::Authority(authority(None)),
        View::Notice(notice(4)),
        View::Certificate(certificate(issuer, &[1, 2])),
        View::Certificate(certificate(issuer, &[1, 3])),
    ];
    for second in 0..3 {
        written.push(View::Account(account(second)));
        written.push(View::Case(case(second)));
        written.push(View::Carrier(carrier(second)));
    }
    journal.commit(&write(written.clone())).await?;
    let (mut rows, mut page) = (Vec::new(), Page::first(4));
    loop {
        let found = journal.audit().rows(&page).await?;
        ensure(found.views.len() <= 4, "more rows than were asked for")?;
        rows.extend(found.views);
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    for row in &written {
        let times = rows.iter().filter(|found| *found == row).count();
        ensure(times == 1, format!("{row:?} is there {times} times"))?;
    }
    refused(journal.audit().rows(&foreign_cursor()).await, &ErrorKind::Invalid)
}

async fn two_writers(subject: &JournalUnderTest<'_>) -> Kept {
    let (one, two, shared) = (subject.open(), subject.open(), stream());
    let first = writes(one.as_ref(), shared, 0).await?;
    let between = heads(one.as_ref()).await?;
    let second = writes(two.as_ref(), shared, 1).await?;
    ensure(first != second, "both write to one chain")?;
    writes(one.as_ref(), shared, 2).await?;
    writes(two.as_ref(), shared, 3).await?;
    for writer in [first, second] {
        let heads = heads(one.as_ref()).await?;
        verified(two.as_ref(), heads.get(&writer).ok_or("a head is missing")?).await?;
    }
    opens_over(two.as_ref(), &second, &between).await
}

/// Appends to a stream; tells who the journal's writer is.
async fn writes(journal: &dyn Journal, to: StreamId, length: u64) -> Result<WriterId, Broken> {
    let before = heads(journal).await?;
    journal.commit(&append(to, length, b"x")).await?;
    Ok(grown(journal, &before).await?.writer)
}

/// The writer's chain opens with those of these heads that no other opening names, and with no others.
async fn opens_over(
    journal: &dyn Journal,
    writer: &WriterId,
    heads: &BTreeMap<WriterId, Head>,
) -> Kept {
    let mut named = Vec::new();
    for other in heads.keys() {
        named.extend(opening(journal, other).await?);
    }
    let found = opening(journal, writer).await?;
    for head in unnamed(heads.values().copied().collect(), &named) {
        ensure(found.contains(&head), format!("the opening does not name {head:?}"))?;
    }
    let real = |head: &Head| heads.get(&head.writer) == Some(head);
    ensure(found.iter().all(real), format!("the opening names other heads: {found:?}"))
}

/// The heads that a writer's chain opens with.
async fn opening(journal: &dyn Journal, writer: &WriterId) -> Result<Vec<Head>, Broken> {
    let first = journal.audit().chain(writer, 0, 1).await?.into_iter().next();
    match first.map(|link| link.linked) {
        Some(Linked::Opening(heads)) => Ok(heads),
        other => Err(format!("the chain opens with {other:?}").into()),
    }
}

async fn after_reopen(subject: &JournalUnderTest<'_>) -> Kept {
    let stream = stream();
    let head = {
        let journal = subject.open();
        let before = heads(journal.as_ref()).await?;
        journal.commit(&append(stream, 0, b"before")).await?;
        grown(journal.as_ref(), &before).await?
    };
    let journal = subject.open();
    journal.commit(&append(stream, 1, b"after")).await?;
    let now = heads(journal.as_ref()).await?;
    same("the earlier writer's head", &now.get(&head.writer), &Some(&head))?;
    for head in now.values() {
        verified(journal.as_ref(), head).await?;
    }
    Ok(())
}
