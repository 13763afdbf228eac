//! What people do for themselves: their password, their certificate as a key to the door.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use base64ct::{Base64, Encoding as _};
use gost_ca::command::{Command, Possession};
use gost_ca::id::UserId;
use gost_ca::message::Message;
use gost_ca::secret::Secret;
use gost_ca::view::CaseState;
use minijinja::{Value, context};

use super::rows::pairs;
use super::sign_in::begin;
use super::{act, go};
use crate::Console;
use crate::acts::{Tab, Target};
use crate::web::{Checked, Failure, Reply, Visitor, page};

pub(crate) async fn password(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    password_form(&console, &visitor, None)
}

fn password_form(console: &Console, visitor: &Visitor, refused: Option<Value>) -> Reply {
    page(console, visitor, "password.html", context! { refused })
}

/// The forced change of a temporary password, and any other.
pub(crate) async fn change_password(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let (old, new) = (Secret::from(fields.need("old")?), Secret::from(fields.need("new")?));
    if Secret::from(fields.text("again").unwrap_or_default()) != new {
        let says = crate::texts::words("password.differ", visitor.language);
        return password_form(&console, &visitor, Some(context! { says }));
    }
    let id = console.office.command_id().map_err(Failure::internal)?;
    let changed = console.office.ra.change_own_password(visitor.session(), id, (&old, &new)).await;
    match changed {
        Ok(_) => {
            // another password, another cookie
            let cookie = begin(&console, &headers, visitor.session().clone()).await?;
            let mut response = go("/");
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error @ gost_ca::Error::Refused(_)) => {
            let says = Message::from(&error).spoken(visitor.language).to_string();
            password_form(&console, &visitor, Some(context! { says }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Which certificate may sign its owner in: those in force, and a challenge to prove the key.
pub(crate) async fn binding(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let card = ra.user(session, &user).await?;
    let mut certificates = Vec::new();
    for view in card.cases.iter().filter(|view| view.state == CaseState::Active) {
        let certificate = ra.certificate(session, &view.case).await?;
        let bound = card.account.bound().contains(&view.case);
        certificates.push(context! {
            case => view.case.to_string(),
            serial => pairs(certificate.serial()),
            not_after => console.office.zone.show_day(certificate.validity().not_after),
            key => Base64::encode_string(certificate.public_key().as_der()),
            bound,
        });
    }
    let challenge = ra.challenge().await?;
    let values = context! {
        user => user.to_string(),
        owner => card.record.data.subject.person().name.full(),
        certificates,
        message => Base64::encode_string(&challenge.binding_bytes(&user)),
        challenge => serde_json::to_string(&challenge).map_err(Failure::internal)?,
    };
    page(&console, &visitor, "bind.html", values)
}

/// The proof, as a command to be signed; or the end of a binding.
pub(crate) async fn bind(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let case = fields.need("case")?.parse().map_err(|_| Failure::BadRequest)?;
    if fields.text("unbind").is_some() {
        let command = Command::UnbindCertificate { user, case };
        return act::confirm(&console, &visitor, (command, Target::User(user, Tab::Access)), false)
            .await;
    }
    let challenge = serde_json::from_str(fields.need("challenge")?);
    let challenge = challenge.map_err(|_| Failure::BadRequest)?;
    let signature = Base64::decode_vec(fields.need("proof")?).map_err(|_| Failure::BadRequest)?;
    let possession = Possession { challenge, signature };
    let command = Command::BindCertificate { user, case, possession };
    act::confirm(&console, &visitor, (command, Target::User(user, Tab::Access)), false).await
}
