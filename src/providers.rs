//! The bundle of providers that one registration authority works with.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::id::{AuthorityId, Name};
use crate::provider::{
    ApplicantCheck, AuditSink, CertificateAuthority, Clock, CrlSink, Journal, KeyStore, Notifier,
    PasswordHasher, Publisher, Rng, Signer, UserDirectory, Verifier,
};

/// Everything foreign, as trait objects. No registry, no global, no default: the caller chooses.
#[derive(Clone, Debug)]
pub struct Providers {
    /// The record.
    pub journal: Arc<dyn Journal>,
    /// Personal data.
    pub directory: Arc<dyn UserDirectory>,
    /// Signatures and public keys are checked by it, never by whoever made them.
    pub verifier: Arc<dyn Verifier>,
    /// Randomness for serial numbers, salts, challenges and temporary passwords.
    pub rng: Arc<dyn Rng>,
    /// Passwords.
    pub password_hasher: Arc<dyn PasswordHasher>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Who delivers notices to owners; without one, none are made.
    pub notifier: Option<Arc<dyn Notifier>>,
    /// Where keys are made and kept, by name.
    pub key_stores: BTreeMap<Name, Arc<dyn KeyStore>>,
    /// Who signs, by id.
    pub authorities: BTreeMap<AuthorityId, Arc<dyn CertificateAuthority>>,
    /// Who signs checkpoints of the audit, and where they are kept; none are made without.
    pub auditor: Option<Auditor>,
    /// Where CRLs lie; without it they lie in the record, each of them whole and in memory.
    pub crl_sink: Option<Arc<dyn CrlSink>>,
    /// Where CRLs are fetched, by name.
    pub publishers: BTreeMap<Name, Arc<dyn Publisher>>,
    /// Compares applicants with registers, where anything does.
    pub applicant_check: Option<Arc<dyn ApplicantCheck>>,
}

/// Signs checkpoints of the audit, and keeps them outside the record.
#[derive(Clone, Debug)]
pub struct Auditor {
    /// With a key of its own.
    pub signer: Arc<dyn Signer>,
    /// Where whoever can write the record cannot.
    pub sink: Arc<dyn AuditSink>,
}

/// The providers without which nothing works.
#[derive(Clone, Debug)]
pub struct Essentials {
    /// The record.
    pub journal: Arc<dyn Journal>,
    /// Personal data.
    pub directory: Arc<dyn UserDirectory>,
    /// Checks signatures.
    pub verifier: Arc<dyn Verifier>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Passwords.
    pub password_hasher: Arc<dyn PasswordHasher>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

impl Providers {
    /// Starts with what is essential; key stores and authorities are added by `with_*`.
    pub fn new(essentials: Essentials) -> Self {
        let Essentials { journal, directory, verifier, rng, password_hasher, clock } = essentials;
        Self {
            journal,
            directory,
            verifier,
            rng,
            password_hasher,
            clock,
            notifier: None,
            key_stores: BTreeMap::new(),
            authorities: BTreeMap::new(),
            crl_sink: None,
            publishers: BTreeMap::new(),
            auditor: None,
            applicant_check: None,
        }
    }

    /// Sets who delivers notices to owners.
    #[must_use]
    pub fn with_notifier(mut self, notifier: Arc<dyn Notifier>) -> Self {
        self.notifier = Some(notifier);
        self
    }

    /// Sets where CRLs lie.
    #[must_use]
    pub fn with_crl_sink(mut self, sink: Arc<dyn CrlSink>) -> Self {
        self.crl_sink = Some(sink);
        self
    }

    /// Adds a publisher, or replaces the one with this name.
    #[must_use]
    pub fn with_publisher(mut self, name: Name, publisher: Arc<dyn Publisher>) -> Self {
        self.publishers.insert(name, publisher);
        self
    }

    /// Adds a key store, or replaces the one with this name.
    #[must_use]
    pub fn with_key_store(mut self, name: Name, store: Arc<dyn KeyStore>) -> Self {
        self.key_stores.insert(name, store);
        self
    }

    /// Adds an authority, or replaces the one with this id.
    #[must_use]
    pub fn with_authority(
        mut self,
        id: AuthorityId,
        authority: Arc<dyn CertificateAuthority>,
    ) -> Self {
        self.authorities.insert(id, authority);
        self
    }

    /// Lets checkpoints be signed and kept.
    #[must_use]
    pub fn with_auditor(mut self, signer: Arc<dyn Signer>, sink: Arc<dyn AuditSink>) -> Self {
        self.auditor = Some(Auditor { signer, sink });
        self
    }

    /// Compares applicants with these registers.
    #[must_use]
    pub fn with_applicant_check(mut self, check: Arc<dyn ApplicantCheck>) -> Self {
        self.applicant_check = Some(check);
        self
    }
}
