//! Many users, as `Register` records them, without the claims and the passwords that take their time.

use std::path::Path;
use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::commitment::Commitment;
use gost_ca::entry::{Actor, Entry, VERSION};
use gost_ca::fact::{AccountFact, CaseFact, Imported, ImportedStatus, Issued, RequestCreated};
use gost_ca::id::{AuthorityId, CaseId, CommandId, UserId, WriterId};
use gost_ca::lifecycle::{Account, Case};
use gost_ca::provider::authority::Validity;
use gost_ca::provider::directory::SealedRecord;
use gost_ca::provider::journal::{Batch, Change, CommandMark, Expected, StreamId};
use gost_ca::provider::{Journal as _, UserDirectory as _, UserRecord};
use gost_ca::registration::{Field, Login, RegistrationForm};
use gost_ca::view::{Role, View};
use gost_ca::x509::{KeyIdentity, SerialNumber};
use gost_ca_sqlite::SqliteStore;
use jiff::SignedDuration;
use tokio::task::JoinSet;

use crate::people::HEAD;

pub(crate) async fn register(data: &Path, users: u32) {
    let store = SqliteStore::open(data.join("office.db"), WriterId::new([0x77; 16])).unwrap();
    let store = Arc::new(store);
    let founded = std::fs::read(data.join("office.json")).unwrap();
    let founded: serde_json::Value = serde_json::from_slice(&founded).unwrap();
    let authority = founded["authority"].as_str().unwrap().parse().unwrap();
    let mut numbers = 0..users;
    loop {
        let some: Vec<u32> = numbers.by_ref().take(AT_ONCE).collect();
        let Some(first) = some.first() else { return };
        let (mut changes, mut puts) = (Vec::with_capacity(some.len()), JoinSet::new());
        for number in &some {
            let (user, sealed) = person(*number);
            changes.push(registered(user, sealed.commitment));
            if number.is_multiple_of(5) {
                changes.push(certified(*number, user, authority));
            }
            let store = Arc::clone(&store);
            puts.spawn(async move { store.put(&user, &sealed).await.unwrap() });
        }
        puts.join_all().await;
        let batch = Batch {
            command: CommandMark { id: CommandId::new(octets(*first, 0xC0)), digest: [0; 32] },
            at: now(),
            changes,
            claims: Vec::new(),
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        store.commit(&batch).await.unwrap();
    }
}

fn registered(user: UserId, registration: Commitment) -> Change {
    let fact = AccountFact::Registered {
        role: Role::User,
        office: Some("main".parse().unwrap()),
        registration,
        password: None,
        certificate: None,
    };
    let at = now();
    let (actor, command) = (Actor::SYSTEM, CommandId::new(*user.octets()));
    let entry = Entry { version: VERSION, at, effective: at, actor, command, fact };
    let account = Account::begin(user, &entry).unwrap();
    Change {
        stream: StreamId::Account(user),
        expected: Expected::Exactly(0),
        entries: vec![entry.encode()],
        views: vec![View::Account(account.view())],
    }
}

/// A certificate that came from elsewhere, in force.
fn certified(number: u32, user: UserId, authority: AuthorityId) -> Change {
    let (case, wide, at) = (CaseId::new(octets(number, 0xB0)), octets32(number), now());
    let begun = RequestCreated {
        user,
        role: Role::User,
        office: Some("main".parse().unwrap()),
        registration: Commitment::from_octets(wide),
        profile: "tax-service".parse().unwrap(),
        profile_version: 1,
        authority,
        lineage: case,
        renews: None,
        succession: None,
        ends: None,
    };
    let mut thumbprint = [0x11; 20];
    thumbprint[16..].copy_from_slice(&number.to_be_bytes());
    let issued = Issued {
        certificate: Commitment::from_octets(wide),
        issuer: KeyIdentity::from_octets([0x22; 32]),
        serial: SerialNumber::from_magnitude(&octets(number, 0x33)).unwrap(),
        validity: Validity { not_before: at, not_after: at + SignedDuration::from_hours(24 * 400) },
        thumbprint,
        partition: 0,
    };
    let (public_key, status) = (KeyIdentity::from_octets(wide), ImportedStatus::Good);
    let imported = Imported { begun, public_key, issued, status };
    let (actor, command) = (Actor::SYSTEM, CommandId::new(octets(number, 0xD0)));
    let fact = CaseFact::CertificateImported(Box::new(imported));
    let entry = Entry { version: VERSION, at, effective: at, actor, command, fact };
    let folded = Case::begin(case, &entry).unwrap();
    Change {
        stream: StreamId::Case(case),
        expected: Expected::Exactly(0),
        entries: vec![entry.encode()],
        views: vec![
            View::Case(folded.view()),
            View::Certificate(folded.certificate_view().unwrap()),
        ],
    }
}

fn person(number: u32) -> (UserId, SealedRecord) {
    let mut form = RegistrationForm::default();
    for (key, value) in HEAD {
        form.set(Field::from_key(key.trim_start_matches("f.")).unwrap(), (*value).to_owned());
    }
    form.set(Field::Surname, format!("Сидоров-{}", letters(number)));
    let data = form.check().unwrap();
    let record = UserRecord { login: Login::from_typed(&format!("user{number}")).unwrap(), data };
    (UserId::new(octets(number, 0xA0)), record.seal(octets32(number)))
}

fn octets(number: u32, kind: u8) -> [u8; 16] {
    let mut octets = [kind; 16];
    octets[12..].copy_from_slice(&number.to_be_bytes());
    octets
}

fn octets32(number: u32) -> [u8; 32] {
    let mut octets = [0x5A; 32];
    octets[28..].copy_from_slice(&number.to_be_bytes());
    octets
}

/// A number in letters: names have no digits.
fn letters(number: u32) -> String {
    let letter = |digit: u32| "абвгдежзик".chars().nth(digit as usize).unwrap();
    format!("{number}").chars().map(|digit| letter(digit.to_digit(10).unwrap())).collect()
}

fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap()
}

const AT_ONCE: usize = 1_000;
