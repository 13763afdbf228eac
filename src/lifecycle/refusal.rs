//! Refusals: what is not allowed, and which rule says so.

use crate::desk::scan::BadScan;
use crate::id::{CaseId, Name, OfficeId, TokenId, UserId};
use crate::language::Language::English;
use crate::lifecycle::{Act, Guard};
use crate::message::Message;
use crate::profile::Defects;
use crate::profile::gate::Findings;
use crate::provider::authority::Refused;
use crate::registration::{Fault, Field};
use crate::request::{BadUpload, RequestDefects};
use crate::view::Role;

/// A command that is well formed, and not allowed. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The entity's state does not allow it.
    #[error("not possible in the state {state}")]
    State {
        /// What was asked.
        act: Act,
        /// The state's name.
        state: &'static str,
    },
    /// The role does not allow it.
    #[error("not permitted to this role")]
    Role {
        /// What was asked.
        act: Act,
        /// Of whom.
        role: Role,
    },
    /// It belongs to another office (U14), or to another user.
    #[error("it belongs to another office or user")]
    Scope,
    /// A guard of the transition table.
    #[error("{}", Message::new(.0.code()).says(English))]
    Guard(Guard),
    /// The record was founded before.
    #[error("the record is founded already")]
    Founded,
    /// The record was not founded yet.
    #[error("the record is not founded yet")]
    NotFounded,
    /// Login or password, certificate or signature: which one is not told.
    #[error("the sign-in is not accepted")]
    SignIn,
    /// The challenge is not one of ours, or is over.
    #[error("the challenge is unknown or over")]
    Challenge,
    /// The challenge was answered before.
    #[error("the challenge was answered before")]
    ChallengeReplayed,
    /// The certificate of the session is not in force any more.
    #[error("the certificate that signed in is not in force")]
    SessionCertificate,
    /// The session is over: by its age, idle for too long, or closed by a change of the account.
    #[error("the session is over")]
    SessionOver,
    /// The certificate signs somebody in already.
    #[error("the certificate is bound to an account already")]
    CertificateBound,
    /// The owner's account is blocked: what is asked waits until it is not.
    #[error("the owner's account is {0}")]
    Owner(&'static str),
    /// The temporary password must be changed first.
    #[error("the temporary password must be changed first")]
    PasswordChangeRequired,
    /// The password is against the policy.
    #[error("the password is against the policy: {0}")]
    Password(String),
    /// The password breaks these rules.
    #[error("the password is against the policy: {}", listed(.0))]
    WeakPassword(Vec<Fault>),
    /// The same kind of subject, person and organisation is registered (R1).
    #[error("the same registration exists")]
    Duplicate {
        /// Which account it is.
        user: UserId,
    },
    /// The same SNILS is registered under another name (R1).
    #[error("the SNILS is registered under another name")]
    PersonName,
    /// The same person has another registration: say that you know it (R1).
    #[error("the person has another registration, which must be confirmed")]
    PersonKnown,
    /// The login that was typed is none.
    #[error("the login is not accepted: {0}")]
    Login(Fault),
    /// The login is somebody else's.
    #[error("the login is taken")]
    LoginTaken,
    /// The key is in another request or certificate.
    #[error("the key was used before")]
    KeyUsed {
        /// In which case.
        case: CaseId,
    },
    /// The profile does not take this kind of subject (R9).
    #[error("the profile is not for this kind of subject")]
    SubjectKind,
    /// The profile wants the applicant in person (R7).
    #[error("the profile wants the applicant in person")]
    Presence,
    /// The profile does not take this kind of key.
    #[error("the profile does not take this kind of key")]
    KeyAlgorithm,
    /// The profile is not well formed.
    #[error("the profile is not well formed: {0}")]
    Profile(Defects),
    /// The request is not what it must be.
    #[error("the request is not accepted: {0}")]
    Request(String),
    /// What was uploaded is no request.
    #[error("the request is not accepted: {0}")]
    Upload(#[from] BadUpload),
    /// The request is not what was asked for, or not its key's.
    #[error("the request is not accepted: {0}")]
    RequestDefects(#[from] RequestDefects),
    /// The registration data changed since: edit the request first (V3).
    #[error("the registration data changed since the request was begun")]
    RegistrationChanged,
    /// The authority will not issue.
    #[error("the authority refused: {}: {}", .0.code, .0.explanation)]
    Authority(Refused),
    /// The exact bytes to be signed are against the profile.
    #[error("the certificate would be against its profile: {0}")]
    Gate(Findings),
    /// There is no such office, profile, authority or key store.
    #[error("there is no {kind} {name}")]
    Unknown {
        /// A kind of thing.
        kind: &'static str,
        /// Its name.
        name: Name,
    },
    /// There is no such account, case or authority.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The name is in use.
    #[error("the {kind} {name} exists")]
    Exists {
        /// A kind of thing.
        kind: &'static str,
        /// Its name.
        name: Name,
    },
    /// The PIN, or the place for the key, is missing from the call.
    #[error("the command wants {0} with it")]
    Missing(&'static str),
    /// No register confirms a field that the profile wants confirmed (U6).
    #[error("no register confirms the field {}", .0.key())]
    Unconfirmed(Field),
    /// Only the desk corrects these fields, by the papers; owners their telephone and e-mail (U11).
    #[error("only the desk corrects {}", keys(.0))]
    DeskFields(Vec<Field>),
    /// The scan is not one that is taken.
    #[error("the scan is not accepted: {0}")]
    Scan(BadScan),
    /// The register has a carrier with this serial number.
    #[error("the register has this carrier")]
    CarrierKnown {
        /// Which.
        carrier: TokenId,
    },
    /// The record is an older copy of what checkpoints say: acknowledge the restore first.
    #[error("the record is an older copy: the restore must be acknowledged first")]
    Restored,
    /// The recovery is not signed by enough of the recovery keys.
    #[error("the recovery is not signed by enough of its keys")]
    Recovery,
    /// The CRL would have been wrong; the one before stays until an administrator decides.
    #[error("the CRL is blocked: {0}")]
    CrlBlocked(String),
    /// The key is known to be compromised.
    #[error("the key is known to be compromised")]
    KeyBlocked,
    /// The code phrase is not this one, or there is none.
    #[error("the code phrase does not fit")]
    Phrase,
    /// Others must approve it first.
    #[error("{} must approve it first", .0.quorum)]
    NeedsApproval(Box<Need>),
    /// The command is not one that can be frozen, or be one of many.
    #[error("a command of this kind must be given alone")]
    Alone,
    /// Too many at once.
    #[error("at most {0} at once")]
    TooMany(usize),
    /// The signature of the command is not its author's.
    #[error("the signature of the command is not accepted")]
    CommandSignature,
}

/// What others must approve, and who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Which act.
    pub act: Act,
    /// How many must approve.
    pub quorum: u8,
    /// The registration point whose operators may; administrators alone where there is none.
    pub office: Option<OfficeId>,
    /// Whom it is for: they may not approve.
    pub beneficiary: Option<UserId>,
    /// Who began the request that is to be issued: they may not judge it.
    pub begun_by: Option<UserId>,
    /// The case with its length, if it is about one.
    pub case: Option<(CaseId, u64)>,
}

impl Refusal {
    /// A stable code: for front-ends, tests and the audit.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::State { .. } => "state",
            Self::Role { .. } => "permission.role",
            Self::Scope => "permission.scope",
            Self::Guard(guard) => guard.code(),
            Self::Founded => "record.founded",
            Self::NotFounded => "record.not-founded",
            Self::SignIn => "sign-in",
            Self::Challenge => "challenge.unknown",
            Self::ChallengeReplayed => "challenge.replayed",
            Self::SessionCertificate => "session.certificate",
            Self::SessionOver => "session.over",
            Self::CertificateBound => "certificate.bound",
            Self::Owner(_) => "owner.out-of-use",
            Self::PasswordChangeRequired => "session.password-change-required",
            Self::Password(_) | Self::WeakPassword(_) => "password.policy",
            Self::Duplicate { .. } => "registration.duplicate",
            Self::PersonName => "registration.person-name",
            Self::PersonKnown => "registration.person-known",
            Self::Login(_) => "registration.login",
            Self::LoginTaken => "registration.login-taken",
            Self::KeyUsed { .. } => "request.key-used",
            Self::SubjectKind => "profile.subject-kind",
            Self::Presence => "profile.presence",
            Self::KeyAlgorithm => "profile.key-algorithm",
            Self::Profile(_) => "profile.malformed",
            Self::Request(_) | Self::RequestDefects(_) => "request.not-accepted",
            Self::Upload(upload) => upload.code(),
            Self::RegistrationChanged => "request.registration-changed",
            Self::Authority(_) => "authority.refused",
            Self::Gate(_) => "gate",
            Self::Unknown { .. } => "unknown",
            Self::NotFound(_) => "not-found",
            Self::Exists { .. } => "exists",
            Self::Missing(_) => "missing",
            Self::Unconfirmed(_) => "applicant.unconfirmed",
            Self::DeskFields(_) => "registration.desk-fields",
            Self::Scan(_) => "scan.not-accepted",
            Self::CarrierKnown { .. } => "carrier.known",
            Self::Restored => "record.restored",
            Self::Recovery => "recovery",
            Self::CrlBlocked(_) => "crl.blocked",
            Self::KeyBlocked => "key.blocked",
            Self::Phrase => "code-phrase",
            Self::NeedsApproval(_) => "approval.needed",
            Self::Alone => "command.alone",
            Self::TooMany(_) => "bulk.too-many",
            Self::CommandSignature => "command.signature",
        }
    }
}

fn keys(fields: &[Field]) -> String {
    fields.iter().map(|field| field.key()).collect::<Vec<_>>().join(", ")
}

/// Everything that is wrong, in one line.
fn listed(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
