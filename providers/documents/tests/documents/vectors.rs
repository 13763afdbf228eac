//! The official examples.

use std::io::Read;

use base64ct::{Base64, Encoding};
use gost_ca::provider::verifier::{Check, DigestCheck};
use gost_ca::provider::{Signer, Verifier};
use gost_ca::x509::{Certificate, PublicKey, write};
use gost_ca_documents::enveloped::EncryptedDataReader;
use gost_ca_documents::{
    CertificateId, ContentDigests, EnvelopedDataReader, HashFunction, Limits, Sections, SignedData,
    SignerInfo,
};
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::{ParameterSet, SigningKey};
use serde_json::Value;

use crate::support::{data, signer, unsigned};

fn vectors(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_slice(&std::fs::read(data("cms.json")).unwrap()).unwrap();
    let all = all["vectors"].as_array().unwrap();
    all.iter().filter(|one| one["type"] == kind).cloned().collect()
}

fn base64(vector: &Value, field: &str) -> Option<Vec<u8>> {
    vector[field].as_str().map(|text| Base64::decode_vec(text).unwrap())
}

fn octets(vector: &Value, field: &str) -> Option<Vec<u8>> {
    vector[field].as_str().map(|text| hex::decode(text).unwrap())
}

/// A number that is printed with its highest digits first, little-endian, of the length of a curve.
fn number(text: &str, size: usize) -> Vec<u8> {
    let width = size * 2;
    let mut octets = hex::decode(format!("{text:0>width$}")).unwrap();
    octets.reverse();
    octets
}

/// A key that is given by its number, as `PKCS#8` states it with the algorithm of a public key.
fn by_number(text: &str, algorithm: &[u8], size: usize) -> GostSigner {
    let key = write::tlv(write::OCTET_STRING, &number(text, size));
    signer(&write::sequence(&[&write::integer(0), algorithm, &key]))
}

fn key_of_curve(vector: &Value, text: &str) -> GostSigner {
    let set = ParameterSet::from_oid(vector["curve"].as_str().unwrap().parse().unwrap()).unwrap();
    let key = SigningKey::from_le_bytes(set, &number(text, set.size())).unwrap();
    let algorithm = write::algorithm(key.verifying_key().algorithm());
    by_number(text, &algorithm, set.size())
}

fn verify(info: &SignerInfo, key: &PublicKey, content: &[u8]) {
    let algorithm = GostVerifier.signature_algorithm(key).unwrap();
    let digests = ContentDigests::of(&mut &content[..], &[info.hash_function().unwrap()]).unwrap();
    let digest = digests.by(info.hash_function().unwrap()).unwrap();
    let signature = info.signature();
    if let Some(message) = info.signed_octets() {
        assert_eq!(info.message_digest().unwrap().as_ref(), Some(&digest.octets));
        let check = Check { key, algorithm: &algorithm, message, signature };
        GostVerifier.verify(&check).unwrap();
    } else {
        let check = DigestCheck { key, algorithm: &algorithm, digest, signature };
        GostVerifier.digests().unwrap().verify_digest(&check).unwrap();
    }
}

#[test]
fn signed_messages_are_read_and_verify() {
    let all = vectors("signedData");
    assert_eq!(all.len(), 5);
    for vector in all {
        let id = vector["id"].as_str().unwrap();
        let (message, content) = SignedData::from_octets(&base64(&vector, "cms").unwrap()).unwrap();
        assert_eq!(content, octets(&vector, "content"), "{id}");
        let key = if let Some(der) = base64(&vector, "signer_cert") {
            Certificate::from_der(&der).unwrap().public_key().clone()
        } else {
            let key = key_of_curve(&vector, vector["signer_d"].as_str().unwrap());
            Signer::public_key(&key).clone()
        };
        let [info] = message.signers.as_slice() else { panic!("{id}") };
        verify(info, &key, &content.unwrap());
        assert_eq!(info, &SignerInfo::from_der(&info.to_der()).unwrap(), "{id}");
    }
}

fn recipient(vector: &Value, message: &[u8]) -> (GostSigner, Certificate) {
    if let Some(key) = base64(vector, "key_recipient") {
        let certificate = base64(vector, "cert_recipient").unwrap();
        return (signer(&key), Certificate::from_der(&certificate).unwrap());
    }
    let d = vector["recipient_d"].as_str().unwrap();
    if let Some(certificate) = base64(vector, "recipient_cert") {
        let certificate = Certificate::from_der(&certificate).unwrap();
        let algorithm = write::algorithm(&certificate.public_key().algorithm());
        return (by_number(d, &algorithm, 32), certificate);
    }
    // The certificate is not given: only whose it is, in the message.
    let key = key_of_curve(vector, d);
    let reader = EnvelopedDataReader::open(message, Limits::default()).unwrap();
    let [CertificateId::IssuerSerial(issuer, serial)] = &reader.recipients().unwrap()[..] else {
        panic!("{vector}");
    };
    let certificate = unsigned(issuer, serial.as_der_contents(), Signer::public_key(&key));
    (key, certificate)
}

#[tokio::test]
async fn enveloped_messages_are_decrypted() {
    let all = vectors("envelopedData");
    assert_eq!(all.len(), 10);
    for vector in all {
        let id = vector["id"].as_str().unwrap();
        let message = base64(&vector, "cms").unwrap();
        let (key, certificate) = recipient(&vector, &message);
        let senders: Vec<_> = base64(&vector, "cert_sender")
            .map(|der| Certificate::from_der(&der).unwrap())
            .into_iter()
            .collect();
        let reader = EnvelopedDataReader::open(&message[..], Limits::default()).unwrap();
        let opened = reader.decrypt((&key, &certificate), &senders, Sections::Standard).await;
        let mut opened = opened.unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut content = Vec::new();
        opened.read_to_end(&mut content).unwrap();
        opened.finish().unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(Some(content), octets(&vector, "content"), "{id}");
    }
}

#[test]
fn encrypted_messages_are_decrypted_under_a_known_key() {
    let all = vectors("encryptedData");
    assert_eq!(all.len(), 2);
    for vector in all {
        let message = base64(&vector, "cms").unwrap();
        let key = octets(&vector, "key").unwrap().try_into().unwrap();
        let reader = EncryptedDataReader::open(&message[..], Limits::default()).unwrap();
        let mut opened = reader.decrypt(&key, Sections::Standard).unwrap();
        let mut content = Vec::new();
        opened.read_to_end(&mut content).unwrap();
        opened.finish().unwrap();
        assert_eq!(Some(content), octets(&vector, "content"), "{}", vector["id"]);
    }
}

#[test]
fn hash_functions_are_those_of_the_digested_messages() {
    let all = vectors("digestedData");
    assert_eq!(all.len(), 4);
    for vector in all {
        let content = octets(&vector, "content").unwrap();
        let digest = octets(&vector, "digest").unwrap();
        let function =
            if digest.len() == 32 { HashFunction::Streebog256 } else { HashFunction::Streebog512 };
        assert_eq!(function.digest(&content).octets, digest, "{}", vector["id"]);
    }
}
