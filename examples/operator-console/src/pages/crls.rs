//! CRLs: how old they are, where they went, and the newest for download.

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::lifecycle::crl::{DeliveryState, IssuedCrl};
use minijinja::{Value, context};

use super::certificates::file;
use crate::Console;
use crate::texts::words;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn list(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (ra, authority) = (&console.office.ra, &console.office.authority);
    let lines = ra.crl_lines(authority).await?;
    let rows = lines.iter().enumerate().map(|(number, line)| {
        let newest = line.full.as_ref();
        context! {
            link => newest.map(|_| format!("/crls/{number}")),
            state => words(&format!("crl.{}", line.state.name()), visitor.language),
            blocked => &line.blocked,
            ..newest.map(|crl| shown(crl, &console, &visitor)).unwrap_or_default()
        }
    });
    let mut past = ra.crl_history(authority).await?;
    past.reverse();
    let past = past.iter().take(PAST).map(|past| {
        context! { delta => past.base, ..shown(&past.crl, &console, &visitor) }
    });
    let values = context! { rows => rows.collect::<Vec<_>>(), past => past.collect::<Vec<_>>() };
    page(&console, &visitor, "crls.html", values)
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
