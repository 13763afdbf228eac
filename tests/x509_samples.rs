//! Certificates, requests and CRLs that nobody here made.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::registration::IdentificationKind;
use gost_ca::x509::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, CrlLocations, ExtendedKeyUsage, InformationLocations,
    IssuerSignTool, KeyUsages, Policies, PrivateKeyUsagePeriod, SubjectKeyIdentifier,
    SubjectSignTool,
};
use gost_ca::x509::{BadDer, Certificate, CertificationRequest, DistinguishedName, ExtensionValue};

fn samples(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples").join(folder);
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

fn certificate(path: &Path) -> Certificate {
    let der = fs::read(path).unwrap();
    Certificate::from_der(&der).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

type Both = (Vec<u8>, Vec<u8>);

/// An extension's octets, and what an encoder here makes of what a decoder here read.
fn again<T: ExtensionValue>(certificate: &Certificate) -> Result<Option<Both>, BadDer> {
    let Some(found) = certificate.extension(&T::OID) else { return Ok(None) };
    Ok(Some((found.value.clone(), T::decode(&found.value)?.encode())))
}

#[test]
fn real_extensions_are_read() {
    let mut broken = Vec::new();
    for path in ["ca-ru", "ee", "testca", "generated"].iter().flat_map(|f| samples(f, "cer")) {
        // A serial number of 0 (RFC 5280 §4.1.2.2), a BOOLEAN TRUE of 01: others' test authorities.
        if ["gnutls-pkcs12-ca.cer", "rudonick-pushkin.cer"].iter().any(|bad| path.ends_with(bad)) {
            assert!(Certificate::from_der(&fs::read(&path).unwrap()).is_err());
            continue;
        }
        let certificate = certificate(&path);
        for read in [
            again::<AuthorityKeyIdentifier>(&certificate),
            again::<BasicConstraints>(&certificate),
            again::<CrlLocations>(&certificate),
            again::<ExtendedKeyUsage>(&certificate),
            again::<IdentificationKind>(&certificate),
            again::<InformationLocations>(&certificate),
            again::<IssuerSignTool>(&certificate),
            again::<KeyUsages>(&certificate),
            again::<Policies>(&certificate),
            again::<PrivateKeyUsagePeriod>(&certificate),
            again::<SubjectKeyIdentifier>(&certificate),
            again::<SubjectSignTool>(&certificate),
        ] {
            broken.extend(read.err().map(|error| (path.clone(), error)));
        }
        for name in [certificate.issuer(), certificate.subject()] {
            let name = DistinguishedName::from_der(name).unwrap();
            for attribute in name.attributes() {
                let postal_address = attribute.oid().to_string() == "2.5.4.16"; // a SEQUENCE
                assert_eq!(attribute.text().starts_with('#'), postal_address, "{name}");
            }
        }
    }
    // BOOLEAN TRUE written as 01: BER.
    let [(path, error)] = broken.as_slice() else { panic!("{broken:?}") };
    assert!(path.ends_with("pfr-2015-12-07t08-35-00z-2019-04-21t11-15-00z.cer"));
    assert_eq!(error.what, "basicConstraints");
}

/// Samples of the profile that is written here come out of the encoders octet by octet.
#[test]
fn qualified_extensions_are_written_as_others_write_them() {
    for name in ["person", "ip", "ul", "auto", "ca256"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/generated");
        let certificate = certificate(&folder.join(name).with_extension("cer"));
        for (original, written) in [
            again::<AuthorityKeyIdentifier>(&certificate),
            again::<BasicConstraints>(&certificate),
            again::<CrlLocations>(&certificate),
            again::<ExtendedKeyUsage>(&certificate),
            again::<IdentificationKind>(&certificate),
            again::<InformationLocations>(&certificate),
            again::<IssuerSignTool>(&certificate),
            again::<KeyUsages>(&certificate),
            again::<Policies>(&certificate),
            again::<PrivateKeyUsagePeriod>(&certificate),
            again::<SubjectKeyIdentifier>(&certificate),
            again::<SubjectSignTool>(&certificate),
        ]
        .into_iter()
        .filter_map(Result::unwrap)
        {
            assert_eq!(original, written, "{name}");
        }
        let key = SubjectKeyIdentifier::of(certificate.public_key());
        assert_eq!(certificate.subject_key(), Some(key.0), "{name}");
    }
}

#[test]
fn requests_are_read() {
    for path in samples("generated", "p10") {
        let request = CertificationRequest::from_der(&fs::read(&path).unwrap());
        assert!(request.is_ok(), "{}: {request:?}", path.display());
    }
}

#[test]
fn malformed_certificates_are_refused_where_der_is_broken() {
    let refused: Vec<_> = samples("malformed", "cer")
        .iter()
        .filter(|path| Certificate::from_der(&fs::read(path).unwrap()).is_err())
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(
        refused,
        ["long-length", "pub-unused-bits", "serial-21-bytes", "serial-nonminimal", "trailing"]
    );
}

#[test]
fn a_flipped_octet_never_panics() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/generated");
    let good = fs::read(folder.join("ul.cer")).unwrap();
    for position in 0..good.len() {
        for mask in [0x01, 0x20, 0x80, 0xff] {
            let mut bad = good.clone();
            bad[position] ^= mask;
            let Ok(certificate) = Certificate::from_der(&bad) else { continue };
            let _read = (
                certificate.find::<AuthorityKeyIdentifier>(),
                certificate.find::<Policies>(),
                certificate.find::<CrlLocations>(),
                certificate.find::<InformationLocations>(),
                certificate.find::<PrivateKeyUsagePeriod>(),
                certificate.find::<IssuerSignTool>(),
            );
        }
    }
}
