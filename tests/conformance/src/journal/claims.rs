//! Unique keys.

use gost_ca::provider::Conflict;
use gost_ca::provider::journal::{Batch, Claim, KeySpace, UniqueKey};

use super::samples::{at, claim, conflicts, holder, key, take};
use super::{JournalUnderTest, promises};
use crate::broken::{Kept, same};
use crate::check::Check;

promises! {
    "taken-key": "Journal::commit: Conflict names the taken key and its holder" => taken;
    "own-key": "Claim::Take: its holder may take it again" => own;
    "term": "Claim::Take: free when its term ends at the batch's time or before" => term;
    "release": "Claim::Release: gives a key back; nothing where nobody has it" => release;
    "claims-in-order": "Batch: a key given back may be taken in the same batch" => in_order;
    "key-spaces-apart": "UniqueKey: one digest in two name spaces is two keys" => spaces;
    "forgets-what-is-over": "Journal::forget: at most `limit` claims whose terms had ended; tells how many" => forgets;
}

async fn taken(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key, owner) = (subject.open(), key(), holder());
    same("the holder before", &journal.holder(&key, at(0)).await?, &None)?;
    journal.commit(&claim(vec![take(key, owner, None)])).await?;
    let second = claim(vec![take(super::samples::key(), owner, None), take(key, holder(), None)]);
    conflicts(journal.commit(&second).await, &Conflict::Taken { key, holder: owner })?;
    same("the holder", &journal.holder(&key, at(0)).await?, &Some(owner))?;
    // For ever means for ever.
    let late = Batch { at: at(1_000_000_000), ..claim(vec![take(key, holder(), None)]) };
    conflicts(journal.commit(&late).await, &Conflict::Taken { key, holder: owner })
}

async fn own(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key, owner) = (subject.open(), key(), holder());
    journal.commit(&claim(vec![take(key, owner, Some(at(10)))])).await?;
    journal.commit(&claim(vec![take(key, owner, Some(at(20)))])).await?;
    same("the holder at 15", &journal.holder(&key, at(15)).await?, &Some(owner))?;
    journal.commit(&claim(vec![take(key, owner, None)])).await?;
    same("the holder at 25", &journal.holder(&key, at(25)).await?, &Some(owner))
}

async fn term(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key, owner, next) = (subject.open(), key(), holder(), holder());
    journal.commit(&claim(vec![take(key, owner, Some(at(10)))])).await?;
    let second = |second| Batch { at: at(second), ..claim(vec![take(key, next, None)]) };
    conflicts(journal.commit(&second(9)).await, &Conflict::Taken { key, holder: owner })?;
    same("the holder at 9", &journal.holder(&key, at(9)).await?, &Some(owner))?;
    same("the holder at 10", &journal.holder(&key, at(10)).await?, &None)?;
    journal.commit(&second(10)).await?;
    same("the holder after", &journal.holder(&key, at(10)).await?, &Some(next))
}

async fn release(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key, next) = (subject.open(), key(), holder());
    journal.commit(&claim(vec![Claim::Release { key }])).await?;
    journal.commit(&claim(vec![take(key, holder(), None)])).await?;
    journal.commit(&claim(vec![Claim::Release { key }])).await?;
    same("the holder", &journal.holder(&key, at(0)).await?, &None)?;
    journal.commit(&claim(vec![take(key, next, None)])).await?;
    same("the next holder", &journal.holder(&key, at(0)).await?, &Some(next))
}

async fn in_order(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, key, first, next) = (subject.open(), key(), holder(), holder());
    journal.commit(&claim(vec![take(key, first, None)])).await?;
    journal.commit(&claim(vec![Claim::Release { key }, take(key, next, None)])).await?;
    same("the holder", &journal.holder(&key, at(0)).await?, &Some(next))?;
    let both = claim(vec![take(super::samples::key(), first, None), take(key, first, None)]);
    conflicts(journal.commit(&both).await, &Conflict::Taken { key, holder: next })?;
    let fresh = super::samples::key();
    let rivals = claim(vec![take(fresh, first, None), take(fresh, next, None)]);
    conflicts(journal.commit(&rivals).await, &Conflict::Taken { key: fresh, holder: first })
}

async fn spaces(subject: &JournalUnderTest<'_>) -> Kept {
    let (journal, digest) = (subject.open(), key().digest);
    let keys = KeySpace::ALL.map(|space| (UniqueKey { space, digest }, holder()));
    for (key, holder) in keys {
        journal.commit(&claim(vec![take(key, holder, None)])).await?;
    }
    for (key, holder) in keys {
        same("the holder", &journal.holder(&key, at(0)).await?, &Some(holder))?;
    }
    Ok(())
}

async fn forgets(subject: &JournalUnderTest<'_>) -> Kept {
    let journal = subject.open();
    // what others left is not counted
    for _ in 0..100 {
        if journal.forget(at(-1), 100).await? == 0 {
            break;
        }
    }
    let by = holder();
    let (lasting, later, over) = (key(), key(), [key(), key(), key()]);
    let over_at = Some(at(-100));
    let mut claims = vec![take(lasting, by, None), take(later, by, Some(at(60)))];
    claims.extend(over.map(|key| take(key, by, over_at)));
    let mut batch = claim(claims);
    batch.at = at(-200);
    journal.commit(&batch).await?;
    same("the first two", &journal.forget(at(-50), 2).await?, &2)?;
    same("the last one", &journal.forget(at(-50), 2).await?, &1)?;
    same("none", &journal.forget(at(-50), 2).await?, &0)?;
    for key in over {
        same("who held a forgotten key", &journal.holder(&key, at(-150)).await?, &None)?;
    }
    for key in [lasting, later] {
        same("who holds a key", &journal.holder(&key, at(0)).await?, &Some(by))?;
    }
    Ok(())
}
