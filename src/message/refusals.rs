//! The messages of refusals and failures.

use super::{Argument, Message};
use crate::error::Error;
use crate::lifecycle::Refusal;
use crate::oid::Oid;
use crate::profile::Defects;
use crate::profile::gate::Findings;
use crate::provider::{Conflict, ErrorKind, ProviderError};
use crate::registration::FormErrors;
use crate::request::{RequestDefect, RequestDefects};
use crate::x509::name::label;

impl From<&Error> for Message {
    fn from(error: &Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Form(errors) => errors.into(),
            Error::Conflict(conflict) => conflict.into(),
            Error::Provider(error) => error.into(),
            Error::Damaged(_) | Error::Rehearsed => Self::new(error.code()),
        }
    }
}

impl From<&Refusal> for Message {
    fn from(refusal: &Refusal) -> Self {
        let message = Self::new(refusal.code());
        match refusal {
            Refusal::State { act, state } => {
                message.with("act", Self::from(*act)).with("state", named("state", state))
            }
            Refusal::Role { act, role } => {
                message.with("act", Self::from(*act)).with("role", Self::from(*role))
            }
            Refusal::Owner(state) => message.with("state", named("state", state)),
            Refusal::NeedsApproval(need) => {
                message.with("act", Self::from(need.act)).with("quorum", need.quorum.to_string())
            }
            Refusal::TooMany(limit) => message.with("limit", limit.to_string()),
            Refusal::Duplicate { user } => message.with("user", user.to_string()),
            Refusal::KeyUsed { case } => message.with("case", case.to_string()),
            Refusal::WeakPassword(faults) => {
                message.with_details(faults.iter().copied().map(Self::from))
            }
            Refusal::Profile(defects) => message.with("fields", fields(defects)),
            Refusal::RequestDefects(defects) => defects.into(),
            Refusal::Authority(refused) => message.with("why", refused.code.clone()),
            Refusal::Gate(findings) => message.with("rules", rules(findings)),
            Refusal::CarrierKnown { carrier } => message.with("carrier", carrier.to_string()),
            Refusal::Unconfirmed(field) => {
                let (russian, english) = (field.russian(), field.english());
                message.with("field", Argument::Label { russian, english })
            }
            Refusal::Login(fault) => message.with_details([Self::from(*fault)]),
            Refusal::DeskFields(fields) => message.with_details(fields.iter().map(|field| {
                let (russian, english) = (field.russian(), field.english());
                Self::new("registration.desk-field")
                    .with("field", Argument::Label { russian, english })
            })),
            Refusal::Unknown { kind, name } | Refusal::Exists { kind, name } => {
                message.with("kind", named("thing", kind)).with("name", name.to_string())
            }
            Refusal::NotFound(thing) | Refusal::Missing(thing) => {
                message.with("thing", named("thing", thing))
            }
            _ => message,
        }
    }
}

impl From<&FormErrors> for Message {
    fn from(errors: &FormErrors) -> Self {
        Self::new("form").with_details(errors.iter().map(Self::from))
    }
}

impl From<&Conflict> for Message {
    fn from(conflict: &Conflict) -> Self {
        match conflict {
            Conflict::Stream { stream, .. } => {
                Self::new("conflict.stream").with("stream", stream.to_string())
            }
            Conflict::Taken { key, .. } => {
                Self::new("conflict.taken").with("key", named("key-space", key.space.name()))
            }
            Conflict::Command => Self::new("conflict.command"),
            Conflict::Name => Self::new("conflict.name"),
        }
    }
}

impl From<&ProviderError> for Message {
    fn from(error: &ProviderError) -> Self {
        let kind = error.kind();
        if let ErrorKind::Conflict(conflict) = kind {
            return conflict.into();
        }
        let message = Self::new(crate::error::provider_code(kind));
        let message = message.with("operation", error.operation());
        match kind {
            ErrorKind::Denied { tries_left: Some(tries) } => {
                message.with("tries", tries.to_string())
            }
            _ => message,
        }
    }
}

impl From<&RequestDefects> for Message {
    fn from(RequestDefects(defects): &RequestDefects) -> Self {
        Self::new("request.not-accepted").with_details(defects.iter().map(Self::from))
    }
}

impl From<&RequestDefect> for Message {
    fn from(defect: &RequestDefect) -> Self {
        let message = Self::new(defect.code());
        match defect {
            RequestDefect::TestKey(set) | RequestDefect::KeyAlgorithm(set) => {
                message.with("parameters", set.to_string())
            }
            RequestDefect::SubjectLacks(oid) | RequestDefect::SubjectExceeds(oid) => {
                message.with("attribute", attribute(oid))
            }
            _ => message,
        }
    }
}

fn fields(defects: &Defects) -> String {
    let mut fields: Vec<_> = defects.0.iter().map(|defect| defect.field).collect();
    fields.dedup();
    fields.join(", ")
}

fn rules(findings: &Findings) -> String {
    findings.0.iter().map(|finding| finding.id).collect::<Vec<_>>().join(", ")
}

/// An attribute of names by its label, or in dots.
fn attribute(oid: &Oid) -> Argument {
    match label(&oid.0) {
        Some(label) => Argument::Label { russian: label.russian, english: label.short },
        None => oid.to_string().into(),
    }
}

/// The code of a thing that code names in English words.
fn named(kind: &str, words: &str) -> Message {
    let words = words.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    Message::new(format!("{kind}.{words}"))
}
