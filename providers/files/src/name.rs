//! Names of files, and what the operating system says.

use std::io;

use gost_ca::provider::{ErrorKind, ProviderError, Result};

/// Small letters, digits, `-` and `.`, a letter first: never a path, never a hidden file.
pub(crate) fn check(name: &str) -> Result<()> {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'.';
    let begins = name.bytes().next().is_some_and(|c| c.is_ascii_lowercase());
    let good = begins && name.len() <= 100 && name.bytes().all(fits);
    good.then_some(()).ok_or_else(|| ErrorKind::Invalid.at("name"))
}

pub(crate) fn failed(operation: &'static str) -> impl FnOnce(io::Error) -> ProviderError {
    move |error| {
        let kind = match error.kind() {
            io::ErrorKind::NotFound => ErrorKind::NotFound,
            _ => ErrorKind::Unavailable,
        };
        kind.at(operation).because(error)
    }
}
