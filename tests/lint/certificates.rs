//! What breaks the rules of certificates.

use super::tree::{Node, branch, leaf, oid};
use super::{AUTHORITY, Case, OWNER, case};

const VERSION: usize = 0;
const SERIAL: usize = 1;
const ALGORITHM: usize = 2;
const ISSUER: usize = 3;
const VALIDITY: usize = 4;
const SUBJECT: usize = 5;
const KEY: usize = 6;

const AKI: &str = "2.5.29.35";
const SKI: &str = "2.5.29.14";
const KEY_USAGE: &str = "2.5.29.15";
const KEY_PERIOD: &str = "2.5.29.16";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const CRL_LOCATIONS: &str = "2.5.29.31";
const POLICIES: &str = "2.5.29.32";
const SUBJECT_TOOL: &str = "1.2.643.100.111";
const ISSUER_TOOL: &str = "1.2.643.100.112";
const KIND: &str = "1.2.643.100.114";

const CRYPTO_PRO_A: &str = "1.2.643.2.2.35.1";
const SET_256_A: &str = "1.2.643.7.1.2.1.1.1";
const SET_256_B: &str = "1.2.643.7.1.2.1.1.2";

#[rustfmt::skip]
pub(super) const CASES: &[Case] = &[
    // Fields.
    case("e_rfc5280_version_known", OWNER, |it| it.field(VERSION).nodes[0].contents = vec![3], &["e_rfc5280_version_v3"]),
    case("e_rfc5280_version_v3", OWNER, |it| it.field(VERSION).nodes[0].contents = vec![1], &[]),
    case("e_rfc5280_serial_positive", OWNER, |it| it.field(SERIAL).contents = vec![0], &["n_serial_unpredictable"]),
    case("e_rfc5280_serial_positive", OWNER, |it| it.field(SERIAL).contents[0] = 0x80, &[]),
    case("e_rfc5280_serial_length", OWNER, |it| it.field(SERIAL).contents = vec![1; 21], &[]),
    case("n_serial_unpredictable", OWNER, |it| it.field(SERIAL).contents = vec![1; 7], &[]),
    case("e_rfc5280_algorithms_equal", OWNER, |it| it.field(ALGORITHM).nodes[0] = oid("1.2.643.7.1.1.3.3"), &[]),
    case("e_rfc5280_time_form", OWNER, |it| date(it, 0, 0x17, b"2603010000Z"), &[]),
    case("e_rfc5280_time_form", OWNER, |it| date(it, 0, 0x17, b"260301000000+0300"), &[]),
    case("e_rfc5280_time_form", OWNER, |it| date(it, 1, 0x18, b"20500601000000.5Z"), &[]),
    case("e_rfc5280_time_form", OWNER, |it| it.inside(KEY_PERIOD, |it| it.nodes[0].contents = b"20260301000000.0Z".to_vec()), &[]),
    case("e_rfc5280_time_type", OWNER, |it| date(it, 1, 0x18, b"20270601000000Z"), &[]),
    case("e_rfc5280_validity_order", OWNER, |it| it.field(VALIDITY).nodes.reverse(), &["n_key_period_within"]),
    case("e_rfc5280_unique_identifiers", OWNER, |it| it.nodes[0].nodes.insert(7, leaf(0x81, &[0, 1])), &[]),
    case("e_rfc5280_extensions_not_empty", AUTHORITY, |it| it.extensions().clear(), &["e_rfc5280_aki_key", "w_rfc5280_ski_end_entity"]),
    case("e_rfc5280_extensions_once", OWNER, |it| { let first = it.extensions()[0].clone(); it.extensions().push(first); }, &[]),
    case("e_rfc5280_public_key_structure", OWNER, |it| { let bits = &mut it.field(KEY).nodes[1].contents; bits[0] = 1; *bits.last_mut().unwrap() &= 0xfe; }, &[]),
    // Names.
    case("e_rfc5280_issuer_not_empty", OWNER, |it| it.field(ISSUER).nodes.clear(), &[]),
    case("e_rfc5280_subject_not_empty", OWNER, |it| it.field(SUBJECT).nodes.clear(), &["e_63fz17_owner", "w_fsb795_subject_kind"]),
    case("e_rfc5280_attribute_string", OWNER, |it| it.field(SUBJECT).attribute("2.5.4.6").tag = 0x0c, &[]),
    case("e_rfc5280_attribute_string", OWNER, |it| { let title = it.field(SUBJECT).attribute("2.5.4.12"); title.tag = 0x16; title.text("Director"); }, &[]),
    case("w_rfc5280_directory_string", OWNER, |it| { let title = it.field(SUBJECT).attribute("2.5.4.12"); title.tag = 0x1e; title.contents = vec![4, 0x23, 4, 0x26]; }, &[]),
    case("e_rfc5280_attribute_length", OWNER, |it| it.field(SUBJECT).attribute("2.5.4.3").text(&"Ы".repeat(65)), &[]),
    case("e_rfc5280_attribute_length", OWNER, |it| it.field(SUBJECT).attribute("2.5.4.6").text("RUS"), &[]),
    case("e_rfc5280_attribute_length", OWNER, |it| it.field(SUBJECT).attribute("2.5.4.12").text(""), &[]),
    case("n_rfc5280_email_alt_name", OWNER, |it| attribute(it, "1.2.840.113549.1.9.1", 0x16, b"a@b.example"), &[]),
    case("e_rfc9215_identifier_string", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.100.3").tag = 0x0c, &[]),
    case("e_rfc9215_identifier_string", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.100.4").text("990000012"), &[]),
    case("e_ogrn_check_digit", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.100.1").text("1029900000018"), &[]),
    case("e_ogrnip_check_digit", OWNER, |it| attribute(it, "1.2.643.100.5", 0x12, b"304500116000158"), &["w_fsb795_subject_kind"]),
    case("e_innle_check_digit", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.100.4").text("9900000121"), &[]),
    case("e_inn_check_digit", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.3.131.1.1").text("990000078994"), &[]),
    case("e_snils_check_digit", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.100.3").text("99000078999"), &[]),
    case("n_inn_padded", OWNER, |it| it.field(SUBJECT).attribute("1.2.643.3.131.1.1").text("007707314029"), &[]),
    // Extensions.
    case("e_rfc5280_extension_syntax", OWNER, |it| *it.value(SKI) = vec![5, 0], &["w_rfc5280_ski_end_entity"]),
    case("e_rfc5280_extension_syntax", OWNER, |it| it.add("1.2.3", false, b"no value"), &[]),
    case("e_rfc5280_extension_syntax", OWNER, |it| *it.value(ISSUER_TOOL) = vec![0x30, 0], &[]),
    case("e_rfc5280_sequence_not_empty", OWNER, |it| *it.value("2.5.29.37") = vec![0x30, 0], &[]),
    case("e_rfc5280_criticality", OWNER, |it| it.extension(SKI).nodes.insert(1, leaf(1, &[0xff])), &[]),
    case("e_rfc5280_criticality", AUTHORITY, |it| drop(it.extension(BASIC_CONSTRAINTS).nodes.remove(1)), &[]),
    case("w_rfc5280_criticality", OWNER, |it| drop(it.extension(KEY_USAGE).nodes.remove(1)), &[]),
    case("w_rfc5280_criticality", OWNER, |it| it.extension(SUBJECT_TOOL).nodes.insert(1, leaf(1, &[0xff])), &["w_rfc5280_unknown_critical"]),
    case("w_rfc5280_unknown_critical", OWNER, |it| it.add("1.2.3", true, &[5, 0]), &[]),
    case("e_rfc5280_aki_key", OWNER, |it| it.inside(AKI, |it| drop(it.nodes.remove(0))), &[]),
    case("e_rfc5280_aki_pair", OWNER, |it| it.inside(AKI, |it| drop(it.nodes.remove(2))), &["e_63fz17_issuer_certificate"]),
    case("e_rfc5280_ski_authority", AUTHORITY, |it| it.remove(SKI), &[]),
    case("w_rfc5280_ski_end_entity", OWNER, |it| it.remove(SKI), &[]),
    case("e_rfc5280_key_usage_authority", AUTHORITY, |it| it.remove(KEY_USAGE), &[]),
    case("e_rfc5280_key_usage_not_empty", OWNER, |it| *it.value(KEY_USAGE) = vec![3, 1, 0], &[]),
    case("e_rfc5280_key_cert_sign", OWNER, |it| *it.value(KEY_USAGE) = vec![3, 2, 2, 0x84], &[]),
    case("e_rfc5280_key_cert_sign", AUTHORITY, |it| it.remove(BASIC_CONSTRAINTS), &[]),
    case("e_rfc5280_path_length", AUTHORITY, |it| *it.value(KEY_USAGE) = vec![3, 2, 1, 2], &[]),
    case("e_rfc5280_path_length", OWNER, |it| it.add(BASIC_CONSTRAINTS, true, &[0x30, 3, 2, 1, 0]), &[]),
    case("e_rfc5280_policies_once", OWNER, |it| it.inside(POLICIES, |it| { let any = branch(0x30, vec![oid("2.5.29.32.0")]); it.nodes.extend([any.clone(), any]); }), &[]),
    case("e_rfc5280_notice_length", OWNER, |it| notice(it, 0x0c, "ы".repeat(201).as_bytes()), &[]),
    case("e_rfc5280_notice_string", OWNER, |it| notice(it, 0x1e, &[4, 0x43]), &[]),
    case("e_rfc5280_notice_string", OWNER, |it| notice(it, 0x1a, b"no"), &[]),
    case("w_rfc5280_crl_location", OWNER, |it| it.inside(CRL_LOCATIONS, |it| { it.nodes.truncate(1); url(it).contents = b"ftp://ca.example/".to_vec(); }), &[]),
    case("e_rfc3280_key_period", OWNER, |it| *it.value(KEY_PERIOD) = vec![0x30, 0], &[]),
    case("e_rfc3280_key_period", OWNER, |it| it.inside(KEY_PERIOD, |it| { it.nodes.swap(0, 1); (it.nodes[0].tag, it.nodes[1].tag) = (it.nodes[1].tag, it.nodes[0].tag); }), &[]),
    case("n_key_period_within", OWNER, |it| it.inside(KEY_PERIOD, |it| it.nodes[1].contents = b"20270601000001Z".to_vec()), &[]),
    // GOST keys and signatures.
    case("e_rfc9215_signature_algorithm", OWNER, |it| { it.field(ALGORITHM).nodes[0] = oid("1.2.643.7.1.1.1.1"); it.nodes[1].nodes[0] = oid("1.2.643.7.1.1.1.1"); }, &[]),
    case("e_rfc9215_signature_parameters", OWNER, |it| { it.field(ALGORITHM).nodes.push(leaf(5, &[])); it.nodes[1].nodes.push(leaf(5, &[])); }, &[]),
    case("e_rfc9215_signature_length", OWNER, |it| it.nodes[2].contents.truncate(64), &[]),
    case("e_rfc9215_key_parameters", OWNER, |it| parameters(it, &["1.2.643.7.1.2.1.1.9"]), &[]),
    case("e_rfc9215_key_parameters", OWNER, |it| parameters(it, &[CRYPTO_PRO_A, "1.2.643.7.1.1.2.2", "1.2.643.2.2.31.1"]), &[]),
    case("e_rfc9215_key_parameters", OWNER, |it| it.field(KEY).nodes[0].nodes[1] = leaf(5, &[]), &[]),
    case("e_rfc9215_key_parameters", OWNER, |it| parameters(it, &["1.2.643.7.1.2.1.2.1"]), &[]),
    case("e_test_parameter_set", OWNER, |it| parameters(it, &["1.2.643.2.2.35.0", "1.2.643.7.1.1.2.2"]), &[]),
    case("e_rfc9215_digest_parameter", OWNER, |it| parameters(it, &[CRYPTO_PRO_A]), &[]),
    case("e_rfc9215_digest_parameter", OWNER, |it| parameters(it, &[CRYPTO_PRO_A, "1.2.643.7.1.1.2.3"]), &[]),
    case("e_rfc9215_digest_parameter", OWNER, |it| parameters(it, &[SET_256_B, "1.2.643.7.1.1.2.2"]), &[]),
    case("w_rfc9215_digest_parameter", OWNER, |it| parameters(it, &[SET_256_A, "1.2.643.7.1.1.2.2"]), &["e_rfc9215_key_point"]),
    case("e_rfc9215_key_octets", OWNER, |it| it.field(KEY).nodes[1].contents = vec![0, 4, 1, 7], &[]),
    case("e_rfc9215_key_point", OWNER, |it| it.field(KEY).nodes[1].contents[10] ^= 1, &[]),
    case("e_rfc9215_key_usage", OWNER, |it| *it.value(KEY_USAGE) = vec![3, 3, 7, 0x89, 0x80], &[]),
    case("n_gost_2001", OWNER, |it| it.field(KEY).nodes[0].nodes[0] = oid("1.2.643.2.2.19"), &[]),
    // Qualified certificates.
    case("e_63fz17_owner", OWNER, |it| without(it, "2.5.4.6"), &["w_fsb795_subject_kind"]),
    case("w_fsb795_subject_kind", OWNER, |it| without(it, "2.5.4.12"), &[]),
    case("w_fsb795_attribute_once", OWNER, |it| { let first = it.field(SUBJECT).nodes[0].clone(); it.field(SUBJECT).nodes.push(first); }, &[]),
    case("e_63fz17_sign_tools", OWNER, |it| it.remove(ISSUER_TOOL), &[]),
    case("e_63fz17_sign_tools", OWNER, |it| it.remove(SUBJECT_TOOL), &[]),
    case("e_rfc9215_sign_tool_length", OWNER, |it| *it.value(SUBJECT_TOOL) = leaf(0x0c, "ы".repeat(201).as_bytes()).write(), &[]),
    case("e_rfc9215_sign_tool_length", OWNER, |it| it.inside(ISSUER_TOOL, |it| it.nodes[3].text(&"ы".repeat(101))), &[]),
    case("e_fsb795_classes", OWNER, |it| it.remove(POLICIES), &[]),
    case("w_fsb795_classes_cumulative", OWNER, |it| it.inside(POLICIES, |it| drop(it.nodes.remove(0))), &[]),
    case("w_fsb795_class_arc", OWNER, |it| it.inside(POLICIES, |it| it.nodes.push(branch(0x30, vec![oid("1.2.643.100.114.1")]))), &[]),
    case("e_rfc9215_identification_kind", OWNER, |it| *it.value(KIND) = vec![2, 1, 4], &[]),
    case("w_fsb31_identification_kind", OWNER, |it| it.remove(KIND), &[]),
    case("e_63fz17_issuer_certificate", OWNER, |it| it.inside(AKI, |it| it.nodes.truncate(1)), &[]),
    case("w_fsb795_crl_location", OWNER, |it| it.remove(CRL_LOCATIONS), &[]),
];

fn date(it: &mut Node, index: usize, tag: u8, text: &[u8]) {
    it.field(VALIDITY).nodes[index] = leaf(tag, text);
}

fn attribute(it: &mut Node, dots: &str, tag: u8, text: &[u8]) {
    let pair = branch(0x30, vec![oid(dots), leaf(tag, text)]);
    it.field(SUBJECT).nodes.push(branch(0x31, vec![pair]));
}

fn without(it: &mut Node, dots: &str) {
    let wanted = oid(dots).write();
    it.field(SUBJECT).nodes.retain(|set| set.nodes[0].nodes[0].write() != wanted);
}

fn parameters(it: &mut Node, sets: &[&str]) {
    let oids = sets.iter().map(|dots| oid(dots)).collect();
    it.field(KEY).nodes[0].nodes[1] = branch(0x30, oids);
}

/// Puts a `userNotice` at the first policy.
fn notice(it: &mut Node, tag: u8, text: &[u8]) {
    let notice = branch(0x30, vec![leaf(tag, text)]);
    let qualifier = branch(0x30, vec![oid("1.3.6.1.5.5.7.2.2"), notice]);
    it.inside(POLICIES, |it| it.nodes[0].nodes.push(branch(0x30, vec![qualifier])));
}

/// The URL of the first distribution point.
fn url(locations: &mut Node) -> &mut Node {
    &mut locations.nodes[0].nodes[0].nodes[0].nodes[0]
}
