//! What every form has at its head.

use serde::{Deserialize, Serialize};

/// What stands of the authority on every form: data, from its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requisites {
    /// Its full name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its telephones.
    pub phones: Vec<String>,
    /// Its e-mail.
    pub email: String,
    /// The number of its accreditation; without one its certificates are not qualified.
    pub accreditation_number: Option<String>,
    /// The day of its accreditation, as it is to be printed.
    pub accreditation_date: Option<String>,
}

/// What is written across a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Marking {
    /// Nothing.
    Plain,
    /// «ТЕСТОВЫЙ, не является квалифицированным».
    Test,
}
