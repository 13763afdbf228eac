//! Time stamps over signatures.

use base64ct::{Base64, Encoding};
use gost_ca::x509::Certificate;
use gost_ca_documents::cades::Stamping;
use gost_ca_documents::check::{Finding, Level, SignerReport};
use gost_ca_documents::time_stamp::TimeStampClient;
use gost_ca_documents::xml::{
    CanonicalForm, Canonicalization, Locator, XmlFault, XmlName, XmlReport, XmlRules, XmlSigning,
};
use gost_ca_documents::{CheckRules, Checker, Error, HashFunction, Verdict};
use gost_ca_software::{GostVerifier, SystemRng};

use crate::canonical::document;
use crate::signing::{beside, covers, sign};
use crate::stamper::Stamper;
use crate::support::certificate;

const EARLY: &str = "2026-05-03T09:00:00Z";
const LATE: &str = "2026-05-04T09:00:00Z";

fn stamping(time: &str) -> Stamping<'_> {
    let client = TimeStampClient { transport: &Stamper, rng: &SystemRng };
    Stamping { client, url: time, function: HashFunction::Streebog256 }
}

pub(crate) async fn stamp(text: &str, signature: &str, time: &str) -> Result<String, Error> {
    document(text).stamp(signature, &stamping(time)).await
}

/// Checks when all certificates have ended.
async fn check(text: &str, rules: &XmlRules<'_>) -> XmlReport {
    let anchors = [certificate("root")];
    let pool: Vec<Certificate> = ["ca256", "ca512c"].map(certificate).to_vec();
    let mut check_rules = CheckRules::at("2050-01-01T00:00:00Z".parse().unwrap());
    check_rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, check_rules);
    checker.certificates = &pool;
    checker.xml(&document(text), rules).await.unwrap()
}

fn told(signer: &SignerReport) -> (Verdict, Level, Option<String>) {
    (signer.verdict, signer.level, signer.proven_time.map(|time| time.to_string()))
}

fn stamp_findings(report: &XmlReport) -> Vec<Finding> {
    let stamps = report.report.signers.iter().flat_map(|signer| &signer.time_stamps);
    stamps.map(|stamp| stamp.steps[0].finding).collect()
}

const OWN: &str = "/a[1]/ds:Signature[1]";

#[tokio::test]
async fn a_stamped_signature_outlives_its_certificate() {
    for owner in ["person", "ul512"] {
        let signed = sign("<a><b/></a>", owner, &XmlSigning::default()).await;
        assert_eq!(document(&signed).signatures().unwrap(), [OWN]);
        let report = check(&signed, &XmlRules::default()).await;
        assert_eq!(told(&report.report.signers[0]), (Verdict::Indeterminate, Level::Bes, None));
        let stamped = stamp(&signed, OWN, LATE).await.unwrap();
        let report = check(&stamped, &XmlRules::default()).await;
        let expected = (Verdict::Valid, Level::T, Some(LATE.to_owned()));
        assert_eq!(told(&report.report.signers[0]), expected, "{report:#?}");
        // Once more, earlier: both are there, the earliest counts.
        let twice = stamp(&stamped, OWN, EARLY).await.unwrap();
        assert_eq!(twice.matches("<xades:UnsignedSignatureProperties").count(), 1);
        let report = check(&twice, &XmlRules::default()).await;
        let expected = (Verdict::Valid, Level::T, Some(EARLY.to_owned()));
        assert_eq!(told(&report.report.signers[0]), expected);
        assert_eq!(stamp_findings(&report), [Finding::StampOfThis; 2]);
    }
}

#[tokio::test]
async fn a_stamp_of_another_signature_proves_nothing() {
    let text = "<m><data Id='data'>1</data><s/></m>";
    let first = sign(text, "person", &beside(&["data"], &["m", "s"])).await;
    let both = sign(&first, "ip", &beside(&["data"], &["m", "s"])).await;
    let ways = document(&both).signatures().unwrap();
    let stamped = stamp(&both, &ways[0], EARLY).await.unwrap();
    let rules = covers(Locator::Id("data".to_owned()));
    let report = check(&stamped, &rules).await;
    let verdicts: Vec<_> = report.report.signers.iter().map(|one| one.verdict).collect();
    assert_eq!(verdicts, [Verdict::Valid, Verdict::Indeterminate]);
    // The same stamp among the properties of the other.
    let begin = stamped.find("<xades:UnsignedProperties").unwrap();
    let end = "</xades:UnsignedProperties>";
    let properties = &stamped[begin..stamped.find(end).unwrap() + end.len()];
    let (before, after) = both.rsplit_once("</xades:QualifyingProperties>").unwrap();
    let moved = format!("{before}{properties}</xades:QualifyingProperties>{after}");
    let report = check(&moved, &rules).await;
    assert_eq!(stamp_findings(&report), [Finding::StampOfOther]);
    assert_eq!(report.report.signers[1].level, Level::T);
    assert_eq!(report.report.signers[1].proven_time, None);
    assert_eq!(report.report.verdict, Verdict::Indeterminate);
}

/// What another signature is over stays as it is.
#[tokio::test]
async fn what_is_signed_again_is_not_stamped() {
    let once = sign("<a/>", "person", &XmlSigning::default()).await;
    let twice = sign(&once, "ip", &XmlSigning::default()).await;
    let ways = document(&twice).signatures().unwrap();
    assert_eq!(ways, [OWN, "/a[1]/ds:Signature[2]"]);
    let refused = stamp(&twice, &ways[0], EARLY).await.unwrap_err();
    let by = |path: &str| path == ways[1];
    assert!(matches!(&refused, Error::Xml(XmlFault::Covered(path)) if by(path)), "{refused}");
    stamp(&twice, &ways[1], EARLY).await.unwrap();
    for absent in ["", "/a[1]", "/a[1]/ds:Signature[3]"] {
        let refused = stamp(&twice, absent, EARLY).await.unwrap_err();
        assert!(matches!(refused, Error::Xml(XmlFault::NoElement(_))), "{refused}");
    }
    let mut bare = XmlSigning::default();
    bare.properties = false;
    let bare = sign("<a/>", "person", &bare).await;
    let refused = stamp(&bare, OWN, EARLY).await.unwrap_err();
    assert!(matches!(refused, Error::Xml(XmlFault::NoElement(_))), "{refused}");
}

/// Without a method named, what is stamped is in the inclusive form, with all namespaces that are in scope.
#[tokio::test]
async fn stamps_of_others_are_read() {
    let signed = sign("<a xmlns:p='urn:p'/>", "person", &XmlSigning::default()).await;
    let ds = "http://www.w3.org/2000/09/xmldsig#";
    let way = [("", "a"), (ds, "Signature"), (ds, "SignatureValue")];
    let way = way.map(|(namespace, local)| XmlName::new(namespace, local));
    let inclusive = Canonicalization::new(CanonicalForm::Inclusive);
    let value =
        document(&signed).canonical_element(&Locator::Path(way.into()), &inclusive).unwrap();
    assert!(value.starts_with(
        b"<ds:SignatureValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:p="
    ));
    let stamping = stamping(EARLY);
    let digest = HashFunction::Streebog512.digest(&value);
    let token = stamping.client.ask(EARLY, digest).await.unwrap();
    let token = Base64::encode_string(token.as_der());
    let with = |stamp: &str| {
        let (before, after) = signed.rsplit_once("</xades:QualifyingProperties>").unwrap();
        format!(
            "{before}<x:UnsignedProperties xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\"><x:UnsignedSignatureProperties>\
             <x:SignatureTimeStamp Id=\"t\">{stamp}</x:SignatureTimeStamp></x:UnsignedSignatureProperties>\
             </x:UnsignedProperties></xades:QualifyingProperties>{after}"
        )
    };
    let enclosed = format!("<x:EncapsulatedTimeStamp>{token}</x:EncapsulatedTimeStamp>");
    let report = check(&with(&enclosed), &XmlRules::default()).await;
    assert_eq!(report.report.verdict, Verdict::Valid, "{report:#?}");
    let short = enclosed.replace("</x", "A</x");
    for bad in [
        "<x:XMLTimeStamp/>",
        "<x:EncapsulatedTimeStamp/>",
        &format!("<x:Include URI=\"#t\"/>{enclosed}"),
        &format!("<ds:CanonicalizationMethod Algorithm=\"urn:other\"/>{enclosed}"),
        &short,
    ] {
        let report = check(&with(bad), &XmlRules::default()).await;
        assert_eq!(stamp_findings(&report), [Finding::StampMalformed], "{bad}");
        assert_eq!(report.report.verdict, Verdict::Indeterminate);
    }
    let many = check(&with(&enclosed.repeat(17)), &XmlRules::default()).await;
    assert_eq!(many.report.signers[0].time_stamps.len(), 16);
    assert_eq!(many.report.verdict, Verdict::Indeterminate);
}
