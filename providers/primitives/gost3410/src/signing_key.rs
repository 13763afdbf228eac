//! Private keys.

use alloc::vec::Vec;

use der::SecretDocument;
use pkcs8::{EncodePrivateKey, PrivateKeyInfoRef};
use rand_core::TryCryptoRng;
use signature::{
    Keypair, RandomizedMultipartSigner, RandomizedSigner, hazmat::RandomizedPrehashSigner,
};
use spki::{AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier};
use zeroize::Zeroizing;

use crate::{
    Error, ParameterSet, Signature, VerifyingKey,
    arithmetic::{self, Pair},
    digest::{self, Digest},
    nonce::Nonces,
    number::Number,
    private_key_info, taint,
};

/// A private key with its public key; zeroized when dropped, never printed.
pub struct SigningKey {
    d: Zeroizing<Number>,
    public: VerifyingKey,
}

impl SigningKey {
    /// Makes a key, uniform in [1, q-1].
    ///
    /// # Errors
    /// [`Error::Rng`] when the generator fails; then no key exists.
    pub fn generate<R: TryCryptoRng + ?Sized>(
        set: ParameterSet,
        rng: &mut R,
    ) -> Result<Self, Error> {
        let d = Nonces::new(set, rng, &Number::default(), KEY_GENERATION)?.draw()?;
        Self::from_number(set, d)
    }

    /// Reads d, little-endian, as the raw form of PKCS#8 has it (RFC 9548).
    ///
    /// # Errors
    /// [`Error::PrivateKey`] unless there are 32 or 64 octets with 0 < d < q.
    pub fn from_le_bytes(set: ParameterSet, octets: &[u8]) -> Result<Self, Error> {
        if octets.len() != set.size() {
            return Err(Error::PrivateKey);
        }
        Self::from_number(set, Zeroizing::new(Number::from_le(octets)))
    }

    /// d, little-endian: 32 or 64 octets.
    #[must_use]
    pub fn to_le_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut octets = Zeroizing::new(alloc::vec![0; self.parameter_set().size()]);
        self.d.write_le(&mut octets);
        octets
    }

    /// Reads d·mask mod q with its mask, both little-endian, as containers of CryptoPro CSP have them.
    ///
    /// # Errors
    /// [`Error::PrivateKey`] for wrong lengths, a mask of 0 modulo q, or d = 0.
    pub fn from_masked_le_bytes(
        set: ParameterSet,
        masked: &[u8],
        mask: &[u8],
    ) -> Result<Self, Error> {
        if masked.len() != set.size() || mask.len() != set.size() {
            return Err(Error::PrivateKey);
        }
        let arithmetic = arithmetic::of(set.curve());
        let masked = Zeroizing::new(Number::from_le(masked));
        let inverse = Zeroizing::new(arithmetic.invert_scalar(&Number::from_le(mask)));
        Self::from_number(set, Zeroizing::new(arithmetic.multiply_scalars(&masked, &inverse)))
    }

    /// d·mask mod q, little-endian: what [`Self::from_masked_le_bytes`] reads.
    #[must_use]
    pub fn to_masked_le_bytes(&self, mask: &Self) -> Zeroizing<Vec<u8>> {
        let arithmetic = arithmetic::of(self.parameter_set().curve());
        let masked = Zeroizing::new(arithmetic.multiply_scalars(&self.d, &mask.d));
        let mut octets = Zeroizing::new(alloc::vec![0; self.parameter_set().size()]);
        masked.write_le(&mut octets);
        octets
    }

    /// Reads a PKCS#8 `PrivateKeyInfo` in any form met in the field.
    ///
    /// d may be raw little-endian (RFC 9548), an OCTET STRING of that, an INTEGER, or masked
    /// (RFC 9548, with any number of masks). Attributes and a public key may follow; a public
    /// key must be that of d.
    ///
    /// # Errors
    /// As [`VerifyingKey::from_spki`], and [`Error::PrivateKey`] for a number out of range.
    pub fn from_pkcs8(info: &PrivateKeyInfoRef<'_>) -> Result<Self, Error> {
        private_key_info::read(info)
    }

    /// The public key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The parameter set.
    #[must_use]
    pub const fn parameter_set(&self) -> ParameterSet {
        self.public.parameter_set()
    }

    /// Signs a digest as Streebog outputs it (RFC 7091, 6.1).
    ///
    /// # Errors
    /// [`Error::DigestLength`] unless it has 32 or 64 octets as the set demands; [`Error::Rng`]
    /// when the generator fails; then nothing is signed.
    pub fn sign_prehash<R: TryCryptoRng + ?Sized>(
        &self,
        digest: &[u8],
        rng: &mut R,
    ) -> Result<Signature, Error> {
        let set = self.parameter_set();
        let number = digest::read(set, digest)?;
        let mut nonces = Nonces::new(set, rng, &self.d, digest)?;
        Ok(Signature::from_pair(&self.sign_with(&number, &mut nonces)?, set.size()))
    }

    /// Signs many digests, each as [`sign_prehash`](Self::sign_prehash) does, but faster.
    ///
    /// # Errors
    /// As there; then nothing is signed.
    pub fn sign_batch<R: TryCryptoRng + ?Sized>(
        &self,
        digests: &[&[u8]],
        rng: &mut R,
    ) -> Result<Vec<Signature>, Error> {
        let set = self.parameter_set();
        let numbers: Vec<_> =
            digests.iter().map(|digest| digest::read(set, digest)).collect::<Result<_, _>>()?;
        let mut nonces = Nonces::many(set, rng, &self.d, digests)?;
        let first = Nonces::draw_all(&mut nonces)?;
        let items: Vec<_> = numbers.into_iter().zip(first).collect();
        let arithmetic = arithmetic::of(set.curve());
        for (_, k) in &items {
            taint::secret(&**k);
        }
        taint::secret(&*self.d);
        let pairs = arithmetic.sign_all(&self.d, &items);
        taint::no_secret(&*self.d);
        let pairs = pairs.into_iter().map(taint::public);
        let retried = pairs.zip(&mut nonces).zip(&items).map(|((pair, nonces), (digest, _))| {
            let pair = pair.map_or_else(|| self.sign_with(digest, nonces), Ok)?;
            Ok(Signature::from_pair(&pair, set.size()))
        });
        retried.collect()
    }

    /// Signs with the first nonce that gives neither r = 0 nor s = 0.
    fn sign_with(&self, digest: &Number, nonces: &mut Nonces) -> Result<Pair, Error> {
        let arithmetic = arithmetic::of(self.parameter_set().curve());
        loop {
            let k = nonces.draw()?;
            taint::secret(&*k);
            taint::secret(&*self.d);
            let pair = taint::public(arithmetic.sign(&self.d, digest, &k));
            taint::no_secret(&*self.d);
            if let Some(pair) = pair {
                return Ok(pair);
            }
        }
    }

    pub(crate) fn from_number(set: ParameterSet, d: Zeroizing<Number>) -> Result<Self, Error> {
        let arithmetic = arithmetic::of(set.curve());
        taint::secret(&*d);
        if !arithmetic.is_scalar(&d) {
            return Err(Error::PrivateKey);
        }
        let point = taint::public(arithmetic.public_key(&d));
        taint::no_secret(&*d);
        let public = VerifyingKey::from_point(set, point)?;
        Ok(Self { d, public })
    }

    pub(crate) fn with_public(self, public: VerifyingKey) -> Self {
        Self { public, ..self }
    }

    pub(crate) fn d(&self) -> &Number {
        &self.d
    }
}

impl core::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl Keypair for SigningKey {
    type VerifyingKey = VerifyingKey;

    fn verifying_key(&self) -> VerifyingKey {
        self.public.clone()
    }
}

impl RandomizedPrehashSigner<Signature> for SigningKey {
    fn sign_prehash_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        prehash: &[u8],
    ) -> signature::Result<Signature> {
        Ok(self.sign_prehash(prehash, rng)?)
    }
}

/// Hashes with Streebog of the length of the key.
impl RandomizedSigner<Signature> for SigningKey {
    fn try_sign_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[u8],
    ) -> signature::Result<Signature> {
        self.try_multipart_sign_with_rng(rng, &[message])
    }
}

impl RandomizedMultipartSigner<Signature> for SigningKey {
    fn try_multipart_sign_with_rng<R: TryCryptoRng + ?Sized>(
        &self,
        rng: &mut R,
        message: &[&[u8]],
    ) -> signature::Result<Signature> {
        let digest = Digest::of(self.parameter_set(), message);
        Ok(self.sign_prehash(digest.as_slice(), rng)?)
    }
}

impl DynSignatureAlgorithmIdentifier for SigningKey {
    /// Parameters are absent (RFC 9215 §2).
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        let oid = self.public.key_algorithm().signature_oid();
        Ok(AlgorithmIdentifierOwned { oid, parameters: None })
    }
}

impl TryFrom<PrivateKeyInfoRef<'_>> for SigningKey {
    type Error = pkcs8::Error;

    fn try_from(info: PrivateKeyInfoRef<'_>) -> pkcs8::Result<Self> {
        Ok(Self::from_pkcs8(&info)?)
    }
}

impl EncodePrivateKey for SigningKey {
    /// d raw, little-endian (RFC 9548), with the algorithm identifier the key came with.
    fn to_pkcs8_der(&self) -> pkcs8::Result<SecretDocument> {
        private_key_info::write(self)
    }
}

/// Tells key generation from nonces.
const KEY_GENERATION: &[u8] = b"key generation";
