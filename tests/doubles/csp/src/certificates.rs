//! `libcapi20`: the stores of certificates, in memory, one list for all names.

use core::ffi::{c_char, c_void};
use core::mem::offset_of;
use core::ptr::{null, null_mut};
use core::slice;
use std::sync::{Mutex, PoisonError};

use crate::codes::{CRYPT_E_NOT_FOUND, ERROR_INVALID_PARAMETER};
use crate::exports::give;
use crate::state::{answer, set_last_error};

/// `wchar_t`: 32 bits on UNIX.
#[cfg(unix)]
type Wide = u32;
#[cfg(not(unix))]
type Wide = u16;

/// `CERT_CONTEXT`.
#[derive(Debug)]
#[repr(C)]
pub struct CertContext {
    encoding: u32,
    der: *const u8,
    length: u32,
    info: *const c_void,
    store: *mut c_void,
}

/// `CRYPT_KEY_PROV_INFO`.
#[derive(Debug)]
#[repr(C)]
pub struct KeyProvInfo {
    container: *const Wide,
    provider: *const Wide,
    kind: u32,
    flags: u32,
    parameters: u32,
    first_parameter: *const c_void,
    spec: u32,
}

#[derive(Clone)]
struct Kept {
    der: Vec<u8>,
    link: Option<Link>,
}

#[derive(Clone)]
struct Link {
    container: Vec<Wide>,
    provider: Vec<Wide>,
    numbers: [u32; 3],
}

static STORE: Mutex<Vec<Kept>> = Mutex::new(Vec::new());
/// Every store has this handle.
const HANDLE: usize = 0x5354;

fn with<T>(act: impl FnOnce(&mut Vec<Kept>) -> T) -> T {
    act(&mut STORE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Gives a context that `CertFreeCertificateContext` takes back.
fn lend(der: &[u8]) -> *const CertContext {
    let der: &'static mut [u8] = Box::leak(der.to_vec().into_boxed_slice());
    let (length, store) = (der.len() as u32, null_mut());
    let context = CertContext { encoding: 1, der: der.as_ptr(), length, info: null(), store };
    Box::leak(Box::new(context))
}

unsafe fn der_of<'a>(context: *const CertContext) -> &'a [u8] {
    // SAFETY: a context of ours that was not given back.
    let context = unsafe { &*context };
    // SAFETY: as above.
    unsafe { slice::from_raw_parts(context.der, context.length as usize) }
}

/// Without its zero.
unsafe fn text(start: *const Wide) -> Vec<Wide> {
    let mut text = Vec::new();
    if start.is_null() {
        return text;
    }
    loop {
        // SAFETY: the caller's text ends with a zero, which was not met so far.
        match unsafe { *start.wrapping_add(text.len()) } {
            0 => return text,
            unit => text.push(unit),
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertOpenStore(
    provider: *const c_char,
    _encoding: u32,
    _context: usize,
    flags: u32,
    name: *const Wide,
) -> *mut c_void {
    // SAFETY: the caller's text.
    let name = unsafe { text(name) };
    let my = [0x4d, 0x79]; // "My"
    if provider.addr() == 10 && matches!(flags >> 16, 1 | 2) && name == my {
        return core::ptr::without_provenance_mut(HANDLE);
    }
    set_last_error(ERROR_INVALID_PARAMETER);
    null_mut()
}

#[unsafe(no_mangle)]
pub extern "system" fn CertCloseStore(_store: *mut c_void, _flags: u32) -> i32 {
    1
}

/// The certificate after another, whose context is taken back.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertEnumCertificatesInStore(
    _store: *mut c_void,
    previous: *const CertContext,
) -> *const CertContext {
    let next = with(|kept| {
        // SAFETY: null, or a context of ours.
        let last = (!previous.is_null()).then(|| unsafe { der_of(previous) });
        let at = last.map_or(0, |last| {
            kept.iter().position(|one| one.der == last).map_or(kept.len(), |at| at + 1)
        });
        kept.get(at).map(|one| one.der.clone())
    });
    if !previous.is_null() {
        // SAFETY: a context of ours; nobody has it any more.
        unsafe { CertFreeCertificateContext(previous) };
    }
    next.map_or_else(
        || {
            set_last_error(CRYPT_E_NOT_FOUND);
            null()
        },
        |der| lend(&der),
    )
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertFreeCertificateContext(context: *const CertContext) -> i32 {
    // SAFETY: `lend` made it, and its owner gives it back.
    let context = unsafe { Box::from_raw(context.cast_mut()) };
    let der = core::ptr::slice_from_raw_parts_mut(context.der.cast_mut(), context.length as usize);
    // SAFETY: as above.
    drop(unsafe { Box::from_raw(der) });
    1
}

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertAddEncodedCertificateToStore(
    _store: *mut c_void,
    _encoding: u32,
    der: *const u8,
    length: u32,
    _disposition: u32,
    context: *mut *const CertContext,
) -> i32 {
    answer("CertAddEncodedCertificateToStore", |_| {
        // SAFETY: the caller's octets.
        let der = unsafe { slice::from_raw_parts(der, length as usize) };
        with(|kept| {
            kept.retain(|one| one.der != der);
            kept.push(Kept { der: der.to_vec(), link: None });
        });
        if !context.is_null() {
            // SAFETY: the caller's place.
            unsafe { *context = lend(der) };
        }
        Ok(())
    })
}

const KEY_PROV_INFO: u32 = 2;

#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertSetCertificateContextProperty(
    context: *const CertContext,
    property: u32,
    _flags: u32,
    data: *const KeyProvInfo,
) -> i32 {
    answer("CertSetCertificateContextProperty", |_| {
        if property != KEY_PROV_INFO || data.is_null() {
            return Err(ERROR_INVALID_PARAMETER);
        }
        // SAFETY: what this property takes.
        let info = unsafe { &*data };
        // SAFETY: the caller's texts.
        let container = unsafe { text(info.container) };
        // SAFETY: as above.
        let provider = unsafe { text(info.provider) };
        let numbers = [info.kind, info.flags, info.spec];
        // SAFETY: a context of ours.
        let der = unsafe { der_of(context) };
        with(|kept| {
            let one = kept.iter_mut().find(|one| one.der == der).ok_or(CRYPT_E_NOT_FOUND)?;
            one.link = Some(Link { container, provider, numbers });
            Ok(())
        })
    })
}

/// The structure, then its two texts, which it points to.
#[unsafe(no_mangle)]
pub unsafe extern "system" fn CertGetCertificateContextProperty(
    context: *const CertContext,
    property: u32,
    out: *mut u8,
    length: *mut u32,
) -> i32 {
    answer("CertGetCertificateContextProperty", |_| {
        // SAFETY: a context of ours.
        let der = unsafe { der_of(context) };
        let find = |kept: &mut Vec<Kept>| kept.iter().find(|one| one.der == der)?.link.clone();
        let link = with(find).filter(|_| property == KEY_PROV_INFO).ok_or(CRYPT_E_NOT_FOUND)?;
        let unit = size_of::<Wide>();
        let (head, first) = (size_of::<KeyProvInfo>(), (link.container.len() + 1) * unit);
        let container = out.wrapping_add(head);
        let mut octets = vec![0; head];
        let mut put = |at: usize, value: &[u8]| octets[at..at + value.len()].copy_from_slice(value);
        let provider = container.wrapping_add(first);
        put(offset_of!(KeyProvInfo, container), &container.expose_provenance().to_ne_bytes());
        put(offset_of!(KeyProvInfo, provider), &provider.expose_provenance().to_ne_bytes());
        put(offset_of!(KeyProvInfo, kind), &link.numbers[0].to_ne_bytes());
        put(offset_of!(KeyProvInfo, flags), &link.numbers[1].to_ne_bytes());
        put(offset_of!(KeyProvInfo, spec), &link.numbers[2].to_ne_bytes());
        for text in [&link.container, &link.provider] {
            octets.extend(text.iter().chain(&[0]).flat_map(|unit| unit.to_ne_bytes()));
        }
        // SAFETY: the caller's places.
        unsafe { give(&octets, out, length, octets.len()) }.map(drop)
    })
}
