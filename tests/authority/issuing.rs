//! Submit, prepare, complete.

use std::sync::Arc;

use gost_ca::id::CommandId;
use gost_ca::profile::Preset;
use gost_ca::profile::gate::{self, Expectation};
use gost_ca::provider::key_store::KeyAlgorithm;
use gost_ca::provider::{CertificateAuthority, ErrorKind};
use gost_ca::registration::{IdentificationKind, StringType};
use gost_ca::request;
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, Policies, PrivateKeyUsagePeriod,
};
use gost_ca_software::GostVerifier;

use super::support::{
    CRYPTO_PRO_A, SET_512_C, at, authority, authority_name, oid, person, prepared, profile,
    refused, root, root_key, signer, submission, submission_by,
};

#[tokio::test]
async fn a_person_gets_what_the_profile_says() {
    for set in [CRYPTO_PRO_A, SET_512_C] {
        let authority = root(set).await;
        for preset in [Preset::Commercial, Preset::Departmental, Preset::SignIn] {
            let submission = submission(preset, 5).await;
            let prepared = prepared(authority.submit(&submission).await.unwrap());
            let certificate = authority.complete(&prepared).await.unwrap();
            let issuer = authority.certificate();
            assert_eq!(certificate.tbs(), prepared.tbs);
            assert_eq!(certificate.serial(), &prepared.serial);
            assert_eq!(certificate.validity(), &prepared.validity);
            assert_eq!(certificate.verify(issuer.public_key(), &GostVerifier), Ok(()));
            let expected = Expectation::of(&submission).under(issuer);
            assert_eq!(gate::examine(certificate.tbs(), &expected), Ok(()));
            assert_eq!(gate::check_tbs(certificate.tbs(), &submission), Ok(()));
            assert_eq!(gate::check_profile(certificate.tbs(), &submission.profile), Ok(()));
        }
    }
}

#[tokio::test]
async fn the_same_submission_gives_the_same_octets() {
    let authority = root(CRYPTO_PRO_A).await;
    let mut submission = submission(Preset::Commercial, 5).await;
    let first = prepared(authority.submit(&submission).await.unwrap());
    assert_eq!(prepared(authority.submit(&submission).await.unwrap()), first);
    // Signed twice after a crash: the same octets under two signatures, one certificate for all that matters.
    let twice =
        [authority.complete(&first).await.unwrap(), authority.complete(&first).await.unwrap()];
    assert_eq!(twice[0].tbs(), twice[1].tbs());

    submission.id = CommandId::new([9; 16]);
    let other = prepared(authority.submit(&submission).await.unwrap());
    assert_ne!(other.serial, first.serial);
    submission.id = CommandId::new([1; 16]);
    submission.notice = Some("Только для пробы".to_owned());
    let other = prepared(authority.submit(&submission).await.unwrap());
    assert_ne!(other.serial, first.serial, "other contents never share a number");
}

#[tokio::test]
async fn the_end_is_the_issuers_at_the_latest() {
    let authority = root(CRYPTO_PRO_A).await;
    let mut submission = submission(Preset::Commercial, 5).await;
    submission.validity = submission.profile.validity_from(at("2040-06-01T00:00:00Z"));
    let clipped = prepared(authority.submit(&submission).await.unwrap());
    assert_eq!(clipped.validity.not_after, at("2041-01-01T00:00:00Z"));
    let certificate = authority.complete(&clipped).await.unwrap();
    let period = certificate.find::<PrivateKeyUsagePeriod>().unwrap().unwrap();
    assert_eq!(period.not_after, Some(at("2041-01-01T00:00:00Z")));

    submission.validity = submission.profile.validity_from(at("2041-06-01T00:00:00Z"));
    assert!(refused(&authority.submit(&submission).await.unwrap()).contains("term"));
}

#[tokio::test]
async fn limits_of_use_stand_at_the_first_policy() {
    let authority = root(CRYPTO_PRO_A).await;
    let mut submission = submission(Preset::TaxService, 5).await;
    submission.profile.subject_kinds.push(gost_ca::registration::SubjectKind::NaturalPerson);
    submission.kind = gost_ca::registration::SubjectKind::NaturalPerson;
    submission.profile.notice = Some("Не для банков".to_owned());
    submission.notice = Some("До 100 000 рублей".to_owned());
    let prepared = prepared(authority.submit(&submission).await.unwrap());
    let certificate = authority.complete(&prepared).await.unwrap();
    let policies = certificate.find::<Policies>().unwrap().unwrap();
    assert_eq!(policies.notices, ["Не для банков", "До 100 000 рублей"]);
    assert_eq!(policies.policies.len(), 2);
}

#[tokio::test]
async fn the_gate_refuses_what_the_profile_does_not_say() {
    let authority = root(CRYPTO_PRO_A).await;
    let good = submission(Preset::Commercial, 5).await;

    let mut bad = good.clone();
    bad.subject.retain(|attribute| attribute.oid != oid("1.2.643.100.3"));
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("subject.kind"));

    let mut bad = good.clone();
    bad.subject.extend(authority_name().into_iter().filter(|one| one.oid == oid("1.2.643.100.1")));
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("subject.kind"));

    let mut bad = good.clone();
    bad.subject[0].string = StringType::Utf8;
    let snils = bad.subject.iter().position(|one| one.oid == oid("1.2.643.100.3")).unwrap();
    bad.subject[snils].string = StringType::Utf8;
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("subject.string-type"));

    let mut bad = good.clone();
    bad.subject[0].value = "Ы".repeat(129);
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("subject.length"));

    let mut bad = good.clone();
    bad.subject.push(bad.subject[0].clone());
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("subject.once"));

    let mut bad = good.clone();
    bad.profile.key_algorithms = vec![KeyAlgorithm::Gost3410(oid(SET_512_C))];
    assert!(refused(&authority.submit(&bad).await.unwrap()).contains("key.parameter-set"));
}

/// Each octet of the signed part is looked at by some rule, or cannot be told from a good one.
#[tokio::test]
async fn the_gate_sees_a_flipped_octet() {
    let authority = root(CRYPTO_PRO_A).await;
    let submission = submission(Preset::Commercial, 5).await;
    let prepared = prepared(authority.submit(&submission).await.unwrap());
    let expected = Expectation::of(&submission).under(authority.certificate());
    let serial = prepared.serial.as_der_contents();
    let place = prepared.tbs.windows(serial.len()).position(|window| window == serial).unwrap();
    for position in (0..prepared.tbs.len()).filter(|at| !(place..place + serial.len()).contains(at))
    {
        for mask in [0x01, 0x80] {
            let mut tbs = prepared.tbs.clone();
            tbs[position] ^= mask;
            assert!(gate::examine(&tbs, &expected).is_err(), "octet {position}");
        }
    }
}

#[tokio::test]
async fn complete_signs_only_what_it_could_have_prepared() {
    let authority = root(CRYPTO_PRO_A).await;
    let good = prepared(authority.submit(&submission(Preset::Commercial, 5).await).await.unwrap());

    let mut bad = good.clone();
    bad.issuer = gost_ca::x509::KeyIdentity::from_octets([0; 32]);
    assert_eq!(*authority.complete(&bad).await.unwrap_err().kind(), ErrorKind::NotFound);

    let mut bad = good.clone();
    bad.serial = gost_ca::x509::SerialNumber::from_random([1; 16]);
    assert_eq!(*authority.complete(&bad).await.unwrap_err().kind(), ErrorKind::Invalid);

    let mut bad = good.clone();
    bad.tbs.pop();
    assert_eq!(*authority.complete(&bad).await.unwrap_err().kind(), ErrorKind::Invalid);

    let stranger = super::support::authority(root_key(signer(SET_512_C, 3)).await);
    assert_eq!(*stranger.complete(&good).await.unwrap_err().kind(), ErrorKind::NotFound);
}

/// U1: an authority is one name with several keys; each completes what it prepared.
#[tokio::test]
async fn an_older_key_completes_what_it_prepared() {
    let old = root_key(signer(CRYPTO_PRO_A, 1)).await;
    let new = root_key(signer(SET_512_C, 2)).await;
    let submission = submission(Preset::Commercial, 5).await;
    let before = prepared(authority(old.clone()).submit(&submission).await.unwrap());
    let both = authority(new.clone()).with_key(old.clone()).unwrap();
    let certificate = both.complete(&before).await.unwrap();
    assert_eq!(certificate.verify(old.certificate().public_key(), &GostVerifier), Ok(()));
    let after = prepared(both.submit(&submission).await.unwrap());
    assert_eq!(after.issuer, *new.identity());
    assert_ne!(after.serial, before.serial);
}

/// R6: certificates name the number of the issuer's own certificate.
#[tokio::test]
async fn under_a_root_of_its_own() {
    let root = root(SET_512_C).await;
    let key = signer(CRYPTO_PRO_A, 2);
    let mut name = authority_name();
    name[0].value = "Пробный УЦ, выдающий".to_owned();
    let request = submission_by(&*key, profile(Preset::Subordinate), name).await;
    let prepared_ca = prepared(root.submit(&request).await.unwrap());
    let certificate = root.complete(&prepared_ca).await.unwrap();
    let constraints = certificate.find::<BasicConstraints>().unwrap().unwrap();
    assert_eq!(constraints, BasicConstraints { authority: true, path_length: Some(0) });

    let at = at("2026-12-01T00:00:00Z");
    let installed = gost_ca::authority::AuthorityKey::install(
        Arc::clone(&key),
        (certificate.clone(), root.certificate()),
        at,
        &GostVerifier,
    );
    let issuing = authority(installed.unwrap());
    let person = prepared(issuing.submit(&submission(Preset::Commercial, 5).await).await.unwrap());
    let issued = issuing.complete(&person).await.unwrap();
    let identifier = issued.find::<AuthorityKeyIdentifier>().unwrap().unwrap();
    assert_eq!(identifier.key, certificate.subject_key());
    let of = identifier.certificate.unwrap();
    assert_eq!(
        (of.issuer.as_slice(), &of.serial),
        (root.certificate().subject(), certificate.serial())
    );
}

#[tokio::test]
async fn identification_is_as_recorded() {
    let authority = root(CRYPTO_PRO_A).await;
    for kind in IdentificationKind::ALL {
        let mut submission = submission(Preset::Commercial, 5).await;
        submission.identification = kind;
        let prepared = prepared(authority.submit(&submission).await.unwrap());
        let certificate = authority.complete(&prepared).await.unwrap();
        assert_eq!(certificate.find::<IdentificationKind>(), Ok(Some(kind)));
    }
}

#[tokio::test]
async fn requests_are_checked_by_themselves() {
    let good = submission(Preset::Commercial, 5).await;
    let check = |request: &gost_ca::x509::CertificationRequest, subject: &[_]| {
        request::check(request, subject, &good.profile, &GostVerifier).map_err(|defects| {
            defects.0.iter().map(request::RequestDefect::code).collect::<Vec<_>>()
        })
    };
    assert!(check(&good.request, &person()).is_ok());
    let mut reordered = person();
    reordered.reverse();
    reordered[0].string = StringType::Utf8;
    assert!(check(&good.request, &reordered).is_ok(), "order and string type do not matter");

    let mut other = person();
    other[0].value = "Сидорова".to_owned();
    assert_eq!(
        check(&good.request, &other),
        Err(vec!["request.subject-lacks", "request.subject-exceeds"])
    );

    let mut forged = good.request.as_der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = request::from_upload(&forged).unwrap();
    assert_eq!(check(&forged, &person()), Err(vec!["request.possession"]));

    let foreign =
        submission_by(&*signer(SET_512_C, 4), profile(Preset::Commercial), person()).await;
    let mut narrow = good.profile.clone();
    narrow.key_algorithms = vec![KeyAlgorithm::Gost3410(oid(CRYPTO_PRO_A))];
    let defects = request::check(&foreign.request, &person(), &narrow, &GostVerifier).unwrap_err();
    assert_eq!(defects.0[0].code(), "request.key-algorithm");
}

#[tokio::test]
async fn a_request_asks_for_the_profiles_extensions() {
    let submission = submission(Preset::Commercial, 5).await;
    let asked = submission.request.requested_extensions().unwrap();
    let oids: Vec<_> = asked.iter().map(|one| one.oid.to_string()).collect();
    assert_eq!(oids, ["2.5.29.15", "2.5.29.37", "1.2.643.100.111"]);
}
