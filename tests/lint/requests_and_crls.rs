//! What breaks the rules of requests and CRLs.

use super::tree::{Node, branch, leaf, oid};
use super::{CRL, Case, DELTA, PARTIAL, REQUEST, case};

const REASON: &str = "2.5.29.21";

pub(super) const CASES: &[Case] = &[
    case("e_rfc2986_version", REQUEST, |it| it.field(0).contents = vec![1], &[]),
    case("e_rfc2986_attributes", REQUEST, |it| it.nodes[0].nodes.truncate(3), &[]),
    case(
        "e_rfc2986_attribute_form",
        REQUEST,
        |it| it.field(3).nodes.push(branch(0x30, vec![oid("1.2.3"), branch(0x31, Vec::new())])),
        &[],
    ),
    case("e_rfc2986_attribute_form", REQUEST, |it| it.field(3).nodes.push(leaf(0x05, &[])), &[]),
    case(
        "e_rfc2986_attributes_once",
        REQUEST,
        |it| {
            let first = it.field(3).nodes[0].clone();
            it.field(3).nodes.push(first);
        },
        &[],
    ),
    case(
        "e_rfc2985_extension_request",
        REQUEST,
        |it| {
            let values = &mut it.field(3).nodes[0].nodes[1].nodes;
            values.push(values[0].clone());
        },
        &[],
    ),
    case(
        "n_challenge_password",
        REQUEST,
        |it| {
            let password = branch(0x31, vec![leaf(0x13, b"secret")]);
            let attribute = branch(0x30, vec![oid("1.2.840.113549.1.9.7"), password]);
            it.field(3).nodes.push(attribute);
        },
        &[],
    ),
    case(
        "e_rfc9215_signature_of_key",
        REQUEST,
        |it| it.nodes[1].nodes[0] = oid("1.2.643.7.1.1.3.3"),
        &["e_rfc9215_signature_length"],
    ),
    case("e_rfc5280_crl_version", CRL, |it| drop(it.nodes[0].nodes.remove(0)), &[]),
    case("e_rfc5280_crl_next_update", CRL, |it| drop(it.nodes[0].nodes.remove(4)), &[]),
    case("e_rfc5280_crl_update_order", CRL, |it| it.nodes[0].nodes.swap(3, 4), &[]),
    case("e_rfc5280_crl_number", CRL, |it| it.remove("2.5.29.20"), &[]),
    case("e_rfc5280_crl_number", CRL, |it| *it.value("2.5.29.20") = vec![2, 1, 0x80], &[]),
    case(
        "e_rfc5280_crl_number",
        CRL,
        |it| *it.value("2.5.29.20") = [&[2, 21][..], &[1; 21]].concat(),
        &[],
    ),
    case("e_rfc5280_crl_not_empty_list", CRL, |it| it.field(5).nodes.clear(), &[]),
    case("e_rfc5280_crl_entry_form", CRL, |it| drop(entry(it, 4).nodes.pop()), &[]),
    case("e_rfc5280_crl_serial", CRL, |it| entry(it, 4).nodes[0].contents = vec![0], &[]),
    case("e_rfc5280_crl_serial", CRL, |it| entry(it, 4).nodes[0].contents = vec![1; 21], &[]),
    case(
        "w_rfc5280_crl_entry_once",
        CRL,
        |it| {
            let again = entry(it, 4).clone();
            it.field(5).nodes.push(again);
        },
        &[],
    ),
    case("e_rfc5280_crl_reason", CRL, |it| reason(it, 7), &[]),
    case("w_rfc5280_crl_reason_unspecified", CRL, |it| reason(it, 0), &[]),
    case("e_rfc5280_crl_reason_delta", CRL, |it| reason(it, 8), &[]),
    case("e_rfc5280_crl_reason_delta", DELTA, |it| it.remove("2.5.29.27"), &[]),
    case("e_rfc5280_crl_scope", PARTIAL, |it| *it.value("2.5.29.28") = vec![0x30, 0], &[]),
    case(
        "e_rfc5280_crl_scope",
        PARTIAL,
        |it| it.inside("2.5.29.28", |it| it.nodes.push(leaf(0x82, &[0xff]))),
        &[],
    ),
    case("e_rfc5280_criticality", DELTA, |it| drop(it.extension("2.5.29.27").nodes.remove(1)), &[]),
    case("e_rfc5280_aki_key", CRL, |it| it.remove("2.5.29.35"), &[]),
    case(
        "e_rfc5280_extensions_not_empty",
        CRL,
        |it| entry(it, 4).nodes.push(branch(0x30, Vec::new())),
        &[],
    ),
    case(
        "e_rfc5280_extensions_once",
        CRL,
        |it| {
            let extensions = &mut entry(it, 3).nodes[2].nodes;
            extensions.push(extensions[0].clone());
        },
        &[],
    ),
    case(
        "e_rfc5280_time_type",
        CRL,
        |it| entry(it, 4).nodes[1] = leaf(0x18, b"20260512000002Z"),
        &[],
    ),
];

fn entry(it: &mut Node, index: usize) -> &mut Node {
    &mut it.field(5).nodes[index]
}

/// Gives the entry that has no reason that one.
fn reason(it: &mut Node, number: u8) {
    let extension = branch(0x30, vec![oid(REASON), leaf(0x04, &[0x0a, 1, number])]);
    entry(it, 4).nodes.push(branch(0x30, vec![extension]));
}
