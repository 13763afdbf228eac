//! Invented people, as many as wanted, with right check digits.

use gost_ca::provider::UserRecord;
use gost_ca::registration::{Field, Login, RegistrationForm};

/// Common beginnings, as in life: «Ива…» is many people.
const SURNAMES: &[&str] = &[
    "Иванова",
    "Иванченко",
    "Ивашова",
    "Петрова",
    "Петренко",
    "Сидорова",
    "Смирнова",
    "Кузнецова",
    "Попова",
    "Васильева",
    "Соколова",
    "Михайлова",
    "Новикова",
    "Фёдорова",
    "Морозова",
    "Волкова",
    "Алексеева",
    "Лебедева",
    "Семёнова",
    "Егорова",
    "Павлова",
    "Козлова",
    "Степанова",
    "Николаева",
    "Орлова",
    "Андреева",
    "Макарова",
    "Никитина",
    "Захарова",
    "Зайцева",
    "Соловьёва",
    "Борисова",
];
const GIVEN: &[&str] = &[
    "Анна",
    "Мария",
    "Ольга",
    "Елена",
    "Наталья",
    "Татьяна",
    "Ирина",
    "Светлана",
    "Юлия",
    "Вера",
    "Надежда",
    "Любовь",
];
const PATRONYMICS: &[&str] =
    &["Ивановна", "Петровна", "Сергеевна", "Андреевна", "Павловна", "Игоревна", "Олеговна"];

fn of(list: &[&'static str], number: u64, stride: u64) -> &'static str {
    list[usize::try_from(number / stride).unwrap() % list.len()]
}

pub(crate) fn surname(number: u64) -> &'static str {
    of(SURNAMES, number, 1)
}

pub(crate) fn given_name(number: u64) -> &'static str {
    of(GIVEN, number, 32)
}

pub(crate) fn login(number: u64) -> String {
    format!("user-{number}")
}

/// Nine digits and their check number.
pub(crate) fn snils(number: u64) -> String {
    let digits = format!("{:09}", 200_000_000 + number);
    let weights = (1..=9).rev();
    let sum: u64 =
        digits.bytes().zip(weights).map(|(d, weight)| u64::from(d - b'0') * weight).sum();
    format!("{digits}{:02}", sum % 101 % 100)
}

/// Ten digits and their two check digits.
fn inn(number: u64) -> String {
    let check = |digits: &str, weights: &[u64]| {
        let products = digits.bytes().zip(weights).map(|(d, weight)| u64::from(d - b'0') * weight);
        products.sum::<u64>() % 11 % 10
    };
    let ten = format!("{:010}", 7_000_000_000_u64 + number);
    let eleven = format!("{ten}{}", check(&ten, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]));
    let last = check(&eleven, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    format!("{eleven}{last}")
}

pub(crate) fn person(number: u64) -> UserRecord {
    let fields = [
        (Field::Kind, "natural-person"),
        (Field::Surname, surname(number)),
        (Field::GivenName, given_name(number)),
        (Field::Patronymic, of(PATRONYMICS, number, 384)),
        (Field::Snils, &snils(number)),
        (Field::Inn, &inn(number)),
        (Field::BirthDate, "12.04.1985"),
        (Field::BirthPlace, "г. Москва"),
        (Field::Citizenship, "RU"),
        (Field::DocumentKind, "passport-rf"),
        (Field::DocumentSeries, "4510"),
        (Field::DocumentNumber, &format!("{:06}", number % 1_000_000)),
        (Field::DocumentIssuer, "ОВД «Басманный» г. Москвы"),
        (Field::DocumentIssued, "20.05.2010"),
        (Field::DocumentDivision, "772-001"),
        (Field::Country, "RU"),
        (Field::Region, "77 г. Москва"),
        (Field::Locality, "г. Москва"),
        (Field::ApplicationNumber, "К-1"),
        (Field::ApplicationDate, "01.09.2024"),
        (Field::Identification, "personal"),
        (Field::IdentifiedBy, "Отдел кадров"),
        (Field::IdentifiedOn, "01.09.2024"),
    ];
    let mut form = RegistrationForm::default();
    for (field, value) in fields {
        form.set(field, value.to_owned());
    }
    UserRecord { login: Login::try_from(login(number)).unwrap(), data: form.check().unwrap() }
}
