//! Certificates and requests on screen and on paper.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/operator_day/people.rs"]
mod people;

use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::Timestamp;
use gost_ca::commitment::Commitment;
use gost_ca::desk::carriers::CarrierLine;
use gost_ca::desk::events::EventLine;
use gost_ca::desk::periods::StatusPeriods;
use gost_ca::entry::{Actor, Entry, VERSION};
use gost_ca::fact::{CaseFact, Issued};
use gost_ca::id::CommandId;
use gost_ca::language::Language;
use gost_ca::print::{
    Application, AtEnd, Form, FormId, HandOver, Marking, Paper, PrintError, Reading, Requisites,
    Stationery, Template, Templates, Zone, file_name,
};
use gost_ca::provider::UserRecord;
use gost_ca::provider::journal::StoredEntry;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::{Field, RegistrationForm};
use gost_ca::secret::Secret;
use gost_ca::x509::{Certificate, CertificationRequest, KeyIdentity};
use proptest::prelude::*;

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

/// Prints a form by the shipped texts.
fn print(form: &Form<'_>, marking: Marking) -> Paper {
    print_on(&Templates::shipped().unwrap(), &requisites(), form, marking)
}

fn print_on(
    templates: &Templates,
    requisites: &Requisites,
    form: &Form<'_>,
    marking: Marking,
) -> Paper {
    let (language, zone) = (Language::Russian, &moscow());
    Stationery { templates, language, requisites, zone, marking }.print(form, at(PRINTED)).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn copy(name: &str, marking: Marking) -> String {
    print(&Form::Copy(&certificate(name)), marking).html
}

fn request() -> CertificationRequest {
    let der = fs::read(sample("generated/person.p10")).unwrap();
    CertificationRequest::from_der(&der).unwrap()
}

fn record() -> UserRecord {
    people::staff(7, "petrova").unwrap()
}

/// Issued, suspended, resumed, annulled.
fn life(certificate: &Certificate, document: &str) -> Vec<Entry<CaseFact>> {
    let issued = Issued {
        certificate: Commitment::from_octets([1; 32]),
        issuer: KeyIdentity::from_octets([2; 32]),
        serial: certificate.serial().clone(),
        validity: *certificate.validity(),
        thumbprint: certificate.thumbprint_sha1(),
        partition: 0,
    };
    let ground = |kind| Ground { kind, document: document.to_owned() };
    let owner = GroundKind::OwnerApplication;
    let facts = [
        ("2026-03-01T00:00:00Z", CaseFact::CertificateIssued(issued)),
        (
            "2026-04-01T00:00:00Z",
            CaseFact::CertificateSuspended {
                ground: ground(owner),
                until: None,
                on_end: gost_ca::profile::OnEnd::Stay,
                by_phrase: false,
            },
        ),
        ("2026-04-11T00:00:00Z", CaseFact::CertificateResumed { ground: ground(owner) }),
        (
            "2026-05-01T00:00:00Z",
            CaseFact::CertificateRevoked {
                reason: Reason::PrivilegeWithdrawn,
                ground: ground(GroundKind::Court),
                date: at("2026-05-01T00:00:00Z"),
                invalidity: None,
                notice: gost_ca::fact::Notice::default(),
            },
        ),
    ];
    facts
        .map(|(time, fact)| Entry {
            version: VERSION,
            at: at(time),
            effective: at(time),
            actor: Actor::SYSTEM,
            command: CommandId::new([3; 16]),
            fact,
        })
        .into()
}

/// The same papers with something else in them, as far as the form takes it.
fn hostile(text: &str) -> UserRecord {
    let mut form = RegistrationForm::from(&record().data);
    let line: String = text.chars().filter(|letter| !letter.is_control()).collect();
    for field in [Field::DocumentIssuer, Field::BirthPlace, Field::ApplicationNumber] {
        let mut tried = form.clone();
        tried.set(field, line.clone());
        form = if tried.check().is_ok() { tried } else { form };
    }
    UserRecord { data: form.check().unwrap(), ..record() }
}

/// An entry whose own words are the caller's.
fn event(text: &str) -> StoredEntry {
    let certificate = certificate("generated/ul.cer");
    life(&certificate, text)[1].encode()
}

fn carriers(text: &str) -> Vec<CarrierLine> {
    let event = |day: &str| (at(day), text.to_owned());
    vec![CarrierLine {
        model: text.to_owned(),
        serial: text.to_owned(),
        received: event("2026-02-01T00:00:00Z"),
        issued: Some((text.to_owned(), at("2026-03-01T00:00:00Z"), text.to_owned())),
        returned: Some(event("2026-04-01T00:00:00Z")),
        destroyed: Some(event("2026-05-01T00:00:00Z")),
    }]
}

const PRINTED: &str = "2026-11-23T09:00:00Z";

#[test]
fn a_certificate_reads_as_written_down() {
    let reading = Reading::of_certificate(&certificate("generated/ul.cer"), &moscow());
    // Compared once, value by value, with what OpenSSL shows of the sample.
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/print/ul.txt");
    assert_eq!(reading.to_string(), fs::read_to_string(expected).unwrap());
}

#[test]
fn r13_the_paper_copy_is_complete() {
    let html = copy("generated/ul.cer", Marking::Plain);
    for part in [
        "01 00 51 DB 25 34 25 81 7A BF F5 F9 D6 CB 74 9A", // number
        "01.03.2026 03:00:00 (МСК, UTC+3)",
        "Образцов",
        "1029900000019",
        "ГОСТ Р 34.10-2012, 256 бит",
        "1.2.643.2.2.35.1",
        "СКЗИ &quot;Тест CSP&quot; версия 1.0",
        "Сертификат соответствия № СФ&#x2f;000-0001 от 01.01.2024",
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
        copy("generated/ul.cer", Marking::Test).contains("ТЕСТОВЫЙ, не является квалифицированным")
    );
}

#[test]
fn nothing_from_outside_is_markup() {
    for html in
        [copy("generated/ul.cer", Marking::Plain), copy("generated/person.cer", Marking::Test)]
    {
        assert!(!html.contains("<script"));
        assert!(html.contains("&lt;script&gt;"));
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
fn v9_a_request_is_printed_before_issuing() {
    let html = print(&Form::Request(&request()), Marking::Plain).html;
    for part in ["Заявление на создание сертификата", "Прошу создать сертификат", "Заявитель"]
    {
        assert!(html.contains(part), "{part}");
    }
}

#[test]
fn v8_secrets_are_on_the_sheet_alone() {
    let (templates, requisites, zone) = (Templates::shipped().unwrap(), requisites(), moscow());
    let stationery = Stationery {
        templates: &templates,
        language: Language::Russian,
        requisites: &requisites,
        zone: &zone,
        marking: Marking::Plain,
    };
    let (password, pin) = (Secret::from("Ab3<x>Yz9k"), Secret::from("temporary-pin"));
    let (record, certificate) = (record(), certificate("generated/person.cer"));
    let form = HandOver {
        record: &record,
        password: Some(&password),
        password_until: Some(at("2026-11-26T09:00:00Z")),
        pin: Some(&pin),
        carrier: Some("Рутокен 1234567890"),
        certificate: Some(&certificate),
    };
    let paper = stationery.print_secret(&form, at(PRINTED)).unwrap();
    let (sheet, redacted) = (paper.sheet.expose_str().unwrap(), &paper.redacted.html);
    assert!(sheet.contains("Ab3&lt;x&gt;Yz9k") && sheet.contains("temporary-pin"));
    for part in ["petrova", "Рутокен 1234567890", "26.11.2026 12:00:00 (МСК, UTC+3)", "подпись"]
    {
        assert!(sheet.contains(part) && redacted.contains(part), "{part}");
    }
    assert!(!redacted.contains("Ab3") && !redacted.contains("temporary-pin"));
    assert!(redacted.contains("••••••••") && !redacted.contains("<output"));

    // what is not handed over is not on the sheet
    let less = HandOver { password: None, pin: None, carrier: None, certificate: None, ..form };
    let paper = stationery.print_secret(&less, at(PRINTED)).unwrap();
    assert!(!paper.redacted.html.contains("Временный ПИН-код"));
    assert_eq!(paper.sheet.expose(), paper.redacted.html.as_bytes());
}

#[test]
fn u7_applications_say_what_is_asked() {
    let (record, certificate) = (record(), certificate("generated/person.cer"));
    let bare = Application {
        record: &record,
        certificate: &certificate,
        why: None,
        until: None,
        at_end: None,
    };
    let html = print(&Form::Terminate(bare), Marking::Plain).html;
    assert!(html.contains("прошу прекратить действие сертификата") && html.contains("_____"));
    let until = Some(at("2026-12-01T00:00:00Z"));
    let (why, at_end) = (Some("отпуск"), Some(AtEnd::Terminated));
    let form = Form::Suspend(Application { why, until, at_end, ..bare });
    let html = print(&form, Marking::Plain).html;
    for part in [
        "прошу приостановить действие сертификата ключа проверки электронной подписи до 01.12.2026 03:00:00",
        "Причина: отпуск",
        "По окончании срока действие сертификата прекращается",
        "SHA-1",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(print(&Form::Resume(bare), Marking::Plain).html.contains("прошу возобновить"));
    let html = print(&Form::Create(&record), Marking::Plain).html;
    for part in ["создать и выдать сертификат", "Физическое лицо", "Паспорт гражданина"]
    {
        assert!(html.contains(part), "{part}");
    }
    let html = print(&Form::Consent(&record), Marking::Plain).html;
    for part in ["№ 152-ФЗ", "Субъект персональных данных", "Паспорт гражданина"]
    {
        assert!(html.contains(part), "{part}");
    }
    let form = Form::Acknowledgement { record: &record, certificate: &certificate };
    assert!(print(&form, Marking::Plain).html.contains("статьи 18"));
    assert!(print(&Form::Memo, Marking::Plain).html.contains("ПИН-код"));
}

#[test]
fn u7_the_status_over_a_period_is_told_without_gaps() {
    let certificate = certificate("generated/ul.cer");
    let period = (at("2026-02-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
    let entries = life(&certificate, "№ 5");
    let history = StatusPeriods::of(&entries, period, at(PRINTED));
    let html =
        print(&Form::Status { certificate: &certificate, history: &history }, Marking::Plain);
    for row in [
        "<td>01.02.2026 03:00:00 (МСК, UTC+3)</td><td>01.03.2026 03:00:00 (МСК, UTC+3)</td><td>срок действия не начался</td>",
        "<td>01.03.2026 03:00:00 (МСК, UTC+3)</td><td>01.04.2026 03:00:00 (МСК, UTC+3)</td><td>действует</td>",
        "<td>действие приостановлено с 01.04.2026 03:00:00 (МСК, UTC+3)</td>",
        "<td>11.04.2026 03:00:00 (МСК, UTC+3)</td><td>01.05.2026 03:00:00 (МСК, UTC+3)</td><td>действует</td>",
        "<td>01.06.2026 03:00:00 (МСК, UTC+3)</td><td>аннулирован 01.05.2026 03:00:00 (МСК, UTC+3)</td>",
        "по сведениям реестра сертификатов на 23.11.2026",
    ] {
        assert!(html.html.contains(row), "{row}");
    }
    let ends: Vec<_> = history.periods.iter().map(|period| period.to).collect();
    let begins: Vec<_> = history.periods.iter().skip(1).map(|period| period.from).collect();
    assert_eq!(ends[..ends.len() - 1], begins[..]);

    // as it was known before the suspension
    let known = StatusPeriods::of(&entries, period, at("2026-03-15T00:00:00Z"));
    assert_eq!(known.periods.len(), 2);
    let html =
        print(&Form::Extract { certificate: &certificate, history: &history }, Marking::Plain);
    for part in ["Сертификат аннулирован", "Действие возобновлено", "основание: № 5"]
    {
        assert!(html.html.contains(part), "{part}");
    }
}

#[test]
fn templates_are_data_that_can_be_replaced() {
    let mut templates = Templates::shipped().unwrap();
    for form in FormId::ALL {
        assert_eq!(form.name().parse(), Ok(*form));
        assert!(templates.edition(*form, Language::Russian).is_some(), "{form} has a text");
    }
    let own = |version, html: &str| Template {
        form: FormId::Memo,
        version,
        language: Language::Russian,
        html: html.to_owned().into(),
    };
    assert!(matches!(
        templates.replace(own(1, "old")),
        Err(PrintError::OldTemplate { version: 1, .. })
    ));
    assert!(matches!(templates.replace(own(2, "{% if %}")), Err(PrintError::Template(_))));
    templates.replace(own(7, "<p>{{ requisites.name }}</p>{{ nothing_like_it }}")).unwrap();
    let stationery = Stationery {
        templates: &templates,
        language: Language::Russian,
        requisites: &requisites(),
        zone: &moscow(),
        marking: Marking::Plain,
    };
    assert!(stationery.print(&Form::Memo, at(PRINTED)).is_err(), "a name that it does not have");
    let mut templates = templates.clone();
    templates.replace(own(8, "<p>{{ requisites.name }}</p>")).unwrap();
    let paper = print_on(&templates, &requisites(), &Form::Memo, Marking::Plain);
    assert_eq!(paper.edition.version, 8);
    assert!(paper.html.starts_with("<p>ООО &quot;Проба&quot; &lt;script&gt;"));
    let english = Stationery { language: Language::English, ..stationery };
    let refused = english.print(&Form::Memo, at(PRINTED));
    assert!(matches!(refused, Err(PrintError::NoTemplate { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed anywhere, the markup of every form is the template's own.
    #[test]
    fn values_never_become_markup(text in HOSTILE) {
        let (certificate, record, tame_record) = (certificate("generated/ul.cer"), hostile(&text), record());
        let (request, entries) = (request(), life(&certificate, &text));
        let (period, lines) = ((at(PRINTED), at(PRINTED)), carriers(&text));
        let history = &StatusPeriods::of(&entries, period, at(PRINTED));
        let application = |why| Application {
            record: &record,
            certificate: &certificate,
            why,
            until: None,
            at_end: Some(AtEnd::Stays),
        };
        let plain = &carriers("а");
        let tame = life(&certificate, "а");
        let tame = &StatusPeriods::of(&tame, period, at(PRINTED));
        let pairs = [
            (Form::Copy(&certificate), Form::Copy(&certificate)),
            (Form::Request(&request), Form::Request(&request)),
            (Form::Consent(&record), Form::Consent(&tame_record)),
            (Form::Create(&record), Form::Create(&tame_record)),
            (Form::Events(&[EventLine::of(&event(&text)).unwrap()]), Form::Events(&[EventLine::of(&event("а")).unwrap()])),
            (Form::Memo, Form::Memo),
            (Form::Suspend(application(Some(&text))), Form::Suspend(application(Some("а")))),
            (Form::Terminate(application(Some(&text))), Form::Terminate(application(Some("а")))),
            (Form::Extract { certificate: &certificate, history }, Form::Extract { certificate: &certificate, history: tame }),
            (Form::Carriers(&lines), Form::Carriers(plain)),
        ];
        let hostile = Requisites {
            name: text.clone(),
            address: text.clone(),
            phones: vec![text.clone()],
            email: text.clone(),
            accreditation_number: Some(text.clone()),
            accreditation_date: Some(text.clone()),
        };
        let templates = Templates::shipped().unwrap();
        for (form, tame) in pairs {
            let html = print_on(&templates, &hostile, &form, Marking::Test).html;
            let right = print_on(&templates, &requisites(), &tame, Marking::Test).html;
            // one telephone less is one text less, and no tag less
            prop_assert_eq!(tags(&html), tags(&right));
        }
    }

    /// A carrier's number on a hand-over sheet forges no mark of a secret, and leaves no CSS string.
    #[test]
    fn sheets_keep_their_markup(text in HOSTILE) {
        let (templates, requisites, zone) = (Templates::shipped().unwrap(), requisites(), moscow());
        let stationery = Stationery {
            templates: &templates,
            language: Language::Russian,
            requisites: &requisites,
            zone: &zone,
            marking: Marking::Test,
        };
        let (record, secret) = (record(), Secret::from("the-secret"));
        let form = |carrier| HandOver {
            record: &record,
            password: Some(&secret),
            password_until: None,
            pin: None,
            carrier: Some(carrier),
            certificate: None,
        };
        let sheet = stationery.print_secret(&form(&text), at(PRINTED)).unwrap();
        let right = stationery.print_secret(&form("а"), at(PRINTED)).unwrap();
        let sheet = sheet.sheet.expose_str().unwrap();
        prop_assert_eq!(tags(sheet), tags(right.sheet.expose_str().unwrap()));
        prop_assert_eq!(sheet.matches("the-secret").count(), 1);
    }
}

/// What a page is made of: tags with their attributes, in order.
fn tags(html: &str) -> Vec<&str> {
    let tags =
        html.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag));
    tags.collect()
}

/// At least one character, and many of those that mean something in HTML, CSS and Jinja.
const HOSTILE: &str = "[a-zа-я<>&\"'/{}%#;:=\\\\\n\u{0}\u{202e}]{1,40}|<script>alert\\(1\\)</script>|\"></style><script>|<output data-secret=\"password\"></output>|\\{\\{ 7 \\* 7 \\}\\}";

#[test]
fn v12_downloads_are_named_by_login_and_serial() {
    let certificate = certificate("generated/ul.cer");
    let name = file_name("obraztsov", certificate.serial(), "cer");
    assert_eq!(name, "obraztsov-010051db253425817abff5f9d6cb749a.cer");
}
