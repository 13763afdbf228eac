//! Everything unsafe: whole acts over the CSP's handles, which never leave this file.
//!
//! Keys and hashes live inside one act of one context, so that none can outlive or cross it. The last error
//! is read on the same thread, right after the call.
#![expect(unsafe_code, reason = "calls of the CSP")]

#[cfg(all(test, windows))]
mod rsaenh;
mod store;

use core::cell::Cell;
use core::ffi::{CStr, c_char};
use core::fmt;
use core::marker::PhantomData;
use core::ptr::{null, null_mut};
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

use crate::error::CspError;
use crate::sys::{self, Bool, Dword, Functions, Handle, LastError, with_functions};

pub(crate) use store::{CertificateLibrary, Link, Stored};

type Result<T> = core::result::Result<T, CspError>;

/// The CSP's libraries, loaded.
pub(crate) struct Csp {
    functions: Functions,
    last_error: LastError,
    /// What the functions are in; dropped last.
    _libraries: [Library; 2],
}

macro_rules! find_all {
    ($($field:ident: $name:literal($($argument:ty),*);)+) => {
        fn find_functions(library: &Library) -> core::result::Result<Functions, libloading::Error> {
            Ok(Functions {
                // SAFETY: the function of this name has this type in the CSP's headers.
                $($field: *unsafe { library.get(concat!($name, "\0").as_bytes()) }?,)+
            })
        }
    };
}
with_functions!(find_all);

impl Csp {
    /// Loads the library of calls and that of the last error.
    pub(crate) fn load(
        capi: &Path,
        support: &Path,
    ) -> core::result::Result<Self, libloading::Error> {
        // SAFETY: initializers of the CSP's own libraries, which the caller named.
        let capi = unsafe { Library::new(capi) }?;
        // SAFETY: as above.
        let support = unsafe { Library::new(support) }?;
        let functions = find_functions(&capi)?;
        let last_error = find_last_error(&support)?;
        Ok(Self { functions, last_error, _libraries: [capi, support] })
    }

    /// The providers that are installed: type and name.
    pub(crate) fn providers(&self) -> Result<Vec<(Dword, String)>> {
        let mut found = Vec::new();
        for index in 0..MOST_PROVIDERS {
            let (mut kind, mut length) = (0, 0);
            match self.provider(index, &mut kind, null_mut(), &mut length) {
                Err(error) if error.code == sys::ERROR_NO_MORE_ITEMS => break,
                other => other?,
            }
            let mut name = vec![0_u8; size(length)];
            self.provider(index, &mut kind, name.as_mut_ptr().cast(), &mut length)?;
            let name = CStr::from_bytes_until_nul(&name).unwrap_or_default();
            found.push((kind, name.to_string_lossy().into_owned()));
        }
        Ok(found)
    }

    fn provider(
        &self,
        index: Dword,
        kind: &mut Dword,
        name: *mut c_char,
        length: &mut Dword,
    ) -> Result<()> {
        let next = self.functions.enum_providers;
        // SAFETY: `kind` is writable, `name` null or `length` writable octets.
        let answer = unsafe { next(index, null_mut(), 0, kind, name, length) };
        self.check(answer, "CryptEnumProviders")
    }

    fn check(&self, answer: Bool, function: &'static str) -> Result<()> {
        if answer != 0 {
            return Ok(());
        }
        // SAFETY: takes nothing; the library is loaded as long as `self` lives.
        let code = unsafe { (self.last_error)() };
        Err(CspError { function, code })
    }
}

/// On macOS the CSP gives it a name of its own.
fn find_last_error(support: &Library) -> core::result::Result<LastError, libloading::Error> {
    // SAFETY: the function of this name has this type in the CSP's headers.
    let renamed = unsafe { support.get::<LastError>(b"CSP_GetLastError\0") };
    if let Ok(renamed) = renamed {
        return Ok(*renamed);
    }
    // SAFETY: as above.
    unsafe { support.get::<LastError>(b"GetLastError\0") }.map(|found| *found)
}

impl fmt::Debug for Csp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csp(..)")
    }
}

/// Whose container, of what kind, and how it is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) container: Option<&'a CStr>,
    pub(crate) provider: Option<&'a CStr>,
    pub(crate) kind: Dword,
    pub(crate) flags: Dword,
}

/// A context of the CSP: one thread at a time (the CSP serializes within one, and is not asked to).
pub(crate) struct Context {
    csp: Arc<Csp>,
    handle: Handle,
    _not_sync: PhantomData<Cell<()>>,
}

/// What is signed or verified.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hashed<'a> {
    Message(&'a [u8]),
    Digest(&'a [u8]),
}

impl Context {
    pub(crate) fn acquire(csp: &Arc<Csp>, opening: Opening<'_>) -> Result<Self> {
        let handle = acquire(csp, opening)?;
        Ok(Self { csp: Arc::clone(csp), handle, _not_sync: PhantomData })
    }

    /// Deletes a container; there is no handle then.
    pub(crate) fn delete(csp: &Csp, opening: Opening<'_>) -> Result<()> {
        let flags = opening.flags | sys::CRYPT_DELETEKEYSET;
        acquire(csp, Opening { flags, ..opening }).map(drop)
    }

    /// Makes a key pair; gives its PUBLICKEYBLOB.
    pub(crate) fn generate(&self, spec: Dword, flags: Dword) -> Result<Vec<u8>> {
        let key = self.key("CryptGenKey", |handle| {
            // SAFETY: the context lives; `handle` is writable.
            unsafe { (self.csp.functions.generate_key)(self.handle, spec, flags, handle) }
        })?;
        key.export()
    }

    /// Whether the container has such a key; needs no password.
    pub(crate) fn has_key(&self, spec: Dword) -> Result<()> {
        self.user_key(spec).map(drop)
    }

    /// The PUBLICKEYBLOB of a key of the container; where it is not kept beside the key, this needs the
    /// password.
    pub(crate) fn public_blob(&self, spec: Dword) -> Result<Vec<u8>> {
        self.user_key(spec)?.export()
    }

    /// The certificate beside a key (DER), where there is one.
    pub(crate) fn certificate(&self, spec: Dword) -> Result<Option<Vec<u8>>> {
        let key = self.user_key(spec)?;
        let found = self.sized("CryptGetKeyParam", |out, length| {
            // SAFETY: the key lives; `out` is null or has `length` writable octets.
            unsafe {
                (self.csp.functions.get_key_param)(key.handle, sys::KP_CERTIFICATE, out, length, 0)
            }
        });
        match found {
            Ok(certificate) => Ok(Some(certificate).filter(|der| !der.is_empty())),
            Err(error) if NO_CERTIFICATE.contains(&error.code) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn set_certificate(&self, spec: Dword, der: &[u8]) -> Result<()> {
        let key = self.user_key(spec)?;
        let (set, certificate) = (self.csp.functions.set_key_param, sys::KP_CERTIFICATE);
        // SAFETY: the key lives; the CSP knows the length of DER by itself.
        let answer = unsafe { set(key.handle, certificate, der.as_ptr(), 0) };
        self.csp.check(answer, "CryptSetKeyParam")
    }

    /// Sets a parameter that is a string.
    pub(crate) fn set_text(&self, parameter: Dword, text: &CStr) -> Result<()> {
        let set = self.csp.functions.set_provider_param;
        // SAFETY: the context lives; the string ends with a zero, which the CSP looks for.
        let answer = unsafe { set(self.handle, parameter, text.as_ptr().cast(), 0) };
        self.csp.check(answer, "CryptSetProvParam")
    }

    /// Puts the container under another password.
    pub(crate) fn change_pin(&self, new: &CStr) -> Result<()> {
        let pin = sys::PinParam { kind: sys::CRYPT_PIN_PASSWD, password: new.as_ptr() };
        let (set, change) = (self.csp.functions.set_provider_param, sys::PP_CHANGE_PIN);
        // SAFETY: the context lives; the structure is what this parameter takes, and outlives the call.
        let answer = unsafe { set(self.handle, change, (&raw const pin).cast(), 0) };
        self.csp.check(answer, "CryptSetProvParam")
    }

    /// All items of an enumeration, each as its octets.
    pub(crate) fn enumerate(&self, parameter: Dword, flags: Dword) -> Result<Vec<Vec<u8>>> {
        let mut longest = 0;
        match self.next_item(parameter, flags | sys::CRYPT_FIRST, null_mut(), &mut longest) {
            Ok(()) => {}
            Err(error) if error.code == sys::ERROR_NO_MORE_ITEMS => return Ok(Vec::new()),
            Err(error) => return Err(error),
        }
        let mut items = Vec::new();
        let mut first = sys::CRYPT_FIRST;
        loop {
            let (mut item, mut length) = (vec![0; size(longest)], longest);
            match self.next_item(parameter, flags | first, item.as_mut_ptr(), &mut length) {
                Ok(()) => {}
                Err(error) if error.code == sys::ERROR_NO_MORE_ITEMS => return Ok(items),
                Err(error) => return Err(error),
            }
            item.truncate(size(length));
            items.push(item);
            first = 0;
            if items.len() >= MOST_ITEMS {
                return Err(CspError { function: "CryptGetProvParam", code: 0 });
            }
        }
    }

    fn next_item(
        &self,
        parameter: Dword,
        flags: Dword,
        out: *mut u8,
        length: &mut Dword,
    ) -> Result<()> {
        let get = self.csp.functions.get_provider_param;
        // SAFETY: the context lives; `out` is null or has `length` writable octets.
        let answer = unsafe { get(self.handle, parameter, out, length, flags) };
        self.csp.check(answer, "CryptGetProvParam")
    }

    pub(crate) fn random(&self, out: &mut [u8]) -> Result<()> {
        for chunk in out.chunks_mut(1 << 20) {
            let length = Dword::try_from(chunk.len()).unwrap_or(0);
            let random = self.csp.functions.random;
            // SAFETY: the context lives; `chunk` has `length` writable octets.
            let answer = unsafe { random(self.handle, length, chunk.as_mut_ptr()) };
            self.csp.check(answer, "CryptGenRandom")?;
        }
        Ok(())
    }

    /// Signs with a key of the container; the result is s ‖ r, big-endian, as X.509 carries it.
    pub(crate) fn sign(&self, spec: Dword, algorithm: Dword, what: Hashed<'_>) -> Result<Vec<u8>> {
        let hash = self.hash(algorithm, what)?;
        let mut signature = self.sized("CryptSignHash", |out, length| {
            // SAFETY: the hash lives; `out` is null or has `length` writable octets.
            unsafe { (self.csp.functions.sign_hash)(hash.handle, spec, null(), 0, out, length) }
        })?;
        signature.reverse();
        Ok(signature)
    }

    /// Verifies a signature as X.509 carries it by a PUBLICKEYBLOB.
    pub(crate) fn verify(
        &self,
        blob: &[u8],
        algorithm: Dword,
        what: Hashed<'_>,
        signature: &[u8],
    ) -> Result<()> {
        let length = octets("CryptImportKey", blob)?;
        let key = self.key("CryptImportKey", |handle| {
            let import = self.csp.functions.import_key;
            // SAFETY: the context lives; `blob` has `length` octets; `handle` is writable.
            unsafe { import(self.handle, blob.as_ptr(), length, 0, 0, handle) }
        })?;
        let hash = self.hash(algorithm, what)?;
        let reversed: Vec<u8> = signature.iter().rev().copied().collect();
        let length = octets("CryptVerifySignature", &reversed)?;
        let verify = self.csp.functions.verify_signature;
        // SAFETY: hash and key live and are of this context; the signature has `length` octets.
        let answer = unsafe {
            verify(hash.handle, reversed.as_ptr(), length, key.handle, null::<c_char>(), 0)
        };
        self.csp.check(answer, "CryptVerifySignature")
    }

    fn user_key(&self, spec: Dword) -> Result<Key<'_>> {
        self.key("CryptGetUserKey", |handle| {
            // SAFETY: the context lives; `handle` is writable.
            unsafe { (self.csp.functions.get_user_key)(self.handle, spec, handle) }
        })
    }

    fn key(
        &self,
        function: &'static str,
        call: impl FnOnce(*mut Handle) -> Bool,
    ) -> Result<Key<'_>> {
        let mut handle = 0;
        self.csp.check(call(&raw mut handle), function)?;
        Ok(Key { context: self, handle })
    }

    fn hash(&self, algorithm: Dword, what: Hashed<'_>) -> Result<Hash<'_>> {
        let mut handle = 0;
        let create = self.csp.functions.create_hash;
        // SAFETY: the context lives; `handle` is writable.
        let answer = unsafe { create(self.handle, algorithm, 0, 0, &raw mut handle) };
        self.csp.check(answer, "CryptCreateHash")?;
        let hash = Hash { context: self, handle };
        match what {
            Hashed::Digest(digest) => hash.set(algorithm, digest)?,
            Hashed::Message(message) => message.chunks(1 << 20).try_for_each(|c| hash.update(c))?,
        }
        Ok(hash)
    }

    /// Asks for the size, then for the octets.
    fn sized(
        &self,
        function: &'static str,
        call: impl Fn(*mut u8, *mut Dword) -> Bool,
    ) -> Result<Vec<u8>> {
        let mut length = 0;
        self.csp.check(call(null_mut(), &raw mut length), function)?;
        let mut octets = vec![0; size(length)];
        self.csp.check(call(octets.as_mut_ptr(), &raw mut length), function)?;
        octets.truncate(size(length));
        Ok(octets)
    }
}

fn acquire(csp: &Csp, opening: Opening<'_>) -> Result<Handle> {
    let text = |text: Option<&CStr>| text.map_or(null(), CStr::as_ptr);
    let (container, provider) = (text(opening.container), text(opening.provider));
    let mut handle = 0;
    let acquire = csp.functions.acquire_context;
    // SAFETY: strings end with a zero and outlive the call; `handle` is writable.
    let answer =
        unsafe { acquire(&raw mut handle, container, provider, opening.kind, opening.flags) };
    csp.check(answer, "CryptAcquireContext")?;
    Ok(handle)
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and no key or hash of it is left: they borrow `self`.
        unsafe { (self.csp.functions.release_context)(self.handle, 0) };
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context(..)")
    }
}

struct Key<'a> {
    context: &'a Context,
    handle: Handle,
}

impl Key<'_> {
    fn export(&self) -> Result<Vec<u8>> {
        let csp = &self.context.csp;
        self.context.sized("CryptExportKey", |out, length| {
            let export = csp.functions.export_key;
            // SAFETY: the key lives; `out` is null or has `length` writable octets.
            unsafe { export(self.handle, 0, sys::PUBLICKEYBLOB, 0, out, length) }
        })
    }
}

impl Drop for Key<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and its context lives.
        unsafe { (self.context.csp.functions.destroy_key)(self.handle) };
    }
}

struct Hash<'a> {
    context: &'a Context,
    handle: Handle,
}

impl Hash<'_> {
    fn update(&self, message: &[u8]) -> Result<()> {
        let length = octets("CryptHashData", message)?;
        let csp = &self.context.csp;
        // SAFETY: the hash lives; `message` has `length` octets.
        let answer = unsafe { (csp.functions.hash_data)(self.handle, message.as_ptr(), length, 0) };
        csp.check(answer, "CryptHashData")
    }

    fn set(&self, algorithm: Dword, digest: &[u8]) -> Result<()> {
        let csp = &self.context.csp;
        if digest.len() != digest_octets(algorithm) {
            return Err(CspError { function: "CryptSetHashParam", code: sys::NTE_BAD_LEN });
        }
        let set = csp.functions.set_hash_param;
        // SAFETY: the hash lives; the digest has as many octets as its algorithm.
        let answer = unsafe { set(self.handle, sys::HP_HASHVAL, digest.as_ptr(), 0) };
        csp.check(answer, "CryptSetHashParam")
    }
}

impl Drop for Hash<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and its context lives.
        unsafe { (self.context.csp.functions.destroy_hash)(self.handle) };
    }
}

fn octets(function: &'static str, octets: &[u8]) -> Result<Dword> {
    Dword::try_from(octets.len()).map_err(|_| CspError { function, code: sys::ERROR_MORE_DATA })
}

const fn digest_octets(algorithm: Dword) -> usize {
    if algorithm == sys::CALG_GR3411_2012_512 { 64 } else { 32 }
}

fn size(length: Dword) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// A CSP that never ends an enumeration is broken.
const MOST_ITEMS: usize = 100_000;

const MOST_PROVIDERS: Dword = 1000;

/// What is said where a key has no certificate.
const NO_CERTIFICATE: [u32; 4] = [sys::ERROR_NO_MORE_ITEMS, sys::NTE_BAD_TYPE, 0x8009_0011, 0x02];
