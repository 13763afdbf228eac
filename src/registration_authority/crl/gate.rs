//! The gate before a CRL is signed: views are not believed.
//!
//! The new list is laid beside the CRL before, whose digest is on record, and beside what the cases' own
//! entries say of everything that was touched since. All three go by serial number, so one pass in constant
//! memory compares them; what differs for another reason is folded from its case.

use core::fmt;
use std::collections::BTreeMap;

use super::changes::{Change, Changes};
use super::previous::Previous;
use crate::error::Error;
use crate::lifecycle::Case;
use crate::provider::journal::{ListPart, Page, Query};
use crate::registration_authority::RegistrationAuthority;
use crate::view::View;
use crate::x509::SerialNumber;
use crate::x509::crl::EntrySerial;

/// Lays a list beside the one before.
pub(super) struct Gate<'a> {
    ra: &'a RegistrationAuthority,
    part: ListPart,
    previous: Previous<'a>,
    changes: std::iter::Peekable<std::collections::btree_map::IntoIter<SerialNumber, Change>>,
    findings: Findings,
}

/// What is wrong with a list.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    pub(super) found: BTreeMap<SerialNumber, Wrong>,
    pub(super) more: u64,
}

/// What is wrong with one certificate's place on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is revoked or suspended, and not listed.
    Missing,
    /// It is listed, and its case does not say so.
    Groundless,
    /// It is listed with another date or reason than its case says.
    Different,
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (serial, wrong) in self.found.iter().take(SHOWN) {
            let word = match wrong {
                Wrong::Missing => "missing",
                Wrong::Groundless => "groundless",
                Wrong::Different => "different",
            };
            write!(f, "{serial} {word}; ")?;
        }
        let all = u64::try_from(self.found.len()).unwrap_or(u64::MAX).saturating_add(self.more);
        write!(f, "{all} in all")
    }
}

impl Findings {
    pub(super) fn add(&mut self, serial: SerialNumber, wrong: Wrong) {
        if self.found.len() < HELD {
            self.found.insert(serial, wrong);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// What was touched while the list was read may be there in either form.
    pub(super) fn without(mut self, racing: &Changes) -> Self {
        self.found.retain(|serial, _| !racing.0.contains_key(serial));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.more == 0
    }
}

impl<'a> Gate<'a> {
    pub(super) fn new(
        ra: &'a RegistrationAuthority,
        part: ListPart,
        previous: Previous<'a>,
        changes: Changes,
    ) -> Self {
        let (changes, findings) = (changes.0.into_iter().peekable(), Findings::default());
        Self { ra, part, previous, changes, findings }
    }

    /// Takes the next entry of the new list.
    pub(super) async fn see(&mut self, entry: &[u8], keeps: &Keeps<'_>) -> Result<(), Error> {
        let Some(place) = EntrySerial::of(entry) else {
            return Err(Error::Damaged("a listed entry is none".to_owned()));
        };
        // the common case: nobody touched it, and it is as it was
        let later = |(serial, _): &(SerialNumber, Change)| place < EntrySerial::from(serial);
        if self.previous.peek() == Some(entry) && self.changes.peek().is_none_or(later) {
            return self.previous.pass(entry.len()).await;
        }
        self.close(Some(place), keeps).await?;
        let serial =
            place.to_serial().ok_or_else(|| Error::Damaged("a serial number".to_owned()))?;
        let before = self.previous.peek().map(<[u8]>::to_vec);
        let before = before.filter(|before| EntrySerial::of(before) == Some(place));
        if let Some(before) = &before {
            self.previous.pass(before.len()).await?;
        }
        let same = |change: &mut (SerialNumber, Change)| change.0 == serial;
        let touched = self.changes.peek_mut().is_some_and(same);
        let touched = if touched { self.changes.next() } else { None };
        let right = match (touched, before) {
            (Some((_, change)), _) => change.now,
            (None, Some(before)) if before == entry => return Ok(()),
            (None, _) => self.ra.folded(&self.part, &serial).await?.and_then(|(now, _)| now),
        };
        match right {
            None => self.findings.add(serial, Wrong::Groundless),
            Some(right) if right != entry => self.findings.add(serial, Wrong::Different),
            Some(_) => {}
        }
        Ok(())
    }

    /// Everything before that number, or everything, that should have been on the new list and was not.
    async fn close(
        &mut self,
        until: Option<EntrySerial<'_>>,
        keeps: &Keeps<'_>,
    ) -> Result<(), Error> {
        let before = |serial: EntrySerial<'_>| until.is_none_or(|until| serial < until);
        let mut gone = Vec::new();
        while let Some(entry) = self.previous.peek() {
            let Some(serial) = EntrySerial::of(entry) else { break };
            if !before(serial) {
                break;
            }
            gone.extend(serial.to_serial());
            let length = entry.len();
            self.previous.pass(length).await?;
            if gone.len() >= HELD {
                self.gone(&gone, keeps).await?;
                gone.clear();
            }
        }
        self.gone(&gone, keeps).await?;
        while let Some((serial, change)) =
            self.changes.next_if(|(serial, _)| before(EntrySerial::from(serial)))
        {
            if change.now.is_some() && keeps(change.not_after) {
                self.findings.add(serial, Wrong::Missing);
            }
        }
        Ok(())
    }

    /// RFC 5280 §3.3: what leaves the list was resumed, or has ended long enough ago.
    async fn gone(&mut self, serials: &[SerialNumber], keeps: &Keeps<'_>) -> Result<(), Error> {
        for serial in serials {
            let right = match self.ra.folded(&self.part, serial).await? {
                Some((now, not_after)) => now.is_none() || !keeps(not_after),
                None => false,
            };
            if !right {
                self.findings.add(serial.clone(), Wrong::Missing);
            }
        }
        Ok(())
    }

    /// What was found; `None` where the CRL before was not what was signed, and proves nothing.
    pub(super) async fn end(mut self, keeps: &Keeps<'_>) -> Result<Option<Findings>, Error> {
        self.close(None, keeps).await?;
        let whole = self.previous.end().await?;
        Ok(whole.then_some(self.findings))
    }
}

/// Whether a certificate that ends then is still listed.
pub(super) type Keeps<'k> = dyn Fn(jiff::Timestamp) -> bool + Send + Sync + 'k;

impl RegistrationAuthority {
    /// What the case of a certificate says of its place on a list, and when it ends.
    pub(super) async fn folded(
        &self,
        part: &ListPart,
        serial: &SerialNumber,
    ) -> Result<Option<(Option<Vec<u8>>, jiff::Timestamp)>, Error> {
        let (query, page) = (Query::Serial(serial.clone()), Page::first(FEW));
        for view in self.providers.journal.find(&query, &page).await?.views {
            let View::Certificate(row) = view else { continue };
            if row.issuer != part.issuer {
                continue;
            }
            let case = self.load_case(&row.case).await?;
            return Ok(stands(&case, part, serial));
        }
        Ok(None)
    }
}

/// The view only says which case to ask: whether it is the certificate's, the case itself says.
pub(super) fn stands(
    case: &Case,
    part: &ListPart,
    serial: &SerialNumber,
) -> Option<(Option<Vec<u8>>, jiff::Timestamp)> {
    let issued = case.issued()?;
    let same = issued.issuer == part.issuer
        && issued.partition == part.partition
        && issued.serial == *serial;
    let view = case.certificate_view().filter(|_| same)?;
    Some((view.listed.map(|listed| listed.entry), view.not_after))
}

/// Findings that are kept, and those that are told.
const HELD: usize = 1_000;
const SHOWN: usize = 10;
/// Issuers that may share a serial number.
const FEW: usize = 16;
