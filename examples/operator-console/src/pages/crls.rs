//! CRLs: how old they are, where they went, and the newest for download.

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::desk::table::Table;
use gost_ca::lifecycle::crl::{DeliveryState, IssuedCrl, PastCrl};
use minijinja::{Value, context};

use super::certificates::file;
use super::users::csv_file;
use crate::Console;
use crate::texts::words;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn list(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (ra, authority) = (&console.office.ra, &console.office.authority);
    let lines = ra.crl_lines(authority).await?;
    let state = ra.authority_state(visitor.session(), authority).await?;
    let period = state.crl_policy().map(|policy| policy.period);
    let rows = lines.iter().enumerate().map(|(number, line)| {
        let newest = line.full.as_ref();
        let next =
            newest.zip(period).and_then(|(crl, period)| crl.this_update.checked_add(period).ok());
        context! {
            number_of_list => number,
            next => next.map(|next| console.office.zone.show(next)),
            link => newest.map(|_| format!("/crls/{number}")),
            state => words(&format!("crl.{}", line.state.name()), visitor.language),
            blocked => &line.blocked,
            ..newest.map(|crl| shown(crl, &console, &visitor)).unwrap_or_default()
        }
    });
    let past = past(&console).await?;
    let past = past.iter().take(PAST).map(|past| {
        context! { delta => past.base, ..shown(&past.crl, &console, &visitor) }
    });
    let values = context! { rows => rows.collect::<Vec<_>>(), past => past.collect::<Vec<_>>() };
    page(&console, &visitor, "crls.html", values)
}

/// The newest first.
async fn past(console: &Console) -> Result<Vec<PastCrl>, Failure> {
    let mut past = console.office.ra.crl_history(&console.office.authority).await?;
    past.reverse();
    Ok(past)
}

pub(crate) async fn csv(State(console): State<Arc<Console>>, _visitor: Visitor) -> Reply {
    let zone = &console.office.zone;
    let mut table = Table::new(["Номер", "К номеру", "Действует с", "Действует до", "Записей"]);
    for PastCrl { base, crl, .. } in past(&console).await? {
        table.push([
            crl.number.to_string(),
            base.map(|base| base.to_string()).unwrap_or_default(),
            zone.show(crl.this_update),
            zone.show(crl.next_update),
            crl.entries.to_string(),
        ]);
    }
    Ok(csv_file("crls.csv", table.to_csv()))
}

fn shown(crl: &IssuedCrl, console: &Console, visitor: &Visitor) -> Value {
    let zone = &console.office.zone;
    let deliveries = crl.deliveries.iter().map(|(name, state)| {
        let (key, at) = match state {
            DeliveryState::Delivered { at } => ("delivery.delivered", at),
            DeliveryState::Failed { at, .. } => ("delivery.failed", at),
            _ => return context! { name => name.as_str() },
        };
        let says = words(key, visitor.language);
        context! { name => name.as_str(), state => format!("{says} {}", zone.show(*at)) }
    });
    context! {
        number => crl.number,
        entries => crl.entries,
        this_update => zone.show(crl.this_update),
        next_update => zone.show(crl.next_update),
        deliveries => deliveries.collect::<Vec<_>>(),
    }
}

pub(crate) async fn download(
    State(console): State<Arc<Console>>,
    _visitor: Visitor,
    Path(number): Path<usize>,
) -> Reply {
    let crls = console.office.ra.crls(&console.office.authority).await?;
    let crl = crls.into_iter().nth(number).ok_or(Failure::Missing)?;
    Ok(file(&format!("crl-{number}.crl"), crl))
}

const PAST: usize = 50;
