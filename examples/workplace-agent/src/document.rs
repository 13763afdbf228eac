//! Documents that people sign: told by their octets from whatever else a key may be asked to sign.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Reader, SliceReader, Tag, Tagged};

/// Whether octets are the signed attributes of a document (RFC 5652 §5.3) with the certificate of its signer
/// named among them: a set, which certificates, requests and CRLs are not.
pub fn is_signed_document(octets: &[u8]) -> bool {
    let named = attributes(octets).unwrap_or_default();
    NEEDED.iter().all(|needed| named.contains(needed))
}

fn attributes(octets: &[u8]) -> der::Result<Vec<ObjectIdentifier>> {
    let set = AnyRef::from_der(octets)?;
    set.tag().assert_eq(Tag::Set)?;
    let (mut reader, mut named) = (SliceReader::new(set.value())?, Vec::new());
    while !reader.is_finished() {
        let attribute = AnyRef::decode(&mut reader)?;
        attribute.tag().assert_eq(Tag::Sequence)?;
        let mut fields = SliceReader::new(attribute.value())?;
        named.push(ObjectIdentifier::decode(&mut fields)?);
        AnyRef::decode(&mut fields)?.tag().assert_eq(Tag::Set)?;
        fields.finish()?;
    }
    Ok(named)
}

/// `contentType`, `messageDigest` and `signingCertificateV2`: those of CAdES-BES.
const NEEDED: [ObjectIdentifier; 3] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
        let length = u8::try_from(contents.len()).unwrap();
        [&[tag, length], contents].concat()
    }

    fn attribute(oid: &ObjectIdentifier) -> Vec<u8> {
        let (oid, values) = (tlv(6, oid.as_bytes()), tlv(0x31, &tlv(4, b"digest")));
        tlv(0x30, &[oid, values].concat())
    }

    #[test]
    fn a_document_is_told_from_all_else() {
        let attributes = NEEDED.each_ref().map(attribute);
        assert!(is_signed_document(&tlv(0x31, &attributes.concat())));
        assert!(!is_signed_document(&tlv(0x31, &attributes[..2].concat())), "one is missing");
        assert!(!is_signed_document(&tlv(0x30, &attributes.concat())), "no set");
        let whole = tlv(0x31, &attributes.concat());
        for length in 0..whole.len() {
            assert!(!is_signed_document(&whole[..length]), "cut off at {length}");
        }
        let mut longer = tlv(0x31, &attributes.concat());
        longer.push(0);
        assert!(!is_signed_document(&longer));
        for other in [&b""[..], b"text", &[0x31, 0], &[0x31, 0x80], &[0x30, 0x84, 0xff]] {
            assert!(!is_signed_document(other), "{other:?}");
        }
    }
}
