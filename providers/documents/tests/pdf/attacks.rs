//! Signatures over something else than readers show: each is refused for its own reason.

use gost_ca_documents::check::{Finding, Part};
use gost_ca_documents::pdf::{Pdf, PdfError, PdfLimits, PdfSigning};
use gost_ca_documents::{Error, Verdict};

use crate::file::{
    Hand, Ranging, WAITING, check, message, produced, right, update, verdict, written,
};
use crate::signing::signed;

fn refused(file: &[u8]) -> PdfError {
    match Pdf::open(file, PdfLimits::default()) {
        Err(Error::Pdf(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn replace(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = file.windows(from.len()).position(|octets| octets == from.as_bytes()).unwrap();
    let mut file = file.to_vec();
    file[at..at + to.len()].copy_from_slice(to.as_bytes());
    file
}

#[tokio::test]
async fn a_signature_by_hand_is_valid() {
    for format in ["ETSI.CAdES.detached", "adbe.pkcs7.detached"] {
        let file = Hand { format, ..Hand::default() }.sign(&written()).await;
        assert_eq!(
            verdict(&file).await,
            (Verdict::Valid, vec![Finding::DocumentWhole]),
            "{format}"
        );
    }
}

#[tokio::test]
async fn changed_octets_are_changed_content() {
    let file = Hand::default().sign(&written()).await;
    let report = check(&replace(&file, "100 roubles", "900 roubles")).await;
    let step = report.signers[0].steps.iter().find(|step| step.part == Part::Content).unwrap();
    assert_eq!((report.verdict, step.finding), (Verdict::Invalid, Finding::ContentChanged));
}

#[tokio::test]
async fn no_covered_octet_can_be_changed() {
    let file = signed(&written(), "person", &PdfSigning::default()).await.unwrap();
    assert_eq!(check(&file).await.verdict, Verdict::Valid);
    let message = file.windows(10).position(|octets| octets == b"/Contents<").unwrap() + 10;
    let end = message + file[message..].iter().position(|octet| *octet == b'>').unwrap();
    for at in (0..file.len()).step_by(13) {
        let mut file = file.clone();
        file[at] ^= 1;
        if Pdf::open(&file, PdfLimits::default()).is_ok() {
            // Of a message not all is signed: its version, for example.
            let valid = check(&file).await.verdict == Verdict::Valid;
            assert!(!valid || (message..end).contains(&at), "{at}");
        }
    }
}

#[tokio::test]
async fn a_range_is_from_the_first_octet_with_one_gap() {
    let ranges: [Ranging; 7] = [
        |gap, length| {
            right(gap, length).into_iter().map(|number| number + usize::from(number == 0)).collect()
        },
        |gap, length| [right(gap, length), vec![length, 0]].concat(),
        |gap, _| vec![0, gap.start],
        |_, _| Vec::new(),
        |_, length| vec![0, length],
        |gap, length| vec![0, gap.start, gap.end, length - gap.end + 1],
        |gap, length| vec![0, gap.end, gap.start, length - gap.start],
    ];
    for (number, range) in ranges.into_iter().enumerate() {
        let file = Hand { range, ..Hand::default() }.sign(&written()).await;
        assert_eq!(
            verdict(&file).await,
            (Verdict::Invalid, vec![Finding::DocumentRange]),
            "{number}"
        );
    }
}

#[tokio::test]
async fn the_gap_is_the_message_and_nothing_else() {
    let ranges: [Ranging; 4] = [
        |gap, length| right(gap.start - 1..gap.end, length),
        |gap, length| right(gap.start..gap.end + 1, length),
        |gap, length| right(gap.start + 1..gap.end - 1, length),
        |gap, length| right(100..gap.end, length),
    ];
    for (number, range) in ranges.into_iter().enumerate() {
        let file = Hand { range, ..Hand::default() }.sign(&written()).await;
        assert_eq!(
            verdict(&file).await,
            (Verdict::Invalid, vec![Finding::DocumentGap]),
            "{number}"
        );
    }
}

/// A second dictionary with the same range and message, which says something else.
#[tokio::test]
async fn a_copied_signature_is_not_where_the_gap_is() {
    let file = Hand::default().sign(&written()).await;
    let text = String::from_utf8_lossy(&file).into_owned();
    let start = text.find("<</Type/Sig/").unwrap();
    let end = text[start..].find(">>\nendobj").unwrap() + start;
    let copy = format!("{}/Reason(Agreed)>>", &text[start..end]);
    let field = WAITING.replace("/F 4", "/F 4/V 21 0 R");
    let file = update(&file, &[(21, &copy), (7, &field)]);
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentGap]));
}

#[tokio::test]
async fn nothing_follows_the_message_in_its_place() {
    let file = Hand { filling: vec![0, 0, 1], ..Hand::default() }.sign(&written()).await;
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentFilling]));
    let empty = Hand::default().embed(&written(), async |_| Vec::new()).await;
    let report = check(&empty).await;
    assert_eq!(report.signers[0].steps[0].finding, Finding::SignatureMalformed);
}

#[tokio::test]
async fn a_message_is_detached_and_of_one_signer() {
    let (hand, file) = (Hand::default(), written());
    let two = hand.embed(&file, async |covered| {
        let mut message = message(covered).await;
        message.signers.push(message.signers[0].clone());
        message.to_detached()
    });
    let report = check(&two.await).await;
    assert_eq!(report.signers[0].steps[0].finding, Finding::DocumentSigners);
    let attached = hand.embed(&file, async |covered| {
        let message = message(covered).await;
        let digests =
            gost_ca_documents::ContentDigests::of(&mut &[][..], &message.hash_functions());
        let mut octets = Vec::new();
        message.write_attached(&digests.unwrap(), &mut &[][..], &mut octets).unwrap();
        octets
    });
    let report = check(&attached.await).await;
    assert_eq!(report.signers[0].steps[0].finding, Finding::ContentOfOtherType);
    assert_eq!(report.verdict, Verdict::Invalid);
}

#[tokio::test]
async fn a_field_has_one_name_and_one_signature() {
    let field = WAITING.replace("/F 4", "/F 4/V 20 0 R");
    let form = "<</Fields[7 0 R 9 0 R 22 0 R]/DA(/F1 0 Tf)>>".to_owned();
    let other = field.replace("Director", "Accountant");
    for second in [&other, &field] {
        let objects = vec![(7, field.clone()), (22, second.clone()), (6, form.clone())];
        let report = check(&Hand { objects, ..Hand::default() }.sign(&written()).await).await;
        assert_eq!(report.signers.len(), 2);
        for signer in &report.signers {
            assert_eq!(signer.verdict, Verdict::Invalid);
            assert!(signer.steps.iter().any(|step| step.finding == Finding::DocumentShared));
        }
    }
    let twice = "<</Fields[7 0 R 7 0 R]/DA(/F1 0 Tf)>>".to_owned();
    let objects = vec![(7, field), (6, twice)];
    let (verdict, found) =
        verdict(&Hand { objects, ..Hand::default() }.sign(&written()).await).await;
    assert_eq!((verdict, found.last()), (Verdict::Invalid, Some(&Finding::DocumentShared)));
}

#[tokio::test]
async fn an_unknown_kind_cannot_be_told() {
    let file = Hand { format: "adbe.pkcs7.sha1", ..Hand::default() }.sign(&written()).await;
    assert_eq!(verdict(&file).await, (Verdict::Indeterminate, vec![Finding::DocumentFormat]));
}

/// The signed part ends in the middle of a revision: what was signed is no document.
#[tokio::test]
async fn what_is_covered_is_a_whole_document() {
    let hand = Hand { range: |gap, _| vec![0, gap.start, gap.end, 30], ..Hand::default() };
    let file = hand.sign(&written()).await;
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentRevision]));
}

#[test]
fn what_readers_would_repair_is_refused() {
    let file = written();
    let malformed = |file: &[u8]| matches!(refused(file), PdfError::Malformed(_));
    assert!(malformed(b""));
    assert!(malformed(b"%PDF-1.7\n"));
    assert!(malformed(&[b"\n", file.as_slice()].concat())); // octets before the header
    assert!(malformed(&file[..file.len() - 40])); // cut
    assert!(malformed(&replace(&file, "4 0 obj", "4 1 obj")));
    assert!(malformed(&replace(&file, "4 0 obj", "5 0 obj"))); // two objects of one number
    assert!(malformed(&replace(&file, "Fields[7", "Fields[[")));
    assert!(malformed(&replace(&file, "\nxref\n", "\nxyef\n")));
}

#[test]
fn encrypted_and_oversized_files_are_refused() {
    assert!(matches!(refused(&produced("encrypted.pdf")), PdfError::Encrypted));
    let mut limits = PdfLimits::default();
    limits.octets = 100;
    let error = Pdf::open(&written(), limits).unwrap_err();
    assert!(matches!(error, Error::Pdf(PdfError::TooMuch { what: "octets", most: 100 })));
    limits = PdfLimits::default();
    limits.unpacked = 100;
    assert!(Pdf::open(&produced("streams.pdf"), limits).is_err());
}

#[tokio::test]
async fn no_more_signatures_than_allowed_are_looked_at() {
    let file = Hand::default().sign(&written()).await;
    let mut limits = PdfLimits::default();
    limits.signatures = 0;
    let error = Pdf::open(&file, limits).unwrap_err();
    assert!(matches!(error, Error::Pdf(PdfError::TooMuch { what: "signatures", most: 0 })));
}
