//! Whoever knows PINs when a token needs one.

use core::fmt;
use std::sync::Arc;

use gost_ca::provider::key_store::CarrierId;
use gost_ca::secret::Secret;

use crate::token_info::Tries;

type Ask = dyn Fn(&PinRequest<'_>) -> Option<Secret> + Send + Sync;

/// Asks for PINs: a window, a console, a file of a server. It is asked once for each need, never again for
/// a wrong answer, and may take its time: it has a thread of its own.
#[derive(Clone)]
pub struct PinSource(Arc<Ask>);

/// Which token's PIN is needed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PinRequest<'a> {
    /// The token.
    pub carrier: &'a CarrierId,
    /// Its name for people.
    pub label: &'a str,
    /// What it says of the tries that are left: show it before the last one.
    pub tries: Tries,
}

impl PinSource {
    /// Asks a function; `None` is a person's "cancel".
    pub fn new(ask: impl Fn(&PinRequest<'_>) -> Option<Secret> + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    /// Knows no PIN: only those that calls bring are used.
    #[must_use]
    pub fn none() -> Self {
        Self::new(|_| None)
    }

    pub(crate) fn ask(&self, request: &PinRequest<'_>) -> Option<Secret> {
        (self.0)(request)
    }
}

impl fmt::Debug for PinSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinSource(..)")
    }
}
