//! CRLs of many lists at once: their numbers are leased together, they are signed together, and recorded together.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::making::{Made, Plan, Unmade};
use crate::authority::{CrlPolicy, urls_of_part};
use crate::commitment::Document;
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AuthorityFact, CrlRef};
use crate::id::AuthorityId;
use crate::lifecycle::{Authority, CrlLine, Refusal};
use crate::provider::ErrorKind;
use crate::provider::authority::{CertificateAuthority, CrlHeading, CrlScope};
use crate::provider::journal::{Change, Expected, ListPart, StreamId};
use crate::registration_authority::job::{Job, Work};
use crate::view::{AuthorityView, View};
use crate::x509::KeyIdentity;

/// A CRL that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) part: ListPart,
    pub(super) wanted: Wanted,
    pub(super) next_update: Timestamp,
}

/// Which CRL is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Full,
    Delta,
}

/// What became of an order: the number of its CRL; none where there is nothing to tell.
pub(super) type Answer = (Order, Result<Option<u64>, Error>);

/// An order that was looked at.
enum Planned<'a> {
    Plan(Box<Plan<'a>>),
    /// Nothing is left to do.
    Over(Option<u64>),
}

/// The record as it was when the CRLs were begun.
struct Before<'a> {
    state: &'a Authority,
    provider: &'a dyn CertificateAuthority,
    /// The last number of each key, those that are planned included.
    numbers: BTreeMap<KeyIdentity, u64>,
}

impl Job<'_> {
    /// CRLs by these orders, some at a time; what is wrong with one of them does not stop the others.
    ///
    /// # Errors
    /// What concerns them all: the journal's, mostly. Numbers that were leased before are used up.
    pub(super) async fn issue_lines(
        &self,
        id: &AuthorityId,
        orders: &[Order],
    ) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::with_capacity(orders.len());
        for orders in orders.chunks(TOGETHER) {
            answers.extend(self.issue_together(id, orders).await?);
        }
        Ok(answers)
    }

    async fn issue_together(
        &self,
        id: &AuthorityId,
        orders: &[Order],
    ) -> Result<Vec<Answer>, Error> {
        let (state, provider) = (self.ra.load_authority(id).await?, self.ra.crl_provider(id)?);
        let numbers = BTreeMap::new();
        let mut before = Before { state: &state, provider: &*provider, numbers };
        let (mut answers, mut begun, mut plans) = (Vec::new(), Vec::new(), Vec::new());
        for order in orders {
            match self.plan(&mut before, order).await {
                Ok(Planned::Plan(plan)) => {
                    begun.push(*order);
                    plans.push(*plan);
                }
                Ok(Planned::Over(number)) => answers.push((*order, Ok(number))),
                Err(error) => answers.push((*order, Err(error))),
            }
        }
        let made = self.lease_and_make(&state, &plans).await?;
        answers.extend(begun.into_iter().zip(made));
        Ok(answers)
    }

    /// What the CRL of one list will say besides its entries.
    async fn plan<'a>(&self, before: &mut Before<'a>, order: &Order) -> Result<Planned<'a>, Error> {
        let (state, part) = (before.state, &order.part);
        let line = state.line(part);
        // an interrupted try of this very command had come to the end of this list
        if let Some(newest) = line.newest().filter(|newest| newest.command == self.envelope.id) {
            return Ok(Planned::Over(Some(newest.number)));
        }
        line.may(&self.actor, "crl.intent")?;
        let key = state.key(&part.issuer).ok_or(Refusal::NotFound("key of the authority"))?;
        let certificate = self.ra.issuer_certificate(key).await?;
        let issuer = before.provider.crl_issuer();
        let issuer =
            issuer.ok_or_else(|| ErrorKind::Unsupported.at("CertificateAuthority::crl_issuer"))?;
        let last = before.numbers.entry(part.issuer).or_insert(key.number);
        let number = next_number(*last, self.now);
        let Some(heading) = self.heading(state, &line, (order, number)) else {
            return Ok(Planned::Over(None));
        };
        let heading = clipped(heading, certificate.validity().not_after);
        if heading.next_update <= heading.this_update {
            return Ok(Planned::Over(None)); // its key's certificate is over
        }
        *last = number;
        let policy = state.crl_policy().cloned().unwrap_or_default();
        let salt = self.ra.random()?;
        Ok(Planned::Plan(Box::new(Plan { line, heading, policy, issuer, certificate, salt })))
    }

    async fn lease_and_make(
        &self,
        state: &Authority,
        plans: &[Plan<'_>],
    ) -> Result<Vec<Result<Option<u64>, Error>>, Error> {
        let Some(first) = plans.first() else { return Ok(Vec::new()) };
        let (id, ListPart { issuer, partition }) = (state.id(), first.line.part);
        let name = format!("crl-{issuer}-{partition}-{}", first.heading.number);
        // 1. The numbers are used up before anything is signed: they never come again.
        let intents = plans.iter().map(|plan| self.entry(plan.intent()));
        let change = Self::authority_facts(&id, state.length(), intents);
        self.step(&format!("{name}-intent"), Work::of(change)).await?;
        // 2. Made; where that fails, the list says why.
        let made = self.ra.make_crls(plans).await;
        let ends = made.into_iter().zip(plans).map(|(made, plan)| End::of(made, plan));
        let (mut facts, mut documents, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
        for end in ends {
            facts.push(self.entry(end.fact));
            documents.extend(end.document);
            outcomes.push(end.outcome);
        }
        // 3. Recorded.
        let length = state.length().saturating_add(u64::try_from(plans.len()).unwrap_or(u64::MAX));
        let work = Work::of(Self::authority_facts(&id, length, facts)).with_documents(documents);
        match self.step(&format!("{name}-done"), work).await {
            Ok(_) => Ok(outcomes),
            // why a CRL failed says more than why that could not be recorded
            Err(error) => Err(outcomes.into_iter().find_map(Result::err).unwrap_or(error)),
        }
    }

    /// What the CRL says of itself; none where a delta CRL has nothing to change.
    fn heading(
        &self,
        state: &Authority,
        line: &CrlLine,
        (order, number): (&Order, u64),
    ) -> Option<CrlHeading> {
        // no CRL is older than the one before it, whatever the clock does
        let before = line.newest().map_or(Timestamp::MIN, |newest| newest.this_update);
        let base = match order.wanted {
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
        let (issuer, next_update) = (line.part.issuer, order.next_update);
        let this_update = self.second().max(before);
        Some(CrlHeading { issuer, number, this_update, next_update, scope })
    }

    /// A change of an authority by several facts.
    pub(super) fn authority_facts(
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

impl Plan<'_> {
    fn intent(&self) -> AuthorityFact {
        let ListPart { issuer, partition } = self.line.part;
        AuthorityFact::CrlIntended { issuer, partition, number: self.heading.number }
    }
}

/// How the making of a CRL ended, and what the record is told of it.
struct End {
    fact: AuthorityFact,
    document: Option<Document>,
    outcome: Result<Option<u64>, Error>,
}

impl End {
    fn of(made: Result<Made, Unmade>, plan: &Plan<'_>) -> Self {
        let crl = CrlRef { part: plan.line.part, number: plan.heading.number };
        let failed = |why, error| {
            let fact = AuthorityFact::CrlFailed { crl, why };
            Self { fact, document: None, outcome: Err(error) }
        };
        match made {
            Ok(Made { fact, document }) => {
                let fact = AuthorityFact::CrlIssued(Box::new(fact));
                Self { fact, document, outcome: Ok(Some(crl.number)) }
            }
            Err(Unmade::Wrong(why)) => {
                let outcome = Err(Refusal::CrlBlocked(why.clone()).into());
                Self { fact: AuthorityFact::CrlBlocked { crl, why }, document: None, outcome }
            }
            Err(Unmade::TooMany) => {
                let error = ErrorKind::Unsupported.at("delta CRL").into();
                failed("too many changes for a delta CRL".to_owned(), error)
            }
            Err(Unmade::Error(error)) => failed(error.code().to_owned(), error),
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

/// As many CRLs are made together: each has an open draft and a buffer.
const TOGETHER: usize = 8;
