//! The desk's papers: forms that were printed, scans, key carriers.

use std::sync::Arc;

use gost_ca::command::{Command, Means, Outcome};
use gost_ca::commitment::Commitment;
use gost_ca::desk::scan::{ScanFormat, ScanKind, ScanOwner};
use gost_ca::entry::Entry;
use gost_ca::fact::{AccessFact, AccountFact, CaseFact};
use gost_ca::id::{CommandId, TokenId, UserId, WriterId};
use gost_ca::language::Language;
use gost_ca::lifecycle::{Act, carrier};
use gost_ca::print::{Form, Marking, Requisites, Stationery, Templates, Zone};
use gost_ca::provider::journal::{CarrierFilter, Page, StreamId};
use gost_ca::view::{CarrierState, Role};
use gost_ca::{Error, Session};
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use gost_hash::streebog256;

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage, key};

const PDF: &[u8] = b"%PDF-1.7\n% a scan\n%%EOF\n";

async fn open() -> Result<Desk> {
    Desk::found(Storage {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
    })
    .await
}

async fn attach(
    desk: &Desk,
    by: &Session,
    to: ScanOwner,
    octets: &[u8],
) -> std::result::Result<Outcome, Error> {
    let digest = streebog256(PDF);
    let command = Command::AttachScan { to, kind: ScanKind::SignedCopy, digest };
    let envelope = desk.envelope(command);
    desk.ra.execute_with(by, &envelope, Means::for_scan(octets)).await
}

/// How often somebody was shown these papers.
async fn showings(desk: &Desk, owner: ScanOwner) -> Result<usize> {
    let loaded = desk.ra.providers().journal.load(&StreamId::Access, 0).await?;
    let facts = loaded.entries.iter().map(|entry| Ok(Entry::<AccessFact>::decode(entry)?.fact));
    let facts: Vec<AccessFact> = facts.collect::<Result<_>>()?;
    let shown = |fact: &&AccessFact| matches!(fact, AccessFact::DocumentShown { owner: of, .. } if *of == owner);
    Ok(facts.iter().filter(shown).count())
}

#[tokio::test]
async fn what_is_printed_is_recorded_with_its_text() -> Result<()> {
    let desk = open().await?;
    let user = desk.register(10).await?;
    let case = desk.build(&desk.operator, user, "commercial", &key(10, &desk.rng)).await?;
    let requisites = Requisites {
        name: "УЦ".to_owned(),
        address: "г. Москва".to_owned(),
        phones: Vec::new(),
        email: "ca@example.org".to_owned(),
        accreditation_number: None,
        accreditation_date: None,
    };
    let stationery = Stationery {
        templates: &Templates::shipped()?,
        language: Language::Russian,
        requisites: &requisites,
        zone: &Zone::new(3, "МСК, UTC+3")?,
        marking: Marking::Test,
    };
    let request = desk.ra.request(&desk.operator, &case).await?;
    let form = stationery.print(&Form::Request(&request), desk.clock_now())?;
    desk.run(&desk.operator, form.printed_for_case(case)).await?;
    let record = desk.ra.user(&desk.operator, &user).await?.record;
    let consent = stationery.print(&Form::Consent(&record), desk.clock_now())?;
    desk.run(&desk.operator, consent.printed_for_user(user)).await?;

    let journal = &desk.ra.providers().journal;
    let last = journal.load(&StreamId::Case(case), 0).await?.entries;
    let CaseFact::Printed { form, paper, template } = Entry::decode(last.last().unwrap())?.fact
    else {
        panic!("not printed")
    };
    assert_eq!(
        (form.as_str(), template),
        ("request", stationery.templates.edition("request".parse()?, Language::Russian))
    );
    assert!(journal.documents().get(&paper).await?.is_some());
    let last = journal.load(&StreamId::Account(user), 0).await?.entries;
    let AccountFact::FormPrinted { form, .. } = Entry::decode(last.last().unwrap())?.fact else {
        panic!("not printed")
    };
    assert_eq!(form, "consent");
    shown_again(&desk, (ScanOwner::Case(case), "request")).await?;
    shown_again(&desk, (ScanOwner::User(user), "consent")).await?;
    // the request goes on as if nothing had been printed
    desk.run(&desk.operator, Command::Submit { case }).await?;
    Ok(())
}

/// The one form that was printed is listed; each showing of it is recorded first.
async fn shown_again(desk: &Desk, (owner, name): (ScanOwner, &str)) -> Result<()> {
    let before = showings(desk, owner).await?;
    let printed = desk.ra.printed_forms(&desk.operator, &owner).await?;
    let [one] = printed.as_slice() else { panic!("{printed:?}") };
    assert_eq!((one.form.as_str(), showings(desk, owner).await?), (name, before), "only a list");
    let paper = desk.ra.printed_form(&desk.operator, &owner, &one.paper).await?;
    let documents = desk.ra.providers().journal.documents();
    assert_eq!(documents.get(&one.paper).await?.unwrap().bytes(), paper.as_bytes());
    assert_eq!(showings(desk, owner).await?, before + 1);
    let none = Commitment::from_octets([9; 32]);
    let refused = desk.ra.printed_form(&desk.operator, &owner, &none).await.unwrap_err();
    assert_eq!(refused.code(), "not-found", "{refused}");
    assert_eq!(showings(desk, owner).await?, before + 1, "nothing was shown");
    Ok(())
}

#[tokio::test]
async fn u13_scans_are_attached_and_every_look_at_them_is_recorded() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let user = desk.ra.case(&desk.operator, &case).await?.case.begun().user;
    for owner in [ScanOwner::Case(case), ScanOwner::User(user)] {
        attach(&desk, &desk.operator, owner, PDF).await?;
        let scans = desk.ra.scans(&desk.operator, &owner).await?;
        let [scan] = scans.as_slice() else { panic!("{scans:?}") };
        let format = (scan.kind, scan.format, scan.size);
        assert_eq!(format, (ScanKind::SignedCopy, ScanFormat::Pdf, PDF.len() as u64));
        assert_eq!(showings(&desk, owner).await?, 0, "a list shows nothing");
        let (_, octets) = desk.ra.scan(&desk.operator, &owner, &scan.document).await?;
        assert_eq!(octets, PDF);
        assert_eq!(showings(&desk, owner).await?, 1);
    }
    let other = desk.ra.scans(&desk.operator, &ScanOwner::Case(case)).await?[0].document;
    let missing = desk.ra.scan(&desk.operator, &ScanOwner::User(user), &other).await;
    assert_eq!(missing.unwrap_err().code(), "not-found", "it is another's");
    Ok(())
}

#[tokio::test]
async fn u13_what_is_no_scan_changes_nothing() -> Result<()> {
    let desk = open().await?;
    let owner = ScanOwner::Case(desk.active(10).await?);
    let other = attach(&desk, &desk.operator, owner, b"%PDF-1.7 another %%EOF").await;
    assert_eq!(other.unwrap_err().code(), "scan.not-accepted", "not what the command names");
    let command = |octets: &[u8]| Command::AttachScan {
        to: owner,
        kind: ScanKind::Other,
        digest: streebog256(octets),
    };
    let big = vec![b'%'; (10 << 20) + 1];
    for octets in [&b"MZ"[..], b"%PDF-1.7", &big] {
        let envelope = desk.envelope(command(octets));
        let refused =
            desk.ra.execute_with(&desk.operator, &envelope, Means::for_scan(octets)).await;
        assert_eq!(refused.unwrap_err().code(), "scan.not-accepted");
    }
    assert_eq!(desk.refusal(&desk.operator, command(PDF)).await, "missing");
    assert!(desk.ra.scans(&desk.operator, &owner).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn u14_papers_stay_within_their_office() -> Result<()> {
    let desk = open().await?;
    let owner = ScanOwner::Case(desk.active(10).await?);
    attach(&desk, &desk.operator, owner, PDF).await?;
    let office = "other".parse()?;
    let title = "Другой".to_owned();
    desk.run(&desk.administrator, Command::OpenOffice { office, title }).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    let scan = desk.ra.scans(&desk.operator, &owner).await?[0].document;
    assert_eq!(
        desk.ra.scan(&stranger, &owner, &scan).await.unwrap_err().code(),
        "permission.scope"
    );
    assert_eq!(attach(&desk, &stranger, owner, PDF).await.unwrap_err().code(), "permission.scope");
    let forms = desk.ra.printed_forms(&stranger, &owner).await;
    assert_eq!(forms.unwrap_err().code(), "permission.scope");
    assert_eq!(showings(&desk, owner).await?, 0);

    let carrier = receive(&desk, "0912345678").await?;
    let destroy = Command::DestroyCarrier { carrier, paper: "акт № 1".try_into()? };
    assert_eq!(desk.refusal(&stranger, destroy).await, "permission.scope");
    assert_eq!(desk.ra.carrier(&stranger, &carrier).await.unwrap_err().code(), "permission.scope");
    let (found, _) =
        desk.ra.list_carriers(&stranger, CarrierFilter::default(), &Page::first(9)).await?;
    assert!(found.is_empty());
    Ok(())
}

async fn receive(desk: &Desk, serial: &str) -> Result<TokenId> {
    let command = Command::ReceiveCarrier {
        office: desk.office.clone(),
        serial: serial.try_into()?,
        model: "Рутокен ЭЦП 3.0".try_into()?,
        paper: "накладная № 5".try_into()?,
    };
    match desk.run(&desk.operator, command).await? {
        Outcome::CarrierReceived { carrier } => Ok(carrier),
        other => panic!("{other:?}"),
    }
}

fn hand_out(carrier: TokenId, user: UserId) -> Command {
    Command::HandOutCarrier { carrier, user, paper: "расписка № 1".try_into().unwrap() }
}

#[tokio::test]
async fn u15_a_carrier_goes_through_its_life() -> Result<()> {
    let desk = open().await?;
    let (first, second) = (desk.register(10).await?, desk.register(11).await?);
    let carrier = receive(&desk, "0912345678").await?;
    assert_eq!(carrier, TokenId::of_serial("0912345678"));
    let again = Command::ReceiveCarrier {
        office: desk.office.clone(),
        serial: "0912345678".try_into()?,
        model: "Рутокен".try_into()?,
        paper: "накладная".try_into()?,
    };
    assert_eq!(desk.refusal(&desk.operator, again).await, "carrier.known");
    let paper = || "акт № 2".try_into().unwrap();
    let back = Command::TakeCarrierBack { carrier, paper: paper() };
    assert_eq!(desk.refusal(&desk.operator, back.clone()).await, "state");

    for user in [first, second] {
        desk.run(&desk.operator, hand_out(carrier, user)).await?;
        let shown = desk.ra.carrier(&desk.operator, &carrier).await?;
        assert_eq!((shown.user(), shown.view().state), (Some(&user), CarrierState::HandedOut));
        assert_eq!(desk.refusal(&desk.operator, hand_out(carrier, user)).await, "state");
        let theirs = CarrierFilter { user: Some(user), ..CarrierFilter::default() };
        let (found, _) = desk.ra.list_carriers(&desk.operator, theirs, &Page::first(9)).await?;
        assert_eq!(found, [shown.view().clone()]);
        desk.run(&desk.operator, back.clone()).await?;
    }
    desk.run(&desk.operator, Command::DestroyCarrier { carrier, paper: paper() }).await?;
    let shown = desk.ra.carrier(&desk.operator, &carrier).await?;
    let open = shown.allowed_actions(desk.operator.actor());
    assert!(open.iter().all(|action| action.refusal.is_some()), "{open:?}");

    let lines = desk.ra.carrier_journal(&desk.operator, &CarrierFilter::default()).await?;
    let takers: Vec<_> =
        lines.iter().map(|line| line.issued.as_ref().unwrap().0.as_str()).collect();
    assert_eq!(takers, ["Лебедева Анна Сергеевна", "Воронов Илья Петрович"]);
    assert!(lines[0].destroyed.is_none() && lines[1].destroyed.is_some());
    assert!(lines.iter().all(|line| line.returned.is_some()));
    Ok(())
}

#[test]
fn u15_every_row_of_the_table_leads_where_it_says() {
    let states = CarrierState::ALL;
    for row in carrier::ROWS {
        assert!(row.from.iter().all(|state| states.contains(state)));
        assert_ne!(row.from, [CarrierState::Destroyed]);
        assert!(!row.actors.contains(&Role::User));
    }
    let acts: Vec<Act> = carrier::ROWS.iter().map(|row| row.act).collect();
    assert_eq!(acts.len(), 4);
}

#[tokio::test]
async fn a_repeated_handing_over_is_done_once() -> Result<()> {
    let desk = open().await?;
    let user = desk.register(10).await?;
    let carrier = receive(&desk, "1").await?;
    let mut envelope = desk.envelope(hand_out(carrier, user));
    desk.ra.execute(&desk.operator, &envelope).await?;
    let again = desk.ra.execute(&desk.operator, &envelope).await?;
    assert!(matches!(again, Outcome::AlreadyDone(_)));
    (envelope.id, envelope.expected) = (CommandId::new([9; 16]), Some(1));
    let conflict = desk.ra.execute(&desk.operator, &envelope).await;
    assert_eq!(conflict.unwrap_err().code(), "conflict");
    Ok(())
}
