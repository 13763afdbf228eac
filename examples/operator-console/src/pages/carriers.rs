//! The register of key carriers (U15): which token has whom.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::command::Command;
use gost_ca::desk::lists;
use gost_ca::id::TokenId;
use gost_ca::lifecycle::Act;
use gost_ca::lifecycle::carrier::Carrier;
use gost_ca::message::Message;
use gost_ca::print::Form;
use gost_ca::provider::journal::{CarrierFilter, Page};
use gost_ca::registration::Text;
use gost_ca::view::{CarrierState, CarrierView};
use minijinja::{Value, context};
use serde::Deserialize;

use super::act;
use super::papers::{print, shown};
use super::rows::{Names, allows, buttons, cursor_text, read_cursor};
use super::users::{csv_file, filter as people};
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Reply, Visitor, page};

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    after: Option<String>,
}

impl Asked {
    fn filter(&self) -> CarrierFilter {
        let states = CarrierState::from_name(&self.state).into_iter().collect();
        CarrierFilter { states, ..CarrierFilter::default() }
    }
}

pub(crate) async fn list(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let (ra, session) = (&console.office.ra, visitor.session());
    let page_of = Page { after: read_cursor(asked.after.as_deref())?, limit: ROWS };
    let (carriers, next) = ra.list_carriers(session, asked.filter(), &page_of).await?;
    let states = CarrierState::ALL.iter().map(|state| {
        context! { value => state.name(), label => Message::from(*state).says(visitor.language) }
    });
    let values = context! {
        rows => rows(&console, &visitor, &carriers).await?,
        next => cursor_text(next),
        state => asked.state,
        states => states.collect::<Vec<_>>(),
    };
    page(&console, &visitor, "carriers.html", values)
}

/// Carriers as lists show them.
pub(super) async fn rows(
    console: &Console,
    visitor: &Visitor,
    carriers: &[CarrierView],
) -> Result<Vec<Value>, Failure> {
    let (mut names, mut rows) = (Names::default(), Vec::with_capacity(carriers.len()));
    names.learn(console, visitor, carriers.iter().filter_map(|one| one.user)).await?;
    for carrier in carriers {
        let who = match &carrier.user {
            Some(user) => Some(names.of(console, visitor, user).await),
            None => None,
        };
        rows.push(context! {
            id => carrier.token.to_string(),
            serial => &carrier.serial,
            model => &carrier.model,
            office => carrier.office.as_str(),
            state => Message::from(carrier.state).says(visitor.language),
            mark => mark(carrier.state),
            user => carrier.user.map(|user| user.to_string()),
            who => who.as_deref(),
            received => console.office.zone.show_day(carrier.created),
        });
    }
    Ok(rows)
}

const fn mark(state: CarrierState) -> &'static str {
    match state {
        CarrierState::InStock => "good",
        CarrierState::HandedOut => "waiting",
        _ => "ended",
    }
}

/// The journal «поэкземплярного учёта», a line for each handing over.
pub(crate) async fn csv(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let lines = console.office.ra.carrier_journal(visitor.session(), &asked.filter()).await?;
    Ok(csv_file("carriers.csv", lists::carriers(&lines, &console.office.zone).to_csv()))
}

pub(crate) async fn printed(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let lines = console.office.ra.carrier_journal(visitor.session(), &asked.filter()).await?;
    Ok(shown(&print(&console, &Form::Carriers(&lines))?.html))
}

async fn load(console: &Console, visitor: &Visitor, id: &str) -> Result<Carrier, Failure> {
    let id: TokenId = id.parse().map_err(|_| Failure::Missing)?;
    Ok(console.office.ra.carrier(visitor.session(), &id).await?)
}

pub(crate) async fn card(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Reply {
    let carrier = load(&console, &visitor, &id).await?;
    shown_card(&console, &visitor, &carrier, Taker::default()).await
}

/// To whom a carrier goes, as far as that is known.
#[derive(Default)]
struct Taker {
    typed: String,
    paper: String,
    found: Vec<Value>,
    nobody: bool,
}

async fn shown_card(
    console: &Console,
    visitor: &Visitor,
    carrier: &Carrier,
    taker: Taker,
) -> Reply {
    let view = carrier.view().clone();
    let (id, actions) = (view.token, carrier.allowed_actions(visitor.session().actor()));
    let row = rows(console, visitor, std::slice::from_ref(&view)).await?.pop();
    let values = context! {
        carrier => row,
        may_hand_out => allows(&actions, Act::HandOutCarrier),
        actions => buttons(&actions, Target::Carrier(id), visitor.language),
        typed => taker.typed,
        paper => taker.paper,
        found => taker.found,
        nobody => taker.nobody,
    };
    page(console, visitor, "carrier.html", values)
}

/// One person who fits gets it; of several, one is to be chosen.
pub(crate) async fn hand_out(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let loaded = load(&console, &visitor, &id).await?;
    let carrier = loaded.view().token;
    let paper = fields.need("carrier_paper")?;
    let user = match fields.text("user") {
        Some(chosen) => Some(chosen.parse().map_err(|_| Failure::BadRequest)?),
        None => None,
    };
    let typed = fields.text("who").unwrap_or_default();
    let (ra, session) = (&console.office.ra, visitor.session());
    let found = match user {
        Some(_) => Vec::new(),
        None => ra.find_users(session, &people(typed, None), &Page::first(FOUND)).await?.0,
    };
    let user = user.or_else(|| match &found[..] {
        [only] if !typed.is_empty() => Some(only.account.user),
        _ => None,
    });
    if let Some(user) = user {
        let paper = Text::from_typed(paper).map_err(|_| Failure::Field("carrier_paper"))?;
        let command = Command::HandOutCarrier { carrier, user, paper };
        return act::confirm(&console, &visitor, (command, Target::Carrier(carrier)), false).await;
    }
    let choices = found.iter().map(|row| {
        let data = &row.record.data.subject;
        context! {
            user => row.account.user.to_string(),
            name => data.person().name.full(),
            login => row.record.login.as_str(),
            organization => data.organization().map(|one| one.name.to_string()),
        }
    });
    let taker = Taker {
        typed: typed.to_owned(),
        paper: paper.to_owned(),
        found: choices.collect(),
        nobody: found.is_empty(),
    };
    shown_card(&console, &visitor, &loaded, taker).await
}

const ROWS: usize = 25;
const FOUND: usize = 20;
