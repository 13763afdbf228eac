//! The functions as the CSP exports them.

use core::ffi::{CStr, c_char};
use core::slice;
use std::path::PathBuf;

use crate::act;
use crate::codes::{
    ERROR_INVALID_PARAMETER, ERROR_MORE_DATA, ERROR_NO_MORE_ITEMS, NTE_BAD_FLAGS, NTE_BAD_TYPE,
};
use crate::state::{answer, with_state};
#[cfg(not(windows))]
use crate::state::{last_error, set_last_error};

/// A string, or none for null.
unsafe fn text(text: *const c_char) -> Option<String> {
    // SAFETY: CryptoAPI's strings end with a zero.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

unsafe fn octets<'a>(data: *const u8, length: usize) -> &'a [u8] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: the caller says how many octets there are.
    unsafe { slice::from_raw_parts(data, length) }
}

/// Writes a handle.
unsafe fn put(handle: *mut usize, value: usize) -> Result<(), u32> {
    if handle.is_null() {
        return Err(ERROR_INVALID_PARAMETER);
    }
    // SAFETY: the caller's place for a handle.
    unsafe { *handle = value };
    Ok(())
}

/// Answers the question for a size, or gives the octets; says which.
pub(crate) unsafe fn give(
    octets: &[u8],
    out: *mut u8,
    length: *mut u32,
    needed: usize,
) -> Result<bool, u32> {
    if length.is_null() {
        return Err(ERROR_INVALID_PARAMETER);
    }
    // SAFETY: the caller's place for a length.
    let room = unsafe { *length } as usize;
    let told = if out.is_null() { needed } else { octets.len() };
    // SAFETY: as above.
    unsafe { *length = told as u32 };
    if out.is_null() {
        return Ok(false);
    }
    if room < octets.len() {
        return Err(ERROR_MORE_DATA);
    }
    // SAFETY: the caller has room for that many octets.
    unsafe { slice::from_raw_parts_mut(out, octets.len()) }.copy_from_slice(octets);
    Ok(true)
}

/// `librdrsup`: the code of this thread. On Windows the system has them.
#[cfg(not(windows))]
#[unsafe(no_mangle)]
pub extern "system" fn GetLastError() -> u32 {
    last_error()
}

#[cfg(not(windows))]
#[unsafe(no_mangle)]
pub extern "system" fn SetLastError(code: u32) {
    set_last_error(code);
}

/// Tells the double where its containers are.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn CspDoubleOpen(folder: *const c_char) {
    // SAFETY: the caller's string.
    let folder = unsafe { text(folder) };
    with_state(|state| state.keys_folder = folder.map(PathBuf::from));
}

/// Lets a call of a function fail with a code, after so many calls that do not.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn CspDoubleFail(function: *const c_char, code: u32, after: u32) {
    // SAFETY: the caller's string.
    let function = unsafe { text(function) }.unwrap_or_default();
    with_state(|state| state.fail(function, code, after));
}

/// `only 2001` (1: an old CSP), `tries` (0: no lock), `rng` (0: would ask for random moves), `licence` (0: ended), `terms` (0: not
/// minded).
#[unsafe(no_mangle)]
pub unsafe extern "system" fn CspDoublePolicy(name: *const c_char, value: u32) {
    // SAFETY: the caller's string.
    let name = unsafe { text(name) }.unwrap_or_default();
    with_state(|state| state.policy.insert(name, value));
}

/// Handles that were not given back.
#[unsafe(no_mangle)]
pub extern "system" fn CspDoubleHandles() -> u32 {
    with_state(|state| (state.contexts.len() + state.keys.len() + state.hashes.len()) as u32)
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptAcquireContextA(
    handle: *mut usize,
    container: *const c_char,
    provider: *const c_char,
    kind: u32,
    flags: u32,
) -> i32 {
    answer("CryptAcquireContext", |state| {
        // SAFETY: the caller's string.
        let container = unsafe { text(container) };
        // SAFETY: as above.
        let provider = unsafe { text(provider) };
        let acquired = act::acquire(state, container, provider, kind, flags)?;
        // SAFETY: the caller's place.
        unsafe { put(handle, acquired) }
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn CryptReleaseContext(context: usize, flags: u32) -> i32 {
    answer("CryptReleaseContext", |state| match flags {
        0 => act::release(state, context),
        _ => Err(NTE_BAD_FLAGS),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptContextAddRef(
    context: usize,
    reserved: *const u32,
    flags: u32,
) -> i32 {
    answer("CryptContextAddRef", |state| {
        if !reserved.is_null() || flags != 0 {
            return Err(ERROR_INVALID_PARAMETER);
        }
        state.context(context)?.references += 1;
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptEnumProvidersA(
    index: u32,
    _reserved: *mut u32,
    _flags: u32,
    kind: *mut u32,
    name: *mut c_char,
    length: *mut u32,
) -> i32 {
    answer("CryptEnumProviders", |state| {
        let found = act::providers(state).nth(index as usize).ok_or(ERROR_NO_MORE_ITEMS)?;
        if kind.is_null() {
            return Err(ERROR_INVALID_PARAMETER);
        }
        // SAFETY: the caller's place.
        unsafe { *kind = found.0 };
        let text = [found.1.as_bytes(), &[0]].concat();
        // SAFETY: the caller's places.
        unsafe { give(&text, name.cast(), length, text.len()) }.map(drop)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGenKey(
    context: usize,
    spec: u32,
    flags: u32,
    key: *mut usize,
) -> i32 {
    answer("CryptGenKey", |state| {
        let made = act::generate(state, context, spec, flags)?;
        // SAFETY: the caller's place.
        unsafe { put(key, made) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGetUserKey(context: usize, spec: u32, key: *mut usize) -> i32 {
    answer("CryptGetUserKey", |state| {
        let found = act::user_key(state, context, spec)?;
        // SAFETY: the caller's place.
        unsafe { put(key, found) }
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn CryptDestroyKey(key: usize) -> i32 {
    answer("CryptDestroyKey", |state| {
        state.keys.remove(&key).map(drop).ok_or(ERROR_INVALID_PARAMETER)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptExportKey(
    key: usize,
    export_key: usize,
    kind: u32,
    _flags: u32,
    out: *mut u8,
    length: *mut u32,
) -> i32 {
    answer("CryptExportKey", |state| {
        if kind != 6 || export_key != 0 {
            return Err(NTE_BAD_TYPE);
        }
        let blob = act::export(state, key)?;
        // SAFETY: the caller's places.
        unsafe { give(&blob, out, length, blob.len()) }.map(drop)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptImportKey(
    context: usize,
    blob: *const u8,
    length: u32,
    _import_key: usize,
    _flags: u32,
    key: *mut usize,
) -> i32 {
    answer("CryptImportKey", |state| {
        // SAFETY: the caller's octets.
        let imported = act::import(state, context, unsafe { octets(blob, length as usize) })?;
        // SAFETY: the caller's place.
        unsafe { put(key, imported) }
    })
}

const KP_CERTIFICATE: u32 = 26;

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGetKeyParam(
    key: usize,
    parameter: u32,
    out: *mut u8,
    length: *mut u32,
    _flags: u32,
) -> i32 {
    answer("CryptGetKeyParam", |state| {
        if parameter != KP_CERTIFICATE {
            return Err(NTE_BAD_TYPE);
        }
        let der = act::certificate(state, key)?;
        // SAFETY: the caller's places.
        unsafe { give(&der, out, length, der.len()) }.map(drop)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptSetKeyParam(
    key: usize,
    parameter: u32,
    data: *const u8,
    _flags: u32,
) -> i32 {
    answer("CryptSetKeyParam", |state| {
        if parameter != KP_CERTIFICATE {
            return Err(NTE_BAD_TYPE);
        }
        // SAFETY: DER has at least a tag and a length, four octets for a certificate.
        let length = match unsafe { octets(data, 4) } {
            [0x30, 0x82, high, low] => usize::from(u16::from_be_bytes([*high, *low])) + 4,
            [0x30, 0x81, short, _] => usize::from(*short) + 3,
            _ => return Err(ERROR_INVALID_PARAMETER),
        };
        // SAFETY: its length is the certificate's own.
        act::set_certificate(state, key, unsafe { octets(data, length) })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptCreateHash(
    context: usize,
    algorithm: u32,
    _key: usize,
    _flags: u32,
    hash: *mut usize,
) -> i32 {
    answer("CryptCreateHash", |state| {
        let created = act::create_hash(state, context, algorithm)?;
        // SAFETY: the caller's place.
        unsafe { put(hash, created) }
    })
}

#[unsafe(no_mangle)]
pub extern "system" fn CryptDestroyHash(hash: usize) -> i32 {
    answer("CryptDestroyHash", |state| {
        state.hashes.remove(&hash).map(drop).ok_or(ERROR_INVALID_PARAMETER)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptHashData(
    hash: usize,
    data: *const u8,
    length: u32,
    _flags: u32,
) -> i32 {
    answer("CryptHashData", |state| {
        // SAFETY: the caller's octets.
        act::hash_data(state, hash, unsafe { octets(data, length as usize) })
    })
}

const HP_HASHVAL: u32 = 2;

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGetHashParam(
    hash: usize,
    parameter: u32,
    out: *mut u8,
    length: *mut u32,
    _flags: u32,
) -> i32 {
    answer("CryptGetHashParam", |state| {
        if parameter != HP_HASHVAL {
            return Err(NTE_BAD_TYPE);
        }
        if out.is_null() {
            let size = act::hash_octets(state, hash)?;
            // SAFETY: the caller's place.
            return unsafe { give(&[], out, length, size) }.map(drop);
        }
        let value = act::hash_value(state, hash)?;
        // SAFETY: the caller's places.
        unsafe { give(&value, out, length, value.len()) }.map(drop)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptSetHashParam(
    hash: usize,
    parameter: u32,
    data: *const u8,
    _flags: u32,
) -> i32 {
    answer("CryptSetHashParam", |state| {
        if parameter != HP_HASHVAL {
            return Err(NTE_BAD_TYPE);
        }
        let length = act::hash_octets(state, hash)?;
        // SAFETY: the value is as long as the hash.
        act::set_hash_value(state, hash, unsafe { octets(data, length) })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptSignHashA(
    hash: usize,
    spec: u32,
    _description: *const c_char,
    _flags: u32,
    out: *mut u8,
    length: *mut u32,
) -> i32 {
    answer("CryptSignHash", |state| {
        if out.is_null() {
            let size = act::signature_octets(state, hash)?;
            // SAFETY: the caller's place.
            return unsafe { give(&[], out, length, size) }.map(drop);
        }
        let signature = act::sign(state, hash, spec)?;
        // SAFETY: the caller's places.
        unsafe { give(&signature, out, length, signature.len()) }.map(drop)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptVerifySignatureA(
    hash: usize,
    signature: *const u8,
    length: u32,
    key: usize,
    _description: *const c_char,
    _flags: u32,
) -> i32 {
    answer("CryptVerifySignature", |state| {
        // SAFETY: the caller's octets.
        act::verify(state, hash, unsafe { octets(signature, length as usize) }, key)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGetProvParam(
    context: usize,
    parameter: u32,
    out: *mut u8,
    length: *mut u32,
    flags: u32,
) -> i32 {
    answer("CryptGetProvParam", |state| {
        if flags & 1 != 0 {
            act::enumerate(state, context, parameter, flags)?;
        }
        let (item, longest) = act::item(state, context)?;
        // SAFETY: the caller's places.
        if unsafe { give(&item, out, length, longest) }? {
            act::item_taken(state, context)?;
        }
        Ok(())
    })
}

/// `CRYPT_PIN_PARAM`.
#[repr(C)]
struct PinParam {
    kind: u8,
    password: *const c_char,
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptSetProvParam(
    context: usize,
    parameter: u32,
    data: *const u8,
    _flags: u32,
) -> i32 {
    answer("CryptSetProvParam", |state| match parameter {
        32 | 33 => {
            // SAFETY: the caller's string; null forgets the password.
            state.context(context)?.pin = unsafe { text(data.cast()) };
            Ok(())
        }
        94 | 95 => {
            // SAFETY: the caller's string.
            state.context(context)?.set = unsafe { text(data.cast()) };
            Ok(())
        }
        108 => {
            // SAFETY: what this parameter takes.
            let pin = unsafe { data.cast::<PinParam>().read_unaligned() };
            if pin.kind != 0 {
                return Err(NTE_BAD_TYPE);
            }
            // SAFETY: the caller's string.
            let new = unsafe { text(pin.password) }.unwrap_or_default();
            act::change_pin(state, context, &new)
        }
        _ => Err(NTE_BAD_TYPE),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CryptGenRandom(context: usize, length: u32, out: *mut u8) -> i32 {
    answer("CryptGenRandom", |state| {
        state.context(context)?;
        // SAFETY: the caller has room for that many octets.
        let out = unsafe { slice::from_raw_parts_mut(out, length as usize) };
        getrandom::fill(out).map_err(|_| crate::codes::NTE_FAIL)
    })
}
