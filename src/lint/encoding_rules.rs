//! Rules about the octets, whatever they mean: DER (RFC 5280 §4.1, X.690).

use super::artefact::{Artefact, Extension};
use super::report::Kind;
use super::rule::{Broken, Rule, anything, at, nowhere, rule};
use super::values::{Fault, everywhere};
use crate::x509::extensions::{BasicConstraints, KeyUsages};
use crate::x509::{ExtensionValue, write};

pub(super) const RULES: &[Rule] = &[
    rule(
        "e_der_trailing_octets",
        "RFC 5280 §4.1: DER",
        ("nothing follows the end", "после конца ничего нет"),
        anything,
        |it| nowhere((it.trailing() > 0).then(|| format!("@{}", it.root.octets.len()))),
    )
    .and_of_seal(),
    rule(
        "e_der_length_shortest",
        "X.690 §10.1",
        ("lengths are in their shortest form", "длины записаны кратчайшим образом"),
        anything,
        |it| everywhere(it, Fault::Length),
    )
    .and_of_seal(),
    rule(
        "e_der_structure",
        "X.690 §8.1",
        ("constructed values are made of values", "составные значения состоят из значений"),
        anything,
        |it| everywhere(it, Fault::Structure),
    )
    .and_of_seal(),
    rule(
        "e_der_constructed",
        "X.690 §§8.9, 8.11, 10.2",
        (
            "sequences and sets are constructed, all else is primitive",
            "составные — только последовательности и множества",
        ),
        anything,
        |it| everywhere(it, Fault::Construction),
    )
    .and_of_seal(),
    rule(
        "e_der_boolean",
        "X.690 §11.1",
        ("TRUE is FF, FALSE is 00", "TRUE записано как FF, FALSE — как 00"),
        anything,
        |it| everywhere(it, Fault::Boolean),
    )
    .and_of_seal(),
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
        |it| everywhere(it, Fault::Integer),
    )
    .and_of_seal(),
    rule(
        "e_der_oid",
        "X.690 §8.19",
        ("object identifiers are whole and shortest", "идентификаторы объектов целы и кратчайшие"),
        anything,
        |it| everywhere(it, Fault::Identifier),
    )
    .and_of_seal(),
    rule(
        "e_der_bit_string",
        "X.690 §§8.6.2, 11.2.1",
        (
            "bit strings count at most 7 unused bits, all zero",
            "в битовых строках не более 7 неиспользуемых битов, и все нулевые",
        ),
        anything,
        |it| everywhere(it, Fault::Bits),
    )
    .and_of_seal(),
    rule(
        "e_der_named_bits",
        "X.690 §11.2.2",
        ("keyUsage has no trailing zero bits", "в keyUsage нет нулевых битов в конце"),
        anything,
        named_bits,
    ),
    rule("e_der_null", "X.690 §8.8", ("NULL is empty", "NULL пуст"), anything, |it| {
        everywhere(it, Fault::Null)
    })
    .and_of_seal(),
    rule(
        "e_der_set_order",
        "X.690 §11.6",
        ("sets are sorted", "элементы множеств упорядочены"),
        anything,
        |it| everywhere(it, Fault::SetOrder),
    )
    .and_of_seal(),
    rule(
        "e_asn1_string_characters",
        "X.680 §41",
        (
            "strings have only the characters of their type",
            "в строках только символы, которые допускает их тип",
        ),
        anything,
        |it| everywhere(it, Fault::Characters),
    )
    .and_of_seal(),
];

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
