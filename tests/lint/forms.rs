//! The forms in which files come, and files that are something else.

use gost_ca::lint::{Form, Kind, Severity, lint};
use gost_ca::x509::{PemLabel, to_pem};

use super::tree::{Node, sample};
use super::{CRL, OWNER, REQUEST};

#[test]
fn every_form_is_taken() {
    for (file, label, kind) in [
        (OWNER, PemLabel::Certificate, Kind::Certificate),
        (REQUEST, PemLabel::CertificateRequest, Kind::Request),
        (CRL, PemLabel::Crl, Kind::Crl),
    ] {
        let der = sample(file);
        let pem = to_pem(label, &der);
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        for (form, octets) in [
            (Form::Der, der.clone()),
            (Form::Pem, pem.clone().into_bytes()),
            (Form::Pem, format!("\u{feff}a comment\r\n{pem}").into_bytes()),
            (Form::Base64, base64.into_bytes()),
        ] {
            let report = lint(&octets);
            assert_eq!((report.kind, report.form), (Some(kind), Some(form)), "{file}");
            assert_eq!(report.findings, [], "{file}");
        }
    }
}

#[test]
fn what_is_something_else_says_where() {
    let field = |octets: &[u8]| lint(octets).unreadable.unwrap().to_string();
    assert_eq!(field(b""), "the file: cut short");
    assert_eq!(field(&[0xff]), "the file: neither DER nor PEM nor Base64");
    assert_eq!(field("привет".as_bytes()), "the file: no Base64");
    assert_eq!(field(&[0x30, 0]), "the signed part: cut short");
    assert_eq!(field(&sample("generated/ul.ocspresp")), "the signed part: of another type");
    assert_eq!(field(&sample("generated/ul-attached.p7s")), "the signed part: of another type");
    assert_eq!(
        field(&sample("generated/ul.key.pem")),
        "the file: no PEM of a certificate, request or CRL"
    );
    let claimed = to_pem(PemLabel::Crl, &sample(OWNER));
    assert_eq!(field(claimed.as_bytes()), "the file: something else than its label says");
    let mut tree = Node::read(&sample(OWNER));
    tree.field(4).nodes[1].tag = 0x02;
    assert_eq!(field(&tree.write()), "notAfter: of another type");
    let mut tree = Node::read(&sample(OWNER));
    tree.extensions()[2].nodes[1].tag = 0x0c;
    assert_eq!(field(&tree.write()), "extensions[2].extnValue: of another type");
}

#[test]
fn reports_are_for_people_and_programs() {
    let mut tree = Node::read(&sample(OWNER));
    tree.field(1).contents = vec![0];
    tree.extension("2.5.29.15").nodes.remove(1);
    let report = lint(&tree.write());
    assert_eq!(report.worst(), Some(Severity::Error));
    assert_eq!(
        report.to_string(),
        "certificate: findings\n  \
         error e_rfc5280_serial_positive: the serial number is positive (RFC 5280 §4.1.2.2)\n  \
         warning w_rfc5280_criticality: extensions that should or should not be critical are so \
         (RFC 5280 §4.2) [2.5.29.15]\n  \
         notice n_serial_unpredictable: the serial number is long enough to be unpredictable \
         (practice: 64 random bits)\n"
    );
    let russian = report.russian().to_string();
    let begin = "сертификат: замечания\n  ошибка e_rfc5280_serial_positive: серийный номер";
    assert!(russian.starts_with(begin), "{russian}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["kind"], "certificate");
    assert_eq!(json["findings"][1]["severity"], "warning");
    assert_eq!(json["findings"][1]["place"], "2.5.29.15");
}

/// The report of a person's certificate has nothing of the person.
#[test]
fn reports_name_no_values() {
    let mut tree = Node::read(&sample("generated/person.cer"));
    for set in &mut tree.field(5).nodes {
        set.nodes[0].nodes[1].tag = 0x1a; // of a wrong type, all of them
    }
    let report = lint(&tree.write());
    let text = format!("{report}{}{report:?}", report.russian());
    assert!(text.contains("subject.SNILS"));
    for set in &Node::read(&sample("generated/person.cer")).field(5).nodes {
        let value = String::from_utf8(set.nodes[0].nodes[1].contents.clone()).unwrap();
        assert!(value == "RU" || !text.contains(&value), "{value}");
    }
}
