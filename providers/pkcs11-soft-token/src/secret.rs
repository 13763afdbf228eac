//! Secret keys: how long each kind is.

use cryptoki_sys::{
    CK_KEY_TYPE, CK_ULONG, CKA_VALUE, CKA_VALUE_LEN, CKK_GENERIC_SECRET,
    CKR_ATTRIBUTE_VALUE_INVALID, CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT,
    CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT,
};

use crate::key;
use crate::object::Object;
use crate::refusal::{Refusal, Result, demand};
use crate::tc26::{CKK_KUZNYECHIK, CKK_KUZNYECHIK_TWIN_KEY, CKK_MAGMA, CKK_MAGMA_TWIN_KEY};

/// Checks a secret key that came with its value.
pub(crate) fn import(object: &mut Object) -> Result<()> {
    let key_type = object.key_type().ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    let length = object.octets(CKA_VALUE).ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?.len();
    let wanted = length_of(key_type)?.unwrap_or(length);
    demand(length == wanted, CKR_ATTRIBUTE_VALUE_INVALID)?;
    check_length(length)?;
    settle_length(object, length)?;
    key::mark_brought(object);
    Ok(())
}

/// Octets of a key of a type; `None` for any number.
pub(crate) fn length_of(key_type: CK_KEY_TYPE) -> Result<Option<usize>> {
    match key_type {
        CKK_GENERIC_SECRET => Ok(None),
        CKK_KUZNYECHIK | CKK_MAGMA => Ok(Some(32)),
        CKK_KUZNYECHIK_TWIN_KEY | CKK_MAGMA_TWIN_KEY => Ok(Some(64)),
        _ => Err(Refusal(CKR_KEY_TYPE_INCONSISTENT)),
    }
}

/// Refuses no octets, and more than any key has.
pub(crate) fn check_length(length: usize) -> Result<()> {
    demand((1..=LONGEST).contains(&length), CKR_KEY_SIZE_RANGE)
}

/// Notes the length, which a template may have named.
pub(crate) fn settle_length(object: &mut Object, length: usize) -> Result<()> {
    let length = CK_ULONG::try_from(length).map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    let named = object.number(CKA_VALUE_LEN);
    demand(named.is_none_or(|named| named == length), CKR_TEMPLATE_INCONSISTENT)?;
    object.set_number(CKA_VALUE_LEN, length);
    Ok(())
}

const LONGEST: usize = 4096;
