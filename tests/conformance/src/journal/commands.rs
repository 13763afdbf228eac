//! Repetition and order of the checks.

use gost_ca::id::CommandId;
use gost_ca::provider::Conflict;
use gost_ca::provider::journal::{Batch, CommandMark, Receipt};

use super::samples::{append, batch, change, claim, conflicts, holder, key, stream, take};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    "receipt": "Receipt: the streams with their lengths after the commit, the outcome" => receipt;
    "repetition": "Journal::commit: a repetition gives the first receipt and writes nothing" => repetition;
    "other-command": "CommandMark: another command under the same id is a conflict" => other_command;
    "receipt-by-id": "Journal::receipt: the receipt of a command, if it was committed" => by_id;
    "check-order": "Journal::commit: checks the command, the lengths, the claims in this order" => check_order;
}

async fn receipt(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, old, new) = (subject.open(), stream(), stream());
    journal.commit(&append(old, 0, b"0")).await?;
    let mut batch = append(new, 0, b"0");
    batch.changes.push(change(old, 1, b"1"));
    let receipt = journal.commit(&batch).await?;
    let lengths = vec![(new, 1), (old, 2)];
    let (command, outcome) = (batch.command, batch.outcome);
    same("the receipt", &receipt, &Receipt { command, lengths, outcome, repeated: false })
}

async fn repetition(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream, key) = (subject.open(), stream(), key());
    let mut batch = append(stream, 0, b"0");
    batch.claims.push(take(key, holder(), None));
    let first = journal.commit(&batch).await?;
    journal.commit(&append(stream, 1, b"1")).await?;
    let heads = journal.audit().heads().await?;
    // The stream is longer by now, and the same command may have been decided anew.
    let mut anew = append(stream, 9, b"other");
    anew.command = batch.command;
    anew.claims.push(take(key, holder(), None));
    for repetition in [batch, anew] {
        let again = journal.commit(&repetition).await?;
        same("the receipt", &again, &Receipt { repeated: true, ..first.clone() })?;
    }
    same("the length", &journal.load(&stream, 0).await?.length, &2)?;
    same("the heads", &journal.audit().heads().await?, &heads)
}

async fn other_command(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, stream) = (subject.open(), stream());
    let first = append(stream, 0, b"0");
    journal.commit(&first).await?;
    let command = CommandMark { id: first.command.id, digest: fresh() };
    let other = Batch { command, ..append(stream, 1, b"1") };
    conflicts(journal.commit(&other).await, &Conflict::Command)?;
    same("the length", &journal.load(&stream, 0).await?.length, &1)
}

async fn by_id(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    let batch = append(stream(), 0, b"0");
    same("the receipt before", &journal.receipt(&batch.command.id).await?, &None)?;
    let first = journal.commit(&batch).await?;
    let found = journal.receipt(&batch.command.id).await?;
    let kept = Receipt { repeated: true, ..first };
    same("the receipt after", &found, &Some(kept))?;
    let unknown = CommandId::new(fresh());
    same("an unknown one", &journal.receipt(&unknown).await?, &None)
}

async fn check_order(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, long, key, owner) = (subject.open(), stream(), key(), holder());
    journal.commit(&append(long, 0, b"0")).await?;
    let first = claim(vec![take(key, owner, None)]);
    journal.commit(&first).await?;
    let mut wrong = Batch { changes: vec![change(long, 0, b"1")], ..batch() };
    wrong.claims.push(take(key, holder(), None));
    let lengths = Conflict::Stream { stream: long, actual: 1 };
    conflicts(journal.commit(&wrong).await, &lengths)?;
    wrong.command = CommandMark { digest: fresh(), ..first.command };
    conflicts(journal.commit(&wrong).await, &Conflict::Command)?;
    wrong.command = first.command;
    ensure(journal.commit(&wrong).await?.repeated, "a repetition is checked before its contents")
}
