//! The authority of the day: a root of its own, and an issuing key under it.

use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::oid::Oid;
use gost_ca::profile::{Preset, Profile, SignTools};
use gost_ca::provider::authority::{Decision, Submission};
use gost_ca::provider::key_store::KeyAlgorithm;
use gost_ca::provider::{CertificateAuthority, Rng, Signer};
use gost_ca::registration::{IdentificationKind, StringType, SubjectAttribute, SubjectKind};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::{Certificate, SerialNumber};

use crate::Result;
use crate::office::{locations, random, verifier};

/// The root's certificate, and the authority that issues.
pub(crate) struct Authority {
    pub(crate) root: Certificate,
    pub(crate) issuing: LocalAuthority,
}

impl Authority {
    /// Makes both out of two fresh keys.
    pub(crate) async fn make(
        root: Arc<dyn Signer>,
        issuing: Arc<dyn Signer>,
        algorithm: KeyAlgorithm,
        rng: &dyn Rng,
    ) -> Result<Self> {
        let verifier = verifier();
        let profile = profile_of(Preset::Root, algorithm);
        let serial = SerialNumber::from_magnitude(&random::<16>(rng)?)?;
        let validity = profile.validity_from(Timestamp::now());
        let name = subject("Учебный корневой УЦ gost-ca");
        let own = SelfSigned { subject: &name, profile: &profile, validity, serial };
        let key = AuthorityKey::self_signed(root, &own, &*verifier).await?;
        let root = LocalAuthority::new(key, Arc::clone(&verifier), rng)?;

        let profile = profile_of(Preset::Subordinate, algorithm);
        let certificate = certify(&root, &*issuing, profile, random(rng)?).await?;
        let answer = (certificate, root.certificate());
        // the second may have changed since the root was made
        let key = AuthorityKey::install(issuing, answer, Timestamp::now(), &*verifier)?;
        let issuing = LocalAuthority::new(key, verifier, rng)?;
        Ok(Self { root: root.certificate().clone(), issuing })
    }
}

/// The root certifies the issuing key, by its request.
async fn certify(
    root: &LocalAuthority,
    issuing: &dyn Signer,
    profile: Profile,
    id: [u8; 16],
) -> Result<Certificate> {
    let subject = subject("Учебный УЦ gost-ca");
    let request = RequestBuilder::new(&subject)?.with_profile(&profile).sign(issuing).await?;
    let id = CommandId::new(id);
    let submission = Submission {
        id,
        case: CaseId::made_by(&id),
        request,
        subject,
        kind: SubjectKind::LegalEntityAutomated,
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

/// A preset that takes the authority's own kind of keys.
fn profile_of(preset: Preset, algorithm: KeyAlgorithm) -> Profile {
    let mut profile = preset.profile(Some(tools()), locations());
    if !profile.key_algorithms.contains(&algorithm) {
        profile.key_algorithms.push(algorithm);
    }
    profile
}

/// Who the authority is: an invented organisation with right check digits.
fn subject(name: &str) -> Vec<SubjectAttribute> {
    use StringType::{Numeric, Printable, Utf8};
    [
        ("2.5.4.3", Utf8, name),
        ("2.5.4.10", Utf8, "ООО «Учебный удостоверяющий центр»"),
        ("2.5.4.6", Printable, "RU"),
        ("2.5.4.8", Utf8, "77 г. Москва"),
        ("2.5.4.7", Utf8, "г. Москва"),
        ("2.5.4.9", Utf8, "ул. Учебная, д. 1"),
        ("1.2.643.100.1", Numeric, "1029900000019"),
        ("1.2.643.100.4", Numeric, "9900000120"),
    ]
    .map(|(oid, string, value)| SubjectAttribute {
        oid: Oid::new_unwrap(oid),
        string,
        value: value.to_owned(),
    })
    .into()
}

/// Tools of an authority that is not certified: a training one says so (R8).
pub(crate) fn tools() -> SignTools {
    SignTools {
        subject: "gost-ca, программная реализация (не сертифицирована)".to_owned(),
        issuer: "gost-ca, программная реализация (не сертифицирована)".to_owned(),
        authority: "gost-ca, учебный УЦ (не сертифицирован)".to_owned(),
        issuer_document: "Учебный образец, документа нет".to_owned(),
        authority_document: "Учебный образец, документа нет".to_owned(),
    }
}
