//! Messages signed here: attached, detached, streamed, signed again and over.

use std::io::{Read, Write};

use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Signer, Verifier};
use gost_ca::x509::Certificate;
use gost_ca_documents::{
    ContentDigests, Error, HashFunction, Limits, Signatory, SignedData, SignedDataReader,
    SignedDataStream, SignerInfo, Signing, oid,
};
use gost_ca_software::GostVerifier;
use gost3410::ParameterSet;

use crate::support::{invented, long};

fn signing() -> Signing {
    Signing { time: Some("2026-03-02T09:00:00Z".parse().unwrap()), ..Signing::default() }
}

fn verify(info: &SignerInfo, certificate: &Certificate) {
    let key = certificate.public_key();
    let algorithm = GostVerifier.signature_algorithm(key).unwrap();
    let message = info.signed_octets().unwrap();
    let check = Check { key, algorithm: &algorithm, message, signature: info.signature() };
    GostVerifier.verify(&check).unwrap();
}

#[tokio::test]
async fn every_parameter_set_signs_attached_and_detached() {
    let content = long(200_000);
    for set in ParameterSet::ALL {
        let (key, certificate) = invented(*set, 7);
        let signatory = Signatory::new(&key, &certificate).unwrap();
        let functions = [signatory.hash_function()];
        let digests = ContentDigests::of(&mut &content[..], &functions).unwrap();
        let mut message = SignedData::new(oid::DATA);
        message.sign(&signatory, &signing(), &digests).await.unwrap();
        assert_eq!(
            SignedData::from_octets(&message.to_detached()).unwrap(),
            (message.clone(), None)
        );
        let mut attached = Vec::new();
        message.write_attached(&digests, &mut &content[..], &mut attached).unwrap();
        let mut reader = SignedDataReader::open(&attached[..], Limits::default()).unwrap();
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert_eq!(read, content);
        let (again, hashed) = reader.finish().unwrap();
        assert_eq!((&again, &hashed), (&message, &digests));
        let info = &again.signers[0];
        verify(info, &certificate);
        let digest = hashed.by(functions[0]).unwrap();
        assert_eq!(info.message_digest().unwrap().as_ref(), Some(&digest.octets));
        assert_eq!(info.signing_time().unwrap(), signing().time);
        assert_eq!(info.content_type().unwrap(), Some(oid::DATA));
        assert!(info.certificate_reference().unwrap().unwrap().names(&certificate));
        assert!(info.signer().names(&certificate));
    }
}

#[tokio::test]
async fn what_is_read_once_is_signed_in_pieces() {
    let (first, first_certificate) = invented(ParameterSet::TC26_256_A, 7);
    let (second, second_certificate) = invented(ParameterSet::TC26_512_C, 8);
    let signatories = [
        Signatory::new(&first, &first_certificate).unwrap(),
        Signatory::new(&second, &second_certificate).unwrap(),
    ];
    let functions = [HashFunction::Streebog256, HashFunction::Streebog512];
    for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
        let content = long(length);
        let message = SignedData::new(oid::DATA);
        let mut stream = SignedDataStream::begin(Vec::new(), message, &functions).unwrap();
        stream.write_all(&content).unwrap();
        let (written, message) = stream.finish(&signatories, &signing()).await.unwrap();
        let (read, read_content) = SignedData::from_octets(&written).unwrap();
        assert_eq!(read_content.as_ref(), Some(&content));
        assert_eq!(read.signers.len(), 2);
        for certificate in [&first_certificate, &second_certificate] {
            let info = read.signers.iter().find(|one| one.signer().names(certificate)).unwrap();
            verify(info, certificate);
        }
        assert_eq!(message.signers.len(), 2);
    }
}

#[tokio::test]
async fn signatures_are_signed_and_others_stand_beside_them() {
    let content = b"a contract";
    let (first, first_certificate) = invented(ParameterSet::CRYPTO_PRO_A, 7);
    let (second, second_certificate) = invented(ParameterSet::TC26_512_A, 8);
    let first = Signatory::new(&first, &first_certificate).unwrap();
    let second = Signatory::new(&second, &second_certificate).unwrap();
    let all = HashFunction::ALL;
    let digests = ContentDigests::of(&mut &content[..], &all).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&first, &signing(), &digests).await.unwrap();
    let (mut message, _) = SignedData::from_octets(&message.to_detached()).unwrap();
    message.sign(&second, &signing(), &digests).await.unwrap();
    message.signers[0].counter_sign(&second, signing().time).await.unwrap();
    message.signers[0].counter_sign(&first, None).await.unwrap();

    let (read, _) = SignedData::from_octets(&message.to_detached()).unwrap();
    assert_eq!(read.signers.len(), 2);
    let signed = read.signers.iter().find(|one| one.signer().names(&first_certificate)).unwrap();
    verify(signed, &first_certificate);
    let counter = signed.counter_signatures().unwrap();
    assert_eq!(counter.len(), 2);
    for info in counter {
        let certificate = [&first_certificate, &second_certificate]
            .into_iter()
            .find(|one| info.signer().names(one))
            .unwrap();
        verify(&info, certificate);
        let digest = info.hash_function().unwrap().digest(signed.signature());
        assert_eq!(info.message_digest().unwrap(), Some(digest.octets));
        assert_eq!(info.content_type().unwrap(), None, "RFC 5652 §11.4");
    }
}

#[tokio::test]
async fn a_content_that_changes_is_not_attached() {
    let (key, certificate) = invented(ParameterSet::TC26_256_B, 7);
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let digests = ContentDigests::of(&mut &b"one"[..], &[HashFunction::Streebog256]).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &signing(), &digests).await.unwrap();
    for other in [&b"two"[..], b"one more", b"on"] {
        let written = message.write_attached(&digests, &mut &other[..], &mut Vec::new());
        assert!(matches!(written, Err(Error::Changed)));
    }
}

#[tokio::test]
async fn keys_sign_under_their_own_certificate_and_hash() {
    let (key, _) = invented(ParameterSet::TC26_256_B, 7);
    let (_, other) = invented(ParameterSet::TC26_256_B, 8);
    assert!(matches!(Signatory::new(&key, &other), Err(Error::WrongKey)));
    let (key, certificate) = invented(ParameterSet::TC26_256_B, 7);
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let long = ContentDigests::of(&mut &b"one"[..], &[HashFunction::Streebog512]).unwrap();
    let mut message = SignedData::new(oid::DATA);
    let signed = message.sign(&signatory, &signing(), &long).await;
    assert!(matches!(signed, Err(Error::Malformed(_))));
    assert!(message.signers.is_empty());
    assert!(!Signer::public_key(&key).as_der().is_empty());
}
