//! Every check of applicant checks catches somebody: registers that break one promise each, and what they trip.

use std::collections::BTreeSet;

use async_trait::async_trait;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::provider::{ApplicantCheck, Result};
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};
use gost_ca_conformance::{applicant_check, applicant_check_checks, block_on};
use gost_ca_memory::MemoryApplicantCheck;

/// An honest register, whose answers somebody alters.
#[derive(Debug)]
struct Saboteur {
    honest: MemoryApplicantCheck,
    alter: fn(Vec<FieldAnswer>) -> Vec<FieldAnswer>,
}

#[async_trait]
impl ApplicantCheck for Saboteur {
    async fn check(&self, data: &RegistrationData) -> Result<Vec<FieldAnswer>> {
        Ok((self.alter)(self.honest.check(data).await?))
    }
}

struct Row {
    /// What it does wrong.
    does: &'static str,
    alter: fn(Vec<FieldAnswer>) -> Vec<FieldAnswer>,
    trips: &'static [&'static str],
}

const SABOTEURS: &[Row] = &[
    Row { does: "nothing", alter: |answers| answers, trips: &[] },
    Row {
        does: "confirms nothing",
        alter: |answers| all(answers, |answer| answer.agreement = Agreement::Unavailable),
        trips: &["applicant-check/known-agrees", "applicant-check/altered-differs"],
    },
    Row {
        does: "confirms everything of somebody it knows",
        alter: |answers| {
            all(answers, |answer| {
                if answer.agreement == Agreement::Differs {
                    answer.agreement = Agreement::Agrees;
                }
            })
        },
        trips: &["applicant-check/altered-differs"],
    },
    Row {
        does: "confirms whom it does not know",
        alter: |answers| {
            all(answers, |answer| {
                if answer.agreement == Agreement::Unavailable {
                    answer.agreement = Agreement::Agrees;
                }
            })
        },
        trips: &["applicant-check/stranger-is-unavailable"],
    },
    Row {
        does: "says everything twice",
        alter: |answers| [answers.clone(), answers].concat(),
        trips: &["applicant-check/each-field-once"],
    },
    Row {
        does: "speaks of what was not asked",
        alter: |mut answers| {
            let more = answers.first().cloned();
            answers.extend(more.map(|answer| FieldAnswer { field: Field::Ogrnip, ..answer }));
            answers
        },
        trips: &["applicant-check/filled-fields-alone"],
    },
    Row {
        does: "gives no reference",
        alter: |answers| all(answers, |answer| answer.reference.clear()),
        trips: &["applicant-check/reference-is-impersonal"],
    },
    Row {
        does: "tells the surname in its reference",
        alter: |answers| all(answers, |answer| answer.reference.push_str(" Пробникова")),
        trips: &["applicant-check/reference-is-impersonal"],
    },
];

fn all(mut answers: Vec<FieldAnswer>, alter: impl Fn(&mut FieldAnswer)) -> Vec<FieldAnswer> {
    answers.iter_mut().for_each(alter);
    answers
}

fn known() -> RegistrationForm {
    let mut form = RegistrationForm::default();
    for (field, text) in [
        (Field::Kind, "natural-person"),
        (Field::Surname, "Пробникова"),
        (Field::GivenName, "Анна"),
        (Field::Snils, "116-973-386 90"),
        (Field::Inn, "500100732259"),
        (Field::BirthDate, "1980-05-17"),
        (Field::BirthPlace, "г. Образцов"),
        (Field::Citizenship, "RU"),
        (Field::DocumentKind, "passport-rf"),
        (Field::DocumentSeries, "4500"),
        (Field::DocumentNumber, "123456"),
        (Field::DocumentIssuer, "ОВД Образцовского района"),
        (Field::DocumentIssued, "2010-06-01"),
        (Field::DocumentDivision, "770-001"),
        (Field::ApplicationNumber, "1"),
        (Field::ApplicationDate, "2026-01-15"),
        (Field::Identification, "personal"),
        (Field::IdentifiedBy, "Оператор О. О."),
        (Field::IdentifiedOn, "2026-01-15"),
    ] {
        form.set(field, text);
    }
    RegistrationForm::from(&form.check().unwrap())
}

#[test]
fn each_saboteur_is_caught_and_nobody_else() {
    let (form, mut tripped) = (known(), BTreeSet::new());
    let data = form.check().unwrap();
    for Row { does, alter, trips } in SABOTEURS {
        let honest = MemoryApplicantCheck::default().with(form.clone());
        let saboteur = Saboteur { honest, alter: *alter };
        let report = block_on(applicant_check(does, &saboteur, &data));
        let failed = report.failed();
        assert_eq!(failed, trips.iter().copied().collect(), "{does}\n{report}");
        tripped.extend(failed);
    }
    let all: BTreeSet<_> = applicant_check_checks().iter().map(|check| check.id).collect();
    assert_eq!(tripped, all, "each check is tripped by somebody");
}
