//! Rules about the octets, whatever they mean: DER (RFC 5280 §4.1, X.690).

use super::artefact::{Artefact, Extension};
use super::report::Kind;
use super::rule::{Broken, Rule, anything, at, everywhere, nowhere, rule};
use super::tlv::Tlv;
use crate::x509::extensions::{BasicConstraints, KeyUsages};
use crate::x509::name::is_string;
use crate::x509::{ExtensionValue, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_der_trailing_octets",
        "RFC 5280 §4.1: DER",
        ("nothing follows the end", "после конца ничего нет"),
        anything,
        |it| nowhere((it.trailing() > 0).then(|| format!("@{}", it.root.octets.len()))),
    ),
    rule(
        "e_der_length_shortest",
        "X.690 §10.1",
        ("lengths are in their shortest form", "длины записаны кратчайшим образом"),
        anything,
        |it| everywhere(it, |tlv| tlv.shortest),
    ),
    rule(
        "e_der_structure",
        "X.690 §8.1",
        ("constructed values are made of values", "составные значения состоят из значений"),
        anything,
        structure,
    ),
    rule(
        "e_der_constructed",
        "X.690 §§8.9, 8.11, 10.2",
        (
            "sequences and sets are constructed, all else is primitive",
            "составные — только последовательности и множества",
        ),
        anything,
        |it| {
            everywhere(it, |tlv| tlv.tag & 0xc0 != 0 || is_collection(tlv) == tlv.is_constructed())
        },
    ),
    rule(
        "e_der_boolean",
        "X.690 §11.1",
        ("TRUE is FF, FALSE is 00", "TRUE записано как FF, FALSE — как 00"),
        anything,
        |it| everywhere(it, |tlv| tlv.tag != write::BOOLEAN || matches!(tlv.contents, [0 | 0xff])),
    ),
    rule(
        "e_der_default_omitted",
        "X.690 §11.5",
        ("default values are left out", "значения по умолчанию не записаны"),
        anything,
        defaults,
    ),
    rule(
        "e_der_integer_shortest",
        "X.690 §8.3.2",
        ("integers have no superfluous octets", "в целых числах нет лишних октетов"),
        anything,
        |it| {
            everywhere(it, |tlv| {
                !matches!(tlv.tag, write::INTEGER | write::ENUMERATED) || is_integer(tlv.contents)
            })
        },
    ),
    rule(
        "e_der_oid",
        "X.690 §8.19",
        ("object identifiers are whole and shortest", "идентификаторы объектов целы и кратчайшие"),
        anything,
        |it| everywhere(it, |tlv| tlv.tag != write::OBJECT_IDENTIFIER || is_oid(tlv.contents)),
    ),
    rule(
        "e_der_bit_string",
        "X.690 §§8.6.2, 11.2.1",
        (
            "bit strings count at most 7 unused bits, all zero",
            "в битовых строках не более 7 неиспользуемых битов, и все нулевые",
        ),
        anything,
        |it| everywhere(it, |tlv| tlv.tag != write::BIT_STRING || is_bit_string(tlv.contents)),
    ),
    rule(
        "e_der_named_bits",
        "X.690 §11.2.2",
        ("keyUsage has no trailing zero bits", "в keyUsage нет нулевых битов в конце"),
        anything,
        named_bits,
    ),
    rule("e_der_null", "X.690 §8.8", ("NULL is empty", "NULL пуст"), anything, |it| {
        everywhere(it, |tlv| tlv.tag != NULL || tlv.contents.is_empty())
    }),
    rule(
        "e_der_set_order",
        "X.690 §11.6",
        ("sets are sorted", "элементы множеств упорядочены"),
        anything,
        |it| {
            everywhere(it, |tlv| {
                let octets = |all: Vec<Tlv<'_>>| all.iter().map(|it| it.octets).is_sorted();
                tlv.tag != write::SET || tlv.children().map_or(true, octets)
            })
        },
    ),
    rule(
        "e_asn1_string_characters",
        "X.680 §41",
        (
            "strings have only the characters of their type",
            "в строках только символы, которые допускает их тип",
        ),
        anything,
        |it| everywhere(it, |tlv| is_string(tlv.tag, tlv.contents)),
    ),
];

const NULL: u8 = 0x05;

/// Of the universal class: `SEQUENCE`, `SET`, `EXTERNAL`, `EMBEDDED PDV`.
const fn is_collection(tlv: Tlv<'_>) -> bool {
    matches!(tlv.tag & 0x1f, 8 | 11 | 16 | 17)
}

fn structure(it: &Artefact<'_>) -> Broken {
    let mut places = Vec::new();
    let mut broken = |tlv: Tlv<'_>| places.push(at(it, tlv));
    it.root.walk(&mut |_| (), &mut broken);
    let values = it.all_extensions().filter_map(|extension| extension.tlv());
    values.for_each(|value| value.walk(&mut |_| (), &mut broken));
    nowhere(places)
}

/// `version` of certificates, `critical`, `cA`.
fn defaults(it: &Artefact<'_>) -> Broken {
    let certificate = it.kind == Kind::Certificate;
    let version = it.version.filter(|version| certificate && version.contents == [0]);
    let flags = it.all_extensions().filter_map(|extension| extension.criticality);
    let constraints = it.extension(BasicConstraints::OID.as_bytes()).and_then(|found| {
        let first = found.tlv()?.children().ok()?.first().copied()?;
        (first.tag == write::BOOLEAN).then_some(first)
    });
    let flags = flags.chain(constraints).filter(|flag| flag.contents.iter().all(|&it| it == 0));
    nowhere(version.into_iter().chain(flags).map(|tlv| at(it, tlv)))
}

fn named_bits(it: &Artefact<'_>) -> Broken {
    let bits = it.extension(KeyUsages::OID.as_bytes()).and_then(Extension::tlv);
    nowhere(bits.filter(|bits| !is_named_bit_list(bits.contents)).map(|bits| at(it, bits)))
}

/// The last bit counted is set.
fn is_named_bit_list(contents: &[u8]) -> bool {
    match contents {
        [0] => true,
        [unused, .., last] => u32::from(*unused) == last.trailing_zeros(),
        _ => false,
    }
}

/// Whether the contents of an `INTEGER` are minimal.
pub(super) fn is_integer(contents: &[u8]) -> bool {
    !matches!(contents, [] | [0, 0..=0x7f, ..] | [0xff, 0x80..=0xff, ..])
}

fn is_oid(contents: &[u8]) -> bool {
    let ends = contents.last().is_some_and(|last| last & 0x80 == 0);
    let begins = core::iter::once(&0).chain(contents).zip(contents);
    ends && begins.into_iter().all(|(before, &first)| before & 0x80 != 0 || first != 0x80)
}

fn is_bit_string(contents: &[u8]) -> bool {
    match contents {
        [0] => true,
        [unused @ 0..=7, .., last] => u32::from(*unused) <= last.trailing_zeros(),
        _ => false,
    }
}
