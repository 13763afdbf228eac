//! What is wrong with a bulk file: where, and what to write instead.

use crate::message::text::{Text, name};

pub(super) const TEXTS: &[Text] = &[
    name(
        "bulk-file.row",
        "строка {row}[, столбец {column}]: {fault}",
        "row {row}[, column {column}]: {fault}",
    ),
    name("bulk-file.encoding", "файл не в кодировке UTF-8", "the file is not UTF-8"),
    name(
        "bulk-file.syntax",
        "не таблица CSV с одинаковым числом ячеек в строках и не список JSON объектов из строк",
        "neither a CSV table with as many cells in each row nor a JSON list of objects of texts",
    ),
    name("bulk-file.empty", "в файле нет ни одной строки", "the file has no rows"),
    name(
        "bulk-file.too-many",
        "слишком много операций в одном файле (не более {limit}), разделите его",
        "too many commands in one file (at most {limit}), divide it",
    ),
    name("bulk-file.unknown-column", "такого столбца нет", "there is no such column"),
    name("bulk-file.column-twice", "столбец повторяется", "the column stands twice"),
    name(
        "bulk-file.of-another-act",
        "оставьте ячейку пустой для этой операции",
        "leave the cell empty for this act",
    ),
    name("bulk-file.missing", "заполните ячейку", "fill the cell in"),
    name("bulk-file.choice", "выберите одно из допустимых значений", "choose one of the values"),
    name(
        "bulk-file.id",
        "нужен идентификатор из 32 шестнадцатеричных цифр",
        "an identifier of 32 hexadecimal digits is wanted",
    ),
    name(
        "bulk-file.name",
        "нужно имя из строчных латинских букв, цифр, «-», «_», «.»",
        "a name of small Latin letters, digits, '-', '_', '.' is wanted",
    ),
    name(
        "bulk-file.login",
        "нужен логин: от 3 до 64 символов, строчные латинские буквы, цифры, «.», «_», «-», «@»",
        "a login is wanted: 3 to 64 of small Latin letters, digits, '.', '_', '-', '@'",
    ),
    name(
        "bulk-file.time",
        "нужна дата, например 31.12.2026, или дата и время в форме из docs/bulk.md",
        "a day, such as 31.12.2026, or a moment in the form of docs/bulk.md is wanted",
    ),
    name(
        "bulk-file.row-twice",
        "то же самое уже стоит в другой строке",
        "the same stands in another row already",
    ),
    name(
        "bulk-file.nobody",
        "такого логина нет среди пользователей вашего пункта и в строках выше",
        "neither a user of your office nor a row above has this login",
    ),
    name(
        "bulk-file.no-certificate",
        "сертификата с таким серийным номером нет среди выпущенных вашим пунктом",
        "your office has no certificate with this serial number",
    ),
    name(
        "bulk-file.several",
        "сертификатов с таким номером несколько, укажите вместо номера идентификатор дела",
        "several certificates have this number, give the identifier of the case in its place",
    ),
    name(
        "bulk-file.serial",
        "нужен серийный номер шестнадцатеричными цифрами, как в сертификате",
        "a serial number in hexadecimal digits is wanted, as the certificate has it",
    ),
    name(
        "bulk-file.twofold",
        "укажите либо идентификатор, либо имя: логин или серийный номер",
        "give either the identifier or the name: a login or a serial number",
    ),
];
