//! The order of lists, read from indexes alone.
//!
//! A question about several offices and states is several questions, each of which one index answers in
//! order; their answers are merged. So no list is ever sorted, and none is read beyond its page.

use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use crate::column;
use crate::failure::Outcome;

/// Where a row stands in a list: its time, what it is and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) time: i64,
    pub(super) of: Of,
    pub(super) id: [u8; 16],
}

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    Account = 1,
    Case = 2,
    Authority = 3,
    Carrier = 4,
    Notice = 5,
    Approval = 6,
}

/// Which end of the list comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The latest time, then the greatest id.
    Newest,
    /// The earliest time, then the smallest id.
    Soonest,
}

/// One question that one index answers: its first three parameters are the time and the id after which to
/// begin, and the number of rows.
pub(super) struct Source {
    pub(super) sql: &'static str,
    pub(super) of: Of,
    pub(super) params: Vec<Value>,
}

/// The first keys of all sources together, in their order.
pub(super) fn merge(
    connection: &Connection,
    sources: &[Source],
    order: Order,
    after: Option<Key>,
    limit: usize,
) -> Outcome<Vec<Key>> {
    let mut keys = Vec::new();
    for source in sources {
        let (time, id) = begin(source.of, order, after);
        let rows = column::limit(limit);
        let mut params: Vec<&dyn ToSql> = vec![&time, &id, &rows];
        source.params.iter().for_each(|value| params.push(value));
        let mut statement = connection.prepare_cached(source.sql)?;
        let mut rows = statement.query(params.as_slice())?;
        while let Some(row) = rows.next()? {
            keys.push(Key { time: row.get(0)?, of: source.of, id: row.get(1)? });
        }
    }
    match order {
        Order::Newest => keys.sort_unstable_by(|a, b| b.cmp(a)),
        Order::Soonest => keys.sort_unstable(),
    }
    keys.dedup();
    keys.truncate(limit);
    Ok(keys)
}

/// The time and the id after which a source's rows come after a key.
fn begin(of: Of, order: Order, after: Option<Key>) -> (i64, Vec<u8>) {
    // Shorter, or longer and as great as can be: before and after every id.
    let (before_all, after_all) = (Vec::new(), vec![0xff; 17]);
    match (after, order) {
        (None, Order::Newest) => (i64::MAX, after_all),
        (None, Order::Soonest) => (i64::MIN, before_all),
        (Some(key), _) if key.of == of => (key.time, key.id.to_vec()),
        (Some(key), order) if (of > key.of) == (order == Order::Soonest) => {
            let id = if order == Order::Soonest { before_all } else { after_all };
            (key.time, id)
        }
        (Some(key), Order::Newest) => (key.time, before_all),
        (Some(key), Order::Soonest) => (key.time, after_all),
    }
}

pub(super) const CASES_BY_STATE: &str = "
    SELECT created, id FROM cases WHERE state = ?4 AND hidden = ?5 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const CASES_BY_OFFICE: &str = "
    SELECT created, id FROM cases
    WHERE office = ?6 AND state = ?4 AND hidden = ?5 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

/// A page begins where the term does: what ended before is not gone through.
pub(super) const CASES_BY_END: &str = "
    SELECT not_after, id FROM cases
    WHERE state = ?4 AND hidden = ?5 AND (not_after, id) > (max(?1, ?6 - 1), ?2)
        AND not_after >= ?6 AND not_after < ?7 AND (?8 IS NULL OR office = ?8)
    ORDER BY not_after, id LIMIT ?3";

pub(super) const CASES_BY_USER: &str = "
    SELECT created, id FROM cases WHERE user = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const CASES_DUE: &str = "
    SELECT due, id FROM cases WHERE due <= ?4 AND (due, id) > (?1, ?2)
    ORDER BY due, id LIMIT ?3";

pub(super) const ACCOUNTS_BY_ROLE: &str = "
    SELECT created, id FROM accounts WHERE role = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const ACCOUNTS_BY_OFFICE: &str = "
    SELECT created, id FROM accounts WHERE office = ?5 AND role = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const ACCOUNTS_BY_STATE: &str = "
    SELECT created, id FROM accounts WHERE state = ?5 AND role = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const ACCOUNTS_BY_OFFICE_AND_STATE: &str = "
    SELECT created, id FROM accounts
    WHERE office = ?6 AND state = ?5 AND role = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const ACCOUNTS_BY_USER: &str = "
    SELECT created, id FROM accounts WHERE id = ?4 AND (created, id) < (?1, ?2) LIMIT ?3";

pub(super) const ACCOUNTS_DUE: &str = "
    SELECT due, id FROM accounts WHERE due <= ?4 AND (due, id) > (?1, ?2)
    ORDER BY due, id LIMIT ?3";

pub(super) const APPROVALS_BY_STATE: &str = "
    SELECT created, id FROM approvals WHERE state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const APPROVALS_BY_OFFICE: &str = "
    SELECT created, id FROM approvals WHERE office = ?5 AND state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const APPROVALS_DUE: &str = "
    SELECT due, id FROM approvals WHERE due <= ?4 AND (due, id) > (?1, ?2)
    ORDER BY due, id LIMIT ?3";

pub(super) const AUTHORITIES_DUE: &str = "
    SELECT due, id FROM authorities WHERE due <= ?4 AND (due, id) > (?1, ?2)
    ORDER BY due, id LIMIT ?3";

pub(super) const CARRIERS_BY_STATE: &str = "
    SELECT created, id FROM carriers WHERE state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const CARRIERS_BY_OFFICE: &str = "
    SELECT created, id FROM carriers WHERE office = ?5 AND state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const CARRIERS_BY_USER: &str = "
    SELECT created, id FROM carriers
    WHERE user = ?5 AND state = ?4 AND (created, id) < (?1, ?2) AND (?6 IS NULL OR office = ?6)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const NOTICES_BY_STATE: &str = "
    SELECT created, id FROM notices WHERE state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const NOTICES_BY_OFFICE: &str = "
    SELECT created, id FROM notices WHERE office = ?5 AND state = ?4 AND (created, id) < (?1, ?2)
    ORDER BY created DESC, id DESC LIMIT ?3";

pub(super) const NOTICES_DUE: &str = "
    SELECT due, id FROM notices WHERE due <= ?4 AND (due, id) > (?1, ?2)
    ORDER BY due, id LIMIT ?3";
