//! What one person alone does not do: administration, erasure, and requests with warnings.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, ImportedCertificate, Outcome};
use gost_ca::fact::ImportedStatus;
use gost_ca::id::{ApprovalId, UserId};
use gost_ca::language::Language::{English, Russian};
use gost_ca::lifecycle::{Act, CrlLine, CrlState};
use gost_ca::message::Message;
use gost_ca::profile::{ApprovalRule, Locations, Preset};
use gost_ca::provider::Signer as _;
use gost_ca::provider::journal::{CaseFilter, ListPart, Page, StreamId};
use gost_ca::view::{AccountState, ApprovalState, CaseState, Role};
use gost_ca::x509::KeyIdentity;
use gost_ca::{RegistrationAuthority, Session};
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::Bench;
use desk::{Desk, Result};

async fn asked(desk: &Desk, by: &Session, command: Command) -> Result<ApprovalId> {
    match desk.run(by, command).await? {
        Outcome::ApprovalRequested { approval } => Ok(approval),
        other => panic!("{other:?}"),
    }
}

fn approve(approval: ApprovalId) -> Command {
    Command::Approve { approval, comment: "Согласен".to_owned() }
}

fn reject(approval: ApprovalId) -> Command {
    Command::RejectApproval { approval, comment: "Нет".to_owned() }
}

/// Approves, and says how far it came.
async fn approved(desk: &Desk, by: &Session, approval: ApprovalId) -> Result<ApprovalState> {
    match desk.run(by, approve(approval)).await? {
        Outcome::Approved { state, .. } => Ok(state),
        other => panic!("{other:?}"),
    }
}

async fn archived(bench: &Bench, number: u32) -> Result<UserId> {
    let (user, _) = bench.user(number).await?;
    let reason = "№ 3".to_owned();
    let archive = Command::ArchiveUser { user, reason, termination: None };
    bench.desk.run(&bench.desk.administrator, archive).await?;
    Ok(user)
}

#[tokio::test]
async fn nobody_erases_personal_data_alone() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (_, other) = desk.second_administrator().await?;
    let user = archived(&bench, 10).await?;
    let by = &desk.administrator;
    let version = *desk.ra.user(by, &user).await?.account.registration();
    let directory = &desk.ra.providers().directory;
    let erase = || Command::EraseUser { user, reason: "№ 4".to_owned() };

    let approval = asked(desk, by, erase()).await?;
    assert!(directory.get(&user, &version).await?.is_some(), "nothing is erased yet");
    assert_eq!(desk.refusal(by, approve(approval)).await, "guard.own-approval");
    assert_eq!(desk.refusal(&desk.operator, approve(approval)).await, "permission.scope");
    let card = desk.ra.approval(&other, &approval).await?;
    assert_eq!(card.approval.request().act, Act::EraseAccount);
    assert_eq!(card.approval.request().beneficiary, Some(user));
    assert_eq!(approved(desk, &other, approval).await?, ApprovalState::Executed);
    assert!(directory.get(&user, &version).await?.is_none());
    let events = bench.events(StreamId::Account(user), 1).await?;
    assert_eq!(events, ["user.archived", "user.erased", "user.erasure_finished"]);

    // one who says no is enough
    let kept = archived(&bench, 11).await?;
    let erase = Command::EraseUser { user: kept, reason: "№ 5".to_owned() };
    let approval = asked(desk, by, erase).await?;
    let reject = Command::RejectApproval { approval, comment: "Рано".to_owned() };
    desk.run(&other, reject).await?;
    assert_eq!(desk.refusal(&other, approve(approval)).await, "state");
    assert_eq!(desk.ra.user(by, &kept).await?.account.state(), AccountState::Archived);
    bench.check().await
}

/// A desk whose administration wants a second one.
async fn strict() -> Result<(Bench, Session)> {
    let mut bench = Bench::open().await?;
    let (_, other) = bench.desk.second_administrator().await?;
    let mut settings = desk::settings();
    (settings.approvals.administration, settings.approvals.archive) = (1, 1);
    let providers = bench.desk.ra.providers().clone();
    bench.desk.ra = RegistrationAuthority::new(providers, settings);
    Ok((bench, other))
}

#[tokio::test]
async fn administration_wants_another_administrator() -> Result<()> {
    let (bench, other) = strict().await?;
    let (desk, by) = (&bench.desk, &bench.desk.administrator);
    let (user, _) = bench.user(10).await?;
    let operator = desk.operator.actor().user.unwrap();
    let key = |number| desk::key(number, &desk.rng).public_key().as_der().to_vec();
    let mut profile = desk::profile();
    profile.version = 2;
    let north: gost_ca::id::OfficeId = "north".parse()?;
    let commands = [
        Command::OpenOffice { office: north.clone(), title: "Северный".to_owned() },
        Command::AdoptProfile { profile: Box::new(profile) },
        Command::OpenAuthority { title: "Второй УЦ".to_owned() },
        Command::RegisterAuditKey { public_key: key(50) },
        Command::SetRecovery { keys: [51, 52].map(|number| hex(&key(number))).into(), needed: 2 },
        Command::AdoptCrlPolicy {
            authority: desk.authority,
            policy: Box::new(CrlPolicy::default()),
        },
        Command::ChangeRole { user: operator, role: Role::Operator, office: Some(north) },
        Command::ArchiveUser { user, reason: "№ 3".to_owned(), termination: None },
    ];
    for command in commands {
        let name = command.name();
        let approval = asked(desk, by, command.clone()).await?;
        let told = bench.events(StreamId::Approval(approval), 0).await?;
        assert_eq!(told, ["approval.requested"], "{name}");
        assert_eq!(desk.refusal(by, approve(approval)).await, "guard.own-approval", "{name}");
        let state = approved(desk, &other, approval).await?;
        assert_eq!(state, ApprovalState::Executed, "{name}");
        let operators_own = matches!(command, Command::ChangeRole { .. });
        if operators_own {
            assert_eq!(
                desk.ra.user(by, &operator).await?.account.office().unwrap().to_string(),
                "north"
            );
        }
    }
    assert_eq!(desk.ra.user(by, &user).await?.account.state(), AccountState::Archived);
    bench.check().await
}

/// A key of the authority, certificates from elsewhere, a CRL that shrank: each is one administrator's wish, and another's deed.
#[tokio::test]
async fn what_authorities_are_told_wants_another_administrator() -> Result<()> {
    let (bench, other) = strict().await?;
    let (desk, by) = (&bench.desk, &bench.desk.administrator);
    let authority = desk.authority;

    // 1. Certificates from elsewhere.
    let elsewhere = Bench::open().await?;
    let mut certificates = Vec::new();
    for number in 40..55 {
        let case = elsewhere.desk.active(number).await?;
        let certificate =
            elsewhere.desk.ra.certificate(&elsewhere.desk.administrator, &case).await?;
        let user = desk.register(number).await?;
        let status = ImportedStatus::Suspended { since: desk.clock_now() };
        let certificate = certificate.as_der().to_vec();
        certificates.push(ImportedCertificate { user, certificate, status, partition: 0 });
    }
    let profile = "commercial".parse()?;
    let approval = asked(desk, by, Command::Import { authority, profile, certificates }).await?;
    let (all, page) = (CaseFilter::default(), Page::first(100));
    let before = desk.ra.list_cases(by, all.clone(), &page).await?.0.len();
    assert_eq!(approved(desk, &other, approval).await?, ApprovalState::Executed);
    let cases = desk.ra.list_cases(by, all, &page).await?.0;
    assert_eq!(cases.len(), before + 15);

    // 2. A list that lost too much.
    let issue = || Command::IssueCrl {
        authority,
        next_update: desk.clock_now() + SignedDuration::from_hours(24),
    };
    desk.run(by, issue()).await?;
    for view in cases.iter().filter(|view| view.state == CaseState::Suspended).take(11) {
        desk.run(&desk.operator, bench::resume(view.case)).await?;
    }
    assert_eq!(desk.refusal(by, issue()).await, "crl.blocked");
    let part = desk.ra.crl_lines(&authority).await?.remove(0).part;
    let approval = asked(desk, by, Command::ReleaseCrl { authority, part }).await?;
    assert_eq!(desk.ra.crl_lines(&authority).await?[0].state, CrlState::Blocked);
    assert_eq!(approved(desk, &other, approval).await?, ApprovalState::Executed);
    assert!(desk.ra.crl_lines(&authority).await?[0].released);
    desk.run(by, issue()).await?;

    // 3. Another key.
    let root = desk::authority_by(desk::key(2, &desk.rng), &desk.rng, desk.clock_now()).await?;
    let certificate = root.certificate().as_der().to_vec();
    let approval = asked(desk, by, Command::InstallAuthorityKey { authority, certificate }).await?;
    assert_eq!(desk.ra.authority_state(by, &authority).await?.keys().len(), 1);
    assert_eq!(approved(desk, &other, approval).await?, ApprovalState::Executed);
    assert_eq!(desk.ra.authority_state(by, &authority).await?.keys().len(), 2);
    Ok(())
}

/// What is not allowed is refused at once: nobody is asked.
#[tokio::test]
async fn nobody_is_asked_for_what_is_refused() -> Result<()> {
    let (bench, _) = strict().await?;
    let (desk, by) = (&bench.desk, &bench.desk.administrator);
    let case = bench.active(10).await?;
    let user = bench.case(case).await?.begun().user;
    let archive = Command::ArchiveUser { user, reason: "№ 3".to_owned(), termination: None };
    assert_eq!(desk.refusal(by, archive).await, "guard.certificates-in-force");
    let role = Command::ChangeRole { user, role: Role::Operator, office: None };
    assert_eq!(desk.refusal(by, role).await, "state");
    let erase = Command::EraseUser { user, reason: "№ 4".to_owned() };
    assert_eq!(desk.refusal(by, erase).await, "state");
    bench.check().await
}

fn hex(octets: &[u8]) -> String {
    gost_ca::hex::encode(octets)
}

#[tokio::test]
async fn a_request_with_warnings_waits_for_somebody_else() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let colleague = desk.new_operator(&desk.administrator, 3, &desk.office).await?;
    let mut profile = Preset::SignIn.profile(None, Locations::default());
    // where classes of tools never were
    profile.policies.push(gost_ca::oid::Oid::new_unwrap("1.2.643.100.114.1"));
    profile.version = 2;
    profile.policy.review = true;
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(profile) }).await?;
    let user = desk.register(10).await?;
    let signer = bench::user_key(10, &desk.rng);
    let case = desk.build(&desk.operator, user, "sign-in", &signer).await?;

    let submitted = desk.run(&desk.operator, Command::Submit { case }).await?;
    let Outcome::InReview { findings, .. } = submitted else { panic!("{submitted:?}") };
    let found = findings.iter().find(|found| found.code == "w_fsb795_class_arc");
    let told = Message::from(found.unwrap_or_else(|| panic!("{findings:?}")));
    assert!(told.says(Russian).starts_with("Замечание: "), "{}", told.says(Russian));
    assert!(told.says(English).starts_with("A warning: "), "{}", told.says(English));
    assert_eq!(bench.case(case).await?.findings(), findings);

    let waive =
        || Command::Waive { case, comment: "Внутренний сертификат".to_owned() };
    assert_eq!(desk.refusal(&desk.operator, waive()).await, "guard.own-request");
    let done = desk.run(&colleague, waive()).await?;
    assert!(matches!(done, Outcome::Issued { .. }), "{done:?}");
    let waived = bench.case(case).await?;
    assert_eq!((waived.state(), waived.findings().len()), (CaseState::Active, 0));

    // the same may be refused, too
    let signer = bench::user_key(11, &desk.rng);
    let case = desk.build(&desk.operator, user, "sign-in", &signer).await?;
    desk.run(&desk.operator, Command::Submit { case }).await?;
    let reject = Command::Reject { case, comment: "Не нужен".to_owned() };
    assert_eq!(desk.refusal(&desk.operator, reject.clone()).await, "guard.own-request");
    desk.run(&colleague, reject).await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Rejected);
    bench.check().await
}

/// A request is judged by somebody who neither began nor submitted it.
#[tokio::test]
async fn whoever_began_a_request_does_not_judge_it() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let colleague = desk.new_operator(&desk.administrator, 3, &desk.office).await?;
    let mut profile = Preset::SignIn.profile(None, Locations::default());
    profile.version = 2;
    profile.policy.approvals = vec![ApprovalRule { act: Act::Issue, quorum: 1, back_dated: false }];
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(profile) }).await?;
    let user = desk.register(10).await?;
    for (number, judge) in [(20, approve as fn(ApprovalId) -> Command), (21, reject)] {
        let signer = bench::user_key(number, &desk.rng);
        let case = desk.build(&desk.operator, user, "sign-in", &signer).await?;
        let approval = asked(desk, &colleague, Command::Submit { case }).await?;
        assert_eq!(desk.refusal(&colleague, judge(approval)).await, "guard.own-approval");
        assert_eq!(desk.refusal(&desk.operator, judge(approval)).await, "guard.own-request");
        let card = desk.ra.approval(&desk.operator, &approval).await?;
        let refused = |act| card.actions.iter().find(|it| it.act == act).unwrap().refusal.is_some();
        assert!(refused(Act::Approve) && refused(Act::RejectApproval));
        desk.run(&desk.administrator, judge(approval)).await?;
    }
    bench.check().await
}

#[tokio::test]
async fn users_correct_their_contacts_and_nothing_else() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (user, password) = bench.user(10).await?;
    let login = gost_ca::registration::Login::from_typed("user-10")?;
    let password = password.unwrap();
    let session = desk.ra.sign_in_by_password(&login, &password).await?;
    let own = gost_ca::secret::Secret::from(bench::OWN_PASSWORD);
    desk.ra.change_own_password(&session, desk::command_id(&desk.rng), (&password, &own)).await?;

    let record = desk.ra.user(&session, &user).await?.record;
    let mut data = record.data.clone().into_particulars();
    data.contacts.email = Some("new@example.org".to_owned().try_into()?);
    let edit = Command::EditData { user, data: Box::new(data.try_into()?) };
    desk.run(&session, edit).await?;
    let now = desk.ra.user(&session, &user).await?.record;
    assert_eq!(
        now.data.clone().into_particulars().contacts.email.unwrap().as_str(),
        "new@example.org"
    );

    let Command::EditData { data, .. } = bench.edit(user, 10).await? else { panic!() };
    let edit = Command::EditData { user, data };
    let error = desk.run(&session, edit).await.unwrap_err();
    assert_eq!(error.code(), "registration.desk-fields");
    assert!(error.to_string().contains("certificate_email"), "{error}");
    let told = Message::from(&error);
    let label = "Электронная почта в сертификате";
    assert!(told.spoken(Russian).to_string().contains(label), "{}", told.spoken(Russian));
    assert_eq!(desk.ra.user(&session, &user).await?.record, now, "nothing changed");

    let (somebody, _) = bench.user(11).await?;
    let edit = bench.edit(somebody, 11).await?;
    assert_eq!(desk.refusal(&session, edit).await, "permission.scope");
    bench.check().await
}

/// The buttons of a list of CRLs, with the reason for each that does nothing.
#[test]
fn a_blocked_list_offers_its_release() {
    let part = ListPart { issuer: KeyIdentity::from_octets([1; 32]), partition: 0 };
    let actor = |role| gost_ca::entry::Actor { role, ..gost_ca::entry::Actor::SYSTEM };
    let codes = |line: &CrlLine, role| {
        let actions = line.allowed_actions(&actor(role)).into_iter();
        let codes = actions.map(|action| (action.act, action.refusal.map_or("", |why| why.code())));
        codes.collect::<Vec<_>>()
    };
    let mut line = CrlLine::new(part);
    let (make, release, publish) = (Act::IssueCrl, Act::ReleaseCrl, Act::PublishCrl);
    let role = "permission.role";
    assert_eq!(
        codes(&line, Role::Administrator),
        [(make, ""), (release, "state"), (publish, role)]
    );
    line.state = CrlState::Blocked;
    assert_eq!(
        codes(&line, Role::Administrator),
        [(make, "state"), (release, ""), (publish, role)]
    );
    assert_eq!(codes(&line, Role::Operator), [(make, role), (release, role), (publish, role)]);
    assert_eq!(codes(&line, Role::System), [(make, "state"), (release, role), (publish, "")]);
}
