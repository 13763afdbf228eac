//! Fields that are obligatory because of what stands in others.

use super::{Field, RegistrationForm};
use crate::registration::{DocumentKind, IdentificationKind, SubjectKind};

/// When `field` has one of `values`, all of `then` are obligatory.
pub(super) struct Condition {
    pub(super) field: Field,
    pub(super) values: &'static [&'static str],
    pub(super) then: &'static [Field],
}

/// Conditions on the value of one field; the schema is made from them too.
pub(super) const CONDITIONS: &[Condition] = &[
    Condition {
        field: Field::DocumentKind,
        values: &[DocumentKind::PassportRf.name()],
        then: &[Field::DocumentSeries, Field::DocumentDivision],
    },
    Condition {
        field: Field::ProxyDocumentKind,
        values: &[DocumentKind::PassportRf.name()],
        then: &[Field::ProxyDocumentSeries, Field::ProxyDocumentDivision],
    },
    Condition {
        field: Field::Identification,
        values: &[
            IdentificationKind::RemoteCert.name(),
            IdentificationKind::RemotePassport.name(),
            IdentificationKind::RemoteSystem.name(),
        ],
        then: &[Field::IdentificationEvidence],
    },
];

/// Any field of the proxy makes these obligatory.
pub(super) const PROXY: &[Field] = &[
    Field::ProxySurname,
    Field::ProxyGivenName,
    Field::ProxyDocumentKind,
    Field::ProxyDocumentNumber,
    Field::ProxyDocumentIssuer,
    Field::ProxyDocumentIssued,
    Field::ProxyAuthorityKind,
    Field::ProxyAuthorityNumber,
    Field::ProxyAuthorityDate,
];

/// Whether any field of the proxy is filled in.
pub(super) fn has_proxy(form: &RegistrationForm) -> bool {
    Field::ALL
        .iter()
        .any(|&field| field.section() == super::Section::Proxy && form.value(field).is_some())
}

/// Whether a condition makes this field obligatory.
pub(super) fn demands(form: &RegistrationForm, field: Field) -> bool {
    let holds = |condition: &Condition| {
        form.value(condition.field).is_some_and(|value| condition.values.contains(&value.trim()))
    };
    CONDITIONS.iter().any(|condition| condition.then.contains(&field) && holds(condition))
        || (PROXY.contains(&field) && has_proxy(form))
}

/// Days that must come in this order; the same day passes.
pub(super) const ORDER: &[(Field, Field)] = &[
    (Field::BirthDate, Field::DocumentIssued),
    (Field::BirthDate, Field::ApplicationDate),
    (Field::BirthDate, Field::IdentifiedOn),
    (Field::DocumentIssued, Field::IdentifiedOn),
    (Field::AuthorityDate, Field::IdentifiedOn),
    (Field::ProxyDocumentIssued, Field::IdentifiedOn),
    (Field::ProxyAuthorityDate, Field::IdentifiedOn),
];

/// Last days of papers, which had to be valid when the applicant was identified.
pub(super) const LAST_DAYS: &[Field] = &[
    Field::DocumentExpires,
    Field::AuthorityExpires,
    Field::ProxyDocumentExpires,
    Field::ProxyAuthorityExpires,
];

/// Days of things that happened and cannot lie in the future.
pub(super) const PAST_DAYS: &[Field] = &[
    Field::BirthDate,
    Field::DocumentIssued,
    Field::AuthorityDate,
    Field::ApplicationDate,
    Field::IdentifiedOn,
    Field::ProxyDocumentIssued,
    Field::ProxyAuthorityDate,
];

/// The kinds whose common name is the person's full name.
pub(super) const NAMED_BY_PERSON: &[SubjectKind] =
    &[SubjectKind::NaturalPerson, SubjectKind::IndividualEntrepreneur];
