//! Signing files of several producers.

use gost_ca::print::Zone;
use gost_ca_documents::cades::{self, Stamping};
use gost_ca_documents::check::{Finding, Level};
use gost_ca_documents::pdf::{Pdf, PdfError, PdfLimits, PdfSigning, Stamp};
use gost_ca_documents::time_stamp::TimeStampClient;
use gost_ca_documents::{
    CheckRules, Checker, Error, HashFunction, Signatory, SignedData, Signing, Verdict, oid,
};
use gost_ca_software::{GostVerifier, SystemRng};

use crate::file::{Hand, NOW, check, findings, produced, update, verdict, written};
use crate::stamper::Stamper;
use crate::support::{certificate, key};

fn files() -> Vec<(&'static str, Vec<u8>)> {
    let mut files = vec![("written", written())];
    files.extend(
        ["chromium.pdf", "cairo.pdf", "streams.pdf", "linear.pdf"]
            .map(|name| (name, produced(name))),
    );
    files
}

pub(crate) async fn signed(
    file: &[u8],
    owner: &str,
    signing: &PdfSigning,
) -> Result<Vec<u8>, Error> {
    let (key, certificate) = (key(owner), certificate(owner));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    Pdf::open(file, PdfLimits::default()).unwrap().sign(&signatory, signing).await
}

#[tokio::test]
async fn files_of_all_producers_are_signed_in_place() {
    for (name, file) in files() {
        for owner in ["person", "ul512"] {
            let signed = signed(&file, owner, &PdfSigning::default()).await;
            let signed = signed.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(signed.starts_with(&file), "{name}");
            let found = verdict(&signed).await;
            assert_eq!(found, (Verdict::Valid, vec![Finding::DocumentWhole]), "{name}");
            assert_eq!(check(&signed).await.signers[0].level, Level::Bes);
        }
    }
}

#[tokio::test]
async fn signatures_stand_one_after_another() {
    for (name, mut file) in files() {
        for owner in ["person", "ul512", "ip"] {
            file = signed(&file, owner, &PdfSigning::default()).await.unwrap();
        }
        let report = check(&file).await;
        assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
        let found = findings(&report);
        let expected = [
            ("Signature1", Finding::DocumentSignedLater),
            ("Signature2", Finding::DocumentSignedLater),
            ("Signature3", Finding::DocumentWhole),
        ];
        for (field, finding) in expected {
            assert_eq!(found[field], [finding], "{name}");
        }
    }
}

/// What was once signed stays so.
#[tokio::test]
async fn files_signed_before_are_valid() {
    for name in ["signed.pdf", "signed-streams.pdf"] {
        let report = check(&produced(name)).await;
        assert_eq!((report.verdict, report.signers.len()), (Verdict::Valid, 2), "{name}");
        let expected = [Finding::DocumentSignedLater];
        assert_eq!(findings(&report)["Signature1"], expected, "{name}");
        assert!(String::from_utf8_lossy(&produced(name)).contains("STAMPS+Stamp"), "{name}");
    }
}

#[tokio::test]
async fn a_field_that_waits_is_filled_once() {
    let signing = PdfSigning { field: Some("Director".into()), ..PdfSigning::default() };
    let first = signed(&written(), "ip", &PdfSigning::default()).await.unwrap();
    let file = signed(&first, "person", &signing).await.unwrap();
    let pdf = Pdf::open(&file, PdfLimits::default()).unwrap();
    assert_eq!(pdf.fields().collect::<Vec<_>>(), [("Director", true), ("Signature1", true)]);
    let found = findings(&check(&file).await);
    // Its place on the page was there before, and is seen now.
    let stamped = [Finding::DocumentSignedLater, Finding::DocumentStampedLater];
    assert_eq!(
        (&found["Signature1"][..], &found["Director"][..]),
        (&stamped[..], &[Finding::DocumentWhole][..])
    );
    let again = signed(&file, "person", &signing).await.unwrap_err();
    assert!(matches!(again, Error::Pdf(PdfError::FieldTaken(name)) if name == "Director"));
}

#[tokio::test]
async fn names_of_fields_are_free_and_whole() {
    let named = |name: &str| PdfSigning { field: Some(name.into()), ..PdfSigning::default() };
    let error = signed(&written(), "person", &named("Note")).await.unwrap_err();
    assert!(matches!(error, Error::Pdf(PdfError::FieldTaken(_))));
    for name in ["", "a.b"] {
        let error = signed(&written(), "person", &named(name)).await.unwrap_err();
        assert!(matches!(error, Error::Pdf(PdfError::FieldName(_))), "{name}");
    }
    let file = signed(&written(), "person", &named("Подпись (1)")).await.unwrap();
    assert_eq!(findings(&check(&file).await)["Подпись (1)"], [Finding::DocumentWhole]);
}

#[tokio::test]
async fn a_certified_document_is_not_signed() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 20 0 R>>>>".to_owned();
    let mut hand = Hand {
        entries: "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]",
        ..Hand::default()
    };
    hand.objects.push((1, catalog.clone()));
    let error =
        signed(&hand.sign(&written()).await, "ip", &PdfSigning::default()).await.unwrap_err();
    assert!(matches!(error, Error::Pdf(PdfError::Certified)));
    hand.entries = "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 2>>>>]";
    let file = signed(&hand.sign(&written()).await, "ip", &PdfSigning::default()).await.unwrap();
    assert_eq!(check(&file).await.verdict, Verdict::Valid);
}

#[tokio::test]
async fn the_time_is_the_dictionarys() {
    let time = "2026-05-02T09:00:00Z".parse().unwrap();
    let signing = PdfSigning {
        time: Some(time),
        reason: Some("Согласовано".into()),
        ..PdfSigning::default()
    };
    let file = signed(&written(), "person", &signing).await.unwrap();
    let report = check(&file).await;
    assert_eq!(
        (report.signers[0].claimed_time, report.signers[0].time),
        (Some(time), NOW.parse().unwrap())
    );
    let (anchors, pool) = ([certificate("root")], [certificate("ca256")]);
    let mut rules = CheckRules::at("2050-01-01T00:00:00Z".parse().unwrap());
    (rules.status, rules.trust_signing_time) = (false, true);
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    checker.certificates = &pool;
    let pdf = Pdf::open(&file, PdfLimits::default()).unwrap();
    let report = pdf.check(&checker).await;
    assert_eq!((report.verdict, report.signers[0].time), (Verdict::Valid, time));
    checker.rules.trust_signing_time = false;
    assert_eq!(pdf.check(&checker).await.verdict, Verdict::Indeterminate);
}

#[tokio::test]
async fn numbers_that_nothing_has_yet_are_not_taken() {
    let page = crate::file::PAGE.replace("Contents 4 0 R", "Contents[4 0 R 90 0 R 91 0 R 92 0 R]");
    let file =
        signed(&update(&written(), &[(3, &page)]), "person", &PdfSigning::default()).await.unwrap();
    let file = signed(&file, "ip", &PdfSigning::default()).await.unwrap();
    assert_eq!(check(&file).await.verdict, Verdict::Valid);
    assert!(!String::from_utf8_lossy(&file).contains("\n90 0 obj"));
}

#[tokio::test]
async fn a_message_may_have_a_time_stamp() {
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let file = written();
    let pdf = Pdf::open(&file, PdfLimits::default()).unwrap();
    let client = TimeStampClient { transport: &Stamper, rng: &SystemRng };
    let stamping =
        Stamping { client, url: "2026-05-03T09:00:00Z", function: HashFunction::Streebog256 };
    for room in [0, 8000] {
        let signing = PdfSigning { room, ..PdfSigning::default() };
        let prepared = pdf.prepare(&signatory, &signing).await.unwrap();
        let digests = prepared.digests(&[HashFunction::Streebog256]).unwrap();
        let mut message = SignedData::new(oid::DATA);
        message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
        cades::stamp(&mut message.signers[0], &stamping).await.unwrap();
        match prepared.embed(&message) {
            Ok(file) => {
                let report = check(&file).await;
                assert_eq!((room, report.verdict), (8000, Verdict::Valid), "{report:#?}");
                assert_eq!(report.signers[0].level, Level::T);
                assert_eq!(report.signers[0].proven_time, Some(stamping.url.parse().unwrap()));
            }
            Err(Error::Pdf(PdfError::NoRoom { needed, kept })) => {
                assert!(room == 0 && needed > kept);
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn stamps_want_a_font_and_a_place() {
    let zone = Zone::new(3, "МСК").unwrap();
    let stamp = Stamp {
        page: 1,
        corner: [300.0, 40.0],
        size: [240.0, 80.0],
        font: b"no font"[..].into(),
        zone,
    };
    let error = |stamp: Stamp| async {
        let signing = PdfSigning { stamp: Some(stamp), ..PdfSigning::default() };
        match signed(&written(), "person", &signing).await {
            Err(Error::Pdf(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(error(stamp.clone()).await, PdfError::Font(_)));
    for page in [0, 2] {
        assert!(
            matches!(error(Stamp { page, ..stamp.clone() }).await, PdfError::NoPage(found) if found == page)
        );
    }
    for size in [[0.0, 80.0], [240.0, f32::NAN], [-1.0, -1.0]] {
        assert!(matches!(error(Stamp { size, ..stamp.clone() }).await, PdfError::StampTooSmall));
    }
}
