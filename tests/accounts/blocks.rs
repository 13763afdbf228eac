//! Blocks, roles, offices, and temporary passwords that end.

use super::*;

#[tokio::test]
async fn a_blocked_user_gets_nothing() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let case = bench.built(10).await?;
    let id = bench.case(case).await?.begun().user;
    desk.run(&desk.operator, block(id)).await?;
    assert_eq!(desk.refusal(&desk.operator, Command::Submit { case }).await, "owner.out-of-use");
    let create = bench::create(desk, id);
    assert_eq!(desk.refusal(&desk.operator, create).await, "owner.out-of-use");
    assert_eq!(desk.refusal(&desk.operator, bench.edit(id, 1).await?).await, "state");
    desk.run(&desk.operator, unblock(id)).await?;
    desk.run(&desk.operator, Command::Submit { case }).await?;
    bench.check().await
}

#[tokio::test]
async fn what_an_administrator_blocked_no_operator_unblocks() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, _) = bench.user(10).await?;
    desk.run(&desk.administrator, block(id)).await?;
    let code = desk.refusal(&desk.operator, unblock(id)).await;
    assert_eq!(code, "guard.blocked-by-administrator");
    desk.run(&desk.administrator, unblock(id)).await?;
    assert_eq!(desk.refusal(&desk.administrator, unblock(id)).await, "state");
    let envelope = desk.envelope(block(id));
    desk.ra.execute(&desk.operator, &envelope).await?;
    let again = desk.ra.execute(&desk.operator, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
    desk.run(&desk.operator, unblock(id)).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_blocks_themselves_or_the_last_administrator() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let first = desk.administrator.actor().user.unwrap();
    assert_eq!(desk.refusal(&desk.administrator, block(first)).await, "guard.oneself");
    assert_eq!(desk.refusal(&desk.operator, block(first)).await, "permission.scope");
    let own = desk.operator.actor().user.unwrap();
    assert_eq!(desk.refusal(&desk.operator, block(own)).await, "permission.role");

    // an administrator who is blocked is none: the other one is the last
    let (second, session) = bench.desk.second_administrator().await?;
    desk.run(&session, block(first)).await?;
    assert_eq!(desk.ra.user(&desk.administrator, &first).await.unwrap_err().code(), "session.over");
    assert_eq!(desk.refusal(&session, block(second)).await, "guard.oneself");
    let around = Circumstances::new(desk.clock_now(), 1);
    let account = desk.ra.user(&session, &second).await?.account;
    let stranger = Actor { user: Some(UserId::new([9; 16])), ..session.actor().clone() };
    let refusal = account.admits(&stranger, Act::Block, &around).unwrap_err();
    assert_eq!(refusal.code(), "guard.last-administrator");
    desk.run(&session, unblock(first)).await?;
    bench.check_views().await
}

#[tokio::test]
async fn two_who_block_each_other_do_not_both_succeed() -> Result<()> {
    use doubles::{Hook, Yielding};
    // one of the two stops after so many steps, and the other goes on
    for stop in 0..60 {
        let bench = Bench::open().await?;
        let desk = &bench.desk;
        let first = desk.administrator.actor().user.unwrap();
        let (second, session) = bench.desk.second_administrator().await?;
        let hook: Arc<dyn Hook> = Arc::new(Yielding);
        let ra = bench.hooked(&hook);
        let envelope = desk.envelope(block(first));
        let mut slow = Box::pin(ra.execute(&session, &envelope));
        let early = doubles::poll_at_most(&mut slow, stop);
        let quick = desk.run(&desk.administrator, block(second)).await;
        let late = match early {
            Some(done) => done,
            None => slow.await,
        };
        assert!(quick.is_ok() != late.is_ok(), "{stop}: {quick:?} {late:?}");
        if quick.is_err() {
            break;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_blocked_operator_is_out_by_certificate_too() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let stranger = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let user = stranger.actor().user.unwrap();
    let Method::Certificate(case) = stranger.actor().method else { panic!("a certificate") };
    assert_eq!(desk.refusal(&desk.operator, block(user)).await, "permission.role");
    desk.run(&desk.administrator, block(user)).await?;
    assert_eq!(desk.ra.case(&stranger, &case).await.unwrap_err().code(), "session.over");
    let certificate = desk.ra.certificate(&desk.administrator, &case).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    assert_eq!(desk.ra.sign_in(&certificate, &answer).await.unwrap_err().code(), "sign-in");
    desk.run(&desk.administrator, unblock(user)).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    desk.ra.sign_in(&certificate, &answer).await?;
    bench.check().await
}

#[tokio::test]
async fn an_operator_moves_to_another_office() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let office = Command::OpenOffice { office: "other".parse()?, title: "Другой".to_owned() };
    desk.run(&desk.administrator, office).await?;
    let (id, _) = user(&bench, 10).await?;
    let operator = desk.new_operator(&desk.administrator, 3, &desk.office.clone()).await?;
    let user = operator.actor().user.unwrap();
    desk.ra.user(&operator, &id).await?;
    let change = |user, role, office: Option<&str>| Command::ChangeRole {
        user,
        role,
        office: office.map(|office| office.parse().unwrap()),
    };
    let by = &desk.administrator;
    for (command, code) in [
        (change(id, Role::Operator, Some("other")), "guard.not-staff"),
        (change(user, Role::User, Some("other")), "permission.role"),
        (change(user, Role::Operator, Some("none")), "unknown"),
        (change(user, Role::Operator, None), "missing"),
        (change(by.actor().user.unwrap(), Role::Auditor, None), "guard.oneself"),
    ] {
        assert_eq!(desk.refusal(by, command.clone()).await, code, "{command:?}");
    }
    let move_away = change(user, Role::Operator, Some("other"));
    assert_eq!(desk.refusal(&operator, move_away.clone()).await, "permission.role");
    desk.run(by, move_away).await?;
    assert_eq!(desk.ra.user(&operator, &id).await.unwrap_err().code(), "session.over");
    let Method::Certificate(case) = operator.actor().method else { panic!("a certificate") };
    let certificate = desk.ra.certificate(by, &case).await?;
    let answer = desk::answer(&desk.ra, &*desk::key(103, &desk.rng)).await?;
    let operator = desk.ra.sign_in(&certificate, &answer).await?;
    assert_eq!(operator.actor().office, Some("other".parse()?));
    assert_eq!(desk.ra.user(&operator, &id).await.unwrap_err().code(), "permission.scope");
    bench.check().await
}

#[tokio::test]
async fn temporary_passwords_end_and_their_verifiers_are_erased() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, temporary) = bench.user(10).await?;
    let verifier = desk.ra.user(&desk.operator, &id).await?.account.temporary().unwrap().verifier;
    desk.clock.advance(72 * 3600 + 31);
    assert_eq!(desk.ra.sweep().await?.accounts, [id]);
    assert_eq!(bench.journal().documents().get(&verifier).await?, None);
    refused(&desk.ra, "user-10", temporary.unwrap().expose_str().unwrap()).await?;
    assert_eq!(state(&bench, id).await?, AccountState::PasswordChangeRequired);
    let done = desk.run(&desk.operator, Command::IssueTemporaryPassword { user: id }).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    sign_in(&desk.ra, "user-10", &new).await?;
    bench.check().await
}
