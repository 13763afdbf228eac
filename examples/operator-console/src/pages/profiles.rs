//! Profiles: what certificates of one kind contain, as data; a new version by the administrator's signature.

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::command::Command;
use gost_ca::lifecycle::{Act, Refusal};
use gost_ca::profile::Profile;
use gost_ca::view::Role;
use minijinja::context;

use super::act;
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Reply, Visitor, page};

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Reply {
    administrators(&visitor)?;
    let record = console.office.ra.overview(visitor.session()).await?;
    let profile = record.profiles().find(|profile| profile.id.as_str() == id);
    let json = serde_json::to_string_pretty(profile.ok_or(Failure::Missing)?);
    form(&console, &visitor, &json.map_err(Failure::internal)?, None)
}

fn form(console: &Console, visitor: &Visitor, json: &str, wrong: Option<String>) -> Reply {
    let title = serde_json::from_str::<Profile>(json).map(|profile| profile.title).ok();
    page(console, visitor, "profile.html", context! { json, title, wrong })
}

/// The next version, to be signed.
pub(crate) async fn adopt(
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    administrators(&visitor)?;
    let json = fields.need("json")?;
    let mut profile: Box<Profile> = match serde_json::from_str(json) {
        Ok(profile) => profile,
        Err(error) => return form(&console, &visitor, json, Some(error.to_string())),
    };
    let record = console.office.ra.overview(visitor.session()).await?;
    let newest = record.profiles().find(|known| known.id.as_str() == id);
    let newest = newest.ok_or(Failure::Missing)?;
    profile.id = newest.id.clone();
    profile.version = newest.version.saturating_add(1);
    let command = Command::AdoptProfile { profile };
    act::confirm(&console, &visitor, (command, Target::Record), false).await
}

fn administrators(visitor: &Visitor) -> Result<(), Failure> {
    if visitor.role() == Role::Administrator {
        return Ok(());
    }
    Err(Refusal::Role { act: Act::Administer, role: visitor.role() }.into())
}
