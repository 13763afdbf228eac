//! Answering queries, each from an index.

use std::collections::BTreeSet;

use gost_ca::Timestamp;
use gost_ca::id::{OfficeId, UserId};
use gost_ca::provider::ErrorKind;
use gost_ca::provider::journal::{
    AccountFilter, ApprovalFilter, CarrierFilter, CaseFilter, Cursor, Found, NoticeFilter, Page,
    Query,
};
use gost_ca::view::{
    AccountState, ApprovalState, CarrierState, CaseState, NoticeState, Role, View,
};
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use super::keys::{self, Key, Of, Order, Source, merge};
use super::rows;
use crate::column;
use crate::failure::{Failure, Outcome};

pub(super) fn find(connection: &Connection, query: &Query, page: &Page) -> Outcome<Found> {
    match query {
        Query::Cases(filter) => cases(connection, filter, page),
        Query::CasesOf(users) => by_user(connection, (keys::CASES_BY_USER, Of::Case), users, page),
        Query::Accounts(filter) => accounts(connection, filter, page),
        Query::AccountsOf(users) => {
            by_user(connection, (keys::ACCOUNTS_BY_USER, Of::Account), users, page)
        }
        Query::Carriers(filter) => carriers(connection, filter, page),
        Query::Serial(serial) => {
            certificates(connection, BY_SERIAL, &[&column::serial(serial)], page)
        }
        Query::Thumbprint(thumbprint) => {
            certificates(connection, BY_THUMBPRINT, &[thumbprint], page)
        }
        Query::SubjectKey(key) => certificates(connection, BY_SUBJECT_KEY, &[key.octets()], page),
        Query::Notices(filter) => notices(connection, filter, page),
        Query::Approvals(filter) => approvals(connection, filter, page),
        Query::Due(by) => due(connection, *by, page),
        _ => Err(Failure::Refused(ErrorKind::Unsupported)),
    }
}

fn cases(connection: &Connection, filter: &CaseFilter, page: &Page) -> Outcome<Found> {
    let states: BTreeSet<CaseState> = match filter.states.as_slice() {
        [] => CaseState::ALL.iter().copied().collect(),
        some => some.iter().copied().collect(),
    };
    let hidden: &[bool] = if filter.hidden { &[false, true] } else { &[false] };
    let term = filter.expires.as_ref().map(|term| [term.start, term.end].map(column::bound));
    let mut sources = Vec::new();
    for office in offices(&filter.offices) {
        for state in &states {
            let source = |hidden| cases_of(office, *state, hidden, term);
            sources.extend(hidden.iter().copied().map(source));
        }
    }
    let order = if term.is_some() { Order::Soonest } else { Order::Newest };
    list(connection, &sources, order, page)
}

fn cases_of(
    office: Option<&OfficeId>,
    state: CaseState,
    hidden: bool,
    term: Option<[i64; 2]>,
) -> Source {
    let office = office.map(|office| office.as_str().to_owned());
    let mut params: Vec<Value> = vec![state.name().to_owned().into(), hidden.into()];
    let sql = match (term, &office) {
        (Some(term), _) => {
            params.extend(term.map(Value::from));
            params.push(office.into());
            keys::CASES_BY_END
        }
        (None, Some(_)) => {
            params.push(office.into());
            keys::CASES_BY_OFFICE
        }
        (None, None) => keys::CASES_BY_STATE,
    };
    Source { sql, of: Of::Case, params }
}

fn accounts(connection: &Connection, filter: &AccountFilter, page: &Page) -> Outcome<Found> {
    let roles = filter.role.map_or_else(|| Role::ALL.to_vec(), |role| vec![role]);
    let states: BTreeSet<Option<AccountState>> = match filter.states.as_slice() {
        [] => BTreeSet::from([None]),
        some => some.iter().copied().map(Some).collect(),
    };
    let mut sources = Vec::new();
    for office in offices(&filter.offices) {
        for state in &states {
            sources.extend(roles.iter().map(|role| accounts_of(office, *role, *state)));
        }
    }
    list(connection, &sources, Order::Newest, page)
}

fn accounts_of(office: Option<&OfficeId>, role: Role, state: Option<AccountState>) -> Source {
    let text = |text: &str| Value::from(text.to_owned());
    let mut params = vec![text(role.name())];
    params.extend(state.map(|state| text(state.name())));
    params.extend(office.map(|office| text(office.as_str())));
    let sql = match (office, state) {
        (None, None) => keys::ACCOUNTS_BY_ROLE,
        (Some(_), None) => keys::ACCOUNTS_BY_OFFICE,
        (None, Some(_)) => keys::ACCOUNTS_BY_STATE,
        (Some(_), Some(_)) => keys::ACCOUNTS_BY_OFFICE_AND_STATE,
    };
    Source { sql, of: Of::Account, params }
}

fn carriers(connection: &Connection, filter: &CarrierFilter, page: &Page) -> Outcome<Found> {
    let states: BTreeSet<CarrierState> = match filter.states.as_slice() {
        [] => CarrierState::ALL.iter().copied().collect(),
        some => some.iter().copied().collect(),
    };
    let mut sources = Vec::new();
    for office in offices(&filter.offices) {
        sources.extend(states.iter().map(|state| carriers_of(office, *state, filter.user)));
    }
    list(connection, &sources, Order::Newest, page)
}
fn approvals(connection: &Connection, filter: &ApprovalFilter, page: &Page) -> Outcome<Found> {
    let states: BTreeSet<ApprovalState> = match filter.states.as_slice() {
        [] => ApprovalState::ALL.iter().copied().collect(),
        some => some.iter().copied().collect(),
    };
    let mut sources = Vec::new();
    for office in offices(&filter.offices) {
        sources.extend(states.iter().map(|state| approvals_of(office, *state)));
    }
    list(connection, &sources, Order::Newest, page)
}

fn carriers_of(office: Option<&OfficeId>, state: CarrierState, user: Option<UserId>) -> Source {
    let office = office.map(|office| office.as_str().to_owned());
    let mut params: Vec<Value> = vec![state.name().to_owned().into()];
    let sql = match (user, office) {
        (Some(user), office) => {
            params.extend([user.octets().to_vec().into(), office.into()]);
            keys::CARRIERS_BY_USER
        }
        (None, Some(office)) => {
            params.push(office.into());
            keys::CARRIERS_BY_OFFICE
        }
        (None, None) => keys::CARRIERS_BY_STATE,
    };
    Source { sql, of: Of::Carrier, params }
}

fn notices(connection: &Connection, filter: &NoticeFilter, page: &Page) -> Outcome<Found> {
    let states: BTreeSet<NoticeState> = match filter.states.as_slice() {
        [] => NoticeState::ALL.iter().copied().collect(),
        some => some.iter().copied().collect(),
    };
    let mut sources = Vec::new();
    for office in offices(&filter.offices) {
        sources.extend(states.iter().map(|state| notices_of(office, *state)));
    }
    list(connection, &sources, Order::Newest, page)
}

fn notices_of(office: Option<&OfficeId>, state: NoticeState) -> Source {
    let mut params: Vec<Value> = vec![state.name().to_owned().into()];
    params.extend(office.map(|office| Value::from(office.as_str().to_owned())));
    let sql = office.map_or(keys::NOTICES_BY_STATE, |_| keys::NOTICES_BY_OFFICE);
    Source { sql, of: Of::Notice, params }
}

fn approvals_of(office: Option<&OfficeId>, state: ApprovalState) -> Source {
    let mut params: Vec<Value> = vec![state.name().to_owned().into()];
    params.extend(office.map(|office| Value::from(office.as_str().to_owned())));
    let sql = office.map_or(keys::APPROVALS_BY_STATE, |_| keys::APPROVALS_BY_OFFICE);
    Source { sql, of: Of::Approval, params }
}

/// Each once; `None` for all of them.
fn offices(offices: &[OfficeId]) -> BTreeSet<Option<&OfficeId>> {
    match offices {
        [] => BTreeSet::from([None]),
        some => some.iter().map(Some).collect(),
    }
}

fn by_user(
    connection: &Connection,
    (sql, of): (&'static str, Of),
    users: &[UserId],
    page: &Page,
) -> Outcome<Found> {
    let users: BTreeSet<&UserId> = users.iter().collect();
    let source = |user: &UserId| Source { sql, of, params: vec![user.octets().to_vec().into()] };
    let sources: Vec<Source> = users.into_iter().map(source).collect();
    list(connection, &sources, Order::Newest, page)
}

fn due(connection: &Connection, by: Timestamp, page: &Page) -> Outcome<Found> {
    let by = column::bound(by);
    let sources = [
        (keys::ACCOUNTS_DUE, Of::Account),
        (keys::CASES_DUE, Of::Case),
        (keys::AUTHORITIES_DUE, Of::Authority),
        (keys::NOTICES_DUE, Of::Notice),
        (keys::APPROVALS_DUE, Of::Approval),
    ];
    let sources = sources.map(|(sql, of)| Source { sql, of, params: vec![by.into()] });
    list(connection, &sources, Order::Soonest, page)
}

/// Merges the sources' keys and reads the rows of one page.
fn list(connection: &Connection, sources: &[Source], order: Order, page: &Page) -> Outcome<Found> {
    let after = page.after.as_ref().map(read_key).transpose()?;
    let mut keys = merge(connection, sources, order, after, page.limit.saturating_add(1))?;
    let more = keys.len() > page.limit;
    keys.truncate(page.limit);
    let views = keys.iter().map(|key| row(connection, key)).collect::<Outcome<_>>()?;
    let next = keys.last().filter(|_| more).map(write_key);
    Ok(Found { views, next })
}

fn row(connection: &Connection, key: &Key) -> Outcome<View> {
    let (sql, read): (_, fn(&rusqlite::Row<'_>) -> Outcome<View>) = match key.of {
        Of::Account => (rows::ACCOUNT, rows::account),
        Of::Case => (rows::CASE, rows::case),
        Of::Authority => (rows::AUTHORITY, rows::authority),
        Of::Notice => (rows::NOTICE, rows::notice),
        Of::Carrier => (rows::CARRIER, rows::carrier),
        Of::Approval => (rows::APPROVAL, rows::approval),
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([key.id])?;
    read(rows.next()?.ok_or(Failure::Damaged("an index without its row"))?)
}

/// Certificates in the order of their places: serial numbers, issuers or the order of recording.
fn certificates(
    connection: &Connection,
    sql: &str,
    params: &[&dyn ToSql],
    page: &Page,
) -> Outcome<Found> {
    let after = page.after.as_ref().map_or(Ok(Value::Null), read_place)?;
    let limit = column::limit(page.limit.saturating_add(1));
    let mut all: Vec<&dyn ToSql> = vec![&after, &limit];
    all.extend(params);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(all.as_slice())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((View::Certificate(rows::certificate(row)?), row.get(8)?));
    }
    let more = found.len() > page.limit;
    found.truncate(page.limit);
    let next = found.last().filter(|_| more).and_then(|(_, place)| write_place(place));
    Ok(Found { views: found.into_iter().map(|(view, _)| view).collect(), next })
}

/// A key as a cursor: `K`, time, what it is, id.
fn write_key(key: &Key) -> Cursor {
    let of = match key.of {
        Of::Account => 1,
        Of::Case => 2,
        Of::Authority => 3,
        Of::Notice => 5,
        Of::Carrier => 4,
        Of::Approval => 6,
    };
    Cursor([b"K", &key.time.to_be_bytes()[..], &[of], &key.id].concat())
}

fn read_key(cursor: &Cursor) -> Outcome<Key> {
    let key = cursor.0.strip_prefix(b"K").and_then(|rest| {
        let (time, rest) = rest.split_first_chunk()?;
        let (of, id) = rest.split_first()?;
        let all = [Of::Account, Of::Case, Of::Authority, Of::Carrier, Of::Notice, Of::Approval];
        let of = all.get(usize::from(of.checked_sub(1)?))?;
        Some(Key { time: i64::from_be_bytes(*time), of: *of, id: id.try_into().ok()? })
    });
    key.ok_or(Failure::Refused(ErrorKind::Invalid))
}

/// A certificate's place as a cursor: `N` and a number, or `B` and octets.
fn write_place(place: &Value) -> Option<Cursor> {
    match place {
        Value::Integer(number) => Some(Cursor([b"N", &number.to_be_bytes()[..]].concat())),
        Value::Blob(octets) => Some(Cursor([b"B", octets.as_slice()].concat())),
        _ => None,
    }
}

fn read_place(cursor: &Cursor) -> Outcome<Value> {
    match cursor.0.split_first() {
        Some((b'N', number)) => {
            let number = number.try_into().map_err(|_| Failure::Refused(ErrorKind::Invalid))?;
            Ok(Value::Integer(i64::from_be_bytes(number)))
        }
        Some((b'B', octets)) => Ok(Value::Blob(octets.to_vec())),
        _ => Err(Failure::Refused(ErrorKind::Invalid)),
    }
}

/// The questions about certificates: the columns, the condition and the place, which comes ninth.
macro_rules! certificates {
    ($condition:literal by $place:literal from $least:literal) => {
        concat!(
            "SELECT serial, issuer, \"case\", thumbprint, subject_key, not_after, partition, entry, ",
            $place,
            " FROM certificates WHERE ",
            $condition,
            " AND ",
            $place,
            " > coalesce(?1, ",
            $least,
            ") ORDER BY ",
            $place,
            " LIMIT ?2"
        )
    };
}

pub(super) const BY_SERIAL: &str = certificates!("serial = ?3" by "issuer" from "x''");
pub(super) const BY_THUMBPRINT: &str = certificates!("thumbprint = ?3" by "number" from "-1");
pub(super) const BY_SUBJECT_KEY: &str = certificates!("subject_key = ?3" by "number" from "-1");
