//! What lists and cards show, as templates take it.

use std::collections::BTreeMap;
use std::sync::Arc;

use gost_ca::id::UserId;
use gost_ca::language::Language;
use gost_ca::lifecycle::AllowedAction;
use gost_ca::message::Message;
use gost_ca::provider::journal::Cursor;
use gost_ca::view::{CaseState, CaseView};
use gost_ca::x509::SerialNumber;
use minijinja::{Value, context};
use serde::Deserialize;

use crate::Console;
use crate::acts::{Target, row};
use crate::web::{Failure, Visitor};

/// The buttons of a card: what may be done, and of the rest why not.
pub(crate) fn buttons(actions: &[AllowedAction], target: Target, language: Language) -> Value {
    let button = |action: &AllowedAction| {
        let row = row(action.act)?;
        Some(context! {
            act => action.act.name(),
            label => Message::from(action.act).says(language),
            link => format!("/act/{}?on={}", action.act.name(), target.text()),
            irreversible => row.irreversible,
            refusal => action.refusal.as_ref().map(|why| Message::from(why).spoken(language).to_string()),
        })
    };
    actions.iter().filter_map(button).collect()
}

/// Whether an act is allowed: for buttons that have pages of their own.
pub(crate) fn allows(actions: &[AllowedAction], act: gost_ca::lifecycle::Act) -> bool {
    actions.iter().any(|action| action.act == act && action.refusal.is_none())
}

/// One row of the list of certificates.
pub(crate) fn case(view: &CaseView, owner: &str, console: &Console, language: Language) -> Value {
    let now = gost_ca::Timestamp::now();
    let expired = view.not_after.is_some_and(|end| end < now) && is_live(view.state);
    let state = if expired {
        Message::new("status.expired").says(language)
    } else {
        Message::from(view.state).says(language)
    };
    context! {
        case => view.case.to_string(),
        user => view.user.to_string(),
        owner,
        office => view.office.as_ref().map(ToString::to_string),
        state,
        mark => mark(view.state, expired),
        created => console.office.zone.show(view.created),
        not_after => view.not_after.map(|end| console.office.zone.show_day(end)),
        hidden => view.hidden,
    }
}

const fn is_live(state: CaseState) -> bool {
    matches!(state, CaseState::Active | CaseState::Suspended)
}

/// The colour of a state: good, waiting, held, ended.
pub(crate) const fn mark(state: CaseState, expired: bool) -> &'static str {
    match state {
        _ if expired => "ended",
        CaseState::Active => "good",
        CaseState::Suspended => "held",
        CaseState::Revoked
        | CaseState::Archived
        | CaseState::Erased
        | CaseState::Cancelled
        | CaseState::Rejected
        | CaseState::Expired => "ended",
        _ => "waiting",
    }
}

/// A serial number as other tools show it: pairs of hexadecimal digits (U9).
pub(crate) fn pairs(serial: &SerialNumber) -> String {
    let digits = serial.to_string().to_uppercase();
    let pairs = digits.as_bytes().chunks(2).map(String::from_utf8_lossy);
    pairs.collect::<Vec<_>>().join(" ")
}

/// Names of owners, each asked for once.
#[derive(Debug, Default)]
pub(crate) struct Names(BTreeMap<UserId, Arc<str>>);

impl Names {
    /// Learns the names of a whole list at once.
    pub(crate) async fn learn(
        &mut self,
        console: &Console,
        visitor: &Visitor,
        users: impl Iterator<Item = UserId>,
    ) -> Result<(), Failure> {
        let mut unknown: Vec<_> = users.filter(|user| !self.0.contains_key(user)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let records = console.office.ra.records(visitor.session(), &unknown).await?;
        for (user, record) in unknown.into_iter().zip(records) {
            let name = record.map(|record| record.data.subject.person().name.full());
            self.0.insert(user, name.unwrap_or_else(|| user.to_string()).into());
        }
        Ok(())
    }

    pub(crate) async fn of(
        &mut self,
        console: &Console,
        visitor: &Visitor,
        user: &UserId,
    ) -> Arc<str> {
        let learnt = self.learn(console, visitor, std::iter::once(*user)).await;
        let known = learnt.ok().and_then(|()| self.0.get(user).map(Arc::clone));
        known.unwrap_or_else(|| user.to_string().into())
    }
}

/// Where a page of a list begins.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    pub(crate) after: Option<String>,
}

/// A place in a list, as links have it.
pub(crate) fn cursor_text(cursor: Option<Cursor>) -> Option<String> {
    cursor.map(|Cursor(octets)| gost_ca::hex::encode(&octets))
}

pub(crate) fn read_cursor(text: Option<&str>) -> Result<Option<Cursor>, Failure> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    gost_ca::hex::decode(text).map(|octets| Some(Cursor(octets))).ok_or(Failure::BadRequest)
}
