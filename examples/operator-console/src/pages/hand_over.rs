//! The hand-over sheet (V8): login, temporary password, temporary PIN of the container, serial of the carrier.
//!
//! A temporary password is remembered by the session that made it until its sheet is printed, once. The record
//! gets the sheet without its secrets.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::id::UserId;
use gost_ca::print::HandOver;
use gost_ca::secret::Secret;
use minijinja::context;
use serde::Deserialize;

use super::act::envelope;
use super::papers::shown;
use super::person::Person;
use crate::Console;
use crate::web::{Checked, Failure, Reply, Visitor, page};

/// Login and temporary password, once; both stay for the sheet.
pub(crate) async fn notice(
    console: &Console,
    visitor: &Visitor,
    (user, password): (UserId, &Secret),
) -> Reply {
    let person = Person::load(console, visitor, &user.to_string()).await?;
    let until = person.card.account.temporary().map(|temporary| temporary.until);
    visitor.signed_in.remember(user, password);
    let values = context! {
        password => password.expose_str(),
        until => until.map(|until| console.office.zone.show(until)),
        ..person.head(visitor, "access")
    };
    page(console, visitor, "notice.html", values)
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct About {
    case: Option<String>,
}

/// What else shall stand on the sheet.
pub(crate) async fn ask(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(about): Query<About>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let remembered = visitor.signed_in.remembers(&person.user);
    let values = context! { case => about.case, remembered, ..person.head(&visitor, "papers") };
    page(&console, &visitor, "hand_over.html", values)
}

pub(crate) async fn print(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let certificate = match fields.text("case").map(str::parse) {
        Some(Ok(case)) => Some(ra.certificate(session, &case).await?),
        Some(Err(_)) => return Err(Failure::BadRequest),
        None => None,
    };
    let password = visitor.signed_in.recall(&person.user);
    let until = person.card.account.temporary().map(|temporary| temporary.until);
    let pin = fields.text("pin").map(Secret::from);
    let form = HandOver {
        record: &person.card.record,
        password: password.as_ref(),
        password_until: until.filter(|_| password.is_some()),
        pin: pin.as_ref(),
        carrier: fields.text("carrier").map(str::trim),
        certificate: certificate.as_ref(),
    };
    let sheet = console.office.stationery().print_secret(&form, gost_ca::Timestamp::now());
    let sheet = sheet.map_err(Failure::internal)?;
    let printed = envelope(&console, sheet.redacted.printed_for_user(person.user))?;
    ra.execute(session, &printed).await?;
    Ok(shown(sheet.sheet.expose_str().unwrap_or_default()))
}
