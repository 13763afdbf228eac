//! What containers and blobs of the CSP say of a key.

use alloc::vec::Vec;

use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use der::{Decode, Tag};
use gost_symmetric::legacy::{Imit, Meshing, Sbox};
use gost3410::{KeyAlgorithm, ParameterSet, SigningKey};
use pkcs8::PrivateKeyInfoRef;
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

use crate::Unopened;
use crate::fields::{Fields, context};
use crate::identifiers::{GOST94_CRYPTOPRO, STREEBOG_256, STREEBOG_512};
use crate::tlv::{algorithm, constructed, oid, sequence, tlv};

/// A key of the CSP.
#[derive(Debug)]
#[non_exhaustive]
pub struct CspKey {
    /// The key, under the algorithm that certificates state: that of signatures.
    pub key: SigningKey,
    /// What the CSP keeps it for.
    pub usage: Usage,
    /// Whether the CSP would let it out.
    pub exportable: bool,
    /// Its certificate (DER), where one is beside it.
    pub certificate: Option<Vec<u8>>,
    /// When the CSP stops signing with it.
    pub not_after: Option<der::DateTime>,
}

/// The two keys that a container may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Usage {
    /// `AT_SIGNATURE`: signs only.
    Signature,
    /// `AT_KEYEXCHANGE`: agrees keys, and signs too.
    Exchange,
}

/// Flags and algorithm of a key: `SEQ { BIT STRING, [0] { algorithm, SEQ { curve, digest } } }`.
#[derive(Clone, Copy)]
pub(crate) struct Attributes {
    pub(crate) exportable: bool,
    pub(crate) usage: Usage,
    pub(crate) kind: KeyAlgorithm,
    pub(crate) set: ParameterSet,
}

impl Attributes {
    pub(crate) fn read(mut fields: Fields<'_>) -> Result<Self, Unopened> {
        let flags = flags(fields.any()?)?;
        let mut algorithm = Fields::of(fields.any()?, context(0, true))?;
        let id = algorithm.oid()?;
        let kinds = KINDS.into_iter().find(|kind| kind.oid() == id || kind.agreement_oid() == id);
        let kind = kinds.ok_or(Unopened::Unsupported(id))?;
        let set = ParameterSet::from_oid(algorithm.sequence()?.oid()?)?;
        if set.size() != size(kind) {
            return Err(Unopened::Malformed);
        }
        let exportable = flags & 0x80 != 0;
        let usage = if flags & 0x20 == 0 { Usage::Signature } else { Usage::Exchange };
        Ok(Self { exportable, usage, kind, set })
    }

    pub(crate) fn of(key: &SigningKey, usage: Usage, exportable: bool) -> Self {
        let kind = key.verifying_key().key_algorithm().for_signatures();
        Self { exportable, usage, kind, set: key.parameter_set() }
    }

    /// Its two fields.
    pub(crate) fn to_der(self) -> Result<Vec<u8>, Unopened> {
        let id = match self.usage {
            Usage::Signature => self.kind.oid(),
            Usage::Exchange => self.kind.agreement_oid(),
        };
        let parameters = parameters(self.kind, self.set)?;
        let exportable = if self.exportable { 0x80 } else { 0 };
        let flags = match self.usage {
            Usage::Signature => bit_string(exportable, 7),
            Usage::Exchange => bit_string(exportable | 0x20, 5),
        };
        Ok([flags, constructed(0, &[&oid(id)?, &parameters])].concat())
    }

    /// The key d under the algorithm of signatures, as certificates state it.
    pub(crate) fn key(&self, d: &[u8]) -> Result<SigningKey, Unopened> {
        if self.kind != KeyAlgorithm::Gost2001 {
            return Ok(SigningKey::from_le_bytes(self.set, d)?);
        }
        let algorithm = algorithm(self.kind.oid(), &parameters(self.kind, self.set)?)?;
        let algorithm = AlgorithmIdentifierRef::from_der(&algorithm)?;
        let info = PrivateKeyInfoRef::new(algorithm, OctetStringRef::new(d)?);
        Ok(SigningKey::from_pkcs8(&info)?)
    }

    /// The same key, whose masks are gone.
    pub(crate) fn unmasked(&self, masked: &[u8], mask: &[u8]) -> Result<SigningKey, Unopened> {
        let key = SigningKey::from_masked_le_bytes(self.set, masked, mask)?;
        self.key(&key.to_le_bytes())
    }

    /// S-box and hash by generation.
    pub(crate) fn is_of_2001(&self) -> bool {
        self.kind.is_of_2001()
    }
}

/// `SEQ { publicKeyParamSet, digestParamSet }`: the CSP always states both.
pub(crate) fn parameters(kind: KeyAlgorithm, set: ParameterSet) -> Result<Vec<u8>, Unopened> {
    let digest = match kind {
        KeyAlgorithm::Gost2001 => GOST94_CRYPTOPRO,
        KeyAlgorithm::Gost2012_512 => STREEBOG_512,
        _ => STREEBOG_256,
    };
    Ok(sequence(&[&oid(set.oid())?, &oid(digest)?]))
}

/// The first octet of a BIT STRING; the first bit is its highest.
pub(crate) fn flags(any: AnyRef<'_>) -> Result<u8, Unopened> {
    let bits: BitStringRef<'_> = any.decode_as()?;
    Ok(bits.raw_bytes().first().copied().unwrap_or_default())
}

/// A BIT STRING of one octet.
pub(crate) fn bit_string(octet: u8, unused: u8) -> Vec<u8> {
    tlv(0x03, &[&[unused, octet]])
}

/// The code of GOST 28147-89 that everything of the CSP is checked by: from zero, and never re-keyed.
pub(crate) fn code(key: &[u8; 32], sbox: &Sbox, message: &[u8]) -> [u8; 4] {
    let mut imit = Imit::new(key, sbox, &[0; 8], Meshing::None);
    imit.update(message);
    imit.finalize()
}

/// LE(X) ‖ LE(Y) of a key.
pub(crate) fn public_octets(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_le_bytes()
}

/// The key of a certificate (DER) is this one.
pub(crate) fn certifies(certificate: &[u8], key: &SigningKey) -> Result<bool, Unopened> {
    let mut certificate = Fields::of_der(certificate)?;
    let mut body = certificate.sequence()?;
    body.optional(context(0, true))?;
    for _serial_algorithm_issuer_validity_subject in 0..5 {
        body.any()?;
    }
    let spki = spki::SubjectPublicKeyInfoRef::from_der(body.octets_of_next()?)?;
    let Ok(theirs) = gost3410::VerifyingKey::from_spki(&spki) else { return Ok(false) };
    let ours = key.verifying_key();
    Ok(theirs.curve() == ours.curve()
        && theirs.x_be() == ours.x_be()
        && theirs.y_be() == ours.y_be())
}

pub(crate) const fn size(kind: KeyAlgorithm) -> usize {
    match kind {
        KeyAlgorithm::Gost2012_512 | KeyAlgorithm::Agreement2012_512 => 64,
        _ => 32,
    }
}

/// 32 octets out of a slice that must have as many.
pub(crate) fn key_octets(octets: &[u8]) -> Result<Zeroizing<[u8; 32]>, Unopened> {
    octets.first_chunk::<32>().map(|key| Zeroizing::new(*key)).ok_or(Unopened::Malformed)
}

/// The content of an extension with a term: `SEQ { [1] GeneralizedTime }`.
pub(crate) fn term(extension: &[u8]) -> Result<Option<der::DateTime>, Unopened> {
    let time = Fields::of_der(extension)?.optional(context(1, false))?;
    let Some(time) = time else { return Ok(None) };
    let time = AnyRef::new(Tag::GeneralizedTime, time.value())?;
    Ok(Some(time.decode_as::<der::asn1::GeneralizedTime>()?.to_date_time()))
}

pub(crate) const KINDS: [KeyAlgorithm; 3] =
    [KeyAlgorithm::Gost2012_256, KeyAlgorithm::Gost2012_512, KeyAlgorithm::Gost2001];
