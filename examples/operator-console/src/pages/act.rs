//! From a button to a command: its form, what it will do, the signature, what it did.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use base64ct::{Base64, Encoding as _};
use gost_ca::command::{Command, Envelope, Means, Outcome};
use gost_ca::entry::Method;
use gost_ca::lifecycle::Act;
use gost_ca::message::Message;
use gost_ca::provider::key_store::Access;
use gost_ca::secret::Secret;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::rows::pairs;
use crate::Console;
use crate::acts::{Choices, FieldKind, Input, Target, Wanted, row};
use crate::web::{Checked, Failure, Fields, Reply, Visitor, page};

/// What an act is about.
#[derive(Debug, Deserialize)]
pub(crate) struct On {
    on: String,
}

fn act_of(name: &str) -> Result<&'static crate::acts::ActRow, Failure> {
    Act::from_name(name).and_then(row).ok_or(Failure::Missing)
}

/// The form of an act; the command at once where there is nothing to fill in.
pub(crate) async fn ask(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(On { on }): Query<On>,
) -> Reply {
    let (act, target) = (act_of(&name)?, Target::read(&on)?);
    if act.fields.is_empty() {
        return confirm_act(&console, &visitor, act, (target, &Fields::default())).await;
    }
    let record = console.office.ra.overview(visitor.session()).await?;
    let fields = act.fields.iter().map(|field| {
        let (kind, choices) = match field.kind {
            FieldKind::Text => ("text", None),
            FieldKind::LongText => ("long", None),
            FieldKind::Moment => ("moment", None),
            FieldKind::File => ("file", None),
            FieldKind::Choice(choices) => {
                ("choice", Some(choices.list(visitor.role(), &record, visitor.language)))
            }
        };
        context! {
            name => field.name,
            label => crate::texts::words(&format!("field.{}", field.name), visitor.language),
            required => field.required,
            kind,
            choices => choices.map(|list| Value::from(Serde(list))),
        }
    });
    let values = context! {
        act => name,
        title => Message::from(act.act).says(visitor.language),
        on,
        about => about(&console, &visitor, target).await?,
        fields => fields.collect::<Vec<_>>(),
        file => act.wanted == Wanted::Scan,
        back => target.page(),
    };
    page(&console, &visitor, "act.html", values)
}

/// What was filled in, as a command to be signed.
pub(crate) async fn prepare(
    State(console): State<Arc<Console>>,
    Path(name): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let (act, target) = (act_of(&name)?, Target::read(fields.need("on")?)?);
    confirm_act(&console, &visitor, act, (target, &fields)).await
}

async fn confirm_act(
    console: &Console,
    visitor: &Visitor,
    act: &'static crate::acts::ActRow,
    (target, fields): (Target, &Fields),
) -> Reply {
    let key = match target {
        Target::Case(case) if act.act == Act::DestroyKey => {
            console.office.ra.case(visitor.session(), &case).await?.case.key().cloned()
        }
        _ => None,
    };
    let (authority, office) = (console.office.authority, visitor.session().actor().office.clone());
    let input = Input { target, fields, authority, office, key };
    let command = (act.command)(&input)?;
    let envelope = envelope(console, command)?;
    if act.wanted == Wanted::Scan {
        let octets = input.fields.file("file")?.to_vec();
        if let Ok(mut upload) = visitor.signed_in.upload.lock() {
            *upload = Some((envelope.id, octets));
        }
    }
    let title = Message::from(act.act).says(visitor.language);
    let ask = Confirm { title, irreversible: act.irreversible, wanted: act.wanted };
    show_confirm(console, visitor, (envelope, input.target), &ask).await
}

/// Asks whoever is there to sign a command that was made elsewhere.
pub(crate) async fn confirm(
    console: &Console,
    visitor: &Visitor,
    (command, target): (Command, Target),
    irreversible: bool,
) -> Reply {
    let title = crate::texts::words(&format!("command.{}", command.name()), visitor.language);
    let ask = Confirm { title, irreversible, wanted: Wanted::Nothing };
    show_confirm(console, visitor, (envelope(console, command)?, target), &ask).await
}

/// The same, and another command as soon as that one is done.
pub(crate) async fn confirm_both(
    console: &Console,
    visitor: &Visitor,
    ([command, next], target): ([Command; 2], Target),
) -> Reply {
    let title = crate::texts::words(&format!("command.{}", command.name()), visitor.language);
    let ask = Confirm { title, irreversible: false, wanted: Wanted::Nothing };
    let envelope = envelope(console, command)?;
    visitor.signed_in.keep_next(envelope.id, next);
    show_confirm(console, visitor, (envelope, target), &ask).await
}

pub(crate) fn envelope(console: &Console, command: Command) -> Result<Envelope, Failure> {
    Ok(Envelope::new(console.office.command_id().map_err(Failure::internal)?, command))
}

/// How a command is asked for.
pub(crate) struct Confirm {
    pub(crate) title: String,
    pub(crate) irreversible: bool,
    pub(crate) wanted: Wanted,
}

/// U4: owner, serial number, dates and effect, once; then the signature.
pub(crate) async fn show_confirm(
    console: &Console,
    visitor: &Visitor,
    (envelope, target): (Envelope, Target),
    ask: &Confirm,
) -> Reply {
    let signed = matches!(visitor.session().actor().method, Method::Certificate(_));
    let octets = serde_json::to_string(&envelope).map_err(Failure::internal)?;
    let code = envelope.command.name();
    let values = context! {
        title => &ask.title,
        effect => ask.irreversible.then(|| crate::texts::words(&format!("effect.{code}"), visitor.language)),
        irreversible => ask.irreversible,
        wanted => match ask.wanted {
            Wanted::Pin => "pin",
            Wanted::Phrase => "phrase",
            Wanted::Nothing | Wanted::Scan => "",
        },
        envelope => octets,
        message => signed.then(|| Base64::encode_string(&envelope.signed_bytes())),
        signed,
        on => target.text(),
        about => about(console, visitor, target).await?,
        said => said(&envelope.command),
        back => target.page(),
    };
    page(console, visitor, "confirm.html", values)
}

/// The command in the words of its JSON: what is signed, shown.
fn said(command: &Command) -> Value {
    let value = serde_json::to_value(command).unwrap_or_default();
    let fields = value.as_object().into_iter().flatten().filter(|(key, value)| {
        *key != "command" && !value.is_object() && !value.is_null() && !value.is_array()
    });
    let rows = fields.map(|(key, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let short: String = value.chars().take(200).collect();
        context! { key, value => short }
    });
    rows.collect()
}

/// Whom or what it is about: owner, serial number, dates.
async fn about(console: &Console, visitor: &Visitor, target: Target) -> Result<Value, Failure> {
    let (ra, session, zone) = (&console.office.ra, visitor.session(), &console.office.zone);
    let case = match target {
        Target::Case(case) => Some(ra.case(session, &case).await?),
        _ => None,
    };
    let user = match (&case, target) {
        (Some(card), _) => Some(card.case.begun().user),
        (None, Target::User(user, _)) => Some(user),
        _ => None,
    };
    let owner = match user {
        Some(user) => {
            let card = ra.user(session, &user).await?;
            Some(card.record.data.subject.person().name.full())
        }
        None => None,
    };
    let certificate = case.as_ref().and_then(|card| card.certificate.as_ref());
    Ok(context! {
        owner,
        state => case.as_ref().map(|card| Message::from(card.case.state()).says(visitor.language)),
        serial => certificate.map(|one| pairs(one.serial())),
        not_before => certificate.map(|one| zone.show(one.validity().not_before)),
        not_after => certificate.map(|one| zone.show(one.validity().not_after)),
    })
}

/// The command that came back from the browser, where one did; the staff's are signed.
pub(super) fn signed(visitor: &Visitor, fields: &Fields) -> Result<Option<Envelope>, Failure> {
    let Some(text) = fields.text("envelope") else { return Ok(None) };
    let mut envelope: Envelope = serde_json::from_str(text).map_err(|_| Failure::BadRequest)?;
    if let Some(signature) = fields.text("signature") {
        let octets = Base64::decode_vec(signature).map_err(|_| Failure::BadRequest)?;
        envelope.signature = Some(octets);
    }
    if visitor.is_staff() && envelope.signature.is_none() {
        return Err(Failure::Field("signature"));
    }
    Ok(Some(envelope))
}

/// Executes what was signed.
pub(crate) async fn execute(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let envelope = signed(&visitor, &fields)?.ok_or(Failure::Field("envelope"))?;
    let target = Target::read(fields.text("on").unwrap_or("record"))?;
    let upload = visitor.signed_in.upload.lock().ok().and_then(|mut upload| upload.take());
    let scan = upload.filter(|(id, _)| *id == envelope.id).map(|(_, octets)| octets);
    let pin = fields.text("pin").map(|pin| Access::Existing(Secret::from(pin)));
    let phrase = fields.text("phrase").map(Secret::from);
    let means = match (&scan, &pin, &phrase) {
        (Some(octets), ..) => Means::for_scan(octets),
        (_, Some(access), _) => Means::of_key(access),
        (.., Some(phrase)) => Means::of_phrase(phrase),
        _ => Means::default(),
    };
    let outcome = console.office.ra.execute_with(visitor.session(), &envelope, means).await?;
    if let (Outcome::Done, Some(next)) = (&outcome, visitor.signed_in.take_next(&envelope.id)) {
        return confirm(&console, &visitor, (next, target), false).await;
    }
    done(&console, &visitor, outcome, target).await
}

/// Shows what a command did, and where to go on.
pub(crate) async fn done(
    console: &Console,
    visitor: &Visitor,
    outcome: Outcome,
    target: Target,
) -> Reply {
    let outcome = match outcome {
        Outcome::AlreadyDone(first) => *first,
        outcome => outcome,
    };
    match &outcome {
        Outcome::Registered { user, temporary_password: Some(password) } => {
            return super::hand_over::notice(console, visitor, (*user, password)).await;
        }
        Outcome::RequestCreated { case } => {
            return Ok(super::go(&format!("/certificates/{case}/key")));
        }
        Outcome::Issued { case, .. }
        | Outcome::RequestBuilt { case, .. }
        | Outcome::Pending { case }
        | Outcome::InReview { case, .. } => {
            return Ok(super::go(&format!("/certificates/{case}?done=1")));
        }
        Outcome::Registered { user, .. } => return Ok(super::go(&format!("/users/{user}"))),
        Outcome::ApprovalRequested { approval } | Outcome::Approved { approval, .. } => {
            return Ok(super::go(&format!("/approvals/{approval}")));
        }
        Outcome::Done => return Ok(super::go(&format!("{}?done=1", target.page()))),
        Outcome::Bulk { .. } if target == Target::File => return Ok(super::go("/file")),
        Outcome::CrlIssued { .. } => return Ok(super::go("/crls")),
        Outcome::CheckpointMade { .. } => return Ok(super::go("/audit")),
        Outcome::RegistrationStarted { user } => return Ok(super::go(&format!("/drafts/{user}"))),
        Outcome::CarrierReceived { carrier } => {
            return Ok(super::go(&format!("/carriers/{carrier}")));
        }
        _ => {}
    }
    let rows = results(&outcome, visitor.language);
    page(console, visitor, "done.html", context! { rows, back => target.page() })
}

fn results(outcome: &Outcome, language: gost_ca::language::Language) -> Vec<Value> {
    use gost_ca::command::ItemOutcome;
    match outcome {
        Outcome::Bulk { items } => (1..)
            .zip(items)
            .map(|(number, item)| match item {
                ItemOutcome::Done(_) => context! { number, ok => true },
                ItemOutcome::Refused { code, .. } => {
                    context! { number, ok => false, says => Message::new(code.clone()).says(language), code }
                }
                _ => context! { number, ok => false },
            })
            .collect(),
        Outcome::ApplicantChecked { answers } => answers
            .iter()
            .map(|answer| {
                let says = crate::texts::words(&format!("agreement.{:?}", answer.agreement), language);
                let ok = answer.agreement == gost_ca::provider::applicant_check::Agreement::Agrees;
                context! { number => super::registration::label(answer.field, language), ok, says }
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Lists that other pages choose from.
pub(crate) async fn choices(
    console: &Console,
    visitor: &Visitor,
    choices: Choices,
) -> Result<Value, Failure> {
    let record = console.office.ra.overview(visitor.session()).await?;
    Ok(Value::from(Serde(choices.list(visitor.role(), &record, visitor.language))))
}
