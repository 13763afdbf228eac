//! What changed on a list since a CRL: read from the hash chains, folded from the cases' own entries.
//!
//! Views have no say here. A chain that does not go on from where it was known is a finding.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::audit::{self, Head, Link, Linked};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::{CaseId, WriterId};
use crate::lifecycle::Case;
use crate::provider::journal::{ListPart, StreamId};
use crate::registration_authority::RegistrationAuthority;
use crate::x509::SerialNumber;

/// How far the chains are, by writer.
pub(super) type Heads = BTreeMap<WriterId, Head>;

/// The certificates of a list that were touched.
#[derive(Debug, Default)]
pub(super) struct Changes(pub(super) BTreeMap<SerialNumber, Change>);

/// What a list must say of a certificate that was touched.
#[derive(Debug)]
pub(super) struct Change {
    /// Its entry, where it is listed now.
    pub(super) now: Option<Vec<u8>>,
    /// Whether it was listed at any time since.
    pub(super) was: bool,
    /// When it ends.
    pub(super) not_after: Timestamp,
    /// When it was touched last.
    pub(super) at: Timestamp,
}

/// Why changes cannot be told.
#[derive(Debug)]
pub(super) enum Untold {
    /// There are too many of them: count everything anew.
    TooMany,
    /// A chain is not the one that was known.
    Cut(WriterId),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Untold {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl RegistrationAuthority {
    pub(super) async fn heads(&self) -> Result<Heads, Error> {
        let heads = self.providers.journal.audit().heads().await?;
        Ok(heads.into_iter().map(|head| (head.writer, head)).collect())
    }

    /// What was touched on a list between two states of the chains.
    pub(super) async fn changes(
        &self,
        part: &ListPart,
        (since, until): (&Heads, &Heads),
    ) -> Result<Changes, Untold> {
        let mut changes = Changes::default();
        for (case, first) in self.touched(since, until).await? {
            let entries = self.case_entries(&case).await?;
            if let Some((serial, change)) = change(case, &entries, first, part)? {
                changes.0.insert(serial, change);
            }
        }
        Ok(changes)
    }

    /// The cases with new entries that may matter, each with the place of the first one.
    async fn touched(&self, since: &Heads, until: &Heads) -> Result<BTreeMap<CaseId, u64>, Untold> {
        if let Some(gone) = since.keys().find(|writer| !until.contains_key(writer)) {
            return Err(Untold::Cut(*gone));
        }
        let mut touched = BTreeMap::new();
        for (writer, end) in until {
            let known = since.get(writer).copied();
            if known.is_some_and(|known| known.length > end.length) {
                return Err(Untold::Cut(*writer));
            }
            self.walk(known, end, &mut touched).await?;
        }
        Ok(touched)
    }

    async fn walk(
        &self,
        known: Option<Head>,
        end: &Head,
        touched: &mut BTreeMap<CaseId, u64>,
    ) -> Result<(), Untold> {
        let mut head = known;
        while head.is_none_or(|head| head.length < end.length) {
            let from = head.map_or(0, |head| head.length);
            let links = self.providers.journal.audit().chain(&end.writer, from, LINKS).await?;
            if links.is_empty() {
                return Err(Untold::Cut(end.writer));
            }
            let wanted = usize::try_from(end.length.saturating_sub(from)).unwrap_or(usize::MAX);
            for link in links.into_iter().take(wanted) {
                head = Some(next(end.writer, head, &link).ok_or(Untold::Cut(end.writer))?);
                note(&link, touched)?;
            }
            if touched.len() > CASES {
                return Err(Untold::TooMany);
            }
        }
        (head == Some(*end)).then_some(()).ok_or(Untold::Cut(end.writer))
    }
}

/// The chain after one more link, where it is a true one.
fn next(writer: WriterId, head: Option<Head>, link: &Link) -> Option<Head> {
    let next = match (&link.linked, head) {
        (Linked::Opening(others), None) => audit::open(&writer, others),
        (Linked::Entry { stream, index, entry }, Some(head)) => {
            audit::link(&head, stream, *index, entry.as_ref()?)
        }
        _ => return None,
    };
    (next.hash == link.hash).then_some(next)
}

fn note(link: &Link, touched: &mut BTreeMap<CaseId, u64>) -> Result<(), Error> {
    let Linked::Entry { stream: StreamId::Case(case), index, entry: Some(entry) } = &link.linked
    else {
        return Ok(());
    };
    let entry = Entry::<CaseFact>::decode(entry)?;
    if may_list(&entry.fact) {
        let first = touched.entry(*case).or_insert(*index);
        *first = (*first).min(*index);
    }
    Ok(())
}

/// Whether a fact may put a certificate on a list, or take it off; new kinds may, until they are known not to.
const fn may_list(fact: &CaseFact) -> bool {
    !matches!(
        fact,
        CaseFact::RequestCreated(_)
            | CaseFact::RequestEdited { .. }
            | CaseFact::KeyGenerationStarted { .. }
            | CaseFact::KeyGenerationFailed { .. }
            | CaseFact::RequestBuilt { .. }
            | CaseFact::RequestImported { .. }
            | CaseFact::RequestSubmitted
            | CaseFact::RequestApproved { .. }
            | CaseFact::RequestCancelled
            | CaseFact::IssuanceIntended(_)
            | CaseFact::IssuanceInDoubt { .. }
            | CaseFact::IssuanceFailed { .. }
            | CaseFact::IssuanceRetried
            | CaseFact::CertificateIssued(_)
            | CaseFact::IssuanceRecovered(_)
            | CaseFact::CertificateInstalled
            | CaseFact::CertificateHidden
            | CaseFact::RenewalStarted { .. }
            | CaseFact::RenewalCancelled { .. }
            | CaseFact::Printed { .. }
    )
}

/// What the list must say of a case whose entries from `first` on are new; `None` where it is of another list.
fn change(
    id: CaseId,
    entries: &[Entry<CaseFact>],
    first: u64,
    part: &ListPart,
) -> Result<Option<(SerialNumber, Change)>, Error> {
    let Some((begin, rest)) = entries.split_first() else { return Ok(None) };
    let mut case = Case::begin(id, begin)?;
    let mut was = first <= 1 && is_listed(&case);
    for entry in rest {
        case.apply(entry)?;
        was |= case.length() >= first && is_listed(&case);
    }
    let Some(view) = case.certificate_view() else { return Ok(None) };
    let Some(issued) = case.issued() else { return Ok(None) };
    if view.issuer != part.issuer || issued.partition != part.partition {
        return Ok(None);
    }
    let at = entries.last().map_or(begin.effective, |last| last.effective);
    let now = view.listed.map(|listed| listed.entry);
    Ok(Some((view.serial, Change { now, was, not_after: view.not_after, at })))
}

fn is_listed(case: &Case) -> bool {
    case.hold().is_some() || case.revoked().is_some()
}

/// Links that are read at once.
const LINKS: usize = 1_000;
/// Cases that are held in memory at once; beyond, everything is counted anew.
const CASES: usize = 100_000;
