//! The authority through its public API, with software keys.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod crl;
mod gate;
mod installing;
mod interop;
mod issuing;
mod linted;
mod others;
mod support;
