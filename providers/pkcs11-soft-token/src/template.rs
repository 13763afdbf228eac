//! Templates: from what a caller gives to an object that is whole.

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_OBJECT_CLASS, CKA_ALWAYS_AUTHENTICATE, CKA_CLASS, CKA_COPYABLE,
    CKA_DECRYPT, CKA_DERIVE, CKA_DESTROYABLE, CKA_ENCRYPT, CKA_END_DATE, CKA_EXTRACTABLE, CKA_ID,
    CKA_LABEL, CKA_MODIFIABLE, CKA_PRIVATE, CKA_SENSITIVE, CKA_SIGN, CKA_SIGN_RECOVER,
    CKA_START_DATE, CKA_SUBJECT, CKA_TOKEN, CKA_TRUSTED, CKA_UNWRAP, CKA_VENDOR_DEFINED,
    CKA_VERIFY, CKA_VERIFY_RECOVER, CKA_WRAP, CKA_WRAP_WITH_TRUSTED, CKO_CERTIFICATE, CKO_DATA,
    CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_SECRET_KEY, CKR_ATTRIBUTE_READ_ONLY,
    CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCOMPLETE,
    CKR_TEMPLATE_INCONSISTENT,
};

use crate::attribute::{self, Change, Given, Kind};
use crate::object::{Attribute, Object, number};
use crate::refusal::{Refusal, Result, demand, refuse};

/// How an object comes to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Its value comes along.
    Import,
    /// The token makes or receives the value.
    Make,
}

/// The object of a template, with the defaults of its class.
///
/// `class` is what the call makes; a template may repeat it, and without it must name it.
pub(crate) fn read(
    template: &[Attribute],
    class: Option<CK_OBJECT_CLASS>,
    way: Way,
) -> Result<Object> {
    let mut object = Object::default();
    for attribute in template {
        demand(object.octets(attribute.kind).is_none(), CKR_TEMPLATE_INCONSISTENT)?;
        object.set(attribute.kind, &attribute.value);
    }
    let named = match object.octets(CKA_CLASS) {
        Some(octets) => Some(number(octets).ok_or(Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?),
        None => None,
    };
    let class = class.or(named).ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    demand(named.is_none_or(|named| named == class), CKR_TEMPLATE_INCONSISTENT)?;
    demand(CLASSES.contains(&class), CKR_ATTRIBUTE_VALUE_INVALID)?;
    for attribute in template {
        check(attribute, class, way)?;
    }
    object.set_number(CKA_CLASS, class);
    fill(&mut object, class);
    Ok(object)
}

/// Changes attributes of an object; nothing is changed when one may not be.
pub(crate) fn change(object: &Object, template: &[Attribute]) -> Result<Object> {
    let class = object.class().ok_or(Refusal(CKR_ATTRIBUTE_READ_ONLY))?;
    let mut changed = object.clone();
    for attribute in template {
        let permitted = match attribute::find(attribute.kind, class) {
            None if attribute.kind >= CKA_VENDOR_DEFINED => true,
            None => return refuse(CKR_ATTRIBUTE_TYPE_INVALID),
            Some(row) => match row.change {
                Change::Free => true,
                Change::Never => false,
                Change::OnlyTrue => attribute.value[..] == [1] || !object.is(row.attribute),
                Change::OnlyFalse => attribute.value[..] == [0] || object.is(row.attribute),
            },
        };
        demand(permitted, CKR_ATTRIBUTE_READ_ONLY)?;
        demand(fits(attribute), CKR_ATTRIBUTE_VALUE_INVALID)?;
        changed.set(attribute.kind, &attribute.value);
    }
    Ok(changed)
}

fn check(attribute: &Attribute, class: CK_OBJECT_CLASS, way: Way) -> Result<()> {
    demand(attribute.value.len() <= LONGEST, CKR_ATTRIBUTE_VALUE_INVALID)?;
    let Some(row) = attribute::find(attribute.kind, class) else {
        return demand(attribute.kind >= CKA_VENDOR_DEFINED, CKR_ATTRIBUTE_TYPE_INVALID);
    };
    match (row.given, way) {
        (Given::Never, _) => refuse(CKR_ATTRIBUTE_READ_ONLY),
        (Given::Import, Way::Make) => refuse(CKR_TEMPLATE_INCONSISTENT),
        _ => demand(fits(attribute), CKR_ATTRIBUTE_VALUE_INVALID),
    }
}

fn fits(attribute: &Attribute) -> bool {
    let value = &attribute.value;
    match attribute::kind(attribute.kind) {
        Kind::Bool => matches!(value[..], [0 | 1]),
        Kind::Number => number(value).is_some(),
        Kind::Date => value.is_empty() || value.len() == 8 && value.iter().all(u8::is_ascii_digit),
        Kind::Octets => true,
    }
}

/// The values of what a template leaves out.
fn fill(object: &mut Object, class: CK_OBJECT_CLASS) {
    for (attribute, value) in BOOLS {
        let applies = attribute::find(*attribute, class).is_some();
        if applies && object.octets(*attribute).is_none() {
            object.set_bool(*attribute, value.holds(class));
        }
    }
    for attribute in EMPTY {
        let applies = attribute::find(*attribute, class).is_some();
        if applies && object.octets(*attribute).is_none() {
            object.set(*attribute, &[]);
        }
    }
}

/// A default.
#[derive(Clone, Copy, Debug)]
enum Default {
    True,
    False,
    /// For keys that are not public.
    Hidden,
    Secret,
}

impl Default {
    const fn holds(self, class: CK_OBJECT_CLASS) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::Hidden => matches!(class, CKO_PRIVATE_KEY | CKO_SECRET_KEY),
            Self::Secret => matches!(class, CKO_SECRET_KEY),
        }
    }
}

const BOOLS: &[(CK_ATTRIBUTE_TYPE, Default)] = &[
    (CKA_TOKEN, Default::False),
    (CKA_PRIVATE, Default::Hidden),
    (CKA_MODIFIABLE, Default::True),
    (CKA_COPYABLE, Default::True),
    (CKA_DESTROYABLE, Default::True),
    (CKA_TRUSTED, Default::False),
    (CKA_DERIVE, Default::False),
    (CKA_ENCRYPT, Default::Secret),
    (CKA_DECRYPT, Default::Secret),
    (CKA_VERIFY, Default::True),
    (CKA_VERIFY_RECOVER, Default::False),
    (CKA_SIGN, Default::True),
    (CKA_SIGN_RECOVER, Default::False),
    (CKA_WRAP, Default::False),
    (CKA_UNWRAP, Default::False),
    (CKA_SENSITIVE, Default::True),
    (CKA_EXTRACTABLE, Default::False),
    (CKA_WRAP_WITH_TRUSTED, Default::False),
    (CKA_ALWAYS_AUTHENTICATE, Default::False),
];

const EMPTY: &[CK_ATTRIBUTE_TYPE] = &[CKA_LABEL, CKA_ID, CKA_START_DATE, CKA_END_DATE, CKA_SUBJECT];

const CLASSES: [CK_OBJECT_CLASS; 5] =
    [CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_SECRET_KEY];

/// Octets of the longest value.
const LONGEST: usize = 1 << 20;
