//! The double answers as `CryptoAPI` does: codes that Wine's own provider was seen to give, and the CSP's.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::undocumented_unsafe_blocks,
    reason = "calls of the double by a test"
)]

use std::ffi::{CStr, CString, c_char};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gost_csp_double::exports::{
    CryptAcquireContextA, CryptContextAddRef, CryptCreateHash, CryptDestroyHash, CryptDestroyKey,
    CryptEnumProvidersA, CryptExportKey, CryptGenKey, CryptGetHashParam, CryptGetProvParam,
    CryptGetUserKey, CryptHashData, CryptImportKey, CryptReleaseContext, CryptSetHashParam,
    CryptSetProvParam, CryptSignHashA, CryptVerifySignatureA, CspDoubleOpen, CspDoublePolicy,
    GetLastError, SetLastError,
};
use tempfile::TempDir;

const VERIFYCONTEXT: u32 = 0xf000_0000;
const NEWKEYSET: u32 = 8;
const DELETEKEYSET: u32 = 0x10;
const SILENT: u32 = 0x40;

static TURN: Mutex<()> = Mutex::new(());

/// An empty folder of containers, for one test at a time.
struct Bench {
    keys: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Bench {
    fn new() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = tempfile::tempdir().unwrap();
        let folder = CString::new(keys.path().to_str().unwrap()).unwrap();
        unsafe { CspDoubleOpen(folder.as_ptr()) };
        Self { keys, _turn: turn }
    }
}

/// The code of a call that failed.
fn code(answer: i32) -> u32 {
    assert_eq!(answer, 0, "the call was to fail");
    GetLastError()
}

fn acquire(name: Option<&CStr>, kind: u32, flags: u32) -> Result<usize, u32> {
    let mut handle = 0;
    let name = name.map_or(null(), CStr::as_ptr);
    let answer = unsafe { CryptAcquireContextA(&raw mut handle, name, null(), kind, flags) };
    if answer == 1 { Ok(handle) } else { Err(GetLastError()) }
}

fn hash_of(context: usize, message: &[u8]) -> usize {
    let mut hash = 0;
    let length = u32::try_from(message.len()).unwrap();
    assert_eq!(unsafe { CryptCreateHash(context, 0x8021, 0, 0, &raw mut hash) }, 1);
    assert_eq!(unsafe { CryptHashData(hash, message.as_ptr(), length, 0) }, 1);
    hash
}

#[test]
fn contexts() {
    let _bench = Bench::new();
    assert_eq!(acquire(Some(c"nowhere"), 80, SILENT), Err(0x8009_0016));
    assert_eq!(acquire(None, 24, VERIFYCONTEXT), Err(0x8009_0017));
    let mut handle = 0;
    let (name, unknown) = (null(), c"Nobody's provider".as_ptr());
    let answer = unsafe { CryptAcquireContextA(&raw mut handle, name, unknown, 80, VERIFYCONTEXT) };
    assert_eq!(code(answer), 0x8009_0019);
    let context = acquire(Some(c"new"), 80, NEWKEYSET).unwrap();
    assert_eq!(acquire(Some(c"new"), 80, NEWKEYSET), Err(0x8009_000f));
    assert_eq!(code(unsafe { CryptGetUserKey(context, 1, &raw mut handle) }), 0x8009_000d);
    assert_eq!(CryptReleaseContext(context, 0), 1);
    assert_eq!(code(CryptReleaseContext(context, 0)), 0x57);
    assert!(acquire(Some(c"new"), 80, DELETEKEYSET).is_ok());
    assert_eq!(acquire(Some(c"new"), 80, DELETEKEYSET), Err(0x8009_0016));
}

#[test]
fn hashes_are_finished_by_their_value() {
    let _bench = Bench::new();
    let context = acquire(None, 80, VERIFYCONTEXT).unwrap();
    let mut hash = 0;
    let unknown = unsafe { CryptCreateHash(context, 0x8004, 0, 0, &raw mut hash) };
    assert_eq!(code(unknown), 0x8009_0008);
    let hash = hash_of(context, b"message");
    let mut length = 0;
    assert_eq!(unsafe { CryptGetHashParam(hash, 2, null_mut(), &raw mut length, 0) }, 1);
    assert_eq!(length, 32);
    assert_eq!(
        unsafe { CryptHashData(hash, b"more".as_ptr(), 4, 0) },
        1,
        "a size finishes nothing"
    );
    let mut value = [0; 32];
    length = 31;
    let short = unsafe { CryptGetHashParam(hash, 2, value.as_mut_ptr(), &raw mut length, 0) };
    assert_eq!((code(short), length), (234, 32));
    assert_eq!(unsafe { CryptGetHashParam(hash, 2, value.as_mut_ptr(), &raw mut length, 0) }, 1);
    assert_eq!(code(unsafe { CryptHashData(hash, b"more".as_ptr(), 4, 0) }), 0x8009_000c);
    assert_eq!(code(CryptReleaseContext(context, 0)), 0x8009_0020, "a hash is left");
    assert_eq!((CryptDestroyHash(hash), CryptReleaseContext(context, 0)), (1, 1));
}

#[test]
fn signatures_are_reversed_and_verified() {
    let _bench = Bench::new();
    let context = acquire(Some(c"signs"), 80, NEWKEYSET | SILENT).unwrap();
    assert_eq!(unsafe { CryptSetProvParam(context, 32, c"password".as_ptr().cast(), 0) }, 1);
    let mut key = 0;
    assert_eq!(unsafe { CryptGenKey(context, 1, 0, &raw mut key) }, 1);
    let (mut blob, mut length) = ([0; 200], 10);
    let short = unsafe { CryptExportKey(key, 0, 6, 0, blob.as_mut_ptr(), &raw mut length) };
    assert_eq!((code(short), length), (234, 103));
    assert_eq!(unsafe { CryptExportKey(key, 0, 6, 0, blob.as_mut_ptr(), &raw mut length) }, 1);

    let hash = hash_of(context, b"message");
    let (mut signature, mut size) = ([0; 64], 64);
    let signed =
        unsafe { CryptSignHashA(hash, 1, null(), 0, signature.as_mut_ptr(), &raw mut size) };
    assert_eq!((signed, size), (1, 64));
    // any verifier of X.509's order, after one turn
    let public = gost_key_files::PublicBlob::read(&blob[..length as usize]).unwrap().key;
    let turned: Vec<u8> = signature.iter().rev().copied().collect();
    let turned = gost3410::Signature::from_slice(&turned).unwrap();
    public.verify_prehash(&gost_hash::streebog256(b"message"), &turned).unwrap();

    let verifying = acquire(None, 80, VERIFYCONTEXT).unwrap();
    let mut imported = 0;
    let answer =
        unsafe { CryptImportKey(verifying, blob.as_ptr(), length, 0, 0, &raw mut imported) };
    assert_eq!(answer, 1);
    let verify = |signature: &[u8; 64]| unsafe {
        let hash = hash_of(verifying, b"message");
        let answer = CryptVerifySignatureA(hash, signature.as_ptr(), 64, imported, null(), 0);
        let code = GetLastError();
        CryptDestroyHash(hash);
        (answer, code)
    };
    assert_eq!(verify(&signature).0, 1);
    signature[0] ^= 1;
    assert_eq!(verify(&signature), (0, 0x8009_0006));
    for handle in [key, imported] {
        assert_eq!(CryptDestroyKey(handle), 1);
    }
    assert_eq!((CryptDestroyHash(hash), CryptReleaseContext(context, 0)), (1, 1));
    assert_eq!(CryptReleaseContext(verifying, 0), 1);
}

#[test]
fn enumerations_end() {
    let _bench = Bench::new();
    let context = acquire(None, 80, VERIFYCONTEXT).unwrap();
    let mut length = 0;
    let empty = unsafe { CryptGetProvParam(context, 2, null_mut(), &raw mut length, 1) };
    assert_eq!(code(empty), 0x103);
    assert_eq!(unsafe { CryptGetProvParam(context, 114, null_mut(), &raw mut length, 1) }, 1);
    let mut item = vec![0; length as usize];
    let mut next = |flags| unsafe {
        let mut length = length;
        CryptGetProvParam(context, 114, item.as_mut_ptr(), &raw mut length, flags)
    };
    assert_eq!(next(1), 1);
    assert_eq!(code(next(0)), 0x103);
    assert!(item.ends_with(b"\0HDIMAGE\0"));
    assert_eq!(CryptReleaseContext(context, 0), 1);
}

#[test]
fn providers_are_enumerated() {
    let _bench = Bench::new();
    let (mut kind, mut length) = (0, 0);
    let mut next = |index, name: *mut c_char, length: &mut u32| unsafe {
        CryptEnumProvidersA(index, null_mut(), 0, &raw mut kind, name, length)
    };
    assert_eq!(next(0, null_mut(), &mut length), 1);
    let mut name = vec![0_u8; length as usize];
    length -= 1;
    assert_eq!(code(next(0, name.as_mut_ptr().cast(), &mut length)), 234);
    assert_eq!(next(0, name.as_mut_ptr().cast(), &mut length), 1);
    assert!(name.starts_with(b"Crypto-Pro GOST R 34.10-2001") && name.ends_with(b"\0"));
    assert_eq!(code(next(3, null_mut(), &mut length)), 0x103);
    assert_eq!(kind, 75);
}

#[test]
fn a_context_that_two_own_lives_until_both_released_it() {
    let _bench = Bench::new();
    let context = acquire(None, 80, VERIFYCONTEXT).unwrap();
    assert_eq!(unsafe { CryptContextAddRef(context, null(), 0) }, 1);
    assert_eq!(CryptReleaseContext(context, 0), 1);
    let hash = hash_of(context, b"message");
    assert_eq!((CryptDestroyHash(hash), CryptReleaseContext(context, 0)), (1, 1));
    assert_eq!(code(CryptReleaseContext(context, 0)), 0x57);
}

/// Each type of provider sees the containers of its own keys.
#[test]
fn keys_of_2001_are_the_old_providers() {
    let bench = Bench::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data/samples/csp/containers/G2001256.000");
    let folder = bench.keys.path().join("G2001256.000");
    std::fs::create_dir(&folder).unwrap();
    for file in std::fs::read_dir(sample).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    assert_eq!(acquire(Some(c"G2001256"), 80, SILENT), Err(0x8009_0016));
    let context = acquire(Some(c"G2001256"), 75, SILENT).unwrap();
    let (mut key, mut blob, mut length) = (0, [0; 200], 200);
    assert_eq!(unsafe { CryptGetUserKey(context, 1, &raw mut key) }, 1);
    assert_eq!(unsafe { CryptExportKey(key, 0, 6, 0, blob.as_mut_ptr(), &raw mut length) }, 1);
    let blobs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/samples/csp/blobs");
    let expected = std::fs::read(blobs.join("G2001256.000.prim.pubkeyblob.bin")).unwrap();
    assert_eq!(blob[..length as usize], expected);
    assert_eq!((CryptDestroyKey(key), CryptReleaseContext(context, 0)), (1, 1));
}

#[test]
fn passwords_and_silence() {
    let _bench = Bench::new();
    unsafe { CspDoublePolicy(c"rng".as_ptr(), 0) };
    let context = acquire(Some(c"silent"), 80, NEWKEYSET | SILENT).unwrap();
    let mut key = 0;
    assert_eq!(code(unsafe { CryptGenKey(context, 1, 0, &raw mut key) }), 0x8009_0022);
    unsafe { CspDoublePolicy(c"rng".as_ptr(), 1) };
    assert_eq!(unsafe { CryptSetProvParam(context, 32, c"password".as_ptr().cast(), 0) }, 1);
    assert_eq!(unsafe { CryptGenKey(context, 1, 0, &raw mut key) }, 1);
    assert_eq!((CryptDestroyKey(key), CryptReleaseContext(context, 0)), (1, 1));

    let context = acquire(Some(c"silent"), 80, SILENT).unwrap();
    let hash = hash_of(context, b"");
    let (mut signature, mut size) = ([0; 64], 64);
    let mut sign =
        || unsafe { CryptSignHashA(hash, 1, null(), 0, signature.as_mut_ptr(), &raw mut size) };
    assert_eq!(code(sign()), 0x8009_0022, "it would ask for the password");
    assert_eq!(unsafe { CryptSetProvParam(context, 32, c"wrong".as_ptr().cast(), 0) }, 1);
    assert_eq!(code(sign()), 0x8010_006b);
    assert_eq!(unsafe { CryptSetProvParam(context, 32, c"password".as_ptr().cast(), 0) }, 1);
    assert_eq!(sign(), 1);
    assert_eq!(unsafe { CryptSetProvParam(context, 32, null(), 0) }, 1);
    assert_eq!(code(sign()), 0x8009_0022, "null forgets it");
    assert_eq!(unsafe { CryptSetHashParam(hash, 2, [0; 32].as_ptr(), 0) }, 1);
    assert_eq!((CryptDestroyHash(hash), CryptReleaseContext(context, 0)), (1, 1));
}

#[test]
fn the_last_error_is_a_threads_own() {
    SetLastError(7);
    std::thread::spawn(|| {
        assert_eq!(GetLastError(), 0);
        SetLastError(8);
    })
    .join()
    .unwrap();
    assert_eq!(GetLastError(), 7);
}
