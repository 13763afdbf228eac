//! Figure 9: the data for a last look, corrected in its place, and which certificate it shall be (V3).

use std::sync::Arc;

use axum::extract::{Path, State};
use gost_ca::command::Command;
use gost_ca::lifecycle::Act;
use gost_ca::registration::RegistrationForm;
use gost_ca::view::Role;
use minijinja::{Value, context};

use super::act;
use super::person::{Person, sections};
use super::registration::{Sheet, errors, rehearsed};
use super::rows::allows;
use crate::Console;
use crate::acts::{Tab, Target};
use crate::web::{Checked, Failure, Reply, Visitor, page};

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let sheet = Sheet::of_data(&person.card.record.data);
    form(&console, &visitor, &person, (&sheet, "")).await
}

/// What is corrected becomes a version of the registration data first, and then the request is by it.
pub(crate) async fn create(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let (user, authority) = (person.user, console.office.authority);
    let chosen = fields.need("profile")?;
    let profile = chosen.parse().map_err(|_| Failure::Field("profile"))?;
    let create = Command::CreateRequest { user, profile, authority };
    let target = Target::User(user, Tab::Request);
    if !allows(&person.card.actions, Act::EditData) {
        return act::confirm(&console, &visitor, (create, target), false).await;
    }
    let mut sheet = Sheet::of(&fields);
    let Some(data) = sheet.check(visitor.language) else {
        return form(&console, &visitor, &person, (&sheet, chosen)).await;
    };
    if data == person.card.record.data {
        return act::confirm(&console, &visitor, (create, target), false).await;
    }
    let edit = Command::EditData { user, data: Box::new(data) };
    if let Err(error) = rehearsed(&console, &visitor, &edit).await {
        sheet.refuse(&error, visitor.language);
        return form(&console, &visitor, &person, (&sheet, chosen)).await;
    }
    act::confirm_both(&console, &visitor, ([edit, create], target)).await
}

async fn form(
    console: &Console,
    visitor: &Visitor,
    person: &Person,
    (sheet, chosen): (&Sheet, &str),
) -> Reply {
    let record = console.office.ra.overview(visitor.session()).await?;
    let (data, staff) = (&person.card.record.data, person.card.account.role() != Role::User);
    let profiles = record.profiles().filter(|profile| {
        let fits = profile.subject_kinds.contains(&data.subject.kind());
        fits && profile.sign_in == staff
    });
    let profiles = profiles.map(|profile| {
        context! { id => profile.id.as_str(), title => &profile.title }
    });
    let known: Value = sections(&RegistrationForm::from(data), visitor.language);
    let values = context! {
        profiles => profiles.collect::<Vec<_>>(),
        chosen,
        known,
        ..context! { ..errors(sheet, visitor.language), ..person.head(visitor, "certificates") }
    };
    page(console, visitor, "request.html", values)
}
