//! U1: under an external root.

use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, BadAuthorityKey};
use gost_ca::profile::Preset;
use gost_ca::provider::CertificateAuthority;
use gost_ca_software::GostVerifier;

use super::support::{
    CRYPTO_PRO_A, SET_512_C, at, authority_name, prepared, profile, root, signer, submission,
    submission_by,
};

#[tokio::test]
async fn only_the_answer_to_the_request_is_installed() {
    let root = root(SET_512_C).await;
    let key = signer(CRYPTO_PRO_A, 2);
    let request = submission_by(&*key, profile(Preset::Subordinate), authority_name()).await;
    let answer = root.complete(&prepared(root.submit(&request).await.unwrap())).await.unwrap();
    let now = at("2026-12-01T00:00:00Z");
    let install = |signer, certificate, at| {
        AuthorityKey::install(signer, (certificate, root.certificate()), at, &GostVerifier)
    };
    assert!(install(Arc::clone(&key), answer.clone(), now).is_ok());

    let other = signer(CRYPTO_PRO_A, 3);
    let result = install(other, answer.clone(), now);
    assert!(matches!(result, Err(BadAuthorityKey::OtherKey)));

    let result = install(Arc::clone(&key), answer.clone(), at("2020-01-01T00:00:00Z"));
    assert!(matches!(result, Err(BadAuthorityKey::NotInForce)));

    let mut forged = answer.as_der().to_vec();
    *forged.last_mut().unwrap() ^= 1;
    let forged = gost_ca::x509::Certificate::from_der(&forged).unwrap();
    let result = install(Arc::clone(&key), forged, now);
    assert!(matches!(result, Err(BadAuthorityKey::Signature(_))));

    let user = submission(Preset::Commercial, 2).await;
    let users = root.complete(&prepared(root.submit(&user).await.unwrap())).await.unwrap();
    let result = install(Arc::clone(&key), users, now);
    assert!(matches!(result, Err(BadAuthorityKey::NotAuthority)));

    let itself = root.certificate().clone();
    let result = AuthorityKey::install(key, (itself, &answer), now, &GostVerifier);
    assert!(result.is_err());
}
