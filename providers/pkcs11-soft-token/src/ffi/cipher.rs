//! Encryption and decryption.
#![expect(non_snake_case, reason = "the standard's names")]

use cryptoki_sys::{CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG};

use super::memory::{answer, mechanism, octets};
use super::with;
use crate::ciphering::Part;
use crate::mode::Direction;
use crate::module::Module;
use crate::refusal::Result;

pub(super) unsafe extern "C" fn C_EncryptInit(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { begin(module, session, Direction::Encrypt, (chosen, key)) })
}

pub(super) unsafe extern "C" fn C_Encrypt(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Encrypt, Part::Last);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, (data, length), (out, out_length)) })
}

pub(super) unsafe extern "C" fn C_EncryptUpdate(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Encrypt, Part::Some);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, (data, length), (out, out_length)) })
}

pub(super) unsafe extern "C" fn C_EncryptFinal(
    session: CK_SESSION_HANDLE,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Encrypt, Part::Last);
    let nothing = (std::ptr::null(), 0);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, nothing, (out, out_length)) })
}

pub(super) unsafe extern "C" fn C_DecryptInit(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { begin(module, session, Direction::Decrypt, (chosen, key)) })
}

pub(super) unsafe extern "C" fn C_Decrypt(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Decrypt, Part::Last);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, (data, length), (out, out_length)) })
}

pub(super) unsafe extern "C" fn C_DecryptUpdate(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Decrypt, Part::Some);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, (data, length), (out, out_length)) })
}

pub(super) unsafe extern "C" fn C_DecryptFinal(
    session: CK_SESSION_HANDLE,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    let way = (Direction::Decrypt, Part::Last);
    let nothing = (std::ptr::null(), 0);
    // SAFETY: the caller's promise.
    with(|module| unsafe { go_on(module, session, way, nothing, (out, out_length)) })
}

/// # Safety
/// As the standard has it of the functions above.
unsafe fn begin(
    module: &Module,
    session: CK_SESSION_HANDLE,
    direction: Direction,
    (chosen, key): (*mut CK_MECHANISM, CK_OBJECT_HANDLE),
) -> Result<()> {
    // SAFETY: the caller's promise.
    let mechanism = unsafe { mechanism(chosen) }?;
    module.cipher_init(session, direction, &mechanism, key)
}

/// # Safety
/// As the standard has it of the functions above.
unsafe fn go_on(
    module: &Module,
    session: CK_SESSION_HANDLE,
    (direction, part): (Direction, Part),
    (data, length): (*const u8, CK_ULONG),
    (out, out_length): (*mut u8, *mut CK_ULONG),
) -> Result<()> {
    // SAFETY: the caller's promise.
    let data = unsafe { octets(data, length) }?;
    let call = |room| module.cipher(session, direction, data, (part, room));
    // SAFETY: the caller's promise.
    unsafe { answer(out, out_length, call) }
}
