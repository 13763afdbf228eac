//! The key of a request: on which carrier, under which password, with which randomness (V4, V5).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use base64ct::{Base64, Encoding as _};
use gost_ca::command::{Command, Envelope, Means};
use gost_ca::id::CaseId;
use gost_ca::lifecycle::Act;
use gost_ca::provider::RngKind;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, PinRule};
use gost_ca::registration::RegistrationForm;
use gost_ca::secret::Secret;
use gost_ca_software::BiologicalRng;
use gost_ca_software::biological::Event;
use minijinja::{Value, context};

use super::rows::allows;
use super::{act, go};
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Fields, Reply, Visitor, page};

fn case_id(text: &str) -> Result<CaseId, Failure> {
    text.parse().map_err(|_| Failure::Missing)
}

/// Where the key may be made.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(case): Path<String>,
) -> Reply {
    let case = case_id(&case)?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let card = ra.case(session, &case).await?;
    if !allows(&card.actions, Act::ImportRequest) {
        return Ok(go(&format!("/certificates/{case}")));
    }
    let user = card.case.begun().user;
    let owner = ra.user(session, &user).await?;
    let subject = owner.record.data.subject_attributes();
    let sets = card.profile.key_algorithms.iter().filter_map(set_choice).collect::<Vec<_>>();
    let own = session.actor().user == Some(user);
    let values = context! {
        case => case.to_string(),
        user => user.to_string(),
        owner => owner.record.data.subject.person().name.full(),
        own,
        profile_title => &card.profile.title,
        subject => serde_json::to_string(&subject).map_err(Failure::internal)?,
        profile => serde_json::to_string(&card.profile).map_err(Failure::internal)?,
        data => super::person::sections(&RegistrationForm::from(&owner.record.data), visitor.language),
        sets,
        carriers => carriers(&console, &visitor).await?,
    };
    page(&console, &visitor, "key.html", values)
}

/// The parameter sets that a key may have, the usual one first.
fn set_choice(algorithm: &KeyAlgorithm) -> Option<Value> {
    let KeyAlgorithm::Gost3410(oid) = algorithm else { return None };
    let oid = oid.to_string();
    let label = SETS.iter().find(|(known, _)| *known == oid).map(|(_, label)| *label)?;
    Some(context! { oid, label })
}

const SETS: [(&str, &str); 7] = [
    ("1.2.643.7.1.2.1.1.1", "ГОСТ Р 34.10-2012, 256 бит (набор A)"),
    ("1.2.643.7.1.2.1.1.2", "ГОСТ Р 34.10-2012, 256 бит (набор B)"),
    ("1.2.643.7.1.2.1.1.3", "ГОСТ Р 34.10-2012, 256 бит (набор C)"),
    ("1.2.643.7.1.2.1.1.4", "ГОСТ Р 34.10-2012, 256 бит (набор D)"),
    ("1.2.643.7.1.2.1.2.1", "ГОСТ Р 34.10-2012, 512 бит (набор A)"),
    ("1.2.643.7.1.2.1.2.2", "ГОСТ Р 34.10-2012, 512 бит (набор B)"),
    ("1.2.643.7.1.2.1.2.3", "ГОСТ Р 34.10-2012, 512 бит (набор C)"),
];

/// Carriers of the key stores that this console has, whatever they are; the authority's own is none of them.
pub(super) async fn carriers(console: &Console, visitor: &Visitor) -> Result<Vec<Value>, Failure> {
    if !visitor.is_staff() {
        return Ok(Vec::new());
    }
    let mut shown = Vec::new();
    for (store, keys) in &console.office.ra.providers().key_stores {
        for carrier in keys.carriers().await? {
            if carrier.id.0 == crate::office::AUTHORITY {
                continue;
            }
            let own_pin = matches!(carrier.pin, PinRule::OwnPin { .. });
            shown.push(context! {
                store => store.as_str(),
                id => carrier.id.0,
                label => carrier.label,
                serial => carrier.serial,
                own_pin,
                hardware_rng => carrier.hardware_rng,
            });
        }
    }
    Ok(shown)
}

/// A request that was made in the browser or by the agent: the command to be signed, or the signed one executed.
pub(crate) async fn by_browser(
    State(console): State<Arc<Console>>,
    Path(case): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let case = case_id(&case)?;
    let request = || -> Result<Command, Failure> {
        let request = Base64::decode_vec(fields.need("request")?);
        let request = request.map_err(|_| Failure::BadRequest)?;
        Ok(Command::ImportRequest { case, request })
    };
    match act::signed(&visitor, &fields)? {
        Some(envelope) => execute(&console, &visitor, &envelope, Means::default()).await,
        None => to_be_signed(&console, request()?),
    }
}

/// What follows a key by itself (step 9 of section 3): the request goes to the authority.
pub(crate) async fn submit(
    State(console): State<Arc<Console>>,
    Path(case): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let case = case_id(&case)?;
    match act::signed(&visitor, &fields)? {
        Some(envelope) => execute(&console, &visitor, &envelope, Means::default()).await,
        None => to_be_signed(&console, Command::Submit { case }),
    }
}

fn to_be_signed(console: &Console, command: Command) -> Reply {
    let envelope = act::envelope(console, command)?;
    let message = Base64::encode_string(&envelope.signed_bytes());
    let octets = serde_json::to_string(&envelope).map_err(Failure::internal)?;
    Ok(Json(serde_json::json!({ "envelope": octets, "message": message })).into_response())
}

async fn execute(
    console: &Console,
    visitor: &Visitor,
    envelope: &Envelope,
    means: Means<'_>,
) -> Reply {
    console.office.ra.execute_with(visitor.session(), envelope, means).await?;
    Ok(Json(serde_json::json!({ "done": true })).into_response())
}

/// A PKCS#10 made elsewhere.
pub(crate) async fn from_file(
    State(console): State<Arc<Console>>,
    Path(case): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let case = case_id(&case)?;
    let request = gost_ca::request::from_upload(fields.file("file")?);
    let request = request.map_err(|_| Failure::Field("file"))?.as_der().to_vec();
    let command = Command::ImportRequest { case, request };
    act::confirm(&console, &visitor, (command, Target::Case(case)), false).await
}

/// A key on a carrier of the server: the moves come from the browser, the command is signed there.
///
/// Without an envelope it gives the command to be signed; with one, it makes the key.
pub(crate) async fn on_server(
    State(console): State<Arc<Console>>,
    Path(case): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let case = case_id(&case)?;
    if let Some(moves) = fields.text("moves") {
        let percent = collect(&console, &visitor, moves)?;
        return Ok(Json(serde_json::json!({ "percent": percent })).into_response());
    }
    let Some(envelope) = act::signed(&visitor, &fields)? else {
        return to_be_signed(&console, generate(case, &fields)?);
    };
    let access = access(&fields)?;
    let moves = visitor.signed_in.moves.lock().ok().and_then(|mut moves| moves.take());
    let system = console.office.rng();
    let rng: &dyn gost_ca::provider::Rng = match &moves {
        Some(biological) => &**biological,
        None => &*system,
    };
    execute(&console, &visitor, &envelope, Means::for_key(&access, rng)).await
}

fn generate(case: CaseId, fields: &Fields) -> Result<Command, Failure> {
    let store = fields.need("store")?.parse().map_err(|_| Failure::Field("store"))?;
    let carrier = CarrierId(fields.need("carrier")?.to_owned());
    let set = fields.need("set")?.parse().map_err(|_| Failure::Field("set"))?;
    Ok(Command::GenerateKey {
        case,
        store,
        key: KeyId { carrier, container: case.to_string() }, // no name of a person goes into the record
        algorithm: KeyAlgorithm::Gost3410(set),
        temporary_pin: fields.text("temporary").is_some(),
    })
}

/// V5: the PIN of a carrier that has one; a new password, typed twice, where it has none.
fn access(fields: &Fields) -> Result<Access, Failure> {
    let pin = fields.need("pin")?;
    if fields.text("own_pin").is_some() {
        return Ok(Access::Existing(Secret::from(pin)));
    }
    if fields.text("pin_again") == Some(pin) {
        Ok(Access::New(Secret::from(pin)))
    } else {
        Err(Failure::Field("pin_again"))
    }
}

/// Moves of whoever sits in the browser, mixed with this machine's randomness.
fn collect(console: &Console, visitor: &Visitor, moves: &str) -> Result<u8, Failure> {
    let events: Vec<Event> = serde_json::from_str(moves).map_err(|_| Failure::BadRequest)?;
    let mut kept = visitor.signed_in.moves.lock().map_err(Failure::internal)?;
    let fresh = || Arc::new(BiologicalRng::new(console.office.rng()));
    let rng = kept.get_or_insert_with(fresh);
    debug_assert_eq!(gost_ca::provider::Rng::kind(&**rng), RngKind::Biological, "a BiologicalRng");
    for event in &events {
        rng.feed(event)?;
    }
    Ok(rng.percent())
}
