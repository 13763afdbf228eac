//! An authority's own record as the one who knows: documents checked by it, OCSP answered by it.

use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::authority::{AuthorityKey, LocalAuthority, SelfSigned};
use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::id::{AuthorityId, CaseId, CommandId, WriterId};
use gost_ca::lifecycle::OcspStatus;
use gost_ca::profile::{Locations, Preset, SignTools};
use gost_ca::provider::{self, Rng, Signer, UserRecord, Verifier};
use gost_ca::providers::Essentials;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::{Login, RegistrationData, parse_applications};
use gost_ca::registration_authority::Founding;
use gost_ca::request::RequestBuilder;
use gost_ca::view::Role;
use gost_ca::x509::{Certificate, SerialNumber};
use gost_ca::{Providers, RegistrationAuthority, Session, Settings, Timestamp};
use gost_ca_documents::check::Finding;
use gost_ca_documents::ocsp::{Answer, OcspClient, OcspResponder};
use gost_ca_documents::{
    CheckRules, Checker, ContentDigests, HashFunction, Record, Service, Signatory, SignedData,
    Signing, Transport, Verdict, oid,
};
use gost_ca_memory::{MemoryClock, MemoryDirectory, MemoryJournal};
use gost_ca_software::{CheapHasher, GostSigner, GostVerifier, SystemRng};
use gost3410::{ParameterSet, SigningKey};

const BEGIN: &str = "2026-03-02T09:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn key(number: u8) -> Arc<GostSigner> {
    let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &[number; 32]).unwrap();
    Arc::new(GostSigner::new(key, Arc::new(SystemRng)).unwrap())
}

fn fresh() -> CommandId {
    let mut id = [0; 16];
    SystemRng.fill(&mut id).unwrap();
    CommandId::new(id)
}

fn papers(kind: &str) -> RegistrationData {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/applications.json");
    let file = parse_applications(&std::fs::read(path).unwrap()).unwrap();
    let mut checked = file.iter().filter_map(|paper| paper.form.check().ok());
    checked.find(|data| data.subject.kind().name() == kind).unwrap()
}

fn tools() -> SignTools {
    SignTools {
        subject: "Owner's tool".into(),
        issuer: "Authority's tool".into(),
        authority: "Authority's software".into(),
        issuer_document: "No 1".into(),
        authority_document: "No 2".into(),
    }
}

/// A desk with one authority and one certificate, whose key is number 3.
struct Desk {
    ra: RegistrationAuthority,
    session: Session,
    clock: Arc<MemoryClock>,
    root: Certificate,
    case: CaseId,
    certificate: Certificate,
}

impl Desk {
    async fn open() -> Self {
        let clock = Arc::new(MemoryClock::at(at(BEGIN)));
        let (ra, root, opening) = founded(clock.clone()).await;
        let data = papers("legal-entity");
        let login = Login::from_typed("administrator").unwrap();
        let administrator = UserRecord { login, data };
        let administrators = key(2).public_key().clone();
        let founding = Founding { id: fresh(), administrator, key: administrators };
        let session = ra.found(founding).await.unwrap();
        let authority = AuthorityId::made_by(&opening);
        let run =
            async |id, command| ra.execute(&session, &Envelope::new(id, command)).await.unwrap();
        run(opening, Command::OpenAuthority { title: "Root".into() }).await;
        let certificate = root.as_der().to_vec();
        run(fresh(), Command::InstallAuthorityKey { authority, certificate }).await;
        let profile = Preset::Commercial.profile(Some(tools()), locations());
        run(fresh(), Command::AdoptProfile { profile: Box::new(profile) }).await;
        let office = "main".parse().unwrap();
        run(fresh(), Command::OpenOffice { office, title: "Main".into() }).await;
        let data = papers("natural-person");
        let subject = data.subject_attributes();
        let login = Login::from_typed("elkina").unwrap();
        let office = Some("main".parse().unwrap());
        let person = Register { role: Role::User, office, login, data, person_known: false };
        let registered = run(fresh(), Command::Register(Box::new(person))).await;
        let Outcome::Registered { user, .. } = registered else { panic!() };
        let profile = "commercial".parse().unwrap();
        let created = run(fresh(), Command::CreateRequest { user, profile, authority }).await;
        let Outcome::RequestCreated { case } = created else { panic!() };
        let profile = ra.case(&session, &case).await.unwrap().profile;
        let request = RequestBuilder::new(&subject).unwrap().with_profile(&profile);
        let request = request.sign(&*key(3)).await.unwrap().as_der().to_vec();
        run(fresh(), Command::ImportRequest { case, request }).await;
        run(fresh(), Command::Submit { case }).await;
        let certificate = ra.certificate(&session, &case).await.unwrap();
        Self { ra, session, clock, root, case, certificate }
    }

    async fn terminate(&self) {
        let document = "No 17 of 02.03.2026".to_owned();
        let ground = Ground { kind: GroundKind::OwnerApplication, document };
        let command = Command::revoke(self.case, Reason::CessationOfOperation, ground);
        self.ra.execute(&self.session, &Envelope::new(fresh(), command)).await.unwrap();
    }

    async fn check(&self, message: &SignedData, digests: &ContentDigests, time: &str) -> Verdict {
        let anchors = [self.root.clone()];
        let record = Record(&self.ra);
        let mut checker = Checker::new(&anchors, &GostVerifier, CheckRules::at(at(time)));
        checker.source = Some(&record);
        let report = checker.message(message, digests).await;
        let steps = &report.signers[0].steps;
        let revoked = steps.iter().any(|step| step.finding == Finding::StatusRevoked);
        assert_eq!(report.verdict == Verdict::Invalid, revoked, "{report:#?}");
        report.verdict
    }
}

fn locations() -> Locations {
    Locations { crl: vec!["http://ca.example/1.crl".into()], ..Locations::default() }
}

async fn founded(clock: Arc<MemoryClock>) -> (RegistrationAuthority, Certificate, CommandId) {
    let verifier: Arc<dyn Verifier> = Arc::new(GostVerifier);
    let profile = Preset::Root.profile(Some(tools()), Locations::default());
    let subject = papers("legal-entity-automated").subject_attributes();
    let serial = SerialNumber::from_random(*fresh().octets());
    let validity = profile.validity_from(at(BEGIN));
    let root = SelfSigned { subject: &subject, profile: &profile, validity, serial };
    let root = AuthorityKey::self_signed(key(1), &root, &*verifier).await.unwrap();
    let (certificate, opening) = (root.certificate().clone(), fresh());
    let root = LocalAuthority::new(root, verifier.clone(), &SystemRng).unwrap();
    let providers = Providers::new(Essentials {
        journal: Arc::new(MemoryJournal::new(WriterId::new([7; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
        verifier,
        rng: Arc::new(SystemRng),
        password_hasher: Arc::new(CheapHasher),
        clock,
    });
    let providers = providers.with_authority(AuthorityId::made_by(&opening), Arc::new(root));
    (RegistrationAuthority::new(providers, Settings::default()), certificate, opening)
}

#[derive(Debug)]
struct Responder<'a>(&'a RegistrationAuthority, &'a Certificate);

#[async_trait]
impl Transport for Responder<'_> {
    async fn ask(&self, _: Service, time: &str, request: &[u8]) -> provider::Result<Vec<u8>> {
        let (key, record) = (key(1), Record(self.0));
        let signatory = Signatory::new(&*key, self.1).unwrap();
        let issuers = core::slice::from_ref(self.1);
        let responder = OcspResponder::new(signatory, issuers, &record, Answer::default());
        Ok(responder.respond(request, at(time)).await)
    }
}

#[tokio::test]
async fn a_record_knows_its_certificates_at_any_time() {
    let desk = Desk::open().await;
    let own = key(3);
    let signatory = Signatory::new(&*own, &desk.certificate).unwrap();
    let digests = ContentDigests::of(&mut &b"a contract"[..], &HashFunction::ALL).unwrap();
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
    let transport = Responder(&desk.ra, &desk.root);
    let client = OcspClient {
        transport: &transport,
        verifier: &GostVerifier,
        rng: &SystemRng,
        function: HashFunction::Streebog256,
    };
    let ask = async |time| {
        let response = client.ask(time, &desk.certificate, &desk.root).await.unwrap();
        response.about(&desk.certificate, &desk.root).unwrap().status
    };
    let (before, after) = ("2026-03-02T09:30:00Z", "2026-03-02T10:30:00Z");
    assert_eq!(desk.check(&message, &digests, before).await, Verdict::Valid);
    assert_eq!(ask(before).await, OcspStatus::Good);
    desk.clock.set(at("2026-03-02T09:10:00Z"));
    desk.terminate().await;
    desk.clock.set(at("2026-03-02T11:00:00Z"));
    assert_eq!(desk.check(&message, &digests, BEGIN).await, Verdict::Valid);
    assert_eq!(desk.check(&message, &digests, after).await, Verdict::Invalid);
    assert_eq!(ask(BEGIN).await, OcspStatus::Good);
    assert!(matches!(ask(after).await, OcspStatus::Revoked { reason: Some(5), .. }));
    // A number that nobody has.
    let other = crate::support::unsigned(desk.root.subject(), &[1], desk.certificate.public_key());
    let response = client.ask(after, &other, &desk.root).await.unwrap();
    assert_eq!(response.about(&other, &desk.root).unwrap().status, OcspStatus::Unknown);
}
