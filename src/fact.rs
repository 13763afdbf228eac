//! What can happen: the facts of each kind of stream.
//!
//! A fact's name is the event of the audit (`certificate.suspended`) and the key of the transition tables.

mod access;
mod account;
mod approval;
mod audit;
mod authority;
mod carrier;
mod case;
mod crl;
mod imported;
mod issuing;
mod notice;
mod record;
mod request;
mod term;

pub use access::AccessFact;
pub use account::{AccountFact, TemporaryPassword};
pub use approval::{ApprovalFact, ApprovalRequest};
pub use audit::AuditFact;
pub use authority::AuthorityFact;
pub use carrier::CarrierFact;
pub use case::CaseFact;
pub use crl::{CrlIssued, CrlRef, Delivery, KnownHead};
pub use imported::{Imported, ImportedStatus};
pub use issuing::{Intent, Issued};
pub use notice::NoticeFact;
pub use record::{RecordFact, RecoveryKey};
pub use request::{Finding, RequestCreated, Succession};
pub use term::{Acknowledgement, Notice, Plan};
