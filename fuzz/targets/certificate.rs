//! Certificates: read, shown, printed, examined by every rule, verified.
#![no_main]

use std::sync::LazyLock;

use gost_ca::print::{Reading, Zone};
use gost_ca::profile::gate::check_profile;
use gost_ca::profile::{Locations, Preset, Profile};
use gost_ca::provider::Verifier;
use gost_ca::x509::Certificate;
use gost_ca_software::GostVerifier;
use libfuzzer_sys::fuzz_target;

static PROFILE: LazyLock<Profile> =
    LazyLock::new(|| Preset::Root.profile(None, Locations::default()));
static ZONE: LazyLock<Zone> = LazyLock::new(|| Zone::new(3, "МСК, UTC+3").expect("a zone"));

fuzz_target!(|der: &[u8]| {
    let Ok(certificate) = Certificate::from_der(der) else { return };
    assert_eq!(certificate.as_der(), der);
    let _shown = Reading::of_certificate(&certificate, &ZONE);
    let _findings = check_profile(certificate.tbs(), &PROFILE);
    let _key = GostVerifier.identify(certificate.public_key());
    let _by_itself = certificate.verify(certificate.public_key(), &GostVerifier);
});
