//! CRLs: made on command or when their time comes, checked before they are signed, sent to where they are fetched.

mod changes;
mod collector;
mod gate;
mod issuing;
mod making;
mod previous;
mod publishing;
mod recount;
mod schedule;
mod stock;

use jiff::Timestamp;

use super::job::{Job, Work};
use crate::authority::CrlPolicy;
use crate::command::Outcome;
use crate::error::Error;
use crate::fact::{AuthorityFact, CrlRef};
use crate::id::AuthorityId;
use crate::lifecycle::{Act, Refusal, permission};
use crate::provider::journal::{ListPart, StreamId};
use issuing::{Order, Wanted};

impl Job<'_> {
    /// A CRL for each list of the authority, each by the key that issued what it lists.
    pub(super) async fn issue_crl(
        &self,
        id: &AuthorityId,
        next_update: Timestamp,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::IssueCrl, None, None)?;
        if next_update <= self.now {
            return Err(Refusal::Request("nextUpdate is in the past".to_owned()).into());
        }
        let authority = self.ra.load_authority(id).await?;
        // its own numbers are on record when a try is repeated: it was looked at before the first one
        if self.envelope.expected.is_some() && !self.was_done(SEEN).await? {
            self.expect(StreamId::Authority(*id), authority.length())?;
            self.step(SEEN, Work::default()).await?;
        }
        let order = |part| Order { part, wanted: Wanted::Full, next_update };
        let orders: Vec<_> = authority.lists().into_iter().map(order).collect();
        let mut crls = Vec::new();
        for (order, number) in self.issue_lines(id, &orders).await? {
            crls.extend(number?.map(|number| (order.part.issuer, number)));
        }
        self.finish(Work::default(), Outcome::CrlIssued { crls }).await
    }

    pub(super) async fn adopt_crl_policy(
        &self,
        id: &AuthorityId,
        policy: &CrlPolicy,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::Administer, None, None)?;
        let authority = self.ra.load_authority(id).await?;
        self.expect(StreamId::Authority(*id), authority.length())?;
        policy.check().map_err(|error| Refusal::Request(error.to_string()))?;
        if policy.partitions < authority.partitions() {
            // certificates name their part for as long as they live
            return Err(Refusal::Request("fewer partitions than before".to_owned()).into());
        }
        self.check_desk_approval()?;
        let fact = AuthorityFact::CrlPolicyAdopted { policy: Box::new(policy.clone()) };
        let change = self.authority_change(id, authority.length(), fact);
        self.finish(Work::of(change), Outcome::Done).await
    }

    pub(super) async fn release_crl(
        &self,
        id: &AuthorityId,
        part: &ListPart,
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::ReleaseCrl, None, None)?;
        let authority = self.ra.load_authority(id).await?;
        self.expect(StreamId::Authority(*id), authority.length())?;
        let number = authority.key(&part.issuer).ok_or(Refusal::NotFound("key"))?.number;
        authority.line(part).may(&self.actor, "crl.released")?;
        self.check_desk_approval()?;
        let fact = AuthorityFact::CrlReleased { crl: CrlRef { part: *part, number } };
        let change = self.authority_change(id, authority.length(), fact);
        self.finish(Work::of(change), Outcome::Done).await
    }
}

const SEEN: &str = "seen";
