//! The certificate's life after issuing: container, hold, termination, renewal, paper.

use jiff::Timestamp;

use super::generation::writable;
use super::job::{Job, Work};
use crate::command::Outcome;
use crate::error::Error;
use crate::fact::CaseFact;
use crate::id::CaseId;
use crate::lifecycle::{Act, Case, Refusal};
use crate::profile::Profile;
use crate::reason::{Ground, Reason};

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

    pub(super) async fn suspend(
        &self,
        id: &CaseId,
        ground: &Ground,
        until: Option<Timestamp>,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Suspend).await?;
        let ground = ground.clone();
        self.dated(case, CaseFact::CertificateSuspended { ground, until }).await
    }

    pub(super) async fn resume(&self, id: &CaseId, ground: &Ground) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Resume).await?;
        self.dated(case, CaseFact::CertificateResumed { ground: ground.clone() }).await
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
        reason: Reason,
        ground: &Ground,
        invalidity: Option<Timestamp>,
    ) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Revoke).await?;
        if invalidity.is_some_and(|since| self.now < since) {
            return Err(Refusal::Request("invalidityDate is in the future".to_owned()).into());
        }
        let date = case.0.hold().map_or(self.second(), |hold| hold.since);
        let ground = ground.clone();
        self.dated(case, CaseFact::CertificateRevoked { reason, ground, date, invalidity }).await
    }

    /// A fact in force from a whole second on, as the CRL tells time.
    async fn dated(
        &self,
        (mut case, profile): (Case, Profile),
        fact: CaseFact,
    ) -> Result<Outcome, Error> {
        let mut entry = self.entry(fact);
        entry.effective = self.second();
        let change = self.change(&mut case, &profile, vec![entry])?;
        self.finish(Work::of(change), Outcome::Done).await
    }

    /// T14: a successor from the current data, with a new key, in the same lineage.
    pub(super) async fn renew(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (mut old, profile) = self.case(id, Act::Renew).await?;
        let successor = CaseId::made_by(&self.envelope.id);
        let account = self.ra.load_account(&old.begun().user).await?;
        let record = self.ra.record().await?;
        let newest = record.profile(&profile.id).ok_or(Refusal::NotFound("profile"))?;
        let authority = old.begun().authority;
        let begun =
            self.begin_request(&account, newest, authority, (successor, Some(&old))).await?;
        let fact = CaseFact::RenewalStarted { successor };
        let change = self.change(&mut old, &profile, vec![self.entry(fact)])?;
        self.finish(
            Work::of(change).with_change(begun),
            Outcome::RequestCreated { case: successor },
        )
        .await
    }
}
