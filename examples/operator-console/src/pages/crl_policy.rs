//! How the authority's CRLs are made, as the administrator decides it.

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::authority::CrlPolicy;
use gost_ca::command::Command;
use gost_ca::lifecycle::{Act, Refusal};
use gost_ca::message::Message;
use gost_ca::view::Role;
use jiff::SignedDuration;
use minijinja::context;

use super::act;
use super::registration::rehearsed;
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Fields, Reply, Visitor, page};

pub(crate) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let policy = current(&console, &visitor).await?;
    form(&console, &visitor, &policy, None)
}

/// The policy in force, which administrators alone look at.
async fn current(console: &Console, visitor: &Visitor) -> Result<CrlPolicy, Failure> {
    if visitor.role() != Role::Administrator {
        return Err(Refusal::Role { act: Act::Administer, role: visitor.role() }.into());
    }
    let (ra, authority) = (&console.office.ra, &console.office.authority);
    let state = ra.authority_state(visitor.session(), authority).await?;
    Ok(state.crl_policy().cloned().unwrap_or_default())
}

fn form(
    console: &Console,
    visitor: &Visitor,
    policy: &CrlPolicy,
    refused: Option<String>,
) -> Reply {
    let values = context! {
        period => policy.period.as_hours(),
        validity => policy.validity.as_hours(),
        urgency => policy.urgency.as_mins(),
        look_back => policy.look_back.as_hours(),
        shrink => policy.shrink_percent,
        partitions => policy.partitions,
        delta => policy.delta,
        locations => &policy.locations,
        endpoints => policy.endpoints.iter().map(ToString::to_string).collect::<Vec<_>>(),
        refused,
    };
    page(console, visitor, "crl_policy.html", values)
}

/// The next policy, to be signed; what the form does not have stays as it is.
pub(crate) async fn adopt(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let mut policy = current(&console, &visitor).await?;
    policy.period = SignedDuration::from_hours(number(&fields, "period")?);
    policy.validity = SignedDuration::from_hours(number(&fields, "validity")?);
    policy.urgency = SignedDuration::from_mins(number(&fields, "urgency")?);
    policy.look_back = SignedDuration::from_hours(number(&fields, "look_back")?);
    let shrink = u8::try_from(number(&fields, "shrink")?);
    policy.shrink_percent = shrink.map_err(|_| Failure::Field("shrink"))?;
    let authority = console.office.authority;
    let command = Command::AdoptCrlPolicy { authority, policy: Box::new(policy.clone()) };
    match rehearsed(&console, &visitor, &command).await {
        Ok(()) => act::confirm(&console, &visitor, (command, Target::Crls), false).await,
        Err(error) => {
            let says = Message::from(&error).spoken(visitor.language).to_string();
            form(&console, &visitor, &policy, Some(says))
        }
    }
}

/// At most a hundred years of hours.
fn number(fields: &Fields, name: &'static str) -> Result<i64, Failure> {
    let number = fields.need(name)?.trim().parse::<i64>();
    let number = number.ok().filter(|number| (0..=876_000).contains(number));
    number.ok_or(Failure::Field(name))
}

/// Lets a list that was stopped be made again, as short as it is.
pub(crate) async fn release(
    State(console): State<Arc<Console>>,
    Path(number): Path<usize>,
    Checked { visitor, .. }: Checked,
) -> Reply {
    let authority = console.office.authority;
    let lines = console.office.ra.crl_lines(&authority).await?;
    let part = lines.get(number).ok_or(Failure::Missing)?.part;
    let command = Command::ReleaseCrl { authority, part };
    act::confirm(&console, &visitor, (command, Target::Crls), false).await
}
