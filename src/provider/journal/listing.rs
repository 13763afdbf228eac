//! What CRLs list.

use core::fmt::Debug;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::x509::{KeyIdentity, SerialNumber};

/// Reads what CRLs list: many small rows, in order.
#[async_trait]
pub trait Listings: Debug + Send + Sync {
    /// At most `limit` certificates on the issuer's CRL after that number, by ascending serial number, each
    /// once.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage>;
}

/// Which list, or part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ListPart {
    /// The issuer's key.
    pub issuer: KeyIdentity,
    /// The part of a partitioned CRL; 0 where it is whole.
    #[serde(default, skip_serializing_if = "is_whole")]
    pub partition: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_whole(partition: &u16) -> bool {
    *partition == 0
}

/// Rows of a list, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPage {
    octets: Vec<u8>,
    rows: Vec<(Timestamp, usize)>,
}

impl ListedPage {
    /// Room for so many rows.
    pub fn with_capacity(rows: usize) -> Self {
        Self { octets: Vec::with_capacity(rows.saturating_mul(64)), rows: Vec::with_capacity(rows) }
    }

    /// Adds a row: when the certificate ends, and its entry of `revokedCertificates`, DER.
    pub fn push(&mut self, not_after: Timestamp, entry: &[u8]) {
        self.octets.extend_from_slice(entry);
        self.rows.push((not_after, self.octets.len()));
    }

    /// The rows, in their order.
    pub fn rows(&self) -> impl Iterator<Item = (Timestamp, &[u8])> {
        let starts = core::iter::once(0).chain(self.rows.iter().map(|(_, end)| *end));
        self.rows.iter().zip(starts).map(|((not_after, end), start)| {
            (*not_after, self.octets.get(start..*end).unwrap_or_default())
        })
    }

    /// How many rows.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
