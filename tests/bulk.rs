//! Bulk files: read and checked as a whole, done once each, also after a crash and by others' leave.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::Arc;

use gost_ca::command::{Command, Envelope, ItemOutcome, Outcome};
use gost_ca::desk::bulk::{BulkAct, BulkDefaults, BulkFile};
use gost_ca::id::{CaseId, UserId};
use gost_ca::profile::{OnEnd, Policy, Suspension};
use gost_ca::provider::journal::{AccountFilter, Page};
use gost_ca::registration::RegistrationForm;
use gost_ca::request::RequestBuilder;
use gost_ca::view::{ApprovalState, CaseState, Role};
use gost_ca::x509::{PemLabel, to_pem};

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, user_key};
use desk::Result;
use doubles::{Failing, Hook};

const CASE: &str = "000102030405060708090a0b0c0d0e0f";

fn defaults(bench: &Bench) -> BulkDefaults {
    let mut defaults = BulkDefaults::default();
    defaults.office = Some(bench.desk.office.clone());
    defaults.profile = Some("commercial".parse().unwrap());
    defaults.authority = Some(bench.desk.authority);
    defaults
}

/// So many people, as a spreadsheet saves them.
fn people(numbers: std::ops::Range<u32>) -> String {
    let form = |number| {
        let data = desk::people::staff(number, "nobody").unwrap().data;
        let form = RegistrationForm::from(&data);
        form.iter().map(|(field, text)| (field.key(), text.to_owned())).collect::<Vec<_>>()
    };
    let columns: Vec<_> = form(numbers.start).iter().map(|(column, _)| *column).collect();
    let mut file = format!("\u{feff}act;login;{}\r\n", columns.join(";"));
    for number in numbers {
        let cells: Vec<_> = form(number).into_iter().map(|(_, text)| quoted(&text)).collect();
        writeln!(file, "register;user-{number};{}\r", cells.join(";")).unwrap();
    }
    file
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

async fn users(bench: &Bench) -> Result<usize> {
    let (mut filter, mut page, mut count) = (AccountFilter::default(), Page::first(500), 0);
    filter.role = Some(Role::User);
    loop {
        let by = &bench.desk.administrator;
        let (rows, next) = bench.desk.ra.list_accounts(by, filter.clone(), &page).await?;
        count += rows.len();
        let Some(next) = next else { return Ok(count) };
        page.after = Some(next);
    }
}

#[tokio::test]
async fn a_thousand_rows_are_done_once_through_crashes_and_by_others_leave() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let octets = people(1000..2000);
    let file = BulkFile::read(octets.as_bytes(), &defaults(&bench))?;
    assert_eq!(file.rows().len(), 1000);
    let envelope = file.envelope("Сотрудники завода");
    let asked = desk.ra.execute(by, &envelope).await?;
    let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
    assert_eq!(users(&bench).await?, 0, "more than fifty want a second operator");

    let approve = desk.envelope(Command::Approve { approval, comment: String::new() });
    let mut crashes = 0;
    for call in [40, 1500, 2000] {
        let hook: Arc<dyn Hook> = Arc::new(Failing::at(call, call % 3 == 0));
        let hooked = bench.hooked(&hook);
        if hooked.execute(&desk.administrator, &approve).await.is_err() {
            crashes += 1;
            let so_far = users(&bench).await?;
            let told = desk.ra.bulk_outcomes(by, &envelope).await?;
            assert_eq!(told.iter().flatten().count(), so_far);
            assert!(so_far < 1000);
        }
    }
    assert!(crashes > 1);
    desk.clock.advance(3600); // past the time that is left to whoever began it
    desk.ra.sweep().await?;
    assert_eq!(users(&bench).await?, 1000);
    let state = desk.ra.approval(by, &approval).await?.approval.state();
    assert_eq!(state, ApprovalState::Executed);

    let told = desk.ra.bulk_outcomes(by, &envelope).await?;
    let table = file.results(told.iter().map(Option::as_ref));
    assert_eq!(table.rows().len(), 1000);
    let cell = |row: &Vec<String>, column: &str| {
        row[table.columns().iter().position(|name| name == column).unwrap()].clone()
    };
    for (number, row) in (1000..).zip(table.rows()) {
        assert_eq!(cell(row, "row"), (number - 998).to_string());
        assert_eq!(cell(row, "login"), format!("user-{number}"));
        assert_eq!(cell(row, "outcome"), "registered");
        let user: UserId = cell(row, "user").parse()?;
        assert_eq!(desk.ra.user(by, &user).await?.record.login.as_str(), cell(row, "login"));
    }
    // the same file once more, by somebody who did not know
    let again = BulkFile::read(octets.as_bytes(), &defaults(&bench))?.envelope("Сотрудники завода");
    let again = desk.ra.execute(by, &again).await?;
    assert!(matches!(again, Outcome::AlreadyDone(_)));
    assert_eq!(users(&bench).await?, 1000);
    bench.check().await
}

/// A file that has requests issued, made by the people themselves.
async fn requests(bench: &Bench, numbers: std::ops::Range<u32>) -> Result<String> {
    let mut file = "act,user,request\n".to_owned();
    for number in numbers {
        let (user, _) = bench.user(number).await?;
        let card = bench.desk.ra.user(&bench.desk.operator, &user).await?;
        let profile = desk::profile();
        let request = RequestBuilder::new(&card.record.data.subject_attributes())?
            .with_profile(&profile)
            .sign(&*user_key(number, &bench.desk.rng))
            .await?;
        let pem = to_pem(PemLabel::CertificateRequest, request.as_der());
        writeln!(file, "issue,{user},{}", quoted(&pem)).unwrap();
    }
    Ok(file)
}

async fn with_holds() -> Result<Bench> {
    let bench = Bench::open().await?;
    let mut profile = desk::profile();
    (profile.version, profile.policy) = (2, Policy::default());
    profile.suspension = Suspension::Allowed { max_days: 30, on_end: OnEnd::Stay };
    let command = Command::AdoptProfile { profile: Box::new(profile) };
    bench.desk.run(&bench.desk.administrator, command).await?;
    Ok(bench)
}

#[tokio::test]
async fn certificates_are_issued_held_and_terminated_by_files() -> Result<()> {
    let bench = with_holds().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let file = requests(&bench, 20..24).await?;
    let file = BulkFile::read(file.as_bytes(), &defaults(&bench))?;
    let envelope = file.envelope("Выпуск");
    let rehearsed = desk.ra.rehearse(by, &envelope.command).await?;
    let told = file.rehearsed(&rehearsed);
    assert!(told.rows().iter().all(|row| row[6] == "would-be-done"), "{told:?}");
    // every instant of it may be its last
    let (mut crashes, mut done) = (0, false);
    for call in (0..2000).step_by(7) {
        let hook: Arc<dyn Hook> = Arc::new(Failing::at(call, call % 2 == 0));
        match bench.hooked(&hook).execute(by, &envelope).await {
            Ok(Outcome::Bulk { .. } | Outcome::AlreadyDone(_)) => {
                done = true;
                break;
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => {
                assert_eq!(error.code(), "provider.unavailable", "{error}");
                crashes += 1;
                desk.clock.advance(60); // past the time that is left to whoever began it
            }
        }
    }
    assert!(done && crashes > 2, "{crashes}");
    let told = desk.ra.bulk_outcomes(by, &envelope).await?;
    let table = file.results(told.iter().map(Option::as_ref));
    assert!(table.rows().iter().all(|row| row[6] == "issued" && !row[5].is_empty()), "{table:?}");
    let cases: Vec<CaseId> = table.rows().iter().map(|row| row[4].parse().unwrap()).collect();

    let [one, two, three, four] = cases.as_slice() else { panic!("{cases:?}") };
    let json = format!(
        r#"[{{"act": "suspend", "case": "{one}", "ground": "owner-application", "document": "№ 1",
              "until": "12.03.2026"}},
            {{"act": "revoke", "case": "{two}", "ground": "law", "document": "№ 2",
              "reason": "keyCompromise", "invalidity": "2026-03-01T10:00:00+03:00"}},
            {{"act": "suspend", "case": "{CASE}", "ground": "law", "document": "№ 3"}},
            {{"act": "revoke", "case": "{three}", "ground": "law", "document": "№ 4",
              "reason": "superseded"}}]"#
    );
    let file = BulkFile::read(json.as_bytes(), &defaults(&bench))?;
    let rehearsed = desk.ra.rehearse(by, &file.envelope("x").command).await?;
    let told: Vec<_> = file.rehearsed(&rehearsed).rows().iter().map(|row| row[8].clone()).collect();
    assert_eq!(told, ["", "", "not-found", ""]);
    assert_eq!(bench.case(*one).await?.state(), CaseState::Active);
    let done = desk.ra.execute(by, &file.envelope("Отпуск")).await?;
    let Outcome::Bulk { items } = done else { panic!("{done:?}") };
    let table = file.results(items.iter().map(Some));
    let told: Vec<_> = table.rows().iter().map(|row| (row[6].as_str(), row[8].as_str())).collect();
    assert_eq!(told, [("done", ""), ("done", ""), ("refused", "not-found"), ("done", "")]);
    let held = bench.case(*one).await?;
    assert_eq!(held.state(), CaseState::Suspended);
    let until = held.hold().unwrap().until.unwrap();
    assert_eq!(until.to_string(), "2026-03-12T21:00:00Z", "to the end of the day in Moscow");
    assert_eq!(bench.case(*two).await?.state(), CaseState::Revoked);
    assert_eq!(bench.case(*three).await?.state(), CaseState::Revoked);
    assert_eq!(bench.case(*four).await?.state(), CaseState::Active);
    bench.check().await
}

#[tokio::test]
async fn an_id_that_another_command_has_does_nothing() -> Result<()> {
    let bench = with_holds().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (one, two) = (bench.active(10).await?, bench.active(11).await?);
    let id = desk::command_id(&desk.rng);
    desk.ra.execute(by, &Envelope::new(id.step("item-0"), bench::suspend(one))).await?;
    let bulk = Command::Bulk { title: String::new(), items: vec![bench::suspend(two)] };
    let envelope = Envelope::new(id, bulk);
    let Outcome::Bulk { items } = desk.ra.execute(by, &envelope).await? else { panic!() };
    let [ItemOutcome::Refused { code, .. }] = items.as_slice() else { panic!("{items:?}") };
    assert_eq!(code, "conflict");
    assert_eq!(bench.case(two).await?.state(), CaseState::Active);
    assert_eq!(desk.ra.bulk_outcomes(by, &envelope).await.unwrap_err().code(), "conflict");
    Ok(())
}

#[test]
fn separators_marks_and_line_ends_make_no_difference() {
    let file = format!("act;case;ground;document\nsuspend;{CASE};law;№ 1\n");
    let comma = file.replace(';', ",");
    let windows = format!("\u{feff}{}", file.replace('\n', "\r\n"));
    let loose = file.replace(';', " ; ").replace('\n', "\n\n") + ";;;\n";
    let json = format!(
        r#" [{{"act":"suspend","case":"{CASE}","ground":"law","document":"№ 1","until":" "}}] "#
    );
    let read = |file: &str| {
        let file = BulkFile::read(file.as_bytes(), &BulkDefaults::default()).unwrap();
        let [row] = file.rows() else { panic!("{file:?}") };
        assert_eq!(row.act, BulkAct::Suspend);
        (row.number, row.commands.clone())
    };
    for (other, number) in [(&file, 2), (&comma, 2), (&windows, 2), (&loose, 3), (&json, 1)] {
        assert_eq!(read(other), (number, read(&file).1), "{other}");
    }
}

#[test]
fn what_is_wrong_is_told_by_row_and_column_and_nothing_is_done() {
    const HEAD: &str = "act;case;ground;document;until;reason;login;user;request\n";
    let rows = |rows: &str| format!("{HEAD}{rows}");
    let good = format!("suspend;{CASE};law;№ 1;;;;;\n");
    for (file, right) in [
        (String::new(), &[(None, None, "bulk-file.empty")][..]),
        (HEAD.to_owned(), &[(None, None, "bulk-file.empty")]),
        ("[]".to_owned(), &[(None, None, "bulk-file.empty")]),
        ("act;cas\n".to_owned(), &[(Some(1), Some("cas"), "bulk-file.unknown-column")]),
        ("act;act\n".to_owned(), &[(Some(1), Some("act"), "bulk-file.column-twice")]),
        (rows("suspend;too few\n"), &[(Some(2), None, "bulk-file.syntax")]),
        (format!("{good}{HEAD}"), &[(Some(1), Some("suspend"), "bulk-file.unknown-column")]),
        (rows("destroy;;;;;;;;\n"), &[(Some(2), Some("act"), "bulk-file.choice")]),
        (rows(";;law;;;;;;\n"), &[(Some(2), Some("act"), "bulk-file.missing")]),
        (
            rows(&format!("{good}suspend;x;nobody;;soon;keyCompromise;;;\n")),
            &[
                (Some(3), Some("reason"), "bulk-file.of-another-act"),
                (Some(3), Some("case"), "bulk-file.id"),
                (Some(3), Some("ground"), "bulk-file.choice"),
                (Some(3), Some("document"), "bulk-file.missing"),
                (Some(3), Some("until"), "bulk-file.time"),
            ],
        ),
        (rows(&format!("{good}{good}")), &[(Some(3), Some("case"), "bulk-file.row-twice")]),
        (
            rows(&format!("issue;;;;;;;{CASE};bm90aGluZw==\n")),
            &[
                (Some(2), Some("profile"), "bulk-file.missing"),
                (Some(2), Some("authority"), "bulk-file.missing"),
                (Some(2), Some("request"), "upload.no-request"),
            ],
        ),
        (r#"[{"act": 1}]"#.to_owned(), &[(Some(1), Some("act"), "bulk-file.syntax")]),
        (r#"[{"act": "suspend"}, 2]"#.to_owned(), &[(Some(2), None, "bulk-file.syntax")]),
        (r#"[{"act": "x", "act": "y"}]"#.to_owned(), &[(Some(1), None, "bulk-file.syntax")]),
        ("[] []".to_owned(), &[(None, None, "bulk-file.syntax")]),
    ] {
        let bad = BulkFile::read(file.as_bytes(), &BulkDefaults::default()).unwrap_err();
        let told: Vec<_> = bad.faults().iter().map(|f| (f.row(), f.column(), f.code())).collect();
        assert_eq!(told, right, "{file}");
    }
    let bad = BulkFile::read(b"act\n\xff\n", &BulkDefaults::default()).unwrap_err();
    assert_eq!((bad.faults()[0].row(), bad.faults()[0].code()), (Some(2), "bulk-file.encoding"));
}

#[test]
fn a_wrong_form_is_told_field_by_field_and_repeats_no_value() {
    let mut defaults = BulkDefaults::default();
    defaults.office = Some("main".parse().unwrap());
    let file = people(1..3).replace("user-2", "U 2").replace("45", "4x");
    let bad = BulkFile::read(file.as_bytes(), &defaults).unwrap_err();
    let told: Vec<_> = bad.faults().iter().map(|f| (f.row(), f.column(), f.code())).collect();
    assert!(told.contains(&(Some(3), Some("login"), "bulk-file.login")), "{told:?}");
    let series = (Some(2), Some("document_series"));
    assert!(told.iter().any(|fault| (fault.0, fault.1) == series), "{told:?}");
    let text = bad.to_string() + &bad.faults()[0].russian();
    assert!(!text.contains("4x") && !text.contains("U 2"), "{text}");
    assert!(bad.faults()[0].russian().starts_with("строка 2, столбец "), "{text}");
    let json = serde_json::to_value(&bad).unwrap();
    assert_eq!(json[0]["row"], 2);
}

#[test]
fn a_file_has_as_many_commands_as_one_bulk_may() {
    let rows = |count: u32| {
        let row = |n| format!("suspend,{n:032x},law,x\n");
        "act,case,ground,document\n".to_owned() + &(0..count).map(row).collect::<String>()
    };
    let read = |count| BulkFile::read(rows(count).as_bytes(), &BulkDefaults::default());
    assert_eq!(read(10_000).unwrap().rows().len(), 10_000);
    assert_eq!(read(10_001).unwrap_err().faults()[0].code(), "bulk-file.too-many");
}

/// What the operator has at hand are logins and the numbers on certificates.
#[tokio::test]
async fn people_and_certificates_are_called_by_their_names() -> Result<()> {
    let bench = with_holds().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let file = requests(&bench, 30..31).await?;
    let user: UserId = file.lines().nth(1).unwrap().split(',').nth(1).unwrap().parse()?;
    let file = file.replace("act,user,", "act,login,").replace(&user.to_string(), "User-30");
    let unknown = BulkFile::read(file.as_bytes(), &defaults(&bench)).unwrap_err();
    assert_eq!(unknown.faults()[0].code(), "bulk-file.nobody");
    let mut known = defaults(&bench);
    known.names = desk.ra.bulk_names(by, file.as_bytes()).await?;
    let file = BulkFile::read(file.as_bytes(), &known)?;
    let issued = desk.ra.execute(by, &file.envelope("Выпуск")).await?;
    let Outcome::Bulk { items } = issued else { panic!("{issued:?}") };
    let table = file.results(items.iter().map(Some));
    let row = &table.rows()[0];
    assert_eq!((row[3].as_str(), row[6].as_str()), (user.to_string().as_str(), "issued"));

    let spaced: Vec<_> = row[5].as_bytes().chunks(2).map(String::from_utf8_lossy).collect();
    let serial = spaced.join(":").to_uppercase();
    let file = format!("act;serial;ground;document\nsuspend;{serial};law;№ 1\n");
    known.names = desk.ra.bulk_names(by, file.as_bytes()).await?;
    let read = BulkFile::read(file.as_bytes(), &known)?;
    desk.ra.execute(by, &read.envelope("Отпуск")).await?;
    assert_eq!(bench.case(row[4].parse()?).await?.state(), CaseState::Suspended);

    // another office's operator does not learn who is here
    let other = "other".parse()?;
    let open = Command::OpenOffice { office: other, title: "Второй".to_owned() };
    desk.run(&desk.administrator, open).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    known.names = desk.ra.bulk_names(&stranger, file.as_bytes()).await?;
    let bad = BulkFile::read(file.as_bytes(), &known).unwrap_err();
    assert_eq!(bad.faults()[0].code(), "bulk-file.no-certificate");
    let both = format!("act;case;serial;ground;document\nsuspend;{CASE};{serial};law;№ 1\n");
    known.names = desk.ra.bulk_names(by, both.as_bytes()).await?;
    let bad = BulkFile::read(both.as_bytes(), &known).unwrap_err();
    assert_eq!(bad.faults()[0].code(), "bulk-file.twofold");
    Ok(())
}

/// One file registers people and has their requests issued.
#[tokio::test]
async fn whom_a_row_registers_a_later_row_may_name() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let data = desk::people::staff(40, "nobody")?.data;
    let request = RequestBuilder::new(&data.subject_attributes())?
        .with_profile(&desk::profile())
        .sign(&*user_key(40, &desk.rng))
        .await?;
    let pem = to_pem(PemLabel::CertificateRequest, request.as_der());
    let mut register = serde_json::Map::new();
    for (field, text) in RegistrationForm::from(&data).iter() {
        register.insert(field.key().to_owned(), text.into());
    }
    register.insert("act".to_owned(), "register".into());
    register.insert("login".to_owned(), "user-40".into());
    let issue = serde_json::json!({ "act": "issue", "login": "user-40", "request": pem });
    let file = serde_json::to_vec(&[register.into(), issue])?;
    let file = BulkFile::read(&file, &defaults(&bench))?;
    let done = desk.ra.execute(by, &file.envelope("Новый сотрудник")).await?;
    let Outcome::Bulk { items } = done else { panic!("{done:?}") };
    let table = file.results(items.iter().map(Some));
    let outcomes: Vec<_> = table.rows().iter().map(|row| row[6].as_str()).collect();
    assert_eq!(outcomes, ["registered", "issued"], "{table:?}");
    assert_eq!(table.rows()[0][3], table.rows()[1][3]);
    bench.check().await
}
