//! The rows of lists, made anew from the entries they come from.

use std::collections::BTreeMap;

use crate::entry::Entry;
use crate::fact::{AccountFact, AuthorityFact, CarrierFact, CaseFact, NoticeFact, RecordFact};
use crate::lifecycle::carrier::Carrier;
use crate::lifecycle::{Account, Authority, Case, Dispatch};
use crate::provider::journal::{StoredEntry, StreamId};
use crate::view::{AuthorityView, View};

/// Entries that make no rows: which one does not follow, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {index}: {why}")]
pub struct Senseless {
    /// Its number in the stream.
    pub index: u64,
    /// Why it makes no sense there.
    pub why: String,
}

/// All rows that a stream's entries made, one for each key, as they must be now.
///
/// A row outlives what it was made for: the one of a serial number that was reserved in vain stays.
///
/// # Errors
/// [`Senseless`] where an entry cannot be read, or does not follow from those before it.
pub fn of(stream: &StreamId, entries: &[StoredEntry]) -> Result<Vec<View>, Senseless> {
    let mut rows = BTreeMap::new();
    let mut fold = Fold::Nothing;
    for (index, stored) in (0..).zip(entries) {
        let senseless = |why: String| Senseless { index, why };
        fold = fold.after(stream, stored).map_err(senseless)?;
        rows.extend(fold.rows().into_iter().map(|row| (key(&row), row)));
    }
    Ok(rows.into_values().collect())
}

/// What the entries so far come to.
enum Fold {
    Nothing,
    Account(Box<Account>),
    Case(Box<Case>),
    Authority(Box<Authority>),
    Notice(Box<Dispatch>),
    Carrier(Carrier),
}

impl Fold {
    #[expect(clippy::too_many_lines, reason = "a beginning and a step for each kind of stream")]
    fn after(self, stream: &StreamId, stored: &StoredEntry) -> Result<Self, String> {
        let text = |error: &dyn core::fmt::Display| error.to_string();
        match (self, stream) {
            (Self::Nothing, StreamId::Account(user)) => {
                let entry = Entry::<AccountFact>::decode(stored).map_err(|error| text(&error))?;
                let account = Account::begin(*user, &entry).map_err(|error| text(&error))?;
                Ok(Self::Account(Box::new(account)))
            }
            (Self::Account(mut account), _) => {
                let entry = Entry::decode(stored).map_err(|error| text(&error))?;
                account.apply(&entry).map_err(|error| text(&error))?;
                Ok(Self::Account(account))
            }
            (Self::Nothing, StreamId::Case(case)) => {
                let entry = Entry::<CaseFact>::decode(stored).map_err(|error| text(&error))?;
                let case = Case::begin(*case, &entry).map_err(|error| text(&error))?;
                Ok(Self::Case(Box::new(case)))
            }
            (Self::Case(mut case), _) => {
                let entry = Entry::decode(stored).map_err(|error| text(&error))?;
                case.apply(&entry).map_err(|error| text(&error))?;
                Ok(Self::Case(case))
            }
            (Self::Nothing, StreamId::Authority(id)) => {
                Self::Authority(Box::new(Authority::fold(*id, &[]))).after(stream, stored)
            }
            (Self::Authority(authority), _) => {
                let entry = Entry::<AuthorityFact>::decode(stored).map_err(|error| text(&error))?;
                Ok(Self::Authority(Box::new(authority.after(&entry))))
            }
            (Self::Nothing, StreamId::Carrier(token)) => {
                let entry = Entry::<CarrierFact>::decode(stored).map_err(|error| text(&error))?;
                Ok(Self::Carrier(Carrier::begin(*token, &entry).map_err(|error| text(&error))?))
            }
            (Self::Carrier(mut carrier), _) => {
                let entry = Entry::decode(stored).map_err(|error| text(&error))?;
                carrier.apply(&entry).map_err(|error| text(&error))?;
                Ok(Self::Carrier(carrier))
            }
            (Self::Nothing, StreamId::Notice(notice)) => {
                let entry = Entry::<NoticeFact>::decode(stored).map_err(|error| text(&error))?;
                let notice = Dispatch::begin(*notice, &entry).map_err(|error| text(&error))?;
                Ok(Self::Notice(Box::new(notice)))
            }
            (Self::Notice(mut notice), _) => {
                let entry = Entry::decode(stored).map_err(|error| text(&error))?;
                notice.apply(&entry).map_err(|error| text(&error))?;
                Ok(Self::Notice(notice))
            }
            (Self::Nothing, StreamId::Record) => {
                Entry::<RecordFact>::decode(stored).map_err(|error| text(&error))?;
                Ok(Self::Nothing)
            }
            (Self::Nothing, StreamId::Access | StreamId::Audit) => Ok(Self::Nothing),
        }
    }

    fn rows(&self) -> Vec<View> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Account(account) => vec![View::Account(account.view())],
            Self::Case(case) => {
                let certificate = case.certificate_view().map(View::Certificate);
                [Some(View::Case(case.view())), certificate].into_iter().flatten().collect()
            }
            Self::Notice(notice) => vec![View::Notice(notice.view())],
            Self::Authority(authority) => {
                vec![View::Authority(AuthorityView { authority: authority.id(), due: None })]
            }
            Self::Carrier(carrier) => vec![View::Carrier(carrier.view().clone())],
        }
    }
}

/// What a row is called: in each list one row has this key.
pub fn key(row: &View) -> String {
    match row {
        View::Account(row) => format!("the row of account {}", row.user),
        View::Case(row) => format!("the row of case {}", row.case),
        View::Certificate(row) => {
            format!("the row of certificate {} by {}", row.serial, row.issuer)
        }
        View::Authority(row) => format!("the row of authority {}", row.authority),
        View::Notice(row) => format!("the row of notice {}", row.notice),
        View::Carrier(row) => format!("the row of carrier {}", row.token),
    }
}

/// From which entries a row says it is.
pub const fn stream(row: &View) -> StreamId {
    match row {
        View::Account(row) => StreamId::Account(row.user),
        View::Case(row) => StreamId::Case(row.case),
        View::Certificate(row) => StreamId::Case(row.case),
        View::Authority(row) => StreamId::Authority(row.authority),
        View::Notice(row) => StreamId::Notice(row.notice),
        View::Carrier(row) => StreamId::Carrier(row.token),
    }
}
