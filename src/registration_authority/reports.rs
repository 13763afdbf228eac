//! Reports, computed from the record: each certificate's own entries say when it was issued and by whom.

use std::collections::BTreeMap;

use super::reading::scope;
use super::session::Doing;
use super::{RegistrationAuthority, Session};
use crate::desk::report::{Report, ReportKind, ReportLine, ReportOrder};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{CaseFact, Issued};
use crate::id::UserId;
use crate::provider::journal::{CaseFilter, Page};
use crate::view::CaseView;
use jiff::Timestamp;

/// What a report tells of one case.
struct Found<'a> {
    issued: &'a Issued,
    entry: &'a Entry<CaseFact>,
    ground: &'a str,
    learned: Option<Timestamp>,
}

impl RegistrationAuthority {
    /// Makes a report. It reads every certificate of the offices but for those of expiring ones, which an
    /// index finds: at a large authority it takes its time.
    ///
    /// # Errors
    /// [`Refusal::Scope`](crate::lifecycle::Refusal::Scope) for other offices, and for users.
    pub async fn report(&self, session: &Session, order: &ReportOrder) -> Result<Report, Error> {
        self.check_session(session, Doing::Other, self.now()).await?;
        let offices = scope(session.actor(), order.offices.clone())?;
        let expires = (order.kind == ReportKind::Expiring).then(|| order.period.clone());
        let filter = CaseFilter { offices, expires, hidden: true, ..CaseFilter::default() };
        let (mut page, mut lines, mut names) =
            (Page::first(CASES_PAGE), Vec::new(), BTreeMap::new());
        loop {
            let (cases, next) = self.list_cases(session, filter.clone(), &page).await?;
            for case in cases.iter().filter(|case| may_be_in(case, order)) {
                lines.extend(self.report_line(case, order, &mut names).await?);
            }
            match next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        lines.sort_by_key(|line: &ReportLine| (line.at, line.case));
        Ok(Report { order: order.clone(), lines })
    }

    async fn report_line(
        &self,
        case: &CaseView,
        order: &ReportOrder,
        names: &mut BTreeMap<UserId, String>,
    ) -> Result<Option<ReportLine>, Error> {
        let entries = self.case_entries(&case.case).await?;
        let Some(Found { issued, entry, ground, learned }) = found(&entries, order.kind) else {
            return Ok(None);
        };
        if order.kind == ReportKind::Late && !self.is_late(&entries, (entry.at, learned)).await? {
            return Ok(None);
        }
        let at = match order.kind {
            ReportKind::Expiring => issued.validity.not_after,
            ReportKind::Terminated | ReportKind::Late => entry.at,
            ReportKind::Issued => issued_at(&entries).unwrap_or(entry.at),
        };
        let operator = entry.actor.user;
        let wanted = order.operator.is_none_or(|wanted| operator == Some(wanted));
        if !wanted || !order.period.contains(&at) {
            return Ok(None);
        }
        Ok(Some(ReportLine {
            case: case.case,
            serial: issued.serial.clone(),
            owner: self.cached_name(&case.user, names).await?,
            office: case.office.clone(),
            at,
            operator,
            operator_name: match &operator {
                Some(operator) => self.cached_name(operator, names).await?,
                None => String::new(),
            },
            not_after: issued.validity.not_after,
            ground: ground.to_owned(),
            learned,
        }))
    }

    /// Whether the entry came after the legal term that its profile states.
    async fn is_late(
        &self,
        entries: &[Entry<CaseFact>],
        (entered, learned): (Timestamp, Option<Timestamp>),
    ) -> Result<bool, Error> {
        let begun = entries.iter().find_map(|entry| match &entry.fact {
            CaseFact::RequestCreated(begun) => Some(&**begun),
            CaseFact::CertificateImported(imported) => Some(&imported.begun),
            _ => None,
        });
        let (Some(begun), Some(learned)) = (begun, learned) else { return Ok(false) };
        let record = self.record().await?;
        let profile = record.profile_version(&begun.profile, begun.profile_version);
        let deadline = profile.and_then(|profile| profile.policy.termination_deadline(learned));
        Ok(deadline.is_some_and(|deadline| deadline < entered))
    }

    pub(super) async fn cached_name(
        &self,
        user: &UserId,
        names: &mut BTreeMap<UserId, String>,
    ) -> Result<String, Error> {
        if let Some(name) = names.get(user) {
            return Ok(name.clone());
        }
        let name = self.name_of(user).await?;
        names.insert(*user, name.clone());
        Ok(name)
    }
}

/// Whether the row does not exclude the case already.
fn may_be_in(case: &CaseView, order: &ReportOrder) -> bool {
    case.not_after.is_some()
        && (order.kind == ReportKind::Expiring || case.created < order.period.end)
}

/// The entry that the report is about, and whose author is its operator.
fn found(entries: &[Entry<CaseFact>], kind: ReportKind) -> Option<Found<'_>> {
    let issued = entries.iter().find_map(|entry| match &entry.fact {
        CaseFact::CertificateIssued(issued) | CaseFact::IssuanceRecovered(issued) => Some(issued),
        _ => None,
    })?;
    let revoked = entries.iter().find_map(|entry| match &entry.fact {
        CaseFact::CertificateRevoked { ground, notice, .. } => {
            Some(Found { issued, entry, ground: &ground.document, learned: notice.learned })
        }
        _ => None,
    });
    let submitted = || {
        let by = entries.iter().rfind(|entry| matches!(entry.fact, CaseFact::RequestSubmitted));
        by.map(|entry| Found { issued, entry, ground: "", learned: None })
    };
    match kind {
        ReportKind::Terminated | ReportKind::Late => revoked,
        ReportKind::Expiring if revoked.is_some() => None,
        ReportKind::Issued | ReportKind::Expiring => submitted(),
    }
}

fn issued_at(entries: &[Entry<CaseFact>]) -> Option<Timestamp> {
    let issued = entries.iter().find(|entry| {
        matches!(entry.fact, CaseFact::CertificateIssued(_) | CaseFact::IssuanceRecovered(_))
    });
    issued.map(|entry| entry.at)
}

/// Cases that are read at once.
const CASES_PAGE: usize = 500;
