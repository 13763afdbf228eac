//! What is signed for a page: requests of the key itself, and nothing that merely looks like one.

use der::asn1::{AnyRef, BitString};
use der::{Any, Decode, Encode, SliceReader, Tag, Tagged};
use gost_ca::x509::PublicKey;
use spki::AlgorithmIdentifierOwned;

/// Whether octets are a `CertificationRequestInfo` of a key (RFC 2986, 4.1).
pub(crate) fn is_request_of(info: &[u8], key: &PublicKey) -> bool {
    key_of(info).is_ok_and(|found| found == key.as_der())
}

/// Puts a request together.
pub(crate) fn signed(
    info: &[u8],
    algorithm: &AlgorithmIdentifierOwned,
    signature: &[u8],
) -> der::Result<Vec<u8>> {
    let parts = [
        Any::from_der(info)?,
        Any::from_der(&algorithm.to_der()?)?,
        Any::from_der(&BitString::from_bytes(signature)?.to_der()?)?,
    ];
    parts.to_vec().to_der()
}

/// SEQUENCE { INTEGER 0, subject, subjectPKInfo, [0] attributes }
fn key_of(info: &[u8]) -> der::Result<Vec<u8>> {
    let outer = AnyRef::from_der(info)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut fields = SliceReader::new(outer.value())?;
    u8::decode(&mut fields)?;
    AnyRef::decode(&mut fields)?.tag().assert_eq(Tag::Sequence)?;
    let key = AnyRef::decode(&mut fields)?.to_der()?;
    let attributes = AnyRef::decode(&mut fields)?;
    if !attributes.tag().is_context_specific() {
        return Err(der::ErrorKind::Failed.into());
    }
    der::Reader::finish(fields)?;
    Ok(key)
}
