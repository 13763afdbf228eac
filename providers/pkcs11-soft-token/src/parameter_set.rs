//! Parameter sets as key attributes name them: the DER of an object identifier.

use cryptoki_sys::{
    CK_KEY_TYPE, CKA_GOSTR3410_PARAMS, CKA_GOSTR3411_PARAMS, CKK_GOSTR3410,
    CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_TYPE_INCONSISTENT, CKR_TEMPLATE_INCOMPLETE,
};
use der::Decode;
use der::asn1::ObjectIdentifier;
use gost3410::ParameterSet;

use crate::object::Object;
use crate::refusal::{Refusal, Result, demand};
use crate::tc26::CKK_GOSTR3410_512;

/// The parameter set of a key of GOST R 34.10.
pub(crate) fn of(object: &Object) -> Result<ParameterSet> {
    let size = size(object.key_type().ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?)?;
    let der = object.octets(CKA_GOSTR3410_PARAMS).ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    let oid = ObjectIdentifier::from_der(der).map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    let set = ParameterSet::from_oid(oid).map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    demand(set.size() == size, CKR_ATTRIBUTE_VALUE_INVALID)?;
    Ok(set)
}

/// Fills the hash's identifier in where it is missing, and refuses one that does not fit.
pub(crate) fn settle_hash(object: &mut Object) -> Result<()> {
    let size = size(object.key_type().ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?)?;
    match object.octets(CKA_GOSTR3411_PARAMS) {
        None => object.set(CKA_GOSTR3411_PARAMS, hash_of(size)),
        Some(hash) => {
            let old = size == 32 && hash == HASH_94;
            demand(hash == hash_of(size) || old, CKR_ATTRIBUTE_VALUE_INVALID)?;
        }
    }
    Ok(())
}

/// The DER of the identifier of Streebog with so many octets.
pub(crate) const fn hash_of(size: usize) -> &'static [u8] {
    if size == 32 { STREEBOG_256 } else { STREEBOG_512 }
}

fn size(key_type: CK_KEY_TYPE) -> Result<usize> {
    match key_type {
        CKK_GOSTR3410 => Ok(32),
        CKK_GOSTR3410_512 => Ok(64),
        _ => Err(Refusal(CKR_KEY_TYPE_INCONSISTENT)),
    }
}

/// 1.2.643.2.2.30.1: what tells a key of 2001 from one of 2012.
const HASH_94: &[u8] = &[0x06, 0x07, 0x2a, 0x85, 0x03, 0x02, 0x02, 0x1e, 0x01];
const STREEBOG_256: &[u8] = &[0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x02];
const STREEBOG_512: &[u8] = &[0x06, 0x08, 0x2a, 0x85, 0x03, 0x07, 0x01, 0x01, 0x02, 0x03];
