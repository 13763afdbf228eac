//! Encryption under a password: PBES2 with GOST algorithms (RFC 9337; RFC 8018; R 50.1.111).

use alloc::vec::Vec;
use core::fmt;

use der::Tag;
use der::asn1::ObjectIdentifier;
use gost_hash::legacy::HmacGost94;
use gost_hash::{HmacStreebog256, pbkdf2_hmac_streebog512};
use gost_symmetric::legacy::{Cfb28147, Meshing, Sbox};
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, ctr_acpkm_omac};
use zeroize::Zeroizing;

use crate::fields::Fields;
use crate::identifiers::{
    GOST28147, HMAC_GOST94, HMAC_SHA1, HMAC_STREEBOG_256, HMAC_STREEBOG_512, PARAM_Z, PBES2, PBKDF2,
};
use crate::tlv::{NULL, algorithm, integer, octets, oid, sequence};
use crate::{Freshness, Unopened};

/// An algorithm and its parameters.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pbes2 {
    kdf: Kdf,
    cipher: Cipher,
    ukm: Vec<u8>,
}

/// What encrypts under a password.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[non_exhaustive]
pub enum Cipher {
    /// Magma in CTR-ACPKM; cannot tell a wrong password.
    Magma,
    /// Magma in CTR-ACPKM with OMAC.
    MagmaOmac,
    /// Kuznyechik in CTR-ACPKM; cannot tell a wrong password.
    Kuznyechik,
    /// Kuznyechik in CTR-ACPKM with OMAC.
    KuznyechikOmac,
    /// GOST 28147-89 in CFB on an S-box, what OpenSSL's engine and GnuTLS read; cannot tell a wrong
    /// password.
    Gost28147(ObjectIdentifier),
}

impl Cipher {
    /// GOST 28147-89 on the S-box of R 50.1.111 (`id-tc26-gost-28147-param-Z`).
    pub const GOST_28147: Self = Self::Gost28147(PARAM_Z);
}

impl Pbes2 {
    pub(crate) fn new(cipher: Cipher, iterations: u32, fresh: Freshness) -> Result<Self, Unopened> {
        let Freshness { salt, mut ukm } = fresh;
        ukm.truncate(cipher.ukm_octets());
        if !(1..=MAX_ITERATIONS).contains(&iterations) {
            return Err(Unopened::Malformed);
        }
        Ok(Self { kdf: Kdf { prf: Prf::Streebog512, salt, iterations }, cipher, ukm })
    }

    /// Reads the parameters of an algorithm identifier whose OID was PBES2.
    pub(crate) fn read(mut parameters: Fields<'_>) -> Result<Self, Unopened> {
        let (mut kdf, mut encryption) = (parameters.sequence()?, parameters.sequence()?);
        parameters.finish()?;
        let kdf = match kdf.oid()? {
            PBKDF2 => Kdf::read(kdf.sequence()?)?,
            other => return Err(Unopened::Unsupported(other)),
        };
        let id = encryption.oid()?;
        let (cipher, ukm) = Cipher::read(id, encryption)?;
        Ok(Self { kdf, cipher, ukm })
    }

    /// The whole algorithm identifier.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, Unopened> {
        let kdf = algorithm(PBKDF2, &self.kdf.to_der()?)?;
        let ukm = octets(&self.ukm);
        let encryption = match self.cipher {
            Cipher::Gost28147(sbox) => algorithm(GOST28147, &sequence(&[&ukm, &oid(sbox)?]))?,
            cipher => algorithm(cipher.oid(), &sequence(&[&ukm]))?,
        };
        algorithm(PBES2, &sequence(&[&kdf, &encryption]))
    }

    pub(crate) fn seal(&self, message: &[u8], password: &[u8]) -> Result<Vec<u8>, Unopened> {
        let key = self.kdf.derive(password)?;
        Ok(match self.cipher {
            Cipher::MagmaOmac => {
                ctr_acpkm_omac::seal::<Magma>(&key, &self.ukm, Magma::SECTION, message)?
            }
            Cipher::KuznyechikOmac => {
                ctr_acpkm_omac::seal::<Kuznyechik>(&key, &self.ukm, Kuznyechik::SECTION, message)?
            }
            Cipher::Magma => self.apply::<Magma>(&key, message)?.to_vec(),
            Cipher::Kuznyechik => self.apply::<Kuznyechik>(&key, message)?.to_vec(),
            Cipher::Gost28147(sbox) => {
                let mut sealed = message.to_vec();
                self.cfb(sbox, &key)?.encrypt(&mut sealed);
                sealed
            }
        })
    }

    /// [`Unopened::WrongPin`] where a code does not match; without one the result may be noise.
    pub(crate) fn open(
        &self,
        sealed: &[u8],
        password: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let key = self.kdf.derive(password)?;
        Ok(match self.cipher {
            Cipher::MagmaOmac => {
                ctr_acpkm_omac::open::<Magma>(&key, &self.ukm, Magma::SECTION, sealed)?
            }
            Cipher::KuznyechikOmac => {
                ctr_acpkm_omac::open::<Kuznyechik>(&key, &self.ukm, Kuznyechik::SECTION, sealed)?
            }
            Cipher::Magma => self.apply::<Magma>(&key, sealed)?,
            Cipher::Kuznyechik => self.apply::<Kuznyechik>(&key, sealed)?,
            Cipher::Gost28147(sbox) => {
                let mut opened = Zeroizing::new(sealed.to_vec());
                self.cfb(sbox, &key)?.decrypt(&mut opened);
                opened
            }
        })
    }

    /// Without OMAC the last 8 octets of `ukm` are not used (RFC 9337, 7.3).
    fn apply<C: GostCipher>(
        &self,
        key: &[u8; 32],
        message: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (iv, _) = self.ukm.split_last_chunk::<8>().ok_or(Unopened::Malformed)?;
        let mut applied = Zeroizing::new(message.to_vec());
        CtrAcpkm::<C>::new(key, iv, C::SECTION)?.apply(&mut applied);
        Ok(applied)
    }

    fn cfb(&self, sbox: ObjectIdentifier, key: &[u8; 32]) -> Result<Cfb28147, Unopened> {
        let iv = self.ukm.first_chunk::<8>().ok_or(Unopened::Malformed)?;
        Ok(Cfb28147::new(key, sbox_of(sbox)?, iv, Meshing::CryptoPro))
    }
}

impl fmt::Debug for Pbes2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} iterations", self.cipher, self.kdf.iterations)
    }
}

#[derive(Clone, PartialEq, Eq)]
struct Kdf {
    prf: Prf,
    salt: Vec<u8>,
    iterations: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Prf {
    Streebog512,
    Streebog256,
    Gost94,
}

impl Kdf {
    /// RFC 8018 A.2, the salt given and not named.
    fn read(mut parameters: Fields<'_>) -> Result<Self, Unopened> {
        let salt = parameters.octets()?.to_vec();
        let iterations = parameters.integer()?;
        let length = parameters.optional_integer()?;
        let prf = parameters.optional(Tag::Sequence)?;
        parameters.finish()?;
        if length.is_some_and(|length| length != 32) {
            return Err(Unopened::Malformed);
        }
        let prf = prf.ok_or(Unopened::Unsupported(HMAC_SHA1))?; // the DEFAULT
        let prf = Prf::read(Fields::of(prf, Tag::Sequence)?)?;
        let sound = (8..=64).contains(&salt.len()) && (1..=MAX_ITERATIONS).contains(&iterations);
        sound.then_some(Self { prf, salt, iterations }).ok_or(Unopened::Malformed)
    }

    fn to_der(&self) -> Result<Vec<u8>, Unopened> {
        let prf = algorithm(self.prf.oid(), &NULL)?;
        Ok(sequence(&[&octets(&self.salt), &integer(self.iterations)?, &prf]))
    }

    fn derive(&self, password: &[u8]) -> Result<Zeroizing<[u8; 32]>, Unopened> {
        let mut key = Zeroizing::new([0; 32]);
        let (salt, rounds, out) = (&self.salt, self.iterations, key.as_mut_slice());
        let derived = match self.prf {
            Prf::Streebog512 => pbkdf2_hmac_streebog512(password, salt, rounds, out).is_ok(),
            Prf::Streebog256 => {
                pbkdf2::pbkdf2::<HmacStreebog256>(password, salt, rounds, out).is_ok()
            }
            Prf::Gost94 => pbkdf2::pbkdf2::<HmacGost94>(password, salt, rounds, out).is_ok(),
        };
        if derived { Ok(key) } else { Err(Unopened::Malformed) }
    }
}

impl Prf {
    fn read(mut prf: Fields<'_>) -> Result<Self, Unopened> {
        let id = prf.oid()?;
        let all = [Self::Streebog512, Self::Streebog256, Self::Gost94];
        let found = all.into_iter().find(|known| known.oid() == id);
        let found = found.ok_or(Unopened::Unsupported(id))?;
        match prf.rest()?.as_slice() {
            [] => Ok(found),
            [parameters] if parameters.is_null() => Ok(found),
            _ => Err(Unopened::Malformed),
        }
    }

    const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Streebog512 => HMAC_STREEBOG_512,
            Self::Streebog256 => HMAC_STREEBOG_256,
            Self::Gost94 => HMAC_GOST94,
        }
    }
}

impl Cipher {
    fn read(id: ObjectIdentifier, mut rest: Fields<'_>) -> Result<(Self, Vec<u8>), Unopened> {
        let new = [Self::Magma, Self::MagmaOmac, Self::Kuznyechik, Self::KuznyechikOmac];
        let mut parameters = match new.into_iter().find(|cipher| cipher.oid() == id) {
            None if id != GOST28147 => return Err(Unopened::Unsupported(id)),
            found => (found, rest.sequence()?),
        };
        let ukm = parameters.1.octets()?.to_vec();
        let cipher = match parameters.0 {
            Some(cipher) => cipher,
            None => Self::Gost28147(parameters.1.oid()?),
        };
        parameters.1.finish()?;
        rest.finish()?;
        if let Self::Gost28147(sbox) = cipher {
            sbox_of(sbox)?;
        }
        let fits = ukm.len() == cipher.ukm_octets();
        fits.then_some((cipher, ukm)).ok_or(Unopened::Malformed)
    }

    const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Magma => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.5.1.1"),
            Self::MagmaOmac => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.5.1.2"),
            Self::Kuznyechik => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.5.2.1"),
            Self::KuznyechikOmac => ObjectIdentifier::new_unwrap("1.2.643.7.1.1.5.2.2"),
            Self::Gost28147(_) => GOST28147,
        }
    }

    /// n/2 bits of initialization vector and 8 octets of seed (RFC 9337, 7.3); a block of GOST 28147-89.
    const fn ukm_octets(self) -> usize {
        match self {
            Self::Magma | Self::MagmaOmac => 12,
            Self::Kuznyechik | Self::KuznyechikOmac => 16,
            Self::Gost28147(_) => 8,
        }
    }
}

fn sbox_of(oid: ObjectIdentifier) -> Result<&'static Sbox, Unopened> {
    Sbox::of(&alloc::format!("{oid}")).ok_or(Unopened::Unsupported(oid))
}

/// The most iterations that are run for a file's sake: about two seconds; few where inputs are tried by the
/// million.
pub const MAX_ITERATIONS: u32 = if cfg!(fuzzing) { 4 } else { 1_000_000 };
