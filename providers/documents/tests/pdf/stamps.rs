//! Time stamps of whole documents, and what signatures forbid to come after them.

use gost_ca_documents::check::{Finding, Level};
use gost_ca_documents::pdf::{Pdf, PdfError, PdfLimits, PdfSigning};
use gost_ca_documents::time_stamp::TimeStampClient;
use gost_ca_documents::{CheckRules, Checker, Error, HashFunction, Report, Verdict};
use gost_ca_software::{GostVerifier, SystemRng};

use crate::file::{Hand, check, findings, message, update, written};
use crate::signing::signed;
use crate::stamper::Stamper;
use crate::support::certificate;

const TIME: &str = "2026-05-03T09:00:00Z";
const WAITING: &str = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Time)/Rect[0 0 0 0]/F 132/P 3 0 R>>";

/// A document with a field that waits and is not seen.
fn with_field() -> Vec<u8> {
    let form = "<</Fields[7 0 R 9 0 R 30 0 R]/DA(/F1 0 Tf)>>";
    update(&written(), &[(30, WAITING), (8, "[7 0 R 9 0 R 30 0 R]"), (6, form)])
}

async fn token(of: &[u8]) -> Vec<u8> {
    let client = TimeStampClient { transport: &Stamper, rng: &SystemRng };
    client.ask(TIME, HashFunction::Streebog256.digest(of)).await.unwrap().as_der().to_vec()
}

/// Signs or stamps the field that is not seen.
fn hand(format: &'static str) -> Hand {
    let field = WAITING.replace("/F 132", "/F 132/V 21 0 R");
    Hand { number: 21, format, objects: vec![(30, field)], ..Hand::default() }
}

async fn stamped(file: &[u8]) -> Vec<u8> {
    hand("ETSI.RFC3161").embed(file, async |covered| token(covered).await).await
}

/// Checks when all certificates have ended.
async fn check_late(file: &[u8]) -> Report {
    let (anchors, pool) = ([certificate("root")], [certificate("ca256")]);
    let mut rules = CheckRules::at("2050-01-01T00:00:00Z".parse().unwrap());
    rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    checker.certificates = &pool;
    Pdf::open(file, PdfLimits::default()).unwrap().check(&checker).await
}

#[tokio::test]
async fn a_time_stamp_proves_what_it_covers() {
    let file = signed(&with_field(), "person", &PdfSigning::default()).await.unwrap();
    assert_eq!(check_late(&file).await.verdict, Verdict::Indeterminate);
    let file = stamped(&file).await;
    let report = check_late(&file).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    let told: Vec<_> = report.signers.iter().map(|one| (one.level, one.proven_time)).collect();
    let time = Some(TIME.parse().unwrap());
    assert_eq!(told, [(Level::DocumentTimeStamp, time), (Level::Bes, time)]);
    let owner = report.signers[0].signer.as_ref().unwrap().subject.clone();
    assert_eq!(
        owner,
        gost_ca::x509::DistinguishedName::from_der(certificate("tsa").subject())
            .unwrap()
            .to_string()
    );
    let found = findings(&report);
    assert_eq!(found["Time"], [Finding::DocumentWhole]);
    assert_eq!(found["Signature1"], [Finding::DocumentEvidenceLater]);
    // What comes after it is not proven by it.
    let file = signed(&file, "ip", &PdfSigning::default()).await.unwrap();
    let report = check_late(&file).await;
    let later = report.signers.last().unwrap();
    assert_eq!((later.verdict, later.proven_time), (Verdict::Indeterminate, None));
    assert_eq!(report.signers[0].verdict, Verdict::Valid);
    assert_eq!(report.signers[1].proven_time, time);
}

#[tokio::test]
async fn a_time_stamp_of_something_else_proves_nothing() {
    let file = signed(&with_field(), "person", &PdfSigning::default()).await.unwrap();
    let other = hand("ETSI.RFC3161").embed(&file, async |_| token(b"another document").await).await;
    let report = check_late(&other).await;
    let steps: Vec<_> = report.signers[0].steps.iter().map(|step| step.finding).collect();
    assert_eq!((report.signers[0].verdict, steps[0]), (Verdict::Invalid, Finding::ContentChanged));
    assert_eq!(report.signers[1].proven_time, None);
    assert_eq!(report.signers[1].verdict, Verdict::Indeterminate);
    // A signed message in the place of a token, and the other way about.
    let signature = async |covered: &[u8]| message(covered).await.to_detached();
    let report = check(&hand("ETSI.RFC3161").embed(&file, signature).await).await;
    assert_eq!(report.signers[0].steps[0].finding, Finding::StampMalformed);
    let report = check(
        &hand("ETSI.CAdES.detached").embed(&file, async |covered| token(covered).await).await,
    )
    .await;
    assert_eq!(report.signers[0].steps[0].finding, Finding::ContentOfOtherType);
    // A change after it is told of both.
    let page = crate::file::PAGE.replace("792", "791");
    let report = check_late(&update(&stamped(&file).await, &[(3, &page)])).await;
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(report.signers[0].verdict, Verdict::Invalid);
}

/// ISO 32000-2 §12.8.2.2: whatever is permitted, time stamps are.
#[tokio::test]
async fn what_is_certified_may_be_stamped() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 20 0 R>>>>".to_owned();
    let mut certified = Hand {
        entries: "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]",
        ..Hand::default()
    };
    certified.objects.push((1, catalog));
    let file = certified.sign(&with_field()).await;
    let report = check(&stamped(&file).await).await;
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(findings(&report)["Director"], [Finding::DocumentEvidenceLater]);
    let report = check(&hand("ETSI.CAdES.detached").sign(&file).await).await;
    assert_eq!(findings(&report)["Director"], [Finding::DocumentForbidden]);
}

#[tokio::test]
async fn locked_fields_are_not_signed() {
    let waiting = PdfSigning { field: Some("Time".into()), ..PdfSigning::default() };
    for (entries, locks_time, locks_new) in [
        ("/Action/Include/Fields[(Note)(Time)]", true, false),
        ("/Action/Include/Fields[(Note)(Tim)]", false, false),
        ("/Action/Exclude/Fields[(Time)]", false, true),
        ("/Action/Exclude/Fields[(Note)]", true, true),
        ("/Action/All", true, true),
        ("/Action/Include/Fields[(Note)]/P 1", true, true),
        ("/Action/Other/Fields[(Note)]", true, true),
    ] {
        let reference =
            format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<<{entries}>>>>]");
        let first = Hand { entries: reference.leak(), ..Hand::default() };
        let file = first.sign(&with_field()).await;
        for (signing, locked) in [(&waiting, locks_time), (&PdfSigning::default(), locks_new)] {
            match signed(&file, "ip", signing).await {
                Ok(_) => assert!(!locked, "{entries}"),
                Err(Error::Pdf(PdfError::Locked(_))) => assert!(locked, "{entries}"),
                Err(error) => panic!("{error}"),
            }
        }
        let report = check(&hand("ETSI.CAdES.detached").sign(&file).await).await;
        let expected =
            if locks_time { Finding::DocumentLocked } else { Finding::DocumentSignedLater };
        assert_eq!(findings(&report)["Director"], [expected], "{entries}");
        let verdict = if locks_time { Verdict::Indeterminate } else { Verdict::Valid };
        assert_eq!(report.verdict, verdict);
        let report = check(&stamped(&file).await).await;
        assert_eq!(report.verdict, Verdict::Valid, "{entries}");
    }
}

#[tokio::test]
#[ignore = "needs pdfsig of poppler-utils"]
async fn pdfsig_sees_the_time_stamp() {
    let folder = tempfile::tempdir().unwrap();
    let file = signed(&with_field(), "person", &PdfSigning::default()).await.unwrap();
    let path = folder.path().join("stamped.pdf");
    std::fs::write(&path, stamped(&file).await).unwrap();
    let output = std::process::Command::new("pdfsig").arg("-nocert").arg(&path).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let of_time = said.split("Signature Field Name: Time").nth(1).unwrap();
    let first = of_time.split("Signature Field Name").next().unwrap();
    assert!(first.contains("Total document signed"), "{said}");
    assert_eq!(said.matches("Total document signed").count(), 1, "{said}");
}
