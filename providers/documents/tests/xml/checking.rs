//! Signatures of others checked, and reports.

use std::fs;
use std::sync::Arc;

use gost_ca::language::Language;
use gost_ca::provider::verifier::FirstThatKnows;
use gost_ca_documents::check::{Finding, Part};
use gost_ca_documents::xml::{SignedPart, XmlReport, XmlRules, XmlSigning};
use gost_ca_documents::{CheckRules, Checker, Verdict};
use gost_ca_ecdsa_rsa::EcdsaRsaVerifier;
use gost_ca_software::GostVerifier;

use crate::canonical::document;
use crate::signing::{check, findings, sign};
use crate::support::{certificate, data};

fn foreign(name: &str) -> String {
    fs::read_to_string(data("xml").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Checks with nobody trusted.
async fn distrust(text: &str) -> XmlReport {
    let mut rules = CheckRules::at("2026-05-02T09:00:00Z".parse().unwrap());
    rules.status = false;
    let verifier = FirstThatKnows::new(vec![Arc::new(GostVerifier), Arc::new(EcdsaRsaVerifier)]);
    let checker = Checker::new(&[], &verifier, rules);
    checker.xml(&document(text), &XmlRules::default()).await.unwrap()
}

fn found(report: &XmlReport, part: Part) -> Vec<Finding> {
    let steps = report.report.signers.iter().flat_map(|signer| &signer.steps);
    steps.filter(|step| step.part == part).map(|step| step.finding).collect()
}

/// Signed by CryptoPro CSP: the values are s before r.
#[tokio::test]
async fn documents_of_cryptopro_verify() {
    for name in ["cryptopro-2001.xml", "cryptopro-2012-256.xml", "cryptopro-2012-512.xml"] {
        let text = foreign(name);
        let report = distrust(&text).await;
        assert_eq!(found(&report, Part::Content), [Finding::ContentIntact], "{name}");
        assert_eq!(found(&report, Part::Signature), [Finding::SignatureVerifies], "{name}");
        let covered = &report.signatures[0].covered[0];
        assert_eq!(covered.part, SignedPart::Document);
        let data = "<MyXML Signed=\"true\"><ElementToSign Signed=\"true\">Here is some data to sign.</ElementToSign></MyXML>";
        assert_eq!(covered.octets, data.as_bytes());
        let changed = distrust(&text.replace("some data", "other data")).await;
        assert_eq!(found(&changed, Part::Content), [Finding::ContentChanged], "{name}");
        assert!(changed.signatures[0].covered.is_empty());
        let changed = distrust(&text.replacen("<DigestValue>", "<DigestValue >", 1)).await;
        assert_eq!(found(&changed, Part::Signature), [Finding::SignatureVerifies], "{name}");
        let changed = distrust(&text.replacen("<DigestValue>", "<DigestValue> ", 1)).await;
        assert_eq!(found(&changed, Part::Signature), [Finding::SignatureForged], "{name}");
    }
}

/// What SMEV signs has names of namespaces of its own, and no spaces between elements.
#[tokio::test]
async fn messages_of_smev_verify() {
    let text = foreign("smev-2001.xml");
    let covered = "<ns1:MessageTypeSelector xmlns:ns1=\"urn://x-artefacts-smev-gov-ru/services/message-exchange/types/basic/1.1\" \
        Id=\"SIGNED_BY_CALLER\"><ns1:Timestamp>2014-02-11T17:10:03.616+04:00</ns1:Timestamp></ns1:MessageTypeSelector>";
    let spread = text.replace("<ns2:Timestamp>", "\n  <!-- -->\n<ns2:Timestamp>");
    let renamed = text.replace("ns2:", "n:").replace("xmlns:ns2", "xmlns:n");
    for text in [&text, &spread, &renamed] {
        let report = distrust(text).await;
        let mut content = found(&report, Part::Content);
        assert_eq!(content.remove(0), Finding::ContentIntact, "{report:#?}");
        assert_eq!(content, [Finding::NotCovered], "the document is not signed");
        assert_eq!(found(&report, Part::Signature), [Finding::SignatureVerifies]);
        assert_eq!(report.signatures[0].covered[0].octets, covered.as_bytes());
    }
    let changed = distrust(&text.replace("2014-02-11", "2014-02-12")).await;
    assert_eq!(found(&changed, Part::Content)[0], Finding::ContentChanged);
    let unnamed =
        text.replace("ns2:Timestamp", "Timestamp").replace("<Timestamp", "<Timestamp xmlns=''");
    let report = distrust(&unnamed).await;
    assert_eq!(found(&report, Part::Content), [Finding::ReferenceUnsupported]);
}

/// The signature can be verified; what it is over is told by an XPath.
#[tokio::test]
async fn transforms_that_are_not_followed_leave_no_verdict() {
    let report = distrust(&foreign("xmlsec-2012-512-xpath.xml")).await;
    assert_eq!(found(&report, Part::Content), [Finding::ReferenceUnsupported]);
    assert_eq!(found(&report, Part::Signature), [Finding::SignatureVerifies]);
    assert!(report.signatures[0].covered.is_empty());
    assert_eq!(report.report.verdict, Verdict::Indeterminate);
}

#[tokio::test]
async fn signatures_without_certificates_are_tried_with_those_at_hand() {
    let mut signing = XmlSigning::default();
    signing.properties = false;
    let signed = sign("<a/>", "person", &signing).await;
    let begin = signed.find("<ds:KeyInfo>").unwrap();
    let end = signed.find("</ds:KeyInfo>").unwrap() + "</ds:KeyInfo>".len();
    let bare = format!("{}{}", &signed[..begin], &signed[end..]);
    let report = check(&bare, &XmlRules::default()).await;
    assert_eq!(findings(&report), [Finding::CertificateMissing]);
    assert_eq!(report.report.verdict, Verdict::Indeterminate);
    let anchors = [certificate("root")];
    let pool = ["ca256", "ul", "person", "ip"].map(certificate);
    let mut rules = CheckRules::at("2026-05-02T09:00:00Z".parse().unwrap());
    rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    checker.certificates = &pool;
    let report = checker.xml(&document(&bare), &XmlRules::default()).await.unwrap();
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let named = report.report.signers[0].signer.as_ref().unwrap();
    assert_eq!(named.serial, certificate("person").serial().to_string());
}

#[tokio::test]
async fn statuses_and_paths_are_those_of_the_checker() {
    let signed = sign("<a/>", "person", &XmlSigning::default()).await;
    let anchors = [certificate("root")];
    let rules = CheckRules::at("2026-05-02T09:00:00Z".parse().unwrap());
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    let report = checker.xml(&document(&signed), &XmlRules::default()).await.unwrap();
    assert_eq!(findings(&report), [Finding::ChainUnknown]);
    let pool = [certificate("ca256")];
    checker.certificates = &pool;
    let report = checker.xml(&document(&signed), &XmlRules::default()).await.unwrap();
    assert_eq!(findings(&report), [Finding::StatusUnknown; 2]);
    checker.rules.status = false;
    checker.rules.at = "2050-01-01T00:00:00Z".parse().unwrap();
    let report = checker.xml(&document(&signed), &XmlRules::default()).await.unwrap();
    assert_eq!(findings(&report), [Finding::ChainEnded]);
    let text = report.report.text(Language::Russian);
    assert!(text.contains("срок сертификата истёк"), "{text}");
}

#[tokio::test]
async fn documents_without_signatures_are_nobodys() {
    let report = check("<a/>", &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Indeterminate);
    assert!(report.report.text(Language::English).contains("nobody signed"));
}
