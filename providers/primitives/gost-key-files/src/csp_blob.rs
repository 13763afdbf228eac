//! Keys as CryptoPro CSP exports them: PUBLICKEYBLOB and PRIVATEKEYBLOB.

use alloc::vec::Vec;

use gost_symmetric::legacy::{KeyWrap, Sbox, WrappedKey};
use gost3410::{KeyAlgorithm, ParameterSet, SigningKey, VerifyingKey};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::csp_key::{Attributes, code, size};
use crate::fields::{Fields, context};
use crate::tlv::{constructed, octets, sequence};
use crate::{CspKey, Unopened, Usage};

/// A public key as `CryptExportKey` gives it.
#[derive(Debug)]
#[non_exhaustive]
pub struct PublicBlob {
    /// The key, under the algorithm of signatures.
    pub key: VerifyingKey,
    /// By the algorithm that the blob states.
    pub usage: Usage,
}

/// A private key as `CryptExportKey` gives it under an export key, and as PFX files of the CSP have it.
#[derive(Debug)]
#[non_exhaustive]
pub struct PrivateBlob;

impl PublicBlob {
    /// Reads a blob.
    ///
    /// # Errors
    /// [`Unopened::UnsupportedContainer`] for other blobs, [`Unopened::Malformed`] for the rest, a point off
    /// the curve included.
    pub fn read(blob: &[u8]) -> Result<Self, Unopened> {
        let (header, body) = Header::read(blob, PUBLIC)?;
        let mut whole = body;
        let parameters = take_tlv(&mut whole)?;
        let mut fields = Fields::of_der(parameters)?;
        let set = ParameterSet::from_oid(fields.oid()?)?;
        let bits = size(header.kind).saturating_mul(16);
        if u32::try_from(bits) != Ok(header.length) || set.size() != size(header.kind) {
            return Err(Unopened::Malformed);
        }
        let key = VerifyingKey::from_le_bytes(set, whole)?;
        if header.kind != KeyAlgorithm::Gost2001 {
            return Ok(Self { key, usage: header.usage });
        }
        let algorithm = crate::tlv::algorithm(header.kind.oid(), parameters)?;
        let algorithm = der::Decode::from_der(&algorithm)?;
        let point = octets(whole);
        let subject_public_key = der::asn1::BitStringRef::from_bytes(&point)?;
        let spki = spki::SubjectPublicKeyInfoRef { algorithm, subject_public_key };
        Ok(Self { key: VerifyingKey::from_spki(&spki)?, usage: header.usage })
    }

    /// Writes a blob, for `CryptImportKey`.
    ///
    /// # Errors
    /// [`Unopened::Malformed`]; in practice none.
    pub fn write(key: &VerifyingKey, usage: Usage) -> Result<Vec<u8>, Unopened> {
        let kind = key.key_algorithm().for_signatures();
        let bits = size(kind).saturating_mul(16);
        let length = u32::try_from(bits).map_err(|_| Unopened::Malformed)?;
        let header = Header { kind, usage, length }.write(PUBLIC)?;
        let parameters = crate::csp_key::parameters(kind, key.parameter_set())?;
        Ok([header, parameters, key.to_le_bytes()].concat())
    }
}

impl PrivateBlob {
    /// Reads a blob under its export key: every code is checked.
    ///
    /// # Errors
    /// [`Unopened::WrongPin`] where a code does not match, which another export key does too.
    pub fn read(blob: &[u8], export_key: &[u8; 32]) -> Result<CspKey, Unopened> {
        let (header, body) = Header::read(blob, PRIVATE)?;
        if u32::try_from(size(header.kind)) != Ok(header.length) {
            return Err(Unopened::Malformed);
        }
        let mut whole = Fields::of_der(body)?;
        let content = whole.octets_of_next()?;
        let stated = whole.octets()?;
        whole.finish()?;
        let mut fields = Fields::of_der(content)?;
        let ukm = fields.octets()?;
        let mut wrapped = fields.sequence()?;
        let encrypted = wrapped.octets()?.to_vec();
        let mac = wrapped.octets()?.try_into().map_err(|_| Unopened::Malformed)?;
        wrapped.finish()?;
        let attributes = Attributes::read(Fields::of(fields.any()?, context(0, true))?)?;
        let mode = mode(header.kind);
        if attributes.kind != header.kind || encrypted.len() != size(header.kind) {
            return Err(Unopened::Malformed);
        }
        let kek = mode.encryption_key(&Sbox::CRYPTOPRO_A, export_key, ukm)?;
        let computed = code(&kek, &Sbox::CRYPTOPRO_A, content);
        if !bool::from(computed.as_slice().ct_eq(stated)) {
            return Err(Unopened::WrongPin);
        }
        let wrapped = WrappedKey { encrypted, mac };
        let d = mode.unwrap(&Sbox::CRYPTOPRO_A, export_key, ukm, &wrapped)?;
        Ok(CspKey {
            key: attributes.key(&d)?,
            usage: attributes.usage,
            exportable: attributes.exportable,
            certificate: None,
            not_after: None,
        })
    }

    /// Writes a key; a `ukm` is used once.
    ///
    /// # Errors
    /// [`Unopened::Malformed`]; in practice none.
    pub fn write(
        key: &SigningKey,
        usage: Usage,
        export_key: &[u8; 32],
        ukm: &[u8; 8],
    ) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let attributes = Attributes::of(key, usage, true);
        let mode = mode(attributes.kind);
        let wrapped = mode.wrap(&Sbox::CRYPTOPRO_A, export_key, ukm, &key.to_le_bytes())?;
        let content = sequence(&[
            &octets(ukm),
            &sequence(&[&octets(&wrapped.encrypted), &octets(&wrapped.mac)]),
            &constructed(0, &[&attributes.to_der()?]),
        ]);
        let kek = mode.encryption_key(&Sbox::CRYPTOPRO_A, export_key, ukm)?;
        let mac = code(&kek, &Sbox::CRYPTOPRO_A, &content);
        let length = u32::try_from(size(attributes.kind)).map_err(|_| Unopened::Malformed)?;
        let header = Header { kind: attributes.kind, usage, length };
        let mut blob = Zeroizing::new(header.write(PRIVATE)?);
        blob.extend_from_slice(&sequence(&[&content, &octets(&mac)]));
        Ok(blob)
    }
}

/// RFC 7836, 4.6 for keys of 2012; RFC 4357, 6.3 before.
const fn mode(kind: KeyAlgorithm) -> KeyWrap {
    if kind.is_of_2001() { KeyWrap::CryptoPro } else { KeyWrap::Kdf }
}

/// What every blob begins with. The length of a private one is in octets, as the CSP writes it.
struct Header {
    kind: KeyAlgorithm,
    usage: Usage,
    length: u32,
}

impl Header {
    fn read(blob: &[u8], kind_of_blob: u8) -> Result<(Self, &[u8]), Unopened> {
        let (header, body) = blob.split_first_chunk::<16>().ok_or(Unopened::Malformed)?;
        let [kind, version, 0, 0, a0, a1, a2, a3, b'M', b'A', b'G', b'1', l0, l1, l2, l3] = *header
        else {
            return Err(Unopened::Malformed);
        };
        if kind != kind_of_blob || version != VERSION {
            return Err(Unopened::UnsupportedContainer("a blob of another kind"));
        }
        let id = u32::from_le_bytes([a0, a1, a2, a3]);
        let row = ALGORITHMS.iter().find(|row| row.0 == id);
        let (_, kind, usage) =
            *row.ok_or(Unopened::UnsupportedContainer("a blob of another algorithm"))?;
        Ok((Self { kind, usage, length: u32::from_le_bytes([l0, l1, l2, l3]) }, body))
    }

    fn write(&self, kind_of_blob: u8) -> Result<Vec<u8>, Unopened> {
        let row = ALGORITHMS.iter().find(|row| row.1 == self.kind && row.2 == self.usage);
        let id = row.ok_or(Unopened::Malformed)?.0;
        let start = [kind_of_blob, VERSION, 0, 0];
        Ok([start, id.to_le_bytes(), *b"MAG1", self.length.to_le_bytes()].concat())
    }
}

/// Takes the first field off; what follows it is no DER.
fn take_tlv<'a>(octets: &mut &'a [u8]) -> Result<&'a [u8], Unopened> {
    let length = match octets {
        [_, length @ 0..=0x7f, ..] => usize::from(*length).saturating_add(2),
        _ => return Err(Unopened::Malformed), // two or three object identifiers are short
    };
    let (field, rest) = octets.split_at_checked(length).ok_or(Unopened::Malformed)?;
    *octets = rest;
    Ok(field)
}

const PUBLIC: u8 = 6;
const PRIVATE: u8 = 7;
const VERSION: u8 = 0x20;

/// `CALG_…` by generation and use.
const ALGORITHMS: [(u32, KeyAlgorithm, Usage); 6] = [
    (0x2e49, KeyAlgorithm::Gost2012_256, Usage::Signature),
    (0x2e3d, KeyAlgorithm::Gost2012_512, Usage::Signature),
    (0x2e23, KeyAlgorithm::Gost2001, Usage::Signature),
    (0xaa46, KeyAlgorithm::Gost2012_256, Usage::Exchange),
    (0xaa42, KeyAlgorithm::Gost2012_512, Usage::Exchange),
    (0xaa24, KeyAlgorithm::Gost2001, Usage::Exchange),
];
