//! Public keys between the CSP's blobs and X.509.

use der::Encode;
use gost_ca::provider::{ErrorKind, ProviderError, Result};
use gost_ca::x509::PublicKey;
use gost_key_files::{PublicBlob, Usage};
use gost3410::{KeyAlgorithm, ParameterSet, VerifyingKey};

use crate::sys;

/// A key as the CSP knows it, with what its signatures need.
#[derive(Clone)]
pub(crate) struct CspPublicKey {
    pub(crate) key: VerifyingKey,
    pub(crate) public_key: PublicKey,
}

impl CspPublicKey {
    /// Reads a PUBLICKEYBLOB: the point is checked.
    pub(crate) fn of_blob(blob: &[u8]) -> Result<Self> {
        let fault = |error| ErrorKind::Fault.at("CryptExportKey").because(error);
        let key = PublicBlob::read(blob).map_err(fault)?.key;
        Ok(Self { public_key: spki(&key)?, key })
    }
}

impl CspPublicKey {
    /// The key of a certificate beside it (DER).
    pub(crate) fn of_certificate(der: &[u8]) -> Option<Self> {
        let certificate = gost_ca::x509::Certificate::from_der(der).ok()?;
        let key = VerifyingKey::from_spki(&certificate.public_key().info()).ok()?;
        Some(Self { public_key: spki(&key).ok()?, key })
    }
}

/// The blob of a key, for `CryptImportKey`.
pub(crate) fn blob(key: &VerifyingKey) -> Result<Vec<u8>> {
    let invalid = |error| ErrorKind::Invalid.at("CryptImportKey").because(error);
    PublicBlob::write(key, Usage::Signature).map_err(invalid)
}

fn spki(key: &VerifyingKey) -> Result<PublicKey> {
    let der = key.to_spki().and_then(|spki| Ok(spki.to_der()?)).map_err(fault)?;
    PublicKey::from_der(&der).map_err(fault)
}

fn fault(error: impl std::error::Error + Send + Sync + 'static) -> ProviderError {
    ErrorKind::Fault.at("SubjectPublicKeyInfo").because(error)
}

/// One key, whatever object identifier its curve goes by.
pub(crate) fn same_key(a: &VerifyingKey, b: &VerifyingKey) -> bool {
    a.curve() == b.curve() && a.x_be() == b.x_be() && a.y_be() == b.y_be()
}

/// The provider's type for keys of this size.
pub(crate) const fn provider_type(set: ParameterSet) -> u32 {
    if set.size() == 64 { sys::PROV_GOST_2012_512 } else { sys::PROV_GOST_2012_256 }
}

/// The hash of a key's signatures; none for keys of 2001, which this provider does not sign with.
pub(crate) const fn hash_of(kind: KeyAlgorithm) -> Option<u32> {
    match kind {
        KeyAlgorithm::Gost2012_256 => Some(sys::CALG_GR3411_2012_256),
        KeyAlgorithm::Gost2012_512 => Some(sys::CALG_GR3411_2012_512),
        _ => None,
    }
}
