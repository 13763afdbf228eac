//! Golden octets: every kind of every stream, as it was written and will be read for ever.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::Timestamp;
use gost_ca::audit::checkpoint::{Checkpoint, Grown, SignedCheckpoint};
use gost_ca::authority::CrlPolicy;
use gost_ca::commitment::Commitment;
use gost_ca::desk::scan::{Scan, ScanFormat, ScanKind, ScanOwner};
use gost_ca::entry::{Actor, Entry, Method, VERSION};
use gost_ca::fact::{
    AccessFact, AccountFact, Acknowledgement, ApprovalFact, ApprovalRequest, AuditFact,
    AuthorityFact, CarrierFact, CaseFact, CrlIssued, CrlRef, Delivery, Finding, Imported,
    ImportedStatus, Intent, Issued, KnownHead, Notice, NoticeFact, Plan, RecordFact, RecoveryKey,
    RequestCreated, Succession, TemporaryPassword,
};
use gost_ca::id::{ApprovalId, AuthorityId, CaseId, CommandId, UserId, WriterId};
use gost_ca::language::Language;
use gost_ca::lifecycle::{Act, account, approval, carrier, certificate, notice, request};
use gost_ca::notice::NoticeKind;
use gost_ca::print::Edition;
use gost_ca::profile::OnEnd;
use gost_ca::provider::applicant_check::{Agreement, FieldAnswer};
use gost_ca::provider::authority::{Ticket, Validity};
use gost_ca::provider::journal::{ListPart, StoredEntry};
use gost_ca::provider::key_store::{CarrierId, KeyId};
use gost_ca::provider::rng::RngKind;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::registration::Field;
use gost_ca::view::Role;
use gost_ca::x509::{KeyIdentity, SerialNumber};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[test]
fn every_kind_has_golden_octets_and_they_never_change() {
    for Sample { name, octets, .. } in samples() {
        let path = file(&name);
        if !path.exists() && std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &octets).unwrap();
        }
        let golden = fs::read(&path).unwrap_or_else(|_| panic!("{name} has no golden file"));
        let (octets, golden) = (String::from_utf8(octets), String::from_utf8(golden));
        assert_eq!(octets.unwrap(), golden.unwrap(), "{name}");
    }
    let sampled: BTreeSet<String> = samples().into_iter().map(|sample| sample.event).collect();
    assert_eq!(sampled, kinds(), "every kind in src/fact has a sample, and no other");
}

#[test]
fn old_octets_decode_and_encode_to_themselves() {
    let mut files = 0;
    for found in fs::read_dir(folder()).unwrap() {
        let path = found.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let stored = StoredEntry(fs::read(&path).unwrap());
            let event = path.file_stem().unwrap().to_str().unwrap();
            assert_eq!(decode_any(event, &stored), stored, "{event}");
            files += 1;
        }
    }
    assert!(files >= samples().len());
}

#[test]
fn unknown_kinds_and_other_streams_are_refused() {
    let stored = entry(AccessFact::SignedIn).encode();
    assert!(Entry::<CaseFact>::decode(&stored).is_err());
    let text = String::from_utf8(stored.0).unwrap();
    let newer = text.replace("access.signed_in", "access.something_newer");
    assert!(Entry::<AccessFact>::decode(&StoredEntry(newer.into_bytes())).is_err());
}

#[test]
fn the_events_of_the_tables_are_the_facts() {
    let tables: BTreeSet<String> = account::ROWS
        .iter()
        .map(|row| row.event)
        .chain(notice::ROWS.iter().map(|row| row.event))
        .chain(carrier::ROWS.iter().map(|row| row.event))
        .chain(request::ROWS.iter().chain(certificate::ROWS).map(|row| row.event))
        .chain(approval::ROWS.iter().map(|row| row.event))
        .map(str::to_owned)
        .collect();
    let facts: BTreeSet<String> = samples()
        .into_iter()
        .filter(|sample| {
            matches!(sample.stream, "account" | "case" | "notice" | "carrier" | "approval")
        })
        .map(|sample| sample.event)
        .collect();
    assert_eq!(tables, facts);
}

/// An entry as it is written today.
struct Sample {
    stream: &'static str,
    event: String,
    name: String,
    octets: Vec<u8>,
}

/// The kinds in the source: what serde writes.
fn kinds() -> BTreeSet<String> {
    let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fact")).unwrap();
    let sources = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let source = sources.collect::<String>();
    let lines = source.lines().filter_map(|line| line.trim().strip_prefix("#[serde(rename = \""));
    lines.map(|rest| rest.trim_end_matches("\")]").to_owned()).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn file(name: &str) -> PathBuf {
    folder().join(format!("{name}.json"))
}

/// Reads octets as their stream's facts, and writes them again.
fn decode_any(event: &str, stored: &StoredEntry) -> StoredEntry {
    match event.split_once('.').unwrap().0 {
        "record" | "office" | "profile" | "role" => again::<RecordFact>(stored),
        "user" => again::<AccountFact>(stored),
        "authority" if event != "authority.opened" => again::<AuthorityFact>(stored),
        "authority" => again::<RecordFact>(stored),
        "crl" => again::<AuthorityFact>(stored),
        "notice" => again::<NoticeFact>(stored),
        "approval" => again::<ApprovalFact>(stored),
        "access" => again::<AccessFact>(stored),
        "carrier" => again::<CarrierFact>(stored),
        "audit" => again::<AuditFact>(stored),
        _ => again::<CaseFact>(stored),
    }
}

fn again<F: Serialize + DeserializeOwned>(stored: &StoredEntry) -> StoredEntry {
    Entry::<F>::decode(stored).unwrap_or_else(|error| panic!("{error}")).encode()
}

fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for (fact, name) in record_facts() {
        samples.push(sample("record", fact.event(), name, fact.clone()));
    }
    for (fact, name) in account_facts() {
        samples.push(sample("account", fact.event(), name, fact.clone()));
    }
    for (fact, name) in [request_facts(), issuing_facts(), certificate_facts()].concat() {
        samples.push(sample("case", fact.event(), name, fact.clone()));
    }
    for (fact, name) in approval_facts() {
        samples.push(sample("approval", fact.event(), name, fact.clone()));
    }
    for (fact, name) in authority_facts() {
        samples.push(sample("authority", fact.event(), name, fact.clone()));
    }
    for (fact, name) in carrier_facts() {
        samples.push(sample("carrier", fact.event(), name, fact.clone()));
    }
    for (fact, name) in notice_facts() {
        samples.push(sample("notice", fact.event(), name, fact.clone()));
    }
    for (fact, name) in access_facts() {
        samples.push(sample("access", fact.event(), name, fact.clone()));
    }
    for fact in audit_facts() {
        samples.push(sample("audit", fact.event(), "", fact.clone()));
    }
    samples
}

fn sample<F: Serialize>(stream: &'static str, event: &str, variant: &str, fact: F) -> Sample {
    let octets = entry(fact).encode().0;
    let written: serde_json::Value = serde_json::from_slice(&octets).unwrap();
    let kind = written.pointer("/fact/kind").and_then(|kind| kind.as_str());
    assert_eq!(kind, Some(event), "the event is what serde writes");
    let name = if variant.is_empty() { event.to_owned() } else { format!("{event}-{variant}") };
    Sample { stream, event: event.to_owned(), name, octets }
}

fn entry<F>(fact: F) -> Entry<F> {
    let actor = Actor {
        role: Role::Operator,
        user: Some(UserId::new([0x11; 16])),
        office: Some("main".parse().unwrap()),
        method: Method::Certificate(CaseId::new([0x12; 16])),
    };
    let (effective, command) = (at("2026-03-02T09:00:00Z"), CommandId::new([0x13; 16]));
    Entry { version: VERSION, at: at("2026-03-02T09:00:00.25Z"), effective, actor, command, fact }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn commitment(octet: u8) -> Commitment {
    Commitment::from_octets([octet; 32])
}

fn key(octet: u8) -> KeyIdentity {
    KeyIdentity::from_octets([octet; 32])
}

fn serial() -> SerialNumber {
    SerialNumber::from_magnitude(&[0x51; 16]).unwrap()
}

fn validity() -> Validity {
    Validity { not_before: at("2026-03-02T09:00:00Z"), not_after: at("2027-06-02T09:00:00Z") }
}

fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() }
}

fn record_facts() -> Vec<(RecordFact, &'static str)> {
    let profile = serde_json::from_str(PROFILE).unwrap();
    vec![
        (
            RecordFact::Founded {
                pepper: commitment(1),
                administrator: UserId::new([2; 16]),
                key: key(3),
            },
            "",
        ),
        (
            RecordFact::OfficeOpened {
                office: "main".parse().unwrap(),
                title: "Главный".to_owned(),
            },
            "",
        ),
        (RecordFact::ProfileAdopted { profile: Box::new(profile) }, ""),
        (RecordFact::KeyBlocked { key: key(3), ground: ground() }, ""),
        (
            RecordFact::RoleGranted {
                user: UserId::new([2; 16]),
                role: Role::Administrator,
                office: None,
            },
            "",
        ),
        (RecordFact::RoleWithdrawn { user: UserId::new([2; 16]) }, ""),
        (
            RecordFact::RecoverySet {
                keys: vec![RecoveryKey { key: key(0x31), public_key: vec![0x30, 0x00] }],
                needed: 1,
            },
            "",
        ),
        (
            RecordFact::Recovered {
                administrator: UserId::new([2; 16]),
                key: key(0x32),
                signers: vec![key(0x31)],
            },
            "",
        ),
        (
            RecordFact::AuthorityOpened {
                authority: AuthorityId::new([4; 16]),
                title: "Учебный УЦ".to_owned(),
            },
            "",
        ),
    ]
}

fn account_facts() -> Vec<(AccountFact, &'static str)> {
    let password =
        TemporaryPassword { verifier: commitment(5), until: at("2026-03-05T09:00:00.25Z") };
    let (role, registration) = (Role::User, commitment(6));
    let office = Some("main".parse().unwrap());
    vec![
        (
            AccountFact::DraftCreated {
                office: "main".parse().unwrap(),
                draft: commitment(0x1d),
                ends: at("2026-04-01T09:00:00Z"),
            },
            "",
        ),
        (AccountFact::DraftSaved { draft: commitment(0x1e) }, ""),
        (AccountFact::DraftEnded, ""),
        (AccountFact::DraftErased, ""),
        (
            AccountFact::Registered {
                role,
                office: office.clone(),
                registration,
                password: Some(password),
                certificate: None,
            },
            "",
        ),
        (
            AccountFact::Registered {
                role,
                office,
                registration,
                password: None,
                certificate: Some(CaseId::new([9; 16])),
            },
            "certificate",
        ),
        (AccountFact::CertificateBound { case: CaseId::new([9; 16]) }, ""),
        (AccountFact::CertificateUnbound { case: CaseId::new([9; 16]) }, ""),
        (
            AccountFact::Registered {
                role: Role::Administrator,
                office: None,
                registration,
                password: None,
                certificate: None,
            },
            "staff",
        ),
        (AccountFact::TemporaryPasswordIssued { password }, ""),
        (AccountFact::TemporaryPasswordExpired, ""),
        (AccountFact::PasswordReset { password, identified: "№ 7 of 02.03.2026".to_owned() }, ""),
        (AccountFact::Locked { until: at("2026-03-02T09:30:00.25Z") }, ""),
        (AccountFact::Unlocked, ""),
        (AccountFact::Blocked { reason: "№ 8".to_owned() }, ""),
        (AccountFact::Unblocked { reason: "№ 9".to_owned() }, ""),
        (AccountFact::Archived { reason: "№ 10".to_owned() }, ""),
        (AccountFact::Erased { reason: "№ 11".to_owned() }, ""),
        (AccountFact::ErasureFinished, ""),
        (
            AccountFact::RoleChanged {
                role: Role::Operator,
                office: Some("main".parse().unwrap()),
            },
            "",
        ),
        (AccountFact::CodePhraseSet { phrase: commitment(0x1c) }, ""),
        (AccountFact::PasswordChanged { password: commitment(7) }, ""),
        (
            AccountFact::DataChanged {
                registration: commitment(8),
                fields: vec!["surname".to_owned(), "email".to_owned()],
            },
            "",
        ),
        (
            AccountFact::FormPrinted {
                form: "hand-over".to_owned(),
                paper: commitment(0x1b),
                template: Some(edition()),
            },
            "",
        ),
        (AccountFact::ScanAttached { scan: scan() }, ""),
        (AccountFact::ApplicantChecked { registration, answers: vec![answer()] }, ""),
    ]
}

fn begun(renews: Option<CaseId>) -> RequestCreated {
    RequestCreated {
        user: UserId::new([2; 16]),
        role: Role::User,
        office: Some("main".parse().unwrap()),
        registration: commitment(6),
        profile: "commercial".parse().unwrap(),
        profile_version: 1,
        authority: AuthorityId::new([4; 16]),
        lineage: CaseId::new([9; 16]),
        renews,
        succession: None,
        ends: None,
    }
}

fn request_facts() -> Vec<(CaseFact, &'static str)> {
    let (begun, renewing) = (begun(None), begun(Some(CaseId::new([10; 16]))));
    let modified = RequestCreated {
        succession: Some(Succession::Modification),
        ends: Some(at("2026-04-02T09:00:00Z")),
        ..renewing.clone()
    };
    let id = KeyId { carrier: CarrierId("token".to_owned()), container: "user-10".to_owned() };
    let (request, public_key) = (commitment(11), key(12));
    let finding =
        Finding { code: "applicant.proxy".to_owned(), detail: "brought by a proxy".to_owned() };
    vec![
        (CaseFact::RequestCreated(Box::new(begun)), ""),
        (CaseFact::RequestCreated(Box::new(renewing)), "renewing"),
        (CaseFact::RequestCreated(Box::new(modified)), "modified"),
        (CaseFact::RequestEdited { registration: commitment(8) }, ""),
        (CaseFact::KeyGenerationStarted { store: "tokens".parse().unwrap(), key: id.clone() }, ""),
        (CaseFact::KeyGenerationFailed { why: "provider.denied".to_owned() }, ""),
        (CaseFact::RequestBuilt { request, public_key, rng: RngKind::Biological }, ""),
        (CaseFact::RequestImported { request, public_key }, ""),
        (
            CaseFact::RequestBuiltAnew {
                request,
                public_key,
                store: "tokens".parse().unwrap(),
                key: id.clone(),
            },
            "",
        ),
        (CaseFact::KeyDestroyed { store: "tokens".parse().unwrap(), key: id.clone() }, ""),
        (CaseFact::RequestFlagged { findings: vec![finding] }, ""),
        (CaseFact::FindingsWaived { comment: "№ 5".to_owned() }, ""),
        (CaseFact::ApprovalRequested { approval: ApprovalId::new([0x1b; 16]) }, ""),
        (CaseFact::RequestReopened, ""),
        (CaseFact::RequestRejected { comment: "№ 6".to_owned() }, ""),
        (CaseFact::RequestExpired, ""),
        (CaseFact::RequestSubmitted, ""),
        (CaseFact::RequestApproved { automatic: true }, ""),
        (CaseFact::RequestCancelled, ""),
    ]
}

fn issuing_facts() -> Vec<(CaseFact, &'static str)> {
    let prepared = Intent::Prepared {
        issuer: key(13),
        serial: serial(),
        tbs: commitment(14),
        validity: validity(),
    };
    let deferred = Intent::Deferred { ticket: Ticket("ticket-1".to_owned()) };
    let issued = Issued {
        certificate: commitment(15),
        issuer: key(13),
        serial: serial(),
        validity: validity(),
        thumbprint: [0x16; 20],
        partition: 0,
    };
    vec![
        (CaseFact::IssuanceIntended(prepared), "prepared"),
        (CaseFact::IssuanceIntended(deferred), "deferred"),
        (CaseFact::IssuanceIntended(Intent::Elsewhere), "elsewhere"),
        (CaseFact::IssuanceInDoubt { why: "provider.unavailable".to_owned() }, ""),
        (CaseFact::IssuanceFailed { why: "provider.not-found".to_owned() }, ""),
        (CaseFact::IssuanceRetried, ""),
        (CaseFact::CertificateIssued(issued.clone()), ""),
        (CaseFact::IssuanceRecovered(issued.clone()), ""),
        (CaseFact::CertificateIssuedOnHold { issued, until: at("2026-03-12T09:00:00Z") }, ""),
    ]
}

fn certificate_facts() -> Vec<(CaseFact, &'static str)> {
    let (date, until) = (at("2026-03-02T09:00:00Z"), Some(at("2026-03-12T09:00:00Z")));
    let successor = CaseId::new([0x17; 16]);
    let reason = Reason::KeyCompromise;
    let imported = |status| {
        CaseFact::CertificateImported(Box::new(Imported {
            begun: begun(None),
            public_key: key(14),
            issued: Issued {
                certificate: commitment(15),
                issuer: key(13),
                serial: serial(),
                validity: validity(),
                thumbprint: [0x16; 20],
                partition: 2,
            },
            status,
        }))
    };
    let revoked = |invalidity| CaseFact::CertificateRevoked {
        reason: Reason::KeyCompromise,
        ground: ground(),
        date,
        invalidity,
        notice: Notice::default(),
    };
    let printed =
        |template| CaseFact::Printed { form: "copy".to_owned(), paper: commitment(0x18), template };
    let notice = Notice { learned: Some(date), owner_notified: Some(date) };
    let annulled = CaseFact::CertificateRevoked {
        reason: Reason::PrivilegeWithdrawn,
        ground: ground(),
        date,
        invalidity: None,
        notice,
    };
    let on_end = OnEnd::Revoke;
    let held = |on_end, by_phrase| CaseFact::CertificateSuspended {
        ground: ground(),
        until,
        on_end,
        by_phrase,
    };
    let later = Plan::Suspend { ground: ground(), until, on_end };
    let end = Plan::Revoke { reason: Reason::Superseded, ground: ground() };
    let paper = Acknowledgement::Paper { document: "№ 7".to_owned() };
    vec![
        (CaseFact::CertificateInstalled, ""),
        (held(OnEnd::Stay, false), ""),
        (held(on_end, true), "by-phrase"),
        (CaseFact::SuspensionChanged { ground: ground(), until, on_end }, ""),
        (CaseFact::SuspensionEnded, ""),
        (CaseFact::Scheduled { at: date, plan: later }, "hold"),
        (CaseFact::Scheduled { at: date, plan: end }, "end"),
        (CaseFact::ScheduleWithdrawn, ""),
        (CaseFact::CertificateAccepted { acknowledgement: Acknowledgement::Electronic }, ""),
        (CaseFact::CertificateAccepted { acknowledgement: paper }, "paper"),
        (CaseFact::AcceptanceRefused { date }, ""),
        (CaseFact::AcceptanceOverdue { date }, ""),
        (annulled, "notice"),
        (
            CaseFact::RevokedAfterExpiry {
                reason: Reason::KeyCompromise,
                ground: ground(),
                date,
                invalidity: None,
            },
            "",
        ),
        (
            CaseFact::TerminationApplied {
                reason: Reason::CessationOfOperation,
                ground: ground(),
                learned: date,
                deadline: at("2026-03-02T21:00:00Z"),
            },
            "",
        ),
        (CaseFact::TerminationOverdue { deadline: at("2026-03-02T21:00:00Z") }, ""),
        (CaseFact::TerminationDismissed { comment: "№ 12".to_owned() }, ""),
        (CaseFact::ReasonAmended { ground: ground(), invalidity: Some(date) }, ""),
        (CaseFact::Superseded { successor, at: None }, ""),
        (CaseFact::ReissueStarted { successor, why: "№ 8".to_owned() }, ""),
        (CaseFact::Archived, ""),
        (CaseFact::Unarchived, ""),
        (CaseFact::Erased, ""),
        (CaseFact::CertificateResumed { ground: ground() }, ""),
        (revoked(None), ""),
        (revoked(Some(at("2026-03-01T00:00:00Z"))), "invalidity"),
        (CaseFact::RenewalStarted { successor }, ""),
        (CaseFact::RenewalCancelled { successor }, ""),
        (CaseFact::CertificateHidden, ""),
        (imported(ImportedStatus::Good), ""),
        (imported(ImportedStatus::Suspended { since: date }), "suspended"),
        (imported(ImportedStatus::Revoked { date, reason, invalidity: None }), "revoked"),
        (printed(None), ""),
        (printed(Some(edition())), "template"),
        (CaseFact::ScanAttached { scan: scan() }, ""),
    ]
}

fn edition() -> Edition {
    Edition { version: 1, language: Language::Russian }
}

fn scan() -> Scan {
    let (kind, format) = (ScanKind::SignedCopy, ScanFormat::Pdf);
    Scan { kind, format, size: 123_456, document: commitment(0x1c) }
}

fn answer() -> FieldAnswer {
    let reference = "СМЭВ, ответ № 12".to_owned();
    FieldAnswer { field: Field::Snils, agreement: Agreement::Agrees, reference }
}

fn carrier_facts() -> Vec<(CarrierFact, &'static str)> {
    let paper = || "№ 7 от 02.03.2026".to_owned();
    vec![
        (
            CarrierFact::Received {
                serial: "0912345678".to_owned(),
                model: "Рутокен ЭЦП 3.0".to_owned(),
                office: "main".parse().unwrap(),
                paper: paper(),
            },
            "",
        ),
        (CarrierFact::HandedOut { user: UserId::new([2; 16]), paper: paper() }, ""),
        (CarrierFact::Returned { paper: paper() }, ""),
        (CarrierFact::Destroyed { paper: paper() }, ""),
    ]
}
fn approval_facts() -> Vec<(ApprovalFact, &'static str)> {
    let request = ApprovalRequest {
        act: Act::Resume,
        command: commitment(0x1d),
        quorum: 2,
        office: Some("main".parse().unwrap()),
        beneficiary: Some(UserId::new([2; 16])),
        begun_by: None,
        case: Some(CaseId::new([9; 16])),
        until: at("2026-03-05T09:00:00Z"),
    };
    let (comment, code) = ("№ 9".to_owned(), "state".to_owned());
    vec![
        (ApprovalFact::Requested(Box::new(request)), ""),
        (ApprovalFact::Granted { comment: comment.clone() }, ""),
        (ApprovalFact::Approved, ""),
        (ApprovalFact::Rejected { comment }, ""),
        (ApprovalFact::Withdrawn, ""),
        (ApprovalFact::Expired, ""),
        (ApprovalFact::Executed, ""),
        (ApprovalFact::ExecutionFailed { code: code.clone() }, ""),
        (ApprovalFact::Retried, ""),
        (ApprovalFact::ExecutionDenied { code }, ""),
    ]
}

fn authority_facts() -> Vec<(AuthorityFact, &'static str)> {
    let (this_update, next_update) = (at("2026-03-02T09:00:00Z"), at("2026-03-09T09:00:00Z"));
    let (issuer, number) = (key(13), 1_772_442_000);
    let whole = CrlIssued {
        issuer,
        partition: 0,
        number,
        base: None,
        this_update,
        next_update,
        crl: Some(commitment(0x19)),
        file: None,
        digest: Vec::new(),
        sha_256: Vec::new(),
        entries: 0,
        heads: Vec::new(),
    };
    let part = CrlIssued {
        partition: 3,
        base: Some(1_772_441_993),
        crl: None,
        file: Some("delta-1313-3-1772442000".to_owned()),
        digest: vec![0x1c; 32],
        entries: 5,
        heads: vec![KnownHead { writer: WriterId::new([0x1d; 16]), length: 9, hash: [0x1e; 32] }],
        ..whole.clone()
    };
    let known = CrlIssued { sha_256: vec![0x1f; 32], ..part.clone() };
    let mut facts = vec![
        (AuthorityFact::KeyInstalled { key: issuer, certificate: commitment(0x1a) }, ""),
        (AuthorityFact::CrlIntended { issuer, partition: 0, number }, ""),
        (AuthorityFact::CrlIntended { issuer, partition: 3, number }, "part"),
        (AuthorityFact::CrlIssued(Box::new(whole)), ""),
        (AuthorityFact::CrlIssued(Box::new(part)), "part"),
        (AuthorityFact::CrlIssued(Box::new(known)), "known"),
    ];
    facts.extend(crl_line_facts(issuer, number));
    facts
}

fn crl_line_facts(issuer: KeyIdentity, number: u64) -> Vec<(AuthorityFact, &'static str)> {
    let crl = CrlRef { part: ListPart { issuer, partition: 3 }, number };
    let delivery = |why: Option<&str>| Delivery {
        crl,
        endpoint: "web".parse().unwrap(),
        why: why.map(str::to_owned),
    };
    let policy = Box::new(CrlPolicy {
        partitions: 4,
        delta: true,
        locations: vec!["http://ca.example/{partition}.crl".to_owned()],
        delta_locations: vec!["http://ca.example/{partition}-delta.crl".to_owned()],
        expired_since: Some(at("2026-01-01T00:00:00Z")),
        endpoints: vec!["web".parse().unwrap()],
        ..CrlPolicy::default()
    });
    vec![
        (AuthorityFact::CrlPolicyAdopted { policy }, ""),
        (AuthorityFact::CrlFailed { crl, why: "provider.unavailable".to_owned() }, ""),
        (AuthorityFact::CrlBlocked { crl, why: "01 missing; 1 in all".to_owned() }, ""),
        (AuthorityFact::CrlReleased { crl }, ""),
        (AuthorityFact::CrlDelivered(delivery(None)), ""),
        (AuthorityFact::CrlDeliveryFailed(delivery(Some("provider.unavailable"))), ""),
        (AuthorityFact::CrlPublished { crl }, ""),
    ]
}

fn notice_facts() -> Vec<(NoticeFact, &'static str)> {
    let queued = |case, notice| NoticeFact::Queued {
        user: UserId::new([2; 16]),
        case,
        office: Some("main".parse().unwrap()),
        notice,
        due: at("2026-03-02T09:00:00Z"),
    };
    let (until, why) = (at("2026-03-02T09:10:00Z"), "provider.unavailable".to_owned());
    vec![
        (queued(Some(CaseId::new([9; 16])), NoticeKind::CertificateExpires { days: 30 }), ""),
        (queued(None, NoticeKind::DataChanged), "account"),
        (NoticeFact::Tried { until }, ""),
        (NoticeFact::Sent, ""),
        (NoticeFact::Failed { why, next: until }, ""),
        (NoticeFact::Dropped { why: "no-address".to_owned() }, ""),
    ]
}

fn access_facts() -> Vec<(AccessFact, &'static str)> {
    let code = "state".to_owned();
    vec![
        (AccessFact::SignedIn, ""),
        (AccessFact::SignInRefused { code: "sign-in".to_owned(), times: 3 }, ""),
        (AccessFact::Refused { command: "suspend".to_owned(), code, times: 1 }, ""),
        (
            AccessFact::DocumentShown {
                owner: ScanOwner::User(UserId::new([2; 16])),
                document: Some(commitment(0x1c)),
            },
            "",
        ),
        (
            AccessFact::DocumentShown {
                owner: ScanOwner::Case(CaseId::new([9; 16])),
                document: None,
            },
            "dossier",
        ),
        (AccessFact::SecretShown { user: UserId::new([2; 16]) }, ""),
        (AccessFact::BulkDone { done: 9, refused: 1 }, ""),
        (AccessFact::DocumentsErased { case: CaseId::new([9; 16]) }, ""),
        (
            AccessFact::DataShown {
                user: UserId::new([2; 16]),
                what: "audit".to_owned(),
                times: 2,
            },
            "",
        ),
    ]
}

fn audit_facts() -> Vec<AuditFact> {
    let writer = WriterId::new([0x21; 16]);
    let checkpoint = Checkpoint {
        version: 1,
        number: 7,
        at: at("2026-03-02T09:00:00.25Z"),
        key: key(0x22),
        links: 3,
        batch: [0x23; 32],
        size: 6,
        root: [0x24; 32],
        chains: vec![Grown { writer, from: 4, length: 7, hash: [0x25; 32] }],
    };
    let signed = Box::new(SignedCheckpoint { checkpoint, signature: vec![0x26; 64] });
    vec![
        AuditFact::KeyRegistered { key: key(0x22), public_key: vec![0x30, 0x00] },
        AuditFact::CheckpointMade(signed.clone()),
        AuditFact::RestoreAcknowledged { kept: signed, document: "Акт № 3".to_owned() },
    ]
}

const PROFILE: &str = r#"{
    "id": "person", "version": 1, "title": "Физическое лицо",
    "subject_kinds": ["natural-person"],
    "key_algorithms": [{"gost3410": "1.2.643.7.1.2.1.1.1"}],
    "months": 15, "key_months": 12,
    "key_usage": ["digitalSignature", "nonRepudiation"],
    "extended_key_usage": ["1.3.6.1.5.5.7.3.2"],
    "policies": ["1.2.643.100.113.1"],
    "tools": {"subject": "s", "issuer": "i", "authority": "a", "issuer_document": "d", "authority_document": "e"},
    "locations": {"crl": ["http://ca.example/ca.crl"], "issuer": [], "ocsp": []},
    "suspension": {"allowed": {"max_days": 30}},
    "presence": "in-person", "notice": "n"
}"#;
