//! What OpenSSL made.

use std::io::Read;

use gost_ca::x509::{Certificate, write};
use gost_ca_documents::{
    EnvelopedDataReader, Error, Limits, Sections, SignedData, SignedDataReader, oid,
};

use crate::support::{certificate, key, sample};

#[test]
fn all_signed_samples_are_read() {
    for (name, attached, signers) in [
        ("ul-attached.p7s", true, 1),
        ("ul-detached.p7s", false, 1),
        ("ip-noattr.p7s", true, 1),
        ("ul512-attached.p7s", true, 1),
        ("person-nocerts.p7s", false, 1),
        ("auto-keyid.p7s", true, 1),
        ("ul-cades-bes.p7s", false, 1),
        ("ul-cades-bes-attached.p7s", true, 1),
        ("ul-ip-cosigned.p7s", true, 2),
        ("ul-streamed-ber.p7s", true, 1),
        ("p7b-chain.p7b", false, 0),
        ("p7b-crl.p7b", false, 0),
        ("ts256.tst", true, 1),
        ("ul-cades-t.p7s", false, 1),
        ("person-cades-xlt1.p7s", false, 1),
    ] {
        let (message, content) = SignedData::from_octets(&sample(name))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(content.is_some(), attached, "{name}");
        assert_eq!(message.signers.len(), signers, "{name}");
        if attached && name != "ts256.tst" {
            assert_eq!(content.unwrap(), sample("doc.txt"), "{name}");
        }
    }
}

#[test]
fn detached_messages_are_written_as_they_came() {
    for name in ["ul-detached.p7s", "person-nocerts.p7s", "p7b-crl.p7b"] {
        let (message, _) = SignedData::from_octets(&sample(name)).unwrap();
        let (again, _) = SignedData::from_octets(&message.to_detached()).unwrap();
        assert_eq!(again, message, "{name}");
    }
    let (message, _) = SignedData::from_octets(&sample("p7b-crl.p7b")).unwrap();
    assert_eq!((message.certificates().len(), message.crls().len()), (1, 1));
}

/// Every cut and every octet changed is an error or another message, never a panic.
#[test]
fn damaged_messages_are_refused() {
    let whole = sample("ul-streamed-ber.p7s");
    for length in 0..whole.len() {
        assert!(SignedData::from_octets(&whole[..length]).is_err(), "{length}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert!(matches!(SignedData::from_octets(&longer), Err(Error::Malformed(_))));
    for position in 0..whole.len() {
        let mut changed = whole.clone();
        changed[position] ^= 0x81;
        let _ = SignedData::from_octets(&changed);
    }
    let sealed = sample("env-gost89-ul.p7m");
    let other = SignedDataReader::open(&sealed[..], Limits::default());
    assert!(matches!(other, Err(Error::OtherType(_))));
}

/// A second set of signatures could be another for another reader.
#[test]
fn fields_stand_once_and_in_order() {
    let signers = write::tlv(write::SET, &[]);
    let certificates = write::tlv(write::constructed(0), &[]);
    for (fields, good) in [
        (vec![&signers], true),
        (vec![&certificates, &signers], true),
        (vec![], false),
        (vec![&certificates], false),
        (vec![&signers, &signers], false),
        (vec![&signers, &certificates], false),
        (vec![&certificates, &certificates, &signers], false),
    ] {
        let content = write::sequence(&[write::oid(&oid::DATA)]);
        let before = [write::integer(1), write::tlv(write::SET, &[]), content].concat();
        let fields: Vec<u8> = fields.into_iter().flatten().copied().collect();
        let inner = write::sequence(&[before, fields]);
        let signed_data = const_oid::ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
        let message =
            write::sequence(&[write::oid(&signed_data), write::tlv(write::constructed(0), &inner)]);
        assert_eq!(SignedData::from_octets(&message).is_ok(), good, "{message:x?}");
    }
}

async fn decrypt(name: &str, owner: &str) -> gost_ca_documents::Result<Vec<u8>> {
    let message = sample(name);
    let reader = EnvelopedDataReader::open(&message[..], Limits::default())?;
    let certificate: Certificate = certificate(owner);
    let mut opened = reader.decrypt((&key(owner), &certificate), &[], Sections::Engine).await?;
    let mut content = Vec::new();
    opened.read_to_end(&mut content)?;
    opened.finish()?;
    Ok(content)
}

#[tokio::test]
async fn all_encrypted_samples_are_decrypted() {
    for (name, owner) in [
        ("env-gost89-ul.p7m", "ul"),
        ("env-kuz-omac-person.p7m", "person"),
        ("env-kuz-ul512.p7m", "ul512"),
        ("env-magma-person.p7m", "person"),
    ] {
        assert_eq!(decrypt(name, owner).await.unwrap(), sample("doc.txt"), "{name}");
    }
    let other = decrypt("env-gost89-ul.p7m", "person").await;
    assert!(matches!(other, Err(Error::NotForThisKey)));
}
