//! What people type into search boxes: serial numbers and thumbprints (U2), an organisation's INN (U11).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use gost_ca::provider::UserFilter;
use gost_ca::provider::journal::{Page, Query};
use gost_ca::registration::{Field, RegistrationForm, SearchQuery, Section};
use gost_ca::view::{CaseView, View};
use gost_ca::x509::SerialNumber;

use crate::Console;
use crate::web::{Failure, Reply, Visitor};

/// The certificates that were meant, by serial number, SHA-1 thumbprint, or words of their owner's name.
pub(crate) async fn cases(
    console: &Console,
    visitor: &Visitor,
    typed: &str,
) -> Result<Vec<CaseView>, Failure> {
    let query = SearchQuery::from_typed(typed);
    let mut found = Vec::new();
    if let Some(octets) = query.hex().and_then(octets) {
        if let Ok(thumbprint) = <[u8; 20]>::try_from(octets.as_slice()) {
            found.extend(views(console, &Query::Thumbprint(thumbprint)).await?);
        }
        if let Ok(serial) = SerialNumber::from_magnitude(&octets) {
            found.extend(views(console, &Query::Serial(serial)).await?);
        }
    }
    if found.is_empty() {
        let filter = super::users::filter(typed, None);
        let (users, _) =
            console.office.ra.find_users(visitor.session(), &filter, &Page::first(USERS)).await?;
        let users = users.iter().map(|row| row.account.user).collect::<Vec<_>>();
        if !users.is_empty() {
            found = views(console, &Query::CasesOf(users)).await?;
        }
    }
    seen(console, visitor, found).await
}

/// A number with a digit too few has lost its leading zero.
fn octets(hex: &str) -> Option<Vec<u8>> {
    let even = if hex.len().is_multiple_of(2) { hex.to_owned() } else { format!("0{hex}") };
    gost_ca::hex::decode(&even)
}

async fn views(console: &Console, query: &Query) -> Result<Vec<CaseView>, Failure> {
    let journal = &console.office.ra.providers().journal;
    let found = journal.find(query, &Page::first(CASES)).await?.views;
    let case = |view| if let View::Case(case) = view { Some(case) } else { None };
    Ok(found.into_iter().filter_map(case).collect())
}

/// Of what the record has, what this person may see.
async fn seen(
    console: &Console,
    visitor: &Visitor,
    found: Vec<CaseView>,
) -> Result<Vec<CaseView>, Failure> {
    let mut seen = Vec::new();
    for view in found {
        if console.office.ra.case(visitor.session(), &view.case).await.is_ok() {
            seen.push(view);
        }
    }
    Ok(seen)
}

/// What is known of an organisation, for the form to be filled in.
pub(crate) async fn organization(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(inn): Path<String>,
) -> Reply {
    if !visitor.is_staff() || inn.is_empty() || !inn.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Failure::Missing);
    }
    let filter = UserFilter { inn: Some(inn), ..UserFilter::default() };
    let ra = &console.office.ra;
    let (rows, _) = ra.find_users(visitor.session(), &filter, &Page::first(1)).await?;
    let known = rows.first().ok_or(Failure::Missing)?;
    known.record.data.subject.organization().ok_or(Failure::Missing)?;
    let form = RegistrationForm::from(&known.record.data);
    let about = |field: &&Field| {
        matches!(field.section(), Section::Organization | Section::Address)
    };
    let fields = Field::ALL.iter().filter(about);
    let fields = fields.filter_map(|field| Some((field.key(), form.value(*field)?)));
    Ok(Json(fields.collect::<std::collections::BTreeMap<_, _>>()).into_response())
}

const USERS: usize = 20;
const CASES: usize = 50;
