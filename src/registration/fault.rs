//! What can be wrong with a value, with its stable code.

use core::fmt;

use crate::language::Language;
use crate::message::Message;

/// Lists every fault once; the enum and its codes are made from this table.
macro_rules! faults {
    ($($name:ident, $code:literal;)*) => {
        /// Names what is wrong with one value, never the value itself.
        ///
        /// Its words are in the [catalogue](crate::message), under the code, which is stable and is what
        /// programs compare.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $(#[doc = concat!("`", $code, "`.")] $name,)*
        }

        impl Fault {
            /// Every fault, for catalogues and documentation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, such as `inn.check-digit`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

faults! {
    Missing, "field.missing";
    Forbidden, "field.forbidden";
    NotAChoice, "field.choice";

    TextEmpty, "text.empty";
    TextTooLong, "text.length";
    TextSpaces, "text.spaces";
    TextControl, "text.control";

    InnLength, "inn.length";
    InnDigits, "inn.digits";
    InnZeros, "inn.zeros";
    InnCheckDigit, "inn.check-digit";

    OgrnLength, "ogrn.length";
    OgrnDigits, "ogrn.digits";
    OgrnFirstDigit, "ogrn.first-digit";
    OgrnCheckDigit, "ogrn.check-digit";

    OgrnipLength, "ogrnip.length";
    OgrnipDigits, "ogrnip.digits";
    OgrnipFirstDigit, "ogrnip.first-digit";
    OgrnipCheckDigit, "ogrnip.check-digit";

    SnilsLength, "snils.length";
    SnilsDigits, "snils.digits";
    SnilsZeros, "snils.zeros";
    SnilsCheckDigit, "snils.check-digit";

    CountryUnknown, "country.unknown";

    RegionUnknown, "region.unknown";

    NameCharacters, "name.characters";
    NameMixedAlphabet, "name.mixed-alphabet";
    NameForm, "name.form";
    NamesTooLong, "name.length";
    CommonNameTooLong, "name.common-name-length";

    EmailForm, "email.form";

    PhoneForm, "phone.form";

    LoginForm, "login.form";

    DayForm, "date.form";
    DayRange, "date.range";
    DayOrder, "date.order";
    DayFuture, "date.future";
    DayExpired, "date.expired";

    PassportSeries, "passport.series";
    PassportNumber, "passport.number";
    DivisionCode, "passport.division";

    PasswordTooShort, "password.length";
    PasswordTooLong, "password.too-long";
    PasswordNoLetter, "password.letter";
    PasswordNoDigit, "password.digit";
    PasswordControl, "password.control";
    PasswordText, "password.text";
    PasswordTemporary, "password.temporary";
    PasswordIsLogin, "password.login";
}

impl Fault {
    /// The words in English.
    pub fn english(self) -> String {
        Message::from(self).says(Language::English)
    }

    /// The words in Russian.
    pub fn russian(self) -> String {
        Message::from(self).says(Language::Russian)
    }
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
    fn codes_are_unique() {
        let codes: BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes.len(), Fault::ALL.len());
    }
}
