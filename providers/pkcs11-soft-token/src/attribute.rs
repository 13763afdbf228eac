//! Attributes: what each is, who may set it, and where it is at home.

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_OBJECT_CLASS, CKA_ALLOWED_MECHANISMS, CKA_ALWAYS_AUTHENTICATE,
    CKA_ALWAYS_SENSITIVE, CKA_APPLICATION, CKA_CERTIFICATE_CATEGORY, CKA_CERTIFICATE_TYPE,
    CKA_CHECK_VALUE, CKA_CLASS, CKA_COPYABLE, CKA_DECRYPT, CKA_DERIVE, CKA_DESTROYABLE,
    CKA_ENCRYPT, CKA_END_DATE, CKA_EXTRACTABLE, CKA_GOST28147_PARAMS, CKA_GOSTR3410_PARAMS,
    CKA_GOSTR3411_PARAMS, CKA_ID, CKA_ISSUER, CKA_KEY_GEN_MECHANISM, CKA_KEY_TYPE, CKA_LABEL,
    CKA_LOCAL, CKA_MODIFIABLE, CKA_NEVER_EXTRACTABLE, CKA_OBJECT_ID, CKA_PRIVATE, CKA_SENSITIVE,
    CKA_SERIAL_NUMBER, CKA_SIGN, CKA_SIGN_RECOVER, CKA_START_DATE, CKA_SUBJECT, CKA_TOKEN,
    CKA_TRUSTED, CKA_UNWRAP, CKA_URL, CKA_VALUE, CKA_VALUE_LEN, CKA_VERIFY, CKA_VERIFY_RECOVER,
    CKA_WRAP, CKA_WRAP_WITH_TRUSTED, CKO_CERTIFICATE, CKO_DATA, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
    CKO_SECRET_KEY,
};

/// What the octets of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One octet, 0 or 1.
    Bool,
    /// A `CK_ULONG`.
    Number,
    /// Octets of any length.
    Octets,
    /// `CK_DATE`: eight digits, or nothing.
    Date,
}

/// Who gives an attribute its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Given {
    /// Whoever makes the object, in whatever way.
    Always,
    /// Whoever brings an object's value along; the token itself when it makes the key.
    Import,
    /// The token alone.
    Never,
}

/// An attribute that some class of objects has.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) attribute: CK_ATTRIBUTE_TYPE,
    pub(crate) kind: Kind,
    pub(crate) given: Given,
    /// Whether `C_SetAttributeValue` may change it.
    pub(crate) change: Change,
    classes: &'static [CK_OBJECT_CLASS],
}

/// What `C_SetAttributeValue` may do to an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Free,
    /// False to true, never back: what was once hidden stays so.
    OnlyTrue,
    /// True to false, never back.
    OnlyFalse,
    Never,
}

/// The row of an attribute of a class.
pub(crate) fn find(attribute: CK_ATTRIBUTE_TYPE, class: CK_OBJECT_CLASS) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.attribute == attribute && row.classes.contains(&class))
}

/// What the octets of an attribute are, whatever the class; unknown ones are octets.
pub(crate) fn kind(attribute: CK_ATTRIBUTE_TYPE) -> Kind {
    ROWS.iter().find(|row| row.attribute == attribute).map_or(Octets, |row| row.kind)
}

const fn row(
    attribute: CK_ATTRIBUTE_TYPE,
    kind: Kind,
    given: Given,
    change: Change,
    classes: &'static [CK_OBJECT_CLASS],
) -> Row {
    Row { attribute, kind, given, change, classes }
}

use Change::{Free, Never as Fixed, OnlyFalse, OnlyTrue};
use Given::{Always, Import, Never};
use Kind::{Bool, Date, Number, Octets};

const ANY: &[CK_OBJECT_CLASS] =
    &[CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY];
const KEYS: &[CK_OBJECT_CLASS] = &[CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY];
const PAIRS: &[CK_OBJECT_CLASS] = &[CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];
const HIDDEN: &[CK_OBJECT_CLASS] = &[CKO_PRIVATE_KEY, CKO_SECRET_KEY];
const OPEN: &[CK_OBJECT_CLASS] = &[CKO_PUBLIC_KEY, CKO_SECRET_KEY];
const IDENTIFIED: &[CK_OBJECT_CLASS] =
    &[CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY];
const SUBJECTS: &[CK_OBJECT_CLASS] = &[CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY];

const ROWS: &[Row] = &[
    row(CKA_CLASS, Number, Always, Fixed, ANY),
    row(CKA_TOKEN, Bool, Always, Fixed, ANY),
    row(CKA_PRIVATE, Bool, Always, Fixed, ANY),
    row(CKA_MODIFIABLE, Bool, Always, Fixed, ANY),
    row(CKA_COPYABLE, Bool, Always, OnlyFalse, ANY),
    row(CKA_DESTROYABLE, Bool, Always, Free, ANY),
    row(CKA_LABEL, Octets, Always, Free, ANY),
    row(CKA_VALUE, Octets, Import, Free, &[CKO_DATA]),
    row(CKA_VALUE, Octets, Import, Fixed, IDENTIFIED),
    row(CKA_APPLICATION, Octets, Always, Free, &[CKO_DATA]),
    row(CKA_OBJECT_ID, Octets, Always, Free, &[CKO_DATA]),
    row(CKA_CERTIFICATE_TYPE, Number, Always, Fixed, &[CKO_CERTIFICATE]),
    row(CKA_CERTIFICATE_CATEGORY, Number, Always, Free, &[CKO_CERTIFICATE]),
    row(CKA_ISSUER, Octets, Always, Free, &[CKO_CERTIFICATE]),
    row(CKA_SERIAL_NUMBER, Octets, Always, Free, &[CKO_CERTIFICATE]),
    row(CKA_URL, Octets, Always, Free, &[CKO_CERTIFICATE]),
    row(CKA_CHECK_VALUE, Octets, Always, Fixed, &[CKO_CERTIFICATE, CKO_SECRET_KEY]),
    row(CKA_ID, Octets, Always, Free, IDENTIFIED),
    row(CKA_START_DATE, Date, Always, Free, IDENTIFIED),
    row(CKA_END_DATE, Date, Always, Free, IDENTIFIED),
    row(CKA_SUBJECT, Octets, Always, Free, SUBJECTS),
    row(CKA_TRUSTED, Bool, Never, Fixed, &[CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_SECRET_KEY]),
    row(CKA_KEY_TYPE, Number, Always, Fixed, KEYS),
    row(CKA_LOCAL, Bool, Never, Fixed, KEYS),
    row(CKA_KEY_GEN_MECHANISM, Number, Never, Fixed, KEYS),
    row(CKA_ALLOWED_MECHANISMS, Octets, Always, Fixed, KEYS),
    row(CKA_DERIVE, Bool, Always, Free, KEYS),
    row(CKA_GOSTR3410_PARAMS, Octets, Always, Fixed, PAIRS),
    row(CKA_GOSTR3411_PARAMS, Octets, Always, Fixed, KEYS),
    row(CKA_GOST28147_PARAMS, Octets, Always, Fixed, KEYS),
    row(CKA_ENCRYPT, Bool, Always, Free, OPEN),
    row(CKA_VERIFY, Bool, Always, Free, OPEN),
    row(CKA_VERIFY_RECOVER, Bool, Always, Free, &[CKO_PUBLIC_KEY]),
    row(CKA_WRAP, Bool, Always, Free, OPEN),
    row(CKA_DECRYPT, Bool, Always, Free, HIDDEN),
    row(CKA_SIGN, Bool, Always, Free, HIDDEN),
    row(CKA_SIGN_RECOVER, Bool, Always, Free, &[CKO_PRIVATE_KEY]),
    row(CKA_UNWRAP, Bool, Always, Free, HIDDEN),
    row(CKA_SENSITIVE, Bool, Always, OnlyTrue, HIDDEN),
    row(CKA_EXTRACTABLE, Bool, Always, OnlyFalse, HIDDEN),
    row(CKA_ALWAYS_SENSITIVE, Bool, Never, Fixed, HIDDEN),
    row(CKA_NEVER_EXTRACTABLE, Bool, Never, Fixed, HIDDEN),
    row(CKA_WRAP_WITH_TRUSTED, Bool, Always, OnlyTrue, HIDDEN),
    row(CKA_ALWAYS_AUTHENTICATE, Bool, Always, Fixed, &[CKO_PRIVATE_KEY]),
    row(CKA_VALUE_LEN, Number, Always, Fixed, &[CKO_SECRET_KEY]),
];
