//! Checking: what is valid, what is wrong, and what cannot be told.

use const_oid::ObjectIdentifier;
use gost_ca::language::Language;
use gost_ca::x509::{Certificate, CertificateList, write};
use gost_ca_documents::check::{Finding, Level, Part, SignerReport};
use gost_ca_documents::ocsp::OcspResponse;
use gost_ca_documents::time_stamp::TimeStampToken;
use gost_ca_documents::{
    Attribute, CheckRules, Checker, ContentDigests, HashFunction, Purpose, Report, Signatory,
    SignedData, SignerInfo, Signing, Verdict, oid,
};
use gost_ca_software::GostVerifier;
use gost3410::ParameterSet;

use crate::support::{certificate, invented, key, sample};

struct Hand {
    anchors: Vec<Certificate>,
    certificates: Vec<Certificate>,
    crls: Vec<CertificateList>,
    ocsp: Vec<OcspResponse>,
    rules: CheckRules,
}

impl Hand {
    fn new(at: &str, crls: &[&str], ocsp: &[&str]) -> Self {
        let list = |name: &&str| CertificateList::from_der(&sample(name)).unwrap();
        let response = |name: &&str| OcspResponse::from_der(&sample(name)).unwrap();
        Self {
            anchors: vec![certificate("root")],
            certificates: vec![certificate("ca256"), certificate("ca512c")],
            crls: crls.iter().map(list).collect(),
            ocsp: ocsp.iter().map(response).collect(),
            rules: CheckRules::at(at.parse().unwrap()),
        }
    }

    fn checker(&self) -> Checker<'_> {
        let mut checker = Checker::new(&self.anchors, &GostVerifier, self.rules.clone());
        checker.certificates = &self.certificates;
        checker.crls = &self.crls;
        checker.ocsp = &self.ocsp;
        checker
    }

    async fn check(&self, message: &[u8], content: &[u8]) -> Report {
        let (message, attached) = SignedData::from_octets(message).unwrap();
        let content = attached.unwrap_or_else(|| content.to_vec());
        let digests = ContentDigests::of(&mut &content[..], &HashFunction::ALL).unwrap();
        self.checker().message(&message, &digests).await
    }

    async fn sample(&self, name: &str) -> Report {
        self.check(&sample(name), &sample("doc.txt")).await
    }
}

fn only(report: &Report) -> &SignerReport {
    let [signer] = report.signers.as_slice() else { panic!("{report:#?}") };
    signer
}

fn worst(report: &Report) -> Vec<Finding> {
    let all = report.signers.iter().flat_map(|signer| &signer.steps);
    all.filter(|step| step.verdict == report.verdict).map(|step| step.finding).collect()
}

const NOW: &str = "2026-11-22T10:00:00Z";
const CRLS: [&str; 2] = ["ca256.crl", "root.crl"];

#[tokio::test]
async fn what_is_right_is_valid() {
    let hand = Hand::new(NOW, &CRLS, &[]);
    for name in ["person-nocerts.p7s", "auto-keyid.p7s", "person-cades-xlt1.p7s"] {
        let mut hand = Hand::new(NOW, &CRLS, &[]);
        hand.certificates.push(certificate("person"));
        let report = hand.sample(name).await;
        assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
    }
    let mut without_status = Hand::new(NOW, &[], &[]);
    without_status.rules.status = false;
    for (name, signers) in [
        ("ul-attached.p7s", 1),
        ("ul-detached.p7s", 1),
        ("ip-noattr.p7s", 1),
        ("ul512-attached.p7s", 1),
        ("ul-cades-bes.p7s", 1),
        ("ul-cades-bes-attached.p7s", 1),
        ("ul-ip-cosigned.p7s", 2),
        ("ul-streamed-ber.p7s", 1),
        ("ul-cades-t.p7s", 1),
    ] {
        let report = without_status.sample(name).await;
        assert_eq!(report.verdict, Verdict::Valid, "{name}: {report:#?}");
        assert_eq!(report.signers.len(), signers, "{name}");
    }
    let nobody = hand.sample("p7b-chain.p7b").await;
    assert_eq!(nobody.verdict, Verdict::Indeterminate);
}

#[tokio::test]
async fn the_status_is_that_at_the_time() {
    for (name, at, crls, ocsp, verdict, finding) in [
        // Terminated in April, the key known to be lost before.
        ("ip-noattr.p7s", NOW, &CRLS[..], &[][..], Verdict::Invalid, Finding::StatusRevoked),
        (
            "ip-noattr.p7s",
            NOW,
            &["root.crl"],
            &["ip.ocspresp"],
            Verdict::Invalid,
            Finding::StatusRevoked,
        ),
        // Before that, by a CRL of later.
        ("ip-noattr.p7s", "2026-03-15T00:00:00Z", &CRLS, &[], Verdict::Valid, Finding::StatusGood),
        // On hold since May.
        (
            "ul-detached.p7s",
            "2026-11-21T06:00:00Z",
            &CRLS,
            &[],
            Verdict::Indeterminate,
            Finding::StatusOnHold,
        ),
        (
            "ul-detached.p7s",
            NOW,
            &["root.crl"],
            &["ul.ocspresp"],
            Verdict::Indeterminate,
            Finding::StatusOnHold,
        ),
        // Released by a delta CRL; without its complete one that says nothing.
        (
            "ul-detached.p7s",
            "2026-11-21T13:00:00Z",
            &["ca256.crl", "ca256-delta.crl", "root.crl"],
            &[],
            Verdict::Valid,
            Finding::StatusGood,
        ),
        (
            "ul-detached.p7s",
            "2026-11-21T13:00:00Z",
            &["ca256-delta.crl", "root.crl"],
            &[],
            Verdict::Indeterminate,
            Finding::StatusUnknown,
        ),
        // Nothing, too old, about others, or a scope that is not understood.
        (
            "ul-detached.p7s",
            NOW,
            &["root.crl"],
            &[],
            Verdict::Indeterminate,
            Finding::StatusUnknown,
        ),
        (
            "ul-detached.p7s",
            NOW,
            &["root.crl", "ca256-empty.crl"],
            &[],
            Verdict::Indeterminate,
            Finding::StatusStale,
        ),
        (
            "ul-detached.p7s",
            NOW,
            &["root.crl", "ca256-idp.crl"],
            &[],
            Verdict::Indeterminate,
            Finding::StatusUnknown,
        ),
        (
            "ul-detached.p7s",
            NOW,
            &["root.crl"],
            &["person.ocspresp"],
            Verdict::Indeterminate,
            Finding::StatusUnknown,
        ),
        (
            "auto-keyid.p7s",
            NOW,
            &["root.crl"],
            &["auto.ocspresp"],
            Verdict::Indeterminate,
            Finding::StatusUnknown,
        ),
        (
            "person-nocerts.p7s",
            NOW,
            &["root.crl"],
            &["person-gosthash.ocspresp"],
            Verdict::Valid,
            Finding::StatusGood,
        ),
    ] {
        let mut hand = Hand::new(at, crls, ocsp);
        hand.certificates.push(certificate("person"));
        let report = hand.sample(name).await;
        assert_eq!(report.verdict, verdict, "{name} {at} {crls:?}: {report:#?}");
        let found = only(&report).steps.iter().filter(|step| step.part == Part::Status);
        assert!(found.clone().any(|step| step.finding == finding), "{name} {at}: {report:#?}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_invalid_for_its_reason() {
    let mut hand = Hand::new(NOW, &CRLS, &[]);
    hand.rules.status = false;
    let other = hand.check(&sample("ul-cades-bes.p7s"), b"another document").await;
    assert_eq!((other.verdict, worst(&other)), (Verdict::Invalid, vec![Finding::ContentChanged]));
    let direct = sample("ip-noattr.p7s");
    let at = direct.windows(8).position(|part| part == &sample("doc.txt")[..8]).unwrap();
    let mut changed = direct.clone();
    changed[at] ^= 1;
    let changed = hand.check(&changed, b"").await;
    assert_eq!(
        (changed.verdict, worst(&changed)),
        (Verdict::Invalid, vec![Finding::SignatureForged])
    );
    // The last octets are the signature's.
    let mut forged = sample("ul-cades-bes.p7s");
    *forged.last_mut().unwrap() ^= 1;
    let forged = hand.check(&forged, &sample("doc.txt")).await;
    assert_eq!(
        (forged.verdict, worst(&forged)),
        (Verdict::Invalid, vec![Finding::SignatureForged])
    );
    hand.rules.at = "2026-02-01T00:00:00Z".parse().unwrap();
    let early = hand.sample("ul-detached.p7s").await;
    assert_eq!((early.verdict, worst(&early)), (Verdict::Invalid, vec![Finding::ChainInvalid]));
}

#[tokio::test]
async fn what_cannot_be_told_is_indeterminate() {
    let mut hand = Hand::new(NOW, &CRLS, &[]);
    hand.rules.status = false;
    hand.anchors = vec![certificate("ca512c")];
    let strange = hand.sample("ul-detached.p7s").await;
    assert_eq!(
        (strange.verdict, worst(&strange)),
        (Verdict::Indeterminate, vec![Finding::ChainUnknown])
    );
    let unnamed = hand.sample("person-nocerts.p7s").await;
    assert_eq!(
        (unnamed.verdict, worst(&unnamed)),
        (Verdict::Indeterminate, vec![Finding::CertificateMissing])
    );
    hand.anchors = vec![certificate("root")];
    hand.rules.at = "2028-01-01T00:00:00Z".parse().unwrap();
    let ended = hand.sample("ul-detached.p7s").await;
    assert_eq!((ended.verdict, worst(&ended)), (Verdict::Indeterminate, vec![Finding::ChainEnded]));
    hand.rules.trust_signing_time = true;
    assert_eq!(hand.sample("ul-detached.p7s").await.verdict, Verdict::Valid);
}

/// Years after all certificates have ended, with nothing but the anchor: what X Long type 1 is for.
#[tokio::test]
async fn long_signatures_outlive_their_certificates() {
    let mut hand = Hand::new("2031-01-01T00:00:00Z", &[], &["tsa.ocspresp"]);
    hand.certificates.clear();
    let report = hand.sample("person-cades-xlt1.p7s").await;
    let signer = only(&report);
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    assert_eq!(signer.level, Level::XLongType1);
    assert_eq!(signer.time_stamps.len(), 2);
    assert!(signer.time_stamps.iter().all(|stamp| stamp.verdict == Verdict::Valid), "{signer:#?}");
    assert_eq!(signer.proven_time, Some(signer.time));
    // Without a word on the authority of time stamps, the time is not proven.
    let hand = Hand { ocsp: Vec::new(), ..hand };
    let report = hand.sample("person-cades-xlt1.p7s").await;
    assert_eq!(report.verdict, Verdict::Indeterminate);
    assert_eq!(only(&report).proven_time, None);
}

#[tokio::test]
async fn time_stamps_prove_their_time_and_nothing_else() {
    let hand = Hand::new(NOW, &CRLS, &[]);
    let token = TimeStampToken::from_der(&sample("ts256.tst")).unwrap();
    let report = hand.checker().time_stamp(&token).await.unwrap();
    assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
    // A stamp of another signature.
    let (mut message, _) = SignedData::from_octets(&sample("ul-cades-t.p7s")).unwrap();
    let stamp = message.signers[0].unsigned.clone();
    let (other, _) = SignedData::from_octets(&sample("person-cades-xlt1.p7s")).unwrap();
    message.signers[0].unsigned = other.signers[0].unsigned.clone();
    message.signers[0].unsigned.retain(|one| stamp.iter().any(|own| own.oid == one.oid));
    let report = hand.sample("ul-cades-t.p7s").await;
    assert!(only(&report).proven_time.is_some(), "{report:#?}");
    let report = hand.check(&message.to_detached(), &sample("doc.txt")).await;
    let signer = only(&report);
    assert_eq!(signer.proven_time, None);
    assert_eq!(signer.time_stamps[0].steps[0].finding, Finding::StampOfOther);
}

#[tokio::test]
async fn counter_signatures_have_their_own_verdicts() {
    let mut hand = Hand::new(NOW, &[], &[]);
    hand.rules.status = false;
    let content = b"a contract";
    let digests = ContentDigests::of(&mut &content[..], &HashFunction::ALL).unwrap();
    let (person, person_certificate) = (key("person"), certificate("person"));
    let person = Signatory::new(&person, &person_certificate).unwrap();
    let (boss, boss_certificate) = (key("ul512"), certificate("ul512"));
    let boss = Signatory::new(&boss, &boss_certificate).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&person, &Signing::default(), &digests).await.unwrap();
    message.signers[0].counter_sign(&boss, None).await.unwrap();
    message.enclose(&boss_certificate);
    let report = hand.check(&message.to_detached(), content).await;
    let signer = only(&report);
    assert_eq!(signer.verdict, Verdict::Valid);
    assert_eq!(signer.counter_signatures.len(), 1);
    assert_eq!(signer.counter_signatures[0].verdict, Verdict::Valid, "{signer:#?}");
    // The same counter-signature over another's signature.
    let counter = message.signers[0].unsigned.clone();
    message.signers.clear();
    message.sign(&person, &Signing::default(), &digests).await.unwrap();
    message.signers[0].unsigned = counter;
    let report = hand.check(&message.to_detached(), content).await;
    let signer = only(&report);
    assert_eq!(signer.verdict, Verdict::Valid);
    assert_eq!(signer.counter_signatures[0].verdict, Verdict::Invalid);
}

/// The attributes of a signed message, given out as the content of another.
#[tokio::test]
async fn attributes_are_no_content() {
    let mut hand = Hand::new(NOW, &[], &[]);
    hand.rules.status = false;
    let (message, _) = SignedData::from_octets(&sample("ul-cades-bes.p7s")).unwrap();
    let content = message.signers[0].signed_octets().unwrap().to_vec();
    let der = message.signers[0].to_der();
    let attributes = [&[0xa0], &content[1..]].concat();
    let place = der.windows(attributes.len()).position(|part| part == attributes).unwrap();
    // The sequence's length is in two octets.
    let mut fields = der[4..].to_vec();
    fields.drain(place - 4..place - 4 + attributes.len());
    let bare = SignerInfo::from_der(&write::tlv(write::SEQUENCE, &fields)).unwrap();
    assert!(bare.signed_octets().is_none());
    let mut message = message;
    message.signers = vec![bare];
    let report = hand.check(&message.to_detached(), &content).await;
    let found: Vec<_> = only(&report).steps.iter().map(|step| step.finding).collect();
    assert!(found.contains(&Finding::SignatureVerifies), "{report:#?}");
    assert_eq!(worst(&report), [Finding::AttributesMissing]);
    assert_eq!(report.verdict, Verdict::Invalid);
}

/// Each signature over a signature is a call more.
#[tokio::test]
async fn towers_of_signatures_are_not_climbed() {
    let mut hand = Hand::new(NOW, &[], &[]);
    hand.rules.status = false;
    let (key, certificate) = (key("person"), certificate("person"));
    let signatory = Signatory::new(&key, &certificate).unwrap();
    let content = b"a contract";
    let digests = ContentDigests::of(&mut &content[..], &HashFunction::ALL).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
    let mut tower = message.signers[0].clone();
    for _ in 0..500 {
        let mut next = message.signers[0].clone();
        let counter = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.6");
        next.unsigned = vec![Attribute::new(counter, tower.to_der())];
        tower = next;
    }
    message.signers = vec![tower];
    let report = hand.check(&message.to_detached(), content).await;
    let mut signer = only(&report);
    assert_eq!(signer.verdict, Verdict::Valid, "what stands upon it does not change it");
    let mut height = 0;
    while let [next] = signer.counter_signatures.as_slice() {
        (signer, height) = (next, height + 1);
    }
    assert_eq!(height, 9);
    assert!(signer.steps.iter().any(|step| step.finding == Finding::TooMuch));
}

#[tokio::test]
async fn certificates_are_checked_for_their_purpose() {
    let hand = Hand::new(NOW, &CRLS, &[]);
    for (name, purpose, verdict) in [
        ("person", Purpose::Signing, Verdict::Valid),
        ("person", Purpose::Encryption, Verdict::Valid),
        ("person", Purpose::TimeStamping, Verdict::Invalid),
        ("auto", Purpose::Encryption, Verdict::Invalid),
        ("tsa", Purpose::TimeStamping, Verdict::Valid),
        ("ip", Purpose::Encryption, Verdict::Invalid),
    ] {
        let steps = hand.checker().certificate(&certificate(name), purpose).await;
        let worst = steps.iter().map(|step| step.verdict).max();
        assert_eq!(worst, Some(verdict), "{name} {purpose:?}: {steps:#?}");
    }
    let mut hand = hand;
    hand.rules.qualified = true;
    let checker = hand.checker();
    let (_, invented) = invented(ParameterSet::TC26_256_A, 7);
    for (name, qualified) in
        [(certificate("person"), true), (certificate("ul"), true), (invented, false)]
    {
        let steps = checker.certificate(&name, Purpose::Signing).await;
        let step = steps.iter().find(|step| step.part == Part::Policy).unwrap();
        assert_eq!(step.finding == Finding::Qualified, qualified, "{name:?}");
    }
}

#[tokio::test]
async fn reports_are_for_programs_and_people() {
    let hand = Hand::new(NOW, &CRLS, &[]);
    let report = hand.sample("ip-noattr.p7s").await;
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verdict"], "invalid");
    let steps = json["signers"][0]["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["finding"] == "status-revoked"), "{json:#}");
    let russian = report.text(Language::Russian);
    assert!(russian.contains("подпись недействительна"), "{russian}");
    assert!(russian.contains("сертификат прекратил действие"), "{russian}");
    let english = report.text(Language::English);
    assert!(english.contains("had been terminated"), "{english}");
    let mut texts: Vec<_> = Finding::ALL
        .iter()
        .flat_map(|finding| Language::ALL.map(|language| finding.text(language)))
        .collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), Finding::ALL.len() * 2, "each finding has texts of its own");
}
