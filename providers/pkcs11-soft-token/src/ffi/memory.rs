//! What a caller points to, read and written.

use std::ffi::c_void;
use std::{ptr, slice};

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_ECDH1_DERIVE_PARAMS, CK_GCM_PARAMS, CK_MECHANISM, CK_ULONG, CKR_ARGUMENTS_BAD,
    CKR_BUFFER_TOO_SMALL, CKR_HOST_MEMORY, CKR_MECHANISM_PARAM_INVALID, CKR_OK,
};

use crate::answer::{Answer, Room};
use crate::mechanism::{Mechanism, Parameter};
use crate::object::Attribute;
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::tc26::{
    CK_KDF_TREE_GOST_PARAMS, CKM_GOST_KEG, CKM_KDF_TREE_GOSTR3411_2012_256, CKM_KUZNYECHIK_MGM,
    CKM_MAGMA_MGM, CKM_VKO_GOSTR3410_2012_512,
};

/// Octets of a caller. Null is allowed for none.
///
/// # Safety
/// `start` is null or points to `length` octets that stay as they are until the call ends.
pub(super) unsafe fn octets<'a>(start: *const u8, length: CK_ULONG) -> Result<&'a [u8]> {
    let length = size::<u8>(length)?;
    if length == 0 {
        return Ok(&[]);
    }
    demand(!start.is_null(), CKR_ARGUMENTS_BAD)?;
    // SAFETY: not null, and no longer than memory; the caller promises the octets.
    Ok(unsafe { slice::from_raw_parts(start, length) })
}

/// Room of a caller for octets.
///
/// # Safety
/// `start` is null or points to `length` octets that nobody else uses until the call ends.
pub(super) unsafe fn room<'a>(start: *mut u8, length: CK_ULONG) -> Result<&'a mut [u8]> {
    let length = size::<u8>(length)?;
    if length == 0 {
        return Ok(&mut []);
    }
    demand(!start.is_null(), CKR_ARGUMENTS_BAD)?;
    // SAFETY: not null, and no longer than memory; the caller promises the room.
    Ok(unsafe { slice::from_raw_parts_mut(start, length) })
}

/// Reads one value; C may have put it anywhere.
///
/// # Safety
/// `place` is null or points to a `T`.
pub(super) unsafe fn get<T: Copy>(place: *const T) -> Result<T> {
    demand(!place.is_null(), CKR_ARGUMENTS_BAD)?;
    // SAFETY: not null; the caller promises a value.
    Ok(unsafe { place.read_unaligned() })
}

/// Writes one value.
///
/// # Safety
/// `place` is null or has room for a `T`.
pub(super) unsafe fn put<T>(place: *mut T, value: T) -> Result<()> {
    demand(!place.is_null(), CKR_ARGUMENTS_BAD)?;
    // SAFETY: not null; the caller promises room.
    unsafe { place.write_unaligned(value) };
    Ok(())
}

/// Copies the attributes of a template.
///
/// # Safety
/// `start` is null or points to `count` attributes, each of which points to its octets.
pub(super) unsafe fn template(
    start: *const CK_ATTRIBUTE,
    count: CK_ULONG,
) -> Result<Vec<Attribute>> {
    let mut template = Vec::new();
    for number in 0..length_of_template(start, count)? {
        // SAFETY: within the attributes that the caller promises.
        let attribute = unsafe { get(start.wrapping_add(number)) }?;
        // SAFETY: the caller promises each attribute's octets.
        let value = unsafe { octets(attribute.pValue.cast(), attribute.ulValueLen) }?;
        template.push(Attribute::new(attribute.type_, value));
    }
    Ok(template)
}

/// How many attributes; no template is long.
pub(super) fn length_of_template(start: *const CK_ATTRIBUTE, count: CK_ULONG) -> Result<usize> {
    let count = usize::try_from(count).map_err(|_| Refusal(CKR_ARGUMENTS_BAD))?;
    demand(count == 0 || !start.is_null() && count <= LONGEST_TEMPLATE, CKR_ARGUMENTS_BAD)?;
    Ok(count)
}

/// Copies a mechanism and what its parameter points to.
///
/// # Safety
/// `place` is null or points to a mechanism, whose parameter is what the mechanism wants.
pub(super) unsafe fn mechanism(place: *const CK_MECHANISM) -> Result<Mechanism> {
    // SAFETY: the caller's promise.
    let mechanism = unsafe { get(place) }?;
    let (start, length) = (mechanism.pParameter, mechanism.ulParameterLen);
    let parameter = match mechanism.mechanism {
        // SAFETY: the caller's promise.
        CKM_KUZNYECHIK_MGM | CKM_MAGMA_MGM => unsafe { aead(start, length) }?,
        // SAFETY: the caller's promise.
        CKM_KDF_TREE_GOSTR3411_2012_256 => unsafe { tree(start, length) }?,
        CKM_VKO_GOSTR3410_2012_512 | CKM_GOST_KEG => {
            // SAFETY: the caller's promise.
            unsafe { ecdh_agreement(start, length) }?
        }
        _ => {
            // SAFETY: the caller's promise.
            let octets = unsafe { octets(start.cast(), length) }?;
            Parameter::Octets(octets.to_vec().into())
        }
    };
    Ok(Mechanism { kind: mechanism.mechanism, parameter })
}

/// # Safety
/// `start` points to `length` octets; if that is the length of the structure, it is one.
unsafe fn ecdh_agreement(start: *const c_void, length: CK_ULONG) -> Result<Parameter> {
    demand(is_one::<CK_ECDH1_DERIVE_PARAMS>(length), CKR_MECHANISM_PARAM_INVALID)?;
    // SAFETY: the caller's promise.
    let given = unsafe { get(start.cast::<CK_ECDH1_DERIVE_PARAMS>()) }?;
    // SAFETY: the caller's promise.
    let public = unsafe { octets(given.pPublicData, given.ulPublicDataLen) }?;
    // SAFETY: the caller's promise.
    let ukm = unsafe { octets(given.pSharedData, given.ulSharedDataLen) }?;
    Ok(Parameter::Agreement { kdf: given.kdf, public: public.to_vec(), ukm: ukm.to_vec() })
}

/// # Safety
/// `start` points to `length` octets; if that is the length of the structure, it is one.
unsafe fn aead(start: *const c_void, length: CK_ULONG) -> Result<Parameter> {
    demand(is_one::<CK_GCM_PARAMS>(length), CKR_MECHANISM_PARAM_INVALID)?;
    // SAFETY: the caller's promise.
    let given = unsafe { get(start.cast::<CK_GCM_PARAMS>()) }?;
    // SAFETY: the caller's promise.
    let nonce = unsafe { octets(given.pIv, given.ulIvLen) }?;
    // SAFETY: the caller's promise.
    let associated = unsafe { octets(given.pAAD, given.ulAADLen) }?;
    let tag = number(given.ulTagBits)?.checked_div(8).unwrap_or(0);
    Ok(Parameter::Aead { nonce: nonce.to_vec(), associated: associated.to_vec(), tag })
}

/// # Safety
/// `start` points to `length` octets; if that is the length of the structure, it is one.
unsafe fn tree(start: *const c_void, length: CK_ULONG) -> Result<Parameter> {
    demand(is_one::<CK_KDF_TREE_GOST_PARAMS>(length), CKR_MECHANISM_PARAM_INVALID)?;
    // SAFETY: the caller's promise.
    let given = unsafe { get(start.cast::<CK_KDF_TREE_GOST_PARAMS>()) }?;
    // SAFETY: the caller's promise.
    let label = unsafe { octets(given.pLabel, given.ulLabelLength) }?;
    // SAFETY: the caller's promise.
    let seed = unsafe { octets(given.pSeed, given.ulSeedLength) }?;
    Ok(Parameter::Tree {
        label: label.to_vec(),
        seed: seed.to_vec(),
        counter: number(given.ulR)?,
        length: number(given.ulL)?,
        offset: number(given.ulOffset)?,
    })
}

fn number(given: CK_ULONG) -> Result<usize> {
    usize::try_from(given).map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))
}

/// Gives a list, or how long it is (PKCS#11 2.40, 5.2).
///
/// # Safety
/// `out` is null or has room for `*count` values; `count` is null or points to a number.
pub(super) unsafe fn list<T: Copy>(out: *mut T, count: *mut CK_ULONG, values: &[T]) -> Result<()> {
    // SAFETY: the caller's promise.
    let given = unsafe { get(count) }?;
    let needed = CK_ULONG::try_from(values.len()).map_err(|_| Refusal(CKR_HOST_MEMORY))?;
    // SAFETY: the caller's promise.
    unsafe { put(count, needed) }?;
    if out.is_null() {
        return Ok(());
    }
    demand(given >= needed, CKR_BUFFER_TOO_SMALL)?;
    for (number, value) in values.iter().enumerate() {
        // SAFETY: fewer than the values there is room for.
        unsafe { put(out.wrapping_add(number), *value) }?;
    }
    Ok(())
}

/// Lets a call answer into a buffer, or say how long the answer is (PKCS#11 2.40, 5.2).
///
/// # Safety
/// `out` is null or has room for `*length` octets; `length` is null or points to a number.
pub(super) unsafe fn answer(
    out: *mut u8,
    length: *mut CK_ULONG,
    call: impl FnOnce(Room) -> Result<Answer>,
) -> Result<()> {
    // SAFETY: the caller's promise.
    let given = unsafe { get(length) }?;
    let room = if out.is_null() {
        Room::Query
    } else {
        Room::Octets(usize::try_from(given).unwrap_or(usize::MAX))
    };
    let (needed, code) = match call(room)? {
        Answer::Needs(needed) if room == Room::Query => (needed, CKR_OK),
        Answer::Needs(needed) => (needed, CKR_BUFFER_TOO_SMALL),
        Answer::Gives(octets) => {
            demand(room.holds(octets.len()), CKR_HOST_MEMORY)?;
            // SAFETY: there is room for as many, and the caller's buffer is not ours.
            unsafe { ptr::copy_nonoverlapping(octets.as_ptr(), out, octets.len()) };
            (octets.len(), CKR_OK)
        }
    };
    let needed = CK_ULONG::try_from(needed).map_err(|_| Refusal(CKR_HOST_MEMORY))?;
    // SAFETY: the caller's promise.
    unsafe { put(length, needed) }?;
    if code == CKR_OK { Ok(()) } else { refuse(code) }
}

fn is_one<T>(length: CK_ULONG) -> bool {
    usize::try_from(length).is_ok_and(|length| length == size_of::<T>())
}

/// A number of values that memory can hold.
fn size<T>(count: CK_ULONG) -> Result<usize> {
    let count = usize::try_from(count).map_err(|_| Refusal(CKR_ARGUMENTS_BAD))?;
    let octets = count.checked_mul(size_of::<T>()).ok_or(Refusal(CKR_ARGUMENTS_BAD))?;
    demand(isize::try_from(octets).is_ok(), CKR_ARGUMENTS_BAD)?;
    Ok(count)
}

const LONGEST_TEMPLATE: usize = 256;
