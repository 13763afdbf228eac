//! Lends the key carriers of the operator's own computer to one console in the browser (V15).
//!
//! See `README.md` for the calls, and for who is kept out and how.
#![forbid(unsafe_code)]

pub mod agent;
pub mod document;
pub mod pairing;

mod body;
mod calls;
mod failure;
mod guard;
mod open_keys;
