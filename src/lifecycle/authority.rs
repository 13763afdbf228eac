//! An authority, folded from its entries: keys, and the CRLs of each.

use std::collections::BTreeMap;

use super::crl::CrlLine;
use crate::authority::CrlPolicy;
use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{AuthorityFact, CrlRef};
use crate::id::AuthorityId;
use crate::provider::Verifier;
use crate::provider::journal::ListPart;
use crate::provider::verifier::Check;
use crate::x509::{Certificate, KeyIdentity};

/// The keys of an authority with their certificates, and the CRLs of each.
#[derive(Clone, Debug)]
pub struct Authority {
    id: AuthorityId,
    length: u64,
    keys: Vec<IssuerKey>,
    policy: Option<CrlPolicy>,
    partitions: u16,
}

/// One key of an authority.
#[derive(Clone, Debug)]
pub struct IssuerKey {
    /// Which.
    pub key: KeyIdentity,
    /// Its certificate.
    pub certificate: Commitment,
    /// The highest number of its CRLs, intended ones included.
    pub number: u64,
    lines: BTreeMap<u16, CrlLine>,
}

impl Authority {
    /// Folds entries from the first one on.
    pub fn fold(id: AuthorityId, entries: &[Entry<AuthorityFact>]) -> Self {
        let mut state = Self { id, length: 0, keys: Vec::new(), policy: None, partitions: 1 };
        for entry in entries {
            state.apply(entry);
        }
        state
    }

    /// The authority after one more entry.
    #[must_use]
    pub fn after(mut self, entry: &Entry<AuthorityFact>) -> Self {
        self.apply(entry);
        self
    }

    fn apply(&mut self, entry: &Entry<AuthorityFact>) {
        self.length = self.length.saturating_add(1);
        match &entry.fact {
            AuthorityFact::KeyInstalled { key, certificate } => {
                let (key, certificate, lines) = (*key, *certificate, BTreeMap::new());
                self.keys.push(IssuerKey { key, certificate, number: 0, lines });
            }
            AuthorityFact::CrlPolicyAdopted { policy } => {
                self.partitions = self.partitions.max(policy.partitions);
                self.policy = Some((**policy).clone());
            }
            fact => {
                if let Some(CrlRef { part, number }) = crl_of(fact)
                    && let Some(key) = self.keys.iter_mut().find(|known| known.key == part.issuer)
                {
                    key.number = key.number.max(number);
                    let line = key.lines.entry(part.partition);
                    line.or_insert_with(|| CrlLine::new(part)).apply(entry);
                }
            }
        }
    }

    /// Which authority.
    pub const fn id(&self) -> AuthorityId {
        self.id
    }

    /// How many entries were folded.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Its keys, the oldest first.
    pub fn keys(&self) -> &[IssuerKey] {
        &self.keys
    }

    /// One of its keys.
    pub fn key(&self, key: &KeyIdentity) -> Option<&IssuerKey> {
        self.keys.iter().find(|known| known.key == *key)
    }

    /// How its CRLs are made; without a policy only on command.
    pub const fn crl_policy(&self) -> Option<&CrlPolicy> {
        self.policy.as_ref()
    }

    /// Into how many parts its lists were ever cut: a certificate's part stays.
    pub const fn partitions(&self) -> u16 {
        self.partitions
    }

    /// The line of CRLs of a list.
    pub fn line(&self, part: &ListPart) -> CrlLine {
        let line = self.key(&part.issuer).and_then(|key| key.lines.get(&part.partition));
        line.cloned().unwrap_or_else(|| CrlLine::new(*part))
    }

    /// All its lists: every part by every key.
    pub fn lists(&self) -> Vec<ListPart> {
        let parts = |key: &IssuerKey| {
            let issuer = key.key;
            (0..self.partitions).map(move |partition| ListPart { issuer, partition })
        };
        self.keys.iter().flat_map(parts).collect()
    }
}

/// The CRL that a fact is of.
fn crl_of(fact: &AuthorityFact) -> Option<CrlRef> {
    match fact {
        AuthorityFact::CrlIntended { issuer, partition, number } => Some(CrlRef {
            part: ListPart { issuer: *issuer, partition: *partition },
            number: *number,
        }),
        AuthorityFact::CrlIssued(issued) => Some(CrlRef {
            part: ListPart { issuer: issued.issuer, partition: issued.partition },
            number: issued.number,
        }),
        AuthorityFact::CrlFailed { crl, .. }
        | AuthorityFact::CrlBlocked { crl, .. }
        | AuthorityFact::CrlReleased { crl }
        | AuthorityFact::CrlPublished { crl } => Some(*crl),
        AuthorityFact::CrlDelivered(delivery) | AuthorityFact::CrlDeliveryFailed(delivery) => {
            Some(delivery.crl)
        }
        AuthorityFact::KeyInstalled { .. } | AuthorityFact::CrlPolicyAdopted { .. } => None,
    }
}

/// Whether a certificate is signed by this key.
pub fn signed_by(verifier: &dyn Verifier, certificate: &Certificate, issuer: &Certificate) -> bool {
    let (key, algorithm) = (issuer.public_key(), certificate.signature_algorithm());
    let (message, signature) = (certificate.tbs(), certificate.signature());
    certificate.issuer() == issuer.subject()
        && verifier.verify(&Check { key, algorithm, message, signature }).is_ok()
}
