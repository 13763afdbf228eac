//! Keys wrapped under GOST 28147-89 (RFC 4490 §4), for old readers and of old writers.

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::provider::Rng;
use gost_ca::provider::key_store::{Derivation, KeyAgreement};
use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{PublicKey, write};
use gost_symmetric::agreement::vko_256;
use gost_symmetric::legacy::{KeyWrap, Sbox, WrappedKey};
use gost3410::{SigningKey, vko};
use spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

use super::content::{PARAM_Z, sbox};
use super::recipient::{
    ContentKey, Exchange, Recipient, Wrapped, agree, agreement_of, oid, spki_fields_of,
};
use crate::error::{Error, Result};

const PLAIN_WRAP: ObjectIdentifier = oid("1.2.643.2.2.13.0");
const CRYPTOPRO_WRAP: ObjectIdentifier = oid("1.2.643.2.2.13.1");

pub(super) fn wrap(
    recipient: &Recipient<'_>,
    exchange: Exchange,
    ephemeral: &SigningKey,
    key: &ContentKey,
    rng: &dyn Rng,
) -> Result<Vec<u8>> {
    let mut ukm = [0; 8];
    rng.fill(&mut ukm)?;
    let wrong = |error: &dyn core::fmt::Display| Error::malformed("key of a recipient", error);
    let point = vko(ephemeral, recipient.key, &ukm).map_err(|error| wrong(&error))?;
    let kek = vko_256(&point).map_err(|error| wrong(&error))?;
    let wrapped = KeyWrap::CryptoPro.wrap(&Sbox::PARAM_Z, &kek, &ukm, &**key);
    let wrapped = encode(&wrapped.map_err(|error| wrong(&error))?);
    match exchange {
        Exchange::Agreement => {
            let set = write::sequence(&[write::oid(&PARAM_Z)]);
            let wrap = write::sequence(&[write::oid(&CRYPTOPRO_WRAP), set]);
            let algorithm = write::sequence(&[write::oid(&agreement_of(recipient.key)), wrap]);
            recipient.agreement(ephemeral, &ukm, &algorithm, &wrapped)
        }
        Exchange::Transport => {
            let parameters = [
                write::oid(&PARAM_Z),
                write::tlv(write::constructed(0), &spki_fields_of(ephemeral)?),
                write::tlv(write::OCTET_STRING, &ukm),
            ];
            let parameters = write::wrap(write::constructed(0), &parameters);
            let algorithm = write::algorithm(&recipient.certificate.public_key().algorithm());
            Ok(recipient.transport(&algorithm, &write::sequence(&[wrapped, parameters])))
        }
    }
}

pub(super) async fn unwrap(
    wrapped: &Wrapped<'_>,
    agreement: &dyn KeyAgreement,
) -> Result<ContentKey> {
    let (key, wrap, sbox, peer, ukm) = if let Some((peer, ukm)) = &wrapped.agreement {
        let (wrap, sbox) = stated_wrap(&wrapped.algorithm)?;
        let key = all("wrapped key", &wrapped.key, decode)?;
        (key, wrap, sbox, peer.clone(), ukm.clone())
    } else {
        let (key, set, peer, ukm) = transported(&wrapped.key)?;
        (key, KeyWrap::CryptoPro, sbox(&set)?, peer, ukm)
    };
    let own = wrapped.recipient.public_key().gost();
    let own = own.map_err(|error| Error::unsupported("key of a recipient", error))?;
    let derivation = if own.key_algorithm().is_of_2001() {
        Derivation::Vko2001 { ukm: &ukm }
    } else {
        Derivation::Vko256 { ukm: &ukm }
    };
    let kek = agree::<32>(agreement, &peer, derivation).await?;
    let key = wrap.unwrap(&sbox, &kek, &ukm, &key).map_err(|_| Error::Forged)?;
    let key = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| Error::Forged)?;
    Ok(Zeroizing::new(key))
}

/// `KeyWrapAlgorithm` in the parameters of a key agreement: it and the set of parameters.
fn stated_wrap(algorithm: &AlgorithmIdentifierOwned) -> Result<(KeyWrap, Sbox)> {
    let known = AGREEMENTS.contains(&algorithm.oid.to_string().as_str());
    let parameters = algorithm.parameters.as_ref().filter(|_| known);
    let unknown = || Error::unsupported("key wrapping", algorithm.oid);
    let parameters = parameters.ok_or_else(unknown)?;
    let (wrap, set) = all("key wrapping", parameters.value(), |reader| {
        let wrap = ObjectIdentifier::decode(reader)?;
        let set = reader.sequence(|reader: &mut SliceReader<'_>| ObjectIdentifier::decode(reader));
        Ok((wrap, set?))
    })?;
    let wrap = match wrap {
        PLAIN_WRAP => KeyWrap::Plain,
        CRYPTOPRO_WRAP => KeyWrap::CryptoPro,
        other => return Err(Error::unsupported("key wrapping", other)),
    };
    Ok((wrap, sbox(&set)?))
}

/// `GostR3410-KeyTransport`: the key, the set of parameters, the other key and the keying material.
fn transported(octets: &[u8]) -> Result<(WrappedKey, ObjectIdentifier, PublicKey, Vec<u8>)> {
    let (key, parameters) = all("wrapped key", octets, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let key = decode(reader)?;
            Ok::<_, der::Error>((key, parse::tagged(reader, 0)?.unwrap_or_default()))
        })
    })?;
    let (set, peer, ukm) = all("wrapped key", parameters, |reader| {
        let set = ObjectIdentifier::decode(reader)?;
        let peer = parse::tagged(reader, 0)?.unwrap_or_default();
        Ok((set, peer, <&OctetStringRef>::decode(reader)?.as_bytes().to_vec()))
    })?;
    let peer = PublicKey::from_der(&write::tlv(write::SEQUENCE, peer))?;
    Ok((key, set, peer, ukm))
}

/// `Gost28147-89-EncryptedKey`.
fn encode(key: &WrappedKey) -> Vec<u8> {
    let encrypted = write::tlv(write::OCTET_STRING, &key.encrypted);
    write::sequence(&[encrypted, write::tlv(write::OCTET_STRING, &key.mac)])
}

fn decode(reader: &mut SliceReader<'_>) -> der::Result<WrappedKey> {
    reader.sequence(|reader: &mut SliceReader<'_>| {
        let encrypted = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
        parse::tagged(reader, 0)?; // maskKey, of nobody
        let mac = <&OctetStringRef>::decode(reader)?;
        let mac = mac.as_bytes().try_into().map_err(|_| der::Tag::OctetString.value_error())?;
        Ok(WrappedKey { encrypted, mac })
    })
}

/// Under which key-encryption algorithms agreement is met: RFC 4490 §4.1.1 and those of TC26.
const AGREEMENTS: [&str; 6] = [
    "1.2.643.2.2.96",
    "1.2.643.2.2.98",
    "1.2.643.7.1.1.1.1",
    "1.2.643.7.1.1.1.2",
    "1.2.643.7.1.1.6.1",
    "1.2.643.7.1.1.6.2",
];
