//! OCSP and time stamps: asked for, given, and put into signatures.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use async_trait::async_trait;
use gost_ca::lifecycle::OcspStatus;
use gost_ca::provider::{self, ErrorKind};
use gost_ca::x509::{Certificate, CertificateList, PemLabel, SerialNumber, to_pem};
use gost_ca_documents::cades::{self, Material, Stamping};
use gost_ca_documents::check::Level;
use gost_ca_documents::ocsp::{
    Answer, CertId, OcspClient, OcspFailure, OcspRequest, OcspResponder, OcspResponse, OcspSource,
    OcspStore, ResponderName,
};
use gost_ca_documents::time_stamp::{
    TimeStampAuthority, TimeStampClient, TimeStampFailure, TimeStampPolicy, TimeStampRequest,
    TimeStampToken,
};
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, Error, HashFunction, Service, Signatory, SignedData,
    Signing, Transport, Verdict, oid,
};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::support::{certificate, key, openssl, sample, samples};

pub(crate) const NOW: &str = "2026-11-21T00:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn policy() -> TimeStampPolicy {
    TimeStampPolicy::new("1.2.643.2.2.38.4".parse().unwrap())
}

/// Keys and certificates of an authority's services.
pub(crate) struct Desk {
    ocsp: (GostSigner, Certificate),
    tsa: (GostSigner, Certificate),
    issuers: Vec<Certificate>,
    answer: Answer,
    store: OcspStore,
    asked: Mutex<usize>,
}

/// What the record says: person is in force, the entrepreneur was terminated, others are unknown.
#[async_trait]
impl OcspSource for Desk {
    async fn status(
        &self,
        _: &Certificate,
        serial: &SerialNumber,
        _: Timestamp,
    ) -> provider::Result<OcspStatus> {
        *self.asked.lock().unwrap() += 1;
        let is = |name| serial == certificate(name).serial();
        if is("ul512") {
            return Err(ErrorKind::Unavailable.at("record"));
        }
        Ok(match () {
            () if is("person") || is("tsa") => OcspStatus::Good,
            () if is("ip") => {
                OcspStatus::Revoked { time: at("2026-04-10T10:15:00Z"), reason: Some(1) }
            }
            () => OcspStatus::Unknown,
        })
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let mut answer = Answer::default();
        answer.lasts = Some(SignedDuration::from_hours(24 * 365 * 10));
        Self {
            ocsp: (key("ocsp"), certificate("ocsp")),
            tsa: (key("tsa"), certificate("tsa")),
            issuers: vec![certificate("ca256")],
            answer,
            store: OcspStore::default(),
            asked: Mutex::default(),
        }
    }

    async fn respond(&self, request: &[u8], now: &str) -> Vec<u8> {
        let signatory = Signatory::new(&self.ocsp.0, &self.ocsp.1).unwrap();
        let responder = OcspResponder::new(signatory, &self.issuers, self, self.answer.clone());
        responder.with_store(&self.store).respond(request, at(now)).await
    }

    async fn stamp(&self, request: &[u8], now: &str) -> Vec<u8> {
        let signatory = Signatory::new(&self.tsa.0, &self.tsa.1).unwrap();
        let authority = TimeStampAuthority::new(signatory, &self.issuers, policy());
        authority.respond(request, at(now), &SystemRng).await
    }
}

#[async_trait]
impl Transport for Desk {
    async fn ask(&self, service: Service, now: &str, request: &[u8]) -> provider::Result<Vec<u8>> {
        Ok(match service {
            Service::Ocsp => self.respond(request, now).await,
            _ => self.stamp(request, now).await,
        })
    }
}

/// Answers with what it was given.
#[derive(Debug)]
struct Canned(Vec<u8>);

#[async_trait]
impl Transport for Canned {
    async fn ask(&self, _: Service, _: &str, _: &[u8]) -> provider::Result<Vec<u8>> {
        Ok(self.0.clone())
    }
}

fn client(transport: &dyn Transport) -> OcspClient<'_> {
    let function = HashFunction::Sha1;
    OcspClient { transport, verifier: &GostVerifier, rng: &SystemRng, function }
}

#[test]
fn all_samples_are_read() {
    for name in ["person", "ip", "ul", "auto", "tsa"] {
        for kind in ["", "-gosthash"] {
            let request = sample(&format!("{name}{kind}.ocspreq"));
            let read = OcspRequest::from_der(&request).unwrap();
            assert_eq!(read.to_der(), request, "{name}{kind}");
            assert_eq!(read.nonce.is_some(), kind.is_empty());
            assert!(read.certificates[0].names(&certificate(name), &certificate("ca256")));
            let response =
                OcspResponse::from_der(&sample(&format!("{name}{kind}.ocspresp"))).unwrap();
            let issuer = certificate("ca256");
            assert_eq!(response.verify(&issuer, &GostVerifier).unwrap(), &certificate("ocsp"));
            assert_eq!(response.nonce(), read.nonce.as_deref());
            assert!(response.about(&certificate(name), &issuer).is_some());
            let again = OcspResponse::from_basic(response.as_basic()).unwrap();
            assert_eq!(again.as_der(), response.as_der());
            response.verify(&certificate("ca512c"), &GostVerifier).unwrap_err();
        }
    }
    for (name, failure) in [
        ("status-malformedRequest.ocspresp", OcspFailure::MalformedRequest),
        ("status-tryLater.ocspresp", OcspFailure::TryLater),
        ("status-unauthorized.ocspresp", OcspFailure::Unauthorized),
    ] {
        assert_eq!(failure.to_der(), sample(name));
        let read = OcspResponse::from_der(&sample(name));
        assert!(matches!(read, Err(Error::Answer(why)) if why == failure.to_string()), "{name}");
    }
    for name in ["ts256.tsq", "ts512.tsq", "tsreject.tsq"] {
        let request = TimeStampRequest::from_der(&sample(name)).unwrap();
        assert_eq!(TimeStampRequest::from_der(&request.to_der()).unwrap(), request, "{name}");
    }
}

#[tokio::test]
async fn status_is_asked_for_and_told() {
    let mut desk = Desk::new();
    let issuer = certificate("ca256");
    for name in [ResponderName::Name, ResponderName::Key] {
        desk.answer.name = name;
        for (owner, status) in [
            ("person", OcspStatus::Good),
            ("ip", OcspStatus::Revoked { time: at("2026-04-10T10:15:00Z"), reason: Some(1) }),
            ("auto", OcspStatus::Unknown),
        ] {
            let certificate = certificate(owner);
            let response = client(&desk).ask(NOW, &certificate, &issuer).await.unwrap();
            let single = response.about(&certificate, &issuer).unwrap();
            assert_eq!((single.status, single.this_update), (status, at(NOW)), "{owner}");
        }
    }
    for (owner, issuer, failure) in [
        ("ul512", "ca512c", "unauthorized"), // another's certificates
        ("person", "root", "unauthorized"),
    ] {
        let asked = client(&desk).ask(NOW, &certificate(owner), &certificate(issuer)).await;
        assert!(matches!(asked, Err(Error::Answer(why)) if why == failure), "{owner}");
    }
    desk.issuers.push(certificate("ca512c"));
    let asked = client(&desk).ask(NOW, &certificate("ul512"), &certificate("ca512c")).await;
    assert!(matches!(asked, Err(Error::Answer(why)) if why == "tryLater"));
    assert_eq!(desk.respond(b"?", NOW).await, OcspFailure::MalformedRequest.to_der());
}

#[tokio::test]
async fn answers_to_others_are_refused() {
    let (person, issuer) = (certificate("person"), certificate("ca256"));
    for canned in [
        sample("person.ocspresp"),          // another nonce
        sample("ip-gosthash.ocspresp"),     // another certificate
        sample("status-tryLater.ocspresp"), // none
    ] {
        let canned = Canned(canned);
        let asked = client(&canned).ask(NOW, &person, &issuer).await;
        assert!(matches!(asked, Err(Error::Answer(_))), "{asked:?}");
    }
    // Without a nonce it may have been signed before.
    let canned = Canned(sample("person-gosthash.ocspresp"));
    client(&canned).ask(NOW, &person, &issuer).await.unwrap();
    let mut forged = sample("person-gosthash.ocspresp");
    let at = forged.windows(7).position(|part| part == b"Z\xa0\x11\x18\x0f20").unwrap() - 3;
    forged[at] ^= 1;
    let canned = Canned(forged);
    client(&canned).ask(NOW, &person, &issuer).await.unwrap_err();
}

#[tokio::test]
async fn answers_without_nonce_are_signed_once() {
    let desk = Desk::new();
    let id = CertId::of(&certificate("person"), &certificate("ca256"), HashFunction::Streebog256);
    let mut request = OcspRequest { certificates: vec![id], nonce: None };
    let first = desk.respond(&request.to_der(), NOW).await;
    assert_eq!(desk.respond(&request.to_der(), "2027-01-01T00:00:00Z").await, first);
    assert_eq!(*desk.asked.lock().unwrap(), 1);
    assert_ne!(desk.respond(&request.to_der(), "2037-01-01T00:00:00Z").await, first);
    desk.store.clear();
    assert_ne!(desk.respond(&request.to_der(), NOW).await, first, "the nonce of the signature");
    request.nonce = Some(vec![7; 16]);
    let asked = *desk.asked.lock().unwrap();
    let with = desk.respond(&request.to_der(), NOW).await;
    assert_eq!(OcspResponse::from_der(&with).unwrap().nonce(), Some(&[7; 16][..]));
    assert_eq!(*desk.asked.lock().unwrap(), asked + 1);
}

#[tokio::test]
async fn time_stamps_are_given_and_refused() {
    let desk = Desk::new();
    let stamps = TimeStampClient { transport: &desk, rng: &SystemRng };
    for function in [HashFunction::Streebog256, HashFunction::Streebog512] {
        let token = stamps.ask(NOW, function.digest(b"a contract")).await.unwrap();
        assert_eq!(token.info().time, at(NOW));
        assert_eq!(TimeStampToken::from_der(token.as_der()).unwrap(), token);
        assert!(!token.message().certificates().is_empty());
    }
    let broken = stamps.ask(NOW, HashFunction::Sha1.digest(b"a contract")).await;
    assert!(matches!(broken, Err(Error::Answer(why)) if why == "badAlg"));
    let mut request = TimeStampRequest::new(HashFunction::Streebog256.digest(b""), None);
    request.policy = Some(oid::DATA);
    assert_eq!(desk.stamp(&request.to_der(), NOW).await, TimeStampFailure::Policy.to_der());
    request.policy = None;
    request.imprint.octets.pop();
    assert_eq!(desk.stamp(&request.to_der(), NOW).await, TimeStampFailure::Format.to_der());
    assert_eq!(desk.stamp(b"?", NOW).await, TimeStampFailure::Format.to_der());
    // Answers to other requests.
    for canned in ["ts256.tsr", "ts512.tsr", "tsreject.tsr"] {
        let canned = Canned(sample(canned));
        let stamps = TimeStampClient { transport: &canned, rng: &SystemRng };
        let asked = stamps.ask(NOW, HashFunction::Streebog256.digest(b"a contract")).await;
        assert!(matches!(asked, Err(Error::Answer(_))), "{asked:?}");
    }
}

async fn signed() -> (SignedData, ContentDigests) {
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let digests = ContentDigests::of(&mut &b"a contract"[..], &HashFunction::ALL).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
    (message, digests)
}

fn material() -> Material {
    let list = |name| CertificateList::from_der(&sample(name)).unwrap();
    Material {
        certificates: vec![certificate("person"), certificate("ca256"), certificate("root")],
        crls: vec![list("ca256.crl"), list("root.crl")],
        ocsp: Vec::new(),
    }
}

/// From BES to T to X Long type 1, each checked years later by nothing but the anchor.
#[tokio::test]
async fn signatures_are_prolonged() {
    let desk = Desk::new();
    let client = TimeStampClient { transport: &desk, rng: &SystemRng };
    let stamping = Stamping { client, url: NOW, function: HashFunction::Streebog512 };
    let (mut message, digests) = signed().await;
    let anchors = [certificate("root")];
    let rules = CheckRules::at(at("2031-01-01T00:00:00Z"));
    let checker = Checker::new(&anchors, &GostVerifier, rules);
    let check = async |message: &SignedData| {
        let (read, _) = SignedData::from_octets(&message.to_detached()).unwrap();
        let report = checker.message(&read, &digests).await;
        (report.verdict, report.signers[0].level, report)
    };
    let (verdict, level, _) = check(&message).await;
    assert_eq!((verdict, level), (Verdict::Indeterminate, Level::Bes));
    cades::stamp(&mut message.signers[0], &stamping).await.unwrap();
    let (verdict, level, _) = check(&message).await;
    assert_eq!((verdict, level), (Verdict::Indeterminate, Level::T), "no status is at hand");
    cades::prolong(&mut message.signers[0], &material(), &stamping).await.unwrap();
    let (verdict, level, report) = check(&message).await;
    assert_eq!((verdict, level), (Verdict::Valid, Level::XLongType1), "{report:#?}");
    // At once, and again.
    let (mut at_once, _) = signed().await;
    cades::prolong(&mut at_once.signers[0], &material(), &stamping).await.unwrap();
    let once = at_once.signers[0].unsigned.len();
    cades::prolong(&mut at_once.signers[0], &material(), &stamping).await.unwrap();
    assert_eq!(at_once.signers[0].unsigned.len(), once);
    let (verdict, level, _) = check(&at_once).await;
    assert_eq!((verdict, level), (Verdict::Valid, Level::XLongType1));
    // Without an answer nothing changes.
    let silent = Canned(Vec::new());
    let client = TimeStampClient { transport: &silent, rng: &SystemRng };
    let before = at_once.clone();
    let stamping = Stamping { client, ..stamping };
    cades::prolong(&mut at_once.signers[0], &material(), &stamping).await.unwrap_err();
    assert_eq!(at_once, before);
}

/// A folder in which OpenSSL is a responder and an authority of time stamps.
#[derive(Debug)]
struct Theirs(TempDir);

impl Theirs {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["root", "ca256", "person", "ip", "ocsp", "tsa"] {
            let pem = to_pem(PemLabel::Certificate, certificate(name).as_der());
            fs::write(folder.path().join(format!("{name}.pem")), pem).unwrap();
        }
        for name in ["ocsp", "tsa"] {
            let file = format!("{name}.key.pem");
            fs::copy(samples().join(&file), folder.path().join(&file)).unwrap();
        }
        let row = |kind, revoked, name| {
            let serial = certificate(name).serial().to_string().to_uppercase();
            format!("{kind}\t270601000000Z\t{revoked}\t{serial}\tunknown\t/CN={name}\n")
        };
        let index = row("V", "", "person") + &row("R", "260410101500Z,keyCompromise", "ip");
        fs::write(folder.path().join("index.txt"), index).unwrap();
        fs::write(folder.path().join("serial"), "01\n").unwrap();
        fs::write(folder.path().join("ts.cnf"), CONFIGURATION).unwrap();
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, command: &str) -> String {
        openssl(self.0.path(), command).unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

const CONFIGURATION: &str = "[tsa]\ndefault_tsa = ours\n[ours]\nserial = serial\nsigner_digest = md_gost12_256\n\
    default_policy = 1.2.643.2.2.38.4\ndigests = md_gost12_256, md_gost12_512\naccuracy = secs:1\n\
    ess_cert_id_alg = sha256\n";

#[async_trait]
impl Transport for Theirs {
    async fn ask(&self, service: Service, _: &str, request: &[u8]) -> provider::Result<Vec<u8>> {
        fs::write(self.path("request"), request).unwrap();
        let command = match service {
            Service::Ocsp => {
                "ocsp -index index.txt -CA ca256.pem -rsigner ocsp.pem -rkey ocsp.key.pem \
                 -rmd md_gost12_256 -ndays 3 -reqin request -respout answer"
            }
            _ => {
                "ts -reply -config ts.cnf -section ours -queryfile request -signer tsa.pem \
                 -inkey tsa.key.pem -md_gost12_256 -out answer"
            }
        };
        self.run(command);
        Ok(fs::read(self.path("answer")).unwrap())
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_answers_and_is_understood() {
    let theirs = Theirs::new();
    let issuer = certificate("ca256");
    for (owner, good) in [("person", true), ("ip", false)] {
        let certificate = certificate(owner);
        for function in [HashFunction::Sha1, HashFunction::Streebog256] {
            let client = OcspClient { function, ..client(&theirs) };
            let response = client.ask("", &certificate, &issuer).await.unwrap();
            let status = response.about(&certificate, &issuer).unwrap().status;
            assert_eq!(status == OcspStatus::Good, good, "{owner} {function:?}");
        }
    }
    let stamps = TimeStampClient { transport: &theirs, rng: &SystemRng };
    let anchors = [certificate("root")];
    for function in [HashFunction::Streebog256, HashFunction::Streebog512] {
        let token = stamps.ask("", function.digest(b"a contract")).await.unwrap();
        let mut rules = CheckRules::at(at(NOW));
        rules.status = false;
        let pool = [issuer.clone()];
        let mut checker = Checker::new(&anchors, &GostVerifier, rules);
        checker.certificates = &pool;
        let report = checker.time_stamp(&token).await.unwrap();
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_asks_and_understands() {
    let theirs = Theirs::new();
    let desk = Desk::new();
    for (owner, good) in [("person", true), ("ip", false)] {
        theirs.run(&format!("ocsp -issuer ca256.pem -cert {owner}.pem -reqout request"));
        let request = fs::read(theirs.path("request")).unwrap();
        let answer = desk.respond(&request, "2026-03-02T00:00:00Z").await;
        fs::write(theirs.path("answer"), answer).unwrap();
        let told = theirs.run(
            "ocsp -reqin request -respin answer -CAfile root.pem -attime 1780000000 \
             -verify_other ca256.pem -resp_text",
        );
        assert!(told.contains("Response verify OK") && !told.contains("WARNING"), "{told}");
        assert_eq!(told.contains("Cert Status: good"), good, "{told}");
    }
    fs::write(theirs.path("content"), b"a contract").unwrap();
    for function in ["md_gost12_256", "md_gost12_512"] {
        theirs.run(&format!("ts -query -data content -{function} -cert -out request"));
        let request = fs::read(theirs.path("request")).unwrap();
        fs::write(theirs.path("answer"), desk.stamp(&request, NOW).await).unwrap();
        theirs.run(
            "ts -verify -queryfile request -in answer -CAfile root.pem -untrusted ca256.pem -attime 1795341600",
        );
    }
}
