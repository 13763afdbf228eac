//! A chain of certificates as one file (`.p7b`).

use const_oid::ObjectIdentifier;

use super::{Certificate, write};

/// `id-signedData` (RFC 5652 §5.1).
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
/// `id-data` (RFC 5652 §4).
const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Writes a `SignedData` of certificates alone: no content, no signer (RFC 5652 §5.1; RFC 5751 §3.7).
///
/// The certificates are a set, which DER sorts by their octets: readers find the chain by names and keys.
pub fn certificates_only(certificates: &[&Certificate]) -> Vec<u8> {
    let mut set: Vec<_> = certificates.iter().map(|certificate| certificate.as_der()).collect();
    set.sort_unstable();
    set.dedup();
    let signed_data = write::sequence(&[
        write::integer(1),
        write::tlv(write::SET, &[]), // digestAlgorithms
        write::sequence(&[write::oid(&DATA)]),
        write::wrap(write::constructed(0), &set),
        write::tlv(write::SET, &[]), // signerInfos
    ]);
    let content = write::tlv(write::constructed(0), &signed_data);
    write::sequence(&[write::oid(&SIGNED_DATA), content])
}
