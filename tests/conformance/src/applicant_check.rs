//! What every applicant check promises.

use std::collections::BTreeSet;

use gost_ca::provider::ApplicantCheck;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::registration::{Field, InnPerson, RegistrationData, RegistrationForm, Snils};

use crate::broken::{Broken, Kept, ensure};
use crate::check::{Check, run};
use crate::directory::people::checked;
use crate::report::Report;

/// The applicant check under test, and somebody whom its registers know.
#[derive(Debug)]
pub struct ApplicantsUnderTest<'a> {
    check: &'a dyn ApplicantCheck,
    known: &'a RegistrationData,
}

/// Checks an applicant check. `known` is an applicant whose surname and SNILS its registers confirm.
pub async fn applicant_check(
    name: &str,
    check: &dyn ApplicantCheck,
    known: &RegistrationData,
) -> Report {
    run(name, &ApplicantsUnderTest { check, known }, &applicant_check_checks()).await
}

/// Declares the table of checks: `id: why => body`, a body being `async fn(&ApplicantsUnderTest) -> Kept`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:path;)+) => {
        /// The promises of an applicant check.
        pub fn applicant_check_checks<'a>() -> Vec<Check<ApplicantsUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("applicant-check/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        }
    };
}

promises! {
    "known-agrees": "Agreement::Agrees: the register has the same" => known_agrees;
    "altered-differs": "Agreement::Differs: the register has something else" => altered_differs;
    "stranger-is-unavailable": "ApplicantCheck::check: does not know the applicant, is Unavailable" => stranger;
    "each-field-once": "ApplicantCheck::check: each field at most once" => once;
    "filled-fields-alone": "ApplicantCheck::check: filled fields alone" => filled;
    "reference-is-impersonal": "FieldAnswer::reference: there is one, without personal data" => impersonal;
}

impl ApplicantsUnderTest<'_> {
    async fn answers(&self, form: &RegistrationForm) -> Result<Vec<FieldAnswer>, Broken> {
        let data = form.check().map_err(|errors| format!("the kit's own form: {errors}"))?;
        Ok(self.check.check(&data).await?)
    }

    fn form(&self) -> RegistrationForm {
        RegistrationForm::from(self.known)
    }
}

async fn known_agrees(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let answers = subject.answers(&subject.form()).await?;
    for field in [Field::Surname, Field::Snils] {
        let agrees = of(&answers, field) == Some(Agreement::Agrees);
        ensure(agrees, format!("{} of a known applicant does not agree", field.key()))?;
    }
    Ok(())
}

async fn altered_differs(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let mut form = subject.form();
    form.set(Field::Surname, "Щукарёва");
    let answers = subject.answers(&form).await?;
    let differs = of(&answers, Field::Surname) == Some(Agreement::Differs);
    ensure(differs, "another surname does not differ")
}

async fn stranger(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let mut form = subject.form();
    form.set(Field::Snils, checked(9, |text| Snils::try_from(text).is_ok())?);
    form.set(Field::Inn, checked(10, |text| InnPerson::try_from(text).is_ok())?);
    form.set(Field::Surname, "Щукарёва");
    let answers = subject.answers(&form).await?;
    let sure = [Field::Surname, Field::Snils, Field::Inn]
        .into_iter()
        .find(|field| of(&answers, *field).is_some_and(|found| found != Agreement::Unavailable));
    ensure(sure.is_none(), format!("the register is sure of a stranger: {sure:?}"))
}

async fn once(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let answers = subject.answers(&subject.form()).await?;
    let fields: BTreeSet<_> = answers.iter().map(|answer| answer.field).collect();
    ensure(fields.len() == answers.len(), "a field is answered twice")
}

async fn filled(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let form = subject.form();
    let answers = subject.answers(&form).await?;
    let empty = answers.iter().find(|answer| form.value(answer.field).is_none());
    ensure(empty.is_none(), format!("an answer about nothing: {empty:?}"))
}

async fn impersonal(subject: &ApplicantsUnderTest<'_>) -> Kept {
    let form = subject.form();
    for answer in subject.answers(&form).await? {
        let reference = answer.reference.to_lowercase();
        ensure(!reference.trim().is_empty(), "an answer without a reference")?;
        let personal =
            |value: &str| value.chars().count() > 3 && reference.contains(&value.to_lowercase());
        let told = PERSONAL.iter().find(|field| form.value(**field).is_some_and(personal));
        ensure(told.is_none(), format!("the reference tells {told:?}"))?;
    }
    Ok(())
}

fn of(answers: &[FieldAnswer], field: Field) -> Option<Agreement> {
    answers.iter().find(|answer| answer.field == field).map(|answer| answer.agreement)
}

/// What no reference may tell.
const PERSONAL: &[Field] =
    &[Field::Surname, Field::Snils, Field::Inn, Field::DocumentNumber, Field::BirthDate];
