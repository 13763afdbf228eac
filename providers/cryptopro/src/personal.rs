//! The personal store of certificates («Личное»), where other software of the workplace looks for them.

use core::fmt;
use std::collections::BTreeMap;

use gost_ca::provider::Result;
use gost_ca::provider::key_store::KeyId;

use crate::error::CspError;
use crate::ffi::{CertificateLibrary, Link, Stored};
use crate::names::{full_name, parse};
use crate::sys;

/// The personal store of the user, or of the machine.
pub(crate) struct Personal {
    library: CertificateLibrary,
    machine: bool,
}

impl Personal {
    pub(crate) const fn new(library: CertificateLibrary, machine: bool) -> Self {
        Self { library, machine }
    }

    /// Certificates (DER) by the containers that they are linked to; the last one of each.
    pub(crate) fn by_container(&self) -> Result<BTreeMap<KeyId, Vec<u8>>> {
        let all = self.library.certificates(NAME, self.place()).map_err(CspError::told)?;
        let linked = all
            .into_iter()
            .filter_map(|Stored { der, link }| Some((parse(link?.container.as_bytes())?, der)));
        Ok(linked.collect())
    }

    /// Puts a certificate there, linked to its container; again, it changes nothing.
    pub(crate) fn add(
        &self,
        key: &KeyId,
        (provider, kind, spec): (Option<String>, u32, u32),
        der: &[u8],
    ) -> Result<()> {
        let container = full_name(key)?.to_string_lossy().into_owned();
        let flags = if self.machine { sys::CRYPT_MACHINE_KEYSET } else { 0 };
        let link = Some(Link { container, provider, kind, flags, spec });
        let stored = Stored { der: der.to_vec(), link };
        self.library.add(NAME, self.place(), &stored).map_err(CspError::told)
    }

    const fn place(&self) -> u32 {
        if self.machine {
            sys::CERT_SYSTEM_STORE_LOCAL_MACHINE
        } else {
            sys::CERT_SYSTEM_STORE_CURRENT_USER
        }
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Personal").field("machine", &self.machine).finish_non_exhaustive()
    }
}

const NAME: &str = "My";
