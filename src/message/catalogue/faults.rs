//! What is wrong with a value: what to write instead. A form's field is named before it.

use crate::message::text::{Text, name};

pub(super) const TEXTS: &[Text] = &[
    name("field.missing", "[{field}: ]заполните поле", "[{field}: ]fill it in"),
    name(
        "field.forbidden",
        "[{field}: ]оставьте поле пустым для этого вида заявителя",
        "[{field}: ]leave it empty for this kind of applicant",
    ),
    name(
        "field.choice",
        "[{field}: ]выберите одно из значений списка",
        "[{field}: ]choose one of the listed values",
    ),
    name("text.empty", "[{field}: ]пустое значение", "[{field}: ]it is empty"),
    name(
        "text.length",
        "[{field}: ]слишком длинное значение, сократите[ (не более {limit})]",
        "[{field}: ]it is too long, abbreviate[ (at most {limit})]",
    ),
    name(
        "text.spaces",
        "[{field}: ]уберите пробелы в начале, в конце или двойные пробелы",
        "[{field}: ]remove leading, trailing or doubled spaces",
    ),
    name(
        "text.control",
        "[{field}: ]уберите управляющие или невидимые символы, наберите текст вручную",
        "[{field}: ]remove control or invisible characters, type it by hand",
    ),
    name(
        "inn.length",
        "[{field}: ]ИНН организации состоит из 10 цифр, физического лица — из 12",
        "[{field}: ]an organisation's INN has 10 digits, a person's 12",
    ),
    name(
        "inn.digits",
        "[{field}: ]в ИНН допустимы только цифры",
        "[{field}: ]an INN has digits only",
    ),
    name(
        "inn.zeros",
        "[{field}: ]ИНН не может состоять из нулей",
        "[{field}: ]an INN is not all zeros",
    ),
    name(
        "inn.check-digit",
        "[{field}: ]контрольная цифра ИНН не сходится, сверьте каждую цифру",
        "[{field}: ]the check digit of the INN is wrong, compare every digit",
    ),
    name("ogrn.length", "[{field}: ]ОГРН состоит из 13 цифр", "[{field}: ]an OGRN has 13 digits"),
    name(
        "ogrn.digits",
        "[{field}: ]в ОГРН допустимы только цифры",
        "[{field}: ]an OGRN has digits only",
    ),
    name(
        "ogrn.first-digit",
        "[{field}: ]ОГРН начинается с 1 или 5",
        "[{field}: ]an OGRN begins with 1 or 5",
    ),
    name(
        "ogrn.check-digit",
        "[{field}: ]контрольная цифра ОГРН не сходится, сверьте каждую цифру",
        "[{field}: ]the check digit of the OGRN is wrong, compare every digit",
    ),
    name(
        "ogrnip.length",
        "[{field}: ]ОГРНИП состоит из 15 цифр",
        "[{field}: ]an OGRNIP has 15 digits",
    ),
    name(
        "ogrnip.digits",
        "[{field}: ]в ОГРНИП допустимы только цифры",
        "[{field}: ]an OGRNIP has digits only",
    ),
    name(
        "ogrnip.first-digit",
        "[{field}: ]ОГРНИП начинается с 3",
        "[{field}: ]an OGRNIP begins with 3",
    ),
    name(
        "ogrnip.check-digit",
        "[{field}: ]контрольная цифра ОГРНИП не сходится, сверьте каждую цифру",
        "[{field}: ]the check digit of the OGRNIP is wrong, compare every digit",
    ),
    name("snils.length", "[{field}: ]СНИЛС состоит из 11 цифр", "[{field}: ]a SNILS has 11 digits"),
    name(
        "snils.digits",
        "[{field}: ]в СНИЛС допустимы только цифры",
        "[{field}: ]a SNILS has digits only",
    ),
    name(
        "snils.zeros",
        "[{field}: ]СНИЛС не может состоять из нулей",
        "[{field}: ]a SNILS is not all zeros",
    ),
    name(
        "snils.check-digit",
        "[{field}: ]контрольное число СНИЛС не сходится, сверьте каждую цифру",
        "[{field}: ]the check digits of the SNILS are wrong, compare every digit",
    ),
    name(
        "country.unknown",
        "[{field}: ]укажите двухбуквенный код страны, например RU",
        "[{field}: ]use two letters of ISO 3166-1, such as RU",
    ),
    name(
        "region.unknown",
        "[{field}: ]выберите регион из списка, например 77 г. Москва",
        "[{field}: ]choose a region from the list, such as 77 г. Москва",
    ),
    name(
        "name.characters",
        "[{field}: ]в имени допустимы буквы, дефис, апостроф, пробел и точка",
        "[{field}: ]use letters, hyphen, apostrophe, space and dot only",
    ),
    name(
        "name.mixed-alphabet",
        "[{field}: ]в одном слове смешаны русские и латинские буквы, наберите его заново",
        "[{field}: ]one word mixes Cyrillic and Latin letters, type it again",
    ),
    name(
        "name.form",
        "[{field}: ]имя начинается и заканчивается буквой, знаки не повторяются",
        "[{field}: ]begin and end with a letter, without doubled marks",
    ),
    name(
        "name.length",
        "[{field}: ]имя и отчество вместе длиннее 128 знаков",
        "[{field}: ]given name and patronymic exceed 128 characters together",
    ),
    name(
        "name.common-name-length",
        "[{field}: ]фамилия, имя и отчество вместе длиннее 64 знаков — предела сертификата",
        "[{field}: ]the full name exceeds 64 characters, the limit of the certificate",
    ),
    name(
        "email.form",
        "[{field}: ]укажите адрес вида name@example.org латинскими буквами",
        "[{field}: ]write it as name@example.org in Latin letters",
    ),
    name(
        "phone.form",
        "[{field}: ]укажите телефон вида +7 495 123-45-67",
        "[{field}: ]write it as +7 495 123-45-67",
    ),
    name(
        "login.form",
        "[{field}: ]логин — от 3 до 64 знаков a-z 0-9 . _ - @, в начале и в конце буква или цифра",
        "[{field}: ]use 3 to 64 of a-z 0-9 . _ - @, beginning and ending with a letter or digit",
    ),
    name(
        "date.form",
        "[{field}: ]укажите дату вида 31.12.2024 или 2024-12-31",
        "[{field}: ]write the date as 31.12.2024 or 2024-12-31",
    ),
    name("date.range", "[{field}: ]проверьте год", "[{field}: ]the year is out of range"),
    name(
        "date.order",
        "[{field}: ]дата раньше события, за которым должна следовать",
        "[{field}: ]it is earlier than an event it must follow",
    ),
    name("date.future", "[{field}: ]дата ещё не наступила", "[{field}: ]it lies in the future"),
    name(
        "date.expired",
        "[{field}: ]срок действия документа истёк",
        "[{field}: ]the document has expired",
    ),
    name(
        "passport.series",
        "[{field}: ]серия паспорта — 4 цифры",
        "[{field}: ]the series has 4 digits",
    ),
    name(
        "passport.number",
        "[{field}: ]номер паспорта — 6 цифр",
        "[{field}: ]the number has 6 digits",
    ),
    name(
        "passport.division",
        "[{field}: ]укажите код подразделения вида 770-001",
        "[{field}: ]write the division code as 770-001",
    ),
    name("password.length", "[{field}: ]не менее 8 знаков", "[{field}: ]use at least 8 characters"),
    name(
        "password.too-long",
        "[{field}: ]не более 128 знаков",
        "[{field}: ]use at most 128 characters",
    ),
    name("password.letter", "[{field}: ]добавьте букву", "[{field}: ]add a letter"),
    name("password.digit", "[{field}: ]добавьте цифру", "[{field}: ]add a digit"),
    name(
        "password.control",
        "[{field}: ]уберите управляющие символы",
        "[{field}: ]remove control characters",
    ),
    name(
        "password.text",
        "[{field}: ]наберите пароль обычными знаками",
        "[{field}: ]type the password in ordinary characters",
    ),
    name(
        "password.temporary",
        "[{field}: ]нельзя оставить временный пароль",
        "[{field}: ]do not reuse the temporary password",
    ),
    name(
        "password.login",
        "[{field}: ]пароль не должен совпадать с логином",
        "[{field}: ]do not use the login as the password",
    ),
    // Files of applications.
    name(
        "file.encoding",
        "[строка {line}, столбец {column}, {path}: ]это не UTF-8, сохраните файл в кодировке UTF-8",
        "[line {line}, column {column}, {path}: ]this is not UTF-8, save the file as UTF-8",
    ),
    name(
        "file.syntax",
        "[строка {line}, столбец {column}, {path}: ]это не JSON, проверьте запятые, кавычки и скобки",
        "[line {line}, column {column}, {path}: ]this is not JSON, look for a missing comma, quote or bracket",
    ),
    name(
        "file.truncated",
        "[строка {line}, столбец {column}, {path}: ]файл оборван, проверьте закрывающие скобки",
        "[line {line}, column {column}, {path}: ]the file ends too early, look for a missing bracket",
    ),
    name(
        "file.unknown-field",
        "[строка {line}, столбец {column}, {path}: ]такого поля нет, смотрите docs/applications.md",
        "[line {line}, column {column}, {path}: ]there is no such field, see docs/applications.md",
    ),
    name(
        "file.duplicate-field",
        "[строка {line}, столбец {column}, {path}: ]поле указано дважды, оставьте одно",
        "[line {line}, column {column}, {path}: ]the field stands twice, leave one",
    ),
    name(
        "file.missing-field",
        "[строка {line}, столбец {column}, {path}: ]у заявителя нет раздела form, добавьте его",
        "[line {line}, column {column}, {path}: ]an applicant has no form, add it",
    ),
    name(
        "file.wrong-type",
        "[строка {line}, столбец {column}, {path}: ]здесь значение другого типа, значения формы — строки в кавычках",
        "[line {line}, column {column}, {path}: ]this is of another type, values of a form are strings in quotes",
    ),
    name(
        "file.unknown-step",
        "[строка {line}, столбец {column}, {path}: ]укажите issue, suspend, resume, renew, revoke, delete или edit с полями",
        "[line {line}, column {column}, {path}: ]use issue, suspend, resume, renew, revoke, delete or edit with fields",
    ),
    name(
        "file.value",
        "[строка {line}, столбец {column}, {path}: ]недопустимое значение, смотрите docs/applications.md",
        "[line {line}, column {column}, {path}: ]the value is not allowed here, see docs/applications.md",
    ),
];
