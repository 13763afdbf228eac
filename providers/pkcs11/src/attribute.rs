//! Attributes of templates.

use cryptoki_sys::{CK_ATTRIBUTE_TYPE, CK_BBOOL, CK_FALSE, CK_TRUE, CK_ULONG};

/// One attribute, with its value as the module takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    pub(crate) kind: CK_ATTRIBUTE_TYPE,
    pub(crate) value: Vec<u8>,
}

impl Attribute {
    pub(crate) fn octets(kind: CK_ATTRIBUTE_TYPE, value: impl Into<Vec<u8>>) -> Self {
        Self { kind, value: value.into() }
    }

    pub(crate) fn number(kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Self {
        Self::octets(kind, value.to_ne_bytes())
    }

    pub(crate) fn flag(kind: CK_ATTRIBUTE_TYPE, value: bool) -> Self {
        let value: CK_BBOOL = if value { CK_TRUE } else { CK_FALSE };
        Self::octets(kind, [value])
    }
}

/// The number that an attribute's octets are.
pub(crate) fn number(octets: &[u8]) -> Option<CK_ULONG> {
    octets.try_into().ok().map(CK_ULONG::from_ne_bytes)
}
