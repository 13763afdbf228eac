//! Recipients (RFC 5652 §6.2): the key of the content, wrapped for each.

use const_oid::ObjectIdentifier;
use der::asn1::{BitStringRef, OctetStringRef};
use der::{Decode, Reader, SliceReader, Tag};
use gost_ca::provider::key_store::KeyAgreement;
use gost_ca::provider::{Rng, Signer};
use gost_ca::x509::extensions::{KeyUsage, KeyUsages};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{Certificate, PublicKey, write};
use gost3410::{SigningKey, VerifyingKey};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::content::ContentCipher;
use super::{wrap_kexp15, wrap28147};
use crate::error::{Error, Result};
use crate::signer_info::{CertificateId, missing};

/// How a recipient gets the key of the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "R 1323565.1.025 has these two")]
pub enum Exchange {
    /// `KeyAgreeRecipientInfo`: agreed on with an ephemeral key of the sender.
    Agreement,
    /// `KeyTransRecipientInfo`: transported, by agreement with an ephemeral key within.
    Transport,
}

/// The key of a content.
pub(super) type ContentKey = Zeroizing<[u8; 32]>;

/// A recipient whose certificate was looked at.
pub(super) struct Recipient<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) key: &'a VerifyingKey,
}

/// What one recipient got.
#[derive(Debug)]
pub(super) struct Wrapped<'a> {
    pub(super) algorithm: AlgorithmIdentifierOwned,
    pub(super) key: Vec<u8>,
    /// Agreed on: the other key and the keying material. Else both are within the wrapped key.
    pub(super) agreement: Option<(PublicKey, Vec<u8>)>,
    pub(super) recipient: &'a Certificate,
}

impl<'a> Recipient<'a> {
    /// Looks whether a certificate's key may be encrypted to.
    pub(super) fn new(certificate: &'a Certificate) -> Result<Self> {
        let usage = certificate.find::<KeyUsages>()?;
        let exchanges = |usage: KeyUsages| {
            usage.contains(KeyUsage::KeyEncipherment) || usage.contains(KeyUsage::KeyAgreement)
        };
        if !usage.is_none_or(exchanges) {
            return Err(Error::Recipient("keyUsage"));
        }
        let key = certificate.public_key().gost();
        let key = key.map_err(|error| Error::unsupported("key of a recipient", error))?;
        if key.key_algorithm().is_of_2001() {
            return Err(Error::unsupported("key of a recipient", "GOST R 34.10-2001"));
        }
        Ok(Self { certificate, key })
    }

    /// Wraps the key of a content: `RecipientInfo`.
    pub(super) fn wrap(
        &self,
        exchange: Exchange,
        cipher: ContentCipher,
        key: &ContentKey,
        rng: &dyn Rng,
    ) -> Result<Vec<u8>> {
        let ephemeral = ephemeral(self.key, rng)?;
        match cipher {
            ContentCipher::Gost28147 => wrap28147::wrap(self, exchange, &ephemeral, key, rng),
            _ => wrap_kexp15::wrap(self, exchange, (cipher, &ephemeral), key, rng),
        }
    }

    /// `KeyTransRecipientInfo`.
    pub(super) fn transport(&self, algorithm: &[u8], encrypted: &[u8]) -> Vec<u8> {
        let recipient = CertificateId::of(self.certificate).to_der();
        let encrypted = write::tlv(write::OCTET_STRING, encrypted);
        write::sequence(&[&write::integer(0), recipient.as_slice(), algorithm, &encrypted])
    }

    /// `[1] KeyAgreeRecipientInfo` with an ephemeral key of the sender.
    pub(super) fn agreement(
        &self,
        ephemeral: &SigningKey,
        ukm: &[u8],
        algorithm: &[u8],
        encrypted: &[u8],
    ) -> Result<Vec<u8>> {
        let fields = spki_fields_of(ephemeral)?;
        let originator = write::tlv(write::constructed(1), &fields);
        let recipient = CertificateId::of(self.certificate).to_der();
        let encrypted = write::tlv(write::OCTET_STRING, encrypted);
        let keys = write::sequence(&[write::sequence(&[recipient, encrypted])]);
        let ukm = write::tlv(write::OCTET_STRING, ukm);
        let fields = [
            &write::integer(3),
            &write::tlv(write::constructed(0), &originator),
            &write::tlv(write::constructed(1), &ukm),
            algorithm,
            &keys,
        ];
        Ok(write::wrap(write::constructed(1), &fields))
    }
}

impl<'a> Wrapped<'a> {
    /// Finds what the owner of a certificate got among all `RecipientInfo`s.
    ///
    /// `others` are certificates of senders, who may have agreed with keys of their own.
    pub(super) fn find(
        infos: &[u8],
        recipient: &'a Certificate,
        others: &[Certificate],
    ) -> Result<Self> {
        for info in recipients(infos)? {
            if let Some(mine) = info.of(recipient, others)? {
                return Ok(mine);
            }
        }
        Err(Error::NotForThisKey)
    }

    /// Unwraps the key of the content.
    pub(super) async fn unwrap(&self, key: &dyn Signer) -> Result<ContentKey> {
        if key.public_key().key_octets() != self.recipient.public_key().key_octets() {
            return Err(Error::WrongKey);
        }
        let agreement = key.agreement().ok_or_else(|| missing("agree"))?;
        if wrap_kexp15::is(&self.algorithm.oid) {
            return wrap_kexp15::unwrap(self, agreement).await;
        }
        wrap28147::unwrap(self, agreement).await
    }
}

/// What stands in a message for one recipient, or for some who agreed with one key.
pub(super) enum RecipientInfo {
    /// `KeyTransRecipientInfo`.
    Transported(CertificateId, AlgorithmIdentifierOwned, Vec<u8>),
    /// `KeyAgreeRecipientInfo`.
    Agreed(Agreed),
    /// For passwords, and for keys known beforehand.
    Other,
}

/// `RecipientInfos`.
pub(super) fn recipients(infos: &[u8]) -> Result<Vec<RecipientInfo>> {
    Ok(all("recipients", infos, |reader| {
        let header = der::Header::decode(reader)?;
        header.tag().assert_eq(Tag::Set)?;
        let mut infos = SliceReader::new(reader.read_slice(header.length())?)?;
        let mut found = Vec::new();
        while !infos.is_finished() {
            found.push(RecipientInfo::read(&mut infos)?);
        }
        Ok(found)
    })?)
}

impl RecipientInfo {
    /// What the owner of a certificate got, where it is for him.
    fn of<'a>(
        self,
        recipient: &'a Certificate,
        others: &[Certificate],
    ) -> Result<Option<Wrapped<'a>>> {
        match self {
            Self::Transported(id, algorithm, key) if id.names(recipient) => {
                Ok(Some(Wrapped { algorithm, key, agreement: None, recipient }))
            }
            Self::Agreed(Agreed { originator, ukm, algorithm, keys }) => {
                let Some((_, key)) = keys.into_iter().find(|(id, _)| id.names(recipient)) else {
                    return Ok(None);
                };
                let agreement = Some((originator.key(recipient, others)?, ukm));
                Ok(Some(Wrapped { algorithm, key, agreement, recipient }))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn into_ids(self) -> Vec<CertificateId> {
        match self {
            Self::Transported(id, ..) => vec![id],
            Self::Agreed(agreed) => agreed.keys.into_iter().map(|(id, _)| id).collect(),
            Self::Other => Vec::new(),
        }
    }

    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        if let Some(agreed) = parse::tagged(reader, 1)? {
            return Agreed::read(&mut SliceReader::new(agreed)?).map(Self::Agreed);
        }
        if Tag::peek(reader)? != Tag::Sequence {
            reader.tlv_bytes()?;
            return Ok(Self::Other);
        }
        reader.sequence(|reader: &mut SliceReader<'_>| {
            u8::decode(reader)?;
            let id = CertificateId::read(reader)?;
            let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
            let key = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            Ok(Self::Transported(id, algorithm, key))
        })
    }
}

/// `KeyAgreeRecipientInfo`.
pub(super) struct Agreed {
    originator: Originator,
    ukm: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    keys: Vec<(CertificateId, Vec<u8>)>,
}

pub(super) enum Originator {
    Certificate(CertificateId),
    Key(AlgorithmIdentifierOwned, Vec<u8>),
}

impl Agreed {
    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        u8::decode(reader)?;
        let originator = parse::tagged(reader, 0)?.ok_or_else(|| Tag::Sequence.value_error())?;
        let originator = Originator::read(&mut SliceReader::new(originator)?)?;
        let ukm = parse::tagged(reader, 1)?;
        let ukm = ukm.map(<&OctetStringRef>::from_der).transpose()?;
        let algorithm = AlgorithmIdentifierOwned::decode(reader)?;
        let keys = parse::sequence_of(reader, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let id = recipient_id(reader)?;
                Ok((id, <&OctetStringRef>::decode(reader)?.as_bytes().to_vec()))
            })
        })?;
        let ukm = ukm.map(|ukm| ukm.as_bytes().to_vec()).unwrap_or_default();
        Ok(Self { originator, ukm, algorithm, keys })
    }
}

/// `KeyAgreeRecipientIdentifier`: its `[0]` is a sequence that begins with the key identifier.
fn recipient_id(reader: &mut SliceReader<'_>) -> der::Result<CertificateId> {
    let Some(key) = parse::tagged(reader, 0)? else {
        return CertificateId::read(reader);
    };
    let mut key = SliceReader::new(key)?;
    Ok(CertificateId::Key(<&OctetStringRef>::decode(&mut key)?.as_bytes().to_vec()))
}

impl Originator {
    fn read(reader: &mut SliceReader<'_>) -> der::Result<Self> {
        let Some(key) = parse::tagged(reader, 1)? else {
            return CertificateId::read(reader).map(Self::Certificate);
        };
        let mut key = SliceReader::new(key)?;
        let algorithm = AlgorithmIdentifierOwned::decode(&mut key)?;
        let octets = parse::octets(&BitStringRef::decode(&mut key)?)?;
        Ok(Self::Key(algorithm, octets))
    }

    fn key(self, recipient: &Certificate, others: &[Certificate]) -> Result<PublicKey> {
        match self {
            Self::Certificate(id) => {
                let sender = others.iter().find(|one| id.names(one));
                let sender = sender.ok_or_else(|| {
                    Error::unsupported("sender", "the sender's certificate is not at hand")
                })?;
                Ok(sender.public_key().clone())
            }
            Self::Key(mut algorithm, octets) => {
                // Left out, they are those of the recipient's key (RFC 3370 §4.1.1).
                if algorithm.parameters.is_none() {
                    algorithm = recipient.public_key().algorithm();
                }
                let algorithm = write::algorithm(&algorithm);
                let spki = write::sequence(&[algorithm, write::bit_string(&octets)]);
                Ok(PublicKey::from_der(&spki)?)
            }
        }
    }
}

/// The other key of an agreement, as a `SubjectPublicKeyInfo` that stands in some field.
pub(super) fn spki_of(key: &SigningKey) -> Result<Vec<u8>> {
    use der::Encode;
    let spki = key.verifying_key().to_spki();
    let spki = spki.map_err(|error| Error::malformed("ephemeral key", error))?;
    spki.to_der().map_err(|error| Error::malformed("ephemeral key", error))
}

/// The same without its own tag, for those fields that have another in its place.
pub(super) fn spki_fields_of(key: &SigningKey) -> Result<Vec<u8>> {
    let spki = spki_of(key)?;
    let fields = all("public key", &spki, |reader| {
        let header = der::Header::decode(reader)?;
        reader.read_slice(header.length())
    })?;
    Ok(fields.to_vec())
}

/// The algorithm of agreement with a key, by its length.
pub(super) fn agreement_of(key: &VerifyingKey) -> ObjectIdentifier {
    match key.parameter_set().size() {
        32 => oid("1.2.643.7.1.1.6.1"),
        _ => oid("1.2.643.7.1.1.6.2"),
    }
}

/// A key for one message and one recipient, on the recipient's curve.
fn ephemeral(peer: &VerifyingKey, rng: &dyn Rng) -> Result<SigningKey> {
    let set = peer.parameter_set();
    let mut octets = Zeroizing::new(vec![0; set.size()]);
    for _ in 0..MOST_DRAWS {
        rng.fill(&mut octets)?;
        // Uniform below q: what is not below it is drawn again.
        if let Ok(key) = SigningKey::from_le_bytes(set, &octets) {
            return Ok(key);
        }
    }
    Err(gost_ca::provider::ErrorKind::Fault.at("random generator").into())
}

/// Agrees by an open key, and gives 32 or 64 octets.
pub(super) async fn agree<const N: usize>(
    agreement: &dyn KeyAgreement,
    peer: &PublicKey,
    derivation: gost_ca::provider::key_store::Derivation<'_>,
) -> Result<Zeroizing<[u8; N]>> {
    let secret = agreement.agree(peer, derivation).await?;
    let secret = <[u8; N]>::try_from(secret.expose());
    secret.map(Zeroizing::new).map_err(|_| missing("agree"))
}

pub(super) const fn oid(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

/// A quarter of the numbers of the curves of cofactor 4 is below q: enough for a generator that works.
const MOST_DRAWS: usize = 500;
