//! `EncryptedPrivateKeyInfo` (RFC 5958) by PBES2.

use alloc::vec::Vec;
use core::fmt;

use gost3410::SigningKey;
use pkcs8::{EncodePrivateKey, PrivateKeyInfoRef};
use zeroize::Zeroizing;

use crate::fields::Fields;
use crate::identifiers::PBES2;
use crate::pbes2::Pbes2;
use crate::tlv::{octets, sequence};
use crate::{Cipher, Freshness, Unopened};

/// A private key under a password, as its DER.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptedKey {
    der: Vec<u8>,
    scheme: Pbes2,
    sealed: Vec<u8>,
}

impl EncryptedKey {
    /// Encrypts a `PrivateKeyInfo` (DER) with Kuznyechik in CTR-ACPKM with OMAC.
    ///
    /// # Errors
    /// [`Unopened::Malformed`] for no iterations or more than [`MAX_ITERATIONS`](crate::MAX_ITERATIONS).
    pub fn seal(
        info: &[u8],
        password: &[u8],
        iterations: u32,
        fresh: Freshness,
    ) -> Result<Self, Unopened> {
        Self::seal_with(Cipher::KuznyechikOmac, info, password, iterations, fresh)
    }

    /// Encrypts it with another cipher, for the sake of who shall read it.
    ///
    /// # Errors
    /// As [`Self::seal`]; [`Unopened::Unsupported`] for an unknown S-box.
    pub fn seal_with(
        cipher: Cipher,
        info: &[u8],
        password: &[u8],
        iterations: u32,
        fresh: Freshness,
    ) -> Result<Self, Unopened> {
        let scheme = Pbes2::new(cipher, iterations, fresh)?;
        let sealed = scheme.seal(info, password)?;
        let der = sequence(&[&scheme.to_der()?, &octets(&sealed)]);
        Ok(Self { der, scheme, sealed })
    }

    /// Encrypts a key.
    ///
    /// # Errors
    /// As [`Self::seal_with`].
    pub fn seal_key(
        cipher: Cipher,
        key: &SigningKey,
        password: &[u8],
        iterations: u32,
        fresh: Freshness,
    ) -> Result<Self, Unopened> {
        let info = key.to_pkcs8_der().map_err(|_| Unopened::Malformed)?;
        Self::seal_with(cipher, info.as_bytes(), password, iterations, fresh)
    }

    /// Reads any of the four ciphers of RFC 9337, and GOST 28147-89 as R 50.1.111 has it.
    ///
    /// # Errors
    /// [`Unopened::Unsupported`] for other algorithms, [`Unopened::Malformed`] for the rest.
    pub fn from_der(der: &[u8]) -> Result<Self, Unopened> {
        let mut info = Fields::of_der(der)?;
        let mut algorithm = info.sequence()?;
        let id = algorithm.oid()?;
        if id != PBES2 {
            return Err(Unopened::Unsupported(id));
        }
        let scheme = Pbes2::read(algorithm.sequence()?)?;
        algorithm.finish()?;
        let sealed = info.octets()?.to_vec();
        info.finish()?;
        Ok(Self { der: der.to_vec(), scheme, sealed })
    }

    /// The DER, as it came.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Decrypts the `PrivateKeyInfo` (DER).
    ///
    /// The ciphers without OMAC cannot tell a wrong password: their result may be noise.
    ///
    /// # Errors
    /// [`Unopened::WrongPin`] when the code does not match, [`Unopened::Malformed`] for bad lengths.
    pub fn open(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        self.scheme.open(&self.sealed, password)
    }

    /// Decrypts the key; noise is a wrong password.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_key(&self, password: &[u8]) -> Result<SigningKey, Unopened> {
        let info = self.open(password)?;
        let info = PrivateKeyInfoRef::try_from(info.as_slice()).map_err(|_| Unopened::WrongPin)?;
        Ok(SigningKey::from_pkcs8(&info)?)
    }
}

impl fmt::Debug for EncryptedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedKey({:?})", self.scheme)
    }
}
