//! Files written octet by octet, and what checks say of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use gost_ca::x509::Certificate;
use gost_ca_documents::check::{Finding, Part};
use gost_ca_documents::pdf::{Pdf, PdfLimits};
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, HashFunction, Report, Signatory, SignedData, Signing,
    Verdict, oid,
};
use gost_ca_software::GostVerifier;

use crate::support::{certificate, data, key};

pub(crate) const NOW: &str = "2026-11-22T10:00:00Z";

pub(crate) fn produced(name: &str) -> Vec<u8> {
    std::fs::read(data("pdf").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A page with a line of text, a form with a field for text and one for a signature.
pub(crate) fn written() -> Vec<u8> {
    let text = "BT /F1 18 Tf 72 720 Td (I owe you 100 roubles) Tj ET";
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let objects = [
        (1, "<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>".to_owned()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
        (3, PAGE.to_owned()),
        (4, format!("<</Length {}>>\nstream\n{text}\nendstream", text.len())),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned()),
        (6, "<</Fields[7 0 R 9 0 R]/DA(/F1 0 Tf)>>".to_owned()),
        (7, WAITING.to_owned()),
        (8, "[7 0 R 9 0 R]".to_owned()),
        (9, "<</Type/Annot/Subtype/Widget/FT/Tx/T(Note)/Rect[72 500 300 520]/P 3 0 R>>".to_owned()),
    ];
    write(&mut file, &objects, "");
    file
}

/// The same with a stream of cross-references: object 5 is the first in the stream of objects 50.
pub(crate) fn packed(objects: &str) -> Vec<u8> {
    let mut file = written();
    let container = file.len();
    file.extend(format!("50 0 obj\n{objects}\nendobj\n").bytes());
    let start = file.len();
    let entry = |kind: u8, place: usize| {
        [&[kind][..], &u32::try_from(place).unwrap().to_be_bytes(), &[0]].concat()
    };
    let entries = [entry(2, 50), entry(1, container), entry(1, start)].concat();
    let text = String::from_utf8_lossy(&file).into_owned();
    let before = text.split("startxref\n").last().unwrap().split_whitespace().next().unwrap();
    let table = format!(
        "51 0 obj\n<</Type/XRef/W[1 4 1]/Index[5 1 50 2]/Size 90/Root 1 0 R/Prev {before}/Length {}>>\nstream\n",
        entries.len()
    );
    file.extend(table.bytes().chain(entries));
    file.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

pub(crate) const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R\
    /Resources<</Font<</F1 5 0 R>>>>/Annots 8 0 R>>";
pub(crate) const WAITING: &str =
    "<</Type/Annot/Subtype/Widget/FT/Sig/T(Director)/Rect[72 400 352 480]/F 4/P 3 0 R>>";

/// Appends a revision.
pub(crate) fn update(file: &[u8], objects: &[(u32, &str)]) -> Vec<u8> {
    let mut file = file.to_vec();
    let at = file.windows(9).rposition(|octets| octets == b"startxref").unwrap();
    let before =
        String::from_utf8_lossy(&file[at + 9..]).split_whitespace().next().unwrap().to_owned();
    let objects: Vec<_> = objects.iter().map(|(id, text)| (*id, (*text).to_owned())).collect();
    write(&mut file, &objects, &format!("/Prev {before}"));
    file
}

fn write(file: &mut Vec<u8>, objects: &[(u32, String)], trailer: &str) {
    let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
    for (id, text) in objects {
        writeln!(table, "{id} 1\n{:010} 00000 n ", file.len()).unwrap();
        file.extend(format!("{id} 0 obj\n{text}\nendobj\n").bytes());
    }
    let start = file.len();
    let end =
        format!("{table}trailer\n<</Root 1 0 R/Size 90{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    file.extend(end.bytes());
}

/// A range, made from the place of the message and the length of the file.
pub(crate) type Ranging = fn(Range<usize>, usize) -> Vec<usize>;

/// How a signature is written by hand: as it must be, or not.
pub(crate) struct Hand {
    /// The number of its dictionary.
    pub(crate) number: u32,
    pub(crate) format: &'static str,
    pub(crate) range: Ranging,
    /// What follows the message in its place.
    pub(crate) filling: Vec<u8>,
    /// More entries of the dictionary.
    pub(crate) entries: &'static str,
    /// The field that claims it.
    pub(crate) objects: Vec<(u32, String)>,
}

impl Default for Hand {
    fn default() -> Self {
        let field = WAITING.replace("/F 4", "/F 4/V 20 0 R");
        Self {
            number: 20,
            format: "ETSI.CAdES.detached",
            range: right,
            filling: Vec::new(),
            entries: "",
            objects: vec![(7, field)],
        }
    }
}

pub(crate) fn right(gap: Range<usize>, length: usize) -> Vec<usize> {
    vec![0, gap.start, gap.end, length - gap.end]
}

impl Hand {
    /// Signs in an update; all that the range covers is really signed.
    pub(crate) async fn sign(&self, file: &[u8]) -> Vec<u8> {
        self.embed(file, async |covered| message(covered).await.to_detached()).await
    }

    pub(crate) async fn embed(
        &self,
        file: &[u8],
        sign: impl AsyncFnOnce(&[u8]) -> Vec<u8>,
    ) -> Vec<u8> {
        let (format, entries) = (self.format, self.entries);
        let zeros = "0".repeat(2 * ROOM);
        let range = " ".repeat(80);
        let value = format!(
            "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/{format}{entries}/ByteRange[{range}]/Contents<{zeros}>>>"
        );
        let mut objects = vec![(self.number, value.as_str())];
        objects.extend(self.objects.iter().map(|(id, text)| (*id, text.as_str())));
        let mut file = update(file, &objects);
        let at = file
            .windows(ROOM)
            .rposition(|octets| octets.iter().all(|octet| *octet == b'0'))
            .unwrap();
        let end = at + ROOM;
        let gap = end - 2 * ROOM - 1..end + 1;
        let numbers = (self.range)(gap.clone(), file.len());
        let text = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        let at = file.windows(10).rposition(|octets| octets == b"/ByteRange").unwrap() + 11;
        file[at..at + text.len()].copy_from_slice(text.as_bytes());
        let covered: Vec<_> = numbers
            .chunks(2)
            .filter(|pair| pair.len() == 2)
            .flat_map(|pair| {
                file.get(pair[0]..pair[0].saturating_add(pair[1])).unwrap_or_default().to_vec()
            })
            .collect();
        let message = [sign(&covered).await, self.filling.clone()].concat();
        for (place, digit) in file[gap.start + 1..].iter_mut().zip(hex::encode(message).bytes()) {
            *place = digit;
        }
        file
    }
}

/// Octets kept for a message by hand.
const ROOM: usize = 6000;

pub(crate) async fn message(covered: &[u8]) -> SignedData {
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let digests = ContentDigests::of(&mut &covered[..], &[HashFunction::Streebog256]).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
    message
}

pub(crate) async fn check(file: &[u8]) -> Report {
    let anchors = [certificate("root")];
    let pool: Vec<Certificate> = ["ca256", "ca512c"].map(certificate).into();
    let mut rules = CheckRules::at(NOW.parse().unwrap());
    rules.status = false;
    let mut checker = Checker::new(&anchors, &GostVerifier, rules);
    checker.certificates = &pool;
    Pdf::open(file, PdfLimits::default()).unwrap().check(&checker).await
}

/// What is found of the document, by the details' first word: the field.
pub(crate) fn findings(report: &Report) -> BTreeMap<String, Vec<Finding>> {
    let mut all = BTreeMap::<_, Vec<_>>::new();
    for step in report.signers.iter().flat_map(|signer| &signer.steps) {
        if step.part == Part::Document {
            let field = step.details.as_deref().unwrap().split(':').next().unwrap().to_owned();
            all.entry(field).or_default().push(step.finding);
        }
    }
    all
}

/// The verdict on the first signature of a file, and what is found of the document.
pub(crate) async fn verdict(file: &[u8]) -> (Verdict, Vec<Finding>) {
    let report = check(file).await;
    let signer = &report.signers[0];
    let steps = signer.steps.iter().filter(|step| step.part == Part::Document);
    (signer.verdict, steps.map(|step| step.finding).collect())
}
