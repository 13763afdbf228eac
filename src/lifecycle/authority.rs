//! An authority, folded from its entries: keys and CRL numbers.

use jiff::Timestamp;

use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::AuthorityFact;
use crate::id::{AuthorityId, CommandId};
use crate::provider::Verifier;
use crate::provider::verifier::Check;
use crate::x509::{Certificate, KeyIdentity};

/// The keys of an authority with their certificates, and the CRLs of each.
#[derive(Clone, Debug)]
pub struct Authority {
    id: AuthorityId,
    length: u64,
    keys: Vec<IssuerKey>,
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
    /// Its newest CRL.
    pub newest: Option<IssuedCrl>,
}

/// A CRL that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IssuedCrl {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is due.
    pub next_update: Timestamp,
    /// The CRL.
    pub document: Commitment,
    /// The command that made it.
    pub command: CommandId,
}

impl Authority {
    /// Folds entries from the first one on.
    pub fn fold(id: AuthorityId, entries: &[Entry<AuthorityFact>]) -> Self {
        let mut state = Self { id, length: 0, keys: Vec::new() };
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
                let (key, certificate) = (*key, *certificate);
                self.keys.push(IssuerKey { key, certificate, number: 0, newest: None });
            }
            AuthorityFact::CrlIntended { issuer, number } => {
                if let Some(key) = self.key_mut(issuer) {
                    key.number = key.number.max(*number);
                }
            }
            AuthorityFact::CrlIssued { issuer, number, this_update, next_update, crl } => {
                let (number, this_update, next_update) = (*number, *this_update, *next_update);
                if let Some(key) = self.key_mut(issuer) {
                    key.number = key.number.max(number);
                    key.newest = Some(IssuedCrl {
                        number,
                        this_update,
                        next_update,
                        document: *crl,
                        command: entry.command,
                    });
                }
            }
        }
    }

    fn key_mut(&mut self, key: &KeyIdentity) -> Option<&mut IssuerKey> {
        self.keys.iter_mut().find(|known| known.key == *key)
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
}

/// Whether a certificate is signed by this key.
pub fn signed_by(verifier: &dyn Verifier, certificate: &Certificate, issuer: &Certificate) -> bool {
    let (key, algorithm) = (issuer.public_key(), certificate.signature_algorithm());
    let (message, signature) = (certificate.tbs(), certificate.signature());
    certificate.issuer() == issuer.subject()
        && verifier.verify(&Check { key, algorithm, message, signature }).is_ok()
}
