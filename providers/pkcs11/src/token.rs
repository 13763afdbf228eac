//! A token, wherever it is plugged in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cryptoki_sys::{CK_MECHANISM_TYPE, CK_SLOT_ID, CKR_TOKEN_NOT_PRESENT};
use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{ErrorKind, ProviderError, Result};

use crate::algorithm::Family;
use crate::ffi::Library;
use crate::login::Login;
use crate::quirks::{Hashing, Quirks};
use crate::refused::Refused;
use crate::session::Session;
use crate::token_info::{TokenInfo, wide};
use crate::workers::{Patience, Workers};

/// A token with threads of its own.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) shared: Arc<Shared>,
    pub(crate) sessions: Workers<Session>,
}

/// What all sessions of a token share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) library: Arc<Library>,
    pub(crate) carrier: CarrierId,
    pub(crate) quirks: Quirks,
    pub(crate) login: Login,
    /// Whether right PINs stay in memory, for logging in again after a loss.
    pub(crate) keeps_pins: bool,
    mechanisms: Vec<CK_MECHANISM_TYPE>,
    identity: String,
    /// Where it was seen last.
    slot: AtomicU64,
}

impl Token {
    pub(crate) fn start(shared: Shared, patience: Patience) -> Result<Self> {
        let shared = Arc::new(shared);
        let count = shared.quirks.sessions.clamp(1, MOST_SESSIONS);
        let states = (0..count).map(|_| Session::new(Arc::clone(&shared))).collect();
        let sessions = Workers::start("token", states, patience)
            .map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { shared, sessions })
    }
}

impl Shared {
    pub(crate) fn new(
        library: Arc<Library>,
        carrier: CarrierId,
        (info, quirks, mechanisms): (&TokenInfo, Quirks, Vec<CK_MECHANISM_TYPE>),
        keeps_pins: bool,
    ) -> Self {
        let (identity, slot) = (info.identity().to_owned(), AtomicU64::new(info.slot));
        let login = Login::new();
        Self { library, carrier, quirks, login, keeps_pins, mechanisms, identity, slot }
    }

    /// The slot where the token is now. Another token in its old slot is not it: PINs are never sent there.
    pub(crate) fn slot(&self) -> core::result::Result<CK_SLOT_ID, Refused> {
        let last = CK_SLOT_ID::try_from(self.slot.load(Ordering::Relaxed)).ok();
        let here = |slot: &CK_SLOT_ID| self.info_at(*slot).is_ok();
        if let Some(slot) = last.filter(here) {
            return Ok(slot);
        }
        let found = self.library.slots()?.into_iter().find(here);
        let slot = found.ok_or(Refused { function: "C_GetSlotList", rv: CKR_TOKEN_NOT_PRESENT })?;
        self.slot.store(wide(slot), Ordering::Relaxed);
        Ok(slot)
    }

    /// What the token says of itself now.
    pub(crate) fn info(&self) -> core::result::Result<TokenInfo, Refused> {
        self.info_at(self.slot()?)
    }

    /// Whether the token has a mechanism.
    pub(crate) fn offers(&self, mechanism: CK_MECHANISM_TYPE) -> bool {
        self.mechanisms.contains(&mechanism)
    }

    /// Whether the token is to hash messages itself, and can.
    pub(crate) fn hashes(&self, family: &Family) -> bool {
        let can = family.hashing().is_some_and(|mechanism| self.offers(mechanism));
        can && self.quirks.hashing == Hashing::Token
    }

    fn info_at(&self, slot: CK_SLOT_ID) -> core::result::Result<TokenInfo, Refused> {
        let info = TokenInfo::read(slot, &self.library.token_info(slot)?);
        if info.identity() == self.identity {
            Ok(info)
        } else {
            Err(Refused { function: "C_GetTokenInfo", rv: CKR_TOKEN_NOT_PRESENT })
        }
    }

    /// A refusal as the caller's error; after a wrong PIN with the tries that are left.
    pub(crate) fn error(&self, refused: Refused) -> ProviderError {
        if !refused.is_wrong_pin() {
            return refused.into();
        }
        refused.with_tries(self.info().ok().and_then(|info| info.tries.left()))
    }

    pub(crate) fn officer_tries(&self) -> Option<u32> {
        self.info().ok().and_then(|info| info.officer_tries.left())
    }
}

/// More threads than any device wants.
const MOST_SESSIONS: usize = 64;
