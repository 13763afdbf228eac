//! Users: the list, the search, the card.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use gost_ca::desk::lists;
use gost_ca::message::Message;
use gost_ca::provider::UserFilter;
use gost_ca::provider::journal::{AccountFilter, Page};
use gost_ca::registration::{Field, Login, RegistrationForm, SearchQuery, SubjectKind};
use gost_ca::registration_authority::UserRow;
use gost_ca::view::Role;
use minijinja::{Value, context};
use serde::Deserialize;

use super::person::account_mark;
use super::rows::{cursor_text, read_cursor};
use crate::Console;
use crate::web::{Failure, Reply, Visitor, page};

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    role: String,
    after: Option<String>,
}

pub(crate) async fn list(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let (rows, next) = found(&console, &visitor, &asked, ROWS).await?;
    let shown: Vec<_> = rows.iter().map(|row| user_row(&console, &visitor, row)).collect();
    let kinds = SubjectKind::ALL.map(|kind| {
        let mut form = RegistrationForm::default();
        form.set(Field::Kind, kind.name());
        context! { value => kind.name(), label => form.shown(Field::Kind) }
    });
    let values = context! {
        rows => shown,
        next,
        q => asked.q,
        kind => asked.kind,
        role => asked.role,
        kinds => kinds.to_vec(),
    };
    page(&console, &visitor, "users.html", values)
}

pub(crate) async fn csv(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let (rows, _) = found(&console, &visitor, &asked, EXPORTED).await?;
    Ok(csv_file("users.csv", lists::users(&rows, &console.office.zone).to_csv()))
}

/// A table as a file.
pub(crate) fn csv_file(name: &str, octets: Vec<u8>) -> Response {
    let mut response = octets.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

/// The users that fit: by the directory where something is searched for, by the record otherwise.
async fn found(
    console: &Console,
    visitor: &Visitor,
    asked: &Asked,
    limit: usize,
) -> Result<(Vec<UserRow>, Option<String>), Failure> {
    let (ra, session) = (&console.office.ra, visitor.session());
    let page = Page { after: read_cursor(asked.after.as_deref())?, limit };
    let kind = SubjectKind::ALL.into_iter().find(|kind| kind.name() == asked.kind);
    if !asked.q.trim().is_empty() || kind.is_some() {
        let filter = filter(&asked.q, kind);
        let (rows, next) = ra.find_users(session, &filter, &page).await?;
        return Ok((rows, cursor_text(next)));
    }
    let role = match asked.role.as_str() {
        "staff" => Some(Role::Operator),
        "administrator" => Some(Role::Administrator),
        _ => Some(Role::User),
    };
    let filter = AccountFilter { role, ..AccountFilter::default() };
    let (accounts, next) = ra.list_accounts(session, filter, &page).await?;
    let users: Vec<_> = accounts.iter().map(|account| account.user).collect();
    let records = ra.records(session, &users).await?;
    let rows = accounts.into_iter().zip(records);
    let rows = rows.filter_map(|(account, record)| Some(UserRow::new(account, record?))).collect();
    Ok((rows, cursor_text(next)))
}

/// One box for names, INN, SNILS and logins (U2).
pub(crate) fn filter(typed: &str, kind: Option<SubjectKind>) -> UserFilter {
    let query = SearchQuery::from_typed(typed);
    let mut filter = UserFilter { kind, ..UserFilter::default() };
    match query.number() {
        Some(digits) if digits.len() == 11 => filter.snils = Some(digits.to_owned()),
        Some(digits) if matches!(digits.len(), 10 | 12) => filter.inn = Some(digits.to_owned()),
        _ if typed.contains(LOGIN_MARKS) => match Login::from_typed(typed) {
            Ok(login) => filter.login = Some(login),
            Err(_) => filter.words = Some(typed.to_owned()),
        },
        _ if !query.is_empty() => filter.words = Some(typed.to_owned()),
        _ => {}
    }
    filter
}

fn user_row(console: &Console, visitor: &Visitor, row: &UserRow) -> Value {
    let (account, data) = (&row.account, &row.record.data);
    let person = data.subject.person();
    context! {
        user => account.user.to_string(),
        login => row.record.login.as_str(),
        name => person.name.full(),
        snils => person.snils.to_string(),
        organization => data.subject.organization().map(|one| one.name.to_string()),
        office => account.office.as_ref().map(ToString::to_string),
        state => Message::from(account.state).says(visitor.language),
        mark => account_mark(account),
        created => console.office.zone.show_day(account.created),
    }
}

/// What no name has, and logins may.
const LOGIN_MARKS: [char; 3] = ['.', '_', '@'];
const ROWS: usize = 25;
const EXPORTED: usize = 10_000;
