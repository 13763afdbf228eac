//! Certificates and requests on screen and on paper.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::print::{Marking, PaperCopy, Reading, RequestForm, Requisites, Zone, file_name};
use gost_ca::x509::{Certificate, CertificationRequest};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples").join(name)
}

fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&fs::read(sample(name)).unwrap()).unwrap()
}

fn moscow() -> Zone {
    Zone::new(3, "МСК, UTC+3").unwrap()
}

fn requisites() -> Requisites {
    Requisites {
        name: "ООО \"Проба\" <script>alert(1)</script>".to_owned(),
        address: "101000, г. Москва, ул. Пробная, д. 1".to_owned(),
        phones: vec!["+7 495 000-00-00".to_owned(), "+7 495 000-00-01".to_owned()],
        email: "ca@example.org".to_owned(),
        accreditation_number: Some("000".to_owned()),
        accreditation_date: Some("01.01.2026".to_owned()),
    }
}

fn paper(name: &str, marking: Marking) -> String {
    let copy = PaperCopy {
        certificate: &certificate(name),
        requisites: &requisites(),
        zone: &moscow(),
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        marking,
    };
    copy.to_html().unwrap()
}

#[test]
fn a_certificate_reads_as_written_down() {
    let reading = Reading::of_certificate(&certificate("generated/ul.cer"), &moscow());
    // Compared once, value by value, with what OpenSSL shows of the sample.
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/print/ul.txt");
    assert_eq!(reading.to_string(), fs::read_to_string(expected).unwrap());
}

#[test]
fn r13_the_paper_copy_is_complete() {
    let html = paper("generated/ul.cer", Marking::Plain);
    for part in [
        "01 00 51 DB 25 34 25 81 7A BF F5 F9 D6 CB 74 9A", // number
        "01.03.2026 03:00:00 (МСК, UTC+3)",
        "Образцов",
        "1029900000019",
        "ГОСТ Р 34.10-2012, 256 бит",
        "1.2.643.2.2.35.1",
        "СКЗИ &#34;Тест CSP&#34; версия 1.0",
        "Сертификат соответствия № СФ/000-0001 от 01.01.2024",
        "класс средств КС3",
        "10 C0 DE 00 00 00 00 00 01", // number of the authority's certificate
        "по действующей квалифицированной электронной подписи",
        "Ограничения использования</th><td>не указаны",
        "1C 04 80 82 B2 9B AF 33", // signature
        "С информацией, содержащейся в сертификате, ознакомлен",
        "Уполномоченное лицо удостоверяющего центра",
        "М.П.",
        "size: A4",
        "counter(page) \" из \" counter(pages)",
        "101000, г. Москва",
        "+7 495 000-00-01",
        "Аккредитация № 000 от 01.01.2026",
        "Напечатано 23.11.2026 12:00:00 (МСК, UTC+3)",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!html.contains("ТЕСТОВЫЙ"));
    assert!(
        paper("generated/ul.cer", Marking::Test)
            .contains("ТЕСТОВЫЙ, не является квалифицированным")
    );
}

#[test]
fn nothing_from_outside_is_markup() {
    for html in
        [paper("generated/ul.cer", Marking::Plain), paper("generated/person.cer", Marking::Test)]
    {
        assert!(!html.contains("<script"));
        assert!(html.contains("&#60;script&#62;"));
        assert!(!html.contains("http-equiv=\"refresh\"") && !html.contains("src="));
    }
}

#[test]
fn every_sample_is_readable() {
    for folder in ["ca-ru", "ee", "testca", "malformed"] {
        for entry in fs::read_dir(sample(folder)).unwrap() {
            let der = fs::read(entry.unwrap().path()).unwrap();
            let Ok(certificate) = Certificate::from_der(&der) else { continue };
            let reading = Reading::of_certificate(&certificate, &moscow());
            assert!(reading.sections.len() >= 6);
            assert!(serde_json::to_string(&reading).unwrap().contains("\"owner\""));
        }
    }
}

#[test]
fn a_request_is_printed_before_issuing() {
    let der = fs::read(sample("generated/person.p10")).unwrap();
    let form = RequestForm {
        request: &CertificationRequest::from_der(&der).unwrap(),
        requisites: &requisites(),
        zone: &moscow(),
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        marking: Marking::Plain,
    };
    let html = form.to_html().unwrap();
    for part in ["Заявление на создание сертификата", "Прошу создать сертификат", "Заявитель"]
    {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn v12_downloads_are_named_by_login_and_serial() {
    let certificate = certificate("generated/ul.cer");
    let name = file_name("obraztsov", certificate.serial(), "cer");
    assert_eq!(name, "obraztsov-010051db253425817abff5f9d6cb749a.cer");
}
