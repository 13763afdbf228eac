//! Other people's programs as judges.

use std::fs;
use std::path::Path;
use std::process::Command;

use gost_ca::print::Zone;
use gost_ca::x509::{PemLabel, to_pem};
use gost_ca_documents::check::Finding;
use gost_ca_documents::pdf::{Pdf, PdfError, PdfLimits, PdfSigning, Stamp};
use gost_ca_documents::{Error, Signatory, SignedData, Verdict};
use tempfile::TempDir;

use crate::file::{check, findings, produced, written};
use crate::signing::signed;
use crate::support::{certificate, key, openssl};

/// Of the package fonts-dejavu-core.
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    said
}

fn stamp() -> PdfSigning {
    let font = fs::read(FONT).unwrap().into();
    let zone = Zone::new(3, "МСК").unwrap();
    let stamp = Stamp { page: 1, corner: [300.0, 40.0], size: [240.0, 80.0], font, zone };
    PdfSigning { stamp: Some(stamp), ..PdfSigning::default() }
}

/// Files of all producers with two signatures, the first with a stamp.
async fn all(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for name in ["written", "chromium.pdf", "cairo.pdf", "streams.pdf", "linear.pdf"] {
        let file = if name == "written" { written() } else { produced(name) };
        let file = signed(&file, "person", &stamp()).await.unwrap();
        let file = signed(&file, "ul512", &PdfSigning::default()).await.unwrap();
        let name = format!("signed-{name}");
        fs::write(folder.join(&name), file).unwrap();
        names.push(name);
    }
    names
}

#[tokio::test]
#[ignore = "needs qpdf and DejaVu fonts"]
async fn qpdf_finds_no_errors() {
    let folder = TempDir::new().unwrap();
    for name in all(folder.path()).await {
        let said = run(folder.path(), "qpdf", &["--check", &name]);
        assert!(said.contains("No syntax or stream encoding errors found"), "{name}: {said}");
    }
}

#[tokio::test]
#[ignore = "needs pdfsig of poppler-utils, and DejaVu fonts"]
async fn pdfsig_sees_the_same_ranges() {
    let folder = TempDir::new().unwrap();
    for name in all(folder.path()).await {
        let said = run(folder.path(), "pdfsig", &["-nocert", &name]);
        let length = fs::metadata(folder.path().join(&name)).unwrap().len();
        assert!(said.contains("Signature Field Name: Signature2"), "{name}: {said}");
        assert_eq!(said.matches("Signature Type: ETSI.CAdES.detached").count(), 2, "{said}");
        assert!(said.contains(&format!(" - {length}]")), "{said}");
        assert_eq!(said.matches("Total document signed").count(), 1, "{said}");
    }
}

/// The signature of another program in our file: all of it, from the range to the digest, is as a reader expects.
#[tokio::test]
#[ignore = "needs OpenSSL and pdfsig of poppler-utils"]
async fn pdfsig_verifies_a_message_of_openssl() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let new =
        "req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -subj /CN=Judge -days 3650";
    openssl(folder, new).unwrap();
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let file = produced("streams.pdf");
    let signing = PdfSigning { room: 4000, ..PdfSigning::default() };
    let pdf = Pdf::open(&file, PdfLimits::default()).unwrap();
    let prepared = pdf.prepare(&signatory, &signing).await.unwrap();
    fs::write(folder.join("covered"), prepared.covered()).unwrap();
    let sign = "cms -sign -binary -md sha256 -in covered -signer rsa.pem -inkey rsa.key -outform DER -out message";
    openssl(folder, sign).unwrap();
    let (message, _) = SignedData::from_octets(&fs::read(folder.join("message")).unwrap()).unwrap();
    let file = prepared.embed(&message).unwrap();
    fs::write(folder.join("signed.pdf"), &file).unwrap();
    let said = run(folder, "pdfsig", &["-nocert", "signed.pdf"]);
    assert!(said.contains("Signature is Valid"), "{said}");
    assert!(said.contains("Total document signed"), "{said}");
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_verifies_what_is_covered() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let authorities = ["root", "ca256", "ca512c"]
        .map(|name| to_pem(PemLabel::Certificate, certificate(name).as_der()));
    fs::write(folder.join("ca.pem"), authorities.concat()).unwrap();
    for owner in ["person", "ul512"] {
        let file = signed(&produced("chromium.pdf"), owner, &PdfSigning::default()).await.unwrap();
        // The range and the message are taken out of the text, as another program would.
        let text = String::from_utf8_lossy(&file).into_owned();
        let range = text.split("/ByteRange[").last().unwrap().split(']').next().unwrap();
        let range: Vec<usize> =
            range.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let [0, length, after, rest] = range[..] else { panic!("{range:?}") };
        assert_eq!(after + rest, file.len());
        let covered = [&file[..length], &file[after..]].concat();
        fs::write(folder.join("covered"), covered).unwrap();
        fs::write(folder.join("message"), hex::decode(&file[length + 1..after - 1]).unwrap())
            .unwrap();
        let verify = "cms -verify -binary -cades -inform DER -in message -content covered -CAfile ca.pem \
            -purpose any -attime 1780000000 -out verified";
        openssl(folder, verify).unwrap_or_else(|error| panic!("{owner}: {error}"));
    }
}

#[tokio::test]
#[ignore = "needs pdftotext and pdffonts of poppler-utils, and DejaVu fonts"]
async fn the_text_of_a_stamp_is_read() {
    let folder = TempDir::new().unwrap();
    for name in all(folder.path()).await {
        let said = run(folder.path(), "pdftotext", &["-layout", &name, "-"]);
        for text in [
            "ДОКУМЕНТ ПОДПИСАН",
            "Сертификат:",
            "Владелец: Тестов",
            "Действителен: с 01.03.2026 по ",
        ] {
            assert!(said.contains(text), "{name}: {said}");
        }
        let fonts = run(folder.path(), "pdffonts", &[&name]);
        assert!(
            fonts
                .lines()
                .any(|line| line.starts_with("STAMPS+Stamp") && line.contains("yes yes yes")),
            "{fonts}"
        );
    }
}

#[tokio::test]
#[ignore = "needs DejaVu fonts"]
async fn stamps_fit_or_are_refused() {
    let mut signing = stamp();
    let later = signed(&written(), "ip", &PdfSigning::default()).await.unwrap();
    let file = signed(&later, "person", &signing).await.unwrap();
    let report = check(&file).await;
    assert_eq!(report.verdict, Verdict::Valid);
    let stamped = [Finding::DocumentSignedLater, Finding::DocumentStampedLater];
    assert_eq!(findings(&report)["Signature1"], stamped);
    signing.field = Some("Director".into());
    signed(&written(), "person", &signing).await.unwrap();
    let stamp = signing.stamp.as_mut().unwrap();
    (stamp.size, signing.field) = ([40.0, 20.0], None);
    let error = signed(&written(), "person", &signing).await.unwrap_err();
    assert!(matches!(error, Error::Pdf(PdfError::StampTooSmall)));
}
