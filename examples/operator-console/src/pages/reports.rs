//! Reports: issued, terminated, expiring, by period (U12).

use std::sync::Arc;

use axum::extract::{Query, State};
use gost_ca::desk::report::{ReportKind, ReportOrder};
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::users::csv_file;
use crate::Console;
use crate::web::{Failure, Reply, Visitor, page};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    csv: Option<String>,
}

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let kind = match asked.kind.as_str() {
        "terminated" => ReportKind::Terminated,
        "late" => ReportKind::Late,
        "expiring" => ReportKind::Expiring,
        _ => ReportKind::Issued,
    };
    let now = Timestamp::now();
    let month = SignedDuration::from_hours(30 * 24);
    let default = if kind == ReportKind::Expiring {
        now..now.checked_add(month).unwrap_or(now)
    } else {
        now.checked_sub(month).unwrap_or(now)..now
    };
    let day = |text: &str, otherwise: Timestamp, shift| match text.parse::<Date>() {
        Ok(day) => midnight(day).map(|at| at.checked_add(shift).unwrap_or(at)),
        Err(_) => Ok(otherwise),
    };
    let (from, to) = (
        day(&asked.from, default.start, SignedDuration::ZERO)?,
        day(&asked.to, default.end, SignedDuration::from_hours(24))?,
    );
    let order = ReportOrder { kind, period: from..to, operator: None, offices: Vec::new() };
    let report = console.office.ra.report(visitor.session(), &order).await?;
    let table = report.to_table(&console.office.zone);
    if asked.csv.is_some() {
        return Ok(csv_file("report.csv", table.to_csv()));
    }
    let values = context! {
        kind => asked.kind,
        from => asked.from,
        to => asked.to,
        columns => Value::from(Serde(table.columns())),
        rows => Value::from(Serde(table.rows())),
        by_operator => report.by_operator(),
    };
    page(&console, &visitor, "reports.html", values)
}

/// The beginning of a day in the authority's zone.
fn midnight(day: Date) -> Result<Timestamp, Failure> {
    let zone = Offset::constant(3);
    zone.to_timestamp(day.at(0, 0, 0, 0)).map_err(|_| Failure::BadRequest)
}
