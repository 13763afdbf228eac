//! Names of algorithms in XML.
//!
//! Those of GOST are of R 1323565.1.033-2020 (draft-smirnov-xmldsig); the older ones of draft-chudov-cryptopro-cpxmldsig.
//! The octets of a GOST signature are those of X.509, s before r; of an ECDSA one, r before s without DER
//! (XML Signature 1.1 §6.4.3).

use const_oid::ObjectIdentifier;
use der::asn1::UintRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::x509::parse::all;
use gost_ca::x509::write;

use super::canonical::{CanonicalForm, Canonicalization};
use crate::error::{Error, Result};
use crate::hash::HashFunction;

/// The hash function of a `DigestMethod`.
///
/// # Errors
/// `Unsupported` for one that is not known here, or protects nothing.
pub(super) fn hash_function(uri: &str) -> Result<HashFunction> {
    let found = DIGESTS.iter().find(|(known, _)| *known == uri);
    found.map(|(_, function)| *function).ok_or_else(|| Error::unsupported("hash function", uri))
}

/// The `DigestMethod` of a hash function.
///
/// # Errors
/// `Unsupported` for one that is not written.
pub(super) fn digest_method(function: HashFunction) -> Result<&'static str> {
    let found = DIGESTS.iter().find(|(_, known)| *known == function);
    found.map(|(uri, _)| *uri).ok_or_else(|| Error::unsupported("hash function", function.oid()))
}

/// The signature algorithm of a `SignatureMethod`.
///
/// # Errors
/// `Unsupported` for one that is not known here.
pub(super) fn signature_algorithm(uri: &str) -> Result<ObjectIdentifier> {
    let found = SIGNATURES.iter().find(|(known, _)| *known == uri);
    let (_, oid) = found.ok_or_else(|| Error::unsupported("signature algorithm", uri))?;
    Ok(ObjectIdentifier::new_unwrap(oid))
}

/// The `SignatureMethod` of a signature algorithm.
///
/// # Errors
/// `Unsupported` for one that is not written.
pub(super) fn signature_method(oid: &ObjectIdentifier) -> Result<&'static str> {
    let dots = oid.to_string();
    let found = SIGNATURES.iter().find(|(_, known)| *known == dots);
    found.map(|(uri, _)| *uri).ok_or_else(|| Error::unsupported("signature algorithm", oid))
}

/// The method of canonicalization of this name.
pub(super) fn canonicalization(uri: &str) -> Option<Canonicalization> {
    FORMS.iter().find_map(|(form, without, with)| match uri {
        _ if uri == *without => Some(Canonicalization::new(*form)),
        _ if uri == *with => Some(Canonicalization::new(*form).with_comments()),
        _ => None,
    })
}

/// The name of a method of canonicalization.
pub(super) fn canonicalization_method(method: &Canonicalization) -> &'static str {
    let row = FORMS.iter().find(|(form, ..)| *form == method.form).unwrap_or(&FORMS[0]);
    if method.comments { row.2 } else { row.1 }
}

/// A signature as a verifier takes it.
pub(super) fn to_x509(algorithm: &ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    if *algorithm != ECDSA {
        return value.to_vec();
    }
    let (r, s) = value.split_at(value.len() / 2);
    write::sequence(&[integer(r), integer(s)])
}

/// A signature as XML carries it.
///
/// # Errors
/// `Malformed` where the key gave no signature of its algorithm.
pub(super) fn to_xml(algorithm: &ObjectIdentifier, signature: &[u8]) -> Result<Vec<u8>> {
    if *algorithm != ECDSA {
        return Ok(signature.to_vec());
    }
    let numbers = all("ECDSA signature", signature, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let mut number = || UintRef::decode(reader).map(|number| number.as_bytes().to_vec());
            Ok::<_, der::Error>([number()?, number()?])
        })
    })?;
    let mut octets = Vec::new();
    for number in numbers {
        let missing = P256.saturating_sub(number.len());
        octets.extend(core::iter::repeat_n(0, missing));
        octets.extend(number);
    }
    Ok(octets)
}

/// A positive `INTEGER`.
fn integer(octets: &[u8]) -> Vec<u8> {
    let first = octets.iter().position(|octet| *octet != 0).unwrap_or(octets.len());
    let octets = octets.get(first..).unwrap_or_default();
    let sign = octets.first().is_none_or(|first| *first >= 0x80);
    let contents = if sign { [&[0], octets].concat() } else { octets.to_vec() };
    write::tlv(write::INTEGER, &contents)
}

pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

pub(super) const BASE64: &str = "http://www.w3.org/2000/09/xmldsig#base64";

/// The first of a function is the one that is written.
const DIGESTS: [(&str, HashFunction); 5] = [
    ("urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-256", HashFunction::Streebog256),
    ("urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34112012-512", HashFunction::Streebog512),
    ("urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr3411", HashFunction::Gost94),
    ("http://www.w3.org/2001/04/xmldsig-more#gostr3411", HashFunction::Gost94),
    ("http://www.w3.org/2001/04/xmlenc#sha256", HashFunction::Sha256),
];

const SIGNATURES: [(&str, &str); 6] = [
    (
        "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256",
        "1.2.643.7.1.1.3.2",
    ),
    (
        "urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-512",
        "1.2.643.7.1.1.3.3",
    ),
    ("urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102001-gostr3411", "1.2.643.2.2.3"),
    ("http://www.w3.org/2001/04/xmldsig-more#gostr34102001-gostr3411", "1.2.643.2.2.3"),
    ("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "1.2.840.10045.4.3.2"),
    ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "1.2.840.113549.1.1.11"),
];

const FORMS: [(CanonicalForm, &str, &str); 3] = [
    (
        CanonicalForm::Inclusive,
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ),
    (
        CanonicalForm::Inclusive11,
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    ),
    (
        CanonicalForm::Exclusive,
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ),
];

const ECDSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// Octets of a number of P-256.
const P256: usize = 32;
