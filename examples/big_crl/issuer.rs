//! The authority of the example. Its key is a constant: **no security**.

use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::oid::Oid;
use gost_ca::profile::{Locations, Preset, Profile};
use gost_ca::provider::{CertificateAuthority, Decision, Rng, Signer, Submission};
use gost_ca::registration::{IdentificationKind, StringType, SubjectAttribute, SubjectKind};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::{Certificate, SerialNumber};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::{ParameterSet, SigningKey};

use crate::Result;

/// A key whose private half is a function of its number.
pub(crate) fn key(number: u8) -> Result<Arc<GostSigner>> {
    let mut octets = [number; 32];
    octets[31] = 0x1f;
    let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &octets)?;
    Ok(Arc::new(GostSigner::new(key, Arc::new(SystemRng))?))
}

pub(crate) fn profile() -> Profile {
    Preset::SignIn.profile(None, Locations::default())
}

/// The root, with a new certificate or with the one that it has.
pub(crate) async fn authority(known: Option<Certificate>) -> Result<LocalAuthority> {
    let (verifier, signer) = (Arc::new(GostVerifier), key(1)?);
    let profile = Preset::Root.profile(Some(tools()), Locations::default());
    let own = if let Some(certificate) = known {
        AuthorityKey::new(signer, certificate, &*verifier)?
    } else {
        let root = SelfSigned {
            subject: &subject("gost-ca big_crl"),
            profile: &profile,
            validity: profile.validity_from(Timestamp::now()),
            serial: SerialNumber::from_magnitude(&[0x51; 16])?,
        };
        AuthorityKey::self_signed(signer, &root, &*verifier).await?
    };
    Ok(LocalAuthority::new(own, verifier, &SystemRng)?)
}

/// A certificate of somebody, signed by the root.
pub(crate) async fn certify(root: &LocalAuthority, number: u8) -> Result<Certificate> {
    let (profile, subject) = (profile(), person(number));
    let signer = key(number)?;
    let request = RequestBuilder::new(&subject)?.with_profile(&profile).sign(&*signer).await?;
    let mut id = [0; 16];
    SystemRng.fill(&mut id)?;
    let id = CommandId::new(id);
    let submission = Submission {
        id,
        case: CaseId::made_by(&id),
        request,
        subject,
        kind: SubjectKind::NaturalPerson,
        notice: None,
        identification: IdentificationKind::Personal,
        validity: profile.validity_from(Timestamp::now()),
        partition: 0,
        profile,
    };
    match root.submit(&submission).await? {
        Decision::Prepared(prepared) => Ok(root.complete(&prepared).await?),
        other => Err(format!("the root was to sign, not {other:?}").into()),
    }
}

pub(crate) fn public_key(signer: &GostSigner) -> gost_ca::x509::PublicKey {
    signer.public_key().clone()
}

fn tools() -> gost_ca::profile::SignTools {
    let text = |text: &str| text.to_owned();
    gost_ca::profile::SignTools {
        subject: text("gost-ca, пример"),
        issuer: text("gost-ca, пример"),
        authority: text("gost-ca, пример"),
        issuer_document: text("нет"),
        authority_document: text("нет"),
    }
}

/// An invented organisation with right check digits.
fn subject(name: &str) -> Vec<SubjectAttribute> {
    use StringType::{Numeric, Printable, Utf8};
    attributes(&[
        ("2.5.4.3", Utf8, name),
        ("2.5.4.10", Utf8, "ООО «Учебный удостоверяющий центр»"),
        ("2.5.4.6", Printable, "RU"),
        ("2.5.4.8", Utf8, "77 г. Москва"),
        ("2.5.4.7", Utf8, "г. Москва"),
        ("2.5.4.9", Utf8, "ул. Учебная, д. 1"),
        ("1.2.643.100.1", Numeric, "1029900000019"),
        ("1.2.643.100.4", Numeric, "9900000120"),
    ])
}

/// As the registration data of an invented person says it.
fn person(number: u8) -> Vec<SubjectAttribute> {
    let record = crate::people::staff(u32::from(number), &format!("person-{number}"));
    record.map(|record| record.data.subject_attributes()).unwrap_or_default()
}

fn attributes(all: &[(&str, StringType, &str)]) -> Vec<SubjectAttribute> {
    let attribute = |(oid, string, value): &(&str, StringType, &str)| SubjectAttribute {
        oid: Oid::new_unwrap(oid),
        string: *string,
        value: (*value).to_owned(),
    };
    all.iter().map(attribute).collect()
}
