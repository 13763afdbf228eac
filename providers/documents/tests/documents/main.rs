//! Messages made and read: official examples, samples of OpenSSL, OpenSSL itself as judge.

mod attached;
mod checking;
mod enveloped;
mod openssl;
mod paths;
mod record;
mod samples;
mod services;
mod support;
mod vectors;
