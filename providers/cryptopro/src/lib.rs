//! Keys, signatures, verification and randomness of CryptoPro CSP.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use gost_ca::provider::KeyStore;
//! use gost_ca::provider::key_store::{Access, CarrierId, KeyId, Message};
//! use gost_ca::secret::Secret;
//! use gost_ca_cryptopro::{CspKeyStore, Libraries, Provider, Settings};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let provider = Provider::load(&Libraries::default())?;
//! let store = CspKeyStore::new(&provider, Settings::default())?;
//! let id = KeyId { carrier: CarrierId("HDIMAGE".into()), container: "office".into() };
//! let key = store.open(&id, &Access::Existing(Secret::from("password"))).await?;
//! let signature = key.sign(Message::Bytes(b"message")).await?;
//! # Ok(())
//! # }
//! ```
//!
//! The CSP is loaded at run time; nothing of it is needed to build. Calls run on threads of this provider's
//! own, in silent mode unless [`Settings::interactive`] says otherwise. `docs/cryptopro.md` tells how to set
//! the CSP up, and what was tested on what: never on a real CSP yet.
//!
//! Containers and PFX files are read without the CSP by the crate `gost-key-files`.
#![deny(unsafe_code)]

mod error;
mod ffi;
mod key_store;
mod marks;
mod names;
mod personal;
mod public_key;
mod rng;
mod session;
mod signer;
mod sys;
mod verifier;

use std::path::PathBuf;
use std::sync::Arc;

use gost_ca::provider::{ErrorKind, Result};

pub use error::CspError;
pub use key_store::{Certificates, Container, CspKeyStore, Settings, Spec};
pub use rng::CspRng;
pub use verifier::CspVerifier;

/// Where the CSP's libraries are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "three libraries")]
pub struct Libraries {
    /// `libcapi10`, `advapi32.dll`.
    pub capi: PathBuf,
    /// `librdrsup`, `kernel32.dll`: that of the last error.
    pub support: PathBuf,
    /// `libcapi20`, `crypt32.dll`: stores of certificates, loaded where they are used.
    pub certificates: PathBuf,
}

impl Default for Libraries {
    /// Where installers put them.
    fn default() -> Self {
        let at = |directory: &str, [capi, support, certificates]: [&str; 3]| {
            let path = |name| PathBuf::from(directory).join(name);
            Self { capi: path(capi), support: path(support), certificates: path(certificates) }
        };
        if cfg!(windows) {
            return at("", ["advapi32.dll", "kernel32.dll", "crypt32.dll"]);
        }
        if cfg!(target_os = "macos") {
            let libraries = ["libcapi10.dylib", "librdrsup.dylib", "libcapi20.dylib"];
            return at("/opt/cprocsp/lib", libraries);
        }
        at(LINUX, ["libcapi10.so", "librdrsup.so", "libcapi20.so"])
    }
}

impl Libraries {
    /// A library of calls, and the others beside it: `librdrsup` and `libcapi20` beside `libcapi10`. A file
    /// of another name is taken for all three, as a test double is.
    pub fn beside(capi: impl Into<PathBuf>) -> Self {
        let capi = capi.into();
        let name = capi.file_name().unwrap_or_default().to_string_lossy();
        let beside = |other| capi.with_file_name(name.replace("capi10", other));
        Self { support: beside("rdrsup"), certificates: beside("capi20"), capi }
    }
}

/// The CSP, loaded.
#[derive(Clone, Debug)]
pub struct Provider {
    csp: Arc<ffi::Csp>,
    certificates: PathBuf,
}

/// A provider that the CSP, or another vendor, has installed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Installed {
    /// The type: 80 and 81 are of GOST R 34.10-2012, 75 of 2001.
    pub kind: u32,
    /// The name, for [`Settings::provider_name`].
    pub name: String,
}

impl Provider {
    /// Loads the CSP.
    ///
    /// # Errors
    /// `Unavailable` where the libraries are not, or are others.
    pub fn load(libraries: &Libraries) -> Result<Self> {
        let loaded = ffi::Csp::load(&libraries.capi, &libraries.support);
        let unavailable = |error| ErrorKind::Unavailable.at("dlopen").because(error);
        let csp = Arc::new(loaded.map_err(unavailable)?);
        Ok(Self { csp, certificates: libraries.certificates.clone() })
    }

    /// All providers that are installed, of whatever type and vendor.
    ///
    /// # Errors
    /// The CSP's.
    pub fn installed(&self) -> Result<Vec<Installed>> {
        let providers = self.csp.providers().map_err(CspError::told)?;
        Ok(providers.into_iter().map(|(kind, name)| Installed { kind, name }).collect())
    }

    fn certificates(&self) -> Result<ffi::CertificateLibrary> {
        let loaded = ffi::CertificateLibrary::load(&self.csp, &self.certificates);
        loaded.map_err(|error| ErrorKind::Unavailable.at("dlopen").because(error))
    }
}

#[cfg(target_arch = "aarch64")]
const LINUX: &str = "/opt/cprocsp/lib/aarch64";
#[cfg(target_arch = "x86")]
const LINUX: &str = "/opt/cprocsp/lib/ia32";
#[cfg(not(any(target_arch = "aarch64", target_arch = "x86")))]
const LINUX: &str = "/opt/cprocsp/lib/amd64";
