//! One thread's session with a token: opened when needed, opened again after a loss.

use std::collections::HashMap;
use std::sync::Arc;

use cryptoki_sys::{
    CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_STATE, CKA_CLASS, CKA_ID, CKA_LABEL, CKA_TOKEN,
    CKO_PRIVATE_KEY, CKR_OPERATION_ACTIVE, CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS,
};
use gost_ca::provider::{ProviderError, Result};
use gost_ca::secret::Secret;

use crate::attribute::Attribute;
use crate::ffi::Library;
use crate::login::PinGiven;
use crate::refused::Refused;
use crate::token::Shared;

/// What a thread has of its token.
#[derive(Debug)]
pub(crate) struct Session {
    token: Arc<Shared>,
    open: Option<Open>,
}

/// An open session; all its handles die with it.
#[derive(Debug)]
pub(crate) struct Open {
    library: Arc<Library>,
    pub(crate) handle: CK_SESSION_HANDLE,
    /// Which life of the token it belongs to: see [`Shared`].
    epoch: u64,
    keys: HashMap<KeyName, CK_OBJECT_HANDLE>,
}

/// How a private key is found on its token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyName {
    pub(crate) id: Vec<u8>,
    pub(crate) label: Vec<u8>,
}

/// Whether an act may be done twice where the first time is in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    Never,
    Once,
}

impl Session {
    pub(crate) const fn new(token: Arc<Shared>) -> Self {
        Self { token, open: None }
    }

    pub(crate) fn token(&self) -> &Shared {
        &self.token
    }

    /// Acts with nobody in particular logged in.
    pub(crate) fn as_anyone<T>(
        &mut self,
        repeat: Repeat,
        mut act: impl FnMut(&mut Open) -> core::result::Result<T, Refused>,
    ) -> Result<T> {
        self.attempt(repeat, |session| {
            let token = Arc::clone(&session.token);
            let _in_peace = token.login.read();
            let open = session.open.as_mut().ok_or(Refused::nonsense("C_OpenSession"))?;
            Ok(act(open)?)
        })
    }

    /// Acts with the user logged in; after a loss it is with the PIN that was kept.
    pub(crate) fn as_user<T>(
        &mut self,
        repeat: Repeat,
        mut act: impl FnMut(&mut Open) -> core::result::Result<T, Refused>,
    ) -> Result<T> {
        self.attempt(repeat, |session| {
            let token = Arc::clone(&session.token);
            let mut login = token.login.read();
            if !login.is_user() {
                drop(login);
                session.log_in_again()?;
                login = token.login.read();
            }
            let open = session.open.as_mut().ok_or(Refused::nonsense("C_OpenSession"))?;
            let done = act(open);
            drop(login);
            Ok(done?)
        })
    }

    /// Logs in with a PIN that somebody gave.
    pub(crate) fn authenticate(&mut self, pin: &PinGiven) -> Result<()> {
        self.attempt(Repeat::Never, |session| {
            let open = session.open.as_ref().ok_or(Refused::nonsense("C_OpenSession"))?;
            let mut login = session.token.login.write();
            Ok(login.authenticate(&session.token, open.handle, pin)?)
        })
    }

    /// Changes the user's PIN; the token judges the old one.
    pub(crate) fn change_pin(&mut self, old: &Secret, new: &Secret) -> Result<()> {
        self.attempt(Repeat::Never, |session| {
            let open = session.open.as_ref().ok_or(Refused::nonsense("C_OpenSession"))?;
            let mut login = session.token.login.write();
            Ok(login.change_pin(&session.token, open.handle, (old, new))?)
        })
    }

    /// Sets the user's PIN as the security officer.
    pub(crate) fn init_pin(&mut self, officer: &Secret, new: &Secret) -> Result<()> {
        self.attempt(Repeat::Never, |session| {
            let open = session.open.as_ref().ok_or(Refused::nonsense("C_OpenSession"))?;
            let mut login = session.token.login.write();
            login.init_pin(&session.token, open.handle, (officer, new))
        })
    }

    /// Logs in with the PIN that was kept.
    fn log_in_again(&mut self) -> core::result::Result<(), Failure> {
        let open = self.open.as_ref().ok_or(Refused::nonsense("C_OpenSession"))?;
        let mut login = self.token.login.write();
        login.again(&self.token, open.handle)
    }

    /// Acts in an open session; what was lost is opened again, what may be repeated is.
    fn attempt<T>(
        &mut self,
        repeat: Repeat,
        mut act: impl FnMut(&mut Self) -> core::result::Result<T, Failure>,
    ) -> Result<T> {
        if repeat == Repeat::Never {
            // What was lost before is opened again here, where nothing is in doubt.
            self.settle()?;
        }
        let mut repeats = if repeat == Repeat::Once { REPEATS } else { 0 };
        loop {
            let done = self.ready().map_err(Failure::from).and_then(|()| act(self));
            let refused = match done {
                Ok(done) => return Ok(done),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Refused(refused)) => refused,
            };
            if !self.mend(refused) || repeats == 0 {
                return Err(self.token.error(refused));
            }
            repeats = repeats.saturating_sub(1);
        }
    }

    /// Has a session that is alive.
    fn settle(&mut self) -> Result<()> {
        let mut repeats = REPEATS;
        while let Err(refused) = self.ready().and_then(|()| self.probe()) {
            if !self.mend(refused) || repeats == 0 {
                return Err(refused.into());
            }
            repeats = repeats.saturating_sub(1);
        }
        Ok(())
    }

    fn probe(&self) -> core::result::Result<(), Refused> {
        let open = self.open.as_ref().ok_or(Refused::nonsense("C_OpenSession"))?;
        open.library.state(open.handle).map(drop)
    }

    /// Forgets what a refusal makes doubtful; tells whether another try makes sense.
    fn mend(&mut self, refused: Refused) -> bool {
        if refused.is_loss() {
            self.lose();
        } else if refused.is_logged_out() {
            self.token.login.write().forget_session();
        } else if refused.is_stale_handle() {
            self.open.iter_mut().for_each(|open| open.keys.clear());
        } else if refused.rv == CKR_OPERATION_ACTIVE {
            // Something was left begun, which only the session's end takes away.
            self.close();
        } else {
            return false;
        }
        true
    }

    /// Has a session of the token's present life.
    fn ready(&mut self) -> core::result::Result<(), Refused> {
        let epoch = self.token.login.read().epoch();
        if self.open.as_ref().is_some_and(|open| open.epoch == epoch) {
            return Ok(());
        }
        self.close();
        let slot = self.token.slot()?;
        let library = Arc::clone(&self.token.library);
        // Held, so that nobody logs in or out between the question and its answer.
        let mut login = self.token.login.write();
        let epoch = login.epoch();
        let handle = library.open(slot)?;
        let open = self.open.insert(Open { library, handle, epoch, keys: HashMap::new() });
        // All sessions share one login: where a new one has none, the token was away and nobody saw it.
        if login.is_user() && !is_user(open.library.state(handle)?) {
            login.end_of_life(epoch);
            open.epoch = login.epoch();
        }
        Ok(())
    }

    /// The token was pulled: all sessions of its present life are over.
    fn lose(&mut self) {
        if let Some(open) = &self.open {
            self.token.login.write().end_of_life(open.epoch);
        }
        self.close();
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            // It may be gone already.
            let _closed = open.library.close(open.handle);
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

impl Open {
    pub(crate) fn library(&self) -> Arc<Library> {
        Arc::clone(&self.library)
    }

    /// The private key's handle, looked for once in a session.
    pub(crate) fn private_key(
        &mut self,
        name: &KeyName,
    ) -> core::result::Result<CK_OBJECT_HANDLE, Refused> {
        if let Some(handle) = self.keys.get(name) {
            return Ok(*handle);
        }
        let template = [
            Attribute::number(CKA_CLASS, CKO_PRIVATE_KEY),
            Attribute::flag(CKA_TOKEN, true),
            Attribute::octets(CKA_ID, name.id.as_slice()),
            Attribute::octets(CKA_LABEL, name.label.as_slice()),
        ];
        let found = self.library.find(self.handle, &template)?;
        let handle = *found.first().ok_or(Refused::no_object())?;
        self.keys.insert(name.clone(), handle);
        Ok(handle)
    }

    /// Forgets a key that was destroyed.
    pub(crate) fn forget(&mut self, name: &KeyName) {
        self.keys.remove(name);
    }
}

const fn is_user(state: CK_STATE) -> bool {
    matches!(state, CKS_RO_USER_FUNCTIONS | CKS_RW_USER_FUNCTIONS)
}

/// Why an attempt failed.
pub(crate) enum Failure {
    /// The module said so: it may be a loss.
    Refused(Refused),
    /// The answer to the caller.
    Final(ProviderError),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Self::Final(error)
    }
}

/// After a loss there may be a lost login, and a handle from before both.
const REPEATS: u32 = 3;
