//! What others made of the same data.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, LocalAuthority};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::oid::Oid;
use gost_ca::profile::{Locations, PathLength, Preset, Profile, SignTools};
use gost_ca::provider::{CertificateAuthority, Submission};
use gost_ca::registration::{IdentificationKind, StringType, SubjectAttribute, SubjectKind};
use gost_ca::x509::extensions::{
    BasicConstraints, CrlLocations, ExtendedKeyUsage, InformationLocations, IssuerSignTool,
    KeyUsages, Policies, SubjectSignTool,
};
use gost_ca::x509::{
    Certificate, CertificateList, CertificationRequest, DistinguishedName, SerialNumber, pkcs7,
};
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::SigningKey;

use super::support::{prepared, profile, rng};

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples").join(name)
}

pub(crate) fn octets(name: &str) -> Vec<u8> {
    fs::read(sample(name)).unwrap()
}

fn certificate(name: &str) -> Certificate {
    Certificate::from_der(&octets(name)).unwrap()
}

fn key(name: &str) -> Arc<GostSigner> {
    let pem = fs::read(sample(name)).unwrap();
    let (_, der) = der::pem::decode_vec(&pem).unwrap();
    let key = SigningKey::from_pkcs8(&pkcs8::PrivateKeyInfoRef::try_from(der.as_slice()).unwrap());
    Arc::new(GostSigner::new(key.unwrap(), rng(1)).unwrap())
}

/// The authority whose certificate and key another tool made.
fn authority() -> LocalAuthority {
    let certificate = certificate("generated/ca256.cer");
    let key = AuthorityKey::new(key("generated/ca256.key.pem"), certificate, &GostVerifier);
    LocalAuthority::new(key.unwrap(), Arc::new(GostVerifier), &*rng(2)).unwrap()
}

/// A certificate of another tool, taken apart into what would have been asked for.
fn taken_apart(certificate: &Certificate, kind: SubjectKind) -> Submission {
    let subject = DistinguishedName::from_der(certificate.subject()).unwrap();
    let attribute = |one: &gost_ca::x509::name::NameAttribute| {
        let string =
            [StringType::Utf8, StringType::Printable, StringType::Numeric, StringType::Ia5]
                .into_iter()
                .find(|string| one.is(*string))
                .unwrap();
        SubjectAttribute { oid: Oid(*one.oid()), string, value: one.text().to_owned() }
    };
    let InformationLocations { issuer, ocsp } = certificate.find().unwrap().unwrap();
    let crl = certificate.find::<CrlLocations>().unwrap().unwrap().0;
    let tools: IssuerSignTool = certificate.find().unwrap().unwrap();
    let policies: Policies = certificate.find().unwrap().unwrap();
    let uses =
        certificate.find::<ExtendedKeyUsage>().unwrap().map(|uses| uses.0).unwrap_or_default();
    let profile = Profile {
        subject_kinds: vec![kind],
        key_usage: certificate.find::<KeyUsages>().unwrap().unwrap().bits().to_vec(),
        extended_key_usage: uses.into_iter().map(Oid).collect(),
        policies: policies.policies.into_iter().map(Oid).collect(),
        notice: policies.notices.first().cloned(),
        tools: Some(SignTools {
            subject: certificate.find::<SubjectSignTool>().unwrap().unwrap().0,
            issuer: tools.sign_tool,
            authority: tools.ca_tool,
            issuer_document: tools.sign_tool_document,
            authority_document: tools.ca_tool_document,
        }),
        locations: Locations { crl, issuer, ocsp, delta: Vec::new() },
        authority: certificate
            .find::<BasicConstraints>()
            .unwrap()
            .map(|found| PathLength { limit: found.path_length }),
        ..profile(Preset::Commercial)
    };
    Submission {
        id: CommandId::new([1; 16]),
        case: CaseId::new([2; 16]),
        request: request(certificate),
        subject: subject.attributes().iter().map(attribute).collect(),
        kind,
        notice: None,
        identification: certificate.find::<IdentificationKind>().unwrap().unwrap(),
        validity: *certificate.validity(),
        partition: 0,
        profile,
    }
}

/// The request of the sample with that key.
fn request(certificate: &Certificate) -> CertificationRequest {
    ["person", "ip", "ul", "auto"]
        .into_iter()
        .map(|name| fs::read(sample("generated").join(name).with_extension("p10")).unwrap())
        .map(|der| CertificationRequest::from_der(&der).unwrap())
        .find(|request| request.public_key() == certificate.public_key())
        .unwrap()
}

/// The same data gives the same octets as another tool's, but for the serial number.
#[tokio::test]
async fn another_tool_writes_the_same_octets() {
    for (name, kind) in [
        ("person", SubjectKind::NaturalPerson),
        ("ip", SubjectKind::IndividualEntrepreneur),
        ("ul", SubjectKind::LegalEntity),
        ("auto", SubjectKind::LegalEntityAutomated),
    ] {
        let theirs = certificate(&format!("generated/{name}.cer"));
        let submission = taken_apart(&theirs, kind);
        let ours = prepared(authority().submit(&submission).await.unwrap());
        let replaced = replace(&ours.tbs, &ours.serial, theirs.serial());
        assert_eq!(replaced, theirs.tbs(), "{name}");
    }
}

/// Both numbers have 16 octets, or the lengths around would differ.
fn replace(tbs: &[u8], from: &SerialNumber, to: &SerialNumber) -> Vec<u8> {
    let (from, to) = (from.as_der_contents(), to.as_der_contents());
    assert_eq!(from.len(), to.len());
    let place = tbs.windows(from.len()).position(|window| window == from).unwrap();
    [&tbs[..place], to, &tbs[place + from.len()..]].concat()
}

#[test]
fn requests_of_others_prove_possession() {
    for name in ["person", "ip", "ul", "ul512", "auto", "noattrs", "challenge", "ms-osversion"] {
        let path = sample("generated").join(name).with_extension("p10");
        let Ok(der) = fs::read(&path) else { continue };
        let request = CertificationRequest::from_der(&der).unwrap();
        assert_eq!(request.verify(&GostVerifier), Ok(()), "{name}");
        assert!(request.requested_extensions().is_ok(), "{name}");
    }
    let reversed = fs::read(sample("malformed/csr-sig-reversed.p10")).unwrap();
    assert!(CertificationRequest::from_der(&reversed).unwrap().verify(&GostVerifier).is_err());
    let no_attributes = fs::read(sample("malformed/csr-no-attrs-tag.p10")).unwrap();
    assert!(CertificationRequest::from_der(&no_attributes).is_err());
}

#[test]
fn crls_of_others_are_read_and_verified() {
    let issuer = certificate("generated/ca256.cer");
    for (name, entries) in [("ca256", 0), ("ca256-empty", 0), ("ca256-idp", 0), ("ca256-delta", 0)]
    {
        let der = fs::read(sample("generated").join(name).with_extension("crl")).unwrap();
        let crl = CertificateList::from_der(&der).unwrap();
        assert_eq!(crl.verify(issuer.public_key(), &GostVerifier), Ok(()), "{name}");
        let _ = entries;
    }
    let der = fs::read(sample("crl/udc-sibiria.crl")).unwrap();
    let crl = CertificateList::from_der(&der).unwrap();
    assert_eq!(crl.listed().count(), 104);
    let wrong = fs::read(sample("malformed/crl-wrong-signer.crl")).unwrap();
    let crl = CertificateList::from_der(&wrong).unwrap();
    assert!(crl.verify(issuer.public_key(), &GostVerifier).is_err());
    let endless = fs::read(sample("malformed/crl-no-nextupdate.crl")).unwrap();
    assert_eq!(CertificateList::from_der(&endless).unwrap().next_update(), None);
}

/// `p7b-chain.p7b` of the samples is OpenSSL's, which leaves the set of certificates unsorted.
#[test]
fn a_chain_is_written_as_openssl_writes_it() {
    let theirs = fs::read(sample("generated/p7b-chain.p7b")).unwrap();
    let chain = ["root", "ca256", "ul"].map(|name| certificate(&format!("generated/{name}.cer")));
    let ours = pkcs7::certificates_only(&chain.each_ref());
    let first = 45; // where the first certificate begins
    assert_eq!((ours.len(), &ours[..first]), (theirs.len(), &theirs[..first]));
    assert_eq!(ours[ours.len() - 2..], theirs[theirs.len() - 2..]);
    for part in &chain {
        let holds =
            |whole: &[u8]| whole.windows(part.as_der().len()).any(|window| window == part.as_der());
        assert!(holds(&ours) && holds(&theirs));
    }
}
