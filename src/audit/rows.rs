//! The rows of lists, made anew from the entries they come from.

use std::collections::BTreeMap;

use crate::entry::Entry;
use crate::fact::RecordFact;
use crate::lifecycle::carrier::Carrier;
use crate::lifecycle::{Account, Approval, Authority, Case, Dispatch};
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
    fold(stream, entries).map(|(rows, _)| rows)
}

/// The rows, and what all entries come to.
pub(super) fn fold(
    stream: &StreamId,
    entries: &[StoredEntry],
) -> Result<(Vec<View>, Fold), Senseless> {
    let mut rows = BTreeMap::new();
    let mut fold = Fold::Nothing;
    for (index, stored) in (0..).zip(entries) {
        let senseless = |why: String| Senseless { index, why };
        fold = fold.after(stream, stored).map_err(senseless)?;
        rows.extend(fold.rows().into_iter().map(|row| (key(&row), row)));
    }
    Ok((rows.into_values().collect(), fold))
}

/// What the entries so far come to.
pub(super) enum Fold {
    Nothing,
    Account(Box<Account>),
    Case(Box<Case>),
    Authority(Box<Authority>),
    Notice(Box<Dispatch>),
    Carrier(Carrier),
    Approval(Box<Approval>),
}

impl Fold {
    /// The case, where it is one.
    pub(super) fn case(&self) -> Option<&Case> {
        match self {
            Self::Case(case) => Some(case),
            _ => None,
        }
    }

    fn after(self, stream: &StreamId, stored: &StoredEntry) -> Result<Self, String> {
        match self {
            Self::Nothing => Self::begin(stream, stored),
            Self::Account(mut account) => {
                account.apply(&read(stored)?).map_err(text)?;
                Ok(Self::Account(account))
            }
            Self::Case(mut case) => {
                case.apply(&read(stored)?).map_err(text)?;
                Ok(Self::Case(case))
            }
            Self::Authority(authority) => {
                Ok(Self::Authority(Box::new(authority.after(&read(stored)?))))
            }
            Self::Approval(mut approval) => {
                approval.apply(&read(stored)?).map_err(text)?;
                Ok(Self::Approval(approval))
            }
            Self::Carrier(mut carrier) => {
                carrier.apply(&read(stored)?).map_err(text)?;
                Ok(Self::Carrier(carrier))
            }
            Self::Notice(mut notice) => {
                notice.apply(&read(stored)?).map_err(text)?;
                Ok(Self::Notice(notice))
            }
        }
    }

    fn begin(stream: &StreamId, stored: &StoredEntry) -> Result<Self, String> {
        match stream {
            StreamId::Account(user) => {
                let account = Account::begin(*user, &read(stored)?).map_err(text)?;
                Ok(Self::Account(Box::new(account)))
            }
            StreamId::Case(case) => {
                let case = Case::begin(*case, &read(stored)?).map_err(text)?;
                Ok(Self::Case(Box::new(case)))
            }
            StreamId::Approval(id) => {
                let approval = Approval::begin(*id, &read(stored)?).map_err(text)?;
                Ok(Self::Approval(Box::new(approval)))
            }
            StreamId::Authority(id) => {
                Self::Authority(Box::new(Authority::fold(*id, &[]))).after(stream, stored)
            }
            StreamId::Carrier(token) => {
                Ok(Self::Carrier(Carrier::begin(*token, &read(stored)?).map_err(text)?))
            }
            StreamId::Notice(notice) => {
                let notice = Dispatch::begin(*notice, &read(stored)?).map_err(text)?;
                Ok(Self::Notice(Box::new(notice)))
            }
            StreamId::Record => read::<RecordFact>(stored).map(|_| Self::Nothing),
            StreamId::Access | StreamId::Audit => Ok(Self::Nothing),
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
            Self::Approval(approval) => vec![View::Approval(approval.view())],
            Self::Authority(authority) => {
                vec![View::Authority(AuthorityView { authority: authority.id(), due: None })]
            }
            Self::Carrier(carrier) => vec![View::Carrier(carrier.view().clone())],
        }
    }
}

fn read<F: serde::de::DeserializeOwned>(stored: &StoredEntry) -> Result<Entry<F>, String> {
    Entry::decode(stored).map_err(text)
}

fn text(error: impl core::fmt::Display) -> String {
    error.to_string()
}

/// What a row is called: in each list one row has this key.
pub fn key(row: &View) -> String {
    match row {
        View::Account(row) => format!("the row of account {}", row.user),
        View::Case(row) => format!("the row of case {}", row.case),
        View::Certificate(row) => {
            format!("the row of certificate {} by {}", row.serial, row.issuer)
        }
        View::Approval(row) => format!("the row of approval {}", row.approval),
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
        View::Approval(row) => StreamId::Approval(row.approval),
        View::Authority(row) => StreamId::Authority(row.authority),
        View::Notice(row) => StreamId::Notice(row.notice),
        View::Carrier(row) => StreamId::Carrier(row.token),
    }
}
