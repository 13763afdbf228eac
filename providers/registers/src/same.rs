//! When two texts say the same.

use gost_ca::registration::{Day, Field};

/// A text as it is compared: letters and digits alone, in lower case, Ё as Е; days as `2024-12-31`.
pub(crate) fn folded(field: Field, text: &str) -> String {
    let text = match Day::from_typed(text) {
        Ok(day) if DAYS.contains(&field) => day.to_string(),
        _ => text.to_owned(),
    };
    let letters =
        text.chars().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric());
    letters.map(|letter| if letter == 'ё' { 'е' } else { letter }).collect()
}

const DAYS: &[Field] = &[
    Field::BirthDate,
    Field::DocumentIssued,
    Field::DocumentExpires,
    Field::AuthorityDate,
    Field::AuthorityExpires,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_the_same_is_the_same() {
        for (field, a, b) in [
            (Field::Surname, "ЁЛКИНА-Иванова", "Елкина - иванова"),
            (Field::Snils, "116-973-386 90", "11697338690"),
            (Field::BirthDate, "12.04.1985", "1985-04-12"),
        ] {
            assert_eq!(folded(field, a), folded(field, b));
        }
        assert_ne!(folded(Field::Surname, "Ёлкина"), folded(Field::Surname, "Ёлкин"));
    }
}
