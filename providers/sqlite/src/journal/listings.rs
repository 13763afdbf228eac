//! What CRLs list, read from its own index.

use async_trait::async_trait;
use gost_ca::provider::journal::{ListPart, ListedPage};
use gost_ca::provider::{Listings, Result};
use gost_ca::x509::SerialNumber;
use rusqlite::{Connection, params};

use crate::column;
use crate::failure::{Failure, Outcome};
use crate::store::SqliteStore;

#[async_trait]
impl Listings for SqliteStore {
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage> {
        let (part, after) = (*part, after.map(column::serial).unwrap_or_default());
        self.readers.ask("listed", move |connection| listed(connection, &part, &after, limit)).await
    }
}

fn listed(
    connection: &Connection,
    part: &ListPart,
    after: &[u8],
    limit: usize,
) -> Outcome<ListedPage> {
    let mut statement = connection.prepare_cached(LISTED)?;
    let params = params![part.issuer.octets(), part.partition, after, column::limit(limit)];
    let mut rows = statement.query(params)?;
    let mut page = ListedPage::with_capacity(limit);
    while let Some(row) = rows.next()? {
        let entry = row.get_ref(1)?.as_blob().map_err(|_| Failure::Damaged("a CRL entry"))?;
        page.push(column::read_time(row.get(0)?)?, entry);
    }
    Ok(page)
}

pub(crate) const LISTED: &str = "
    SELECT not_after, entry FROM certificates
    WHERE issuer = ?1 AND partition = ?2 AND serial > ?3 ORDER BY serial LIMIT ?4";
