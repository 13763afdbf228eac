//! The choices of fields that have a list.

use crate::registration::{DocumentKind, IdentificationKind, SubjectKind};

/// A value of a list and its Russian label.
pub(super) type Choice = (&'static str, &'static str);

/// Kinds of subject, in the order of `SubjectKind::ALL`.
pub(super) const SUBJECTS: &[Choice] = &[
    (SubjectKind::NaturalPerson.name(), "Физическое лицо"),
    (SubjectKind::IndividualEntrepreneur.name(), "Индивидуальный предприниматель"),
    (SubjectKind::LegalEntity.name(), "Юридическое лицо"),
    (
        SubjectKind::LegalEntityAutomated.name(),
        "Юридическое лицо (автоматическое создание подписи)",
    ),
];

/// Identity documents, in the order of `DocumentKind::ALL`.
pub(super) const DOCUMENTS: &[Choice] = &[
    (DocumentKind::PassportRf.name(), "Паспорт гражданина Российской Федерации"),
    (DocumentKind::ForeignPassport.name(), "Паспорт иностранного гражданина"),
    (DocumentKind::ResidencePermit.name(), "Вид на жительство"),
    (DocumentKind::TemporaryResidencePermit.name(), "Разрешение на временное проживание"),
    (DocumentKind::RefugeeCertificate.name(), "Удостоверение беженца"),
    (
        DocumentKind::TemporaryIdentityCard.name(),
        "Временное удостоверение личности гражданина Российской Федерации",
    ),
    (DocumentKind::ServicemanCard.name(), "Удостоверение личности военнослужащего"),
];

/// Ways of identification, in the order of `IdentificationKind::ALL`.
pub(super) const IDENTIFICATIONS: &[Choice] = &[
    (IdentificationKind::Personal.name(), "При личном присутствии"),
    (IdentificationKind::RemoteCert.name(), "По действующей квалифицированной подписи"),
    (IdentificationKind::RemotePassport.name(), "По биометрическому паспорту"),
    (IdentificationKind::RemoteSystem.name(), "Через единую биометрическую систему"),
];

/// The kind of that name, from the kinds and names in the same order.
pub(super) fn named<T: Copy>(kinds: &[T], choices: &[Choice], typed: &str) -> Option<T> {
    let mut pairs = kinds.iter().zip(choices);
    pairs.find(|(_, (name, _))| *name == typed.trim()).map(|(&kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_the_order_of_their_kinds() {
        let names = |choices: &[Choice]| choices.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        assert_eq!(names(SUBJECTS), SubjectKind::ALL.map(SubjectKind::name));
        assert_eq!(names(DOCUMENTS), DocumentKind::ALL.map(DocumentKind::name));
        assert_eq!(names(IDENTIFICATIONS), IdentificationKind::ALL.map(IdentificationKind::name));
    }

    #[test]
    fn names_are_those_of_serde() {
        for kind in SubjectKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for kind in DocumentKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for kind in IdentificationKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
    }
}
