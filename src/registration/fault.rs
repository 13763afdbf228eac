//! What can be wrong with a value, with its stable code and words.

use core::fmt;

/// Lists every fault once; the enum, its codes and its words are made from this table.
macro_rules! faults {
    ($($name:ident, $code:literal, $english:literal, $russian:literal;)*) => {
        /// Names what is wrong with one value, never the value itself.
        ///
        /// The words say what happened and what to do next (in English and Russian); the code is
        /// stable and is what programs compare.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = concat!("`", $code, "`: ", $english)] $name,)*
        }

        impl Fault {
            /// Every fault, for catalogues and documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, such as `inn.check-digit`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The words in English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$name => $english,)* }
            }

            /// The words in Russian.
            pub const fn russian(self) -> &'static str {
                match self { $(Self::$name => $russian,)* }
            }
        }
    };
}

faults! {
    Missing, "field.missing", "fill it in", "заполните поле";
    Forbidden, "field.forbidden", "leave it empty for this kind of applicant",
        "оставьте поле пустым для этого вида заявителя";
    NotAChoice, "field.choice", "choose one of the listed values",
        "выберите одно из значений списка";

    TextEmpty, "text.empty", "it is empty", "пустое значение";
    TextTooLong, "text.length", "it is too long, abbreviate", "слишком длинное значение, сократите";
    TextSpaces, "text.spaces", "remove leading, trailing or doubled spaces",
        "уберите пробелы в начале, в конце или двойные пробелы";
    TextControl, "text.control", "remove control or invisible characters, type it by hand",
        "уберите управляющие или невидимые символы, наберите текст вручную";

    InnLength, "inn.length", "an organisation's INN has 10 digits, a person's 12",
        "ИНН организации состоит из 10 цифр, физического лица — из 12";
    InnDigits, "inn.digits", "an INN has digits only", "в ИНН допустимы только цифры";
    InnZeros, "inn.zeros", "an INN is not all zeros", "ИНН не может состоять из нулей";
    InnCheckDigit, "inn.check-digit", "the check digit of the INN is wrong, compare every digit",
        "контрольная цифра ИНН не сходится, сверьте каждую цифру";

    OgrnLength, "ogrn.length", "an OGRN has 13 digits", "ОГРН состоит из 13 цифр";
    OgrnDigits, "ogrn.digits", "an OGRN has digits only", "в ОГРН допустимы только цифры";
    OgrnFirstDigit, "ogrn.first-digit", "an OGRN begins with 1 or 5", "ОГРН начинается с 1 или 5";
    OgrnCheckDigit, "ogrn.check-digit", "the check digit of the OGRN is wrong, compare every digit",
        "контрольная цифра ОГРН не сходится, сверьте каждую цифру";

    OgrnipLength, "ogrnip.length", "an OGRNIP has 15 digits", "ОГРНИП состоит из 15 цифр";
    OgrnipDigits, "ogrnip.digits", "an OGRNIP has digits only", "в ОГРНИП допустимы только цифры";
    OgrnipFirstDigit, "ogrnip.first-digit", "an OGRNIP begins with 3", "ОГРНИП начинается с 3";
    OgrnipCheckDigit, "ogrnip.check-digit",
        "the check digit of the OGRNIP is wrong, compare every digit",
        "контрольная цифра ОГРНИП не сходится, сверьте каждую цифру";

    SnilsLength, "snils.length", "a SNILS has 11 digits", "СНИЛС состоит из 11 цифр";
    SnilsDigits, "snils.digits", "a SNILS has digits only", "в СНИЛС допустимы только цифры";
    SnilsZeros, "snils.zeros", "a SNILS is not all zeros", "СНИЛС не может состоять из нулей";
    SnilsCheckDigit, "snils.check-digit",
        "the check digits of the SNILS are wrong, compare every digit",
        "контрольное число СНИЛС не сходится, сверьте каждую цифру";

    CountryUnknown, "country.unknown", "use two letters of ISO 3166-1, such as RU",
        "укажите двухбуквенный код страны, например RU";
    RegionUnknown, "region.unknown", "choose a region from the list, such as 77 г. Москва",
        "выберите регион из списка, например 77 г. Москва";

    NameCharacters, "name.characters", "use letters, hyphen, apostrophe, space and dot only",
        "в имени допустимы буквы, дефис, апостроф, пробел и точка";
    NameMixedAlphabet, "name.mixed-alphabet",
        "one word mixes Cyrillic and Latin letters, type it again",
        "в одном слове смешаны русские и латинские буквы, наберите его заново";
    NameForm, "name.form", "begin and end with a letter, without doubled marks",
        "имя начинается и заканчивается буквой, знаки не повторяются";
    NamesTooLong, "name.length", "given name and patronymic exceed 128 characters together",
        "имя и отчество вместе длиннее 128 знаков";
    CommonNameTooLong, "name.common-name-length",
        "the full name exceeds 64 characters, the limit of the certificate",
        "фамилия, имя и отчество вместе длиннее 64 знаков — предела сертификата";

    EmailForm, "email.form", "write it as name@example.org in Latin letters",
        "укажите адрес вида name@example.org латинскими буквами";
    PhoneForm, "phone.form", "write it as +7 495 123-45-67",
        "укажите телефон вида +7 495 123-45-67";
    LoginForm, "login.form",
        "use 3 to 64 of a-z 0-9 . _ - @, beginning and ending with a letter or digit",
        "логин — от 3 до 64 знаков a-z 0-9 . _ - @, в начале и в конце буква или цифра";

    DayForm, "date.form", "write the date as 31.12.2024 or 2024-12-31",
        "укажите дату вида 31.12.2024 или 2024-12-31";
    DayRange, "date.range", "the year is out of range", "проверьте год";
    DayOrder, "date.order", "it is earlier than an event it must follow",
        "дата раньше события, за которым должна следовать";
    DayFuture, "date.future", "it lies in the future", "дата ещё не наступила";
    DayExpired, "date.expired", "the document has expired", "срок действия документа истёк";

    PassportSeries, "passport.series", "the series has 4 digits", "серия паспорта — 4 цифры";
    PassportNumber, "passport.number", "the number has 6 digits", "номер паспорта — 6 цифр";
    DivisionCode, "passport.division", "write the division code as 770-001",
        "укажите код подразделения вида 770-001";

    PasswordTooShort, "password.length", "use at least 8 characters", "не менее 8 знаков";
    PasswordTooLong, "password.too-long", "use at most 128 characters", "не более 128 знаков";
    PasswordNoLetter, "password.letter", "add a letter", "добавьте букву";
    PasswordNoDigit, "password.digit", "add a digit", "добавьте цифру";
    PasswordControl, "password.control", "remove control characters", "уберите управляющие символы";
    PasswordTemporary, "password.temporary", "do not reuse the temporary password",
        "нельзя оставить временный пароль";
    PasswordIsLogin, "password.login", "do not use the login as the password",
        "пароль не должен совпадать с логином";
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.english())
    }
}

impl core::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_words_are_there() {
        let codes: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
        for fault in Fault::ALL {
            assert!(fault.russian().chars().any(|c| ('а'..='я').contains(&c)), "{fault}");
            assert!(fault.english().starts_with(|c: char| c.is_ascii_lowercase()), "{fault}");
        }
    }
}
