//! The staff of the day: invented people with right check digits.

use gost_ca::provider::UserRecord;
use gost_ca::registration::{Field, Login, RegistrationForm};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const NAMES: &[(&str, &str, &str)] = &[
    ("Соколова", "Вера", "Павловна"),
    ("Журавлёв", "Олег", "Игоревич"),
    ("Лебедева", "Анна", "Сергеевна"),
    ("Воронов", "Илья", "Петрович"),
];

/// A member of the staff: `number` makes SNILS, INN and papers differ.
pub(crate) fn staff(number: u32, login: &str) -> Result<UserRecord> {
    let name = NAMES[number as usize % NAMES.len()];
    let snils = with_snils_check(&format!("{:09}", 980_001_000 + number));
    let inn = with_inn_check(&format!("{:010}", 9_800_000_000_u64 + u64::from(number)));
    let fields = [
        (Field::Kind, "natural-person"),
        (Field::Surname, name.0),
        (Field::GivenName, name.1),
        (Field::Patronymic, name.2),
        (Field::Snils, &snils),
        (Field::Inn, &inn),
        (Field::BirthDate, "12.04.1985"),
        (Field::BirthPlace, "г. Москва"),
        (Field::Citizenship, "RU"),
        (Field::DocumentKind, "passport-rf"),
        (Field::DocumentSeries, "4510"),
        (Field::DocumentNumber, &format!("{:06}", 100_000 + number)),
        (Field::DocumentIssuer, "ОВД «Басманный» г. Москвы"),
        (Field::DocumentIssued, "20.05.2010"),
        (Field::DocumentDivision, "772-001"),
        (Field::Country, "RU"),
        (Field::Region, "77 г. Москва"),
        (Field::Locality, "г. Москва"),
        (Field::ApplicationNumber, &format!("К-{number}")),
        (Field::ApplicationDate, "01.09.2024"),
        (Field::Identification, "personal"),
        (Field::IdentifiedBy, "Отдел кадров"),
        (Field::IdentifiedOn, "01.09.2024"),
    ];
    let mut form = RegistrationForm::default();
    for (field, value) in fields {
        form.set(field, value.to_owned());
    }
    Ok(UserRecord { login: Login::try_from(login.to_owned())?, data: form.check()? })
}

/// Nine digits and their check number (SNILS).
fn with_snils_check(digits: &str) -> String {
    let sum: u32 = digits
        .bytes()
        .zip((1..=9).rev())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{digits}{:02}", sum % 101 % 100)
}

/// Ten digits and their two check digits (INN of a person).
fn with_inn_check(digits: &str) -> String {
    let check = |digits: &str, weights: &[u32]| {
        let sum: u32 = digits
            .bytes()
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        sum % 11 % 10
    };
    let eleven = format!("{digits}{}", check(digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]));
    let last = check(&eleven, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    format!("{eleven}{last}")
}
