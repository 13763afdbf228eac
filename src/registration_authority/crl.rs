//! CRLs: made on command or when their time comes, checked before they are signed, sent to where they are fetched.

mod changes;
mod collector;
mod gate;
mod making;
mod previous;
mod publishing;
mod recount;
mod schedule;
mod stock;

use jiff::Timestamp;

use super::job::{Job, Work};
use crate::authority::{CrlPolicy, urls_of_part};
use crate::command::Outcome;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AuthorityFact, CrlRef};
use crate::id::AuthorityId;
use crate::lifecycle::{Act, Authority, CrlLine, Refusal, permission};
use crate::provider::ErrorKind;
use crate::provider::authority::{CrlHeading, CrlScope};
use crate::provider::journal::{Change, Expected, ListPart, StreamId};
use crate::view::{AuthorityView, View};
use making::{Made, Plan, Unmade};

/// Which CRL is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Full,
    Delta,
}

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
        let mut crls = Vec::new();
        for part in authority.lists() {
            if let Some(number) = self.issue_line(id, &part, (Wanted::Full, next_update)).await? {
                crls.push((part.issuer, number));
            }
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

    /// One CRL of one list; none where its key's certificate is over.
    async fn issue_line(
        &self,
        id: &AuthorityId,
        part: &ListPart,
        (wanted, next_update): (Wanted, Timestamp),
    ) -> Result<Option<u64>, Error> {
        let state = self.ra.load_authority(id).await?;
        let line = state.line(part);
        // an interrupted try of this very command had come to the end of this list
        if let Some(newest) = line.newest().filter(|newest| newest.command == self.envelope.id) {
            return Ok(Some(newest.number));
        }
        line.may(&self.actor, "crl.intent")?;
        let key = state.key(&part.issuer).ok_or(Refusal::NotFound("key of the authority"))?;
        let certificate = self.ra.issuer_certificate(key).await?;
        let provider = self.ra.crl_provider(id)?;
        let issuer = provider
            .crl_issuer()
            .ok_or_else(|| ErrorKind::Unsupported.at("CertificateAuthority::crl_issuer"))?;
        let default = CrlPolicy::default();
        let policy = state.crl_policy().unwrap_or(&default);
        let number = next_number(key.number, self.now);
        let Some(heading) = self.heading(&state, &line, (wanted, number), next_update) else {
            return Ok(None);
        };
        let heading = clipped(heading, certificate.validity().not_after);
        if heading.next_update <= heading.this_update {
            return Ok(None);
        }
        let salt = self.ra.random()?;
        let plan = Plan { line, heading, policy, issuer, certificate: &certificate, salt };
        self.lease_and_make(&state, &plan).await.map(Some)
    }

    async fn lease_and_make(&self, state: &Authority, plan: &Plan<'_>) -> Result<u64, Error> {
        let (part, number) = (plan.line.part, plan.heading.number);
        let name = format!("crl-{}-{}-{number}", part.issuer, part.partition);
        // 1. The number is used up before anything is signed: it never comes again.
        let ListPart { issuer, partition } = part;
        let intent = AuthorityFact::CrlIntended { issuer, partition, number };
        let change = self.authority_change(&state.id(), state.length(), intent);
        self.step(&format!("{name}-intent"), Work::of(change)).await?;
        // 2. Made; where that fails, the list says why.
        let crl = CrlRef { part, number };
        let (fact, document, outcome) = match self.ra.make_crl(plan).await {
            Ok(Made { fact, document }) => {
                (AuthorityFact::CrlIssued(Box::new(fact)), document, Ok(number))
            }
            Err(Unmade::Wrong(why)) => {
                let refusal = Refusal::CrlBlocked(why.clone());
                (AuthorityFact::CrlBlocked { crl, why }, None, Err(refusal.into()))
            }
            Err(Unmade::TooMany) => {
                let why = "too many changes for a delta CRL".to_owned();
                let error = ErrorKind::Unsupported.at("delta CRL");
                (AuthorityFact::CrlFailed { crl, why }, None, Err(error.into()))
            }
            Err(Unmade::Error(error)) => {
                let why = error.code().to_owned();
                (AuthorityFact::CrlFailed { crl, why }, None, Err(error))
            }
        };
        // 3. Recorded.
        let change = self.authority_change(&state.id(), state.length().saturating_add(1), fact);
        let work = Work::of(change).with_documents(document);
        let recorded = self.step(&format!("{name}-done"), work).await;
        match outcome {
            Ok(number) => recorded.map(|_| number),
            Err(error) => Err(error), // also where that could not be recorded
        }
    }

    /// What the CRL says of itself; none where a delta CRL has nothing to change.
    fn heading(
        &self,
        state: &Authority,
        line: &CrlLine,
        (wanted, number): (Wanted, u64),
        next_update: Timestamp,
    ) -> Option<CrlHeading> {
        // no CRL is older than the one before it, whatever the clock does
        let before = line.newest().map_or(Timestamp::MIN, |newest| newest.this_update);
        let base = match wanted {
            Wanted::Full => None,
            Wanted::Delta => Some(line.full.as_ref()?.number),
        };
        let urls = |urls: fn(&CrlPolicy) -> &[String]| {
            let policy = state.crl_policy();
            policy.map_or_else(Vec::new, |policy| urls_of_part(urls(policy), line.part.partition))
        };
        let parts = state.partitions() > 1;
        let scope = CrlScope {
            base,
            point: if parts { urls(|policy| &policy.locations) } else { Vec::new() },
            freshest: urls(|policy| &policy.delta_locations),
            expired_since: state.crl_policy().and_then(|policy| policy.expired_since),
        };
        let this_update = self.second().max(before);
        Some(CrlHeading { issuer: line.part.issuer, number, this_update, next_update, scope })
    }

    /// A change of an authority by several facts.
    fn authority_facts(
        id: &AuthorityId,
        length: u64,
        entries: impl IntoIterator<Item = Entry<AuthorityFact>>,
    ) -> Change {
        Change {
            stream: StreamId::Authority(*id),
            expected: Expected::Exactly(length),
            entries: entries.into_iter().map(|entry| entry.encode()).collect(),
            views: vec![View::Authority(AuthorityView { authority: *id, due: None })],
        }
    }
}

/// Whole seconds, and never beyond the issuer's certificate.
fn clipped(heading: CrlHeading, end: Timestamp) -> CrlHeading {
    let next_update = heading.next_update.min(end);
    let next_update = Timestamp::from_second(next_update.as_second()).unwrap_or(next_update);
    CrlHeading { next_update, ..heading }
}

/// Greater than every number before, and after a restore from an old backup too: time goes on.
fn next_number(last: u64, now: Timestamp) -> u64 {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    last.saturating_add(1).max(seconds)
}

const SEEN: &str = "seen";
