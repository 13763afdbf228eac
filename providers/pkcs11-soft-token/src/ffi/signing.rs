//! Digests, signatures, codes.
#![expect(non_snake_case, reason = "the standard's names")]

use cryptoki_sys::{CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG};

use super::memory::{answer, mechanism, octets};
use super::with;
use crate::signing::Act;

pub(super) unsafe extern "C" fn C_DigestInit(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.digest_init(session, &unsafe { mechanism(chosen) }?))
}

pub(super) unsafe extern "C" fn C_Digest(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let data = unsafe { octets(data, length) }?;
        // SAFETY: the caller's promise.
        unsafe { answer(out, out_length, |room| module.digest(session, data, room)) }
    })
}

pub(super) unsafe extern "C" fn C_DigestUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.digest_update(session, unsafe { octets(part, length) }?))
}

pub(super) unsafe extern "C" fn C_DigestKey(
    session: CK_SESSION_HANDLE,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| module.digest_key(session, key))
}

pub(super) unsafe extern "C" fn C_DigestFinal(
    session: CK_SESSION_HANDLE,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { answer(out, out_length, |room| module.digest_final(session, room)) })
}

pub(super) unsafe extern "C" fn C_SignInit(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.signing_init(session, Act::Sign, &unsafe { mechanism(chosen) }?, key))
}

pub(super) unsafe extern "C" fn C_Sign(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let data = unsafe { octets(data, length) }?;
        // SAFETY: the caller's promise.
        unsafe { answer(out, out_length, |room| module.sign(session, data, room)) }
    })
}

pub(super) unsafe extern "C" fn C_SignUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.signing_update(session, Act::Sign, unsafe { octets(part, length) }?))
}

pub(super) unsafe extern "C" fn C_SignFinal(
    session: CK_SESSION_HANDLE,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { answer(out, out_length, |room| module.sign(session, &[], room)) })
}

pub(super) unsafe extern "C" fn C_VerifyInit(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    key: CK_OBJECT_HANDLE,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.signing_init(session, Act::Verify, &unsafe { mechanism(chosen) }?, key))
}

pub(super) unsafe extern "C" fn C_Verify(
    session: CK_SESSION_HANDLE,
    data: *mut u8,
    length: CK_ULONG,
    signature: *mut u8,
    signature_length: CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let data = unsafe { octets(data, length) }?;
        // SAFETY: the caller's promise.
        let signature = unsafe { octets(signature, signature_length) }?;
        module.verify(session, data, signature)
    })
}

pub(super) unsafe extern "C" fn C_VerifyUpdate(
    session: CK_SESSION_HANDLE,
    part: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.signing_update(session, Act::Verify, unsafe { octets(part, length) }?))
}

pub(super) unsafe extern "C" fn C_VerifyFinal(
    session: CK_SESSION_HANDLE,
    signature: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.verify(session, &[], unsafe { octets(signature, length) }?))
}
