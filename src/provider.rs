//! The traits behind which cryptography, keys, storage and time lie.
//!
//! All are object-safe, `Debug + Send + Sync`. What does I/O is asynchronous; what only computes is a
//! plain function. A provider that must block does so on threads of its own.

pub mod applicant_check;
pub mod audit_sink;
pub mod authority;
pub mod clock;
pub mod crl_sink;
pub mod directory;
pub mod error;
pub mod journal;
pub mod key_store;
pub mod notifier;
pub mod password_hasher;
pub mod publisher;
pub mod rng;
pub mod verifier;

pub use applicant_check::ApplicantCheck;
pub use audit_sink::AuditSink;
pub use authority::{
    CertificateAuthority, CrlHeading, CrlIssuer, CrlScope, Decision, Prepared, Refused, Submission,
    Ticket,
};
pub use clock::Clock;
pub use crl_sink::{CrlDraft, CrlSink};
pub use directory::{Drafts, UserDirectory, UserFilter, UserRecord, UserSummary};
pub use error::{Conflict, ErrorKind, ProviderError};
pub use journal::{AuditTrail, Documents, Journal, Listings};
pub use key_store::{Access, KeyStore, Signer, WritableKeyStore};
pub use notifier::{Notice, Notifier};
pub use password_hasher::{PasswordHash, PasswordHasher};
pub use publisher::Publisher;
pub use rng::{Rng, RngKind};
pub use verifier::{Unverified, Verifier};

/// What every provider's call gives.
pub type Result<T> = core::result::Result<T, ProviderError>;
