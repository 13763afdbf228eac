//! Rules about the fields of certificates, and about dates wherever they stand (RFC 5280 §4.1).

use jiff::Timestamp;

use super::artefact::{Artefact, Extension};
use super::rule::{Broken, Rule, anything, at, certificate, crl, holds, named, nowhere, rule};
use super::tlv::Tlv;
use super::values::{Fault, everywhere};
use crate::x509::extensions::PrivateKeyUsagePeriod;
use crate::x509::{ExtensionValue, parse, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_rfc5280_version_known",
        "RFC 5280 §4.1.2.1",
        ("the version is 1, 2 or 3", "версия — 1, 2 или 3"),
        certificate,
        |it| holds(it.version.is_none_or(|version| matches!(version.contents, [0..=2]))),
    ),
    rule(
        "e_rfc5280_version_v3",
        "RFC 5280 §4.1.2.1",
        ("a certificate with extensions is of version 3", "сертификат с дополнениями — версии 3"),
        |it| certificate(it) && it.extended,
        |it| holds(it.version.is_some_and(|version| version.contents == [2])),
    ),
    rule(
        "e_rfc5280_serial_positive",
        "RFC 5280 §4.1.2.2",
        ("the serial number is positive", "серийный номер положителен"),
        |it| it.serial.is_some(),
        |it| holds(it.serial.is_none_or(is_positive)),
    ),
    rule(
        "e_rfc5280_serial_length",
        "RFC 5280 §4.1.2.2",
        ("the serial number has at most 20 octets", "в серийном номере не более 20 октетов"),
        |it| it.serial.is_some(),
        |it| holds(it.serial.is_none_or(|serial| serial.contents.len() <= 20)),
    ),
    rule(
        "n_serial_unpredictable",
        "practice: 64 random bits",
        (
            "the serial number is long enough to be unpredictable",
            "серийный номер достаточно длинен, чтобы быть непредсказуемым",
        ),
        certificate,
        |it| holds(it.serial.is_none_or(|serial| serial.contents.len() >= 8)),
    ),
    rule(
        "e_rfc5280_algorithms_equal",
        "RFC 5280 §§4.1.1.2, 5.1.1.2",
        (
            "the inner and the outer signature algorithm are the same",
            "внутренний и внешний алгоритмы подписи одинаковы",
        ),
        |it| it.algorithm.is_some() && it.sealed.is_some(),
        |it| {
            let octets: Vec<_> = it.algorithms().map(|(_, algorithm)| algorithm.octets).collect();
            holds(octets.iter().all(|one| octets.first() == Some(one)))
        },
    )
    .and_of_seal(),
    rule(
        "e_rfc5280_time_form",
        "RFC 5280 §§4.1.2.5.1, 4.1.2.5.2",
        (
            "dates are written to the second, in GMT, without fractions",
            "даты записаны с секундами, по Гринвичу, без долей",
        ),
        anything,
        time_form,
    )
    .and_of_seal(),
    rule(
        "e_rfc5280_time_type",
        "RFC 5280 §§4.1.2.5, 5.1.2.4",
        (
            "dates through 2049 are UTCTime, later ones GeneralizedTime",
            "даты до 2049 года включительно — UTCTime, позже — GeneralizedTime",
        ),
        |it| !it.times.is_empty(),
        |it| {
            let dates = it.times.iter().copied().chain(it.entries().map(|entry| entry.date));
            nowhere(dates.filter(|&date| !is_right_type(date)).map(|date| at(it, date)))
        },
    ),
    rule(
        "e_rfc5280_validity_order",
        "RFC 5280 §4.1.2.5",
        ("notBefore is not after notAfter", "notBefore не позже notAfter"),
        certificate,
        |it| holds(is_ordered(&it.times)),
    ),
    rule(
        "e_rfc5280_crl_update_order",
        "RFC 5280 §5.1.2.5",
        ("thisUpdate is not after nextUpdate", "thisUpdate не позже nextUpdate"),
        crl,
        |it| holds(is_ordered(&it.times)),
    ),
    rule(
        "e_rfc5280_unique_identifiers",
        "RFC 5280 §4.1.2.8",
        ("there are no unique identifiers", "нет уникальных идентификаторов"),
        certificate,
        |it| holds(!it.unique_identifiers),
    ),
    rule(
        "e_rfc5280_extensions_not_empty",
        "RFC 5280 §§4.1.2.9, 5.1.2.7",
        ("a list of extensions has at least one", "в списке дополнений есть хотя бы одно"),
        anything,
        |it| {
            let own = it.extended && it.extensions.is_empty();
            let entries =
                it.entries().filter(|entry| entry.extended && entry.extensions.is_empty());
            let entries = entries.map(|entry| at(it, entry.serial));
            nowhere(own.then(|| "extensions".to_owned()).into_iter().chain(entries))
        },
    ),
    rule(
        "e_rfc5280_extensions_once",
        "RFC 5280 §4.2",
        ("each extension stands once", "каждое дополнение указано один раз"),
        anything,
        |it| {
            let own = twice(&it.extensions).map(named);
            let entries = it.entries().filter(|entry| twice(&entry.extensions).next().is_some());
            nowhere(own.chain(entries.map(|entry| at(it, entry.serial))))
        },
    ),
    rule(
        "e_rfc5280_public_key_structure",
        "RFC 5280 §4.1.2.7",
        ("the public key is of whole octets", "открытый ключ состоит из целых октетов"),
        |it| it.key.is_some(),
        |it| holds(it.key.is_none_or(|key| key.bits.contents.first() == Some(&0))),
    ),
];

/// The date, where it is written in the only form there is.
pub(super) fn date(tlv: Tlv<'_>) -> Option<Timestamp> {
    parse::all("date", &tlv.in_der(), parse::time).ok()
}

pub(super) fn is_positive(integer: Tlv<'_>) -> bool {
    integer.contents.first().is_some_and(|&first| first < 0x80)
        && integer.contents.iter().any(|&octet| octet != 0)
}

/// `UTCTime` and `GeneralizedTime` anywhere, and those of `privateKeyUsagePeriod` (RFC 3280 §4.2.1.4).
fn time_form(it: &Artefact<'_>) -> Broken {
    let dates = everywhere(it, Fault::Date);
    let period = it.extension(PrivateKeyUsagePeriod::OID.as_bytes()).and_then(Extension::tlv);
    let ends = period.and_then(|period| period.children().ok()).unwrap_or_default();
    let whole = |end: &Tlv<'_>| {
        let end = write::tlv(write::GENERALIZED_TIME, end.contents);
        Tlv::whole(&end).is_some_and(|end| date(end).is_some())
    };
    let ends = nowhere(ends.into_iter().filter(|end| !whole(end)).map(|end| at(it, end)));
    nowhere(dates.into_iter().chain(ends))
}

/// Two digits of a year are of 1950 to 2049.
fn is_right_type(time: Tlv<'_>) -> bool {
    time.tag != write::GENERALIZED_TIME
        || time.contents.get(..4).is_none_or(|year| year >= b"2050".as_slice())
}

/// A date that cannot be read breaks another rule.
fn is_ordered(dates: &[Tlv<'_>]) -> bool {
    dates.iter().filter_map(|&tlv| date(tlv)).is_sorted()
}

/// Those that stand more than once.
fn twice<'a>(extensions: &[Extension<'a>]) -> impl Iterator<Item = &'a [u8]> {
    extensions.iter().enumerate().filter_map(|(index, found)| {
        let before = extensions.get(..index).unwrap_or_default();
        before.iter().any(|one| one.oid == found.oid).then_some(found.oid)
    })
}
