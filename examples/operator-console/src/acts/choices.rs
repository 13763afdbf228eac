//! Lists to choose from, in the library's words.

use gost_ca::desk::scan::ScanKind;
use gost_ca::language::Language;
use gost_ca::lifecycle::Record;
use gost_ca::message::Message;
use gost_ca::reason::{GroundKind, Reason};
use gost_ca::view::Role;
use serde::Serialize;

use crate::texts::words;

/// A list to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choices {
    /// Legal grounds of a suspension or its end.
    Grounds,
    /// Legal grounds of a termination, annulment included.
    AllGrounds,
    /// Reasons on the CRL that the role may give.
    Reasons,
    /// What happens at the end of a hold.
    Ends,
    /// Suspend or terminate, later.
    Plans,
    /// Profiles of the record.
    Profiles,
    /// Registration points.
    Offices,
    /// What staff may be.
    Roles,
    /// Kinds of papers.
    Scans,
}

/// One of a list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl Choices {
    /// What there is to choose.
    pub(crate) fn list(self, role: Role, record: &Record, language: Language) -> Vec<Choice> {
        let own = |prefix: &str, values: &[&str]| {
            let choice = |value: &&str| Choice {
                value: (*value).to_owned(),
                label: words(&format!("{prefix}.{value}"), language),
            };
            values.iter().map(choice).collect()
        };
        match self {
            Self::Grounds => grounds(&GROUNDS[..4], language),
            Self::AllGrounds => grounds(&GROUNDS, language),
            Self::Reasons => {
                let reasons = Reason::ALL.iter().filter(|reason| reason.allowed_to(role));
                reasons.map(|reason| spoken(reason, &Message::from(*reason), language)).collect()
            }
            Self::Ends => own("end", &["profile", "stay", "resume", "revoke"]),
            Self::Plans => own("plan", &["suspend", "revoke"]),
            Self::Profiles => record
                .profiles()
                .filter(|profile| !profile.sign_in || role == Role::Administrator)
                .map(|profile| Choice {
                    value: profile.id.to_string(),
                    label: profile.title.clone(),
                })
                .collect(),
            Self::Offices => record
                .offices()
                .iter()
                .map(|(id, title)| Choice { value: id.to_string(), label: title.clone() })
                .collect(),
            Self::Roles => [Role::Operator, Role::Administrator, Role::Auditor]
                .iter()
                .map(|role| spoken(role, &Message::from(*role), language))
                .collect(),
            Self::Scans => own("scan", &SCANS.map(ScanKind::name)),
        }
    }
}

fn grounds(kinds: &[GroundKind], language: Language) -> Vec<Choice> {
    kinds.iter().map(|kind| spoken(kind, &Message::from(*kind), language)).collect()
}

fn spoken(value: &impl Serialize, message: &Message, language: Language) -> Choice {
    let value = serde_json::to_value(value).ok();
    let value = value.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Choice { value, label: message.says(language) }
}

/// The first four terminate or suspend, the rest annul.
const GROUNDS: [GroundKind; 7] = [
    GroundKind::OwnerApplication,
    GroundKind::Regulations,
    GroundKind::Law,
    GroundKind::AuthorityCessation,
    GroundKind::Court,
    GroundKind::PossessionNotProven,
    GroundKind::KeyInOtherCertificate,
];
const SCANS: [ScanKind; 8] = [
    ScanKind::Application,
    ScanKind::IdentityDocument,
    ScanKind::AuthorityDocument,
    ScanKind::Consent,
    ScanKind::SignedCopy,
    ScanKind::Acknowledgement,
    ScanKind::HandOver,
    ScanKind::Other,
];
