//! An object: attributes and their octets as PKCS#11 has them in memory.

use std::collections::BTreeMap;

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_OBJECT_CLASS, CK_ULONG,
    CKA_ALLOWED_MECHANISMS, CKA_CLASS, CKA_EXTRACTABLE, CKA_KEY_TYPE, CKA_PRIVATE, CKA_SENSITIVE,
    CKA_TOKEN, CKA_VALUE, CKO_PRIVATE_KEY, CKO_SECRET_KEY, CKR_ATTRIBUTE_SENSITIVE,
    CKR_ATTRIBUTE_TYPE_INVALID,
};
use zeroize::Zeroizing;

use crate::refusal::{Refusal, Result};

/// One attribute as a caller gives it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Which.
    pub(crate) kind: CK_ATTRIBUTE_TYPE,
    /// Its octets.
    pub(crate) value: Zeroizing<Vec<u8>>,
}

impl Attribute {
    /// Copies the octets.
    pub(crate) fn new(kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Self {
        Self { kind, value: Zeroizing::new(value.to_vec()) }
    }
}

impl core::fmt::Debug for Attribute {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Attribute({:#x}, ..)", self.kind)
    }
}

/// An object of the token or of a session.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Object {
    attributes: BTreeMap<CK_ATTRIBUTE_TYPE, Zeroizing<Vec<u8>>>,
}

impl Object {
    pub(crate) fn set(&mut self, kind: CK_ATTRIBUTE_TYPE, value: &[u8]) {
        self.attributes.insert(kind, Zeroizing::new(value.to_vec()));
    }

    pub(crate) fn set_bool(&mut self, kind: CK_ATTRIBUTE_TYPE, value: bool) {
        self.set(kind, &[u8::from(value)]);
    }

    pub(crate) fn set_number(&mut self, kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) {
        self.set(kind, &value.to_ne_bytes());
    }

    pub(crate) fn octets(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<&[u8]> {
        self.attributes.get(&kind).map(|value| value.as_slice())
    }

    /// False where there is none.
    pub(crate) fn is(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.octets(kind).is_some_and(|value| value == [1])
    }

    pub(crate) fn number(&self, kind: CK_ATTRIBUTE_TYPE) -> Option<CK_ULONG> {
        number(self.octets(kind)?)
    }

    pub(crate) fn class(&self) -> Option<CK_OBJECT_CLASS> {
        self.number(CKA_CLASS)
    }

    pub(crate) fn key_type(&self) -> Option<CK_KEY_TYPE> {
        self.number(CKA_KEY_TYPE)
    }

    /// Whether it outlives its session.
    pub(crate) fn is_of_token(&self) -> bool {
        self.is(CKA_TOKEN)
    }

    /// Whether only its user sees it.
    pub(crate) fn is_private(&self) -> bool {
        self.is(CKA_PRIVATE)
    }

    /// Whether it is a key that is not public.
    pub(crate) fn is_secret(&self) -> bool {
        matches!(self.class(), Some(CKO_PRIVATE_KEY | CKO_SECRET_KEY))
    }

    /// Whether a mechanism may use the key (`CKA_ALLOWED_MECHANISMS`); any, where none is named.
    pub(crate) fn allows(&self, mechanism: CK_MECHANISM_TYPE) -> bool {
        let named = self.octets(CKA_ALLOWED_MECHANISMS);
        named.is_none_or(|all| {
            all.chunks(size_of::<CK_ULONG>()).any(|one| number(one) == Some(mechanism))
        })
    }

    /// Whether an object has all that a template says.
    pub(crate) fn matches(&self, template: &[Attribute]) -> bool {
        template.iter().all(|wanted| {
            !self.hides(wanted.kind) && self.octets(wanted.kind) == Some(wanted.value.as_slice())
        })
    }

    /// An attribute for whoever asks.
    pub(crate) fn reveal(&self, kind: CK_ATTRIBUTE_TYPE) -> Result<&[u8]> {
        if self.hides(kind) {
            return Err(Refusal(CKR_ATTRIBUTE_SENSITIVE));
        }
        self.octets(kind).ok_or(Refusal(CKR_ATTRIBUTE_TYPE_INVALID))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (CK_ATTRIBUTE_TYPE, &[u8])> {
        self.attributes.iter().map(|(kind, value)| (*kind, value.as_slice()))
    }

    /// The value of a key that is sensitive, or not to be taken out.
    fn hides(&self, kind: CK_ATTRIBUTE_TYPE) -> bool {
        kind == CKA_VALUE
            && self.is_secret()
            && (self.is(CKA_SENSITIVE) || !self.is(CKA_EXTRACTABLE))
    }
}

impl core::fmt::Debug for Object {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Object({:?}, ..)", self.class())
    }
}

/// Reads a `CK_ULONG` from its octets.
pub(crate) fn number(octets: &[u8]) -> Option<CK_ULONG> {
    Some(CK_ULONG::from_ne_bytes(octets.try_into().ok()?))
}
