//! Keys wrapped by `KExp15` (R 1323565.1.025-2019, 5.2 and 5.3).
//!
//! The keying material has 32 octets: KEG takes the first 24, the initialization vector of `KExp15` is in the
//! others.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::provider::Rng;
use gost_ca::provider::key_store::{Derivation, KeyAgreement};
use gost_ca::x509::parse::all;
use gost_ca::x509::{PublicKey, write};
use gost_symmetric::agreement::{keg, keg_ukm};
use gost_symmetric::kexp15::{self, ExportKeys};
use gost_symmetric::{Kuznyechik, Magma};
use gost3410::{SigningKey, vko};
use zeroize::Zeroizing;

use super::content::ContentCipher;
use super::recipient::{
    ContentKey, Exchange, Recipient, Wrapped, agree, agreement_of, oid, spki_of,
};
use crate::error::{Error, Result};

const MAGMA: ObjectIdentifier = oid("1.2.643.7.1.1.7.1.1");
const KUZNYECHIK: ObjectIdentifier = oid("1.2.643.7.1.1.7.2.1");

/// Whether a key-encryption algorithm is one of these.
pub(super) fn is(algorithm: &ObjectIdentifier) -> bool {
    [MAGMA, KUZNYECHIK].contains(algorithm)
}

pub(super) fn wrap(
    recipient: &Recipient<'_>,
    exchange: Exchange,
    (cipher, ephemeral): (ContentCipher, &SigningKey),
    key: &ContentKey,
    rng: &dyn Rng,
) -> Result<Vec<u8>> {
    let magma = matches!(cipher, ContentCipher::Magma | ContentCipher::MagmaOmac);
    let mut ukm = [0; 32];
    rng.fill(&mut ukm)?;
    let wrong = |error: &dyn core::fmt::Display| Error::malformed("key of a recipient", error);
    let point = vko(ephemeral, recipient.key, &keg_ukm(&ukm)).map_err(|error| wrong(&error))?;
    let keys = keg(&point, &ukm).map_err(|error| wrong(&error))?;
    let exported = if magma {
        kexp15::export::<Magma>(&keys, vector(&ukm, MAGMA), &**key)
    } else {
        kexp15::export::<Kuznyechik>(&keys, vector(&ukm, KUZNYECHIK), &**key)
    };
    let exported = exported.map_err(|error| wrong(&error))?;
    let wrap = if magma { MAGMA } else { KUZNYECHIK };
    let parameters = write::sequence(&[write::oid(&agreement_of(recipient.key))]);
    let algorithm = write::sequence(&[write::oid(&wrap), parameters]);
    match exchange {
        Exchange::Agreement => recipient.agreement(ephemeral, &ukm, &algorithm, &exported),
        Exchange::Transport => {
            let exported = write::tlv(write::OCTET_STRING, &exported);
            let ukm = write::tlv(write::OCTET_STRING, &ukm);
            let transport = write::sequence(&[exported, spki_of(ephemeral)?, ukm]);
            Ok(recipient.transport(&algorithm, &transport))
        }
    }
}

pub(super) async fn unwrap(
    wrapped: &Wrapped<'_>,
    agreement: &dyn KeyAgreement,
) -> Result<ContentKey> {
    let (exported, peer, ukm) = match &wrapped.agreement {
        Some((peer, ukm)) => (wrapped.key.clone(), peer.clone(), ukm.clone()),
        None => transported(&wrapped.key)?,
    };
    let ukm = <[u8; 32]>::try_from(ukm.as_slice())
        .map_err(|_| Error::malformed("keying material", "not of 32 octets"))?;
    let both = agree::<64>(agreement, &peer, Derivation::Keg { h: &ukm }).await?;
    let (authentication, encryption) = both.split_at(32);
    let half = |octets: &[u8]| {
        let mut half = Zeroizing::new([0; 32]);
        half.iter_mut().zip(octets).for_each(|(to, from)| *to = *from);
        half
    };
    let keys = ExportKeys { authentication: half(authentication), encryption: half(encryption) };
    let iv = vector(&ukm, wrapped.algorithm.oid);
    let key = match wrapped.algorithm.oid {
        MAGMA => kexp15::import::<Magma>(&keys, iv, &exported),
        _ => kexp15::import::<Kuznyechik>(&keys, iv, &exported),
    };
    let key = key.map_err(|_| Error::Forged)?;
    let key = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| Error::Forged)?;
    Ok(Zeroizing::new(key))
}

/// `SEQUENCE { keyExp, ephemeralPublicKey, ukm }`.
fn transported(octets: &[u8]) -> Result<(Vec<u8>, PublicKey, Vec<u8>)> {
    let (exported, peer, ukm) = all("wrapped key", octets, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let exported = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            let peer = reader.tlv_bytes()?.to_vec();
            let ukm = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
            Ok::<_, der::Error>((exported, peer, ukm))
        })
    })?;
    Ok((exported, PublicKey::from_der(&peer)?, ukm))
}

/// The initialization vector of `KExp15`: half a block.
fn vector(ukm: &[u8; 32], wrap: ObjectIdentifier) -> &[u8] {
    let (_, rest) = ukm.split_at(24);
    let length = if wrap == MAGMA { 4 } else { 8 };
    rest.get(..length).unwrap_or_default()
}
