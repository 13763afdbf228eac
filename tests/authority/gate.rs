//! Every rule of the gate is broken by something, and by exactly that.

use std::collections::BTreeSet;

use der::{Decode, Encode, Header, Reader, SliceReader, Tag};
use gost_ca::oid::Oid;
use gost_ca::profile::gate::{Expectation, examine, rules};
use gost_ca::profile::{KeyUsage, PathLength, Preset};
use gost_ca::provider::{CertificateAuthority, Submission};
use gost_ca::registration::{IdentificationKind, StringType, SubjectKind};
use gost_ca::x509::extensions::FreshestCrl;
use gost_ca::x509::{Certificate, ExtensionValue};

use super::support::{CRYPTO_PRO_A, SET_512_C, oid, prepared, root, submission};

/// A good certificate's octets, and what was asked for.
struct Good {
    tbs: Vec<u8>,
    submission: Submission,
    issuer: Certificate,
}

impl Good {
    async fn new() -> Self {
        let authority = root(CRYPTO_PRO_A).await;
        let submission = submission(Preset::Commercial, 5).await;
        let tbs = prepared(authority.submit(&submission).await.unwrap()).tbs;
        Self { tbs, submission, issuer: authority.certificate().clone() }
    }

    /// The rules that the octets break.
    fn broken(&self, tbs: &[u8]) -> BTreeSet<&'static str> {
        let expected = Expectation::of(&self.submission).under(&self.issuer);
        let found = examine(tbs, &expected).err().map(|found| found.0).unwrap_or_default();
        found.into_iter().map(|finding| finding.id).collect()
    }

    /// The rules that the good octets break where something else was asked for.
    fn asked(&self, change: impl FnOnce(&mut Submission)) -> BTreeSet<&'static str> {
        let mut submission = self.submission.clone();
        change(&mut submission);
        let other = Self { submission, tbs: self.tbs.clone(), issuer: self.issuer.clone() };
        other.broken(&other.tbs)
    }

    /// The rules that other octets break.
    fn written(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> BTreeSet<&'static str> {
        let mut fields = elements(&self.tbs);
        change(&mut fields);
        self.broken(&wrap(0x30, &fields))
    }

    /// The rules that other extensions break.
    fn extended(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> BTreeSet<&'static str> {
        self.written(|fields| {
            let last = fields.last_mut().unwrap();
            let mut extensions = elements(&elements(last)[0]);
            change(&mut extensions);
            *last = wrap(0xa3, &[wrap(0x30, &extensions)]);
        })
    }
}

/// What a constructed value is made of.
fn elements(value: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = SliceReader::new(value).unwrap();
    Header::decode(&mut reader).unwrap();
    let mut all = Vec::new();
    while !reader.is_finished() {
        all.push(reader.tlv_bytes().unwrap().to_vec());
    }
    all
}

fn wrap(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let contents = parts.concat();
    let length = der::Length::try_from(contents.len()).unwrap().to_der().unwrap();
    [vec![tag], length, contents].concat()
}

fn ids<const N: usize>(ids: [&'static str; N]) -> BTreeSet<&'static str> {
    ids.into()
}

#[tokio::test]
async fn what_was_asked_for() {
    let good = Good::new().await;
    assert_eq!(good.asked(|_| ()), ids([]));
    let asked = |change: fn(&mut Submission)| good.asked(change);
    assert_eq!(asked(|it| it.subject[0].value.push('а')), ids(["subject.registered"]));
    assert_eq!(asked(|it| it.kind = SubjectKind::LegalEntity), ids(["subject.kind"]));
    assert_eq!(
        asked(|it| it.profile.subject_kinds = vec![SubjectKind::LegalEntity]),
        ids(["subject.kind"])
    );
    assert_eq!(asked(|it| it.validity.not_after = it.validity.not_before), ids(["validity.dates"]));
    assert_eq!(
        asked(|it| it.identification = IdentificationKind::RemoteCert),
        ids(["identification-kind"])
    );
    assert_eq!(asked(|it| it.notice = Some("Нет".to_owned())), ids(["policies"]));
    let request = submission(Preset::Commercial, 6).await.request;
    assert_eq!(good.asked(|it| it.request = request), ids(["key.octets"]));
}

#[tokio::test]
async fn what_the_profile_says() {
    let good = Good::new().await;
    let asked = |change: fn(&mut Submission)| good.asked(change);
    assert_eq!(asked(|it| it.profile.key_algorithms.clear()), ids(["key.parameter-set"]));
    assert_eq!(asked(|it| it.profile.key_months = 1), ids(["key-period"]));
    assert_eq!(asked(|it| it.profile.key_usage.push(KeyUsage::KeyAgreement)), ids(["key-usage"]));
    assert_eq!(asked(|it| it.profile.extended_key_usage.clear()), ids(["extended-key-usage"]));
    assert_eq!(asked(|it| it.profile.policies.push(oid("1.2.643.100.113.2"))), ids(["policies"]));
    assert_eq!(asked(|it| it.profile.locations.crl.clear()), ids(["crl-locations"]));
    assert_eq!(asked(|it| it.profile.locations.ocsp.clear()), ids(["information-locations"]));
    assert_eq!(asked(|it| it.profile.notice = Some("Нет".to_owned())), ids(["policies"]));
    assert_eq!(
        asked(|it| it.profile.authority = Some(PathLength::default())),
        ids(["basic-constraints"])
    );
    let tool = |it: &mut Submission| it.profile.tools.as_mut().unwrap().subject.push('!');
    assert_eq!(asked(tool), ids(["subject-sign-tool"]));
    let tool = |it: &mut Submission| it.profile.tools.as_mut().unwrap().issuer_document.push('!');
    assert_eq!(asked(tool), ids(["issuer-sign-tool"]));
    assert_eq!(
        asked(|it| it.profile.tools = None),
        ids(["identification-kind", "issuer-sign-tool", "subject-sign-tool"])
    );
}

#[tokio::test]
async fn who_issues() {
    let mut good = Good::new().await;
    good.issuer = root(SET_512_C).await.certificate().clone(); // of the same name
    assert_eq!(good.broken(&good.tbs), ids(["authority-key-identifier", "signature.algorithm"]));
    let person = Certificate::from_der(&super::others::octets("generated/person.cer")).unwrap();
    good.issuer = person;
    assert!(good.broken(&good.tbs).contains("issuer.name"));
}

#[tokio::test]
async fn how_it_is_written() {
    let good = Good::new().await;
    assert_eq!(good.written(|_| ()), ids([]));
    assert_eq!(good.broken(b"anything"), ids(["tbs.der"]));
    assert_eq!(good.written(|it| it[0] = vec![0xa0, 3, 2, 1, 1]), ids(["e_rfc5280_version_v3"]));
    assert_eq!(good.written(|it| it[1] = vec![2, 7, 1, 2, 3, 4, 5, 6, 7]), ids(["serial.random"]));
    let null = |it: &mut Vec<Vec<u8>>| {
        let oid = elements(&it[2])[0].clone();
        it[2] = wrap(0x30, &[oid, vec![5, 0]]);
    };
    assert_eq!(good.written(null), ids(["e_rfc9215_signature_parameters"]));
    let backwards = |it: &mut Vec<Vec<u8>>| {
        let mut dates = elements(&it[4]);
        dates.reverse();
        it[4] = wrap(0x30, &dates);
    };
    assert_eq!(
        good.written(backwards),
        ids(["e_rfc5280_validity_order", "key-period", "validity.dates", "validity.order"])
    );
}

#[tokio::test]
async fn how_the_subject_is_written() {
    let good = Good::new().await;
    let twice = |it: &mut Vec<Vec<u8>>| {
        let mut rdns = elements(&it[5]);
        rdns.push(rdns[0].clone());
        it[5] = wrap(0x30, &rdns);
    };
    assert_eq!(good.written(twice), ids(["subject.once", "subject.registered"]));
    let other_type = |it: &mut Vec<Vec<u8>>| {
        let mut rdns = elements(&it[5]);
        let country = rdns.iter_mut().find(|rdn| rdn.ends_with(b"RU")).unwrap();
        let place = country.len() - 4;
        country[place] = u8_of(Tag::Utf8String);
        it[5] = wrap(0x30, &rdns);
    };
    assert_eq!(
        good.written(other_type),
        ids(["e_rfc5280_attribute_string", "subject.string-type"])
    );
    let mut long = good.submission.clone();
    long.subject[0].value = "Ы".repeat(129);
    let name = gost_ca::x509::name::encode(&long.subject).unwrap();
    let too_long = |it: &mut Vec<Vec<u8>>| it[5] = name;
    assert_eq!(good.written(too_long), ids(["subject.length", "subject.registered"]));
    assert_eq!(good.submission.subject[0].string, StringType::Utf8);
}

fn u8_of(tag: Tag) -> u8 {
    tag.to_der().unwrap()[0]
}

#[tokio::test]
async fn how_extensions_are_written() {
    let good = Good::new().await;
    assert_eq!(good.extended(|_| ()), ids([]));
    assert_eq!(good.extended(|it| it.push(it[0].clone())), ids(["e_rfc5280_extensions_once"]));
    let unknown = wrap(0x30, &[vec![6, 3, 0x55, 0x1d, 0x63], vec![4, 2, 5, 0]]);
    assert_eq!(good.extended(|it| it.push(unknown)), ids(["extensions.known"]));
    let not_critical = |it: &mut Vec<Vec<u8>>| {
        let parts = elements(&it[0]);
        it[0] = wrap(0x30, &[parts[0].clone(), parts[2].clone()]);
    };
    assert_eq!(good.extended(not_critical), ids(["extensions.critical"]));
    let delta = FreshestCrl(vec!["http://ca.example/delta.crl".to_owned()]).extension().to_der();
    assert_eq!(good.extended(|it| it.push(delta)), ids(["freshest-crl"]));
    let key_identifier = |it: &mut Vec<Vec<u8>>| {
        let place = position(it, "2.5.29.14");
        *it[place].last_mut().unwrap() ^= 1;
    };
    assert_eq!(good.extended(key_identifier), ids(["subject-key-identifier"]));
    let none = |it: &mut Vec<Vec<u8>>| {
        let place = position(it, "2.5.29.35");
        it.remove(place);
    };
    assert_eq!(
        good.extended(none),
        ids(["authority-key-identifier", "e_63fz17_issuer_certificate", "e_rfc5280_aki_key"])
    );
}

fn position(extensions: &[Vec<u8>], dots: &str) -> usize {
    let wanted = dots.parse::<Oid>().unwrap().0.to_der().unwrap();
    extensions.iter().position(|extension| elements(extension)[0] == wanted).unwrap()
}

/// Every rule has its case above.
#[test]
fn every_rule_is_tried() {
    let this = include_str!("gate.rs");
    for rule in rules() {
        assert!(this.contains(&format!("\"{}\"", rule.id)), "{}", rule.id);
    }
}
