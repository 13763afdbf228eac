//! The authority that signs with keys of its own.

mod crl;
mod key;
mod local;
mod queue;
mod tbs;

pub use crl::CrlHeading;
pub use key::{AuthorityKey, BadAuthorityKey, SelfSigned};
pub use local::{LocalAuthority, OtherName};
pub use queue::SigningQueue;
