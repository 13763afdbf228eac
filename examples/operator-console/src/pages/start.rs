//! The first page: what wants attention (V13).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use gost_ca::Timestamp;
use gost_ca::entry::Method;
use gost_ca::provider::journal::{ApprovalFilter, CaseFilter, Page};
use gost_ca::view::{ApprovalState, CaseState, Role};
use jiff::SignedDuration;
use minijinja::{Value, context};

use super::rows::{self, Names, pairs};
use crate::Console;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    if visitor.role() == Role::User {
        return Ok(Redirect::to(&format!("/users/{}", visitor.user()?)).into_response());
    }
    let now = Timestamp::now();
    let soon = now.checked_add(SignedDuration::from_hours(30 * 24)).unwrap_or(now);
    let states =
        |states: &[CaseState]| CaseFilter { states: states.to_vec(), ..CaseFilter::default() };
    let expiring = CaseFilter {
        states: vec![CaseState::Active, CaseState::Suspended],
        expires: Some(now..soon),
        ..CaseFilter::default()
    };
    let mut names = Names::default();
    let lists = [
        ("expiring", expiring),
        ("suspended", states(&[CaseState::Suspended])),
        ("waiting", states(&[CaseState::PolicyReview, CaseState::PendingApproval])),
        ("unaccepted", states(&[CaseState::AwaitingAcceptance])),
        (
            "unfinished",
            states(&[CaseState::Draft, CaseState::Built, CaseState::Failed, CaseState::InDoubt]),
        ),
    ];
    let mut shown = Vec::new();
    for (title, filter) in lists {
        let rows = few(&console, &visitor, filter, &mut names).await?;
        shown.push(context! { title => crate::texts::words(&format!("start.{title}"), visitor.language), rows });
    }
    let waiting =
        ApprovalFilter { states: vec![ApprovalState::Waiting], ..ApprovalFilter::default() };
    let page_of = Page::first(FEW);
    let (approvals, _) =
        console.office.ra.list_approvals(visitor.session(), waiting, &page_of).await?;
    let few = Page::first(FEW);
    let (overdue, _) = console.office.ra.overdue_terminations(visitor.session(), &few).await?;
    let values = context! {
        lists => shown,
        overdue => super::overdue::rows(&console, &visitor, &overdue).await?,
        approvals => approvals.len(),
        own => own_certificate(&console, &visitor).await?,
        crls => crl_ages(&console, &visitor).await?,
    };
    page(&console, &visitor, "start.html", values)
}

async fn few(
    console: &Console,
    visitor: &Visitor,
    filter: CaseFilter,
    names: &mut Names,
) -> Result<Vec<Value>, Failure> {
    let ra = &console.office.ra;
    let (cases, _) = ra.list_cases(visitor.session(), filter, &Page::first(FEW)).await?;
    names.learn(console, visitor, cases.iter().map(|case| case.user)).await?;
    let mut shown = Vec::new();
    for case in &cases {
        let owner = names.of(console, visitor, &case.user).await;
        shown.push(rows::case(case, &owner, console, visitor.language));
    }
    Ok(shown)
}

/// The certificate that this session rests on, and its end.
async fn own_certificate(console: &Console, visitor: &Visitor) -> Result<Option<Value>, Failure> {
    let Method::Certificate(case) = visitor.session().actor().method else { return Ok(None) };
    let card = console.office.ra.case(visitor.session(), &case).await?;
    Ok(card.certificate.map(|certificate| {
        context! {
            case => case.to_string(),
            serial => pairs(certificate.serial()),
            not_after => console.office.zone.show(certificate.validity().not_after),
        }
    }))
}

async fn crl_ages(console: &Console, visitor: &Visitor) -> Result<Vec<Value>, Failure> {
    let lines = console.office.ra.crl_lines(&console.office.authority).await?;
    let shown = lines.iter().map(|line| {
        let newest = line.newest();
        context! {
            number => newest.map(|crl| crl.number),
            this_update => newest.map(|crl| console.office.zone.show(crl.this_update)),
            next_update => newest.map(|crl| console.office.zone.show(crl.next_update)),
            blocked => &line.blocked,
            state => crate::texts::words(&format!("crl.{}", line.state.name()), visitor.language),
        }
    });
    Ok(shown.collect())
}

const FEW: usize = 10;
