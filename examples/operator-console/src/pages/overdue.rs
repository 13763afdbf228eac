//! Terminations whose legal term is over (R3).

use std::sync::Arc;

use axum::extract::{Query, State};
use gost_ca::desk::table::Table;
use gost_ca::language::Language;
use gost_ca::message::Message;
use gost_ca::provider::journal::Page;
use gost_ca::registration_authority::OverdueTermination;
use minijinja::{Value, context};

use super::rows::{After, Names, cursor_text, read_cursor};
use super::users::csv_file;
use crate::Console;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn list(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<After>,
) -> Reply {
    let page_of = Page { after: read_cursor(asked.after.as_deref())?, limit: ROWS };
    let ra = &console.office.ra;
    let (overdue, next) = ra.overdue_terminations(visitor.session(), &page_of).await?;
    let overdue = rows(&console, &visitor, &overdue).await?;
    let values = context! { overdue, next => cursor_text(next) };
    page(&console, &visitor, "overdue.html", values)
}

/// What had to be entered, with its owner, the longest overdue first.
pub(super) async fn rows(
    console: &Console,
    visitor: &Visitor,
    overdue: &[OverdueTermination],
) -> Result<Vec<Value>, Failure> {
    let (mut names, mut rows) = (Names::default(), Vec::with_capacity(overdue.len()));
    names.learn(console, visitor, overdue.iter().map(|one| one.case.user)).await?;
    let zone = &console.office.zone;
    for one in overdue {
        rows.push(context! {
            case => one.case.case.to_string(),
            owner => &*names.of(console, visitor, &one.case.user).await,
            reason => Message::from(one.application.reason).says(visitor.language),
            learned => zone.show(one.application.learned),
            deadline => zone.show(one.application.deadline),
        });
    }
    Ok(rows)
}

pub(crate) async fn csv(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (ra, zone) = (&console.office.ra, &console.office.zone);
    let page_of = Page::first(EXPORTED);
    let (overdue, _) = ra.overdue_terminations(visitor.session(), &page_of).await?;
    let mut names = Names::default();
    names.learn(&console, &visitor, overdue.iter().map(|one| one.case.user)).await?;
    let mut table =
        Table::new(["Дело", "Владелец", "Причина", "Стало известно", "Внести не позднее"]);
    for one in &overdue {
        table.push([
            one.case.case.to_string(),
            names.of(&console, &visitor, &one.case.user).await.to_string(),
            Message::from(one.application.reason).says(Language::Russian),
            zone.show(one.application.learned),
            zone.show(one.application.deadline),
        ]);
    }
    Ok(csv_file("overdue.csv", table.to_csv()))
}

const ROWS: usize = 50;
const EXPORTED: usize = 10_000;
