//! Many at once.

use gost_ca::provider::journal::Batch;
use gost_ca::provider::{Conflict, ErrorKind};

use super::samples::{append, at, holder, key, stream, take};
use super::{JournalUnderTest, promises};
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::drive::on_threads;

promises! {
    "one-winner": "Journal::commit: of eight who append to one place, one does" => one_winner;
    "one-holder": "Journal::commit: of eight who take one key, one has it" => one_holder;
    "one-command": "Journal::commit: of eight who send one command, one writes it, all get its receipt" => one_command;
    "all-in-order": "Journal::commit: 8 threads that try again lose nothing" => all_in_order;
}

async fn one_winner(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let journal = journal.as_ref();
    let answers = on_threads(THREADS, |n| async move {
        journal.commit(&append(stream, 0, &[u8::try_from(n).unwrap_or(0)])).await
    });
    same("the number of answers", &answers.len(), &THREADS)?;
    same("the number of winners", &answers.iter().filter(|answer| answer.is_ok()).count(), &1)?;
    for error in answers.into_iter().filter_map(Result::err) {
        let conflict = ErrorKind::Conflict(Conflict::Stream { stream, actual: 1 });
        same("a loser's answer", error.kind(), &conflict)?;
    }
    same("the length", &journal.load(&stream, 0).await?.length, &1)
}

async fn one_holder(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key) = (subject.open(), key());
    let journal = journal.as_ref();
    let answers = on_threads(THREADS, |_| async move {
        let (stream, holder) = (stream(), holder());
        let claims = vec![take(key, holder, None)];
        let answer = journal.commit(&Batch { claims, ..append(stream, 0, b"mine") }).await;
        (stream, holder, answer)
    });
    let mut winners = answers.iter().filter(|(_, _, answer)| answer.is_ok());
    let winner = winners.next().map(|(_, holder, _)| *holder);
    ensure(winners.next().is_none() && winner.is_some(), "not exactly one took the key")?;
    same("the holder", &journal.holder(&key, at(0)).await?, &winner)?;
    for (stream, _, answer) in answers {
        let length = journal.load(&stream, 0).await?.length;
        same("the length of a stream", &length, &u64::from(answer.is_ok()))?;
    }
    Ok(())
}

async fn one_command(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let (journal, batch) = (journal.as_ref(), append(stream, 0, b"once"));
    let batch = &batch;
    let answers = on_threads(THREADS, |_| async move { journal.commit(batch).await });
    let mut first = 0_usize;
    for answer in answers {
        let receipt = answer?;
        same("the lengths", &receipt.lengths, &vec![(stream, 1)])?;
        first = first.saturating_add(usize::from(!receipt.repeated));
    }
    same("the number of first receipts", &first, &1)
}

async fn all_in_order(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let journal = journal.as_ref();
    let answers = on_threads(THREADS, |n| async move {
        let mut length = 0;
        for turn in 0..TURNS {
            let octets = [u8::try_from(n).unwrap_or(0), turn];
            loop {
                match journal.commit(&append(stream, length, &octets)).await {
                    Ok(_) => break,
                    Err(error) => length = actual(&error).ok_or("not a conflict")?,
                }
            }
        }
        Ok::<_, Broken>(())
    });
    same("the number of answers", &answers.len(), &THREADS)?;
    answers.into_iter().collect::<Result<Vec<()>, _>>()?;
    let mut entries = journal.load(&stream, 0).await?.entries;
    for thread in 0..8_u8 {
        let mine = entries.iter().filter(|entry| entry.0.first() == Some(&thread));
        let turns: Vec<_> = mine.filter_map(|entry| entry.0.last().copied()).collect();
        same("a thread's entries", &turns, &(0..TURNS).collect::<Vec<_>>())?;
    }
    entries.dedup();
    same("the number of entries", &entries.len(), &THREADS.saturating_mul(TURNS.into()))
}

fn actual(error: &gost_ca::provider::ProviderError) -> Option<u64> {
    match error.kind() {
        ErrorKind::Conflict(Conflict::Stream { actual, .. }) => Some(*actual),
        _ => None,
    }
}

const THREADS: usize = 8;
const TURNS: u8 = 20;
