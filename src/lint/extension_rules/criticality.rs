//! Which extensions are critical, and which are not.

use const_oid::ObjectIdentifier;

use super::super::artefact::{Artefact, Extension};
use super::super::rule::{Broken, named, nowhere};
use super::known;

/// How the standards wish an extension.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    MustBe,
    MustNotBe,
    ShouldBe,
    ShouldNotBe,
    /// For others to say.
    Free,
}

use Wish::{Free, MustBe, MustNotBe, ShouldBe, ShouldNotBe};

/// Sections of RFC 5280, but for the last three: order No 795 and, of 34.10-2012, RFC 9215 §5.
const WISHES: [(ObjectIdentifier, Wish); 29] = [
    (of("2.5.29.35"), MustNotBe),          // authorityKeyIdentifier, 4.2.1.1
    (of("2.5.29.14"), MustNotBe),          // subjectKeyIdentifier, 4.2.1.2
    (of("2.5.29.15"), ShouldBe),           // keyUsage, 4.2.1.3
    (of("2.5.29.32"), Free),               // certificatePolicies, 4.2.1.4
    (of("2.5.29.33"), ShouldBe),           // policyMappings, 4.2.1.5
    (of("2.5.29.17"), Free),               // subjectAltName, 4.2.1.6
    (of("2.5.29.18"), ShouldNotBe),        // issuerAltName, 4.2.1.7
    (of("2.5.29.9"), MustNotBe),           // subjectDirectoryAttributes, 4.2.1.8
    (of("2.5.29.19"), Free),               // basicConstraints, 4.2.1.9: see `musts`
    (of("2.5.29.30"), MustBe),             // nameConstraints, 4.2.1.10
    (of("2.5.29.36"), MustBe),             // policyConstraints, 4.2.1.11
    (of("2.5.29.37"), Free),               // extKeyUsage, 4.2.1.12
    (of("2.5.29.31"), ShouldNotBe),        // cRLDistributionPoints, 4.2.1.13
    (of("2.5.29.54"), MustBe),             // inhibitAnyPolicy, 4.2.1.14
    (of("2.5.29.46"), MustNotBe),          // freshestCRL, 4.2.1.15, 5.2.6
    (of("1.3.6.1.5.5.7.1.1"), MustNotBe),  // authorityInfoAccess, 4.2.2.1, 5.2.7
    (of("1.3.6.1.5.5.7.1.11"), MustNotBe), // subjectInfoAccess, 4.2.2.2
    (of("2.5.29.20"), MustNotBe),          // cRLNumber, 5.2.3
    (of("2.5.29.27"), MustBe),             // deltaCRLIndicator, 5.2.4
    (of("2.5.29.28"), MustBe),             // issuingDistributionPoint, 5.2.5
    (of("2.5.29.21"), MustNotBe),          // reasonCode, 5.3.1
    (of("2.5.29.24"), MustNotBe),          // invalidityDate, 5.3.2
    (of("2.5.29.29"), MustBe),             // certificateIssuer, 5.3.3
    (of("2.5.29.16"), MustNotBe),          // privateKeyUsagePeriod, RFC 3280 §4.2.1.4
    (of("1.3.6.1.5.5.7.48.1.5"), Free),    // id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1
    (of("1.3.6.1.5.5.7.1.24"), Free),      // tlsfeature, RFC 7633
    (of("1.2.643.100.111"), ShouldNotBe),  // subjectSignTool
    (of("1.2.643.100.112"), ShouldNotBe),  // issuerSignTool
    (of("1.2.643.100.114"), ShouldNotBe),  // identificationKind
];

const fn of(dots: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(dots)
}

/// Those that a standard decides. An authority's `basicConstraints` must be critical too (§4.2.1.9).
pub(super) fn musts(it: &Artefact<'_>) -> Broken {
    let authority = it.is_authority();
    let broken = |extension: &Extension<'_>| match wish(extension) {
        MustBe => !extension.is_critical(),
        MustNotBe => extension.is_critical(),
        _ => authority && known::is_basic_constraints(extension) && !extension.is_critical(),
    };
    nowhere(it.all_extensions().filter(broken).map(|extension| named(extension.oid)))
}

/// Those that a standard recommends.
pub(super) fn shoulds(it: &Artefact<'_>) -> Broken {
    let broken = |extension: &Extension<'_>| match wish(extension) {
        ShouldBe => !extension.is_critical(),
        ShouldNotBe => extension.is_critical(),
        _ => false,
    };
    nowhere(it.all_extensions().filter(broken).map(|extension| named(extension.oid)))
}

/// Whether everybody who checks paths by RFC 5280 knows it.
pub(super) fn is_processed(extension: &Extension<'_>) -> bool {
    let known = WISHES.iter().any(|(oid, _)| oid.as_bytes() == extension.oid);
    known && !extension.oid.starts_with(of("1.2.643.100").as_bytes())
}

fn wish(extension: &Extension<'_>) -> Wish {
    let found = WISHES.iter().find(|(oid, _)| oid.as_bytes() == extension.oid);
    found.map_or(Free, |(_, wish)| *wish)
}
