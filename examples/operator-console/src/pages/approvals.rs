//! What others must approve.

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::desk::table::Table;
use gost_ca::id::ApprovalId;
use gost_ca::language::Language;
use gost_ca::message::Message;
use gost_ca::provider::journal::{ApprovalFilter, Page};
use gost_ca::view::ApprovalState;
use minijinja::context;

use super::rows::{Names, buttons};
use super::users::csv_file;
use crate::Console;
use crate::acts::Target;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn list(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (ra, session) = (&console.office.ra, visitor.session());
    let filter = ApprovalFilter::default();
    let (approvals, _) = ra.list_approvals(session, filter, &Page::first(ROWS)).await?;
    let rows = approvals.iter().map(|view| {
        context! {
            approval => view.approval.to_string(),
            act => Message::from(view.act).says(visitor.language),
            state => approval_state(view.state, visitor.language),
            mark => mark(view.state),
            office => view.office.as_ref().map(ToString::to_string),
            created => console.office.zone.show(view.created),
        }
    });
    let values = context! { rows => rows.collect::<Vec<_>>() };
    page(&console, &visitor, "approvals.html", values)
}

pub(crate) async fn csv(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (ra, page_of) = (&console.office.ra, Page::first(EXPORTED));
    let filter = ApprovalFilter::default();
    let (approvals, _) = ra.list_approvals(visitor.session(), filter, &page_of).await?;
    let mut table =
        Table::new(["Согласование", "Действие", "Состояние", "Пункт выдачи", "Дело", "Создано"]);
    for view in &approvals {
        table.push([
            view.approval.to_string(),
            Message::from(view.act).says(Language::Russian),
            approval_state(view.state, Language::Russian),
            view.office.as_ref().map(ToString::to_string).unwrap_or_default(),
            view.case.map(|case| case.to_string()).unwrap_or_default(),
            console.office.zone.show(view.created),
        ]);
    }
    Ok(csv_file("approvals.csv", table.to_csv()))
}

fn approval_state(state: ApprovalState, language: Language) -> String {
    crate::texts::words(&format!("approval.{state:?}"), language)
}

const fn mark(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Executed => "good",
        ApprovalState::Waiting | ApprovalState::Approved => "waiting",
        ApprovalState::Failed => "held",
        _ => "ended",
    }
}

pub(crate) async fn card(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(approval): Path<String>,
) -> Reply {
    let id: ApprovalId = approval.parse().map_err(|_| Failure::Missing)?;
    let card = console.office.ra.approval(visitor.session(), &id).await?;
    let (request, mut names) = (card.approval.request(), Names::default());
    let requester = match &card.approval.requester().user {
        Some(user) => Some(names.of(&console, &visitor, user).await),
        None => None,
    };
    let command = serde_json::to_string_pretty(&card.command).map_err(Failure::internal)?;
    let values = context! {
        title => Message::from(request.act).says(visitor.language),
        state => approval_state(card.approval.state(), visitor.language),
        mark => mark(card.approval.state()),
        requester => requester.as_deref(),
        granted => card.approval.granted().len(),
        quorum => request.quorum,
        until => console.office.zone.show(request.until),
        case => request.case.map(|case| case.to_string()),
        command,
        actions => buttons(&card.actions, Target::Approval(id), visitor.language),
    };
    page(&console, &visitor, "approval.html", values)
}

const ROWS: usize = 100;
const EXPORTED: usize = 10_000;
