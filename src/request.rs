//! Certification requests: built, signed by their own key, received and checked.

mod builder;
mod check;
mod upload;

pub use builder::RequestBuilder;
pub use check::{RequestDefect, RequestDefects, check};
pub(crate) use check::{check_parameter_set, check_proven, parameter_set};
pub use upload::{BadUpload, from_upload};
