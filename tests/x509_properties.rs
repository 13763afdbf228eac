//! What is written here is read here; what is not well formed never does more than fail.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use gost_ca::Timestamp;
use gost_ca::oid::Oid;
use gost_ca::registration::{StringType, SubjectAttribute};
use gost_ca::request;
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, CrlNumber, ExtendedKeyUsage,
    InformationLocations, InvalidityDate, IssuerSerial, IssuerSignTool, KeyUsage, KeyUsages,
    Policies, PrivateKeyUsagePeriod, RevocationReason, SubjectKeyIdentifier, SubjectSignTool,
};
use gost_ca::x509::{
    Certificate, CertificateList, CertificationRequest, CrlEntry, DistinguishedName,
    ExtensionValue, SerialNumber, TbsCertificate, name,
};
use proptest::prelude::*;

fn sample(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    fs::read(folder.join(name)).unwrap()
}

fn attributes() -> impl Strategy<Value = Vec<SubjectAttribute>> {
    let one = prop_oneof![
        ("[А-яЁё '\"\\\\,+=-]{1,64}").prop_map(|value| ("2.5.4.3", StringType::Utf8, value)),
        ("[A-Z]{2}").prop_map(|value| ("2.5.4.6", StringType::Printable, value)),
        ("[0-9]{11}").prop_map(|value| ("1.2.643.100.3", StringType::Numeric, value)),
        ("[!-~]{1,300}").prop_map(|value| ("1.2.840.113549.1.9.1", StringType::Ia5, value)),
    ];
    let one = one.prop_map(|(oid, string, value)| SubjectAttribute {
        oid: oid.parse::<Oid>().unwrap(),
        string,
        value,
    });
    proptest::collection::vec(one, 0..20)
}

/// From 1970 to 2199, whole seconds.
fn times() -> impl Strategy<Value = Timestamp> {
    (0_i64..7_258_118_400).prop_map(|seconds| Timestamp::from_second(seconds).unwrap())
}

fn serials() -> impl Strategy<Value = SerialNumber> {
    proptest::collection::vec(any::<u8>(), 1..20)
        .prop_filter_map("not zero", |octets| SerialNumber::from_magnitude(&octets).ok())
}

fn survives<T: ExtensionValue + PartialEq + core::fmt::Debug>(value: &T) {
    assert_eq!(T::decode(&value.encode()).as_ref(), Ok(value));
}

proptest! {
    #[test]
    fn names_survive(attributes in attributes()) {
        let read = DistinguishedName::from_der(&name::encode(&attributes).unwrap()).unwrap();
        prop_assert_eq!(read.attributes().len(), attributes.len());
        for (read, wrote) in read.attributes().iter().zip(&attributes) {
            prop_assert_eq!(read.oid(), &wrote.oid.0);
            prop_assert_eq!(read.text(), &wrote.value);
            prop_assert!(read.is(wrote.string));
        }
    }

    #[test]
    fn crl_entries_survive(
        serial in serials(),
        date in times(),
        reason in 0_usize..10,
        invalidity in proptest::option::of(times()),
    ) {
        let (reason, number) = RevocationReason::ALL.into_iter().nth(reason).unwrap();
        let entry = CrlEntry { serial: &serial, date, reason: number, invalidity };
        let entry = entry.to_der().unwrap();
        prop_assert_eq!(entry.first(), Some(&0x30));
        prop_assert_eq!(reason.number(), number);
    }

    #[test]
    fn extensions_survive(
        serial in serials(),
        key in proptest::collection::vec(any::<u8>(), 0..64),
        text in "\\PC{1,200}",
        urls in proptest::collection::vec("https?://[!-~]{1,200}", 1..4),
        bits in proptest::collection::vec(0_usize..9, 0..9),
        (number, from, to) in (any::<u64>(), times(), times()),
    ) {
        let bits = bits.into_iter().filter_map(|bit| KeyUsage::ALL.into_iter().nth(bit));
        survives(&KeyUsages::new(bits));
        survives(&SubjectKeyIdentifier(key.clone()));
        let issuer = name::encode(&[]).unwrap();
        let certificate = Some(IssuerSerial { issuer, serial });
        survives(&AuthorityKeyIdentifier { key: Some(key), certificate });
        survives(&AuthorityKeyIdentifier::default());
        survives(&SubjectSignTool(text.clone()));
        let [sign_tool, ca_tool, sign_tool_document, ca_tool_document] =
            core::array::from_fn(|_| text.clone());
        survives(&IssuerSignTool { sign_tool, ca_tool, sign_tool_document, ca_tool_document });
        let oids = vec!["1.2.643.100.113.1".parse::<Oid>().unwrap().0; 3];
        survives(&Policies { policies: oids.clone(), notices: vec![text; 2] });
        survives(&ExtendedKeyUsage(oids));
        survives(&CrlLocations(urls.clone()));
        survives(&InformationLocations { ocsp: urls.clone(), issuer: urls });
        survives(&PrivateKeyUsagePeriod { not_before: Some(from), not_after: Some(to) });
        survives(&BasicConstraints { authority: true, path_length: number.try_into().ok() });
        survives(&CrlNumber(number));
        survives(&InvalidityDate(from));
    }

    #[test]
    fn anything_uploaded_is_an_answer(upload in proptest::collection::vec(any::<u8>(), 0..500)) {
        let _answer = request::from_upload(&upload);
        let _read = (
            Certificate::from_der(&upload),
            TbsCertificate::from_der(&upload),
            CertificateList::from_der(&upload),
            DistinguishedName::from_der(&upload),
        );
    }

    #[test]
    fn spoilt_octets_are_an_answer(
        position in 0_usize..400,
        octets in proptest::collection::vec(any::<u8>(), 1..4),
        kind in 0_usize..3,
    ) {
        let files = ["generated/person.p10", "generated/ca256.crl", "generated/person.cer"];
        let mut spoilt = sample(files.into_iter().nth(kind).unwrap());
        let end = position.saturating_add(octets.len());
        if let Some(place) = spoilt.get_mut(position..end) {
            place.copy_from_slice(&octets);
        }
        if let Ok(request) = CertificationRequest::from_der(&spoilt) {
            let _asked = request.requested_extensions();
        }
        if let Ok(list) = CertificateList::from_der(&spoilt) {
            prop_assert_eq!(list.entries().count(), list.listed().count());
        }
        let _certificate = Certificate::from_der(&spoilt);
    }
}
