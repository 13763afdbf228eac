//! The authority that signs with keys of its own.

mod crl;
mod crl_policy;
mod key;
mod local;
mod preview;
mod queue;
mod tbs;

pub use crl::{frame_crl, issue_crl};
pub use crl_policy::{BadCrlPolicy, CrlPolicy, names_parts, urls_of_part};
pub use key::{AuthorityKey, BadAuthorityKey, SelfSigned};
pub use local::{LocalAuthority, OtherName};
pub(crate) use preview::preview;
pub use queue::SigningQueue;
