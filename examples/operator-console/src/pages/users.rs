//! Users: the list, the search, the card.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use gost_ca::desk::lists;
use gost_ca::desk::scan::ScanOwner;
use gost_ca::id::UserId;
use gost_ca::lifecycle::Act;
use gost_ca::message::Message;
use gost_ca::provider::UserFilter;
use gost_ca::provider::journal::{AccountFilter, Page};
use gost_ca::registration::{Field, RegistrationForm, SearchQuery, SubjectKind};
use gost_ca::registration_authority::UserRow;
use gost_ca::view::{AccountState, AccountView, Role};
use minijinja::{Value, context};
use serde::Deserialize;

use super::rows::{allows, buttons, case, cursor_text, read_cursor};
use crate::Console;
use crate::acts::Target;
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
    let mut rows = Vec::with_capacity(accounts.len());
    for account in accounts.into_iter().filter(|one| one.state != AccountState::Erased) {
        let card = ra.user(session, &account.user).await?;
        rows.push(UserRow::new(account, card.record));
    }
    Ok((rows, cursor_text(next)))
}

/// One box for names, INN, SNILS and logins (U2).
fn filter(typed: &str, kind: Option<SubjectKind>) -> UserFilter {
    let query = SearchQuery::from_typed(typed);
    let mut filter = UserFilter { kind, ..UserFilter::default() };
    match query.number() {
        Some(digits) if digits.len() == 11 => filter.snils = Some(digits.to_owned()),
        Some(digits) if matches!(digits.len(), 10 | 12) => filter.inn = Some(digits.to_owned()),
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

const fn account_mark(account: &AccountView) -> &'static str {
    match account.state {
        AccountState::Active => "good",
        AccountState::PasswordChangeRequired => "waiting",
        AccountState::TemporarilyLocked | AccountState::Blocked => "held",
        _ => "ended",
    }
}

pub(crate) async fn card(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let card = ra.user(session, &user).await?;
    let owner = card.record.data.subject.person().name.full();
    let cases: Vec<_> =
        card.cases.iter().map(|view| case(view, &owner, &console, visitor.language)).collect();
    let scans = ra.scans(session, &ScanOwner::User(user)).await?;
    let account = &card.account;
    let own = session.actor().user == Some(user);
    let values = context! {
        user => user.to_string(),
        owner,
        own,
        login => card.record.login.as_str(),
        role_of => Message::from(account.role()).says(visitor.language),
        is_user => account.role() == Role::User,
        office => account.office().map(ToString::to_string),
        state => Message::from(account.state()).says(visitor.language),
        mark => account_mark(&account.view()),
        versions => account.versions(),
        locked_until => account.locked_until().map(|until| console.office.zone.show(until)),
        temporary_until => account.temporary().map(|one| console.office.zone.show(one.until)),
        bound => account.bound().iter().map(ToString::to_string).collect::<Vec<_>>(),
        data => sections(&RegistrationForm::from(&card.record.data), visitor.language),
        cases,
        actions => buttons(&card.actions, Target::User(user), visitor.language),
        may_edit => allows(&card.actions, Act::EditData),
        may_bind => allows(&card.actions, Act::BindCertificate),
        may_unbind => allows(&card.actions, Act::UnbindCertificate),
        may_request => account.role() == Role::User || visitor.role() == Role::Administrator,
        scans => super::papers::scan_rows(&scans, &format!("/users/{user}"), visitor.language),
    };
    page(&console, &visitor, "user.html", values)
}

/// Registration data, section by section, as papers have it.
fn sections(form: &RegistrationForm, language: gost_ca::language::Language) -> Value {
    let mut sections: Vec<(String, Vec<Value>)> = Vec::new();
    for field in Field::ALL {
        let Some(shown) = form.shown(*field) else { continue };
        let heading = super::registration::heading(field.section(), language);
        let row =
            context! { label => super::registration::label(*field, language), value => shown };
        match sections.last_mut() {
            Some((last, rows)) if *last == heading => rows.push(row),
            _ => sections.push((heading, vec![row])),
        }
    }
    sections.into_iter().map(|(heading, rows)| context! { heading, rows }).collect()
}

const ROWS: usize = 50;
const EXPORTED: usize = 10_000;
