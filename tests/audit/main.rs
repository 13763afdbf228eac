//! The audit: what the inspection of a record finds, and what it must not; checkpoints, proofs, restores.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access;
#[path = "../support/authorities.rs"]
mod authorities;
#[path = "../support/bench.rs"]
mod bench;
mod checkpoints;
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/doubles.rs"]
mod doubles;
mod flips;
mod golden;
mod office;
mod people;
mod proofs;
mod record;
mod recovery;
mod restore;
mod starts;
mod tampering;
mod tool;
mod unwritable;
