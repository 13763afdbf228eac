//! What can be wrong with a single value, wherever it stands: all values are looked at once, for all rules.

use super::artefact::Artefact;
use super::field_rules::date;
use super::rule::{Broken, at, nowhere};
use super::tlv::Tlv;
use crate::x509::name::is_string;
use crate::x509::write;

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A length of more octets than it needs.
    Length,
    /// Constructed and not made of values, or too deep.
    Structure,
    /// Constructed where it must be primitive, or the other way round.
    Construction,
    Boolean,
    Integer,
    Identifier,
    Bits,
    Null,
    SetOrder,
    Characters,
    Date,
}

/// Where each fault was met first, as many places as are told.
pub(super) type Faults<'a> = Vec<(Fault, Tlv<'a>)>;

const TOLD: usize = 5;
const NULL: u8 = 0x05;

/// Broken by every value with that fault, at any depth and in extensions too.
pub(super) fn everywhere(it: &Artefact<'_>, fault: Fault) -> Broken {
    let faults = it.faults().iter().filter(|(found, _)| *found == fault);
    nowhere(faults.map(|(_, tlv)| at(it, *tlv)))
}

/// Looks at all values.
pub(super) fn look<'a>(it: &Artefact<'a>) -> Faults<'a> {
    let mut broken = Vec::new();
    let mut faults = Vec::new();
    it.walk(&mut |tlv| of_value(tlv).for_each(|fault| tell(&mut faults, fault, tlv)), &mut |tlv| {
        tell(&mut broken, Fault::Structure, tlv);
    });
    faults.append(&mut broken);
    faults
}

fn tell<'a>(faults: &mut Faults<'a>, fault: Fault, tlv: Tlv<'a>) {
    if faults.iter().filter(|(told, _)| *told == fault).count() < TOLD {
        faults.push((fault, tlv));
    }
}

fn of_value(tlv: Tlv<'_>) -> impl Iterator<Item = Fault> {
    let construction = tlv.tag & 0xc0 == 0 && is_collection(tlv) != tlv.is_constructed();
    let contents = tlv.contents;
    let (fault, holds) = match tlv.tag {
        write::BOOLEAN => (Fault::Boolean, matches!(contents, [0 | 0xff])),
        write::INTEGER | write::ENUMERATED => (Fault::Integer, is_integer(contents)),
        write::OBJECT_IDENTIFIER => (Fault::Identifier, is_oid(contents)),
        write::BIT_STRING => (Fault::Bits, is_bit_string(contents)),
        NULL => (Fault::Null, contents.is_empty()),
        write::SET => (Fault::SetOrder, is_sorted(tlv)),
        write::UTC_TIME | write::GENERALIZED_TIME => (Fault::Date, date(tlv).is_some()),
        tag => (Fault::Characters, is_string(tag, contents)),
    };
    let faults = [
        (!tlv.shortest).then_some(Fault::Length),
        construction.then_some(Fault::Construction),
        (!holds).then_some(fault),
    ];
    faults.into_iter().flatten()
}

/// Of the universal class: `SEQUENCE`, `SET`, `EXTERNAL`, `EMBEDDED PDV`.
const fn is_collection(tlv: Tlv<'_>) -> bool {
    matches!(tlv.tag & 0x1f, 8 | 11 | 16 | 17)
}

/// What cannot be read as a set has another fault.
fn is_sorted(set: Tlv<'_>) -> bool {
    let octets = |all: Vec<Tlv<'_>>| all.iter().map(|it| it.octets).is_sorted();
    set.children().map_or(true, octets)
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
