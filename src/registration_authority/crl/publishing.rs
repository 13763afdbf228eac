//! Sending CRLs to where they are fetched.

use jiff::{SignedDuration, Timestamp};

use super::stock::Reading;
use crate::error::Error;
use crate::fact::{AuthorityFact, CrlRef, Delivery};
use crate::id::{AuthorityId, Name};
use crate::lifecycle::crl::{CrlLine, CrlState, DeliveryState, IssuedCrl};
use crate::provider::ErrorKind;
use crate::provider::journal::ListPart;
use crate::registration_authority::job::{Job, Work};

impl Job<'_> {
    /// Sends the newest CRLs of a list to the endpoints where they are not yet; says how many got there.
    pub(super) async fn publish_line(
        &self,
        id: &AuthorityId,
        part: &ListPart,
    ) -> Result<usize, Error> {
        let state = self.ra.load_authority(id).await?;
        let Some(policy) = state.crl_policy() else { return Ok(0) };
        let line = state.line(part);
        let mut facts = Vec::new();
        for (crl, kind) in crls(&line) {
            for endpoint in policy.endpoints.iter().filter(|it| self.is_pending(crl, it)) {
                let crl_ref = CrlRef { part: *part, number: crl.number };
                let why = self.send(crl, endpoint, &published_name(kind, part)).await.err();
                let delivery = Delivery { crl: crl_ref, endpoint: endpoint.clone(), why };
                facts.push(match &delivery.why {
                    None => AuthorityFact::CrlDelivered(delivery),
                    Some(_) => AuthorityFact::CrlDeliveryFailed(delivery),
                });
            }
        }
        if facts.is_empty() {
            return Ok(0);
        }
        let delivered = |fact: &&AuthorityFact| matches!(fact, AuthorityFact::CrlDelivered(_));
        let count = facts.iter().filter(delivered).count();
        facts.extend(published(&line, &facts, &policy.endpoints));
        let entries = facts.into_iter().map(|fact| self.system_entry(fact));
        let change = Self::authority_facts(id, state.length(), entries);
        let name = format!("publish-{}-{}-{}", part.issuer, part.partition, state.length());
        self.step(&name, Work::of(change)).await?;
        Ok(count)
    }

    /// Not there, and not tried just now.
    fn is_pending(&self, crl: &IssuedCrl, endpoint: &Name) -> bool {
        match crl.deliveries.get(endpoint) {
            None => true,
            Some(DeliveryState::Delivered { .. }) => false,
            Some(DeliveryState::Failed { at, times }) => again(*at, *times) <= self.now,
        }
    }

    async fn send(&self, crl: &IssuedCrl, endpoint: &Name, name: &str) -> Result<(), String> {
        let sent = async {
            let publisher = self.ra.providers.publishers.get(endpoint);
            let missing = || Error::from(ErrorKind::NotFound.at("Publisher"));
            let publisher = publisher.ok_or_else(missing)?;
            let mut reading = Reading::of(self.ra.kept(crl).await?);
            Ok::<_, Error>(publisher.publish(name, &mut reading).await?)
        };
        sent.await.map_err(|error| error.code().to_owned())
    }
}

/// The line is published once its newest CRL is at every endpoint.
fn published(line: &CrlLine, facts: &[AuthorityFact], endpoints: &[Name]) -> Option<AuthorityFact> {
    let newest = line.newest()?;
    let now = |endpoint: &Name| {
        facts.iter().any(|fact| match fact {
            AuthorityFact::CrlDelivered(it) => {
                it.crl.number == newest.number && it.endpoint == *endpoint
            }
            _ => false,
        })
    };
    let before = |endpoint: &Name| {
        matches!(newest.deliveries.get(endpoint), Some(DeliveryState::Delivered { .. }))
    };
    let everywhere = endpoints.iter().all(|endpoint| now(endpoint) || before(endpoint));
    let crl = CrlRef { part: line.part, number: newest.number };
    (everywhere && line.state == CrlState::Stored).then_some(AuthorityFact::CrlPublished { crl })
}

/// The newest complete CRL before the delta CRL that changes it.
fn crls(line: &CrlLine) -> impl Iterator<Item = (&IssuedCrl, &'static str)> {
    let full = line.full.iter().map(|crl| (crl, "crl"));
    full.chain(line.delta.iter().map(|crl| (crl, "delta")))
}

/// The name under which a list is fetched: it stays from one CRL to the next.
pub(super) fn published_name(kind: &str, part: &ListPart) -> String {
    let key: String = part.issuer.to_string().chars().take(16).collect();
    format!("{kind}-{key}-{}.crl", part.partition)
}

/// Twice as long after each failure, an hour at most.
fn again(at: Timestamp, times: u32) -> Timestamp {
    let minutes = 1_i64.checked_shl(times.saturating_sub(1).min(6)).unwrap_or(64).min(60);
    at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::MAX)
}
