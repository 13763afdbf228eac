//! Slots and tokens: what they are, and what happens to them.

use std::thread;
use std::time::Duration;

use cryptoki_sys::{
    CK_INFO, CK_MECHANISM_INFO, CK_MECHANISM_TYPE, CK_SESSION_HANDLE, CK_SLOT_ID, CK_SLOT_INFO,
    CK_TOKEN_INFO, CK_ULONG, CK_UNAVAILABLE_INFORMATION, CK_VERSION, CKF_LOGIN_REQUIRED,
    CKF_REMOVABLE_DEVICE, CKF_RNG, CKF_TOKEN_INITIALIZED, CKF_TOKEN_PRESENT,
    CKR_CRYPTOKI_NOT_INITIALIZED, CKR_FUNCTION_NOT_SUPPORTED, CKR_MECHANISM_INVALID, CKR_NO_EVENT,
    CKR_SESSION_EXISTS, CKR_SESSION_READ_ONLY, CKR_USER_NOT_LOGGED_IN,
};

use crate::mechanism;
use crate::module::{Access, Module};
use crate::profile::{EmptySlots, Waiting};
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::slot::{Presence, Slot};
use crate::token::Holder;

/// Which slots a list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// All there are.
    All,
    /// Those with a token.
    WithToken,
}

/// Whether a call waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Until something happens.
    Wait,
    /// Not at all.
    DoNotBlock,
}

/// What the module is; needs no initialisation.
pub(crate) fn info() -> CK_INFO {
    CK_INFO {
        cryptokiVersion: CK_VERSION { major: 2, minor: 40 },
        manufacturerID: padded("gost-ca"),
        flags: 0,
        libraryDescription: padded("GOST soft token"),
        libraryVersion: VERSION,
    }
}

impl Module {
    /// `C_GetSlotList`
    pub(crate) fn slots(&self, listing: Listing) -> Vec<CK_SLOT_ID> {
        let state = self.state();
        let listed = state.slots.iter().filter(|slot| {
            slot.presence == Presence::Present
                || listing == Listing::All
                    && slot.settings.profile().empty_slots == EmptySlots::Listed
        });
        listed.map(|slot| slot.id).collect()
    }

    /// `C_GetSlotInfo`
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub(crate) fn slot_info(&self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO> {
        let mut state = self.state();
        let slot = state.slot(slot)?;
        let present = match slot.presence {
            Presence::Present => CKF_TOKEN_PRESENT,
            Presence::Removed => 0,
        };
        Ok(CK_SLOT_INFO {
            slotDescription: padded(&format!("Soft token slot {}", slot.id)),
            manufacturerID: padded("gost-ca"),
            flags: CKF_REMOVABLE_DEVICE | present,
            hardwareVersion: VERSION,
            firmwareVersion: VERSION,
        })
    }

    /// `C_GetTokenInfo`
    ///
    /// # Errors
    /// `CKR_TOKEN_NOT_PRESENT`, and those of its files.
    pub(crate) fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO> {
        let mut state = self.state();
        let all = count(state.sessions_of(slot).count());
        let writing = state.sessions_of(slot).filter(|it| it.access == Access::ReadWrite).count();
        let slot = state.slot(slot)?;
        Ok(CK_TOKEN_INFO {
            ulSessionCount: all,
            ulRwSessionCount: count(writing),
            ..token_info(slot)?
        })
    }

    /// `C_GetMechanismList`
    ///
    /// # Errors
    /// `CKR_TOKEN_NOT_PRESENT`.
    pub(crate) fn mechanisms(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>> {
        self.state().slot(slot)?.token()?;
        Ok(mechanism::ALL.iter().map(|row| row.mechanism).collect())
    }

    /// `C_GetMechanismInfo`
    ///
    /// # Errors
    /// `CKR_MECHANISM_INVALID`, `CKR_TOKEN_NOT_PRESENT`.
    pub(crate) fn mechanism_info(
        &self,
        slot: CK_SLOT_ID,
        mechanism: CK_MECHANISM_TYPE,
    ) -> Result<CK_MECHANISM_INFO> {
        self.state().slot(slot)?.token()?;
        let row = mechanism::find(mechanism).ok_or(Refusal(CKR_MECHANISM_INVALID))?;
        Ok(CK_MECHANISM_INFO {
            ulMinKeySize: row.sizes.0,
            ulMaxKeySize: row.sizes.1,
            flags: row.flags,
        })
    }

    /// `C_InitToken`
    ///
    /// # Errors
    /// `CKR_SESSION_EXISTS`, and those of the officer's PIN.
    pub(crate) fn initialise_token(
        &self,
        slot: CK_SLOT_ID,
        pin: &[u8],
        label: &[u8; 32],
    ) -> Result<()> {
        let mut state = self.state();
        state.slot(slot)?.token()?;
        demand(state.sessions_of(slot).next().is_none(), CKR_SESSION_EXISTS)?;
        let slot = state.slot(slot)?;
        slot.token()?.initialise(pin, label)?;
        slot.forget();
        Ok(())
    }

    /// `C_InitPIN`
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN` unless the officer is, and those of the PIN.
    pub(crate) fn initialise_pin(&self, session: CK_SESSION_HANDLE, pin: &[u8]) -> Result<()> {
        let mut state = self.state();
        let (_, slot) = state.session(session)?;
        let login = slot.login.as_ref().filter(|it| it.holder == Holder::SecurityOfficer);
        let login = login.ok_or(Refusal(CKR_USER_NOT_LOGGED_IN))?;
        slot.token()?.initialise_pin(&login.key, pin)
    }

    /// `C_SetPIN`: the officer's while the officer is logged in, else the user's.
    ///
    /// # Errors
    /// `CKR_SESSION_READ_ONLY`, and those of both PINs.
    pub(crate) fn change_pin(
        &self,
        session: CK_SESSION_HANDLE,
        old: &[u8],
        new: &[u8],
    ) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        demand(session.access == Access::ReadWrite, CKR_SESSION_READ_ONLY)?;
        let holder = slot.login.as_ref().map_or(Holder::User, |login| login.holder);
        slot.token()?.change_pin(holder, old, new)
    }

    /// `C_WaitForSlotEvent`
    ///
    /// # Errors
    /// `CKR_NO_EVENT`; `CKR_FUNCTION_NOT_SUPPORTED` by flavour; `CKR_CRYPTOKI_NOT_INITIALIZED` when
    /// the module ends meanwhile.
    pub(crate) fn wait_for_slot_event(&self, patience: Patience) -> Result<CK_SLOT_ID> {
        let refuses = |slot: &Slot| slot.settings.profile().waiting == Waiting::Refused;
        if patience == Patience::Wait && self.state().slots.iter().any(refuses) {
            return refuse(CKR_FUNCTION_NOT_SUPPORTED);
        }
        loop {
            if self.is_ended() {
                return refuse(CKR_CRYPTOKI_NOT_INITIALIZED);
            }
            self.look();
            if let Some(slot) = self.state().slots.iter_mut().find(|slot| slot.has_event) {
                slot.has_event = false;
                return Ok(slot.id);
            }
            if patience == Patience::DoNotBlock {
                return refuse(CKR_NO_EVENT);
            }
            thread::sleep(GLANCE);
        }
    }
}

fn token_info(slot: &Slot) -> Result<CK_TOKEN_INFO> {
    let (token, profile) = (slot.token()?, slot.settings.profile());
    let mut info = CK_TOKEN_INFO {
        label: [b' '; 32],
        manufacturerID: padded(profile.manufacturer),
        model: padded(profile.model),
        serialNumber: [b' '; 16],
        flags: CKF_RNG | CKF_LOGIN_REQUIRED,
        ulMaxPinLen: count(slot.settings.user_pin().longest),
        ulMinPinLen: count(slot.settings.user_pin().shortest),
        ulTotalPublicMemory: CK_UNAVAILABLE_INFORMATION,
        ulFreePublicMemory: CK_UNAVAILABLE_INFORMATION,
        ulTotalPrivateMemory: CK_UNAVAILABLE_INFORMATION,
        ulFreePrivateMemory: CK_UNAVAILABLE_INFORMATION,
        hardwareVersion: VERSION,
        firmwareVersion: VERSION,
        ..CK_TOKEN_INFO::default()
    };
    if let Some(record) = token.record()? {
        let label = info.label.iter_mut().zip(&record.label);
        label.for_each(|(to, from)| *to = *from);
        info.serialNumber = padded(&record.serial);
        info.flags |= CKF_TOKEN_INITIALIZED | token.pin_flags(&record)?;
    }
    Ok(info)
}

/// Fixed-width text, padded with blanks and not ended by a zero.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut octets = [b' '; N];
    octets.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
    octets
}

fn count(number: usize) -> CK_ULONG {
    CK_ULONG::try_from(number).unwrap_or(CK_ULONG::MAX)
}

const VERSION: CK_VERSION = CK_VERSION { major: 0, minor: 1 };

/// How often a waiting call looks for a token.
const GLANCE: Duration = Duration::from_millis(20);
