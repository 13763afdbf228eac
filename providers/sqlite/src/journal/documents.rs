//! Documents.

use async_trait::async_trait;
use gost_ca::commitment::{Commitment, Document, DocumentKind};
use gost_ca::provider::{Documents, Result};
use rusqlite::{Connection, OptionalExtension};

use crate::failure::{Failure, Outcome};
use crate::store::SqliteStore;
use crate::writer::Traces;

#[async_trait]
impl Documents for SqliteStore {
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>> {
        let commitment = *commitment;
        self.readers.ask("get", move |connection| read(connection, &commitment)).await
    }

    async fn erase(&self, commitment: &Commitment) -> Result<()> {
        let commitment = *commitment;
        let work = move |connection: &Connection| {
            connection
                .prepare_cached("DELETE FROM documents WHERE commitment = ?1")?
                .execute([commitment.octets()])?;
            Ok(())
        };
        self.writer.perform("erase", Traces::Wiped, work).await
    }
}

fn read(connection: &Connection, commitment: &Commitment) -> Outcome<Option<Document>> {
    let mut statement = connection.prepare_cached(DOCUMENT)?;
    let row = statement.query_row([commitment.octets()], |row| {
        Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?))
    });
    let Some((kind, salt, octets)) = row.optional()? else { return Ok(None) };
    let document = Document::seal(read_kind(kind)?, salt, octets);
    if document.commitment() == commitment {
        Ok(Some(document))
    } else {
        Err(Failure::Damaged("a document that does not fit its commitment"))
    }
}

/// The kind's name in JSON.
pub(super) fn kind_name(kind: DocumentKind) -> Outcome<String> {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        _ => Err(Failure::Damaged("a document's kind")),
    }
}

fn read_kind(name: String) -> Outcome<DocumentKind> {
    let value = serde_json::Value::String(name);
    serde_json::from_value(value).map_err(|_| Failure::Damaged("a document's kind"))
}

pub(super) const DOCUMENT: &str = "SELECT kind, salt, octets FROM documents WHERE commitment = ?1";
