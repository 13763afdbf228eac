//! A register of invented people in memory.

use async_trait::async_trait;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::provider::{ApplicantCheck, Result};
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};

/// Knows the forms it was given, by SNILS, and confirms what stands in them.
#[derive(Clone, Debug, Default)]
pub struct MemoryApplicantCheck {
    known: Vec<RegistrationForm>,
}

impl MemoryApplicantCheck {
    /// Adds somebody; of two forms with one SNILS the first one counts.
    #[must_use]
    pub fn with(mut self, form: RegistrationForm) -> Self {
        self.known.push(form);
        self
    }
}

#[async_trait]
impl ApplicantCheck for MemoryApplicantCheck {
    async fn check(&self, data: &RegistrationData) -> Result<Vec<FieldAnswer>> {
        let form = RegistrationForm::from(data);
        let snils = form.value(Field::Snils);
        let known = self.known.iter().find(|known| known.value(Field::Snils) == snils);
        let answer = |(field, text): (Field, &str)| {
            let agreement = match known.map(|known| known.value(field)) {
                None | Some(None) => Agreement::Unavailable,
                Some(Some(right)) if right == text => Agreement::Agrees,
                Some(Some(_)) => Agreement::Differs,
            };
            FieldAnswer { field, agreement, reference: "memory".to_owned() }
        };
        Ok(form.iter().filter(|(field, _)| CHECKED.contains(field)).map(answer).collect())
    }
}

const CHECKED: &[Field] = &[
    Field::Surname,
    Field::GivenName,
    Field::Patronymic,
    Field::Snils,
    Field::Inn,
    Field::BirthDate,
    Field::DocumentSeries,
    Field::DocumentNumber,
    Field::Ogrn,
    Field::OrganizationInn,
];
