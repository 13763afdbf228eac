//! Notices: the table and the fold.

use jiff::Timestamp;

use super::case::BrokenHistory;
use super::{Act, Row};
use crate::entry::Entry;
use crate::fact::NoticeFact;
use crate::id::{CaseId, NoticeId, OfficeId, UserId};
use crate::notice::NoticeKind;
use crate::view::NoticeState::{self, Dropped, Failed, Sent, Waiting};
use crate::view::{NoticeView, Role};

/// Every transition of a notice; what is not here is forbidden.
pub const ROWS: &[Row<NoticeState>] = &[
    row("N1", &[], Some(Waiting), "notice.queued"),
    // recorded before anything is sent: of two nodes, one tries
    row("N2", &[Waiting, Failed], None, "notice.tried"),
    row("N3", &[Waiting, Failed], Some(Sent), "notice.sent"),
    row("N4", &[Waiting, Failed], Some(Failed), "notice.failed"),
    row("N5", &[Waiting, Failed], Some(Dropped), "notice.dropped"),
];

const fn row(
    id: &'static str,
    from: &'static [NoticeState],
    to: Option<NoticeState>,
    event: &'static str,
) -> Row<NoticeState> {
    Row { id, act: Act::Notify, from, to, actors: &[Role::System], guards: &[], event }
}

/// One notice so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    id: NoticeId,
    length: u64,
    state: NoticeState,
    user: UserId,
    case: Option<CaseId>,
    office: Option<OfficeId>,
    kind: NoticeKind,
    created: Timestamp,
    due: Option<Timestamp>,
    tries: u32,
    why: Option<String>,
}

impl Dispatch {
    /// Folds entries from the first one on; `None` where there are none.
    ///
    /// # Errors
    /// [`BrokenHistory`] where a fact does not follow from the state before it.
    pub fn fold(
        id: NoticeId,
        entries: &[Entry<NoticeFact>],
    ) -> Result<Option<Self>, BrokenHistory> {
        let Some((first, rest)) = entries.split_first() else { return Ok(None) };
        let mut dispatch = Self::begin(id, first)?;
        rest.iter().try_for_each(|entry| dispatch.apply(entry))?;
        Ok(Some(dispatch))
    }

    /// Begins a notice by its first entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where the entry begins nothing.
    pub fn begin(id: NoticeId, entry: &Entry<NoticeFact>) -> Result<Self, BrokenHistory> {
        let NoticeFact::Queued { user, case, office, notice, due } = &entry.fact else {
            return Err(BrokenHistory { event: entry.fact.event() });
        };
        Ok(Self {
            id,
            length: 1,
            state: Waiting,
            user: *user,
            case: *case,
            office: office.clone(),
            kind: *notice,
            created: entry.at,
            due: Some(*due),
            tries: 0,
            why: None,
        })
    }

    /// Applies one more entry.
    ///
    /// # Errors
    /// [`BrokenHistory`] where its fact does not follow from the state.
    pub fn apply(&mut self, entry: &Entry<NoticeFact>) -> Result<(), BrokenHistory> {
        let event = entry.fact.event();
        let row = ROWS.iter().find(|row| row.event == event && row.from.contains(&self.state));
        self.state = row.ok_or(BrokenHistory { event })?.to.unwrap_or(self.state);
        self.length = self.length.saturating_add(1);
        match &entry.fact {
            NoticeFact::Queued { .. } => return Err(BrokenHistory { event }),
            NoticeFact::Tried { until } => {
                self.due = Some(*until);
                self.tries = self.tries.saturating_add(1);
            }
            NoticeFact::Sent => (self.due, self.why) = (None, None),
            NoticeFact::Failed { why, next } => {
                (self.due, self.why) = (Some(*next), Some(why.clone()));
            }
            NoticeFact::Dropped { why } => (self.due, self.why) = (None, Some(why.clone())),
        }
        Ok(())
    }

    /// Which.
    pub const fn id(&self) -> NoticeId {
        self.id
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// How far it is.
    pub const fn state(&self) -> NoticeState {
        self.state
    }

    /// To whom.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// About which certificate, where it is about one.
    pub const fn case(&self) -> Option<CaseId> {
        self.case
    }

    /// The registration point that keeps what it is about.
    pub const fn office(&self) -> Option<&OfficeId> {
        self.office.as_ref()
    }

    /// Of what.
    pub const fn kind(&self) -> NoticeKind {
        self.kind
    }

    /// When it was queued.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it is to be tried.
    pub const fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// How often it was tried.
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// Why it could not be sent, or is not sent at all.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// The row of the list of notices.
    pub fn view(&self) -> NoticeView {
        NoticeView {
            notice: self.id,
            user: self.user,
            case: self.case,
            office: self.office.clone(),
            state: self.state,
            created: self.created,
            due: self.due,
        }
    }
}
