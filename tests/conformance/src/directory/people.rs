//! Invented people and organisations.

use gost_ca::hex;
use gost_ca::id::UserId;
use gost_ca::provider::directory::SealedRecord;
use gost_ca::provider::{UserDirectory, UserRecord};
use gost_ca::registration::{Field, InnLegal, InnPerson, Login, Ogrn, RegistrationForm, Snils};

use crate::broken::Broken;
use crate::fresh::fresh;

/// A user of the checks, stored.
#[derive(Debug)]
pub(super) struct Someone {
    pub(super) user: UserId,
    pub(super) version: SealedRecord,
}

/// A surname that nobody else has, in Cyrillic: what the checks search by.
pub(super) fn surname() -> String {
    let letters: Vec<char> = "абвгдежзиклмнопр".chars().collect();
    let letter =
        |digit: char| digit.to_digit(16).and_then(|n| letters.get(usize::try_from(n).ok()?));
    let name: String = hex::encode(&fresh::<8>()).chars().filter_map(letter).collect();
    format!("Щ{name}")
}

/// A natural person's form.
pub(super) fn person(surname: &str) -> Result<RegistrationForm, Broken> {
    let mut form = RegistrationForm::default();
    for (field, text) in PERSON {
        form.set(*field, *text);
    }
    form.set(Field::Surname, surname);
    form.set(Field::Snils, checked(9, |text| Snils::try_from(text).is_ok())?);
    form.set(Field::Inn, checked(10, |text| InnPerson::try_from(text).is_ok())?);
    Ok(form)
}

/// A legal entity's form, with its representative.
pub(super) fn legal(surname: &str, name: &str) -> Result<RegistrationForm, Broken> {
    let mut form = person(surname)?;
    for (field, text) in LEGAL {
        form.set(*field, *text);
    }
    form.set(Field::Organization, name);
    form.set(Field::OrganizationInn, checked(9, |text| InnLegal::try_from(text).is_ok())?);
    form.set(Field::Ogrn, checked(12, |text| Ogrn::try_from(text).is_ok())?);
    Ok(form)
}

/// Seals a form as somebody's record, under a login of their own.
pub(super) fn sealed(form: &RegistrationForm) -> Result<SealedRecord, Broken> {
    let data = form.check().map_err(|errors| format!("the kit's own form: {errors}"))?;
    let login = Login::try_from(format!("user-{}", hex::encode(&fresh::<12>())));
    let login = login.map_err(|fault| format!("the kit's own login: {fault:?}"))?;
    Ok(UserRecord { login, data }.seal(fresh()))
}

/// Stores a form as a new user's.
pub(super) async fn enrol(
    directory: &dyn UserDirectory,
    form: &RegistrationForm,
) -> Result<Someone, Broken> {
    let someone = Someone { user: UserId::new(fresh()), version: sealed(form)? };
    directory.put(&someone.user, &someone.version).await?;
    Ok(someone)
}

/// A number of so many digits with the check digits that make it good, found by trying.
pub(crate) fn checked(digits: usize, good: impl Fn(&str) -> bool) -> Result<String, Broken> {
    let digit = |octet: &u8| char::from_digit((octet % 10).into(), 10);
    // Not every body makes a number: the first digits of an OGRN are those of a year and a region.
    for _ in 0..1000 {
        let body: String = fresh::<12>().iter().take(digits).filter_map(digit).collect();
        let two = (0..100).map(|check| format!("{body}{check:02}"));
        let mut all = (0..10).map(|check| format!("{body}{check}")).chain(two);
        if let Some(number) = all.find(|number| good(number)) {
            return Ok(number);
        }
    }
    Err("the kit finds no check digits".into())
}

const PERSON: &[(Field, &str)] = &[
    (Field::Kind, "natural-person"),
    (Field::GivenName, "Пётр"),
    (Field::Patronymic, "Семёнович"),
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
];

const LEGAL: &[(Field, &str)] = &[
    (Field::Kind, "legal-entity"),
    (Field::Title, "Директор"),
    (Field::Region, "77"),
    (Field::Locality, "Москва"),
    (Field::Street, "ул. Образцовая, д. 1"),
    (Field::AuthorityKind, "Приказ о назначении"),
    (Field::AuthorityNumber, "7"),
    (Field::AuthorityDate, "2020-02-02"),
];
