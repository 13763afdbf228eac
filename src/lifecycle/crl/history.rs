//! CRLs that exist, or existed, and where they went.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{AuthorityFact, CrlIssued};
use crate::id::{CommandId, Name};
use crate::provider::journal::ListPart;

/// A CRL that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedCrl {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// Where the record keeps it.
    pub document: Option<Commitment>,
    /// Where a sink keeps it.
    pub file: Option<String>,
    /// The digest that was signed; none of CRLs that an older version made.
    pub digest: Vec<u8>,
    /// The SHA-256 digest of the same octets; none of CRLs that an older version made.
    pub sha_256: Vec<u8>,
    /// How many certificates it lists.
    pub entries: u64,
    /// The command that made it.
    pub command: CommandId,
    /// Where it is, or why it is not there.
    pub deliveries: BTreeMap<Name, DeliveryState>,
}

/// What became of a CRL at an endpoint; one that is not among them is pending.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeliveryState {
    /// It is there.
    Delivered {
        /// Since when.
        at: Timestamp,
    },
    /// It did not get there.
    Failed {
        /// When it was last tried.
        at: Timestamp,
        /// How often.
        times: u32,
    },
}

/// A CRL of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PastCrl {
    /// Of which list.
    pub part: ListPart,
    /// The number of the complete CRL that it changes, where it is a delta CRL.
    pub base: Option<u64>,
    /// The CRL, and where it went.
    pub crl: IssuedCrl,
}

/// All CRLs that an authority's entries tell of, the oldest first.
pub fn history(entries: &[Entry<AuthorityFact>]) -> Vec<PastCrl> {
    let mut known: Vec<PastCrl> = Vec::new();
    for entry in entries {
        match &entry.fact {
            AuthorityFact::CrlIssued(issued) => {
                let part = ListPart { issuer: issued.issuer, partition: issued.partition };
                let crl = IssuedCrl::of(issued, entry.command);
                known.push(PastCrl { part, base: issued.base, crl });
            }
            AuthorityFact::CrlDelivered(delivery) | AuthorityFact::CrlDeliveryFailed(delivery) => {
                let wanted = (delivery.crl.part, delivery.crl.number);
                let of = known.iter_mut().rfind(|past| (past.part, past.crl.number) == wanted);
                if let Some(past) = of {
                    past.crl.hear(entry);
                }
            }
            _ => {}
        }
    }
    known
}

impl IssuedCrl {
    pub(super) fn of(issued: &CrlIssued, command: CommandId) -> Self {
        Self {
            number: issued.number,
            this_update: issued.this_update,
            next_update: issued.next_update,
            document: issued.crl,
            file: issued.file.clone(),
            digest: issued.digest.clone(),
            sha_256: issued.sha_256.clone(),
            entries: issued.entries,
            command,
            deliveries: BTreeMap::new(),
        }
    }

    /// Takes what became of it at an endpoint.
    pub(super) fn hear(&mut self, entry: &Entry<AuthorityFact>) {
        let at = entry.at;
        match &entry.fact {
            AuthorityFact::CrlDelivered(delivery) => {
                self.deliveries.insert(delivery.endpoint.clone(), DeliveryState::Delivered { at });
            }
            AuthorityFact::CrlDeliveryFailed(delivery) => {
                let times = match self.deliveries.get(&delivery.endpoint) {
                    Some(DeliveryState::Failed { times, .. }) => times.saturating_add(1),
                    _ => 1,
                };
                let state = DeliveryState::Failed { at, times };
                self.deliveries.insert(delivery.endpoint.clone(), state);
            }
            _ => {}
        }
    }
}
