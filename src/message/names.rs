//! The messages of acts, roles, states, reasons and statuses.

use serde::Serialize;

use super::{Argument, Message};
use crate::lifecycle::{Act, CertificateStatus, Guard};
use crate::reason::{GroundKind, Reason};
use crate::registration::{ApplicationsError, Fault, FieldError};
use crate::view::{AccountState, CarrierState, CaseState, Role};

impl From<Act> for Message {
    fn from(act: Act) -> Self {
        named("act", &act)
    }
}

impl From<Role> for Message {
    fn from(role: Role) -> Self {
        named("role", &role)
    }
}

impl From<AccountState> for Message {
    fn from(state: AccountState) -> Self {
        named("state", &state)
    }
}

impl From<CaseState> for Message {
    fn from(state: CaseState) -> Self {
        named("state", &state)
    }
}

impl From<CarrierState> for Message {
    fn from(state: CarrierState) -> Self {
        named("state", &state)
    }
}

impl From<Reason> for Message {
    fn from(reason: Reason) -> Self {
        named("reason", &reason)
    }
}

impl From<GroundKind> for Message {
    fn from(ground: GroundKind) -> Self {
        named("ground", &ground)
    }
}

impl From<CertificateStatus> for Message {
    /// Its text wants `since` where the status has that, as whoever shows it writes dates.
    fn from(status: CertificateStatus) -> Self {
        Self::new(match status {
            CertificateStatus::Unknown => "status.unknown",
            CertificateStatus::NotYetValid => "status.not-yet-valid",
            CertificateStatus::Good => "status.good",
            CertificateStatus::AwaitingAcceptance { .. } => "status.awaiting-acceptance",
            CertificateStatus::Suspended { .. } => "status.suspended",
            CertificateStatus::Revoked { .. } => "status.revoked",
            CertificateStatus::Expired => "status.expired",
        })
    }
}

impl From<Guard> for Message {
    fn from(guard: Guard) -> Self {
        Self::new(guard.code())
    }
}

impl From<Fault> for Message {
    fn from(fault: Fault) -> Self {
        Self::new(fault.code())
    }
}

impl From<FieldError> for Message {
    fn from(FieldError { field, fault }: FieldError) -> Self {
        let label = Argument::Label { russian: field.russian(), english: field.english() };
        let message = Self::from(fault).with("field", label);
        match field.max_length() {
            Some(limit) => message.with("limit", limit.to_string()),
            None => message,
        }
    }
}

impl From<&ApplicationsError> for Message {
    fn from(error: &ApplicationsError) -> Self {
        Self::new(error.code())
            .with("line", error.line().to_string())
            .with("column", error.column().to_string())
            .with("path", error.path())
    }
}

/// A code made of a kind and the name that JSON has for the value.
fn named(kind: &str, value: &impl Serialize) -> Message {
    let name = serde_json::to_value(value).ok();
    let name = name.as_ref().and_then(|name| name.as_str()).unwrap_or_default();
    Message::new(format!("{kind}.{name}"))
}
