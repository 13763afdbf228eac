//! What breaks the rules of DER.

use super::tree::{Node, branch, leaf};
use super::{AUTHORITY, CRL, Case, OWNER, REQUEST, case};

const KEY_USAGE: &str = "2.5.29.15";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";

pub(super) const CASES: &[Case] = &[
    case(
        "e_der_trailing_octets",
        REQUEST,
        |it| it.octets = Some([it.write(), vec![0]].concat()),
        &[],
    ),
    case("e_der_length_shortest", CRL, |it| lengthen(it.field(4)), &[]),
    case(
        "e_der_length_shortest",
        OWNER,
        |it| it.inside("2.5.29.32", |policies| lengthen(&mut policies.nodes[0])),
        &[],
    ),
    case("e_der_structure", OWNER, |it| it.add("1.2.3", false, &[0x30, 2, 4, 9]), &[]),
    case("e_der_constructed", OWNER, |it| it.add("1.2.3", false, &[0x24, 2, 4, 0]), &[]),
    case(
        "e_der_boolean",
        AUTHORITY,
        |it| it.inside(BASIC_CONSTRAINTS, |it| it.nodes[0].contents = vec![1]),
        &[],
    ),
    case("e_der_boolean", OWNER, |it| it.extension(KEY_USAGE).nodes[1].contents = vec![1], &[]),
    case(
        "e_der_default_omitted",
        OWNER,
        |it| it.extension("2.5.29.14").nodes.insert(1, leaf(0x01, &[0])),
        &[],
    ),
    case(
        "e_der_default_omitted",
        OWNER,
        |it| it.add(BASIC_CONSTRAINTS, false, &[0x30, 3, 1, 1, 0]),
        &[],
    ),
    case(
        "e_der_default_omitted",
        OWNER,
        |it| it.field(0).nodes[0].contents = vec![0],
        &["e_rfc5280_version_v3"],
    ),
    case("e_der_integer_shortest", OWNER, |it| it.field(1).contents.insert(0, 0), &[]),
    case("e_der_oid", OWNER, |it| it.add("1.2.3", false, &[6, 3, 0x2a, 0x80, 1]), &[]),
    case("e_der_oid", OWNER, |it| it.add("1.2.3", false, &[6, 2, 0x2a, 0x81]), &[]),
    case("e_der_bit_string", OWNER, |it| it.add("1.2.3", false, &[3, 2, 3, 0x04]), &[]),
    case("e_der_bit_string", OWNER, |it| it.add("1.2.3", false, &[3, 2, 8, 0]), &[]),
    case("e_der_named_bits", OWNER, |it| *it.value(KEY_USAGE) = vec![3, 2, 0, 0xf0], &[]),
    case("e_der_null", OWNER, |it| it.add("1.2.3", false, &[5, 1, 0]), &[]),
    case("e_der_set_order", REQUEST, |it| first_set(it).reverse(), &[]),
    case(
        "e_asn1_string_characters",
        OWNER,
        |it| it.field(5).attribute("2.5.4.6").text("Р"), // two octets in UTF-8
        &[],
    ),
    case(
        "e_asn1_string_characters",
        OWNER,
        |it| it.field(5).attribute("2.5.4.8").contents = vec![0xff],
        &[],
    ),
];

/// Writes the length in one octet more than needed.
fn lengthen(node: &mut Node) {
    let octets = node.write();
    node.octets = Some([&octets[..1], &[0x81], &octets[1..]].concat());
}

/// The first name part of a request, made of two attributes in their order.
fn first_set(it: &mut Node) -> &mut Vec<Node> {
    let mut parts: Vec<_> = it.field(1).nodes.drain(..2).flat_map(|set| set.nodes).collect();
    parts.sort_by_key(Node::write);
    it.field(1).nodes.insert(0, branch(0x31, parts));
    &mut it.field(1).nodes[0].nodes
}
