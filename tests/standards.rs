//! The examples of RFC 9215, RFC 4491 and the TC26 recommendations.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64ct::{Base64, Encoding};
use gost_ca::provider::Unverified;
use gost_ca::x509::{Certificate, CertificateList, CertificationRequest};
use gost_ca_software::GostVerifier;
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    r#type: String,
    der: String,
}

fn vectors() -> Vec<Vector> {
    let file: File = serde_json::from_str(include_str!("data/pki_examples.json")).unwrap();
    assert_eq!(file.vectors.len(), 13);
    file.vectors
}

/// The certificate of the same example.
fn issuer(vectors: &[Vector], id: &str) -> Certificate {
    let (example, _) = id.rsplit_once('-').unwrap();
    let id = format!("{example}-certificate");
    let found = vectors.iter().find(|vector| vector.id == id).unwrap();
    Certificate::from_der(&Base64::decode_vec(&found.der).unwrap()).unwrap()
}

#[test]
fn every_example_is_read_and_verified() {
    let vectors = vectors();
    for vector in &vectors {
        let der = Base64::decode_vec(&vector.der).unwrap();
        let verdict = match vector.r#type.as_str() {
            "certificate" => {
                let certificate = Certificate::from_der(&der).unwrap();
                certificate.verify(certificate.public_key(), &GostVerifier)
            }
            "csr" => CertificationRequest::from_der(&der).unwrap().verify(&GostVerifier),
            "crl" => {
                let crl = CertificateList::from_der(&der).unwrap();
                crl.verify(issuer(&vectors, &vector.id).public_key(), &GostVerifier)
            }
            other => panic!("{other}"),
        };
        match (vector.id.as_str(), verdict) {
            // GOST R 34.10-94 was withdrawn; the parameter sets of D.1 and D.3 are for examples alone.
            ("rfc4491-4.1-certificate", Err(Unverified::Unsupported(_))) => {}
            (id, Err(Unverified::Unsupported(_)))
                if id.starts_with("rfc9215-D.1") || id.starts_with("rfc9215-D.3") => {}
            (id, verdict) => assert_eq!(verdict, Ok(()), "{id}"),
        }
    }
}

/// RFC 9215 D.1 to D.3 have keys on parameter sets for examples: two of three must never be certified.
#[test]
fn keys_on_test_sets_are_refused() {
    use gost_ca::profile::{Locations, Preset};
    use gost_ca::request::check;
    let profile = Preset::SignIn.profile(None, Locations::default());
    for vector in vectors().iter().filter(|vector| vector.r#type == "csr") {
        let der = Base64::decode_vec(&vector.der).unwrap();
        let request = CertificationRequest::from_der(&der).unwrap();
        let defects = check(&request, &[], &profile, &GostVerifier).unwrap_err();
        let refused = defects.0.iter().any(|defect| defect.code() == "request.test-key");
        assert_eq!(refused, !vector.id.contains("D.2"), "{}", vector.id);
    }
}
