//! Whether what the papers say is so: passports, SNILS, INN, the register of organisations (U6).

use core::fmt::Debug;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Result;
use crate::registration::{Field, RegistrationData};

/// What a register says of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "it is so, it is not so, it is not known")]
pub enum Agreement {
    /// The register has the same.
    Agrees,
    /// The register has something else.
    Differs,
    /// The register is out of reach, or does not know the applicant.
    Unavailable,
}

/// A register's answer about one field of the registration form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldAnswer {
    /// Which field.
    pub field: Field,
    /// What the register says of it.
    pub agreement: Agreement,
    /// Which register, and the number of its answer: no personal data, as it is recorded for ever.
    pub reference: String,
}

/// Asks registers about applicants.
#[async_trait]
pub trait ApplicantCheck: Debug + Send + Sync {
    /// Compares the data with registers, field by field: filled fields alone, each at most once.
    ///
    /// A register that is out of reach, or does not know the applicant, is [`Agreement::Unavailable`], and
    /// no error.
    ///
    /// # Errors
    /// `Unavailable` when nothing could be asked at all.
    async fn check(&self, data: &RegistrationData) -> Result<Vec<FieldAnswer>>;
}
