//! Why a check failed, gathered with `?`.

use gost_ca::provider::ProviderError;

use crate::check::Verdict;

/// A promise was broken, and how.
#[derive(Debug)]
pub(crate) struct Broken(String);

/// What a check's body gives.
pub(crate) type Kept = Result<(), Broken>;

/// Goes on where the condition holds.
pub(crate) fn ensure(holds: bool, otherwise: impl Into<String>) -> Kept {
    if holds { Ok(()) } else { Err(Broken(otherwise.into())) }
}

/// Goes on where both are the same; shows them where they differ.
pub(crate) fn same<T: PartialEq + core::fmt::Debug>(what: &str, is: &T, should: &T) -> Kept {
    ensure(is == should, format!("{what} is {is:?}, not {should:?}"))
}

impl From<Kept> for Verdict {
    fn from(kept: Kept) -> Self {
        Self::of(kept.map_err(|broken| broken.0))
    }
}

impl From<String> for Broken {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Broken {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<ProviderError> for Broken {
    fn from(error: ProviderError) -> Self {
        Self(format!("unexpected error: {error}"))
    }
}
