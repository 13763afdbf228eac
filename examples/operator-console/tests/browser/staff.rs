//! Whoever is registered by the administrator.

/// Whoever works at the desk.
pub(crate) const OPERATOR: &[(&str, &str)] = &[
    ("f.surname", "Журавлёва"),
    ("f.given_name", "Ольга"),
    ("f.snils", "990-001-201 63"),
    ("f.inn", "990000841005"),
    ("f.birth_date", "14.03.1987"),
    ("f.birth_place", "г. Королёв"),
    ("f.document_kind", "passport-rf"),
    ("f.document_series", "4610"),
    ("f.document_number", "774401"),
    ("f.document_issuer", "ОВД г. Королёва"),
    ("f.document_issued", "02.04.2010"),
    ("f.document_division", "500-041"),
    ("f.region", "50 Московская область"),
    ("f.locality", "г. Королёв"),
    ("f.application_number", "К-7"),
];
