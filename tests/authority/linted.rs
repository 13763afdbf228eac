//! What is made here has nothing that lint finds.

use gost_ca::lint::lint;
use gost_ca::profile::{Preset, Profile};
use gost_ca::provider::CertificateAuthority;
use gost_ca::provider::key_store::KeyAlgorithm;
use gost_ca::registration::{SubjectAttribute, SubjectKind};
use gost_ca::x509::{CrlEntry, SerialNumber};

use super::crl::{heading, issue};
use super::support::{
    CRYPTO_PRO_A, at, authority_name, person, prepared, profile, root, signer, subject,
    submission_by,
};

fn findings(octets: &[u8]) -> Vec<&'static str> {
    let report = lint(octets);
    assert_eq!(report.unreadable, None);
    report.findings.into_iter().map(|finding| finding.id).collect()
}

/// A subject of the first kind that the profile is for.
fn owner(profile: &Profile) -> Vec<SubjectAttribute> {
    match profile.subject_kinds.first() {
        Some(SubjectKind::LegalEntityAutomated) => authority_name(),
        Some(SubjectKind::LegalEntity) => {
            let representative = subject(&[
                ("surname", "Ёлкина"),
                ("givenName", "Анна"),
                ("title", "Директор"),
                ("SNILS", "11223344595"),
                ("INN", "500100732259"),
            ]);
            [authority_name(), representative].concat()
        }
        Some(SubjectKind::IndividualEntrepreneur) => {
            [person(), subject(&[("OGRNIP", "304500116000157")])].concat()
        }
        _ => person(),
    }
}

#[tokio::test]
async fn certificates_and_requests_of_every_preset() {
    let authority = root(CRYPTO_PRO_A).await;
    assert_eq!(findings(authority.certificate().as_der()), [""; 0]);
    for preset in Preset::ALL {
        let profile = profile(preset);
        let owner = owner(&profile);
        let submission = submission_by(&*signer(CRYPTO_PRO_A, 5), profile, owner).await;
        assert_eq!(findings(submission.request.as_der()), [""; 0], "{preset:?}");
        let prepared = prepared(authority.submit(&submission).await.unwrap());
        let certificate = authority.complete(&prepared).await.unwrap();
        let mut found = findings(certificate.as_der());
        found.retain(|id| *id != "n_rfc5280_email_alt_name"); // in the name alone
        assert_eq!(found, [""; 0], "{preset:?}");
    }
}

#[tokio::test]
async fn keys_on_every_parameter_set_of_roots() {
    for algorithm in profile(Preset::Root).key_algorithms {
        let KeyAlgorithm::Gost3410(set) = algorithm else { panic!("{algorithm:?}") };
        let root = root(&set.to_string()).await;
        assert_eq!(findings(root.certificate().as_der()), [""; 0], "{set}");
    }
}

#[tokio::test]
async fn crls_with_every_reason() {
    let authority = root(CRYPTO_PRO_A).await;
    let key = authority.keys().next().unwrap();
    let entries = [0, 1, 2, 3, 4, 5, 6, 9, 10].into_iter().zip(1..).map(|(reason, number)| {
        let serial = SerialNumber::from_magnitude(&[number]).unwrap();
        let invalidity = (reason == 1).then(|| at("2026-01-01T00:00:00Z"));
        let date = at("2026-02-01T10:00:00Z");
        CrlEntry { serial: &serial, date, reason, invalidity }.to_der().unwrap()
    });
    for entries in [Vec::new(), entries.collect()] {
        let heading = heading(*key.identity());
        let crl = issue(&authority, key, (&heading, &entries)).await.unwrap();
        assert_eq!(findings(&crl), [""; 0]);
    }
}
