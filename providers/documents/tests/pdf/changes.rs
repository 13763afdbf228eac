//! What comes after a signature: told apart as harmless, as to be looked at, and as wrong.

use gost_ca_documents::Verdict;
use gost_ca_documents::check::Finding;

use crate::file::{Hand, PAGE, WAITING, check, packed, right, update, verdict, written};

async fn after(objects: &[(u32, &str)]) -> (Verdict, Vec<Finding>) {
    verdict(&update(&Hand::default().sign(&written()).await, objects)).await
}

const CHANGED: (Verdict, [Finding; 1]) = (Verdict::Invalid, [Finding::DocumentChangedLater]);
const FILLED: (Verdict, [Finding; 1]) = (Verdict::Indeterminate, [Finding::DocumentFilledLater]);
const EVIDENCE: (Verdict, [Finding; 1]) = (Verdict::Valid, [Finding::DocumentEvidenceLater]);

async fn gives(objects: &[(u32, &str)], (verdict, findings): (Verdict, [Finding; 1])) {
    assert_eq!(after(objects).await, (verdict, findings.to_vec()), "{objects:?}");
}

#[tokio::test]
async fn another_text_on_a_page_is_a_change() {
    let text =
        "<</Length 55>>\nstream\nBT /F1 18 Tf 72 720 Td (I owe you 900 roubles!!) Tj ET\nendstream";
    gives(&[(4, text)], CHANGED).await;
    gives(&[(30, text), (3, &PAGE.replace("Contents 4", "Contents 30"))], CHANGED).await;
    gives(&[(5, "<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>")], CHANGED).await;
    gives(&[(2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>")], CHANGED).await;
    gives(&[(3, &PAGE.replace("612 792", "612 100"))], CHANGED).await;
}

#[tokio::test]
async fn another_catalog_or_form_is_a_change() {
    gives(
        &[(1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/OpenAction<</S/JavaScript>>>>")],
        CHANGED,
    )
    .await;
    gives(&[(1, "<</Type/Catalog/Pages 30 0 R/AcroForm 6 0 R>>")], CHANGED).await;
    gives(&[(6, "<</Fields[7 0 R 9 0 R]/DA(/F2 0 Tf)>>")], CHANGED).await;
    gives(&[(6, "<</Fields[7 0 R 9 0 R]/DA(/F1 0 Tf)/NeedAppearances true>>")], CHANGED).await;
    gives(&[(6, "<</Fields[7 0 R]/DA(/F1 0 Tf)>>")], CHANGED).await;
    let field = "<</FT/Tx/T(New)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>";
    gives(&[(6, "<</Fields[7 0 R 9 0 R 30 0 R]/DA(/F1 0 Tf)>>"), (30, field)], CHANGED).await;
}

/// Who takes the form away takes the signatures away.
#[tokio::test]
async fn a_signature_in_no_form_is_none() {
    let file = Hand::default().sign(&written()).await;
    let report = check(&update(&file, &[(1, "<</Type/Catalog/Pages 2 0 R>>")])).await;
    assert_eq!((report.verdict, report.signers.len()), (Verdict::Indeterminate, 0));
}

#[tokio::test]
async fn filled_fields_and_annotations_are_to_be_looked_at() {
    let filled =
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/V(paid)/Rect[72 500 300 520]/P 3 0 R>>";
    gives(&[(9, filled)], FILLED).await;
    let note = "<</Type/Annot/Subtype/FreeText/Contents(paid)/Rect[72 700 300 740]>>";
    gives(&[(30, note), (8, "[7 0 R 9 0 R 30 0 R]")], FILLED).await;
    gives(&[(8, "[7 0 R]")], FILLED).await; // one was taken away
    let signature = WAITING.replace("/F 4", "/F 4/V 20 0 R");
    gives(&[(7, &signature.replace("72 400", "72 700"))], FILLED).await; // moved
}

#[tokio::test]
async fn evidence_is_harmless() {
    gives(&[], EVIDENCE).await;
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS 30 0 R>>";
    let store = "<</Certs[31 0 R]/VRI<</AB<</Cert[31 0 R]>>>>>>";
    let certificate = "<</Length 1>>\nstream\n0\nendstream";
    let added = [(1, catalog), (30, store), (31, certificate)];
    gives(&added, EVIDENCE).await;
    // Again, in a revision of its own.
    let file = update(&Hand::default().sign(&written()).await, &added);
    let more = "<</Certs[31 0 R 32 0 R]/VRI<</AB<</Cert[31 0 R]>>>>>>";
    let file = update(&file, &[(30, more), (32, certificate)]);
    assert_eq!(verdict(&file).await, (Verdict::Valid, vec![Finding::DocumentEvidenceLater]));
}

/// What pages show, said to be evidence as well.
#[tokio::test]
async fn what_pages_use_is_no_evidence() {
    let text =
        "<</Length 55>>\nstream\nBT /F1 18 Tf 72 720 Td (I owe you 900 roubles!!) Tj ET\nendstream";
    for (id, object) in [(4, text), (2, "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>")] {
        let catalog = format!(
            "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/DSS<</Certs[{id} 0 R]>>/Metadata {id} 0 R>>"
        );
        gives(&[(1, &catalog), (id, object)], CHANGED).await;
    }
}

/// The form moves into an object that was a font: what pages show is gone.
#[tokio::test]
async fn no_object_becomes_the_form() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>>";
    gives(&[(1, catalog), (5, "<</Fields[7 0 R 9 0 R]/DA(/F1 0 Tf)>>")], CHANGED).await;
}

/// A stream of objects, said to be metadata: objects in it change without an entry of their own.
#[tokio::test]
async fn a_stream_of_objects_is_no_metadata() {
    let hidden = |font: &str| {
        let object = format!("<</Type/Font/Subtype/Type1/BaseFont/{font}>>");
        let length = object.len() + 4;
        format!("<</Type/ObjStm/N 1/First 4/Length {length}>>\nstream\n5 0 {object}\nendstream")
    };
    let file = Hand::default().sign(&packed(&hidden("Helvetica"))).await;
    assert_eq!(verdict(&file).await, (Verdict::Valid, vec![Finding::DocumentWhole]));
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Metadata 50 0 R>>";
    let harmless = update(
        &file,
        &[(1, &catalog.replace("50 0", "52 0")), (52, "<</Length 0>>\nstream\n\nendstream")],
    );
    assert_eq!(verdict(&harmless).await.0, Verdict::Valid);
    let file = update(&file, &[(1, catalog), (50, &hidden("Courier"))]);
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentChangedLater]));
}

/// Readers that do not look at generations show what strict ones do not.
#[tokio::test]
async fn generations_hide_no_use() {
    let file = update(&written(), &[(3, &PAGE.replace("Contents 4 0 R", "Contents 4 1 R"))]);
    let file = Hand::default().sign(&file).await;
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Metadata 4 0 R>>";
    let text =
        "<</Length 55>>\nstream\nBT /F1 18 Tf 72 720 Td (I owe you 900 roubles!!) Tj ET\nendstream";
    let file = update(&file, &[(1, catalog), (4, text)]);
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentChangedLater]));
}

/// A reference that led to nothing when it was signed, and to something later.
#[tokio::test]
async fn what_was_awaited_is_a_change() {
    let page = PAGE.replace("Contents 4 0 R", "Contents[4 0 R 40 0 R]");
    let file = update(&written(), &[(3, &page)]);
    let file = Hand::default().sign(&file).await;
    assert_eq!(verdict(&file).await, (Verdict::Valid, vec![Finding::DocumentWhole]));
    let text =
        "<</Length 51>>\nstream\nBT /F1 18 Tf 72 600 Td (and 900 more roubles) Tj ET\nendstream";
    let file = update(&file, &[(40, text)]);
    assert_eq!(verdict(&file).await, (Verdict::Invalid, vec![Finding::DocumentChangedLater]));
}

/// A picture over the text, in the place of a signature that nobody made.
#[tokio::test]
async fn a_mark_wants_a_valid_signature() {
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Mark)/Rect[72 700 300 740]/F 4/P 3 0 R>>";
    let added = [
        (30, field),
        (6, "<</Fields[7 0 R 9 0 R 30 0 R]/DA(/F1 0 Tf)>>"),
        (8, "[7 0 R 9 0 R 30 0 R]"),
    ];
    let marked = vec![Finding::DocumentSignedLater, Finding::DocumentMarkedLater];
    assert_eq!(after(&added).await, (Verdict::Indeterminate, marked.clone()));
    let signed = field.replace("/F 4", "/F 4/V 31 0 R");
    let nonsense = "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 1 2 3]/Contents<00>>>";
    let added = [added[1], added[2], (30, signed.as_str()), (31, nonsense)];
    assert_eq!(after(&added).await, (Verdict::Indeterminate, marked));
    // With an action it is not even a mark.
    let acts = field.replace("/F 4", "/F 4/A<</S/JavaScript>>");
    gives(&[added[0], added[1], (30, &acts)], FILLED).await;
}

#[tokio::test]
async fn what_certification_forbids_is_wrong() {
    let catalog = "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R/Perms<</DocMDP 20 0 R>>>>".to_owned();
    let field = WAITING.replace("/F 4", "/F 4/V 20 0 R");
    let hand = Hand {
        entries: "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]",
        range: right,
        objects: vec![(1, catalog), (7, field)],
        ..Hand::default()
    };
    let file = hand.sign(&written()).await;
    assert_eq!(verdict(&file).await, (Verdict::Valid, vec![Finding::DocumentWhole]));
    let added = "<</Type/Annot/Subtype/Widget/FT/Sig/T(Other)/Rect[0 0 0 0]/F 4/P 3 0 R>>";
    let later = update(&file, &[(30, added), (6, "<</Fields[7 0 R 9 0 R 30 0 R]/DA(/F1 0 Tf)>>")]);
    assert_eq!(verdict(&later).await, (Verdict::Invalid, vec![Finding::DocumentForbidden]));
    let filled =
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/V(paid)/Rect[72 500 300 520]/P 3 0 R>>";
    let later = update(&file, &[(9, filled)]);
    assert_eq!(verdict(&later).await, (Verdict::Invalid, vec![Finding::DocumentForbidden]));
}
