//! A container, open: one context, used by one thread at a time.

use std::ffi::{CStr, CString};
use std::sync::{Arc, Mutex, PoisonError};

use gost_ca::provider::key_store::{Access, KeyId};
use gost_ca::provider::{ErrorKind, ProviderError, Result};

use crate::Provider;
use crate::error::CspError;
use crate::ffi::{Context, Csp, Hashed, Opening};
use crate::names::{full_name, password};
use crate::public_key::{CspPublicKey, hash_of};
use crate::sys;

/// An open container with its key.
pub(crate) struct Session {
    context: Mutex<Context>,
    /// The provider's type.
    pub(crate) kind: u32,
    pub(crate) spec: u32,
    pub(crate) key: CspPublicKey,
}

/// How containers are opened.
#[derive(Clone, Debug)]
pub(crate) struct Opener {
    pub(crate) csp: Arc<Csp>,
    pub(crate) provider_name: Option<CString>,
    pub(crate) machine: bool,
    pub(crate) interactive: bool,
}

impl Opener {
    /// The default provider of each type, containers of the user, nothing asked.
    pub(crate) fn new(provider: &Provider) -> Self {
        let csp = Arc::clone(&provider.csp);
        Self { csp, provider_name: None, machine: false, interactive: false }
    }

    /// Opens a container without its password: enough to see what is in it.
    ///
    /// Where the public key is not to be had without the password, that of the certificate is taken.
    pub(crate) fn look(&self, key: &KeyId) -> Result<Session> {
        let found = self.find(key, true)?;
        let public = found.public_key()?;
        Ok(found.into_session(public))
    }

    /// Opens it with a password, and makes sure that it is the right one.
    ///
    /// The CSP asks carriers for keys when they are first used: a signature over nothing, which is thrown
    /// away, tells a wrong password at once.
    pub(crate) fn open(&self, key: &KeyId, access: &Pin) -> Result<Session> {
        let Found { context, kind, spec } = self.find(key, access.is_given())?;
        if kind == sys::PROV_GOST_2001 {
            return Err(ErrorKind::Unsupported.at("CryptAcquireContext").because(OF_2001));
        }
        if let Pin::Given(pin) = access {
            let pin = password(pin)?;
            context.set_text(pin_of(spec), pin.as_c_str()).map_err(CspError::told)?;
        }
        let blob = context.public_blob(spec).map_err(CspError::told)?;
        let session = Session::of(context, kind, spec, CspPublicKey::of_blob(&blob)?);
        session.sign(Hashed::Message(&[]))?;
        Ok(session)
    }

    /// A new container, empty.
    pub(crate) fn create(&self, key: &KeyId, kind: u32, silent: bool) -> Result<Context> {
        let name =
            full_name(key).map_err(|error| ErrorKind::Invalid.at("container").because(error))?;
        let flags = self.flags(silent) | sys::CRYPT_NEWKEYSET;
        self.acquire(Some(&name), kind, flags).map_err(CspError::told)
    }

    pub(crate) fn delete(&self, key: &KeyId, kind: u32) -> Result<()> {
        let name = full_name(key)?;
        let (provider, flags) = (self.provider_name.as_deref(), self.flags(true));
        let opening = Opening { container: Some(&name), provider, kind, flags };
        Context::delete(&self.csp, opening).map_err(CspError::told)
    }

    /// A context without keys.
    pub(crate) fn keyless(
        &self,
        kind: u32,
        interactive: bool,
    ) -> core::result::Result<Context, CspError> {
        let silent = if interactive { 0 } else { sys::CRYPT_SILENT };
        self.acquire(None, kind, sys::CRYPT_VERIFYCONTEXT | silent)
    }

    /// The provider's type that knows the container, and which of its keys is there.
    pub(crate) fn find(&self, key: &KeyId, silent: bool) -> Result<Found> {
        let name = full_name(key)?;
        let mut first = None;
        for (kind, spec) in READ.into_iter().flat_map(|kind| SPECS.map(|spec| (kind, spec))) {
            let context = self.acquire(Some(&name), kind, self.flags(silent));
            match context.and_then(|context| context.has_key(spec).map(|()| context)) {
                Ok(context) => return Ok(Found { context, kind, spec }),
                Err(error) => first = Some(worst(first, error)),
            }
        }
        let nothing = CspError { function: "CryptAcquireContext", code: sys::NTE_BAD_KEYSET };
        Err(first.unwrap_or(nothing).told())
    }

    fn acquire(
        &self,
        container: Option<&CStr>,
        kind: u32,
        flags: u32,
    ) -> core::result::Result<Context, CspError> {
        let provider = self.provider_name.as_deref();
        Context::acquire(&self.csp, Opening { container, provider, kind, flags })
    }

    /// The refusal of a CSP that has no provider of GOST R 34.10-2012: an old one may be there.
    pub(crate) fn none_installed(&self, refusal: CspError) -> ProviderError {
        let is_old = |providers: Vec<(u32, String)>| {
            providers.iter().any(|(kind, _)| *kind == sys::PROV_GOST_2001)
        };
        if refusal.code == sys::NTE_PROV_TYPE_NOT_DEF && self.csp.providers().is_ok_and(is_old) {
            return ErrorKind::Unsupported.at(refusal.function).because(ONLY_2001);
        }
        refusal.told()
    }

    fn flags(&self, silent: bool) -> u32 {
        let silent = if silent || !self.interactive { sys::CRYPT_SILENT } else { 0 };
        silent | if self.machine { sys::CRYPT_MACHINE_KEYSET } else { 0 }
    }
}

/// A container with a key.
pub(crate) struct Found {
    context: Context,
    pub(crate) kind: u32,
    pub(crate) spec: u32,
}

impl Found {
    /// The key's public half, out of the key or out of its certificate.
    pub(crate) fn public_key(&self) -> Result<CspPublicKey> {
        match self.context.public_blob(self.spec) {
            Ok(blob) => CspPublicKey::of_blob(&blob),
            Err(error) => {
                let certified =
                    self.certificate().and_then(|der| CspPublicKey::of_certificate(&der));
                certified.ok_or_else(|| error.told())
            }
        }
    }

    /// The certificate beside the key (DER), where one is to be had.
    pub(crate) fn certificate(&self) -> Option<Vec<u8>> {
        self.context.certificate(self.spec).ok().flatten()
    }

    pub(crate) fn into_session(self, key: CspPublicKey) -> Session {
        Session::of(self.context, self.kind, self.spec, key)
    }
}

impl Session {
    /// Does something with the context; its errors are told.
    pub(crate) fn with<T>(
        &self,
        act: impl FnOnce(&Context) -> core::result::Result<T, CspError>,
    ) -> Result<T> {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        act(&context).map_err(CspError::told)
    }

    pub(crate) fn of(context: Context, kind: u32, spec: u32, key: CspPublicKey) -> Self {
        Self { context: Mutex::new(context), kind, spec, key }
    }

    pub(crate) fn sign(&self, what: Hashed<'_>) -> Result<Vec<u8>> {
        let kind = self.key.key.key_algorithm();
        let hash = hash_of(kind)
            .ok_or_else(|| ErrorKind::Unsupported.at("sign").because("a key of 2001"))?;
        self.with(|context| context.sign(self.spec, hash, what))
    }
}

/// A password for work on another thread.
pub(crate) enum Pin {
    Given(zeroize::Zeroizing<Vec<u8>>),
    Asked,
}

impl Pin {
    /// What the caller gave; the CSP asks by itself only where that is allowed.
    pub(crate) fn of(access: &Access, interactive: bool) -> Result<Self> {
        match access {
            Access::Existing(pin) | Access::New(pin) => {
                Ok(Self::Given(zeroize::Zeroizing::new(pin.expose().to_vec())))
            }
            Access::Prompted if interactive => Ok(Self::Asked),
            _ => {
                let why = "the CSP may not ask: `interactive` is off";
                Err(ErrorKind::Unsupported.at("access").because(why))
            }
        }
    }

    const fn is_given(&self) -> bool {
        matches!(self, Self::Given(_))
    }
}

/// The parameter for the password of a key.
pub(crate) const fn pin_of(spec: u32) -> u32 {
    if spec == sys::AT_SIGNATURE { sys::PP_SIGNATURE_PIN } else { sys::PP_KEYEXCHANGE_PIN }
}

/// What is told of several failures: the first that is more than "not here".
fn worst(told: Option<CspError>, next: CspError) -> CspError {
    match told {
        Some(told) if !ABSENT.contains(&told.code) || ABSENT.contains(&next.code) => told,
        _ => next,
    }
}

/// Codes of a container, key or provider that is not there.
const ABSENT: [u32; 4] =
    [sys::NTE_BAD_KEYSET, sys::NTE_NO_KEY, sys::NTE_PROV_TYPE_NOT_DEF, sys::NTE_KEYSET_NOT_DEF];
/// Types that keys are made and used in.
pub(crate) const KINDS: [u32; 2] = [sys::PROV_GOST_2012_256, sys::PROV_GOST_2012_512];
/// Types whose containers are found.
const READ: [u32; 3] = [sys::PROV_GOST_2012_256, sys::PROV_GOST_2012_512, sys::PROV_GOST_2001];
const OF_2001: &str = "a key of GOST R 34.10-2001 (provider type 75), which signs nothing any more";
const ONLY_2001: &str =
    "this CSP has GOST R 34.10-2001 alone (provider type 75): install a newer one";
const SPECS: [u32; 2] = [sys::AT_KEYEXCHANGE, sys::AT_SIGNATURE];
