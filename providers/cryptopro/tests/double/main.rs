//! The binding over the test double, or over a real CSP: `CSP_CAPI=/opt/cprocsp/lib/amd64/libcapi10.so
//! cargo test -p gost-ca-cryptopro --test double -- --include-ignored real`.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::await_holding_lock,
    reason = "a test may fail by panicking"
)]

mod conformance;
mod errors;
mod personal;
mod recorded;
mod support;
