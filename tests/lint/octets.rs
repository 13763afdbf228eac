//! Any octets at all.

use der::asn1::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader};
use gost_ca::lint::{Severity, lint};
use gost_ca::x509::{Certificate, CertificateList, CertificationRequest};
use proptest::prelude::*;

use super::tree::sample;
use super::{AUTHORITY, CRL, OWNER, REQUEST};

/// What has no errors, strict readers take too.
fn strict_readers_agree(octets: &[u8], which: &str) {
    use gost_ca::lint::Kind;
    let report = lint(octets);
    if octets.first() != Some(&0x30) || report.worst() == Some(Severity::Error) {
        return;
    }
    let read = match report.kind {
        Some(Kind::Certificate) => Certificate::from_der(octets).map(drop),
        Some(Kind::Request) => CertificationRequest::from_der(octets).map(drop),
        Some(Kind::Crl) => CertificateList::from_der(octets).map(drop),
        _ => return,
    };
    if read.is_err() && has_odd_oid(octets) {
        return;
    }
    assert_eq!(read, Ok(()), "{which}: {report}");
}

/// Whether there is an object identifier with an arc or a length that the readers' library cannot hold.
fn has_odd_oid(octets: &[u8]) -> bool {
    let Ok(mut reader) = SliceReader::new(octets) else { return false };
    while !reader.is_finished() {
        let Ok(tlv) = reader.tlv_bytes() else { return false };
        let mut inner = SliceReader::new(tlv).unwrap();
        let header = Header::decode(&mut inner).unwrap();
        let contents = inner.read_slice(header.length()).unwrap();
        let odd = tlv[0] == 0x06 && ObjectIdentifier::from_bytes(contents).is_err();
        if odd || tlv[0] & 0x20 != 0 && has_odd_oid(contents) {
            return true;
        }
    }
    false
}

#[test]
fn a_flipped_octet_is_found_or_harmless() {
    for file in [OWNER, AUTHORITY, REQUEST, CRL] {
        let good = sample(file);
        for position in 0..good.len() {
            let mut bad = good.clone();
            bad[position] ^= [0x01, 0x80, 0x20, 0xff][position % 4];
            strict_readers_agree(&bad, &format!("{file} {position}"));
        }
    }
}

#[test]
fn a_cut_file_is_unreadable() {
    let good = sample(OWNER);
    for end in 0..good.len() {
        assert!(lint(&good[..end]).unreadable.is_some(), "{end}");
    }
}

proptest! {
    #[test]
    fn any_octets_are_examined(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        strict_readers_agree(&octets, "octets");
        strict_readers_agree(&[&[0x30, 0x82, 1, 0][..], &octets].concat(), "octets");
    }

    #[test]
    fn spliced_files_are_examined(
        first in 0..3_usize, second in 0..3_usize, at in 0..2000_usize, to in 0..2000_usize
    ) {
        let files = [sample(OWNER), sample(REQUEST), sample(CRL)];
        let (one, other) = (&files[first], &files[second]);
        let spliced = [&one[..at.min(one.len())], &other[to.min(other.len())..]].concat();
        strict_readers_agree(&spliced, "spliced");
    }
}
