//! The double, loaded once for all tests of this program.

use std::ffi::CString;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use gost_ca::provider::key_store::{CarrierId, KeyId};
use gost_ca_cryptopro::{CspKeyStore, Libraries, Provider, Settings};
use libloading::Library;
use tempfile::TempDir;

/// The library that cargo built beside this program.
fn library() -> PathBuf {
    let name =
        format!("{}gost_csp_double{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    std::env::current_exe().unwrap().parent().unwrap().join(name)
}

/// On Windows its own stand before the double, which is registered as a provider's DLL there.
pub(crate) fn libraries() -> Libraries {
    if cfg!(windows) { Libraries::default() } else { Libraries::beside(library()) }
}

pub(crate) struct Double {
    library: Library,
    pub(crate) provider: Provider,
    pub(crate) keys: TempDir,
    pub(crate) marks: TempDir,
    /// Faults and policies are the whole double's: one test at a time.
    turn: Mutex<()>,
}

static DOUBLE: LazyLock<Double> = LazyLock::new(|| {
    let (keys, marks) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // SAFETY: our own library.
    let library = unsafe { Library::new(library()) }.unwrap();
    // SAFETY: the double's own function has this type.
    let open = unsafe { library.get::<unsafe extern "system" fn(*const i8)>(b"CspDoubleOpen\0") };
    let folder = CString::new(keys.path().to_str().unwrap()).unwrap();
    // SAFETY: takes a string.
    unsafe { open.unwrap()(folder.as_ptr().cast()) };
    let provider = Provider::load(&libraries()).unwrap();
    Double { library, provider, keys, marks, turn: Mutex::new(()) }
});

/// The double, and the turn of a test.
pub(crate) fn double() -> (&'static Double, MutexGuard<'static, ()>) {
    (&DOUBLE, DOUBLE.turn.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Double {
    pub(crate) fn store(&self, settings: Settings) -> CspKeyStore {
        let marks = Some(self.marks.path().to_path_buf());
        CspKeyStore::new(&self.provider, Settings { marks, ..settings }).unwrap()
    }

    pub(crate) fn fail(&self, function: &str, code: u32, after: u32) {
        type Fail = unsafe extern "system" fn(*const i8, u32, u32);
        let function = CString::new(function).unwrap();
        // SAFETY: the double's own function has this type.
        let fail = unsafe { self.library.get::<Fail>(b"CspDoubleFail\0") }.unwrap();
        // SAFETY: takes a string.
        unsafe { fail(function.as_ptr().cast(), code, after) };
    }

    pub(crate) fn policy(&self, name: &str, value: u32) {
        type Policy = unsafe extern "system" fn(*const i8, u32);
        let name = CString::new(name).unwrap();
        // SAFETY: the double's own function has this type.
        let policy = unsafe { self.library.get::<Policy>(b"CspDoublePolicy\0") }.unwrap();
        // SAFETY: takes a string.
        unsafe { policy(name.as_ptr().cast(), value) };
    }

    /// Handles that nobody gave back.
    pub(crate) fn handles(&self) -> u32 {
        type Handles = unsafe extern "system" fn() -> u32;
        // SAFETY: the double's own function has this type.
        let handles = unsafe { self.library.get::<Handles>(b"CspDoubleHandles\0") }.unwrap();
        // SAFETY: takes nothing.
        unsafe { handles() }
    }
}

pub(crate) fn id(container: &str) -> KeyId {
    KeyId { carrier: CarrierId("HDIMAGE".into()), container: container.into() }
}
