//! A key container: one private key under a PIN, its public key and certificates, in one file.
//!
//! The bytes are drawn in `docs/formats.md`. Nothing here touches files, threads or the system's
//! randomness: the codec works in a browser too.

mod damaged;
mod layout;

use core::fmt;

use der::Decode;
use gost_ca::x509::{Certificate, PublicKey};
use gost3410::{SigningKey, VerifyingKey};
use pkcs8::{EncodePrivateKey, PrivateKeyInfoRef};

pub use damaged::Damaged;
pub use gost_key_files::{EncryptedKey, Freshness, MAX_ITERATIONS, Unopened};

/// A key container, read or made.
#[derive(Clone, PartialEq, Eq)]
pub struct Container {
    temporary_pin: bool,
    public_key: PublicKey,
    encrypted: EncryptedKey,
    certificates: Vec<Certificate>,
}

impl Container {
    /// Seals a key under a PIN; `temporary_pin` says that its owner must change it first (V8).
    ///
    /// # Errors
    /// [`Unopened::Malformed`] for iterations out of bounds.
    pub fn seal(
        key: &SigningKey,
        pin: &[u8],
        temporary_pin: bool,
        iterations: u32,
        fresh: Freshness,
    ) -> Result<Self, Unopened> {
        let public_key = crate::signer::public_key(key).map_err(|_| Unopened::Malformed)?;
        let encrypted = encrypt(key, pin, iterations, fresh)?;
        Ok(Self { temporary_pin, public_key, encrypted, certificates: Vec::new() })
    }

    /// Reads a container's file.
    ///
    /// # Errors
    /// [`Damaged`] for anything but what [`Self::to_bytes`] wrote: every octet is under the checksum.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Damaged> {
        layout::read(bytes)
    }

    /// Writes the container's file.
    ///
    /// # Errors
    /// [`Damaged::TooLong`] for certificates beyond the format's bounds.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Damaged> {
        layout::write(self)
    }

    /// Opens the key, whether the PIN is temporary or not.
    ///
    /// # Errors
    /// [`Unopened::WrongPin`], or [`Unopened::Malformed`] for a key that is not the public one's.
    pub fn open(&self, pin: &[u8]) -> Result<SigningKey, Unopened> {
        let info = self.encrypted.open(pin)?;
        let info = PrivateKeyInfoRef::from_der(&info).map_err(|_| Unopened::WrongPin)?;
        let key = SigningKey::from_pkcs8(&info).map_err(|_| Unopened::Malformed)?;
        let public = VerifyingKey::from_spki(&self.public_key.info());
        let public = public.map_err(|_| Unopened::Malformed)?;
        if same_key(key.verifying_key(), &public) { Ok(key) } else { Err(Unopened::Malformed) }
    }

    /// Puts the key under another PIN, which is not temporary.
    ///
    /// # Errors
    /// As [`Self::open`]; the container is unchanged then.
    pub fn change_pin(
        &mut self,
        old: &[u8],
        new: &[u8],
        iterations: u32,
        fresh: Freshness,
    ) -> Result<(), Unopened> {
        let key = self.open(old)?;
        self.encrypted = encrypt(&key, new, iterations, fresh)?;
        self.temporary_pin = false;
        Ok(())
    }

    /// Installs a certificate of the container's key (V6), before those already there.
    ///
    /// Says whether it was new.
    ///
    /// # Errors
    /// [`Unopened::Malformed`] when it certifies another key.
    pub fn install(&mut self, certificate: &Certificate) -> Result<bool, Unopened> {
        let parse = |key: &PublicKey| VerifyingKey::from_spki(&key.info());
        let ours = parse(&self.public_key).map_err(|_| Unopened::Malformed)?;
        let theirs = parse(certificate.public_key()).map_err(|_| Unopened::Malformed)?;
        if !same_key(&ours, &theirs) {
            return Err(Unopened::Malformed);
        }
        if self.certificates.contains(certificate) {
            return Ok(false);
        }
        self.certificates.insert(0, certificate.clone());
        Ok(true)
    }

    /// The public key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// Its certificates, the newest first.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Whether the PIN must be changed before first use.
    pub const fn has_temporary_pin(&self) -> bool {
        self.temporary_pin
    }

    /// The private key as `EncryptedPrivateKeyInfo`, for other software.
    pub const fn encrypted_key(&self) -> &EncryptedKey {
        &self.encrypted
    }
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Container({:?})", self.public_key)
    }
}

fn encrypt(
    key: &SigningKey,
    pin: &[u8],
    iterations: u32,
    fresh: Freshness,
) -> Result<EncryptedKey, Unopened> {
    let info = key.to_pkcs8_der().map_err(|_| Unopened::Malformed)?;
    EncryptedKey::seal(info.as_bytes(), pin, iterations, fresh)
}

/// One key, whatever object identifier its curve goes by.
fn same_key(a: &VerifyingKey, b: &VerifyingKey) -> bool {
    a.curve() == b.curve() && a.x_be() == b.x_be() && a.y_be() == b.y_be()
}
