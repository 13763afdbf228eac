//! The audit: what happened, whether it is whole.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::audit::log::Log;
use gost_ca::audit::verify::verify as verify_audit;
use gost_ca::command::Command;
use gost_ca::desk::events::EventLine;
use gost_ca::entry::Entry;
use gost_ca::lifecycle::Refusal;
use gost_ca::message::Message;
use gost_ca::provider::journal::StreamId;
use gost_ca::registration_authority::AuditFilter;
use gost_ca::view::Role;
use jiff::{SignedDuration, Timestamp};
use minijinja::{Value, context};
use serde::Deserialize;

use super::act;
use super::certificates::file;
use super::rows::Names;
use super::users::csv_file;
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Reply, Visitor, page};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    user: Option<String>,
    #[serde(default)]
    days: String,
}

impl Asked {
    fn filter(&self) -> Result<AuditFilter, Failure> {
        let user = self.user.as_deref().filter(|user| !user.is_empty()).map(str::parse).transpose();
        let days = self.days.parse::<i64>().unwrap_or(1).clamp(1, 3660);
        let back = SignedDuration::from_hours(days.saturating_mul(24));
        let from = Timestamp::now().checked_sub(back).unwrap_or(Timestamp::MIN);
        Ok(AuditFilter {
            user: user.map_err(|_| Failure::BadRequest)?,
            from: Some(from),
            ..AuditFilter::default()
        })
    }
}

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    shown(&console, &visitor, &asked, None).await
}

async fn shown(
    console: &Console,
    visitor: &Visitor,
    asked: &Asked,
    verdict: Option<Value>,
) -> Reply {
    let extract = console.office.ra.read_audit(visitor.session(), &asked.filter()?).await?;
    let (mut names, mut rows) = (Names::default(), Vec::new());
    for line in extract.lines.iter().rev().take(ROWS) {
        let Some(event) = EventLine::of(&line.entry) else { continue };
        let shown = row(console, visitor, &event, &mut names).await;
        let (stream, proven) = (line.stream.to_string(), line.proof.is_some());
        rows.push(context! { stream, proven, ..shown });
    }
    let values = context! {
        rows,
        checkpoints => checkpoints(console).await?,
        all => extract.lines.len(),
        days => &asked.days,
        user => &asked.user,
        verdict,
    };
    page(console, visitor, "audit.html", values)
}

/// The newest checkpoints, the newest first.
async fn checkpoints(console: &Console) -> Result<Option<Vec<Value>>, Failure> {
    if console.office.ra.providers().auditor.is_none() {
        return Ok(None);
    }
    let log = log(console).await?;
    let rows = log.checkpoints().iter().rev().take(CHECKPOINTS).map(|signed| {
        let made = &signed.checkpoint;
        context! {
            number => made.number,
            at => console.office.zone.show(made.at),
            links => made.links,
            root => gost_ca::hex::encode(&made.root),
        }
    });
    Ok(Some(rows.collect()))
}

async fn log(console: &Console) -> Result<Log, Failure> {
    let journal = &console.office.ra.providers().journal;
    let mut log = Log::default();
    for entry in journal.load(&StreamId::Audit, 0).await?.entries {
        log.apply(&Entry::decode(&entry).map_err(Failure::internal)?);
    }
    Ok(log)
}

/// One more, to be signed by the administrator.
pub(crate) async fn make_checkpoint(
    State(console): State<Arc<Console>>,
    Checked { visitor, .. }: Checked,
) -> Reply {
    act::confirm(&console, &visitor, (Command::MakeCheckpoint, Target::Audit), false).await
}

/// A checkpoint as it is kept outside: signed, in JSON.
pub(crate) async fn checkpoint(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(number): Path<u64>,
) -> Reply {
    readers(&visitor)?;
    let log = log(&console).await?;
    let mut all = log.checkpoints().iter();
    let found = all.find(|signed| signed.checkpoint.number == number).ok_or(Failure::Missing)?;
    let octets = serde_json::to_vec_pretty(found).map_err(Failure::internal)?;
    Ok(file(&format!("checkpoint-{number}.json"), octets))
}

fn readers(visitor: &Visitor) -> Result<(), Failure> {
    let may = matches!(visitor.role(), Role::Administrator | Role::Auditor);
    if may { Ok(()) } else { Err(Refusal::Scope.into()) }
}

/// When, who and what.
pub(crate) async fn row(
    console: &Console,
    visitor: &Visitor,
    event: &EventLine,
    names: &mut Names,
) -> Value {
    let who = match &event.actor.user {
        Some(user) => names.of(console, visitor, user).await,
        None => Message::from(event.actor.role).says(visitor.language).into(),
    };
    context! {
        at => console.office.zone.show(event.at),
        who => &*who,
        what => Message::of_event(&event.event).says(visitor.language),
        code => &event.event,
    }
}

/// Reads all chains from their beginnings.
pub(crate) async fn verify(
    State(console): State<Arc<Console>>,
    Checked { visitor, .. }: Checked,
) -> Reply {
    readers(&visitor)?;
    let report = verify_audit(console.office.ra.providers().journal.audit()).await?;
    let verdict = context! {
        whole => report.is_whole(),
        links => report.links,
        writers => report.writers,
        findings => report.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
    };
    shown(&console, &visitor, &Asked::default(), Some(verdict)).await
}

pub(crate) async fn export(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let extract = console.office.ra.read_audit(visitor.session(), &asked.filter()?).await?;
    Ok(csv_file("audit.csv", extract.to_csv().into_bytes()))
}

const ROWS: usize = 200;
const CHECKPOINTS: usize = 20;
