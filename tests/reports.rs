//! What leaves the desk: reports, lists as tables, dossiers.

use std::sync::Arc;

use gost_ca::command::{Command, Means};
use gost_ca::desk::dossier::Dossier;
use gost_ca::desk::lists;
use gost_ca::desk::report::{Report, ReportKind, ReportOrder};
use gost_ca::desk::scan::{ScanKind, ScanOwner};
use gost_ca::entry::Entry;
use gost_ca::fact::{AccessFact, CaseFact};
use gost_ca::id::{CaseId, WriterId};
use gost_ca::language::Language;
use gost_ca::print::{Form, Marking, Requisites, Stationery, Templates, Zone};
use gost_ca::provider::UserFilter;
use gost_ca::provider::journal::{CaseFilter, Page, StoredEntry, StreamId};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::x509::Certificate;
use gost_ca::{Session, Timestamp};
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use gost_hash::streebog256;

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage, key};

const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

async fn open() -> Result<Desk> {
    Desk::found(Storage {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
    })
    .await
}

fn zone() -> Zone {
    Zone::new(3, "МСК, UTC+3").unwrap()
}

async fn dossier(
    desk: &Desk,
    by: &Session,
    case: &CaseId,
) -> std::result::Result<Dossier, gost_ca::Error> {
    let requisites = Requisites {
        name: "УЦ".to_owned(),
        address: "г. Москва".to_owned(),
        phones: Vec::new(),
        email: "ca@example.org".to_owned(),
        accreditation_number: None,
        accreditation_date: None,
    };
    let (templates, zone) = (Templates::shipped().unwrap(), zone());
    let stationery = Stationery {
        templates: &templates,
        language: Language::Russian,
        requisites: &requisites,
        zone: &zone,
        marking: Marking::Test,
    };
    if let Ok(certificate) = desk.ra.certificate(by, case).await {
        let copy = stationery.print(&Form::Copy(&certificate), desk.clock_now()).unwrap();
        desk.run(by, copy.printed_for_case(*case)).await?;
    }
    desk.ra.dossier(by, case, &stationery).await
}

async fn report(
    desk: &Desk,
    by: &Session,
    kind: ReportKind,
    days: (i64, i64),
) -> std::result::Result<Report, gost_ca::Error> {
    let start: Timestamp = desk::START.parse().unwrap();
    let day = |days: i64| start + jiff::SignedDuration::from_hours(24 * days);
    let period = day(days.0)..day(days.1);
    let order = ReportOrder { kind, period, operator: None, offices: Vec::new() };
    desk.ra.report(by, &order).await
}

async fn revoke(desk: &Desk, case: CaseId) -> Result<()> {
    let ground = Ground {
        kind: GroundKind::OwnerApplication,
        document: "=заявление № 1".to_owned(),
    };
    let (reason, invalidity) = (Reason::CessationOfOperation, None);
    desk.run(
        &desk.operator,
        Command::Revoke {
            case,
            reason,
            ground,
            invalidity,
            date: None,
            notice: gost_ca::fact::Notice::default(),
        },
    )
    .await?;
    Ok(())
}

#[tokio::test]
async fn u12_reports_tell_what_happened_in_their_period() -> Result<()> {
    let desk = open().await?;
    let first = desk.active(10).await?;
    desk.clock.advance(2 * 86_400);
    let second = desk.active(11).await?;
    desk.clock.advance(2 * 86_400);
    revoke(&desk, first).await?;
    let by = &desk.operator;

    let cases = |report: &Report| report.lines.iter().map(|line| line.case).collect::<Vec<_>>();
    let issued = report(&desk, by, ReportKind::Issued, (0, 9)).await?;
    // the operator's own certificate is of the first day too
    assert_eq!(issued.lines.len(), 3);
    assert!(cases(&issued)[..2].contains(&first) && cases(&issued)[2] == second);
    assert_eq!(cases(&report(&desk, by, ReportKind::Issued, (1, 9)).await?), [second]);
    assert_eq!(cases(&report(&desk, by, ReportKind::Terminated, (4, 5)).await?), [first]);
    assert!(report(&desk, by, ReportKind::Terminated, (0, 4)).await?.lines.is_empty());
    let expiring = report(&desk, by, ReportKind::Expiring, (400, 500)).await?;
    assert_eq!(cases(&expiring), [second], "what was terminated does not end any more");

    // of one operator
    let operator = desk.operator.actor().user;
    assert!(expiring.lines.iter().all(|line| line.operator == operator));
    assert_eq!(expiring.by_operator().into_values().collect::<Vec<_>>(), [1]);
    let other = ReportOrder { operator: desk.administrator.actor().user, ..expiring.order.clone() };
    assert!(desk.ra.report(by, &other).await?.lines.is_empty());

    let terminated = report(&desk, by, ReportKind::Terminated, (4, 5)).await?;
    let csv = String::from_utf8(terminated.to_table(&zone()).to_csv())?;
    assert!(
        csv.starts_with('\u{feff}')
            && csv.contains("Лебедева Анна Сергеевна;main;06.03.2026 12:00:00")
    );
    assert!(csv.contains(";'=заявление № 1;\r\n"), "{csv}");
    Ok(())
}

#[tokio::test]
async fn u14_reports_stay_within_their_office() -> Result<()> {
    let desk = open().await?;
    desk.active(10).await?;
    let (office, title) = ("other".parse()?, "Другой".to_owned());
    desk.run(&desk.administrator, Command::OpenOffice { office, title }).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    let theirs = report(&desk, &stranger, ReportKind::Issued, (0, 9)).await?;
    assert!(theirs.lines.iter().all(|line| line.office == Some("other".parse().unwrap())));
    let order = ReportOrder { offices: vec![desk.office.clone()], ..theirs.order };
    assert_eq!(desk.ra.report(&stranger, &order).await.unwrap_err().code(), "permission.scope");
    Ok(())
}

#[tokio::test]
async fn u12_every_list_is_a_table() -> Result<()> {
    let desk = open().await?;
    desk.active(10).await?;
    let (page, filter) = (
        Page::first(10),
        UserFilter { words: Some("лебедева".to_owned()), ..UserFilter::default() },
    );
    let (users, _) = desk.ra.find_users(&desk.operator, &filter, &page).await?;
    let csv = String::from_utf8(lists::users(&users, &zone()).to_csv())?;
    assert!(
        csv.contains("user-10;") && csv.contains(";Физическое лицо;Лебедева;Анна;Сергеевна;"),
        "{csv}"
    );
    let (cases, _) = desk.ra.list_cases(&desk.operator, CaseFilter::default(), &page).await?;
    let table = lists::cases(&cases, &zone());
    assert_eq!(table.rows().len(), cases.len());
    assert!(table.rows().iter().all(|row| row.len() == table.columns().len()));
    Ok(())
}

fn file<'a>(dossier: &'a Dossier, name: &str) -> &'a [u8] {
    let found = dossier.files.iter().find(|file| file.name == name);
    &found.unwrap_or_else(|| panic!("no {name} in {dossier:?}")).octets
}

#[tokio::test]
async fn u18_a_dossier_has_everything_about_a_certificate() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let user = desk.ra.case(&desk.operator, &case).await?.case.begun().user;
    for (to, kind) in [
        (ScanOwner::User(user), ScanKind::IdentityDocument),
        (ScanOwner::Case(case), ScanKind::SignedCopy),
    ] {
        let command = Command::AttachScan { to, kind, digest: streebog256(PDF) };
        desk.ra.execute_with(&desk.operator, &desk.envelope(command), Means::for_scan(PDF)).await?;
    }
    let made = dossier(&desk, &desk.operator, &case).await?;
    let certificate = desk.ra.certificate(&desk.operator, &case).await?;
    assert_eq!(made.name, format!("user-10-{}", certificate.serial()));
    assert_eq!(Certificate::from_der(file(&made, "certificate.cer"))?, certificate);
    assert_eq!(file(&made, "scans/01-identity-document.pdf"), PDF);
    assert_eq!(file(&made, "scans/02-signed-copy.pdf"), PDF);
    let copy = String::from_utf8(file(&made, "papers/03-copy.html").to_vec())?;
    assert!(copy.contains("ознакомлен"));
    for name in ["request.p10", "chain.p7b", "account.jsonl"] {
        assert!(!file(&made, name).is_empty());
    }
    let extract = String::from_utf8(file(&made, "extract.html").to_vec())?;
    assert!(extract.contains("Сертификат создан"));
    let events = String::from_utf8(file(&made, "events.html").to_vec())?;
    assert!(
        events.contains("Сертификат создан") && events.contains("Оператор, Лебедева"),
        "{events}"
    );

    // the lines are the record's own octets
    let stored = desk.ra.providers().journal.load(&StreamId::Case(case), 0).await?.entries;
    let lines =
        file(&made, "case.jsonl").strip_suffix(b"\n").unwrap().split(|octet| *octet == b'\n');
    let lines: Vec<StoredEntry> = lines.map(|line| StoredEntry(line.to_vec())).collect();
    assert_eq!(lines, stored);
    assert!(lines.iter().all(|line| Entry::<CaseFact>::decode(line).is_ok()));

    let audit = String::from_utf8(file(&made, "audit.jsonl").to_vec())?;
    assert_eq!(audit.lines().count(), stored.len());

    // the index tells the truth
    let index: serde_json::Value = serde_json::from_slice(file(&made, "index.json"))?;
    let listed = index["files"].as_array().unwrap();
    assert_eq!(listed.len(), made.files.len() - 1);
    for line in listed {
        let octets = file(&made, line["name"].as_str().unwrap());
        assert_eq!(line["streebog256"], gost_ca::hex::encode(&streebog256(octets)));
    }
    Ok(())
}

#[tokio::test]
async fn u18_a_dossier_is_recorded_and_stays_within_its_office() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let (office, title) = ("other".parse()?, "Другой".to_owned());
    desk.run(&desk.administrator, Command::OpenOffice { office, title }).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    assert_eq!(dossier(&desk, &stranger, &case).await.unwrap_err().code(), "permission.scope");
    let shown = async || -> Result<usize> {
        let loaded = desk.ra.providers().journal.load(&StreamId::Access, 0).await?;
        let mut count = 0;
        for entry in &loaded.entries {
            let fact = Entry::<AccessFact>::decode(entry)?.fact;
            count += usize::from(matches!(fact, AccessFact::DocumentShown { document: None, .. }));
        }
        Ok(count)
    };
    assert_eq!(shown().await?, 0);
    dossier(&desk, &desk.operator, &case).await?;
    assert_eq!(shown().await?, 1);
    Ok(())
}

#[tokio::test]
async fn u18_what_was_erased_is_named_and_missing() -> Result<()> {
    let desk = open().await?;
    let user = desk.register(10).await?;
    let case = desk.build(&desk.operator, user, "commercial", &key(10, &desk.rng)).await?;
    let to = ScanOwner::Case(case);
    let command = Command::AttachScan { to, kind: ScanKind::Other, digest: streebog256(PDF) };
    desk.ra.execute_with(&desk.operator, &desk.envelope(command), Means::for_scan(PDF)).await?;
    let scan = desk.ra.scans(&desk.operator, &to).await?[0].document;
    desk.ra.providers().journal.documents().erase(&scan).await?;
    let made = dossier(&desk, &desk.operator, &case).await?;
    let index: serde_json::Value = serde_json::from_slice(file(&made, "index.json"))?;
    assert_eq!(index["erased"], serde_json::json!(["scans/01-other.pdf"]));
    assert!(
        made.files
            .iter()
            .all(|file| !file.name.starts_with("scans/") && file.name != "extract.html")
    );
    Ok(())
}
