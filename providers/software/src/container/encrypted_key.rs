//! `EncryptedPrivateKeyInfo` by PBES2 with GOST algorithms (RFC 9337; RFC 8018; RFC 5958).

use core::fmt;

use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Choice, Decode, DecodeValue, Encode, Sequence};
use gost_ca::provider::{Result as ProviderResult, Rng};
use gost_hash::pbkdf2_hmac_streebog512;
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, ctr_acpkm_omac};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use super::Unopened;

/// A private key under a password, as its DER.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptedKey {
    der: Vec<u8>,
    kdf: Kdf,
    cipher: Cipher,
    ukm: Vec<u8>,
    sealed: Vec<u8>,
}

/// What one encryption needs of randomness. Used up by it: with the same salt and `ukm` twice under one
/// password, the exclusive or of both keys would be in the open.
#[derive(Debug)]
pub struct Freshness {
    salt: Vec<u8>,
    ukm: Vec<u8>,
}

impl Freshness {
    /// Draws it.
    ///
    /// # Errors
    /// The generator's.
    pub fn draw(rng: &dyn Rng) -> ProviderResult<Self> {
        let mut fresh = Self { salt: vec![0; 32], ukm: vec![0; 16] };
        rng.fill(&mut fresh.salt)?;
        rng.fill(&mut fresh.ukm)?;
        Ok(fresh)
    }
}

impl EncryptedKey {
    /// Encrypts a `PrivateKeyInfo` (DER) with Kuznyechik in CTR-ACPKM with OMAC.
    ///
    /// # Errors
    /// [`Unopened::Malformed`] for no iterations or more than [`MAX_ITERATIONS`].
    pub fn seal(
        info: &[u8],
        password: &[u8],
        iterations: u32,
        fresh: Freshness,
    ) -> Result<Self, Unopened> {
        let Freshness { salt, ukm } = fresh;
        let kdf = Kdf { salt, iterations };
        let cipher = Cipher::KuznyechikOmac;
        let key = kdf.derive(password)?;
        let sealed = ctr_acpkm_omac::seal::<Kuznyechik>(&key, &ukm, Kuznyechik::SECTION, info)
            .map_err(|_| Unopened::Malformed)?;
        let mut this = Self { der: Vec::new(), kdf, cipher, ukm, sealed };
        this.der = this.encode()?;
        Ok(this)
    }

    /// Reads any of the four ciphers of RFC 9337.
    ///
    /// # Errors
    /// [`Unopened::Unsupported`] for other algorithms, [`Unopened::Malformed`] for the rest.
    pub fn from_der(der: &[u8]) -> Result<Self, Unopened> {
        let info = EncryptedPrivateKeyInfo::from_der(der)?;
        let pbes2: Pbes2<'_> = parameters(info.algorithm, PBES2)?;
        let kdf = Kdf::read(&parameters(pbes2.kdf, PBKDF2)?)?;
        let (cipher, ukm) = Cipher::read(pbes2.encryption)?;
        Ok(Self { der: der.to_vec(), kdf, cipher, ukm, sealed: info.data.as_bytes().to_vec() })
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
        let key = self.kdf.derive(password)?;
        match self.cipher {
            Cipher::Magma => self.open_plain::<Magma>(&key),
            Cipher::MagmaOmac => self.open_omac::<Magma>(&key),
            Cipher::Kuznyechik => self.open_plain::<Kuznyechik>(&key),
            Cipher::KuznyechikOmac => self.open_omac::<Kuznyechik>(&key),
        }
    }

    fn open_omac<C: GostCipher>(&self, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        ctr_acpkm_omac::open::<C>(key, &self.ukm, C::SECTION, &self.sealed).map_err(|error| {
            match error {
                gost_symmetric::Error::Forged => Unopened::WrongPin,
                _ => Unopened::Malformed,
            }
        })
    }

    /// Without OMAC the last 8 octets of `ukm` are not used (RFC 9337, 7.3).
    fn open_plain<C: GostCipher>(&self, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let (iv, _) = self.ukm.split_last_chunk::<8>().ok_or(Unopened::Malformed)?;
        let mut cipher =
            CtrAcpkm::<C>::new(key, iv, C::SECTION).map_err(|_| Unopened::Malformed)?;
        let mut opened = Zeroizing::new(self.sealed.clone());
        cipher.apply(&mut opened);
        Ok(opened)
    }

    fn encode(&self) -> der::Result<Vec<u8>> {
        let prf = AlgorithmIdentifierRef { oid: HMAC_STREEBOG_512, parameters: Some(AnyRef::NULL) };
        let salt = OctetStringRef::new(&self.kdf.salt)?;
        let iterations = self.kdf.iterations;
        let kdf = Pbkdf2 { salt, iterations, key_length: None, prf: Some(prf) }.to_der()?;
        let encryption = CipherParameters { ukm: OctetStringRef::new(&self.ukm)? }.to_der()?;
        let pbes2 = Pbes2 {
            kdf: identifier(PBKDF2, &kdf)?,
            encryption: identifier(self.cipher.oid(), &encryption)?,
        }
        .to_der()?;
        let data = OctetStringRef::new(&self.sealed)?;
        EncryptedPrivateKeyInfo { algorithm: identifier(PBES2, &pbes2)?, data }.to_der()
    }
}

impl fmt::Debug for EncryptedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptedKey({:?}, {} iterations)", self.cipher, self.kdf.iterations)
    }
}

#[derive(Clone, PartialEq, Eq)]
struct Kdf {
    salt: Vec<u8>,
    iterations: u32,
}

impl Kdf {
    fn read(parameters: &Pbkdf2<'_>) -> Result<Self, Unopened> {
        let prf = parameters.prf.ok_or(Unopened::Unsupported(HMAC_SHA1))?; // the DEFAULT
        if prf.oid != HMAC_STREEBOG_512 {
            return Err(Unopened::Unsupported(prf.oid));
        }
        if prf.parameters.is_some_and(|parameters| !parameters.is_null())
            || parameters.key_length.is_some_and(|length| length != 32)
        {
            return Err(Unopened::Malformed);
        }
        let salt = parameters.salt.as_bytes().to_vec();
        let sound =
            (8..=64).contains(&salt.len()) && (1..=MAX_ITERATIONS).contains(&parameters.iterations);
        let kdf = Self { salt, iterations: parameters.iterations };
        sound.then_some(kdf).ok_or(Unopened::Malformed)
    }

    fn derive(&self, password: &[u8]) -> Result<Zeroizing<[u8; 32]>, Unopened> {
        let mut key = Zeroizing::new([0; 32]);
        if self.iterations > MAX_ITERATIONS {
            return Err(Unopened::Malformed);
        }
        pbkdf2_hmac_streebog512(password, &self.salt, self.iterations, key.as_mut_slice())
            .map_err(|_| Unopened::Malformed)?;
        Ok(key)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cipher {
    Magma,
    MagmaOmac,
    Kuznyechik,
    KuznyechikOmac,
}

impl Cipher {
    fn read(algorithm: AlgorithmIdentifierRef<'_>) -> Result<(Self, Vec<u8>), Unopened> {
        let all = [Self::Magma, Self::MagmaOmac, Self::Kuznyechik, Self::KuznyechikOmac];
        let cipher = all.into_iter().find(|cipher| cipher.oid() == algorithm.oid);
        let cipher = cipher.ok_or(Unopened::Unsupported(algorithm.oid))?;
        let parameters: CipherParameters<'_> = parameters(algorithm, algorithm.oid)?;
        let ukm = parameters.ukm.as_bytes();
        let fits = ukm.len() == cipher.ukm_octets();
        fits.then(|| (cipher, ukm.to_vec())).ok_or(Unopened::Malformed)
    }

    const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Magma => "1.2.643.7.1.1.5.1.1",
            Self::MagmaOmac => "1.2.643.7.1.1.5.1.2",
            Self::Kuznyechik => "1.2.643.7.1.1.5.2.1",
            Self::KuznyechikOmac => "1.2.643.7.1.1.5.2.2",
        })
    }

    /// n/2 bits of initialization vector and 8 octets of seed (RFC 9337, 7.3).
    const fn ukm_octets(self) -> usize {
        match self {
            Self::Magma | Self::MagmaOmac => 12,
            Self::Kuznyechik | Self::KuznyechikOmac => 16,
        }
    }
}

/// RFC 5958 §3.
#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    data: &'a OctetStringRef,
}

/// RFC 8018 A.4.
#[derive(Sequence)]
struct Pbes2<'a> {
    kdf: AlgorithmIdentifierRef<'a>,
    encryption: AlgorithmIdentifierRef<'a>,
}

/// RFC 8018 A.2, the salt given and not named.
#[derive(Sequence)]
struct Pbkdf2<'a> {
    salt: &'a OctetStringRef,
    iterations: u32,
    key_length: Option<u16>,
    prf: Option<AlgorithmIdentifierRef<'a>>,
}

/// `Gost3412-15-Encryption-Parameters` (RFC 9337, 7.3).
#[derive(Sequence)]
struct CipherParameters<'a> {
    ukm: &'a OctetStringRef,
}

fn parameters<'a, T>(
    algorithm: AlgorithmIdentifierRef<'a>,
    expected: ObjectIdentifier,
) -> Result<T, Unopened>
where
    T: Choice<'a> + DecodeValue<'a, Error = der::Error>,
{
    algorithm.assert_algorithm_oid(expected).map_err(|_| Unopened::Unsupported(algorithm.oid))?;
    Ok(algorithm.parameters.ok_or(Unopened::Malformed)?.decode_as()?)
}

fn identifier(oid: ObjectIdentifier, parameters: &[u8]) -> der::Result<AlgorithmIdentifierRef<'_>> {
    Ok(AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::from_der(parameters)?) })
}

/// The most iterations that are run for a file's sake: about two seconds.
pub const MAX_ITERATIONS: u32 = 1_000_000;

const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
const HMAC_SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.2.7");
const HMAC_STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.4.2");
