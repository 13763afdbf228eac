//! A saboteur for every promise of an authority.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::id::{CaseId, CommandId};
use gost_ca::profile::{Locations, Preset, Profile, SignTools};
use gost_ca::provider::authority::{CrlHeading, CrlIssuer, Validity};
use gost_ca::provider::key_store::{Digest, Message};
use gost_ca::provider::{
    CertificateAuthority, Decision, ErrorKind, Prepared, Refused, Result, Rng, Signer, Submission,
    Ticket,
};
use gost_ca::registration::{AttributeRule, IdentificationKind, SubjectAttribute, SubjectKind};
use gost_ca::request::RequestBuilder;
use gost_ca::x509::crl::CrlFrame;
use gost_ca::x509::{Certificate, KeyIdentity, SerialNumber};
use gost_ca_conformance::{AuthorityUnderTest, authority, authority_checks, block_on};
use gost_ca_memory::SeededRng;
use gost_ca_software::{GostSigner, GostVerifier};
use gost3410::{ParameterSet, SigningKey};

type SignCrl = fn(&Saboteur, &CrlHeading, &CrlFrame, &Digest) -> Result<Vec<u8>>;

/// A good authority but for what is replaced.
#[derive(Clone)]
struct Saboteur {
    good: Arc<LocalAuthority>,
    /// Signs what the good one would not.
    signer: Arc<GostSigner>,
    submit: fn(&Self, &Submission) -> Result<Decision>,
    complete: fn(&Self, &Prepared) -> Result<Certificate>,
    poll: fn(&Self, &Ticket) -> Result<Decision>,
    sign_crl: SignCrl,
}

impl std::fmt::Debug for Saboteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Saboteur")
    }
}

#[async_trait]
impl CertificateAuthority for Saboteur {
    async fn submit(&self, submission: &Submission) -> Result<Decision> {
        (self.submit)(self, submission)
    }
    async fn complete(&self, prepared: &Prepared) -> Result<Certificate> {
        (self.complete)(self, prepared)
    }
    async fn poll(&self, ticket: &Ticket) -> Result<Decision> {
        (self.poll)(self, ticket)
    }
    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        Some(self)
    }
}

#[async_trait]
impl CrlIssuer for Saboteur {
    async fn sign_crl(
        &self,
        heading: &CrlHeading,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Result<Vec<u8>> {
        (self.sign_crl)(self, heading, frame, digest)
    }
}

impl Saboteur {
    fn good() -> Self {
        let signer = signer(1);
        Self {
            good: Arc::new(block_on(local(Arc::clone(&signer)))),
            signer,
            submit: |this, submission| block_on(this.good.submit(submission)),
            complete: |this, prepared| block_on(this.good.complete(prepared)),
            poll: |this, ticket| block_on(this.good.poll(ticket)),
            sign_crl: |this, heading, frame, digest| {
                block_on(this.good.sign_crl(heading, frame, digest))
            },
        }
    }

    fn prepare(&self, submission: &Submission) -> Result<Prepared> {
        match block_on(self.good.submit(submission))? {
            Decision::Prepared(prepared) => Ok(prepared),
            other => Err(ErrorKind::Invalid.at(format!("{other:?}"))),
        }
    }

    /// Signs anything.
    fn sign(&self, tbs: &[u8]) -> Vec<u8> {
        sign_by(&self.signer, tbs)
    }

    #[track_caller]
    fn trips(&self, ids: &[&str]) {
        let submission = block_on(submission());
        let report = block_on(authority(
            "saboteur",
            &AuthorityUnderTest {
                open: &|| Box::new(self.clone()),
                submission: &submission,
                issuers: std::slice::from_ref(self.good.certificate()),
                verifier: &GostVerifier,
            },
        ));
        let expected: BTreeSet<_> = ids.iter().copied().collect();
        assert_eq!(report.failed(), expected, "{report}");
    }
}

fn sign_by(signer: &GostSigner, tbs: &[u8]) -> Vec<u8> {
    let signature = block_on(signer.sign(Message::Bytes(tbs))).unwrap();
    let bits = [&[0][..], &signature].concat();
    let algorithm = spki_der(signer);
    let parts = [tbs, &algorithm, &tlv(0x03, &bits)].concat();
    tlv(0x30, &parts)
}

fn spki_der(signer: &GostSigner) -> Vec<u8> {
    let oid = signer.algorithm().oid;
    tlv(0x30, &tlv(0x06, oid.as_bytes()))
}

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    let long: Vec<u8> = length.iter().copied().skip_while(|octet| *octet == 0).collect();
    let header = match u8::try_from(contents.len()) {
        Ok(short) if short < 0x80 => vec![tag, short],
        _ => [&[tag, 0x80 | u8::try_from(long.len()).unwrap()][..], &long].concat(),
    };
    [header, contents.to_vec()].concat()
}

/// The same bytes with something else of the same length in the place of something.
fn replaced(tbs: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let place = tbs.windows(from.len()).position(|window| window == from).unwrap();
    let (before, rest) = tbs.split_at(place);
    [before, to, rest.split_at(from.len()).1].concat()
}

fn rng(seed: u64) -> Arc<dyn Rng> {
    Arc::new(SeededRng::new(seed))
}

fn signer(seed: u64) -> Arc<GostSigner> {
    let set = ParameterSet::from_oid("1.2.643.2.2.35.1".parse().unwrap()).unwrap();
    let mut octets = [0; 32];
    SeededRng::new(seed).fill(&mut octets).unwrap();
    *octets.last_mut().unwrap() = 0; // below the order
    let key = SigningKey::from_le_bytes(set, &octets).unwrap();
    Arc::new(GostSigner::new(key, rng(seed)).unwrap())
}

fn profile(preset: Preset) -> Profile {
    let tools = SignTools {
        subject: "Средство".to_owned(),
        issuer: "Средство УЦ".to_owned(),
        authority: "ПО УЦ".to_owned(),
        issuer_document: "Документ № 1".to_owned(),
        authority_document: "Документ № 2".to_owned(),
    };
    let crl = vec!["http://ca.example/1.crl".to_owned()];
    preset.profile(Some(tools), Locations { crl, ..Locations::default() })
}

fn subject(values: &[(&str, &str)]) -> Vec<SubjectAttribute> {
    let attribute = |&(name, value): &(&str, &str)| {
        let rule = AttributeRule::ALL.iter().find(|rule| rule.name == name).unwrap();
        SubjectAttribute { oid: rule.oid, string: rule.string, value: value.to_owned() }
    };
    values.iter().map(attribute).collect()
}

async fn local(signer: Arc<GostSigner>) -> LocalAuthority {
    let name = subject(&[
        ("commonName", "Пробный УЦ"),
        ("organizationName", "ООО «Проба»"),
        ("countryName", "RU"),
        ("stateOrProvinceName", "77 г. Москва"),
        ("localityName", "г. Москва"),
        ("streetAddress", "ул. Пробная, д. 1"),
        ("OGRN", "1157700000017"),
        ("INNLE", "7712345671"),
    ]);
    let root = SelfSigned {
        subject: &name,
        profile: &profile(Preset::Root),
        validity: Validity {
            not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
            not_after: "2041-01-01T00:00:00Z".parse().unwrap(),
        },
        serial: SerialNumber::from_random([7; 16]),
    };
    let key = AuthorityKey::self_signed(signer, &root, &GostVerifier).await.unwrap();
    LocalAuthority::new(key, Arc::new(GostVerifier), &*rng(2)).unwrap()
}

async fn submission() -> Submission {
    let subject = subject(&[
        ("surname", "Ёлкина"),
        ("givenName", "Анна"),
        ("commonName", "Ёлкина Анна"),
        ("countryName", "RU"),
        ("SNILS", "11223344595"),
        ("INN", "500100732259"),
    ]);
    let profile = profile(Preset::Commercial);
    let request = RequestBuilder::new(&subject).unwrap().with_profile(&profile);
    Submission {
        id: CommandId::new([1; 16]),
        case: CaseId::new([2; 16]),
        request: request.sign(&*signer(3)).await.unwrap(),
        subject,
        kind: SubjectKind::NaturalPerson,
        notice: None,
        identification: IdentificationKind::Personal,
        validity: profile.validity_from("2026-11-23T09:00:00Z".parse().unwrap()),
        partition: 0,
        profile,
    }
}

#[test]
fn a_good_authority_keeps_every_promise() {
    Saboteur::good().trips(&[]);
    let ids: BTreeSet<_> = authority_checks().iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), authority_checks().len());
}

#[test]
fn forgets_what_it_decided() {
    let submit = |this: &Saboteur, submission: &Submission| {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
        let id = CommandId::new(count.to_be_bytes());
        block_on(this.good.submit(&Submission { id, ..submission.clone() }))
    };
    Saboteur { submit, ..Saboteur::good() }
        .trips(&["authority/submit-is-idempotent", "authority/concurrent-submit"]);
}

#[test]
fn gives_the_same_number_twice() {
    let submit = |this: &Saboteur, submission: &Submission| {
        let id = CommandId::new([9; 16]);
        block_on(this.good.submit(&Submission { id, ..submission.clone() }))
    };
    Saboteur { submit, ..Saboteur::good() }.trips(&["authority/serials-differ"]);
}

#[test]
fn accepts_anything() {
    let submit = |this: &Saboteur, submission: &Submission| {
        let id = submission.id;
        block_on(this.good.submit(&Submission { id, ..block_on(self::submission()) }))
    };
    Saboteur { submit, ..Saboteur::good() }.trips(&["authority/refusal-is-stable"]);
}

#[test]
fn refuses_for_another_reason_each_time() {
    let submit = |this: &Saboteur, submission: &Submission| {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let code = format!("mood-{}", COUNT.fetch_add(1, Ordering::Relaxed));
        match block_on(this.good.submit(submission))? {
            Decision::Refused(why) => Ok(Decision::Refused(Refused { code, ..why })),
            other => Ok(other),
        }
    };
    Saboteur { submit, ..Saboteur::good() }.trips(&["authority/refusal-is-stable"]);
}

#[test]
fn knows_every_ticket() {
    let poll = |_: &Saboteur, ticket: &Ticket| Ok(Decision::Deferred(ticket.clone()));
    Saboteur { poll, ..Saboteur::good() }.trips(&["authority/unknown-ticket"]);
    let poll = |_: &Saboteur, _: &Ticket| Err(ErrorKind::Fault.at("poll"));
    Saboteur { poll, ..Saboteur::good() }.trips(&["authority/unknown-ticket"]);
}

#[test]
fn prepares_one_number_and_writes_another() {
    let submit = |this: &Saboteur, submission: &Submission| {
        let mut prepared = this.prepare(submission)?;
        prepared.serial = SerialNumber::from_random(*submission.id.octets());
        Ok(Decision::Prepared(prepared))
    };
    let complete = |this: &Saboteur, prepared: &Prepared| {
        let certificate = this.sign(&prepared.tbs);
        Certificate::from_der(&certificate).map_err(|_| ErrorKind::Invalid.at("complete"))
    };
    // It accepts everything else that it prepared so, and refuses nothing.
    Saboteur { submit, complete, ..Saboteur::good() }.trips(&[
        "authority/refusal-is-stable",
        "authority/prepared-is-true",
        "authority/complete-unknown-key",
        "authority/complete-refuses-others",
    ]);
}

#[test]
fn signs_with_a_strangers_key() {
    let complete = |this: &Saboteur, prepared: &Prepared| {
        block_on(this.good.complete(prepared))?;
        Ok(Certificate::from_der(&sign_by(&signer(8), &prepared.tbs)).unwrap())
    };
    Saboteur { complete, ..Saboteur::good() }
        .trips(&["authority/issued-verifies", "authority/issued-answers-request"]);
}

#[test]
fn signs_other_bytes_than_prepared() {
    let complete = |this: &Saboteur, prepared: &Prepared| {
        block_on(this.good.complete(prepared))?;
        let tbs = replaced(&prepared.tbs, "Ёлкина".as_bytes(), "Палкин".as_bytes());
        Ok(Certificate::from_der(&this.sign(&tbs)).unwrap())
    };
    Saboteur { complete, ..Saboteur::good() }
        .trips(&["authority/issued-answers-request", "authority/signs-what-was-prepared"]);
}

#[test]
fn signs_other_bytes_each_time() {
    let complete = |this: &Saboteur, prepared: &Prepared| {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        block_on(this.good.complete(prepared))?;
        let serial = SerialNumber::from_random(
            [0; 16].map(|_: u8| u8::try_from(COUNT.fetch_add(1, Ordering::Relaxed) % 256).unwrap()),
        );
        let (from, to) = (prepared.serial.as_der_contents(), serial.as_der_contents());
        Ok(Certificate::from_der(&this.sign(&replaced(&prepared.tbs, from, to))).unwrap())
    };
    Saboteur { complete, ..Saboteur::good() }
        .trips(&["authority/signs-what-was-prepared", "authority/complete-again"]);
}

#[test]
fn signs_for_any_key() {
    let complete = |this: &Saboteur, prepared: &Prepared| {
        let issuer = *this.good.keys().next().unwrap().identity();
        block_on(this.good.complete(&Prepared { issuer, ..prepared.clone() }))
    };
    Saboteur { complete, ..Saboteur::good() }.trips(&["authority/complete-unknown-key"]);
}

#[test]
fn signs_whatever_it_is_given() {
    let complete = |this: &Saboteur, prepared: &Prepared| {
        let known = this.good.keys().any(|key| *key.identity() == prepared.issuer);
        known.then_some(()).ok_or_else(|| ErrorKind::NotFound.at("complete"))?;
        let certificate = Certificate::from_der(&this.sign(&prepared.tbs));
        certificate.map_err(|_| ErrorKind::Invalid.at("complete"))
    };
    Saboteur { complete, ..Saboteur::good() }.trips(&["authority/complete-refuses-others"]);
}

#[test]
fn outlives_itself() {
    let submit = |this: &Saboteur, submission: &Submission| {
        let end = submission.validity.not_after;
        match block_on(this.good.submit(submission))? {
            Decision::Prepared(mut prepared) if end > prepared.validity.not_after => {
                prepared.validity.not_after = end;
                Ok(Decision::Prepared(prepared))
            }
            other => Ok(other),
        }
    };
    Saboteur { submit, ..Saboteur::good() }.trips(&["authority/end-within-issuer"]);
}

#[test]
fn signs_a_crl_with_a_strangers_key() {
    let sign_crl: SignCrl = |this, heading, frame, digest| {
        block_on(this.good.sign_crl(heading, frame, digest))?;
        block_on(signer(8).sign(Message::Digest(digest)))
    };
    Saboteur { sign_crl, ..Saboteur::good() }.trips(&["authority/crl-verifies"]);
}

#[test]
fn signs_around_anything() {
    let sign_crl: SignCrl = |this, heading, _, digest| {
        let issuer = this.good.keys().next().unwrap();
        if heading.issuer != *issuer.identity() {
            return Err(ErrorKind::NotFound.at("key"));
        }
        block_on(this.signer.sign(Message::Digest(digest)))
    };
    Saboteur { sign_crl, ..Saboteur::good() }.trips(&["authority/crl-other-frame"]);
}

#[test]
fn signs_crls_for_any_key() {
    let sign_crl: SignCrl = |this, heading, frame, digest| {
        let issuer: KeyIdentity = *this.good.keys().next().unwrap().identity();
        block_on(this.good.sign_crl(&CrlHeading { issuer, ..heading.clone() }, frame, digest))
    };
    Saboteur { sign_crl, ..Saboteur::good() }.trips(&["authority/crl-unknown-key"]);
}

/// Every promise is broken by some saboteur above.
#[test]
fn every_promise_has_a_saboteur() {
    let this = include_str!("saboteurs_authority.rs");
    for check in authority_checks() {
        assert!(this.contains(&format!("\"{}\"", check.id)), "{}", check.id);
    }
}
