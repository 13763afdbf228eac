//! What a session has begun and not ended.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cryptoki_sys::{CK_OBJECT_HANDLE, CK_SESSION_HANDLE};

use crate::authenticator::{Authenticator, Hasher};
use crate::mode::Mode;
use crate::module::{Module, Session};
use crate::refusal::Result;
use crate::slot::Held;

/// The operations of a session: one of each kind.
#[derive(Default)]
pub(crate) struct Operations {
    pub(crate) find: Option<VecDeque<CK_OBJECT_HANDLE>>,
    pub(crate) digest: Option<Hasher>,
    pub(crate) sign: Option<Signing>,
    pub(crate) verify: Option<Signing>,
    pub(crate) encrypt: Option<Box<dyn Mode>>,
    pub(crate) decrypt: Option<Box<dyn Mode>>,
}

impl core::fmt::Debug for Operations {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Operations(..)")
    }
}

/// A signature or a code, made or checked.
#[derive(Debug)]
pub(crate) struct Signing {
    pub(crate) authenticator: Authenticator,
    pub(crate) key: Held,
    pub(crate) consent: Consent,
}

/// Whether the key's owner agrees to this one use (`CKA_ALWAYS_AUTHENTICATE`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consent {
    Given,
    Awaited,
}

impl Session {
    pub(crate) fn operations(&self) -> MutexGuard<'_, Operations> {
        lock(&self.operations)
    }
}

impl Module {
    /// The operations of a session, to be worked on while other sessions go on.
    pub(crate) fn operations(&self, session: CK_SESSION_HANDLE) -> Result<Arc<Mutex<Operations>>> {
        Ok(self.state().session(session)?.0.operations.clone())
    }
}

/// Operations are whole at every instant, so that a panic elsewhere spoils nothing.
pub(crate) fn lock(operations: &Mutex<Operations>) -> MutexGuard<'_, Operations> {
    operations.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Operations {
    /// Ends what needs whoever logged out.
    pub(crate) fn abandon(&mut self) {
        *self = Self { digest: self.digest.take(), ..Self::default() };
    }

    /// Whether a key waits for its owner's PIN.
    pub(crate) fn awaits_pin(&self) -> bool {
        self.sign.as_ref().is_some_and(|signing| signing.consent == Consent::Awaited)
    }

    pub(crate) fn confirm(&mut self) {
        if let Some(signing) = &mut self.sign {
            signing.consent = Consent::Given;
        }
    }
}
