//! Notices to owners: queued in the commit of what they tell of, delivered by a sweep.
//!
//! A notice is a stream of its own, so that telling hinders nobody. Its id is a function of what it tells
//! of: what happened once is queued once, and so is each reminder, whatever crashes and however many nodes
//! sweep. Before it is sent a try is recorded to exactly what was read, so that one node sends it; a crash
//! after that leads to another try under the same id: at least once, and never silently not at all.

use jiff::{SignedDuration, Timestamp};

use super::{RegistrationAuthority, SYSTEM, Session};
use crate::entry::{Entry, VERSION};
use crate::error::Error;
use crate::fact::{AccountFact, CaseFact, NoticeFact};
use crate::id::{CaseId, CommandId, NoticeId, OfficeId, UserId};
use crate::lifecycle::{Dispatch, Refusal};
use crate::notice::{NoticeKind, NoticeTexts};
use crate::provider::journal::{
    Change, Cursor, Expected, NoticeFilter, Page, Query, StoredEntry, StreamId,
};
use crate::view::{NoticeView, View};

/// How owners are told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoticeSettings {
    /// How the authority is called in texts.
    pub authority: String,
    /// The words.
    pub texts: NoticeTexts,
    /// So many days before their end, certificates and keys are reminded of.
    pub reminders: Vec<u16>,
    /// How often a notice is tried.
    pub tries: u32,
    /// How long after a failure it is tried again; twice as long after each further one.
    pub retry: SignedDuration,
    /// How long at most.
    pub longest_retry: SignedDuration,
    /// How long a try may take before another node takes over.
    pub lease: SignedDuration,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self {
            authority: "Удостоверяющий центр".to_owned(),
            texts: NoticeTexts::default(),
            reminders: vec![60, 30, 14, 7, 1],
            tries: 10,
            retry: SignedDuration::from_mins(5),
            longest_retry: SignedDuration::from_hours(12),
            lease: SignedDuration::from_mins(10),
        }
    }
}

/// Whom to tell, and of what.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) user: UserId,
    pub(super) case: Option<CaseId>,
    pub(super) office: Option<OfficeId>,
}

impl RegistrationAuthority {
    /// Lists notices that the session may see, the newest first: what waits, what failed, what was sent.
    ///
    /// # Errors
    /// As the providers.
    pub async fn list_notices(
        &self,
        session: &Session,
        mut filter: NoticeFilter,
        page: &Page,
    ) -> Result<(Vec<NoticeView>, Option<Cursor>), Error> {
        self.check_session(session, super::session::Doing::Other, self.now()).await?;
        filter.offices = super::reading::scope(session.actor(), filter.offices)?;
        let found = self.providers.journal.find(&Query::Notices(filter), page).await?;
        let notice = |view| match view {
            View::Notice(view) => Some(view),
            _ => None,
        };
        Ok((found.views.into_iter().filter_map(notice).collect(), found.next))
    }

    /// All about one notice: of what, how often it was tried, why it is not sent.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's, [`Refusal::NotFound`].
    pub async fn notice(&self, session: &Session, notice: &NoticeId) -> Result<Dispatch, Error> {
        self.check_session(session, super::session::Doing::Other, self.now()).await?;
        let dispatch = self.load_notice(notice).await?;
        let visible = super::reading::sees(session.actor(), dispatch.office(), &dispatch.user());
        if visible { Ok(dispatch) } else { Err(Refusal::Scope.into()) }
    }

    pub(super) async fn load_notice(&self, id: &NoticeId) -> Result<Dispatch, Error> {
        let entries = self.entries(StreamId::Notice(*id), 0).await?;
        Ok(Dispatch::fold(*id, &entries)?.ok_or(Refusal::NotFound("notice"))?)
    }

    /// What owners must be told of these changes; nothing where nobody delivers.
    pub(super) fn notices_of(
        &self,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Vec<Change>, Error> {
        if self.providers.notifier.is_none() {
            return Ok(Vec::new());
        }
        let mut notices = Vec::new();
        for change in changes {
            let Expected::Exactly(length) = change.expected else { continue };
            let Some(address) = addressee(&change.views) else { continue };
            for (index, entry) in (length..).zip(&change.entries) {
                let kind = tells(&change.stream, entry)?;
                notices.extend(kind.map(|kind| first(&address, index, (kind, now))).transpose()?);
            }
        }
        Ok(notices)
    }
}

/// A notice of an entry, by its number in the stream.
fn first(
    address: &Address,
    index: u64,
    (kind, now): (NoticeKind, Timestamp),
) -> Result<Change, Error> {
    let id = CommandId::new(*octets(address)).step(&format!("notice-{index}"));
    queued(NoticeId::made_by(&id), address, (kind, now), now)
}

/// The first entry of a notice.
pub(super) fn queued(
    id: NoticeId,
    address: &Address,
    (notice, due): (NoticeKind, Timestamp),
    now: Timestamp,
) -> Result<Change, Error> {
    let Address { user, case, office } = address.clone();
    let entry = entry(NoticeFact::Queued { user, case, office, notice, due }, now);
    let views = vec![View::Notice(Dispatch::begin(id, &entry)?.view())];
    let (stream, expected) = (StreamId::Notice(id), Expected::Exactly(0));
    Ok(Change { stream, expected, entries: vec![entry.encode()], views })
}

/// A further entry of a notice.
pub(super) fn moved(
    dispatch: &mut Dispatch,
    fact: NoticeFact,
    now: Timestamp,
) -> Result<Change, Error> {
    let expected = Expected::Exactly(dispatch.length());
    let entry = entry(fact, now);
    dispatch.apply(&entry)?;
    let views = vec![View::Notice(dispatch.view())];
    let stream = StreamId::Notice(dispatch.id());
    Ok(Change { stream, expected, entries: vec![entry.encode()], views })
}

fn entry(fact: NoticeFact, at: Timestamp) -> Entry<NoticeFact> {
    let (actor, command) = (SYSTEM.clone(), CommandId::new([0; 16]));
    Entry { version: VERSION, at, effective: at, actor, command, fact }
}

/// Whom a change of a case or an account concerns.
fn addressee(views: &[View]) -> Option<Address> {
    views.iter().find_map(|view| match view {
        View::Case(row) => {
            let (user, case, office) = (row.user, Some(row.case), row.office.clone());
            Some(Address { user, case, office })
        }
        View::Account(row) => {
            Some(Address { user: row.user, case: None, office: row.office.clone() })
        }
        _ => None,
    })
}

/// What the notice is about, as sixteen octets.
pub(super) fn octets(address: &Address) -> &[u8; 16] {
    address.case.as_ref().map_or(address.user.octets(), CaseId::octets)
}

/// Whether an entry is one that owners are told of.
fn tells(stream: &StreamId, stored: &StoredEntry) -> Result<Option<NoticeKind>, Error> {
    Ok(match stream {
        StreamId::Case(_) => match Entry::<CaseFact>::decode(stored)?.fact {
            CaseFact::CertificateIssued(_)
            | CaseFact::IssuanceRecovered(_)
            | CaseFact::CertificateIssuedOnHold { .. } => Some(NoticeKind::Issued),
            CaseFact::CertificateSuspended { .. } => Some(NoticeKind::Suspended),
            CaseFact::CertificateResumed { .. } => Some(NoticeKind::Resumed),
            CaseFact::CertificateRevoked { .. } => Some(NoticeKind::Revoked),
            _ => None,
        },
        StreamId::Account(_) => match Entry::<AccountFact>::decode(stored)?.fact {
            AccountFact::DataChanged { .. } => Some(NoticeKind::DataChanged),
            _ => None,
        },
        _ => None,
    })
}
