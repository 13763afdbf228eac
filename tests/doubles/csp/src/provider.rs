//! The double as a provider's DLL of Windows: `advapi32` stands before it and keeps the handles.
//!
//! The functions are those of `CryptoAPI` with the context before all else.

use core::ffi::{c_char, c_void};
use core::ptr::null;

use crate::exports;

#[link(name = "kernel32")]
unsafe extern "system" {
    fn SetLastError(code: u32);
}

pub(crate) fn set_last_error(code: u32) {
    // SAFETY: takes a number.
    unsafe { SetLastError(code) };
}

/// `VTableProvStruc`, as far as it is of interest.
#[repr(C)]
struct Table {
    version: u32,
    verify_image: *const c_void,
    window: *const c_void,
    kind: u32,
}

#[unsafe(no_mangle)]
unsafe extern "system" fn CPAcquireContext(
    context: *mut usize,
    container: *const c_char,
    flags: u32,
    table: *const Table,
) -> i32 {
    // SAFETY: Windows's table, of version 2 and later.
    let kind = unsafe { (*table).kind };
    // SAFETY: the caller's arguments, handed on.
    unsafe { exports::CryptAcquireContextA(context, container, null(), kind, flags) }
}

/// Functions whose arguments are handed on as they are, the context left out where its own is there.
macro_rules! hand_on {
    ($($name:ident($($argument:ident: $kind:ty),*) => $function:ident($($given:expr),*);)+) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "system" fn $name($($argument: $kind),*) -> i32 {
            // SAFETY: the caller's arguments, handed on.
            #[allow(unused_unsafe, reason = "some take no pointers")]
            unsafe { exports::$function($($given),*) }
        }
    )+};
}

hand_on! {
    CPReleaseContext(context: usize, flags: u32) => CryptReleaseContext(context, flags);
    CPGenKey(context: usize, kind: u32, flags: u32, key: *mut usize)
        => CryptGenKey(context, kind, flags, key);
    CPGetUserKey(context: usize, spec: u32, key: *mut usize) => CryptGetUserKey(context, spec, key);
    CPDestroyKey(_context: usize, key: usize) => CryptDestroyKey(key);
    CPExportKey(
        _context: usize, key: usize, by: usize, kind: u32, flags: u32, out: *mut u8, length: *mut u32
    ) => CryptExportKey(key, by, kind, flags, out, length);
    CPImportKey(
        context: usize, blob: *const u8, length: u32, by: usize, flags: u32, key: *mut usize
    ) => CryptImportKey(context, blob, length, by, flags, key);
    CPGetKeyParam(
        _context: usize, key: usize, parameter: u32, out: *mut u8, length: *mut u32, flags: u32
    ) => CryptGetKeyParam(key, parameter, out, length, flags);
    CPSetKeyParam(_context: usize, key: usize, parameter: u32, data: *const u8, flags: u32)
        => CryptSetKeyParam(key, parameter, data, flags);
    CPCreateHash(context: usize, kind: u32, key: usize, flags: u32, hash: *mut usize)
        => CryptCreateHash(context, kind, key, flags, hash);
    CPDestroyHash(_context: usize, hash: usize) => CryptDestroyHash(hash);
    CPHashData(_context: usize, hash: usize, data: *const u8, length: u32, flags: u32)
        => CryptHashData(hash, data, length, flags);
    CPGetHashParam(
        _context: usize, hash: usize, parameter: u32, out: *mut u8, length: *mut u32, flags: u32
    ) => CryptGetHashParam(hash, parameter, out, length, flags);
    CPSetHashParam(_context: usize, hash: usize, parameter: u32, data: *const u8, flags: u32)
        => CryptSetHashParam(hash, parameter, data, flags);
    CPSignHash(
        _context: usize, hash: usize, spec: u32, _text: *const u16, flags: u32, out: *mut u8,
        length: *mut u32
    ) => CryptSignHashA(hash, spec, null(), flags, out, length);
    CPVerifySignature(
        _context: usize, hash: usize, signature: *const u8, length: u32, key: usize,
        _text: *const u16, flags: u32
    ) => CryptVerifySignatureA(hash, signature, length, key, null(), flags);
    CPGetProvParam(context: usize, parameter: u32, out: *mut u8, length: *mut u32, flags: u32)
        => CryptGetProvParam(context, parameter, out, length, flags);
    CPSetProvParam(context: usize, parameter: u32, data: *const u8, flags: u32)
        => CryptSetProvParam(context, parameter, data, flags);
    CPGenRandom(context: usize, length: u32, out: *mut u8) => CryptGenRandom(context, length, out);
}

/// Functions that every provider must have, and that nobody here calls.
macro_rules! refuse {
    ($($name:ident)+) => {$(
        #[unsafe(no_mangle)]
        extern "system" fn $name() -> i32 {
            set_last_error(crate::codes::NTE_FAIL);
            0
        }
    )+};
}

refuse! { CPDeriveKey CPEncrypt CPDecrypt CPHashSessionKey }
