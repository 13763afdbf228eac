//! Certificates, requests and CRLs that others made (`tests/data/samples` of the repository).
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use der::{Decode, Header, Reader, SliceReader};
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::{Certificate, CertificationRequest};
use gost_ca_software::GostVerifier;

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/samples")
}

/// The verdict of others on each file, by name.
fn index() -> BTreeMap<String, String> {
    let index = std::fs::read_to_string(samples().join("index.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    rows.map(|row| (row[0].to_owned(), row[9].to_owned())).collect()
}

fn read(folder: &str, extension: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(samples().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(extension))
        .collect();
    files.sort();
    let contents = |name: &String| std::fs::read(samples().join(folder).join(name)).unwrap();
    files.iter().map(|name| (format!("{folder}/{name}"), contents(name))).collect()
}

fn certificates(folders: &[&str]) -> Vec<(String, Certificate)> {
    let files = folders.iter().flat_map(|folder| read(folder, ".cer"));
    files.filter_map(|(name, der)| Some((name, Certificate::from_der(&der).ok()?))).collect()
}

fn check(issuer: &Certificate, certificate: &Certificate) -> Result<(), Unverified> {
    GostVerifier.verify(&Check {
        key: issuer.public_key(),
        algorithm: certificate.signature_algorithm(),
        message: certificate.tbs(),
        signature: certificate.signature(),
    })
}

/// One name may have several keys at once: some key of the issuer's name must verify.
#[test]
fn certificates_of_issuers_in_the_set_verify() {
    let all = certificates(&["ca-ru", "ee", "testca", "generated"]);
    let verdicts = index();
    let mut verified = 0;
    for (name, certificate) in &all {
        let mut issuers = all.iter().filter(|(_, other)| other.subject() == certificate.issuer());
        let good = issuers.any(|(_, issuer)| check(issuer, certificate).is_ok());
        // The issuer of one has the serial number 0, which RFC 5280 §4.1.2.2 forbids.
        let expected = verdicts[name].starts_with("gostref:OK") && !name.contains("pkcs12-ee");
        assert_eq!(good, expected, "{name}: {}", verdicts[name]);
        verified += usize::from(good);
    }
    assert!(verified >= 117, "{verified} of {}", all.len());
}

#[test]
fn one_changed_octet_is_forged() {
    let all = certificates(&["ca-ru", "testca"]);
    let roots = all.iter().filter(|(_, c)| c.subject() == c.issuer() && check(c, c).is_ok());
    let mut count = 0;
    for (name, root) in roots {
        let mut tbs = root.tbs().to_vec();
        let middle = tbs.len() / 2;
        tbs[middle] ^= 1;
        let forged = GostVerifier.verify(&Check {
            key: root.public_key(),
            algorithm: root.signature_algorithm(),
            message: &tbs,
            signature: root.signature(),
        });
        assert_eq!(forged, Err(Unverified::Forged), "{name}");
        count += 1;
    }
    assert!(count >= 20, "{count}");
}

/// Malformed certificates are refused by the parser, the issuer's check or the key's own check;
/// the rest break rules above signatures.
#[test]
fn malformed_certificates_are_refused() {
    let issuers = certificates(&["generated"]);
    for (name, der) in read("malformed", ".cer") {
        let Ok(certificate) = Certificate::from_der(&der) else { continue };
        let mut verdicts = issuers
            .iter()
            .filter(|(_, issuer)| issuer.subject() == certificate.issuer())
            .map(|(_, issuer)| check(issuer, &certificate));
        let signed = verdicts.any(|verdict| verdict.is_ok());
        let key = GostVerifier.identify(certificate.public_key());
        match name.trim_start_matches("malformed/") {
            "sig-rs-swapped.cer"
            | "sig-short.cer"
            | "sig-der-ecdsa.cer"
            | "sigalg-is-keyalg.cer" => {
                assert!(!signed, "{name}");
            }
            "pub-off-curve.cer"
            | "pub-63.cer"
            | "pub-unused-bits.cer"
            | "par-null.cer"
            | "par-512-curve-256-alg.cer" => {
                assert!(matches!(key, Err(Unverified::Malformed(_))), "{name}: {key:?}");
            }
            "par-unknown-curve.cer" => {
                assert_eq!(key, Err(Unverified::Unsupported("1.2.643.7.1.2.1.1.9".into())));
            }
            _ => {
                assert!(signed, "{name}");
                key.unwrap();
            }
        }
    }
}

#[test]
fn requests_prove_possession() {
    let requests = ["csr", "generated", "malformed"].iter().flat_map(|f| read(f, ".p10"));
    let mut good = 0;
    for (name, der) in requests {
        let Ok(request) = CertificationRequest::from_der(&der) else { continue };
        let verdict = GostVerifier.verify(&Check {
            key: request.public_key(),
            algorithm: request.signature_algorithm(),
            message: request.info(),
            signature: request.signature(),
        });
        if name == "malformed/csr-sig-reversed.p10" {
            assert_eq!(verdict, Err(Unverified::Forged));
        } else {
            assert_eq!(verdict, Ok(()), "{name}");
            good += 1;
        }
    }
    assert!(good >= 10, "{good}");
}

#[test]
fn revocation_lists_verify() {
    let issuers = certificates(&["testca", "generated", "ca-ru"]);
    let verdicts = index();
    for (name, der) in ["crl", "generated", "malformed"].iter().flat_map(|f| read(f, ".crl")) {
        let (tbs, algorithm, signature) = signed(&der);
        let good = issuers.iter().any(|(_, issuer)| {
            let key = issuer.public_key();
            let check = Check { key, algorithm: &algorithm, message: tbs, signature: &signature };
            GostVerifier.verify(&check).is_ok()
        });
        // The wrong signer is in the set too: who may sign is decided above the verifier.
        let expected =
            verdicts[&name].starts_with("gostref:OK") || name.ends_with("wrong-signer.crl");
        assert_eq!(good, expected, "{name}: {}", verdicts[&name]);
    }
}

/// `SEQUENCE { toBeSigned, AlgorithmIdentifier, BIT STRING }`
fn signed(der: &[u8]) -> (&[u8], spki::AlgorithmIdentifierOwned, Vec<u8>) {
    let mut reader = SliceReader::new(der).unwrap();
    Header::decode(&mut reader).unwrap();
    let tbs = reader.tlv_bytes().unwrap();
    let algorithm = Decode::decode(&mut reader).unwrap();
    let signature = der::asn1::BitStringRef::decode(&mut reader).unwrap();
    (tbs, algorithm, signature.raw_bytes().to_vec())
}
