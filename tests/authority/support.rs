//! Keys, names and authorities for the tests.

use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::oid::Oid;
use gost_ca::profile::{Locations, Preset, Profile, SignTools};
use gost_ca::provider::authority::Validity;
use gost_ca::provider::{Decision, Prepared, Rng, Signer, Submission};
use gost_ca::registration::{AttributeRule, IdentificationKind, SubjectAttribute, SubjectKind};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::SerialNumber;
use gost_ca_memory::SeededRng;
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::{ParameterSet, SigningKey};

pub(crate) const CRYPTO_PRO_A: &str = "1.2.643.2.2.35.1";
pub(crate) const SET_512_C: &str = "1.2.643.7.1.2.1.2.3";

pub(crate) fn rng(seed: u64) -> Arc<dyn Rng> {
    Arc::new(SeededRng::new(seed))
}

/// The same key for the same seed.
pub(crate) fn signer(set: &str, seed: u64) -> Arc<dyn Signer> {
    let set = ParameterSet::from_oid(set.parse().unwrap()).unwrap();
    let mut octets = vec![0; set.size()];
    SeededRng::new(seed).fill(&mut octets).unwrap();
    *octets.last_mut().unwrap() = 0; // below every order
    let key = SigningKey::from_le_bytes(set, &octets).unwrap();
    Arc::new(GostSigner::new(key, rng(seed)).unwrap())
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn tools() -> SignTools {
    SignTools {
        subject: "Средство «Проба» 1.0".to_owned(),
        issuer: "Средство УЦ «Проба» 1.0".to_owned(),
        authority: "ПО УЦ «Проба» 1.0".to_owned(),
        issuer_document: "Документ № 1 от 01.01.2026 (вымышленный)".to_owned(),
        authority_document: "Документ № 2 от 01.01.2026 (вымышленный)".to_owned(),
    }
}

pub(crate) fn locations() -> Locations {
    Locations {
        delta: Vec::new(),
        crl: vec!["http://ca.example/1.crl".to_owned(), "http://ca2.example/1.crl".to_owned()],
        issuer: vec!["http://ca.example/ca.cer".to_owned()],
        ocsp: vec!["http://ocsp.example/".to_owned()],
    }
}

pub(crate) fn profile(preset: Preset) -> Profile {
    match preset {
        Preset::SignIn => preset.profile(None, locations()),
        Preset::Root => preset.profile(Some(tools()), Locations::default()),
        _ => preset.profile(Some(tools()), locations()),
    }
}

/// Attributes by their names in the table of the qualified profile.
pub(crate) fn subject(values: &[(&str, &str)]) -> Vec<SubjectAttribute> {
    let attribute = |&(name, value): &(&str, &str)| {
        let rule = AttributeRule::ALL.iter().find(|rule| rule.name == name).unwrap();
        SubjectAttribute { oid: rule.oid, string: rule.string, value: value.to_owned() }
    };
    values.iter().map(attribute).collect()
}

pub(crate) fn authority_name() -> Vec<SubjectAttribute> {
    subject(&[
        ("commonName", "Пробный УЦ"),
        ("organizationName", "ООО «Проба»"),
        ("countryName", "RU"),
        ("stateOrProvinceName", "77 г. Москва"),
        ("localityName", "г. Москва"),
        ("streetAddress", "ул. Пробная, д. 1"),
        ("OGRN", "1157700000017"),
        ("INNLE", "7712345671"),
    ])
}

pub(crate) fn person() -> Vec<SubjectAttribute> {
    subject(&[
        ("surname", "Ёлкина-Палкина"),
        ("givenName", "Анна О'Нил"),
        ("commonName", "Ёлкина-Палкина Анна О'Нил"),
        ("countryName", "RU"),
        ("SNILS", "11223344595"),
        ("INN", "500100732259"),
        ("emailAddress", "anna@example.org"),
    ])
}

/// From 2026 to 2041.
pub(crate) fn root_validity() -> Validity {
    Validity { not_before: at("2026-01-01T00:00:00Z"), not_after: at("2041-01-01T00:00:00Z") }
}

pub(crate) async fn root_key(signer: Arc<dyn Signer>) -> AuthorityKey {
    let root = SelfSigned {
        subject: &authority_name(),
        profile: &profile(Preset::Root),
        validity: root_validity(),
        serial: SerialNumber::from_random([7; 16]),
    };
    AuthorityKey::self_signed(signer, &root, &GostVerifier).await.unwrap()
}

pub(crate) fn authority(key: AuthorityKey) -> LocalAuthority {
    LocalAuthority::new(key, Arc::new(GostVerifier), &*rng(11)).unwrap()
}

pub(crate) async fn root(set: &str) -> LocalAuthority {
    authority(root_key(signer(set, 1)).await)
}

/// A person's submission under a profile, whose key is made of the seed.
pub(crate) async fn submission(preset: Preset, seed: u64) -> Submission {
    submission_by(&*signer(CRYPTO_PRO_A, seed), profile(preset), person()).await
}

pub(crate) async fn submission_by(
    signer: &dyn Signer,
    profile: Profile,
    subject: Vec<SubjectAttribute>,
) -> Submission {
    let request = RequestBuilder::new(&subject).unwrap().with_profile(&profile);
    Submission {
        id: CommandId::new([1; 16]),
        case: CaseId::new([2; 16]),
        request: request.sign(signer).await.unwrap(),
        subject,
        kind: kind(&profile),
        notice: None,
        identification: IdentificationKind::Personal,
        validity: profile.validity_from(at("2026-11-23T09:30:15.5Z")),
        partition: 0,
        profile,
    }
}

fn kind(profile: &Profile) -> SubjectKind {
    *profile.subject_kinds.first().unwrap()
}

pub(crate) fn prepared(decision: Decision) -> Prepared {
    match decision {
        Decision::Prepared(prepared) => prepared,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn refused(decision: &Decision) -> &str {
    match decision {
        Decision::Refused(why) => &why.explanation,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn oid(dots: &str) -> Oid {
    dots.parse().unwrap()
}
