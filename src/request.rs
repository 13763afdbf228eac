//! Certification requests: built, signed by their own key, received and checked.

mod builder;
mod check;
mod upload;

pub use builder::RequestBuilder;
pub use check::{Expected, RequestDefect, RequestDefects, check};
pub use upload::{BadUpload, from_upload};
