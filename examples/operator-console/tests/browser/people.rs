//! Invented people with right check digits, as they are typed into the form.

/// The head of a firm.
pub(crate) const HEAD: &[(&str, &str)] = &[
    ("choose f.kind", "legal-entity"),
    ("f.surname", "Ёлкина"),
    ("f.given_name", "Мария"),
    ("f.patronymic", "О'Ниловна"),
    ("f.snils", "112-233-445 95"),
    ("f.birth_date", "12.04.1985"),
    ("f.birth_place", "г. Москва"),
    ("choose f.document_kind", "passport-rf"),
    ("f.document_series", "45 10"),
    ("f.document_number", "100777"),
    ("f.document_issuer", "ОВД «Басманный» г. Москвы"),
    ("f.document_issued", "20.05.2010"),
    ("f.document_division", "772-001"),
    ("f.organization", "ООО «Ромашка»"),
    ("f.ogrn", "1029900000019"),
    ("f.organization_inn", "9900000120"),
    ("f.title", "Генеральный директор"),
    ("f.region", "77 г. Москва"),
    ("f.locality", "г. Москва"),
    ("f.street", "ул. Полевая, д. 1"),
    ("f.authority_kind", "Устав"),
    ("f.authority_number", "1"),
    ("f.authority_date", "01.09.2020"),
    ("f.application_number", "12"),
];

/// Whoever works at the desk.
pub(crate) const OPERATOR: &[(&str, &str)] = &[
    ("f.surname", "Журавлёва"),
    ("f.given_name", "Ольга"),
    ("f.snils", "990-001-201 63"),
    ("f.inn", "990000841005"),
    ("f.birth_date", "14.03.1987"),
    ("f.birth_place", "г. Королёв"),
    ("choose f.document_kind", "passport-rf"),
    ("f.document_series", "4610"),
    ("f.document_number", "774401"),
    ("f.document_issuer", "ОВД г. Королёва"),
    ("f.document_issued", "02.04.2010"),
    ("f.document_division", "500-041"),
    ("f.region", "50 Московская область"),
    ("f.locality", "г. Королёв"),
    ("f.application_number", "К-7"),
];
