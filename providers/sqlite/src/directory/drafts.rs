//! Registrations that are not complete.

use async_trait::async_trait;
use gost_ca::commitment::{Commitment, Salt};
use gost_ca::id::UserId;
use gost_ca::provider::directory::SealedDraft;
use gost_ca::provider::{Drafts, Result};
use rusqlite::{Connection, OptionalExtension, params};

use crate::failure::{Failure, Outcome};
use crate::store::SqliteStore;
use crate::writer::Traces;

#[async_trait]
impl Drafts for SqliteStore {
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Result<()> {
        let (user, draft) = (*user, draft.clone());
        let work = move |connection: &Connection| {
            connection
                .prepare_cached(
                    "INSERT INTO drafts (user, commitment, salt, octets) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![
                    user.octets(),
                    draft.commitment.octets(),
                    draft.salt,
                    draft.octets
                ])?;
            Ok(())
        };
        self.writer.perform("keep", Traces::Kept, work).await
    }

    async fn read(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedDraft>> {
        let (user, version) = (*user, *version);
        self.readers.ask("read", move |connection| read(connection, &user, version)).await
    }

    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Result<()> {
        let (user, kept) = (*user, kept.copied());
        let work = move |connection: &Connection| {
            let kept = kept.as_ref().map(Commitment::octets);
            connection
                .prepare_cached("DELETE FROM drafts WHERE user = ?1 AND commitment IS NOT ?2")?
                .execute(params![user.octets(), kept])?;
            Ok(())
        };
        self.writer.perform("erase_but", Traces::Wiped, work).await
    }
}

fn read(
    connection: &Connection,
    user: &UserId,
    commitment: Commitment,
) -> Outcome<Option<SealedDraft>> {
    let mut statement = connection
        .prepare_cached("SELECT salt, octets FROM drafts WHERE user = ?1 AND commitment = ?2")?;
    let row = statement.query_row(params![user.octets(), commitment.octets()], |row| {
        Ok((row.get::<_, Salt>(0)?, row.get::<_, Vec<u8>>(1)?))
    });
    let Some((salt, octets)) = row.optional()? else { return Ok(None) };
    let draft = SealedDraft::new(octets, salt);
    let honest = draft.commitment == commitment;
    honest
        .then_some(Some(draft))
        .ok_or(Failure::Damaged("a draft that does not fit its commitment"))
}
