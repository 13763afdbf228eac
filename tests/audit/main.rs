//! The audit: what the inspection of a record finds, and what it must not.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/desk.rs"]
mod desk;
mod flips;
mod record;
mod tampering;
