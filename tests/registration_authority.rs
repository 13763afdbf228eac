//! The desk's commands over the providers in memory: what is done, what is refused, what is never forgotten.

use std::sync::Arc;

use gost_ca::Timestamp;
use gost_ca::audit::verify::verify;
use gost_ca::command::{Command, Envelope, Outcome, Register};
use gost_ca::fact::Notice;
use gost_ca::id::{CaseId, WriterId};
use gost_ca::lifecycle::{Act, CertificateStatus, StatusAt};
use gost_ca::provider::journal::{CaseFilter, Page};
use gost_ca::provider::{UserFilter, UserRecord};
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::secret::Secret;
use gost_ca::view::{CaseState, Role};
use gost_ca::x509::CertificateList;
use gost_ca_memory::{MemoryDirectory, MemoryJournal};

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage, answer, key, people};

async fn open() -> Result<Desk> {
    Desk::found(Storage {
        journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
        directory: Arc::new(MemoryDirectory::default()),
    })
    .await
}

fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() }
}

fn suspend(case: CaseId) -> Command {
    Command::Suspend { case, ground: ground(), until: None, on_end: None }
}

fn resume(case: CaseId) -> Command {
    Command::Resume { case, ground: ground() }
}

fn revoke(case: CaseId) -> Command {
    Command::Revoke {
        case,
        reason: Reason::CessationOfOperation,
        ground: ground(),
        invalidity: None,
        date: None,
        notice: Notice::default(),
    }
}

async fn state(desk: &Desk, case: CaseId) -> Result<CaseState> {
    Ok(desk.ra.case(&desk.operator, &case).await?.case.state())
}

async fn crl(desk: &Desk) -> Result<CertificateList> {
    let next_update = desk.clock_now() + jiff::SignedDuration::from_hours(24);
    desk.run(&desk.administrator, Command::IssueCrl { authority: desk.authority, next_update })
        .await?;
    Ok(CertificateList::from_der(&desk.ra.crls(&desk.authority).await?[0])?)
}

#[tokio::test]
async fn a_certificate_goes_through_its_life() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    assert_eq!(state(&desk, case).await?, CaseState::Active);
    desk.run(&desk.operator, suspend(case)).await?;
    assert_eq!(state(&desk, case).await?, CaseState::Suspended);
    desk.run(&desk.operator, resume(case)).await?;
    assert_eq!(state(&desk, case).await?, CaseState::Active);
    desk.run(&desk.operator, revoke(case)).await?;
    assert_eq!(state(&desk, case).await?, CaseState::Revoked);
    desk.run(&desk.operator, Command::Hide { case }).await?;

    let listed = |filter| async {
        Ok::<_, gost_ca::Error>(
            desk.ra.list_cases(&desk.operator, filter, &Page::first(10)).await?.0,
        )
    };
    assert!(listed(CaseFilter::default()).await?.iter().all(|view| view.case != case));
    let filter = CaseFilter { hidden: true, ..CaseFilter::default() };
    assert!(
        listed(filter).await?.iter().any(|view| view.case == case),
        "nothing issued is ever erased"
    );
    assert!(verify(desk.ra.providers().journal.audit()).await?.is_whole());
    Ok(())
}

#[tokio::test]
async fn what_is_forbidden_is_refused_by_name() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let by = &desk.operator;
    assert_eq!(desk.refusal(by, Command::Hide { case }).await, "guard.not-terminated");
    assert_eq!(desk.refusal(by, resume(case)).await, "state");
    assert_eq!(desk.refusal(by, Command::Submit { case }).await, "state");
    let late = desk.clock_now() + jiff::SignedDuration::from_hours(24 * 40);
    let long = Command::Suspend { case, ground: ground(), until: Some(late), on_end: None };
    assert_eq!(desk.refusal(by, long).await, "guard.term-beyond-policy");
    desk.run(by, revoke(case)).await?;
    assert_eq!(desk.refusal(by, revoke(case)).await, "state");
    assert_eq!(desk.refusal(by, suspend(case)).await, "state");
    assert_eq!(desk.refusal(by, Command::Renew { case }).await, "state");
    let office = Command::OpenOffice { office: "x".parse()?, title: "X".to_owned() };
    assert_eq!(desk.refusal(by, office).await, "permission.role");
    Ok(())
}

#[tokio::test]
async fn buttons_tell_what_commands_do() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let refusal = |act: Act, card: &gost_ca::registration_authority::CaseCard| {
        card.actions.iter().find(|action| action.act == act).unwrap().refusal.clone()
    };
    let card = desk.ra.case(&desk.operator, &case).await?;
    assert_eq!(refusal(Act::Suspend, &card), None);
    assert_eq!(refusal(Act::Resume, &card).map(|why| why.code()), Some("state"));
    assert_eq!(refusal(Act::Hide, &card).map(|why| why.code()), Some("guard.not-terminated"));
    Ok(())
}

#[tokio::test]
async fn a_second_office_is_out_of_reach() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let other = "other".parse()?;
    desk.run(
        &desk.administrator,
        Command::OpenOffice { office: "other".parse()?, title: "Другой".to_owned() },
    )
    .await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &other).await?;
    assert_eq!(desk.refusal(&stranger, suspend(case)).await, "permission.scope");
    assert_eq!(desk.ra.case(&stranger, &case).await.unwrap_err().code(), "permission.scope");
    assert!(
        desk.ra
            .list_cases(&stranger, CaseFilter::default(), &Page::first(10))
            .await?
            .0
            .iter()
            .all(|view| view.case != case)
    );
    let filter =
        UserFilter { login: Some("user-10".to_owned().try_into()?), ..UserFilter::default() };
    assert!(desk.ra.find_users(&stranger, &filter, &Page::first(10)).await?.0.is_empty());
    assert_eq!(desk.ra.find_users(&desk.operator, &filter, &Page::first(10)).await?.0.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_suspended_operator_is_out_at_once() -> Result<()> {
    let desk = open().await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let gost_ca::entry::Method::Certificate(case) = stranger.actor().method else { panic!() };
    desk.run(&desk.administrator, suspend_staff(case)).await.map(drop).or_else(|error| {
        // the sign-in profile may forbid suspension: then the certificate is revoked
        assert_eq!(error.code(), "guard.suspension-forbidden");
        Ok::<_, gost_ca::Error>(())
    })?;
    if desk.ra.case(&desk.administrator, &case).await?.case.state() == CaseState::Active {
        desk.run(&desk.administrator, revoke(case)).await?;
    }
    let command = Command::CreateRequest {
        user: stranger.actor().user.unwrap(),
        profile: "sign-in".parse()?,
        authority: desk.authority,
    };
    assert_eq!(desk.refusal(&stranger, command).await, "session.certificate");
    assert_eq!(desk.ra.case(&stranger, &case).await.unwrap_err().code(), "session.certificate");
    Ok(())
}

fn suspend_staff(case: CaseId) -> Command {
    suspend(case)
}

#[tokio::test]
async fn duplicates_are_refused_and_kin_is_shown() -> Result<()> {
    let desk = open().await?;
    let register = |number: u32, login: &str, person_known: bool| {
        let UserRecord { login, data } = people::staff(number, login).unwrap();
        let (role, office) = (Role::User, Some(desk.office.clone()));
        Command::Register(Box::new(Register { role, office, login, data, person_known }))
    };
    desk.run(&desk.operator, register(10, "first", false)).await?;
    assert_eq!(
        desk.refusal(&desk.operator, register(10, "second", false)).await,
        "registration.duplicate"
    );
    assert_eq!(
        desk.refusal(&desk.operator, register(11, "first", false)).await,
        "registration.login-taken"
    );
    Ok(())
}

#[tokio::test]
async fn the_first_sign_in_changes_the_password() -> Result<()> {
    let desk = open().await?;
    let UserRecord { login, data } = people::staff(10, "user-10")?;
    let (role, office, person_known) = (Role::User, Some(desk.office.clone()), false);
    let register = Register { role, office, login: login.clone(), data, person_known };
    let envelope = desk.envelope(Command::Register(Box::new(register)));
    let Outcome::Registered { user, temporary_password: Some(temporary) } =
        desk.ra.execute(&desk.operator, &envelope).await?
    else {
        panic!()
    };

    let again = desk.ra.execute(&desk.operator, &envelope).await?;
    let first = Outcome::Registered { user, temporary_password: None };
    assert_eq!(again, Outcome::AlreadyDone(Box::new(first)), "the secret is never shown again");

    let wrong = desk.ra.sign_in_by_password(&login, &Secret::from("wrong")).await.unwrap_err();
    assert_eq!(wrong.code(), "sign-in");
    let session = desk.ra.sign_in_by_password(&login, &temporary).await?;
    assert_eq!(
        desk.ra.user(&session, &user).await.unwrap_err().code(),
        "session.password-change-required"
    );
    let change = |new: &str| {
        let (new, id) = (Secret::from(new), desk::command_id(&desk.rng));
        let (ra, session, temporary) = (&desk.ra, &session, &temporary);
        async move { ra.change_own_password(session, id, (temporary, &new)).await }
    };
    for weak in ["seven77", "onlyletters", "12345678", temporary.expose_str().unwrap()] {
        assert_eq!(change(weak).await.unwrap_err().code(), "password.policy", "{weak}");
    }
    change("own-password-1").await?;
    assert!(desk.ra.sign_in_by_password(&login, &temporary).await.is_err());
    let session = desk.ra.sign_in_by_password(&login, &Secret::from("own-password-1")).await?;
    assert_eq!(desk.ra.user(&session, &user).await?.account.user(), user);
    Ok(())
}

#[tokio::test]
async fn a_temporary_password_does_not_last() -> Result<()> {
    let desk = open().await?;
    let user = desk.register(10).await?;
    let issue = Command::IssueTemporaryPassword { user };
    let Outcome::Registered { temporary_password: Some(password), .. } =
        desk.run(&desk.operator, issue).await?
    else {
        panic!()
    };
    let login = "user-10".to_owned().try_into()?;
    desk.ra.sign_in_by_password(&login, &password).await?;
    desk.clock.advance(72 * 3600 + 1);
    assert_eq!(desk.ra.sign_in_by_password(&login, &password).await.unwrap_err().code(), "sign-in");
    Ok(())
}

#[tokio::test]
async fn a_challenge_is_good_once_and_not_for_long() -> Result<()> {
    let desk = open().await?;
    let gost_ca::entry::Method::Certificate(case) = desk.operator.actor().method else { panic!() };
    let certificate = desk.ra.certificate(&desk.operator, &case).await?;
    let signer = key(102, &desk.rng);
    let response = answer(&desk.ra, &*signer).await?;
    desk.ra.sign_in(&certificate, &response).await?;
    assert_eq!(
        desk.ra.sign_in(&certificate, &response).await.unwrap_err().code(),
        "challenge.replayed"
    );

    let late = answer(&desk.ra, &*signer).await?;
    desk.clock.advance(301);
    assert_eq!(desk.ra.sign_in(&certificate, &late).await.unwrap_err().code(), "challenge.unknown");
    let other = answer(&desk.ra, &*key(77, &desk.rng)).await?;
    assert_eq!(desk.ra.sign_in(&certificate, &other).await.unwrap_err().code(), "sign-in");
    Ok(())
}

#[tokio::test]
async fn a_key_is_certified_once() -> Result<()> {
    let desk = open().await?;
    desk.active(10).await?;
    let user = desk.register(11).await?;
    let error =
        desk.build(&desk.operator, user, "commercial", &key(10, &desk.rng)).await.unwrap_err();
    let error = error.downcast::<gost_ca::Error>().unwrap();
    assert_eq!(error.code(), "request.key-used");
    Ok(())
}

#[tokio::test]
async fn a_request_follows_the_registration_data() -> Result<()> {
    let desk = open().await?;
    let user = desk.register(10).await?;
    let signer = key(10, &desk.rng);
    let case = desk.build(&desk.operator, user, "commercial", &signer).await?;
    let mut data = desk.ra.user(&desk.operator, &user).await?.record.data.into_particulars();
    data.certificate_email = Some("new@example.org".to_owned().try_into()?);
    let data = Box::new(data.try_into()?);
    desk.run(&desk.operator, Command::EditData { user, data }).await?;
    assert_eq!(
        desk.refusal(&desk.operator, Command::Submit { case }).await,
        "request.registration-changed"
    );
    Ok(())
}

#[tokio::test]
async fn the_same_command_twice_does_one_thing() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let envelope = desk.envelope(suspend(case));
    assert_eq!(desk.ra.execute(&desk.operator, &envelope).await?, Outcome::Done);
    let again = desk.ra.execute(&desk.operator, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
    let other = Envelope::new(envelope.id, revoke(case));
    assert_eq!(desk.ra.execute(&desk.operator, &other).await.unwrap_err().code(), "conflict");
    Ok(())
}

#[tokio::test]
async fn an_old_look_is_a_conflict() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    let seen = desk.ra.case(&desk.operator, &case).await?.case.length();
    desk.run(&desk.operator, suspend(case)).await?;
    let envelope = desk.envelope(resume(case)).expecting(seen);
    assert_eq!(desk.ra.execute(&desk.operator, &envelope).await.unwrap_err().code(), "conflict");
    Ok(())
}

#[tokio::test]
async fn a_renewal_joins_the_lineage() -> Result<()> {
    let desk = open().await?;
    let old = desk.active(10).await?;
    let Outcome::RequestCreated { case } =
        desk.run(&desk.operator, Command::Renew { case: old }).await?
    else {
        panic!()
    };
    let card = desk.ra.case(&desk.operator, &case).await?.case;
    assert_eq!((card.begun().lineage, card.begun().renews), (old, Some(old)));
    assert_eq!(desk.ra.case(&desk.operator, &old).await?.case.successor(), Some(case));
    Ok(())
}

#[tokio::test]
async fn the_crl_lists_holds_and_revocations_until_they_end() -> Result<()> {
    let desk = open().await?;
    let (held, gone) = (desk.active(10).await?, desk.active(11).await?);
    let since = desk.clock_now();
    desk.run(&desk.operator, suspend(held)).await?;
    desk.run(&desk.operator, revoke(gone)).await?;
    let first = crl(&desk).await?;
    assert_eq!(first.listed().count(), 2);
    desk.clock.advance(3600);
    let second = crl(&desk).await?;
    assert_eq!(second.listed().count(), 2, "a hold stays on every consecutive CRL");
    assert!(second.number() > first.number());
    desk.clock.advance(3600);
    desk.run(&desk.operator, resume(held)).await?;
    assert_eq!(crl(&desk).await?.listed().count(), 1);

    let status = |time: Timestamp| {
        let ra = &desk.ra;
        async move { ra.status_at(&held, StatusAt::time(time)).await }
    };
    assert!(matches!(
        status(since + jiff::SignedDuration::from_secs(60)).await?,
        CertificateStatus::Suspended { .. }
    ));
    assert_eq!(status(desk.clock_now()).await?, CertificateStatus::Good);
    Ok(())
}

#[tokio::test]
async fn revoking_a_held_certificate_keeps_the_date_of_the_hold() -> Result<()> {
    let desk = open().await?;
    let case = desk.active(10).await?;
    desk.run(&desk.operator, suspend(case)).await?;
    let hold = desk.ra.case(&desk.operator, &case).await?.case.hold().unwrap().since;
    desk.clock.advance(86_400);
    desk.run(&desk.operator, revoke(case)).await?;
    let revoked = *desk.ra.case(&desk.operator, &case).await?.case.revoked().unwrap();
    assert_eq!(revoked.date, hold);
    let entry = crl(&desk).await?;
    assert_eq!(entry.listed().next().unwrap().date, hold);
    Ok(())
}

#[tokio::test]
async fn a_record_is_founded_once() -> Result<()> {
    let desk = open().await?;
    let founding = gost_ca::registration_authority::Founding {
        id: desk::command_id(&desk.rng),
        administrator: people::staff(50, "usurper")?,
        key: gost_ca::provider::Signer::public_key(&*key(50, &desk.rng)).clone(),
    };
    assert_eq!(desk.ra.found(founding).await.unwrap_err().code(), "record.founded");
    Ok(())
}

#[tokio::test]
async fn founding_again_gives_no_session() -> Result<()> {
    let desk = open().await?;
    let founding = gost_ca::registration_authority::Founding {
        id: desk.founding,
        administrator: people::staff(1, "administrator")?,
        key: gost_ca::provider::Signer::public_key(&*key(2, &desk.rng)).clone(),
    };
    assert_eq!(desk.ra.found(founding).await.unwrap_err().code(), "record.founded");
    Ok(())
}

#[tokio::test]
async fn the_founding_key_ends_with_its_certificate() -> Result<()> {
    let desk = open().await?;
    let signer = key(2, &desk.rng);
    let key = gost_ca::provider::Signer::public_key(&*signer);
    let response = answer(&desk.ra, &*signer).await?;
    assert_eq!(desk.ra.sign_in_by_key(key, &response).await.unwrap_err().code(), "sign-in");
    Ok(())
}
