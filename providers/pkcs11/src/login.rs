//! Who is logged in: one state for all sessions of a token, as PKCS#11 has it.

use core::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cryptoki_sys::{CK_SESSION_HANDLE, CKR_USER_ALREADY_LOGGED_IN, CKU_SO, CKU_USER};
use gost_ca::provider::ErrorKind;
use gost_ca::secret::Secret;

use crate::refused::Refused;
use crate::session::Failure;
use crate::token::Shared;

/// A PIN for one login.
#[derive(Debug)]
pub(crate) enum PinGiven {
    /// These octets.
    Typed(Secret),
    /// It is typed on the token's own key pad.
    KeyPad,
}

impl PinGiven {
    fn octets(&self) -> Option<&[u8]> {
        match self {
            Self::Typed(pin) => Some(pin.expose()),
            Self::KeyPad => None,
        }
    }
}

/// The state of a token's login. Acts hold it for reading, so that nobody logs out in the middle of one.
pub(crate) struct Login(RwLock<State>);

#[derive(Default)]
pub(crate) struct State {
    /// Counts the token's lives: each ends when it is pulled.
    epoch: u64,
    user: bool,
    /// The right PIN, for logging in again after a loss.
    kept: Option<Secret>,
    /// Wrong PINs since the last right one that was given, while the right one was at hand.
    wrong: u32,
}

impl Login {
    pub(crate) fn new() -> Self {
        Self(RwLock::default())
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub(crate) const fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) const fn is_user(&self) -> bool {
        self.user
    }

    /// The token was pulled, or its sessions ended otherwise.
    pub(crate) const fn end_of_life(&mut self, epoch: u64) {
        if self.epoch == epoch {
            self.epoch = epoch.wrapping_add(1);
            self.user = false;
        }
    }

    /// Somebody else logged the user out.
    pub(crate) const fn forget_session(&mut self) {
        self.user = false;
    }

    /// Checks a PIN and logs in. The token itself judges it, unless it is the very one that it took before.
    ///
    /// A wrong PIN must not end the work of keys that are open: the right one logs in again. Since that
    /// tells the token to forget the wrong tries, it is done [`FORGIVEN`] times at most.
    pub(crate) fn authenticate(
        &mut self,
        token: &Shared,
        session: CK_SESSION_HANDLE,
        pin: &PinGiven,
    ) -> Result<(), Refused> {
        if self.user && self.is_kept(pin) {
            self.wrong = 0;
            return Ok(());
        }
        if self.user {
            self.user = false;
            token.library.logout(session)?;
        }
        match log_in(token, session, pin) {
            Ok(()) => {
                self.user = true;
                self.wrong = 0;
                self.kept = token.keeps_pins.then(|| pin.octets().map(Secret::new)).flatten();
                Ok(())
            }
            Err(refused) => {
                self.restore(token, session, refused);
                Err(refused)
            }
        }
    }

    fn restore(&mut self, token: &Shared, session: CK_SESSION_HANDLE, refused: Refused) {
        let Some(kept) = self.kept.take() else { return };
        if refused.is_wrong_pin() {
            self.wrong = self.wrong.saturating_add(1);
        }
        if self.wrong > FORGIVEN || refused.is_loss() {
            // After a loss the next act logs in again.
            self.kept = refused.is_loss().then_some(kept);
            return;
        }
        let pin = PinGiven::Typed(kept);
        if log_in(token, session, &pin).is_ok() {
            self.user = true;
            self.kept = pin.octets().map(Secret::new);
        }
    }

    /// Logs in with the PIN that was kept; a refused one is never tried again.
    pub(crate) fn again(
        &mut self,
        token: &Shared,
        session: CK_SESSION_HANDLE,
    ) -> Result<(), Failure> {
        if self.user {
            return Ok(()); // another thread was faster
        }
        let Some(kept) = self.kept.take() else {
            return Err(ErrorKind::Denied { tries_left: None }
                .at("C_Login")
                .because(NO_PIN)
                .into());
        };
        let pin = PinGiven::Typed(kept);
        match token.library.login(session, CKU_USER, pin.octets()) {
            // Other sessions of this process may have stayed.
            Err(refused) if refused.rv != CKR_USER_ALREADY_LOGGED_IN && !refused.is_loss() => {
                Err(token.error(refused).into())
            }
            other => {
                self.kept = pin.octets().map(Secret::new);
                self.user = other.is_ok() || other.is_err_and(|refused| !refused.is_loss());
                match other {
                    Err(refused) if refused.is_loss() => Err(refused.into()),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Changes the user's PIN; the token judges the old one.
    pub(crate) fn change_pin(
        &mut self,
        token: &Shared,
        session: CK_SESSION_HANDLE,
        (old, new): (&Secret, &Secret),
    ) -> Result<(), Refused> {
        token.library.set_pin(session, old.expose(), new.expose())?;
        if self.kept.is_some() {
            self.kept = Some(Secret::new(new.expose()));
        }
        self.wrong = 0;
        Ok(())
    }

    /// Sets the user's PIN as the security officer; the user is logged out for that, and stays so.
    pub(crate) fn init_pin(
        &mut self,
        token: &Shared,
        session: CK_SESSION_HANDLE,
        (officer, new): (&Secret, &Secret),
    ) -> Result<(), Failure> {
        if core::mem::take(&mut self.user) {
            token.library.logout(session)?;
        }
        if let Err(refused) = token.library.login(session, CKU_SO, Some(officer.expose())) {
            let tries = refused.is_wrong_pin().then(|| token.officer_tries()).flatten();
            return Err(refused.with_tries(tries).into());
        }
        let done = token.library.init_pin(session, new.expose());
        let out = token.library.logout(session);
        self.kept = None;
        Ok(done.and(out)?)
    }

    fn is_kept(&self, pin: &PinGiven) -> bool {
        match (&self.kept, pin) {
            (Some(kept), PinGiven::Typed(pin)) => kept == pin,
            _ => false,
        }
    }
}

/// Logs in anew: whoever was logged in before proved another PIN.
fn log_in(token: &Shared, session: CK_SESSION_HANDLE, pin: &PinGiven) -> Result<(), Refused> {
    match token.library.login(session, CKU_USER, pin.octets()) {
        Err(refused) if refused.rv == CKR_USER_ALREADY_LOGGED_IN => {
            token.library.logout(session)?;
            token.library.login(session, CKU_USER, pin.octets())
        }
        other => other,
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(..)")
    }
}

/// Wrong PINs that do not end the work of open keys.
const FORGIVEN: u32 = 2;
const NO_PIN: &str = "the token was logged out, and its PIN is not at hand: open the key again";
