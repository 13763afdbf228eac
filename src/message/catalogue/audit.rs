//! What an inspection of the record found.

use crate::message::text::{Text, error, name};

const VERIFY: &str = "Прекратите работу, сохраните журнал как он есть и восстановите его из копии.";
const RESTORE: &str = "Stop working, keep the record as it is, and restore it from a backup.";

pub(super) const TEXTS: &[Text] = &[
    found(
        "audit.broken",
        "Запись {number} цепочки {writer} изменена, переставлена или вставлена.",
        "Link {number} of {writer} was edited, moved or put in.",
    ),
    found(
        "audit.gone",
        "Запись {index} из {stream} исчезла.",
        "Entry {index} of {stream} is gone.",
    ),
    found(
        "audit.head",
        "Цепочка {writer} кончается не там, где должна.",
        "The chain of {writer} does not end at its head.",
    ),
    found(
        "audit.rewritten",
        "Цепочка {writer} была другой, когда её видел {witness}.",
        "The chain of {writer} was another when {witness} began.",
    ),
    found(
        "audit.stream",
        "Записи {stream} не связаны одна за другой.",
        "The entries of {stream} are not linked one by one.",
    ),
    found("audit.unreadable", "Не читается: {place}.", "It cannot be read: {place}."),
    found(
        "audit.entry",
        "Запись {index} из {stream} не следует из предыдущих.",
        "Entry {index} of {stream} does not follow from those before it.",
    ),
    found(
        "audit.row",
        "Строка списка {row} для {stream}: {what}.",
        "The row {row} of {stream} is {what}.",
    ),
    found(
        "audit.document",
        "Документ {commitment} записи {index} из {stream} подменён.",
        "The document {commitment} of entry {index} of {stream} is another.",
    ),
    found(
        "audit.lost",
        "Документ {commitment} записи {index} из {stream} исчез ({field}).",
        "The document {commitment} of entry {index} of {stream} is gone ({field}).",
    ),
    found(
        "audit.registration",
        "Регистрационные данные {version} для {stream} подменены или исчезли.",
        "The registration data {version} of {stream} is another, or gone.",
    ),
    found(
        "audit.claim",
        "Уникальное значение не закреплено за {stream}: {space}.",
        "What must be unique is not held by {stream}: {space}.",
    ),
    found(
        "audit.checkpoint",
        "Контрольная точка {number} не от этого журнала или не подписана его ключом.",
        "Checkpoint {number} is not the record's, or not signed by its key.",
    ),
    error(
        "audit.rolled-back",
        [
            "Сохранённой контрольной точки {kept} нет в журнале, новейшая в нём — {newest}: это более старая копия.",
            "Найдите новейшую копию или подтвердите восстановление.",
        ],
        [
            "The kept checkpoint {kept} is not in the record, whose newest is {newest}: an older copy.",
            "Find the newest copy, or acknowledge the restore.",
        ],
    ),
    found(
        "audit.more",
        "Повреждены ещё места, их число: {count}.",
        "More places are not whole: {count}.",
    ),
    name("row.altered", "изменена", "altered"),
    name("row.missing", "исчезла", "missing"),
    name("row.made-up", "не следует из записей", "made up"),
];

const fn found(code: &'static str, russian: &'static str, english: &'static str) -> Text {
    error(code, [russian, VERIFY], [english, RESTORE])
}
