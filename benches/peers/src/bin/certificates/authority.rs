//! The way of the product: [`LocalAuthority`] builds the certificate by its profile with eleven extensions, passes the
//! exact octets through the gate, signs them and verifies its own signature. The peers do none of the checks.

use std::sync::Arc;

use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::profile::{Locations, Preset, SignTools};
use gost_ca::provider::authority::{Submission, Validity};
use gost_ca::provider::{CertificateAuthority, Decision};
use gost_ca::registration::{AttributeRule, IdentificationKind, SubjectAttribute, SubjectKind};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::{Certificate, CertificationRequest, SerialNumber};
use gost_ca_software::{CachingVerifier, GostVerifier, SystemRng};
use gost3410::ParameterSet;

use crate::{now, signer};

/// An authority and what it is asked.
pub(crate) struct Office {
    authority: LocalAuthority,
    submission: Submission,
    request: Vec<u8>,
}

impl Office {
    pub(crate) fn new(set: ParameterSet) -> Self {
        let submission = submission(set);
        let request = submission.request.as_der().to_vec();
        Self { authority: authority(set), submission, request }
    }

    pub(crate) fn issue(&self) -> Certificate {
        let request = CertificationRequest::from_der(&self.request).expect("is a request");
        // Every request has another key: nothing is known of it from before.
        request.verify(&GostVerifier).expect("possession is proven");
        let submission = Submission { request, ..self.submission.clone() };
        match now(self.authority.submit(&submission)).expect("is decided") {
            Decision::Prepared(prepared) => {
                now(self.authority.complete(&prepared)).expect("is issued")
            }
            other => panic!("{other:?}"),
        }
    }
}

fn submission(set: ParameterSet) -> Submission {
    let profile = Preset::Commercial.profile(Some(tools()), locations());
    let subject = attributes(&[
        ("surname", "Ёлкина-Палкина"),
        ("givenName", "Анна Петровна"),
        ("commonName", "Ёлкина-Палкина Анна Петровна"),
        ("countryName", "RU"),
        ("SNILS", "11223344595"),
        ("INN", "500100732259"),
        ("emailAddress", "anna@example.org"),
    ]);
    let request = RequestBuilder::new(&subject).expect("is a subject").with_profile(&profile);
    Submission {
        partition: 0,
        id: CommandId::new([1; 16]),
        case: CaseId::new([2; 16]),
        request: now(request.sign(&*signer(set))).expect("is signed"),
        subject,
        kind: SubjectKind::NaturalPerson,
        notice: None,
        identification: IdentificationKind::Personal,
        validity: profile.validity_from(validity().not_before),
        profile,
    }
}

fn authority(set: ParameterSet) -> LocalAuthority {
    let root = SelfSigned {
        subject: &attributes(&[
            ("commonName", "Пробный УЦ"),
            ("organizationName", "ООО «Проба»"),
            ("countryName", "RU"),
            ("stateOrProvinceName", "77 г. Москва"),
            ("localityName", "г. Москва"),
            ("streetAddress", "ул. Пробная, д. 1"),
            ("OGRN", "1157700000017"),
            ("INNLE", "7712345671"),
        ]),
        profile: &Preset::Root.profile(Some(tools()), Locations::default()),
        validity: validity(),
        serial: SerialNumber::from_random([7; 16]),
    };
    let key = now(AuthorityKey::self_signed(signer(set), &root, &GostVerifier)).expect("is a root");
    LocalAuthority::new(key, Arc::new(CachingVerifier::default()), &SystemRng).expect("opens")
}

fn validity() -> Validity {
    let at = |text: &str| text.parse().expect("is a time");
    Validity { not_before: at("2026-11-01T00:00:00Z"), not_after: at("2041-11-01T00:00:00Z") }
}

fn tools() -> SignTools {
    SignTools {
        subject: "Средство «Проба» 1.0".to_owned(),
        issuer: "Средство УЦ «Проба» 1.0".to_owned(),
        authority: "ПО УЦ «Проба» 1.0".to_owned(),
        issuer_document: "Документ № 1 от 01.01.2026 (вымышленный)".to_owned(),
        authority_document: "Документ № 2 от 01.01.2026 (вымышленный)".to_owned(),
    }
}

fn locations() -> Locations {
    Locations {
        delta: Vec::new(),
        crl: vec!["http://ca.example/1.crl".to_owned()],
        issuer: vec!["http://ca.example/ca.cer".to_owned()],
        ocsp: vec!["http://ocsp.example/".to_owned()],
    }
}

/// Attributes by their names in the table of the qualified profile.
fn attributes(values: &[(&str, &str)]) -> Vec<SubjectAttribute> {
    let attribute = |&(name, value): &(&str, &str)| {
        let rule = AttributeRule::ALL.iter().find(|rule| rule.name == name).expect("is known");
        SubjectAttribute { oid: rule.oid, string: rule.string, value: value.to_owned() }
    };
    values.iter().map(attribute).collect()
}
