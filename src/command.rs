//! Commands: what an actor asks for, as data.
//!
//! A command has canonical octets, so that it can be signed in a browser, frozen in an approval, repeated
//! after a crash, and made in bulk. Secrets are no part of it: they go [beside it](Means).

mod envelope;
mod means;
mod outcome;
mod particulars;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::authority::CrlPolicy;
use crate::desk::scan::{ScanKind, ScanOwner};
use crate::fact::{Notice, Plan};
use crate::id::{ApprovalId, AuthorityId, CaseId, Name, OfficeId, ProfileId, TokenId, UserId};
use crate::print::Edition;
use crate::profile::{OnEnd, Profile};
use crate::provider::journal::ListPart;
use crate::provider::key_store::KeyId;
use crate::reason::{Ground, Reason};
use crate::registration::{RegistrationData, Text};
use crate::view::Role;
use crate::x509::KeyIdentity;
pub use envelope::Envelope;
pub use means::Means;
pub use outcome::{ItemOutcome, Outcome};
pub use particulars::{Draft, ImportedCertificate, Possession, Register, Termination, Verifier};

/// What an actor asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Command {
    /// Opens a registration point.
    OpenOffice {
        /// Its name.
        office: OfficeId,
        /// How people call it.
        title: String,
    },
    /// Puts a profile, or a newer version of one, to use.
    AdoptProfile {
        /// The profile.
        profile: Box<Profile>,
    },
    /// Lets an authority issue for this record.
    OpenAuthority {
        /// How people call it.
        title: String,
    },
    /// Registers a key of an authority with its certificate.
    InstallAuthorityKey {
        /// Which authority.
        authority: AuthorityId,
        /// The certificate, DER.
        #[serde(with = "crate::hex::octets")]
        certificate: Vec<u8>,
    },
    /// Begins the registration of a user, to be completed later (U1).
    StartRegistration {
        /// At which registration point.
        office: OfficeId,
        /// What is known so far.
        draft: Box<Draft>,
    },
    /// Goes on with a registration.
    SaveDraft {
        /// Which.
        user: UserId,
        /// What is known now.
        draft: Box<Draft>,
    },
    /// Registers the user whose registration was begun, by what was saved last.
    CompleteRegistration {
        /// Which.
        user: UserId,
        /// That the person has another registration is known and right (R1).
        person_known: bool,
    },
    /// Gives a registration up; what was typed is erased.
    DiscardDraft {
        /// Which.
        user: UserId,
    },
    /// Registers a person.
    Register(Box<Register>),
    /// Registers a user who signs in by a certificate, and has no password (U3).
    RegisterByCertificate {
        /// The user.
        registration: Box<Register>,
        /// The certificate: one of this record, of the same person.
        case: CaseId,
        /// That whoever registers has its key; for the account that this command makes.
        possession: Possession,
    },
    /// Lets a certificate sign its owner in, beside the password.
    BindCertificate {
        /// Whom.
        user: UserId,
        /// The certificate: one of this record, of the same person.
        case: CaseId,
        /// That whoever binds has its key.
        possession: Possession,
    },
    /// Lets a certificate sign its owner in no more.
    UnbindCertificate {
        /// Whom.
        user: UserId,
        /// The certificate.
        case: CaseId,
    },
    /// Gives out a new temporary password.
    IssueTemporaryPassword {
        /// To whom.
        user: UserId,
    },
    /// Replaces a lost password by a temporary one; a block stays.
    ResetPassword {
        /// Whose.
        user: UserId,
        /// How the person was identified: a paper's number and day, no personal data.
        identified: String,
    },
    /// Ends a lock before its time.
    Unlock {
        /// Of which account.
        user: UserId,
    },
    /// Lets nobody sign in by an account.
    Block {
        /// Which account.
        user: UserId,
        /// Why; no personal data.
        reason: String,
    },
    /// Ends a block.
    Unblock {
        /// Of which account.
        user: UserId,
        /// Why; no personal data.
        reason: String,
    },
    /// Takes an account out of use for good (U13).
    ArchiveUser {
        /// Which.
        user: UserId,
        /// Why; no personal data.
        reason: String,
        /// How certificates in force are terminated with it; where there are any, it is refused without.
        termination: Option<Termination>,
    },
    /// Erases the personal data of an archived account (U14); the entries stay.
    EraseUser {
        /// Whose.
        user: UserId,
        /// Why; no personal data.
        reason: String,
    },
    /// Makes a member of the staff something else, or moves them to another office.
    ChangeRole {
        /// Who.
        user: UserId,
        /// What they become.
        role: Role,
        /// Where; administrators nowhere.
        office: Option<OfficeId>,
    },
    /// Changes the actor's own password; see `RegistrationAuthority::change_own_password`.
    ChangePassword {
        /// The verifier of the new one (a PHC string).
        verifier: Verifier,
    },
    /// Replaces the registration data.
    EditData {
        /// Whose.
        user: UserId,
        /// By what.
        data: Box<RegistrationData>,
    },
    /// Begins a request.
    CreateRequest {
        /// For whom.
        user: UserId,
        /// By which profile.
        profile: ProfileId,
        /// Who will sign.
        authority: AuthorityId,
    },
    /// Lets the request follow the current registration data (V3).
    EditRequest {
        /// Which.
        case: CaseId,
    },
    /// Makes the key and builds the request. Wants [`Means`]: access and a random generator.
    GenerateKey {
        /// For which request.
        case: CaseId,
        /// In which store.
        store: Name,
        /// In which container.
        key: KeyId,
        /// Which of the profile's key pairs.
        algorithm: crate::provider::key_store::KeyAlgorithm,
        /// The PIN given is temporary: the owner changes it (V8).
        temporary_pin: bool,
    },
    /// Takes a request made elsewhere.
    ImportRequest {
        /// For which request.
        case: CaseId,
        /// The PKCS#10, DER.
        #[serde(with = "crate::hex::octets")]
        request: Vec<u8>,
    },
    /// Hands the request in; the certificate is issued at once where nobody must approve.
    Submit {
        /// Which.
        case: CaseId,
    },
    /// Withdraws a request.
    Cancel {
        /// Which.
        case: CaseId,
    },
    /// Issues what is approved, or failed before.
    Issue {
        /// Which.
        case: CaseId,
    },
    /// Puts the certificate into its key's container (V6).
    Install {
        /// Which.
        case: CaseId,
    },
    /// Puts the certificate on hold.
    Suspend {
        /// Which.
        case: CaseId,
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then; what the profile says where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_end: Option<OnEnd>,
    },
    /// Puts the certificate on hold at a call (desk U5). Wants [`Means`]: the code phrase.
    SuspendByPhrase {
        /// Which.
        case: CaseId,
    },
    /// Changes the term of a hold.
    ChangeSuspension {
        /// Of which.
        case: CaseId,
        /// On which ground.
        ground: Ground,
        /// Until when.
        until: Option<Timestamp>,
        /// What then; what the profile says where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_end: Option<OnEnd>,
    },
    /// Ends the hold.
    Resume {
        /// Which.
        case: CaseId,
        /// On which ground.
        ground: Ground,
    },
    /// Terminates the certificate.
    Revoke {
        /// Which.
        case: CaseId,
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// Since when the key was not to be trusted, where that is known (R2).
        invalidity: Option<Timestamp>,
        /// The date on the CRL; now where there is none. Others the profile must allow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Timestamp>,
        /// When the authority learned of it, and when the owner was told (R3).
        #[serde(default, skip_serializing_if = "is_default")]
        notice: Notice,
    },
    /// Takes down that a certificate is to be terminated: the legal term of the entry begins (R3).
    ApplyForTermination {
        /// Which.
        case: CaseId,
        /// The reason that the CRL will have.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// When the authority learned of it; now where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        learned: Option<Timestamp>,
    },
    /// Lets a certificate live that was to be terminated.
    DismissTermination {
        /// Which.
        case: CaseId,
        /// Why; no personal data.
        comment: String,
    },
    /// Terminates an expired certificate, where the profile allows it.
    RevokeExpired {
        /// Which.
        case: CaseId,
        /// The reason on the CRL.
        reason: Reason,
        /// On which ground.
        ground: Ground,
        /// Since when the key was not to be trusted, where that is known.
        invalidity: Option<Timestamp>,
    },
    /// Says of a terminated certificate that its key was compromised: once, and nothing else.
    AmendReason {
        /// Which.
        case: CaseId,
        /// On which ground.
        ground: Ground,
        /// Since when, where that is known.
        invalidity: Option<Timestamp>,
    },
    /// Has the certificate suspended or terminated at a later time.
    Schedule {
        /// Which.
        case: CaseId,
        /// When.
        at: Timestamp,
        /// What.
        plan: Plan,
    },
    /// Takes a schedule back.
    WithdrawSchedule {
        /// Of which.
        case: CaseId,
    },
    /// Begins a successor.
    Renew {
        /// Of which.
        case: CaseId,
    },
    /// Begins a first certificate again: after termination, the end, or the loss of the key (V10).
    Reissue {
        /// In place of which.
        case: CaseId,
        /// Why.
        why: String,
    },
    /// Builds the request with the key of the certificate that it renews. Wants [`Means`]: access.
    UseKey {
        /// For which request.
        case: CaseId,
    },
    /// Lets a request with warnings go on.
    Waive {
        /// Which.
        case: CaseId,
        /// Why.
        comment: String,
    },
    /// Refuses a request.
    Reject {
        /// Which.
        case: CaseId,
        /// Why.
        comment: String,
    },
    /// Takes a request that waits back to the draft; what was approved counts no more.
    Reopen {
        /// Which.
        case: CaseId,
    },
    /// Destroys a key container that nothing needs. Wants [`Means`]: access.
    DestroyKey {
        /// Made for which case.
        case: CaseId,
        /// In which store.
        store: Name,
        /// Which.
        key: KeyId,
    },
    /// Confirms what the certificate says; takes it, where it waits for that (V7).
    Accept {
        /// Which.
        case: CaseId,
        /// The signed copy at the desk, by number and day; none where the owner confirms in their own session.
        paper: Option<String>,
    },
    /// Does not take a certificate that waits to be accepted.
    RefuseAcceptance {
        /// Which.
        case: CaseId,
    },
    /// Puts the case of an ended certificate away.
    Archive {
        /// Which.
        case: CaseId,
    },
    /// Takes it out again.
    Unarchive {
        /// Which.
        case: CaseId,
    },
    /// Erases the documents of an archived case; its entries stay.
    Erase {
        /// Which.
        case: CaseId,
    },
    /// Sets the code phrase for calls (desk U5). Wants [`Means`]: the phrase.
    SetCodePhrase {
        /// Whose.
        user: UserId,
    },
    /// Forbids a key that is known to be compromised.
    BlockKey {
        /// Which.
        key: KeyIdentity,
        /// On which ground.
        ground: Ground,
    },
    /// Approves what somebody asks for.
    Approve {
        /// What.
        approval: ApprovalId,
        /// What there is to say.
        comment: String,
    },
    /// Refuses what somebody asks for.
    RejectApproval {
        /// What.
        approval: ApprovalId,
        /// Why.
        comment: String,
    },
    /// Does not ask any more.
    WithdrawApproval {
        /// For what.
        approval: ApprovalId,
    },
    /// Tries again what was approved, and failed.
    RetryApproval {
        /// What.
        approval: ApprovalId,
    },
    /// Executes many commands, one by one; each is done or refused by itself.
    Bulk {
        /// How people call it.
        title: String,
        /// The commands.
        items: Vec<Self>,
    },
    /// Takes a terminated certificate off the lists (V11).
    Hide {
        /// Which.
        case: CaseId,
    },
    /// Records that a form was printed (V7).
    Print {
        /// Of which certificate.
        case: CaseId,
        /// Which form.
        form: String,
        /// As it was given out, without secrets.
        paper: String,
        /// By which text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<Edition>,
    },
    /// Records that a form about a user was printed.
    PrintForUser {
        /// About whom.
        user: UserId,
        /// Which form.
        form: String,
        /// As it was given out, without secrets.
        paper: String,
        /// By which text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        template: Option<Edition>,
    },
    /// Asks registers about the current registration data (U6).
    CheckApplicant {
        /// Whose.
        user: UserId,
    },
    /// Attaches the scan of a paper (U13). Wants [`Means`]: its octets.
    AttachScan {
        /// To what.
        to: ScanOwner,
        /// What was scanned.
        kind: ScanKind,
        /// `Streebog-256` of the octets.
        #[serde(with = "crate::hex::octets")]
        digest: [u8; 32],
    },
    /// Takes a key carrier into the register (U15).
    ReceiveCarrier {
        /// Which registration point has it.
        office: OfficeId,
        /// Its serial number.
        serial: Text<64>,
        /// What it is.
        model: Text<128>,
        /// By which paper it came; no personal data.
        paper: Text<255>,
    },
    /// Hands a key carrier over.
    HandOutCarrier {
        /// Which.
        carrier: TokenId,
        /// To whom.
        user: UserId,
        /// By which paper; no personal data.
        paper: Text<255>,
    },
    /// Takes a key carrier back.
    TakeCarrierBack {
        /// Which.
        carrier: TokenId,
        /// By which paper; no personal data.
        paper: Text<255>,
    },
    /// Destroys a key carrier, or writes it off.
    DestroyCarrier {
        /// Which.
        carrier: TokenId,
        /// By which paper; no personal data.
        paper: Text<255>,
    },
    /// Registers the key that signs checkpoints from now on.
    RegisterAuditKey {
        /// Its `SubjectPublicKeyInfo`, DER.
        #[serde(with = "crate::hex::octets")]
        public_key: Vec<u8>,
    },
    /// Makes a checkpoint of the audit now.
    MakeCheckpoint,
    /// Says that the record is an older copy, and that work goes on from it.
    AcknowledgeRestore {
        /// On which paper; no personal data.
        document: String,
    },
    /// Says which keys, so many of them together, can call an administrator back.
    SetRecovery {
        /// Their `SubjectPublicKeyInfo`, DER, as hexadecimal text.
        keys: Vec<String>,
        /// How many must sign.
        needed: u32,
    },
    /// Says how an authority's CRLs are made from now on.
    AdoptCrlPolicy {
        /// Which authority.
        authority: AuthorityId,
        /// How.
        policy: Box<CrlPolicy>,
    },
    /// Lets CRLs of a list that was blocked be made again, once as short as it is now.
    ReleaseCrl {
        /// Which authority.
        authority: AuthorityId,
        /// Which list.
        part: ListPart,
    },
    /// Takes certificates that were issued elsewhere by keys that are known here.
    Import {
        /// By which authority.
        authority: AuthorityId,
        /// By which profile they live here.
        profile: ProfileId,
        /// The certificates, at most a thousand.
        certificates: Vec<ImportedCertificate>,
    },
    /// Makes a CRL by each key of the authority.
    IssueCrl {
        /// Which authority.
        authority: AuthorityId,
        /// When the next one is due.
        next_update: Timestamp,
    },
}

impl Command {
    /// Terminates a certificate now, without further particulars.
    pub const fn revoke(case: CaseId, reason: Reason, ground: Ground) -> Self {
        let notice = Notice { learned: None, owner_notified: None };
        Self::Revoke { case, reason, ground, invalidity: None, date: None, notice }
    }

    /// Its name in the access stream and in JSON.
    pub fn name(&self) -> String {
        let tag = serde_json::to_value(self).ok();
        let tag =
            tag.as_ref().and_then(|value| value.get("command")).and_then(|name| name.as_str());
        tag.unwrap_or_default().to_owned()
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
