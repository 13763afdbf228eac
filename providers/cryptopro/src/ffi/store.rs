//! The CSP's stores of certificates: contexts and handles stay in this file.

use core::ffi::c_void;
use core::ptr::{null, null_mut};
use std::path::Path;
use std::sync::Arc;

use libloading::Library;

use super::{Csp, Result};
use crate::error::CspError;
use crate::sys::with_store_functions;
use crate::sys::{self, CertContext, Dword, KeyLink, Store, StoreFunctions, Wide};

/// `libcapi20`, loaded.
pub(crate) struct CertificateLibrary {
    functions: StoreFunctions,
    csp: Arc<Csp>,
    /// What the functions are in.
    _library: Library,
}

/// Which key of the CSP a certificate is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) container: String,
    pub(crate) provider: Option<String>,
    pub(crate) kind: Dword,
    pub(crate) flags: Dword,
    pub(crate) spec: Dword,
}

/// A certificate (DER) in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) der: Vec<u8>,
    pub(crate) link: Option<Link>,
}

macro_rules! find_all {
    ($($field:ident: $name:literal($($argument:ty),*) -> $result:ty;)+) => {
        fn find_functions(
            library: &Library,
        ) -> core::result::Result<StoreFunctions, libloading::Error> {
            Ok(StoreFunctions {
                // SAFETY: the function of this name has this type in the CSP's headers.
                $($field: *unsafe { library.get(concat!($name, "\0").as_bytes()) }?,)+
            })
        }
    };
}
with_store_functions!(find_all);

impl CertificateLibrary {
    pub(crate) fn load(
        csp: &Arc<Csp>,
        path: &Path,
    ) -> core::result::Result<Self, libloading::Error> {
        // SAFETY: initializers of the CSP's own library, which the caller named.
        let library = unsafe { Library::new(path) }?;
        let functions = find_functions(&library)?;
        Ok(Self { functions, csp: Arc::clone(csp), _library: library })
    }

    /// All certificates of a store.
    pub(crate) fn certificates(&self, name: &str, flags: Dword) -> Result<Vec<Stored>> {
        let store = self.open(name, flags)?;
        let mut found = Vec::new();
        let mut last: *const CertContext = null();
        while found.len() < MOST {
            // SAFETY: the store is open; the context before is given back by this very call.
            last = unsafe { (self.functions.next)(store.handle, last) };
            let Some(entry) = Entry::of(self, last) else { return Ok(found) };
            found.push(entry.read()?);
            core::mem::forget(entry); // the coming call gives it back
        }
        drop(Entry::of(self, last));
        Ok(found)
    }

    /// Puts a certificate into a store, in place of the same one, with a link to its key.
    pub(crate) fn add(&self, name: &str, flags: Dword, stored: &Stored) -> Result<()> {
        let store = self.open(name, flags)?;
        let length = super::octets("CertAddEncodedCertificateToStore", &stored.der)?;
        let mut context = null();
        // SAFETY: the store is open; `der` has `length` octets; `context` is writable.
        let answer = unsafe {
            (self.functions.add)(
                store.handle,
                sys::X509_AND_PKCS7,
                stored.der.as_ptr(),
                length,
                sys::CERT_STORE_ADD_REPLACE_EXISTING,
                &raw mut context,
            )
        };
        self.csp.check(answer, "CertAddEncodedCertificateToStore")?;
        let entry = Entry::of(self, context).ok_or_else(nothing)?;
        stored.link.as_ref().map_or(Ok(()), |link| entry.set_link(link))
    }

    fn open(&self, name: &str, flags: Dword) -> Result<OpenStore<'_>> {
        let name = wide(name);
        let system = core::ptr::without_provenance(sys::CERT_STORE_PROV_SYSTEM);
        // SAFETY: the kind of store is a number in the place of a pointer; the name ends with a zero.
        let handle = unsafe { (self.functions.open)(system, 0, 0, flags, name.as_ptr()) };
        self.csp.check(i32::from(!handle.is_null()), "CertOpenStore")?;
        Ok(OpenStore { library: self, handle })
    }
}

/// A store; closed when dropped.
struct OpenStore<'a> {
    library: &'a CertificateLibrary,
    handle: Store,
}

impl Drop for OpenStore<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours.
        unsafe { (self.library.functions.close)(self.handle, 0) };
    }
}

/// A certificate's context; given back when dropped.
struct Entry<'a> {
    library: &'a CertificateLibrary,
    context: *const CertContext,
}

impl<'a> Entry<'a> {
    fn of(library: &'a CertificateLibrary, context: *const CertContext) -> Option<Self> {
        (!context.is_null()).then(|| Self { library, context })
    }

    fn read(&self) -> Result<Stored> {
        // SAFETY: the context lives as long as `self`.
        let context = unsafe { &*self.context };
        if context.der.is_null() {
            return Err(nothing());
        }
        // SAFETY: a context has its certificate's octets, that many.
        let der = unsafe { core::slice::from_raw_parts(context.der, super::size(context.length)) };
        Ok(Stored { der: der.to_vec(), link: self.link()? })
    }

    fn link(&self) -> Result<Option<Link>> {
        let mut length = 0;
        match self.property(null_mut(), &mut length) {
            Err(error) if error.code == sys::CRYPT_E_NOT_FOUND => return Ok(None),
            other => other?,
        }
        // Aligned as the structure is that stands at its beginning; the texts follow it.
        let words = super::size(length).div_ceil(size_of::<u64>());
        if words.saturating_mul(size_of::<u64>()) < size_of::<KeyLink>() {
            return Err(nothing());
        }
        let mut room = vec![0_u64; words];
        self.property(room.as_mut_ptr().cast(), &mut length)?;
        // SAFETY: the room is large and aligned enough for the structure that was written there.
        let link = unsafe { &*room.as_ptr().cast::<KeyLink>() };
        // SAFETY: the structure's texts are null, or in the room behind it and end with a zero.
        let container = unsafe { text(link.container) }.ok_or_else(nothing)?;
        // SAFETY: as above.
        let provider = unsafe { text(link.provider) };
        let KeyLink { kind, flags, spec, .. } = *link;
        Ok(Some(Link { container, provider, kind, flags, spec }))
    }

    fn property(&self, out: *mut u8, length: &mut Dword) -> Result<()> {
        let (get, link) = (self.library.functions.get_property, sys::CERT_KEY_PROV_INFO_PROP_ID);
        // SAFETY: the context lives; `out` is null or has `length` writable octets.
        let answer = unsafe { get(self.context, link, out, length) };
        self.library.csp.check(answer, "CertGetCertificateContextProperty")
    }

    fn set_link(&self, link: &Link) -> Result<()> {
        let container = wide(&link.container);
        let provider = link.provider.as_deref().map(wide);
        let raw = KeyLink {
            container: container.as_ptr(),
            provider: provider.as_ref().map_or(null(), Vec::as_ptr),
            kind: link.kind,
            flags: link.flags,
            parameters: 0,
            first_parameter: null::<c_void>(),
            spec: link.spec,
        };
        let (set, kind) = (self.library.functions.set_property, sys::CERT_KEY_PROV_INFO_PROP_ID);
        // SAFETY: the context lives; the structure and its texts outlive the call.
        let answer = unsafe { set(self.context, kind, 0, &raw const raw) };
        self.library.csp.check(answer, "CertSetCertificateContextProperty")
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        // SAFETY: the context is ours.
        unsafe { (self.library.functions.free)(self.context) };
    }
}

/// Ends with a zero.
fn wide(text: &str) -> Vec<Wide> {
    #[cfg(unix)]
    let units = text.chars().map(Wide::from);
    #[cfg(not(unix))]
    let units = text.encode_utf16();
    units.filter(|unit| *unit != 0).chain([0]).collect()
}

/// # Safety
/// Null, or readable up to a zero.
unsafe fn text(start: *const Wide) -> Option<String> {
    if start.is_null() {
        return None;
    }
    let mut units = Vec::new();
    while units.len() < LONGEST {
        let next = start.wrapping_add(units.len());
        // SAFETY: no zero was met so far.
        match unsafe { next.read_unaligned() } {
            0 => break,
            unit => units.push(unit),
        }
    }
    #[cfg(unix)]
    return units.into_iter().map(char::from_u32).collect();
    #[cfg(not(unix))]
    return String::from_utf16(&units).ok();
}

/// The CSP said yes and gave nothing that could be used.
const fn nothing() -> CspError {
    CspError { function: "CertEnumCertificatesInStore", code: 0 }
}

/// A store that never ends is broken.
const MOST: usize = 100_000;
/// Characters of the longest name.
const LONGEST: usize = 4096;
