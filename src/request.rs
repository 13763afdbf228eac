//! Certification requests: built, signed by their own key, received and checked.

mod builder;
mod check;
mod upload;

pub use builder::RequestBuilder;
pub(crate) use check::check_parameter_set;
pub use check::{RequestDefect, RequestDefects, check};
pub use upload::{BadUpload, from_upload};
