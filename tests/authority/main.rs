//! The authority through its public API, with software keys.

mod crl;
mod installing;
mod issuing;
mod others;
mod support;
