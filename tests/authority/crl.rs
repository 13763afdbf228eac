//! CRLs.

use gost_ca::authority::{AuthorityKey, LocalAuthority, frame_crl, issue_crl};
use gost_ca::provider::authority::{CrlHeading, CrlScope};
use gost_ca::provider::{CertificateAuthority, ErrorKind, Result, Verifier};
use gost_ca::x509::crl::{CrlLayout, EntrySerial, SignedPart, first_entry};
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, DeltaCrlIndicator, ExpiredCertsOnCrl, FreshestCrl,
    IssuingDistributionPoint, RevocationReason, find,
};
use gost_ca::x509::{CertificateList, CrlEntry, KeyIdentity, SerialNumber};
use gost_ca_software::GostVerifier;

use super::support::{CRYPTO_PRO_A, SET_512_C, at, authority, root, root_key, signer};

fn entry(number: u8, reason: u8) -> Vec<u8> {
    let serial = SerialNumber::from_magnitude(&[number]).unwrap();
    let invalidity = (reason == 1).then(|| at("2026-01-01T00:00:00Z"));
    let date = at("2026-02-01T10:00:00Z");
    CrlEntry { serial: &serial, date, reason, invalidity }.to_der().unwrap()
}

pub(crate) fn heading(issuer: KeyIdentity) -> CrlHeading {
    let (this_update, next_update) = (at("2026-03-01T00:00:00Z"), at("2026-03-08T00:00:00Z"));
    CrlHeading { issuer, number: 0x80, this_update, next_update, scope: CrlScope::default() }
}

/// A CRL by a key of the authority.
pub(crate) async fn issue(
    authority: &LocalAuthority,
    key: &AuthorityKey,
    (heading, entries): (&CrlHeading, &[Vec<u8>]),
) -> Result<Vec<u8>> {
    let algorithm = GostVerifier.signature_algorithm(key.certificate().public_key()).unwrap();
    let issuer = authority.crl_issuer().unwrap();
    issue_crl(issuer, heading, (key.certificate(), &algorithm), entries).await
}

#[tokio::test]
async fn a_crl_says_what_was_ordered() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    for entries in [vec![], vec![entry(1, 0), entry(2, 1), entry(200, 6)]] {
        let heading = heading(*key.identity());
        let crl = issue(&authority, key, (&heading, &entries)).await.unwrap();
        let crl = CertificateList::from_der(&crl).unwrap();
        assert_eq!(crl.verify(authority.certificate().public_key(), &GostVerifier), Ok(()));
        assert_eq!(crl.issuer(), authority.certificate().subject());
        assert_eq!((crl.number(), crl.this_update()), (Some(0x80), heading.this_update));
        assert_eq!(crl.next_update(), Some(heading.next_update));
        assert!(crl.entries().eq(entries.iter().map(Vec::as_slice)));
        let identifier: AuthorityKeyIdentifier = find(crl.extensions()).unwrap().unwrap();
        assert_eq!(identifier.key, authority.certificate().subject_key());
        let reasons: Vec<_> = crl.listed().map(|listed| listed.reason).collect();
        let expected =
            [None, Some(RevocationReason::KeyCompromise), Some(RevocationReason::CertificateHold)];
        assert_eq!(reasons, expected[..entries.len()]);
    }
}

/// RFC 5280 §5.1.2.6: without entries their list is left out.
#[tokio::test]
async fn rfc5280_5_1_2_6_no_entries_no_list() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    let crl = issue(&authority, key, (&heading(*key.identity()), &[])).await.unwrap();
    let crl = CertificateList::from_der(&crl).unwrap();
    assert!(!crl.tbs().windows(3).any(|window| window == [0x30, 0, 0xa0]));
}

/// RFC 5280 §5.2.4 to §5.2.6: what changes the meaning of the list is critical.
#[tokio::test]
async fn rfc5280_5_2_a_crl_says_its_scope() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    let urls = |name: &str| vec![format!("http://ca.test/{name}.crl")];
    let since = at("2026-01-01T00:00:00Z");
    for base in [None, Some(0x7f)] {
        let mut heading = heading(*key.identity());
        let (point, freshest) = (urls("1"), urls("1-delta"));
        heading.scope = CrlScope { base, point, freshest, expired_since: Some(since) };
        let crl = issue(&authority, key, (&heading, &[entry(1, 5)])).await.unwrap();
        let crl = CertificateList::from_der(&crl).unwrap();
        let said = crl.extensions();
        assert_eq!(find(said).unwrap(), base.map(DeltaCrlIndicator));
        assert_eq!(find(said).unwrap(), Some(IssuingDistributionPoint(urls("1"))));
        let freshest = base.is_none().then(|| FreshestCrl(urls("1-delta")));
        assert_eq!(find(said).unwrap(), freshest);
        assert_eq!(find(said).unwrap(), Some(ExpiredCertsOnCrl(since)));
        let critical: Vec<_> =
            said.iter().filter(|it| it.critical).map(|it| it.oid.to_string()).collect();
        let expected: &[&str] =
            if base.is_some() { &["2.5.29.27", "2.5.29.28"] } else { &["2.5.29.28"] };
        assert_eq!(critical, expected);
    }
}

/// Written in pieces, hashed in pieces, read in pieces: never together in memory.
#[tokio::test]
async fn a_streamed_crl_is_the_same() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    let entries: Vec<_> = (0..10_000_u32)
        .map(|number| {
            let serial = SerialNumber::from_magnitude(&(number + 1).to_be_bytes()).unwrap();
            let date = at("2026-02-01T10:00:00Z");
            CrlEntry { serial: &serial, date, reason: 5, invalidity: None }.to_der().unwrap()
        })
        .collect();
    let length = entries.iter().map(|entry| u64::try_from(entry.len()).unwrap()).sum();
    let heading = heading(*key.identity());
    let algorithm = GostVerifier.signature_algorithm(key.certificate().public_key()).unwrap();
    let frame = frame_crl(&heading, key.certificate(), &algorithm, length).unwrap();
    let (mut file, mut hash) = (Vec::new(), SignedPart::of(&algorithm).unwrap());
    let head = [frame.head().to_vec()];
    for piece in head.iter().chain(&entries).chain(&[frame.tail().to_vec()]) {
        hash.update(piece);
        file.extend_from_slice(piece);
    }
    assert_eq!(frame.signed_length(), u64::try_from(file.len()).unwrap());
    let issuer = authority.crl_issuer().unwrap();
    let signature = issuer.sign_crl(&heading, &frame, &hash.finish()).await.unwrap();
    let seal = frame.seal(&signature);
    let der = [seal.head, file, seal.tail].concat();
    let crl = CertificateList::from_der(&der).unwrap();
    assert_eq!(crl.verify(authority.certificate().public_key(), &GostVerifier), Ok(()));
    assert!(crl.entries().eq(entries.iter().map(Vec::as_slice)));

    let layout = CrlLayout::read(&der[..1000]).unwrap();
    let range = |range: core::ops::Range<u64>| {
        usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap()
    };
    assert_eq!(&der[range(layout.signed)], crl.tbs());
    let mut rest = &der[range(layout.entries)];
    for (entry, listed) in entries.iter().zip(crl.listed()) {
        let first = first_entry(rest).unwrap();
        assert_eq!(first, entry);
        assert_eq!(EntrySerial::of(first), Some(EntrySerial::from(&listed.serial)));
        rest = &rest[first.len()..];
    }
    assert_eq!((rest, first_entry(rest)), (&[][..], None));
}

/// U1: each CRL by the key that issued.
#[tokio::test]
async fn each_key_signs_its_own_crl() {
    let old = root_key(signer(CRYPTO_PRO_A, 1)).await;
    let new = root_key(signer(SET_512_C, 2)).await;
    let both = authority(new.clone()).with_key(old.clone()).unwrap();
    for key in [&old, &new] {
        let heading = heading(*key.identity());
        let crl = issue(&both, key, (&heading, &[entry(1, 5)])).await.unwrap();
        let crl = CertificateList::from_der(&crl).unwrap();
        assert_eq!(crl.verify(key.certificate().public_key(), &GostVerifier), Ok(()));
    }
}

#[tokio::test]
async fn a_crl_that_is_none_is_refused() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    let good = heading(*key.identity());
    let kind = async |heading: &CrlHeading, entries: &[Vec<u8>]| {
        issue(&authority, key, (heading, entries)).await.unwrap_err().kind().clone()
    };
    let backwards = CrlHeading { next_update: good.this_update, ..good.clone() };
    assert_eq!(kind(&backwards, &[entry(1, 5)]).await, ErrorKind::Invalid);
    let beyond = CrlHeading { next_update: at("2100-01-01T00:00:00Z"), ..good.clone() };
    assert_eq!(kind(&beyond, &[]).await, ErrorKind::Invalid);
    let two = [[entry(1, 5), entry(2, 5)].concat()];
    assert_eq!(kind(&good, &two).await, ErrorKind::Invalid);
    let stranger = heading(KeyIdentity::from_octets([0; 32]));
    assert_eq!(kind(&stranger, &[]).await, ErrorKind::NotFound);
}
