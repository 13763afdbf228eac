//! Wrong passwords, locks, resets and sessions.

use super::*;

#[tokio::test]
async fn five_wrong_passwords_lock_and_time_unlocks() -> Result<()> {
    let bench = Bench::open().await?;
    let (ra, own) = (&bench.desk.ra, Secret::from(OWN_PASSWORD));
    let (id, _) = user(&bench, 10).await?;
    for _ in 0..4 {
        refused(ra, "user-10", "wrong-1").await?;
    }
    sign_in(ra, "user-10", &own).await?;
    for _ in 0..5 {
        assert_eq!(state(&bench, id).await?, AccountState::Active, "a good one forgives the wrong");
        refused(ra, "user-10", "wrong-1").await?;
    }
    assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
    refused(ra, "user-10", OWN_PASSWORD).await?;
    bench.desk.clock.advance(30 * 60 - 1);
    refused(ra, "user-10", OWN_PASSWORD).await?;
    bench.desk.clock.advance(1);
    sign_in(ra, "user-10", &own).await?;
    bench.desk.clock.advance(31);
    assert_eq!(ra.sweep().await?.accounts, [id], "the lists are told");
    let events = bench.events(StreamId::Account(id), 2).await?;
    assert_eq!(events, ["user.locked", "user.unlocked"], "one entry a lock, however many knocks");
    bench.check().await
}

#[tokio::test]
async fn old_wrong_passwords_do_not_count() -> Result<()> {
    let bench = Bench::open().await?;
    let (id, _) = user(&bench, 10).await?;
    for _ in 0..12 {
        refused(&bench.desk.ra, "user-10", "wrong-1").await?;
        bench.desk.clock.advance(4 * 60);
    }
    assert_eq!(state(&bench, id).await?, AccountState::Active);
    sign_in(&bench.desk.ra, "user-10", &OWN_PASSWORD.into()).await?;
    Ok(())
}

#[tokio::test]
async fn an_operator_unlocks_and_a_reset_does_too() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, _) = user(&bench, 10).await?;
    let lock = async || -> Result<()> {
        for _ in 0..5 {
            refused(&desk.ra, "user-10", "wrong-1").await?;
        }
        assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
        Ok(())
    };
    lock().await?;
    desk.run(&desk.operator, Command::Unlock { user: id }).await?;
    sign_in(&desk.ra, "user-10", &OWN_PASSWORD.into()).await?;
    assert_eq!(desk.refusal(&desk.operator, Command::Unlock { user: id }).await, "state");
    lock().await?;
    let done = desk.run(&desk.operator, reset(id)).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    refused(&desk.ra, "user-10", OWN_PASSWORD).await?;
    sign_in(&desk.ra, "user-10", &new).await?;
    bench.check().await
}

/// Counts the hashing.
#[derive(Debug, Default)]
struct Counting(AtomicUsize, AtomicUsize);

#[async_trait::async_trait]
impl PasswordHasher for Counting {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Provided<PasswordHash> {
        self.0.fetch_add(1, Ordering::Relaxed);
        CheapHasher.hash(password, salt).await
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Provided<bool> {
        self.1.fetch_add(1, Ordering::Relaxed);
        CheapHasher.verify(password, hash).await
    }
}

#[tokio::test]
async fn a_login_that_is_nobodys_is_treated_alike() -> Result<()> {
    let bench = Bench::open().await?;
    let (blocked, _) = user(&bench, 10).await?;
    bench.desk.run(&bench.desk.operator, block(blocked)).await?;
    user(&bench, 11).await?;
    let counting = Arc::new(Counting::default());
    let mut providers = bench.desk.ra.providers().clone();
    providers.password_hasher = counting.clone();
    let ra = RegistrationAuthority::new(providers, desk::settings());
    refused(&ra, "somebody", "wrong-1").await?;
    assert_eq!(
        counting.0.load(Ordering::Relaxed),
        1,
        "the dummy is made at the first knock, whoever knocks"
    );
    // try by try, also when the lock comes, and when it is there
    for login in ["user-10", "user-11", "nobody"] {
        for _ in 0..7 {
            let before = counting.1.load(Ordering::Relaxed);
            refused(&ra, login, "wrong-1").await?;
            let hashed = (counting.0.load(Ordering::Relaxed), counting.1.load(Ordering::Relaxed));
            assert_eq!(hashed, (1, before + 1), "{login}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn knocking_in_parallel_gives_no_more_tries() -> Result<()> {
    let bench = Bench::open().await?;
    user(&bench, 10).await?;
    let twin = bench.with_authority(bench.desk.local.clone());
    let login = Login::from_typed("user-10")?;
    let wrong = Secret::from("wrong-1");
    let knocks = (0..8).map(|number| {
        let ra = if number % 2 == 0 { &bench.desk.ra } else { &twin };
        ra.sign_in_by_password(&login, &wrong)
    });
    for knock in knocks {
        assert_eq!(knock.await.unwrap_err().code(), "sign-in");
    }
    refused(&twin, "user-10", OWN_PASSWORD).await?;
    refused(&bench.desk.ra, "user-10", OWN_PASSWORD).await?;
    bench.check().await
}

#[tokio::test]
async fn knocking_hinders_nobody_at_the_desk() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let seen = desk.ra.user(&desk.operator, &id).await?.account.length();
    for _ in 0..4 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    let envelope = desk.envelope(bench.edit(id, 1).await?).expecting(seen);
    desk.ra.execute(&desk.operator, &envelope).await?;
    for _ in 0..5 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    assert_eq!(state(&bench, id).await?, AccountState::TemporarilyLocked);
    desk.run(&desk.operator, bench.edit(id, 2).await?).await?;
    desk.run(&desk.operator, bench::create(desk, id)).await?;
    desk.ra.user(&session, &id).await?;
    Ok(())
}

#[tokio::test]
async fn a_reset_leaves_a_block_and_closes_sessions() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    desk.run(&desk.operator, reset(id)).await?;
    assert_eq!(desk.ra.user(&session, &id).await.unwrap_err().code(), "session.over");
    desk.run(&desk.operator, block(id)).await?;
    let done = desk.run(&desk.operator, reset(id)).await?;
    let Outcome::Registered { temporary_password: Some(new), .. } = done else { panic!() };
    assert_eq!(state(&bench, id).await?, AccountState::Blocked);
    refused(&desk.ra, "user-10", new.expose_str().unwrap()).await?;
    desk.run(&desk.operator, unblock(id)).await?;
    assert_eq!(state(&bench, id).await?, AccountState::PasswordChangeRequired);
    let session = sign_in(&desk.ra, "user-10", &new).await?;
    assert_eq!(
        desk.ra.user(&session, &id).await.unwrap_err().code(),
        "session.password-change-required"
    );
    assert_eq!(desk.refusal(&desk.operator, reset(id)).await, "state", "U5 is for that");
    let vague = Command::ResetPassword { user: id, identified: "  ".to_owned() };
    assert_eq!(desk.refusal(&desk.operator, vague).await, "missing");
    bench.check().await
}

#[tokio::test]
async fn a_changed_password_closes_other_sessions() -> Result<()> {
    let bench = Bench::open().await?;
    let ra = &bench.desk.ra;
    let (id, session) = user(&bench, 10).await?;
    let other = sign_in(ra, "user-10", &OWN_PASSWORD.into()).await?;
    let clone = session.clone();
    let (old, new) = (Secret::from(OWN_PASSWORD), Secret::from("another-password-2"));
    let command = desk::command_id(&bench.desk.rng);
    ra.change_own_password(&session, command, (&old, &new)).await?;
    ra.user(&session, &id).await?;
    ra.user(&clone, &id).await?;
    assert_eq!(ra.user(&other, &id).await.unwrap_err().code(), "session.over");
    let again = ra.change_own_password(&other, desk::command_id(&bench.desk.rng), (&new, &old));
    assert_eq!(again.await.unwrap_err().code(), "session.over");
    refused(ra, "user-10", OWN_PASSWORD).await
}

#[tokio::test]
async fn sessions_end_idle_and_by_age() -> Result<()> {
    let bench = Bench::open().await?;
    let ra =
        RegistrationAuthority::new(bench.desk.ra.providers().clone(), gost_ca::Settings::default());
    let (id, _) = user(&bench, 10).await?;
    let session = sign_in(&ra, "user-10", &OWN_PASSWORD.into()).await?;
    bench.desk.clock.advance(15 * 60);
    ra.user(&session, &id).await?;
    for _ in 0..47 {
        bench.desk.clock.advance(15 * 60);
        ra.user(&session, &id).await?;
    }
    bench.desk.clock.advance(1);
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "twelve hours");
    let session = sign_in(&ra, "user-10", &OWN_PASSWORD.into()).await?;
    bench.desk.clock.advance(15 * 60 + 1);
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "idle");
    assert_eq!(ra.user(&session, &id).await.unwrap_err().code(), "session.over", "for good");
    Ok(())
}
