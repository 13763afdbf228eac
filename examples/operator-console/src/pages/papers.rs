//! Printed forms and scans. That a form was printed is recorded (V7); it is shown in a page that runs nothing.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse as _, Response};
use gost_ca::Timestamp;
use gost_ca::desk::scan::{Scan, ScanFormat, ScanOwner};
use gost_ca::id::{CaseId, UserId};
use gost_ca::language::Language;
use gost_ca::print::{Application, Form, Paper};
use minijinja::{Value, context};

use super::act::envelope;
use crate::Console;
use crate::web::{Failure, PAPER_POLICY, Reply, Visitor};

/// Forms about a certificate or its request.
pub(crate) async fn of_case(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((case, form)): Path<(String, String)>,
) -> Reply {
    let case: CaseId = case.parse().map_err(|_| Failure::Missing)?;
    let paper = case_paper(&console, &visitor, &case, &form).await?;
    let command = envelope(&console, paper.printed_for_case(case))?;
    console.office.ra.execute(visitor.session(), &command).await?;
    Ok(shown(&paper.html))
}

pub(super) async fn case_paper(
    console: &Console,
    visitor: &Visitor,
    case: &CaseId,
    form: &str,
) -> Result<Paper, Failure> {
    let (ra, session) = (&console.office.ra, visitor.session());
    if form == "request" {
        let request = ra.request(session, case).await?;
        return print(console, &Form::Request(&request));
    }
    let card = ra.case(session, case).await?;
    let record = ra.user(session, &card.case.begun().user).await?.record;
    let certificate = card.certificate.as_ref().ok_or(Failure::Missing)?;
    let period = (certificate.validity().not_before, Timestamp::now());
    let history = ra.status_periods(session, case, period).await?;
    let application = Application {
        record: &record,
        certificate,
        why: None,
        until: card.case.hold_end().map(|(until, _)| until),
        at_end: None,
    };
    let form = match form {
        "copy" => Form::Copy(certificate),
        "terminate" => Form::Terminate(application),
        "suspend" => Form::Suspend(application),
        "resume" => Form::Resume(application),
        "acknowledgement" => Form::Acknowledgement { record: &record, certificate },
        "extract" => Form::Extract { certificate, history: &history },
        "status" => Form::Status { certificate, history: &history },
        _ => return Err(Failure::Missing),
    };
    print(console, &form)
}

/// Forms about a person.
pub(crate) async fn of_user(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((user, form)): Path<(String, String)>,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let record = console.office.ra.user(visitor.session(), &user).await?.record;
    let form = match form.as_str() {
        "create" => Form::Create(&record),
        "consent" => Form::Consent(&record),
        "memo" => Form::Memo,
        _ => return Err(Failure::Missing),
    };
    let paper = print(&console, &form)?;
    let command = envelope(&console, paper.printed_for_user(user))?;
    console.office.ra.execute(visitor.session(), &command).await?;
    Ok(shown(&paper.html))
}

pub(super) fn print(console: &Console, form: &Form<'_>) -> Result<Paper, Failure> {
    let stationery = console.office.stationery();
    stationery.print(form, Timestamp::now()).map_err(Failure::internal)
}

pub(crate) fn shown(paper: &str) -> Response {
    let mut response = Html(paper.to_owned()).into_response();
    let policy = HeaderValue::from_static(PAPER_POLICY);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    response
}

/// Forms that were printed, as a card lists them, the newest first.
pub(crate) async fn printed_rows(
    console: &Console,
    visitor: &Visitor,
    (owner, page): (ScanOwner, &str),
) -> Result<Vec<Value>, Failure> {
    if !visitor.is_staff() {
        return Ok(Vec::new());
    }
    let printed = console.office.ra.printed_forms(visitor.session(), &owner).await?;
    let rows = printed.iter().enumerate().rev().map(|(number, one)| {
        context! {
            form => crate::texts::words(&format!("form.{}", one.form), visitor.language),
            at => console.office.zone.show(one.at),
            link => format!("{page}/printed/{number}"),
        }
    });
    Ok(rows.collect())
}

pub(crate) async fn printed_of_case(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((case, number)): Path<(String, usize)>,
) -> Reply {
    let case = case.parse().map_err(|_| Failure::Missing)?;
    printed(&console, &visitor, ScanOwner::Case(case), number).await
}

pub(crate) async fn printed_of_user(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((user, number)): Path<(String, usize)>,
) -> Reply {
    let user = user.parse().map_err(|_| Failure::Missing)?;
    printed(&console, &visitor, ScanOwner::User(user), number).await
}

/// The very paper that was printed then.
async fn printed(console: &Console, visitor: &Visitor, owner: ScanOwner, number: usize) -> Reply {
    let (ra, session) = (&console.office.ra, visitor.session());
    let forms = ra.printed_forms(session, &owner).await?;
    let form = forms.get(number).ok_or(Failure::Missing)?;
    Ok(shown(&ra.printed_form(session, &owner, &form.paper).await?))
}

/// Scans as a card lists them.
pub(crate) fn scan_rows(scans: &[Scan], page: &str, language: Language) -> Vec<Value> {
    let row = |(number, scan): (usize, &Scan)| {
        context! {
            kind => crate::texts::words(&format!("scan.{}", scan.kind.name()), language),
            size => (scan.size / 1024).saturating_add(1),
            link => format!("{page}/scan/{number}"),
        }
    };
    scans.iter().enumerate().map(row).collect()
}

pub(crate) async fn scan_of_case(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((case, number)): Path<(String, usize)>,
) -> Reply {
    let case = case.parse().map_err(|_| Failure::Missing)?;
    scan(&console, &visitor, ScanOwner::Case(case), number).await
}

pub(crate) async fn scan_of_user(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((user, number)): Path<(String, usize)>,
) -> Reply {
    let user = user.parse().map_err(|_| Failure::Missing)?;
    scan(&console, &visitor, ScanOwner::User(user), number).await
}

async fn scan(console: &Console, visitor: &Visitor, owner: ScanOwner, number: usize) -> Reply {
    let (ra, session) = (&console.office.ra, visitor.session());
    let scans = ra.scans(session, &owner).await?;
    let scan = scans.get(number).ok_or(Failure::Missing)?;
    let (scan, octets) = ra.scan(session, &owner, &scan.document).await?;
    let kind = match scan.format {
        ScanFormat::Pdf => "application/pdf",
        _ => "image/jpeg",
    };
    let mut response = octets.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    Ok(response)
}
