//! General functions, slots, tokens, sessions.
#![expect(non_snake_case, reason = "the standard's names")]

use std::ffi::c_void;

use cryptoki_sys::{
    CK_BBOOL, CK_C_INITIALIZE_ARGS, CK_FALSE, CK_FLAGS, CK_INFO, CK_MECHANISM_INFO,
    CK_MECHANISM_TYPE, CK_NOTIFY, CK_RV, CK_SESSION_HANDLE, CK_SESSION_INFO, CK_SLOT_ID,
    CK_SLOT_INFO, CK_TOKEN_INFO, CK_ULONG, CK_USER_TYPE, CKF_DONT_BLOCK, CKF_OS_LOCKING_OK,
    CKR_ARGUMENTS_BAD, CKR_CANT_LOCK,
};

use super::memory::{get, list, octets, put};
use super::{current, finalise, guarded, initialise, with};
use crate::general::{Listing, Patience, info};
use crate::refusal::{Refusal, Result, demand};

pub(super) unsafe extern "C" fn C_Initialize(arguments: *mut c_void) -> CK_RV {
    guarded(|| {
        if !arguments.is_null() {
            // SAFETY: the caller's promise.
            check_locking(&unsafe { get(arguments.cast::<CK_C_INITIALIZE_ARGS>()) }?)?;
        }
        initialise()
    })
}

/// The locks are the operating system's: whoever can only use its own is told so.
fn check_locking(arguments: &CK_C_INITIALIZE_ARGS) -> Result<()> {
    demand(arguments.pReserved.is_null(), CKR_ARGUMENTS_BAD)?;
    let given = [
        arguments.CreateMutex.is_some(),
        arguments.DestroyMutex.is_some(),
        arguments.LockMutex.is_some(),
        arguments.UnlockMutex.is_some(),
    ];
    let (all, none) = (given.iter().all(|it| *it), !given.iter().any(|it| *it));
    demand(all || none, CKR_ARGUMENTS_BAD)?;
    demand(none || arguments.flags & CKF_OS_LOCKING_OK != 0, CKR_CANT_LOCK)
}

pub(super) unsafe extern "C" fn C_Finalize(reserved: *mut c_void) -> CK_RV {
    guarded(|| {
        demand(reserved.is_null(), CKR_ARGUMENTS_BAD)?;
        finalise()
    })
}

pub(super) unsafe extern "C" fn C_GetInfo(out: *mut CK_INFO) -> CK_RV {
    guarded(|| {
        current()?;
        // SAFETY: the caller's promise.
        unsafe { put(out, info()) }
    })
}

pub(super) unsafe extern "C" fn C_GetSlotList(
    present: CK_BBOOL,
    out: *mut CK_SLOT_ID,
    count: *mut CK_ULONG,
) -> CK_RV {
    let listing = if present == CK_FALSE { Listing::All } else { Listing::WithToken };
    // SAFETY: the caller's promise.
    with(|module| unsafe { list(out, count, &module.slots(listing)) })
}

pub(super) unsafe extern "C" fn C_GetSlotInfo(slot: CK_SLOT_ID, out: *mut CK_SLOT_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { put(out, module.slot_info(slot)?) })
}

pub(super) unsafe extern "C" fn C_GetTokenInfo(slot: CK_SLOT_ID, out: *mut CK_TOKEN_INFO) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { put(out, module.token_info(slot)?) })
}

pub(super) unsafe extern "C" fn C_GetMechanismList(
    slot: CK_SLOT_ID,
    out: *mut CK_MECHANISM_TYPE,
    count: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { list(out, count, &module.mechanisms(slot)?) })
}

pub(super) unsafe extern "C" fn C_GetMechanismInfo(
    slot: CK_SLOT_ID,
    mechanism: CK_MECHANISM_TYPE,
    out: *mut CK_MECHANISM_INFO,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { put(out, module.mechanism_info(slot, mechanism)?) })
}

pub(super) unsafe extern "C" fn C_InitToken(
    slot: CK_SLOT_ID,
    pin: *mut u8,
    pin_length: CK_ULONG,
    label: *mut u8,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let pin = unsafe { octets(pin, pin_length) }?;
        // SAFETY: the caller's promise: a label has 32 octets.
        let label = unsafe { octets(label, 32) }?;
        let label = label.try_into().map_err(|_| Refusal(CKR_ARGUMENTS_BAD))?;
        module.initialise_token(slot, pin, label)
    })
}

pub(super) unsafe extern "C" fn C_InitPIN(
    session: CK_SESSION_HANDLE,
    pin: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.initialise_pin(session, unsafe { octets(pin, length) }?))
}

pub(super) unsafe extern "C" fn C_SetPIN(
    session: CK_SESSION_HANDLE,
    old: *mut u8,
    old_length: CK_ULONG,
    new: *mut u8,
    new_length: CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let old = unsafe { octets(old, old_length) }?;
        // SAFETY: the caller's promise.
        let new = unsafe { octets(new, new_length) }?;
        module.change_pin(session, old, new)
    })
}

pub(super) unsafe extern "C" fn C_OpenSession(
    slot: CK_SLOT_ID,
    flags: CK_FLAGS,
    _application: *mut c_void,
    _notify: CK_NOTIFY,
    out: *mut CK_SESSION_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        let session = module.open_session(slot, flags)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, session) }
    })
}

pub(super) unsafe extern "C" fn C_CloseSession(session: CK_SESSION_HANDLE) -> CK_RV {
    with(|module| module.close_session(session))
}

pub(super) unsafe extern "C" fn C_CloseAllSessions(slot: CK_SLOT_ID) -> CK_RV {
    with(|module| module.close_all_sessions(slot))
}

pub(super) unsafe extern "C" fn C_GetSessionInfo(
    session: CK_SESSION_HANDLE,
    out: *mut CK_SESSION_INFO,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { put(out, module.session_info(session)?) })
}

pub(super) unsafe extern "C" fn C_Login(
    session: CK_SESSION_HANDLE,
    user: CK_USER_TYPE,
    pin: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.log_in(session, user, unsafe { octets(pin, length) }?))
}

pub(super) unsafe extern "C" fn C_Logout(session: CK_SESSION_HANDLE) -> CK_RV {
    with(|module| module.log_out(session))
}

/// Not counted among the calls: it may wait for the very file that orders them.
pub(super) unsafe extern "C" fn C_WaitForSlotEvent(
    flags: CK_FLAGS,
    out: *mut CK_SLOT_ID,
    reserved: *mut c_void,
) -> CK_RV {
    guarded(|| {
        demand(reserved.is_null() && !out.is_null(), CKR_ARGUMENTS_BAD)?;
        let patience =
            if flags & CKF_DONT_BLOCK == 0 { Patience::Wait } else { Patience::DoNotBlock };
        let slot = current()?.wait_for_slot_event(patience)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, slot) }
    })
}
