//! What people type into search boxes: serial numbers and thumbprints (U2), an organisation's INN (U11).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use gost_ca::id::CaseId;
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
    let mut found = numbered(console, typed).await?;
    if found.is_empty() {
        let filter = super::users::filter(typed, None);
        let (users, _) =
            console.office.ra.find_users(visitor.session(), &filter, &Page::first(USERS)).await?;
        let users = users.iter().map(|row| row.account.user).collect::<Vec<_>>();
        if !users.is_empty() {
            found = ids(console, &Query::CasesOf(users)).await?;
        }
    }
    let mut seen = Vec::new();
    for case in found {
        // what this person may not see is not found
        if let Ok(card) = console.office.ra.case(visitor.session(), &case).await {
            seen.push(card.case.view());
        }
    }
    Ok(seen)
}

/// By thumbprint or serial number, where that may be one.
async fn numbered(console: &Console, typed: &str) -> Result<Vec<CaseId>, Failure> {
    let query = SearchQuery::from_typed(typed);
    let Some(octets) = query.hex().and_then(octets) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    if let Some(thumbprint) = thumbprint(&octets) {
        found.extend(ids(console, &Query::Thumbprint(thumbprint)).await?);
    }
    if let Ok(serial) = SerialNumber::from_magnitude(&octets) {
        found.extend(ids(console, &Query::Serial(serial)).await?);
    }
    Ok(found)
}

/// A number with a digit too few has lost its leading zero.
fn octets(hex: &str) -> Option<Vec<u8>> {
    let even = if hex.len().is_multiple_of(2) { hex.to_owned() } else { format!("0{hex}") };
    gost_ca::hex::decode(&even)
}

/// Leading zeros are no part of a number, and of a thumbprint they are.
fn thumbprint(octets: &[u8]) -> Option<[u8; 20]> {
    let mut padded = vec![0; 20_usize.checked_sub(octets.len())?];
    padded.extend(octets);
    padded.try_into().ok()
}

async fn ids(console: &Console, query: &Query) -> Result<Vec<CaseId>, Failure> {
    let journal = &console.office.ra.providers().journal;
    let found = journal.find(query, &Page::first(CASES)).await?.views;
    let case = |view| match view {
        View::Case(view) => Some(view.case),
        View::Certificate(view) => Some(view.case),
        _ => None,
    };
    Ok(found.into_iter().filter_map(case).collect())
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
    let about =
        |field: &&Field| matches!(field.section(), Section::Organization | Section::Address);
    let fields = Field::ALL.iter().filter(about);
    let fields = fields.filter_map(|field| Some((field.key(), form.value(*field)?)));
    Ok(Json(fields.collect::<std::collections::BTreeMap<_, _>>()).into_response())
}

const USERS: usize = 20;
const CASES: usize = 50;
