//! Signatures in PDF: made here and read by others, and every known way to show what was not signed.

mod attacks;
mod changes;
mod file;
mod judges;
mod signing;
#[path = "../documents/stamper.rs"]
mod stamper;
mod stamps;
#[path = "../documents/support.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod support;
