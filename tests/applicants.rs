//! Applicants, compared with registers before a certificate is asked for (U6).

use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::command::{Command, Outcome};
use gost_ca::id::{UserId, WriterId};
use gost_ca::profile::Profile;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::provider::{ApplicantCheck, ErrorKind};
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};
use gost_ca::{RegistrationAuthority, Settings};
use gost_ca_memory::{MemoryApplicantCheck, MemoryDirectory, MemoryJournal};

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage, key, people};

async fn open(check: Option<Arc<dyn ApplicantCheck>>) -> Result<Desk> {
    let storage = Storage {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
    };
    let mut desk = Desk::found(storage).await?;
    if let Some(check) = check {
        let providers = desk.ra.providers().clone().with_applicant_check(check);
        desk.ra = RegistrationAuthority::new(providers, Settings::default());
    }
    let strict = Profile {
        version: 2,
        must_agree: vec![Field::Snils, Field::Surname, Field::Ogrn],
        ..desk::profile()
    };
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(strict) }).await?;
    Ok(desk)
}

/// The register knows users 10 to 12.
fn register() -> MemoryApplicantCheck {
    (10..13).fold(MemoryApplicantCheck::default(), |register, number| {
        let record = people::staff(number, "somebody").unwrap();
        register.with(RegistrationForm::from(&record.data))
    })
}

async fn check(desk: &Desk, user: UserId) -> Result<Vec<FieldAnswer>> {
    match desk.run(&desk.operator, Command::CheckApplicant { user }).await? {
        Outcome::ApplicantChecked { answers } => Ok(answers),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn u6_what_must_agree_is_asked_before_submission() -> Result<()> {
    let desk = open(Some(Arc::new(register()))).await?;
    let user = desk.register(10).await?;
    let case = desk.build(&desk.operator, user, "commercial", &key(10, &desk.rng)).await?;
    assert_eq!(desk.ra.applicant_answers(&desk.operator, &user).await?, None);
    assert_eq!(
        desk.refusal(&desk.operator, Command::Submit { case }).await,
        "applicant.unconfirmed"
    );

    let answers = check(&desk, user).await?;
    assert!(answers.iter().all(|answer| answer.agreement == Agreement::Agrees), "{answers:?}");
    assert_eq!(desk.ra.applicant_answers(&desk.operator, &user).await?, Some(answers));
    // the OGRN must agree where there is one: a person has none
    desk.run(&desk.operator, Command::Submit { case }).await?;
    Ok(())
}

#[tokio::test]
async fn u6_another_name_and_strangers_are_not_submitted() -> Result<()> {
    let desk = open(Some(Arc::new(register()))).await?;
    let stranger = desk.register(20).await?;
    let case = desk.build(&desk.operator, stranger, "commercial", &key(20, &desk.rng)).await?;
    let answers = check(&desk, stranger).await?;
    assert!(answers.iter().all(|answer| answer.agreement == Agreement::Unavailable));
    assert_eq!(
        desk.refusal(&desk.operator, Command::Submit { case }).await,
        "applicant.unconfirmed"
    );

    // what was confirmed of other data is confirmed no more
    let user = desk.register(11).await?;
    check(&desk, user).await?;
    let record = desk.ra.user(&desk.operator, &user).await?.record;
    let mut form = RegistrationForm::from(&record.data);
    form.set(Field::Surname, "Щукарёва");
    let data = Box::new(form.check()?);
    desk.run(&desk.operator, Command::EditData { user, data }).await?;
    assert_eq!(desk.ra.applicant_answers(&desk.operator, &user).await?, None);
    let case = desk.build(&desk.operator, user, "commercial", &key(11, &desk.rng)).await?;
    assert_eq!(
        desk.refusal(&desk.operator, Command::Submit { case }).await,
        "applicant.unconfirmed"
    );
    let answers = check(&desk, user).await?;
    let surname = answers.iter().find(|answer| answer.field == Field::Surname).unwrap();
    assert_eq!(surname.agreement, Agreement::Differs);
    assert_eq!(
        desk.refusal(&desk.operator, Command::Submit { case }).await,
        "applicant.unconfirmed"
    );
    Ok(())
}

#[tokio::test]
async fn without_a_register_nothing_is_asked() -> Result<()> {
    let desk = open(None).await?;
    let user = desk.register(10).await?;
    let refused = desk.run(&desk.operator, Command::CheckApplicant { user }).await.unwrap_err();
    assert_eq!(refused.code(), "provider.unsupported");
    Ok(())
}

/// Answers what it should not.
#[derive(Debug)]
struct Liar(Vec<FieldAnswer>);

#[async_trait]
impl ApplicantCheck for Liar {
    async fn check(&self, _: &RegistrationData) -> gost_ca::provider::Result<Vec<FieldAnswer>> {
        Ok(self.0.clone())
    }
}

/// Is out of reach.
#[derive(Debug)]
struct Away;

#[async_trait]
impl ApplicantCheck for Away {
    async fn check(&self, _: &RegistrationData) -> gost_ca::provider::Result<Vec<FieldAnswer>> {
        Err(ErrorKind::Unavailable.at("register"))
    }
}

#[tokio::test]
async fn a_register_that_breaks_its_contract_changes_nothing() -> Result<()> {
    let answer = |field, reference: &str| FieldAnswer {
        field,
        agreement: Agreement::Agrees,
        reference: reference.to_owned(),
    };
    let twice = vec![answer(Field::Snils, "1"), answer(Field::Snils, "1")];
    let cases: [(Arc<dyn ApplicantCheck>, &str); 4] = [
        (Arc::new(Liar(twice)), "provider.fault"),
        (Arc::new(Liar(vec![answer(Field::Ogrn, "1")])), "provider.fault"),
        (Arc::new(Liar(vec![answer(Field::Snils, " ")])), "provider.fault"),
        (Arc::new(Away), "provider.unavailable"),
    ];
    for (check, code) in cases {
        let desk = open(Some(check)).await?;
        let user = desk.register(10).await?;
        let refused = desk.run(&desk.operator, Command::CheckApplicant { user }).await;
        assert_eq!(refused.unwrap_err().code(), code);
        assert_eq!(desk.ra.applicant_answers(&desk.operator, &user).await?, None);
    }
    Ok(())
}
