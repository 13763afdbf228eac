//! Objects.
#![expect(non_snake_case, reason = "the standard's names")]

use std::ptr;

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG, CK_UNAVAILABLE_INFORMATION,
    CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL, CKR_HOST_MEMORY,
};

use super::memory::{get, length_of_template, put, template};
use super::with;
use crate::refusal::{Refusal, Result, demand, refuse};

pub(super) unsafe extern "C" fn C_CreateObject(
    session: CK_SESSION_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        let object = module.create_object(session, &template)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, object) }
    })
}

pub(super) unsafe extern "C" fn C_CopyObject(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
    out: *mut CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null(), CKR_ARGUMENTS_BAD)?;
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        let copy = module.copy_object(session, object, &template)?;
        // SAFETY: the caller's promise.
        unsafe { put(out, copy) }
    })
}

pub(super) unsafe extern "C" fn C_DestroyObject(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
) -> CK_RV {
    with(|module| module.destroy_object(session, object))
}

pub(super) unsafe extern "C" fn C_GetObjectSize(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    out: *mut CK_ULONG,
) -> CK_RV {
    // SAFETY: the caller's promise.
    with(|module| unsafe { put(out, module.object_size(session, object)?) })
}

/// All attributes are answered, and the first refusal is the return value (PKCS#11 2.40, 5.7).
pub(super) unsafe extern "C" fn C_GetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    with(|module| {
        let places: Vec<_> = (0..length_of_template(attributes, count)?)
            .map(|number| attributes.wrapping_add(number))
            .collect();
        // SAFETY: the caller promises so many attributes.
        let given: Vec<CK_ATTRIBUTE> =
            places.iter().map(|place| unsafe { get(*place) }).collect::<Result<_>>()?;
        let kinds: Vec<_> = given.iter().map(|attribute| attribute.type_).collect();
        let values = module.attributes(session, object, &kinds)?;
        let mut outcome = Ok(());
        for ((place, attribute), value) in places.into_iter().zip(given).zip(values) {
            let value = value.as_ref().map(|value| value.as_slice()).map_err(|error| *error);
            // SAFETY: the caller promises the attribute, and the room it speaks of.
            let answered = unsafe { fill(place, attribute, value) };
            outcome = outcome.and(answered);
        }
        outcome
    })
}

/// # Safety
/// `place` has room for an attribute; its value is null or has room for its length.
unsafe fn fill(place: *mut CK_ATTRIBUTE, given: CK_ATTRIBUTE, value: Result<&[u8]>) -> Result<()> {
    let (length, outcome) = match value {
        Err(refusal) => (CK_UNAVAILABLE_INFORMATION, Err(refusal)),
        Ok(value) => {
            let length = CK_ULONG::try_from(value.len()).map_err(|_| Refusal(CKR_HOST_MEMORY))?;
            if given.pValue.is_null() {
                (length, Ok(()))
            } else if given.ulValueLen < length {
                (CK_UNAVAILABLE_INFORMATION, refuse(CKR_BUFFER_TOO_SMALL))
            } else {
                // SAFETY: there is room for as many, and the caller's buffer is not ours.
                unsafe {
                    ptr::copy_nonoverlapping(value.as_ptr(), given.pValue.cast(), value.len());
                }
                (length, Ok(()))
            }
        }
    };
    // SAFETY: the caller's promise.
    unsafe { put(place, CK_ATTRIBUTE { ulValueLen: length, ..given }) }?;
    outcome
}

pub(super) unsafe extern "C" fn C_SetAttributeValue(
    session: CK_SESSION_HANDLE,
    object: CK_OBJECT_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        module.set_attributes(session, object, &template)
    })
}

pub(super) unsafe extern "C" fn C_FindObjectsInit(
    session: CK_SESSION_HANDLE,
    attributes: *mut CK_ATTRIBUTE,
    count: CK_ULONG,
) -> CK_RV {
    with(|module| {
        // SAFETY: the caller's promise.
        let template = unsafe { template(attributes, count) }?;
        module.find_objects_init(session, &template)
    })
}

pub(super) unsafe extern "C" fn C_FindObjects(
    session: CK_SESSION_HANDLE,
    out: *mut CK_OBJECT_HANDLE,
    at_most: CK_ULONG,
    count: *mut CK_ULONG,
) -> CK_RV {
    with(|module| {
        demand(!out.is_null() && !count.is_null(), CKR_ARGUMENTS_BAD)?;
        let at_most = usize::try_from(at_most).unwrap_or(usize::MAX);
        let found = module.find_objects(session, at_most)?;
        for (number, object) in found.iter().enumerate() {
            // SAFETY: no more than the caller has room for.
            unsafe { put(out.wrapping_add(number), *object) }?;
        }
        let found = CK_ULONG::try_from(found.len()).map_err(|_| Refusal(CKR_HOST_MEMORY))?;
        // SAFETY: the caller's promise.
        unsafe { put(count, found) }
    })
}

pub(super) unsafe extern "C" fn C_FindObjectsFinal(session: CK_SESSION_HANDLE) -> CK_RV {
    with(|module| module.find_objects_final(session))
}
