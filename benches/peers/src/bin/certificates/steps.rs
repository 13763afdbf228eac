//! The steps that the peers take, and no other: read the PKCS#10, check possession, build the certificate
//! with ten extensions, sign.
//!
//! As in `c/certificates.c`, seven extensions are the same in every certificate and made beforehand.

use std::sync::Arc;

use gost_ca::provider::key_store::Message;
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Rng, Signer, Verifier};
use gost_ca::registration::{StringType, SubjectAttribute};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, InformationLocations,
    KeyUsage, KeyUsages, Policies, PrivateKeyUsagePeriod, SubjectKeyIdentifier, SubjectSignTool,
};
use gost_ca::x509::{
    Certificate, CertificationRequest, Extension, ExtensionValue, SerialNumber, name,
};
use gost_ca_software::{GostVerifier, SystemRng};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::now;

/// An authority's key and name, and what it says in every certificate.
pub(crate) struct Issuer {
    signer: Arc<dyn Signer>,
    name: Vec<u8>,
    algorithm: Vec<u8>,
    constant: Vec<Extension>,
    identifier: AuthorityKeyIdentifier,
}

impl Issuer {
    pub(crate) fn new(signer: Arc<dyn Signer>) -> Self {
        let SubjectKeyIdentifier(key) = SubjectKeyIdentifier::of(signer.public_key());
        Self {
            name: name::encode(&subject(&[("2.5.4.3", "Bench CA")])).expect("is a name"),
            algorithm: sequence(&[&tlv(0x06, signer.algorithm().oid.as_bytes())]),
            constant: constant_extensions(),
            identifier: AuthorityKeyIdentifier { key: Some(key), certificate: None },
            signer,
        }
    }

    /// Issues for one request.
    pub(crate) fn issue(&self, request: &[u8]) -> Vec<u8> {
        let request = CertificationRequest::from_der(request).expect("is a request");
        request.verify(&GostVerifier).expect("possession is proven");
        let tbs = self.tbs(&request);
        let signature = now(self.signer.sign(Message::Bytes(&tbs))).expect("is signed");
        self.signed(&tbs, &signature)
    }

    /// Issues for many: possession is checked and certificates are signed together.
    pub(crate) fn issue_all(&self, requests: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let read = |request: &Vec<u8>| CertificationRequest::from_der(request).expect("a request");
        let requests: Vec<_> = requests.iter().map(read).collect();
        let checks: Vec<_> = requests.iter().map(check).collect();
        assert!(GostVerifier.verify_all(&checks).iter().all(Result::is_ok));
        let tbs: Vec<_> = requests.iter().map(|request| self.tbs(request)).collect();
        let messages: Vec<_> = tbs.iter().map(|tbs| Message::Bytes(tbs)).collect();
        let signatures = now(self.signer.sign_all(&messages)).expect("are signed");
        tbs.iter().zip(&signatures).map(|(tbs, signature)| self.signed(tbs, signature)).collect()
    }

    fn tbs(&self, request: &CertificationRequest) -> Vec<u8> {
        let mut serial = [0; 16];
        SystemRng.fill(&mut serial).expect("the system has randomness");
        let from = Timestamp::now();
        let to = from + jiff::SignedDuration::from_hours(24 * 365);
        let period = PrivateKeyUsagePeriod { not_before: Some(from), not_after: Some(to) };
        let own = [
            SubjectKeyIdentifier::of(request.public_key()).extension(),
            self.identifier.extension(),
            period.extension(),
        ];
        let extensions: Vec<_> = self.constant.iter().chain(&own).map(Extension::to_der).collect();
        let extensions: Vec<_> = extensions.iter().map(Vec::as_slice).collect();
        sequence(&[
            &[0xa0, 3, 2, 1, 2],
            &tlv(0x02, SerialNumber::from_random(serial).as_der_contents()),
            &self.algorithm,
            &self.name,
            &sequence(&[&time(from), &time(to)]),
            request.subject(),
            request.public_key().as_der(),
            &tlv(0xa3, &sequence(&extensions)),
        ])
    }

    fn signed(&self, tbs: &[u8], signature: &[u8]) -> Vec<u8> {
        sequence(&[tbs, &self.algorithm, &tlv(0x03, &[&[0], signature].concat())])
    }

    /// What is timed gives certificates that the issuer's key verifies, with all their extensions.
    pub(crate) fn check(&self, certificate: &[u8]) {
        let certificate = Certificate::from_der(certificate).expect("is a certificate");
        certificate.verify(self.signer.public_key(), &GostVerifier).expect("verifies");
        assert_eq!(certificate.extensions().len(), 10);
    }
}

/// A request for the subject of `c/certificates.c`.
pub(crate) fn request(signer: &dyn Signer) -> Vec<u8> {
    let subject = subject(&[
        ("2.5.4.6", "RU"),
        ("2.5.4.8", "77 Moscow"),
        ("2.5.4.7", "Moscow"),
        ("2.5.4.10", "Example LLC"),
        ("2.5.4.3", "Ivanov Ivan Ivanovich"),
        ("1.2.840.113549.1.9.1", "anna@example.org"),
    ]);
    let request = RequestBuilder::new(&subject).expect("is a subject");
    now(request.sign(signer)).expect("is signed").as_der().to_vec()
}

fn check(request: &CertificationRequest) -> Check<'_> {
    Check {
        key: request.public_key(),
        algorithm: request.signature_algorithm(),
        message: request.info(),
        signature: request.signature(),
    }
}

fn constant_extensions() -> Vec<Extension> {
    use KeyUsage::{
        DataEncipherment, DigitalSignature, KeyAgreement, KeyEncipherment, NonRepudiation,
    };
    let usages =
        [DigitalSignature, NonRepudiation, KeyEncipherment, DataEncipherment, KeyAgreement];
    let oid = |dots: &str| dots.parse::<gost_ca::oid::Oid>().expect("is an OID").0;
    let url = |url: &str| vec![url.to_owned()];
    vec![
        BasicConstraints { authority: false, path_length: None }.critical(),
        KeyUsages::new(usages).critical(),
        ExtendedKeyUsage(vec![oid("1.3.6.1.5.5.7.3.2"), oid("1.3.6.1.5.5.7.3.4")]).extension(),
        Policies {
            policies: vec![oid("1.2.643.100.113.1"), oid("1.2.643.100.113.2")],
            notices: Vec::new(),
        }
        .extension(),
        CrlLocations(url("http://ca.example/1.crl")).extension(),
        InformationLocations {
            ocsp: url("http://ocsp.example/"),
            issuer: url("http://ca.example/ca.cer"),
        }
        .extension(),
        SubjectSignTool("Sign tool 1.0".to_owned()).extension(),
    ]
}

fn subject(values: &[(&str, &str)]) -> Vec<SubjectAttribute> {
    let attribute = |&(oid, value): &(&str, &str)| SubjectAttribute {
        oid: oid.parse().expect("is an OID"),
        string: StringType::Utf8,
        value: value.to_owned(),
    };
    values.iter().map(attribute).collect()
}

fn time(at: Timestamp) -> Vec<u8> {
    let text = at.to_zoned(TimeZone::UTC).strftime("%y%m%d%H%M%SZ").to_string();
    tlv(0x17, text.as_bytes())
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// DER of at most 65,535 octets.
fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = u16::try_from(contents.len()).expect("is short");
    let [high, low] = length.to_be_bytes();
    let header: &[u8] = match (high, low) {
        (0, ..0x80) => &[tag, low],
        (0, _) => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    [header, contents].concat()
}
