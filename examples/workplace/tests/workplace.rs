//! The workplace as the page sees it: questions and answers in JSON.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::process::Command;
use std::sync::Arc;

use base64ct::{Base64, Encoding as _};
use gost_ca::profile::{Locations, Preset};
use gost_ca::provider::key_store::Derivation;
use gost_ca::registration::{Field, RegistrationForm};
use gost_ca_software::SystemRng;
use gost_ca_software::biological::recorded::insecure_events_of_recording;
use serde_json::{Value, json};
use workplace::{Files, Workplace};

const SET: &str = "1.2.643.7.1.2.1.1.1";

struct Page(Workplace);

impl Page {
    fn new() -> Self {
        Self(Workplace::new(Arc::new(SystemRng)).with_iterations(1_000))
    }

    fn ask(&mut self, question: &Value) -> Value {
        serde_json::from_slice(&self.0.answer(question.to_string().as_bytes())).unwrap()
    }

    fn refusal(&mut self, question: &Value) -> String {
        let answer = self.ask(question);
        assert_eq!(answer["answer"], "failed", "{answer}");
        answer["code"].as_str().unwrap().to_owned()
    }

    /// As a person who moves the pointer about.
    fn fill(&mut self) {
        assert_eq!(self.ask(&json!({ "do": "begin" }))["percent"], 0);
        let recording = include_str!("../../data/events.json");
        let events = insecure_events_of_recording(recording).unwrap();
        for part in events.chunks(100) {
            if self.ask(&json!({ "do": "collect", "events": part }))["percent"] == 100 {
                return;
            }
        }
        panic!("the recording is too short");
    }

    fn make(&mut self) -> Value {
        self.fill();
        let made = self.ask(&question("password 1"));
        assert_eq!(made["answer"], "made", "{made}");
        made
    }
}

fn question(password: &str) -> Value {
    let mut form = RegistrationForm::default();
    for (field, value) in [
        (Field::Kind, "natural-person"),
        (Field::Surname, "Соколова"),
        (Field::GivenName, "Вера"),
        (Field::Snils, "112-233-445 95"),
        (Field::Inn, "500100732259"),
        (Field::BirthDate, "12.04.1985"),
        (Field::BirthPlace, "г. Москва"),
        (Field::Citizenship, "RU"),
        (Field::DocumentKind, "passport-rf"),
        (Field::DocumentSeries, "4510"),
        (Field::DocumentNumber, "100001"),
        (Field::DocumentIssuer, "ОВД"),
        (Field::DocumentIssued, "20.05.2010"),
        (Field::DocumentDivision, "772-001"),
        (Field::ApplicationNumber, "1"),
        (Field::ApplicationDate, "01.09.2024"),
        (Field::Identification, "personal"),
        (Field::IdentifiedBy, "Оператор"),
        (Field::IdentifiedOn, "01.09.2024"),
    ] {
        form.set(field, value);
    }
    let subject = form.check().unwrap().subject_attributes();
    let locations = Locations { crl: vec![], delta: vec![], issuer: vec![], ocsp: vec![] };
    let profile = Preset::SignIn.profile(None, locations);
    json!({ "do": "make", "set": SET, "password": password, "subject": subject, "profile": profile })
}

#[test]
fn a_key_is_made_of_moves_alone_and_its_request_is_signed() {
    let mut page = Page::new();
    assert_eq!(page.refusal(&question("password 1")), "more-moves");
    page.ask(&json!({ "do": "begin" }));
    assert_eq!(page.refusal(&question("password 1")), "more-moves");
    let made = page.make();
    let signed = page.ask(&json!({ "do": "sign", "key": made["key"], "message": "AAAA" }));
    assert_eq!(Base64::decode_vec(signed["signature"].as_str().unwrap()).unwrap().len(), 64);
    assert_eq!(page.refusal(&question("password 1")), "more-moves", "moves are used up by one key");
}

#[test]
fn a_container_opens_by_its_password_and_is_closed_for_good() {
    let mut page = Page::new();
    let made = page.make();
    let container = &made["container"];
    let open =
        |password: &str| json!({ "do": "open", "container": container, "password": password });
    assert_eq!(page.refusal(&open("password 2")), "wrong-password");
    let key = page.ask(&open("password 1"))["key"].clone();
    assert_eq!(page.ask(&json!({ "do": "close" }))["answer"], "closed");
    assert_eq!(page.refusal(&json!({ "do": "sign", "key": key, "message": "AAAA" })), "not-open");

    let change = |old, new| json!({ "do": "change-password", "container": container, "old": old, "new": new });
    assert_eq!(page.refusal(&change("password 1", "short")), "short-password");
    assert_eq!(page.refusal(&change("password 3", "password 2")), "wrong-password");
    let changed = page.ask(&change("password 1", "password 2"))["container"].clone();
    let again = json!({ "do": "open", "container": changed, "password": "password 2" });
    assert_eq!(page.ask(&again)["answer"], "open");
}

#[test]
fn a_temporary_password_opens_nothing_before_it_is_changed() {
    let mut page = Page::new();
    page.fill();
    let mut temporary = question("password 1");
    temporary["temporary"] = true.into();
    let container = page.ask(&temporary)["container"].clone();
    let seen = page.ask(&json!({ "do": "look", "container": container }));
    assert_eq!(seen["must_change"], true);
    let open = json!({ "do": "open", "container": container, "password": "password 1" });
    assert_eq!(page.refusal(&open), "temporary-password");
}

#[test]
fn bad_input_is_refused_by_code() {
    let mut page = Page::new();
    assert_eq!(page.refusal(&json!({ "do": "nothing" })), "question");
    assert_eq!(page.refusal(&json!({ "do": "look", "container": "!" })), "question");
    assert_eq!(page.refusal(&json!({ "do": "look", "container": "AAAA" })), "container");
    page.fill();
    assert_eq!(page.refusal(&question("short")), "short-password");
    let mut unknown = question("password 1");
    unknown["set"] = "1.2.3".into();
    assert_eq!(page.refusal(&unknown), "parameter-set");
    let garbage =
        json!({ "do": "install", "container": page.make()["container"], "certificate": "AAAA" });
    assert_eq!(page.refusal(&garbage), "certificate");
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_accepts_the_request_and_the_exported_key() {
    let mut page = Page::new();
    let made = page.make();
    let folder = tempfile::tempdir().unwrap();
    let (request, key) = (folder.path().join("r.der"), folder.path().join("k.pem"));
    std::fs::write(&request, Base64::decode_vec(made["request"].as_str().unwrap()).unwrap())
        .unwrap();
    let exported = page.ask(&json!({ "do": "export", "container": made["container"] }));
    std::fs::write(&key, exported["pem"].as_str().unwrap()).unwrap();
    let output = Command::new("openssl")
        .args(["req", "-engine", "gost", "-verify", "-noout", "-inform", "DER", "-in"])
        .arg(&request)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("verify OK"), "{said}");
    // OpenSSL 3.0 with the engine does not open Kuznyechik-OMAC (RFC 9337), but reads the structure
    let parsed = Command::new("openssl").args(["asn1parse", "-in"]).arg(&key).output().unwrap();
    let parsed = String::from_utf8_lossy(&parsed.stdout).into_owned();
    assert!(parsed.contains("PBES2") && parsed.contains("PBKDF2"), "{parsed}");
}

#[test]
fn a_key_goes_out_and_comes_back_by_other_programs_files() {
    let mut page = Page::new();
    let made = page.make();
    let container = &made["container"];
    let own = page.ask(&json!({ "do": "look", "container": container }))["public_key"].clone();
    let wrong = json!({ "do": "export-pfx", "container": container, "password": "password 2" });
    assert_eq!(page.refusal(&wrong), "wrong-password");
    let pfx = json!({ "do": "export-pfx", "container": container, "password": "password 1" });
    let pfx = page.ask(&pfx)["pfx"].clone();
    let pem = page.ask(&json!({ "do": "export", "container": container }))["pem"].clone();
    let pem = Value::from(Base64::encode_string(pem.as_str().unwrap().as_bytes()));
    for file in [pfx, pem] {
        let import = |password: &str| json!({ "do": "import", "file": file, "password": password });
        assert_eq!(page.refusal(&import("password 2")), "wrong-password");
        assert_eq!(page.refusal(&import("short")), "short-password");
        let back = page.ask(&import("password 1"))["container"].clone();
        let seen = page.ask(&json!({ "do": "look", "container": back }));
        assert_eq!(seen["public_key"], own);
    }
    let garbage = json!({ "do": "import", "file": "AAAA", "password": "password 1" });
    assert_eq!(page.refusal(&garbage), "container");
}

/// A document in memory.
#[derive(Debug, Default)]
struct Memory {
    document: Vec<u8>,
    at: usize,
    written: Vec<u8>,
}

impl Files for Memory {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let rest = &self.document[self.at..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }

    fn rewind(&mut self) -> std::io::Result<()> {
        (self.at, self.written) = (0, Vec::new());
        Ok(())
    }

    fn write(&mut self, octets: &[u8]) -> std::io::Result<()> {
        self.written.extend(octets);
        Ok(())
    }
}

impl Page {
    fn ask_of(&mut self, question: &Value, document: &[u8]) -> (Value, Vec<u8>) {
        let mut files = Memory { document: document.to_vec(), ..Memory::default() };
        let answer = self.0.answer_with(question.to_string().as_bytes(), &mut files);
        (serde_json::from_slice(&answer).unwrap(), files.written)
    }

    /// Signs a document by the sample person's key, which is in a container.
    fn sign_document(&mut self, document: &[u8], attached: bool) -> Vec<u8> {
        let (container, certificate) = (person_container(self), sample("person.cer"));
        let digest = json!({ "do": "digest", "certificate": certificate, "at": AT });
        let (asked, _) = self.ask_of(&digest, document);
        let open = json!({ "do": "open", "container": container, "password": "password 1" });
        let key = self.ask(&open)["key"].clone();
        let sign = json!({ "do": "sign", "key": key, "message": asked["message"] });
        let signature = self.ask(&sign)["signature"].clone();
        let seal = json!({ "do": "seal", "signature": signature, "attached": attached });
        let (sealed, message) = self.ask_of(&seal, document);
        assert_eq!(sealed["answer"], "written", "{sealed}");
        message
    }
}

/// The sample person's key, which OpenSSL made, in a container with its certificate.
fn person_container(page: &mut Page) -> Value {
    let key = person_key();
    let fresh = gost_ca_software::container::Freshness::draw(|out| {
        gost_ca::provider::Rng::fill(&SystemRng, out)
    });
    let sealed = gost_ca_software::container::Container::seal(
        &key,
        b"password 1",
        false,
        1_000,
        fresh.unwrap(),
    );
    let container = Base64::encode_string(&sealed.unwrap().to_bytes().unwrap());
    let install =
        json!({ "do": "install", "container": container, "certificate": sample("person.cer") });
    page.ask(&install)["container"].clone()
}

fn person_key() -> gost3410::SigningKey {
    let key = sample_path("person.key.pem");
    let (_, der) = der::SecretDocument::from_pem(&std::fs::read_to_string(key).unwrap()).unwrap();
    let info = pkcs8::PrivateKeyInfoRef::try_from(der.as_bytes()).unwrap();
    gost3410::SigningKey::from_pkcs8(&info).unwrap()
}

fn sample_path(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/samples/generated")
        .join(name)
}

fn sample(name: &str) -> String {
    Base64::encode_string(&std::fs::read(sample_path(name)).unwrap())
}

fn check(message: Option<&[u8]>) -> Value {
    json!({
        "do": "check", "message": message.map(Base64::encode_string),
        "anchors": [sample("ca256.cer")], "crls": [sample("ca256.crl")], "at": AT, "language": "ru",
    })
}

/// Within the samples' terms.
const AT: i64 = 1_795_341_600;
const DOCUMENT: &[u8] = "Договор № 1".as_bytes();

#[test]
fn a_document_is_signed_and_checked_with_and_without_its_content() {
    let mut page = Page::new();
    let detached = page.sign_document(DOCUMENT, false);
    let (report, _) = page.ask_of(&check(Some(&detached)), DOCUMENT);
    assert_eq!(report["verdict"], "valid", "{report}");
    let (report, _) = page.ask_of(&check(Some(&detached)), b"another");
    assert_eq!(report["verdict"], "invalid", "{report}");
    assert_eq!(page.ask_of(&check(None), &detached).0["code"], "content-wanted");
    let attached = page.sign_document(DOCUMENT, true);
    let (report, content) = page.ask_of(&check(None), &attached);
    assert_eq!((&report["verdict"], content.as_slice()), (&json!("valid"), DOCUMENT), "{report}");
    assert!(report["text"].as_str().unwrap().contains('ы'), "in Russian: {report}");
    assert_eq!(page.ask_of(&check(None), b"no message").0["code"], "document");
}

#[test]
fn a_document_is_encrypted_to_its_reader_and_to_nobody_else() {
    let mut page = Page::new();
    let encrypt = json!({ "do": "encrypt", "recipients": [sample("person.cer")] });
    let document = vec![7; 300_000];
    let (made, sealed) = page.ask_of(&encrypt, &document);
    assert_eq!(made["answer"], "written", "{made}");
    let container = person_container(&mut page);
    let decrypt = |container: &Value, password: &str| json!({ "do": "decrypt", "container": container, "password": password });
    let (opened, content) = page.ask_of(&decrypt(&container, "password 1"), &sealed);
    assert_eq!((&opened["answer"], content == document), (&json!("written"), true), "{opened}");
    let wrong = page.ask_of(&decrypt(&container, "password 2"), &sealed).0;
    assert_eq!(wrong["code"], "wrong-password");
    let mut changed = sealed.clone();
    changed[200_000] ^= 1;
    assert_eq!(page.ask_of(&decrypt(&container, "password 1"), &changed).0["code"], "forged");
    let nobody = json!({ "do": "encrypt", "recipients": [] });
    assert_eq!(page.ask_of(&nobody, DOCUMENT).0["code"], "recipient");
    // without a document there is nothing to be done
    assert_eq!(page.refusal(&encrypt), "file");
}

/// A key that is not here is asked for one secret, and the message opens by that and by no other.
#[test]
fn a_document_is_decrypted_by_a_key_elsewhere() {
    let mut page = Page::new();
    let (person, other) = (sample("person.cer"), sample("ul.cer"));
    let document = vec![7; 300_000];
    let encrypt = json!({ "do": "encrypt", "recipients": [person, other] });
    let sealed = page.ask_of(&encrypt, &document).1;
    let (asked, _) = page.ask_of(&json!({ "do": "agreement", "certificate": person }), &sealed);
    assert_eq!((&asked["answer"], &asked["derivation"]), (&json!("to-be-agreed"), &json!("keg")));
    let secret = agreed_by_person(&asked);
    let decrypt = |secret: &[u8]| {
        let secret = Base64::encode_string(secret);
        json!({ "do": "decrypt-agreed", "certificate": person, "secret": secret })
    };
    let (opened, content) = page.ask_of(&decrypt(&secret), &sealed);
    assert_eq!((&opened["answer"], content == document), (&json!("written"), true), "{opened}");
    assert_eq!(page.ask_of(&decrypt(&[0; 64]), &sealed).0["code"], "forged");
    assert_eq!(page.ask_of(&decrypt(b"short"), &sealed).0["answer"], "failed");
    let stranger = json!({ "do": "agreement", "certificate": sample("ca256.cer") });
    assert_eq!(page.ask_of(&stranger, &sealed).0["code"], "for-others");
    assert_eq!(page.ask_of(&stranger, b"no message").0["code"], "document");
}

/// What the sample person's key agrees on, as the agent would.
fn agreed_by_person(asked: &Value) -> Vec<u8> {
    let octets = |name: &str| Base64::decode_vec(asked[name].as_str().unwrap()).unwrap();
    let signer = gost_ca_software::GostSigner::new(person_key(), Arc::new(SystemRng)).unwrap();
    let peer = gost_ca::x509::PublicKey::from_der(&octets("peer")).unwrap();
    let h = octets("material").try_into().unwrap();
    let agreement = gost_ca::provider::Signer::agreement(&signer).unwrap();
    let secret = pollster::block_on(agreement.agree(&peer, Derivation::Keg { h: &h }));
    secret.unwrap().expose().to_vec()
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_verifies_what_was_signed_and_decrypts_what_was_encrypted() {
    let mut page = Page::new();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, octets).unwrap();
        path
    };
    let document = file("document", DOCUMENT);
    let signature = file("document.p7s", &page.sign_document(DOCUMENT, false));
    let mut verify = Command::new("openssl");
    verify.args(["cms", "-verify", "-engine", "gost", "-inform", "DER", "-binary"]);
    verify.args(["-noverify", "-content"]).arg(&document).arg("-in").arg(&signature);
    let output = verify.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let encrypt = json!({ "do": "encrypt", "recipients": [sample("person.cer")] });
    let sealed = file("document.p7m", &page.ask_of(&encrypt, DOCUMENT).1);
    let mut decrypt = Command::new("openssl");
    decrypt.args(["cms", "-decrypt", "-engine", "gost", "-inform", "DER", "-binary", "-inkey"]);
    let output =
        decrypt.arg(sample_path("person.key.pem")).arg("-in").arg(&sealed).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stdout, DOCUMENT);
}
