//! The registration authority: every command goes through it, and it alone calls the providers.
//!
//! A command is executed in six steps: load, decide (pure: tables, permissions, profile), intend (commit
//! what is about to happen), act, check (a provider's word is never taken), record. `kill -9` at any
//! instruction loses no acknowledged command and leaves no certificate that the record does not know.

mod access;
mod accounts;
mod approvals;
mod audit_reading;
mod auditing;
mod authorities;
mod bulk;
mod carriers;
mod checks;
mod claims;
mod crl;
mod dossier;
mod foreseen;
mod founding;
mod generation;
mod import;
mod issuing;
mod job;
mod loading;
mod notices;
mod orphans;
mod overdue;
mod papers;
mod reading;
mod recovery;
mod reports;
mod requests;
mod review;
mod revocation;
mod scans;
mod session;
mod setup;
mod signable;
mod succession;
mod suspension;
mod sweep;

use core::pin::Pin;
use std::sync::{Arc, Mutex};

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

pub use accounts::DraftCard;
pub(crate) use accounts::registration_claims;
pub use approvals::ApprovalCard;
pub use audit_reading::AuditFilter;
pub use auditing::CheckpointSchedule;
pub(crate) use bulk::{LARGEST as LARGEST_BULK, item_id};
pub(crate) use claims::{ClaimKey, binding_key, blocked_key, public_key_key, serial_key};
pub use founding::Founding;
pub use notices::NoticeSettings;
pub use orphans::OrphanedKey;
pub use overdue::OverdueTermination;
pub use papers::PrintedForm;
pub use reading::{CaseCard, UserCard, UserRow};
pub use recovery::{Recovery, RecoverySignature};
pub use session::{Answer, Challenge, Lockout, Session};
pub use signable::Signable;
pub use sweep::Swept;

use crate::command::{Command, Envelope, Means, Outcome};
use crate::entry::Actor;
use crate::error::Error;
use crate::id::ApprovalId;
use crate::lifecycle::{Record, Refusal};
use crate::providers::Providers;
use crate::registration::PasswordPolicy;
use crate::view::Role;
use job::Job;

/// What is the same for a whole record, whatever the profiles say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How long a temporary password opens anything.
    pub temporary_password: SignedDuration,
    /// How long a registration may be left incomplete; then what was typed is erased.
    pub drafts: SignedDuration,
    /// How long a challenge may be answered.
    pub challenge: SignedDuration,
    /// Wrong passwords, and what becomes of them.
    pub lockout: Lockout,
    /// When a sweep makes a checkpoint of the audit.
    pub checkpoints: CheckpointSchedule,
    /// How long a session lasts, used or not.
    pub session: SignedDuration,
    /// How long a session lasts that nobody uses.
    pub idle: SignedDuration,
    /// How owners are told.
    pub notices: NoticeSettings,
    /// What users' own passwords must be.
    pub passwords: PasswordPolicy,
    /// The authority's own time: of papers' dates and of what is shown (U8).
    pub zone: Offset,
    /// How long unfinished issuing is left to whoever began it.
    pub patience: SignedDuration,
    /// Most octets of a scan.
    pub scan_limit: usize,
    /// What others must approve that concerns no certificate; of certificates, the profile says it.
    pub approvals: DeskApprovals,
}

/// What others must approve that concerns no certificate.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeskApprovals {
    /// How long others may take.
    pub term: SignedDuration,
    /// How many must approve what administrators do with offices, profiles, authorities, their CRLs and
    /// keys, and the staff.
    pub administration: u8,
    /// How many must approve the end of an account (U13).
    pub archive: u8,
    /// How many must approve the erasure of personal data (U14): it cannot be undone.
    pub erase: u8,
    /// How many must approve a bulk of more than [`bulk_limit`](Self::bulk_limit) commands.
    pub bulk: u8,
    /// Bulks up to this many commands need no approval.
    pub bulk_limit: usize,
}

impl Default for DeskApprovals {
    fn default() -> Self {
        let term = SignedDuration::from_hours(72);
        Self { term, administration: 0, archive: 0, erase: 1, bulk: 1, bulk_limit: 50 }
    }
}

impl DeskApprovals {
    /// How many must approve the command; 0 where nobody must, or its profile says it.
    fn quorum(&self, command: &Command) -> u8 {
        match command {
            Command::OpenOffice { .. }
            | Command::AdoptProfile { .. }
            | Command::OpenAuthority { .. }
            | Command::InstallAuthorityKey { .. }
            | Command::AdoptCrlPolicy { .. }
            | Command::ReleaseCrl { .. }
            | Command::Import { .. }
            | Command::RegisterAuditKey { .. }
            | Command::SetRecovery { .. }
            | Command::ChangeRole { .. } => self.administration,
            Command::ArchiveUser { .. } => self.archive,
            Command::EraseUser { .. } => self.erase,
            Command::Register(register) if register.role != Role::User => self.administration,
            Command::Bulk { items, .. } if items.len() > self.bulk_limit => self.bulk,
            _ => 0,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            temporary_password: SignedDuration::from_hours(72),
            drafts: SignedDuration::from_hours(30 * 24),
            challenge: SignedDuration::from_mins(5),
            lockout: Lockout::default(),
            checkpoints: CheckpointSchedule::default(),
            session: SignedDuration::from_hours(12),
            idle: SignedDuration::from_mins(15),
            notices: NoticeSettings::default(),
            passwords: PasswordPolicy::default(),
            zone: Offset::constant(3),
            patience: SignedDuration::from_secs(30),
            scan_limit: 10 << 20,
            approvals: DeskApprovals::default(),
        }
    }
}

/// The facade: the desk and the issuing engine over one record.
///
/// Any number of them, in any number of processes, may work over one journal.
#[derive(Debug)]
pub struct RegistrationAuthority {
    providers: Providers,
    settings: Settings,
    record: Mutex<Arc<Record>>,
    claim_key: Mutex<Option<Arc<ClaimKey>>>,
    issuers: authorities::Issuers,
    knocks: access::Knocks,
    audit: auditing::Audit,
    dummy: session::Dummy,
}

impl RegistrationAuthority {
    /// Starts over the given providers; reads and writes nothing yet.
    pub fn new(providers: Providers, settings: Settings) -> Self {
        Self {
            providers,
            settings,
            record: Mutex::default(),
            claim_key: Mutex::default(),
            issuers: authorities::Issuers::default(),
            knocks: access::Knocks::default(),
            audit: auditing::Audit::default(),
            dummy: session::Dummy::default(),
        }
    }

    /// The providers it works with.
    pub const fn providers(&self) -> &Providers {
        &self.providers
    }

    /// Executes a command that wants nothing beside it.
    ///
    /// # Errors
    /// As [`execute_with`](Self::execute_with).
    pub async fn execute(&self, session: &Session, envelope: &Envelope) -> Result<Outcome, Error> {
        self.execute_with(session, envelope, Means::default()).await
    }

    /// Executes a command with the PIN, and the randomness, that it wants beside it.
    ///
    /// Repeating an envelope is safe: what was done is not done again, what was begun is finished.
    ///
    /// # Errors
    /// [`Error::Refused`] and [`Error::Form`]: nothing changed. [`Error::Conflict`]: somebody was faster.
    /// [`Error::Provider`]: its kind tells the next move; where that is `Unavailable`, repeat the envelope.
    pub async fn execute_with(
        &self,
        session: &Session,
        envelope: &Envelope,
        means: Means<'_>,
    ) -> Result<Outcome, Error> {
        let now = self.now();
        let done = match &envelope.command {
            // its own way checks the policy, which a hash does not show
            Command::ChangePassword { .. } => Err(Refusal::Missing("the passwords").into()),
            _ => self.execute_at(session, envelope, means, now).await,
        };
        self.noted(session, envelope, done, now).await
    }

    async fn execute_at(
        &self,
        session: &Session,
        envelope: &Envelope,
        means: Means<'_>,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        match self.admit(session, envelope, now).await? {
            Some(first) => Ok(first),
            None => self.attempt(session, envelope, means, now).await,
        }
    }

    /// Passes an answer on; what was refused is recorded first.
    async fn noted(
        &self,
        session: &Session,
        envelope: &Envelope,
        done: Result<Outcome, Error>,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        if let Err(error @ (Error::Refused(_) | Error::Form(_))) = &done {
            let command = (envelope.id, Some(envelope.command.name()));
            self.note_refusal(session.actor(), command, error.code(), now).await?;
        }
        done
    }

    async fn attempt(
        &self,
        session: &Session,
        envelope: &Envelope,
        means: Means<'_>,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        let job = Job {
            ra: self,
            actor: session.actor().clone(),
            envelope,
            means,
            now,
            approval: None,
            rehearsal: false,
            foreseen: None,
        };
        // boxed: one type for all commands, however deep their futures are nested
        let run: Running<'_> = Box::pin(job.run());
        match run.await {
            Err(Error::Refused(Refusal::NeedsApproval(need)))
                if approvals::may_be_frozen(&envelope.command) =>
            {
                job.ask(&need).await
            }
            done => done,
        }
    }

    /// Runs a command as somebody who asked for it before.
    fn run_job<'a>(
        &'a self,
        envelope: &'a Envelope,
        actor: Actor,
        approval: Option<ApprovalId>,
        now: Timestamp,
    ) -> Running<'a> {
        let means = Means::default();
        let (rehearsal, foreseen) = (false, None);
        let job = Job { ra: self, actor, envelope, means, now, approval, rehearsal, foreseen };
        job.boxed()
    }

    /// Time in whole milliseconds.
    fn now(&self) -> Timestamp {
        let now = self.providers.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut octets = [0; N];
        self.providers.rng.fill(&mut octets)?;
        Ok(octets)
    }
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send + 'a>>;

/// The engine's own actor.
const SYSTEM: &Actor = &Actor::SYSTEM;
