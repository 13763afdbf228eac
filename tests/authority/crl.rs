//! CRLs.

use gost_ca::authority::CrlHeading;
use gost_ca::provider::authority::CrlOrder;
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::{CertificateAuthority, ErrorKind};
use gost_ca::x509::extensions::{AuthorityKeyIdentifier, RevocationReason, find};
use gost_ca::x509::{CertificateList, CrlEntry, SerialNumber};
use gost_ca_software::GostVerifier;
use gost_hash::{Digest as _, Streebog256};

use super::support::{CRYPTO_PRO_A, SET_512_C, at, authority, root, root_key, signer};

fn entry(number: u8, reason: u8) -> Vec<u8> {
    let serial = SerialNumber::from_magnitude(&[number]).unwrap();
    let invalidity = (reason == 1).then(|| at("2026-01-01T00:00:00Z"));
    let date = at("2026-02-01T10:00:00Z");
    CrlEntry { serial: &serial, date, reason, invalidity }.to_der().unwrap()
}

pub(crate) fn order(issuer: gost_ca::x509::KeyIdentity, entries: Vec<Vec<u8>>) -> CrlOrder {
    let (this_update, next_update) = (at("2026-03-01T00:00:00Z"), at("2026-03-08T00:00:00Z"));
    CrlOrder { issuer, number: 0x80, this_update, next_update, entries }
}

#[tokio::test]
async fn a_crl_says_what_was_ordered() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = *authority.keys().next().unwrap().identity();
    for entries in [vec![], vec![entry(1, 0), entry(2, 1), entry(200, 6)]] {
        let order = order(key, entries.clone());
        let crl = authority.crl_issuer().unwrap().issue_crl(&order).await.unwrap();
        let crl = CertificateList::from_der(&crl).unwrap();
        assert_eq!(crl.verify(authority.certificate().public_key(), &GostVerifier), Ok(()));
        assert_eq!(crl.issuer(), authority.certificate().subject());
        assert_eq!((crl.number(), crl.this_update()), (Some(0x80), order.this_update));
        assert_eq!(crl.next_update(), Some(order.next_update));
        assert!(crl.entries().eq(entries.iter().map(Vec::as_slice)));
        let identifier: AuthorityKeyIdentifier = find(crl.extensions()).unwrap().unwrap();
        assert_eq!(identifier.key, authority.certificate().subject_key());
        let reasons: Vec<_> = crl.listed().map(|listed| listed.reason).collect();
        let expected =
            [None, Some(RevocationReason::KeyCompromise), Some(RevocationReason::CertificateHold)];
        assert_eq!(reasons, expected[..entries.len()]);
    }
}

/// Written in pieces, hashed in pieces, the entries never together in memory.
#[tokio::test]
async fn a_streamed_crl_is_the_same() {
    let authority = root(CRYPTO_PRO_A).await;
    let issuer = *authority.keys().next().unwrap().identity();
    let entries = (0..10_000_u32).map(|number| {
        let serial = SerialNumber::from_magnitude(&(number + 1).to_be_bytes()).unwrap();
        let date = at("2026-02-01T10:00:00Z");
        CrlEntry { serial: &serial, date, reason: 5, invalidity: None }.to_der().unwrap()
    });
    let length = entries.clone().map(|entry| u64::try_from(entry.len()).unwrap()).sum();
    let CrlOrder { number, this_update, next_update, .. } = order(issuer, Vec::new());
    let heading = CrlHeading { issuer, number, this_update, next_update };
    let frame = authority.frame_crl(&heading, length).unwrap();

    let (mut file, mut hash) = (Vec::new(), Streebog256::new());
    let pieces = core::iter::once(frame.head().to_vec())
        .chain(entries)
        .chain(core::iter::once(frame.tail().to_vec()));
    for piece in pieces {
        hash.update(&piece);
        file.extend(piece);
    }
    assert_eq!(frame.signed_length(), u64::try_from(file.len()).unwrap());
    let digest = Digest {
        algorithm: gost_ca::oid::Oid::new_unwrap("1.2.643.7.1.1.2.2").0,
        octets: hash.finalize().to_vec(),
    };
    let seal = authority.seal_crl(&issuer, &frame, &digest).await.unwrap();
    let crl = CertificateList::from_der(&[seal.head, file, seal.tail].concat()).unwrap();
    assert_eq!(crl.verify(authority.certificate().public_key(), &GostVerifier), Ok(()));
    assert_eq!(crl.listed().count(), 10_000);
}

/// U1: each CRL by the key that issued.
#[tokio::test]
async fn each_key_signs_its_own_crl() {
    let old = root_key(signer(CRYPTO_PRO_A, 1)).await;
    let new = root_key(signer(SET_512_C, 2)).await;
    let both = authority(new.clone()).with_key(old.clone()).unwrap();
    for key in [&old, &new] {
        let order = order(*key.identity(), vec![entry(1, 5)]);
        let crl = both.crl_issuer().unwrap().issue_crl(&order).await.unwrap();
        let crl = CertificateList::from_der(&crl).unwrap();
        assert_eq!(crl.verify(key.certificate().public_key(), &GostVerifier), Ok(()));
    }
}

#[tokio::test]
async fn a_crl_that_is_none_is_refused() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = *authority.keys().next().unwrap().identity();
    let issuer = authority.crl_issuer().unwrap();
    let mut bad = order(key, vec![entry(1, 5)]);
    bad.next_update = bad.this_update;
    assert_eq!(*issuer.issue_crl(&bad).await.unwrap_err().kind(), ErrorKind::Invalid);
    let bad = order(key, vec![[entry(1, 5), entry(2, 5)].concat()]);
    assert_eq!(*issuer.issue_crl(&bad).await.unwrap_err().kind(), ErrorKind::Invalid);
    let bad = order(gost_ca::x509::KeyIdentity::from_octets([0; 32]), Vec::new());
    assert_eq!(*issuer.issue_crl(&bad).await.unwrap_err().kind(), ErrorKind::NotFound);
}
