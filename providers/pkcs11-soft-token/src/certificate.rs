//! Certificate objects: what the certificate itself says is filled in.

use cryptoki_sys::{
    CK_CERTIFICATE_CATEGORY_UNSPECIFIED, CKA_CERTIFICATE_CATEGORY, CKA_CERTIFICATE_TYPE,
    CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_SUBJECT, CKA_VALUE, CKC_X_509, CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_TEMPLATE_INCOMPLETE,
};
use der::asn1::AnyRef;
use der::{Decode, Encode, SliceReader, Tag, TagNumber, Tagged};

use crate::object::Object;
use crate::refusal::{Refusal, Result, demand};

/// Fills in what a template left out.
pub(crate) fn complete(object: &mut Object) -> Result<()> {
    let kind = object.number(CKA_CERTIFICATE_TYPE).unwrap_or(CKC_X_509);
    demand(kind == CKC_X_509, CKR_ATTRIBUTE_VALUE_INVALID)?;
    let value = object.octets(CKA_VALUE).ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    let names = Names::read(value).map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    for (attribute, octets) in [
        (CKA_SERIAL_NUMBER, names.serial),
        (CKA_ISSUER, names.issuer),
        (CKA_SUBJECT, names.subject),
    ] {
        if object.octets(attribute).is_none_or(<[u8]>::is_empty) {
            object.set(attribute, &octets);
        }
    }
    object.set_number(CKA_CERTIFICATE_TYPE, kind);
    if object.number(CKA_CERTIFICATE_CATEGORY).is_none() {
        object.set_number(CKA_CERTIFICATE_CATEGORY, CK_CERTIFICATE_CATEGORY_UNSPECIFIED);
    }
    Ok(())
}

/// The DER of what names a certificate.
struct Names {
    serial: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
}

impl Names {
    /// RFC 5280, 4.1: `[0]` version, serial, signature, issuer, validity, subject.
    fn read(certificate: &[u8]) -> der::Result<Self> {
        let outer = AnyRef::from_der(certificate)?;
        outer.tag().assert_eq(Tag::Sequence)?;
        let tbs = AnyRef::decode(&mut SliceReader::new(outer.value())?)?;
        tbs.tag().assert_eq(Tag::Sequence)?;
        let mut fields = SliceReader::new(tbs.value())?;
        let version = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
        if Tag::peek(&fields)? == version {
            AnyRef::decode(&mut fields)?;
        }
        let serial = AnyRef::decode(&mut fields)?;
        serial.tag().assert_eq(Tag::Integer)?;
        let _signature = AnyRef::decode(&mut fields)?;
        let issuer = AnyRef::decode(&mut fields)?;
        let _validity = AnyRef::decode(&mut fields)?;
        let subject = AnyRef::decode(&mut fields)?;
        Ok(Self { serial: serial.to_der()?, issuer: issuer.to_der()?, subject: subject.to_der()? })
    }
}
