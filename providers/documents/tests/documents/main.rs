//! Messages made and read: official examples, samples of OpenSSL, OpenSSL itself as judge.

mod attached;
mod checking;
mod enveloped;
mod example;
mod key_stores;
mod openssl;
mod over_http;
mod paths;
mod record;
mod samples;
mod services;
mod support;
mod vectors;

/// As the example's own.
type Result<T> = core::result::Result<T, Box<dyn std::error::Error>>;
