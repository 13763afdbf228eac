//! The certificate's life after issuing: container, termination, acceptance, archive, paper.

use jiff::Timestamp;

use super::access::access;
use super::claims::blocked_key;
use super::generation::writable;
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AccessFact, Acknowledgement, CaseFact, Notice, Plan, RecordFact};
use crate::id::CaseId;
use crate::lifecycle::{Act, Case, Guard, Refusal, permission};
use crate::profile::Profile;
use crate::provider::journal::{Claim, Holder, StreamId};
use crate::reason::{Ground, Reason};
use crate::x509::KeyIdentity;

/// Why and since when a certificate is terminated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Termination<'a> {
    pub(super) reason: Reason,
    pub(super) ground: &'a Ground,
    pub(super) invalidity: Option<Timestamp>,
    pub(super) date: Option<Timestamp>,
    pub(super) notice: Notice,
}

impl Job<'_> {
    /// V6: the certificate goes into its key's container, which is then reported bound.
    pub(super) async fn install(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Install).await?;
        let change =
            self.change(&mut case, &profile, vec![self.entry(CaseFact::CertificateInstalled)])?;
        let (store, key) = case.key().ok_or(Refusal::Missing("a key in a store of ours"))?;
        let keys = self.ra.key_store(store)?;
        // a record that cannot be written stops it here; installing twice is harmless: the store does nothing
        self.step("install-intent", Work::default()).await?;
        writable(&**keys)?.install(key, &self.ra.certificate_of(&case).await?).await?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    /// V11: a terminated certificate leaves the lists, not the record.
    pub(super) async fn hide(&self, id: &CaseId) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Hide).await?;
        self.dated(case, CaseFact::CertificateHidden).await
    }

    /// R2: termination counts from its entry; a hold before it keeps its date on the CRL.
    pub(super) async fn revoke(
        &self,
        id: &CaseId,
        termination: &Termination<'_>,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::Revoke).await?;
        let Termination { reason, ground, invalidity, date, notice } = *termination;
        self.check_past(&[invalidity, notice.learned, notice.owner_notified])?;
        let own_date = date.unwrap_or_else(|| self.second());
        let back_dated = own_date.as_second() < self.now.as_second();
        self.check_approval(&case, &profile, (Act::Revoke, back_dated))?;
        let date = case.hold().map_or(own_date, |hold| hold.since);
        let ground = ground.clone();
        // both moments of the legal term are on record (R3)
        let known = case.application().map(|asked| asked.learned);
        let notice = Notice { learned: notice.learned.or(known), ..notice };
        let fact = CaseFact::CertificateRevoked { reason, ground, date, invalidity, notice };
        let change = self.change(&mut case, &profile, vec![self.dated_entry(fact)])?;
        let blocked = self.forbid_key(&case).await?;
        self.finish(Work::of(change).with_claims(blocked), Outcome::Done).await
    }

    /// T13: late, on the CRL for ever after (`expiredCertsOnCRL`).
    pub(super) async fn revoke_expired(
        &self,
        id: &CaseId,
        reason: Reason,
        ground: &Ground,
        invalidity: Option<Timestamp>,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::RevokeExpired).await?;
        self.check_past(&[invalidity])?;
        let date = case.hold().map_or_else(|| self.second(), |hold| hold.since);
        let ground = ground.clone();
        let fact = CaseFact::RevokedAfterExpiry { reason, ground, date, invalidity };
        let change = self.change(&mut case, &profile, vec![self.dated_entry(fact)])?;
        let blocked = self.forbid_key(&case).await?;
        self.finish(Work::of(change).with_claims(blocked), Outcome::Done).await
    }

    /// T12: the one amendment there is; the date of termination stays.
    pub(super) async fn amend_reason(
        &self,
        id: &CaseId,
        ground: &Ground,
        invalidity: Option<Timestamp>,
    ) -> Result<Outcome, Error> {
        let (mut case, profile) = self.case(id, Act::AmendReason).await?;
        self.check_past(&[invalidity])?;
        let fact = CaseFact::ReasonAmended { ground: ground.clone(), invalidity };
        let change = self.change(&mut case, &profile, vec![self.dated_entry(fact)])?;
        let blocked = self.forbid_key(&case).await?;
        self.finish(Work::of(change).with_claims(blocked), Outcome::Done).await
    }

    pub(super) async fn schedule(
        &self,
        id: &CaseId,
        at: Timestamp,
        plan: &Plan,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Schedule).await?;
        self.dated(case, CaseFact::Scheduled { at, plan: plan.clone() }).await
    }

    pub(super) async fn withdraw_schedule(&self, id: &CaseId) -> Result<Outcome, Error> {
        let case = self.case(id, Act::WithdrawSchedule).await?;
        if case.0.plan().is_none() {
            return Err(Refusal::NotFound("schedule").into());
        }
        self.dated(case, CaseFact::ScheduleWithdrawn).await
    }

    /// A compromised key is blocked with the very entry that says so: nothing is built on it from then on.
    pub(super) async fn forbid_key(&self, case: &Case) -> Result<Option<Claim>, Error> {
        let key = case.public_key().filter(|_| case.is_compromised());
        match key {
            Some(key) => self.block_claim(&key, Holder(*case.id().octets())).await,
            None => Ok(None),
        }
    }

    async fn block_claim(&self, key: &KeyIdentity, holder: Holder) -> Result<Option<Claim>, Error> {
        let key = blocked_key(key);
        let known = self.ra.providers.journal.holder(&key, self.now).await?;
        Ok(known.is_none().then_some(Claim::Take { key, holder, until: None }))
    }

    /// Forbids a key that is known to be compromised elsewhere.
    pub(super) async fn block_key(
        &self,
        key: &KeyIdentity,
        ground: &Ground,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::BlockKey, self.actor.office.as_ref(), None)?;
        let claim = self.block_claim(key, Holder(*self.envelope.id.octets())).await?;
        let record = self.ra.record().await?;
        self.expect(StreamId::Record, record.length())?;
        let fact = RecordFact::KeyBlocked { key: *key, ground: ground.clone() };
        let change = self.record_change(record.length(), vec![fact]);
        self.finish(Work::of(change).with_claims(claim), Outcome::Done).await
    }

    fn check_past(&self, times: &[Option<Timestamp>]) -> Result<(), Refusal> {
        let ahead = times.iter().flatten().any(|time| self.now < *time);
        if ahead { Err(Refusal::Guard(Guard::DateWithinPolicy)) } else { Ok(()) }
    }

    /// A fact in force from a whole second on, as the CRL tells time.
    pub(super) async fn dated(
        &self,
        (mut case, profile): (Case, Profile),
        fact: CaseFact,
    ) -> Result<Outcome, Error> {
        let change = self.change(&mut case, &profile, vec![self.dated_entry(fact)])?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    pub(super) fn dated_entry(&self, fact: CaseFact) -> Entry<CaseFact> {
        Entry { effective: self.second(), ..self.entry(fact) }
    }

    /// V7, T4: the owner confirms in their own session, the desk by the signed copy.
    pub(super) async fn accept_certificate(
        &self,
        id: &CaseId,
        paper: Option<&String>,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Accept).await?;
        let own = self.actor.is(&case.0.begun().user);
        let acknowledgement = match paper {
            Some(document) if !own => Acknowledgement::Paper { document: document.clone() },
            None if own => Acknowledgement::Electronic,
            Some(_) => return Err(Refusal::Scope.into()),
            None => return Err(Refusal::Missing("the signed copy's number and day").into()),
        };
        self.dated(case, CaseFact::CertificateAccepted { acknowledgement }).await
    }

    pub(super) async fn refuse_acceptance(&self, id: &CaseId) -> Result<Outcome, Error> {
        let case = self.case(id, Act::RefuseAcceptance).await?;
        let date = case.0.hold().map_or_else(|| self.second(), |hold| hold.since);
        self.dated(case, CaseFact::AcceptanceRefused { date }).await
    }

    /// T17, T18: away, and back.
    pub(super) async fn put_away(&self, id: &CaseId, act: Act) -> Result<Outcome, Error> {
        let case = self.case(id, act).await?;
        let fact = if act == Act::Archive { CaseFact::Archived } else { CaseFact::Unarchived };
        self.dated(case, fact).await
    }

    /// T19: first the entry, then the documents; a repetition erases what a crash left.
    pub(super) async fn erase(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut case, profile) = self.begun_case(id, Act::Erase).await?;
        if !self.was_done(ERASING).await? {
            self.check_begin(&case, &profile, Act::Erase)?;
            self.check_approval(&case, &profile, (Act::Erase, false))?;
            let change =
                self.change(&mut case, &profile, vec![self.dated_entry(CaseFact::Erased)])?;
            self.step(ERASING, Work::of(change)).await?;
        }
        for entry in self.ra.case_entries(id).await? {
            for document in entry.fact.documents() {
                self.ra.providers.journal.documents().erase(document).await?;
            }
        }
        let told = AccessFact::DocumentsErased { case: *id };
        let told = access(&self.actor, self.envelope.id, told, self.now);
        self.finish(Work::of(told), Outcome::Done).await
    }
}

const ERASING: &str = "erasing";
