//! Why a check failed, gathered with `?`.

use gost_ca::provider::ProviderError;

use crate::check::Verdict;

/// A promise was broken, or is not made.
#[derive(Debug)]
pub(crate) struct Broken(Verdict);

impl Broken {
    /// The promise is not made, and why.
    pub(crate) fn skip(why: impl Into<String>) -> Self {
        Self(Verdict::Skip(why.into()))
    }
}

/// What a check's body gives.
pub(crate) type Kept = Result<(), Broken>;

/// Goes on where the condition holds.
pub(crate) fn ensure(holds: bool, otherwise: impl Into<String>) -> Kept {
    if holds { Ok(()) } else { Err(otherwise.into().into()) }
}

/// Goes on where both are the same; shows them where they differ.
pub(crate) fn same<T: PartialEq + core::fmt::Debug>(what: &str, is: &T, should: &T) -> Kept {
    ensure(is == should, format!("{what} is {is:?}, not {should:?}"))
}

impl From<Kept> for Verdict {
    fn from(kept: Kept) -> Self {
        kept.map_or_else(|broken| broken.0, |()| Self::Pass)
    }
}

impl core::fmt::Display for Broken {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.0 {
            Verdict::Skip(why) | Verdict::Fail(why) => f.write_str(why),
            Verdict::Pass => f.write_str("nothing"),
        }
    }
}

impl From<String> for Broken {
    fn from(text: String) -> Self {
        Self(Verdict::Fail(text))
    }
}

impl From<&str> for Broken {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<ProviderError> for Broken {
    fn from(error: ProviderError) -> Self {
        format!("unexpected error: {error}").into()
    }
}
