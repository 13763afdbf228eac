//! Keys made, wrapped, derived; random octets.
#![expect(non_snake_case, reason = "the standard's names")]

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG,
    CKR_ARGUMENTS_BAD,
};

use super::memory::{answer, mechanism, octets, put, room, template};
use super::with;
use crate::refusal::demand;

pub(super) unsafe extern "C" fn C_GenerateKeyPair(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    public: *mut CK_ATTRIBUTE,
    public_count: CK_ULONG,
    private: *mut CK_ATTRIBUTE,
    private_count: CK_ULONG,
    public_out: *mut CK_OBJECT_HANDLE,
    private_out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!public_out.is_null() && !private_out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let mechanism = unsafe { mechanism(chosen) }?;
        // SAFETY: the caller's promise.
        let public = unsafe { template(public, public_count) }?;
        // SAFETY: the caller's promise.
        let private = unsafe { template(private, private_count) }?;
        let pair = module.generate_key_pair(session, &mechanism, &public, &private)?;
        // SAFETY: the caller's promise.
        unsafe { put(public_out, pair.public) }?;
        // SAFETY: the caller's promise.
        unsafe { put(private_out, pair.private) }
    })
}

pub(super) unsafe extern "C" fn C_GenerateKey(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let mechanism = unsafe { mechanism(chosen) }?;
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        let key = module.generate_key(session, &mechanism, &template)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, key) }
    })
}

pub(super) unsafe extern "C" fn C_DeriveKey(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    base: CK_OBJECT_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let mechanism = unsafe { mechanism(chosen) }?;
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        let key = module.derive_key(session, &mechanism, base, &template)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, key) }
    })
}

pub(super) unsafe extern "C" fn C_WrapKey(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    wrapping: CK_OBJECT_HANDLE,
    key: CK_OBJECT_HANDLE,
    out: *mut u8,
    out_length: *mut CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let mechanism = unsafe { mechanism(chosen) }?;
        let call = |room| module.wrap_key(session, &mechanism, (wrapping, key), room);
        // SAFETY: the caller's promise.
        unsafe { answer(out, out_length, call) }
    })
}

pub(super) unsafe extern "C" fn C_UnwrapKey(
    session: CK_SESSION_HANDLE,
    chosen: *mut CK_MECHANISM,
    unwrapping: CK_OBJECT_HANDLE,
    wrapped: *mut u8,
    length: CK_ULONG,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let mechanism = unsafe { mechanism(chosen) }?;
        // SAFETY: the caller's promise.
        let wrapped = unsafe { octets(wrapped, length) }?;
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        let key = module.unwrap_key(session, (&mechanism, unwrapping), wrapped, &template)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, key) }
    })
}

pub(super) unsafe extern "C" fn C_GenerateRandom(
    session: CK_SESSION_HANDLE,
    out: *mut u8,
    length: CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| module.generate_random(session, unsafe { room(out, length) }?))
}
