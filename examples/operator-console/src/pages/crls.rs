//! CRLs: how old they are, where they went, and the newest for download.

use std::sync::Arc;

use axum::extract::{Path, State};
use minijinja::context;

use super::certificates::file;
use crate::Console;
use crate::texts::words;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn list(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let zone = &console.office.zone;
    let lines = console.office.ra.crl_lines(&console.office.authority).await?;
    let rows = lines.iter().enumerate().map(|(number, line)| {
        let newest = line.full.as_ref();
        let deliveries = newest.map(|crl| {
            let told = crl.deliveries.iter().map(|(name, state)| {
                context! { name => name.as_str(), state => words(&format!("delivery.{state:?}"), visitor.language) }
            });
            told.collect::<Vec<_>>()
        });
        context! {
            link => newest.map(|_| format!("/crls/{number}")),
            state => words(&format!("crl.{}", line.state.name()), visitor.language),
            number => newest.map(|crl| crl.number),
            entries => newest.map(|crl| crl.entries),
            this_update => newest.map(|crl| zone.show(crl.this_update)),
            next_update => newest.map(|crl| zone.show(crl.next_update)),
            blocked => &line.blocked,
            deliveries,
        }
    });
    let values = context! { rows => rows.collect::<Vec<_>>() };
    page(&console, &visitor, "crls.html", values)
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
