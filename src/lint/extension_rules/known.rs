//! Extensions whose syntax is known here.

use const_oid::ObjectIdentifier;

use super::super::artefact::Extension;
use crate::registration::IdentificationKind;
use crate::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, InformationLocations,
    InvalidityDate, IssuerSignTool, KeyUsages, Policies, PrivateKeyUsagePeriod,
    SubjectKeyIdentifier, SubjectSignTool,
};
use crate::x509::{ExtensionValue, write};

type Syntax = (ObjectIdentifier, fn(&Extension<'_>) -> bool);

const SYNTAXES: [Syntax; 17] = [
    syntax::<AuthorityKeyIdentifier>(),
    syntax::<SubjectKeyIdentifier>(),
    syntax::<KeyUsages>(),
    syntax::<Policies>(),
    syntax::<BasicConstraints>(),
    syntax::<ExtendedKeyUsage>(),
    syntax::<CrlLocations>(),
    syntax::<InformationLocations>(),
    syntax::<PrivateKeyUsagePeriod>(),
    syntax::<InvalidityDate>(),
    (SUBJECT_ALT_NAME, |extension| has_tag(extension, write::SEQUENCE)),
    (oid("2.5.29.28"), |extension| has_tag(extension, write::SEQUENCE)), // issuingDistributionPoint
    (oid("2.5.29.20"), |extension| has_tag(extension, write::INTEGER)),  // cRLNumber
    (oid("2.5.29.27"), |extension| has_tag(extension, write::INTEGER)),  // deltaCRLIndicator
    (oid("2.5.29.21"), |extension| has_tag(extension, write::ENUMERATED)), // reasonCode
    (SubjectSignTool::OID, |extension| has_tag(extension, write::UTF8_STRING)),
    (IssuerSignTool::OID, |extension| extension.decode::<IssuerSignTool>().is_some()),
];

const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");

/// `SEQUENCE SIZE (1..MAX)`.
const LISTS: [ObjectIdentifier; 5] = [
    Policies::OID,
    ExtendedKeyUsage::OID,
    CrlLocations::OID,
    InformationLocations::OID,
    SUBJECT_ALT_NAME,
];

const fn syntax<T: ExtensionValue>() -> Syntax {
    (T::OID, |extension| extension.decode::<T>().is_some())
}

const fn oid(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

/// One value; where its syntax is known here, that one.
pub(super) fn is_well_formed(extension: &Extension<'_>) -> bool {
    let known = SYNTAXES.iter().find(|(oid, _)| oid.as_bytes() == extension.oid);
    let is = |(_, is): &Syntax| is(extension);
    extension.tlv().is_some() && known.is_none_or(is) && is_known_kind(extension)
}

/// `identificationKind` has its own rule for numbers that nobody defined.
fn is_known_kind(extension: &Extension<'_>) -> bool {
    extension.oid != IdentificationKind::OID.as_bytes() || has_tag(extension, write::INTEGER)
}

pub(super) fn is_empty_list(extension: &Extension<'_>) -> bool {
    let list = LISTS.iter().any(|oid| oid.as_bytes() == extension.oid);
    list && extension.tlv().is_some_and(|tlv| tlv.contents.is_empty())
}

pub(super) fn is_basic_constraints(extension: &Extension<'_>) -> bool {
    extension.oid == BasicConstraints::OID.as_bytes()
}

fn has_tag(extension: &Extension<'_>, tag: u8) -> bool {
    extension.tlv().is_some_and(|tlv| tlv.tag == tag)
}
