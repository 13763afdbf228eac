//! Registrations that are begun, saved incomplete, and completed later (U1).
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use gost_ca::RegistrationAuthority;
use gost_ca::command::{Command, Draft, Outcome};
use gost_ca::commitment::Commitment;
use gost_ca::id::UserId;
use gost_ca::provider::directory::{FoundUsers, SealedDraft, SealedRecord};
use gost_ca::provider::journal::{Page, StreamId};
use gost_ca::provider::{Drafts, ErrorKind, UserDirectory, UserFilter};
use gost_ca::registration::{Field, Login, RegistrationForm};
use gost_ca::view::{AccountState, Role};

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::Bench;
use desk::Result;

const DAY: i64 = 86_400;

/// Everything that a person of this number says.
fn whole(number: u32) -> Result<Draft> {
    let record = desk::people::staff(number, &format!("user-{number}"))?;
    let form = RegistrationForm::from(&record.data);
    Ok(Draft { login: Some(format!("User-{number} ")), form })
}

/// As far as somebody came before the telephone rang.
fn partly(number: u32) -> Result<Draft> {
    let mut draft = whole(number)?;
    draft.login = None;
    for field in [Field::Snils, Field::IdentifiedBy] {
        draft.form.clear(field).unwrap();
    }
    Ok(draft)
}

async fn start(bench: &Bench, draft: Draft) -> Result<UserId> {
    let (desk, draft) = (&bench.desk, Box::new(draft));
    let start = Command::StartRegistration { office: desk.office.clone(), draft };
    match desk.run(&desk.operator, start).await? {
        Outcome::RegistrationStarted { user } => Ok(user),
        other => panic!("{other:?}"),
    }
}

const fn complete(user: UserId) -> Command {
    Command::CompleteRegistration { user, person_known: false }
}

async fn kept(bench: &Bench, user: UserId, version: &Commitment) -> Result<bool> {
    let directory = &bench.desk.ra.providers().directory;
    Ok(directory.drafts().unwrap().read(&user, version).await?.is_some())
}

#[tokio::test]
async fn a_registration_is_begun_today_and_completed_tomorrow() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let typed = partly(10)?;
    let user = start(&bench, typed.clone()).await?;
    let card = desk.ra.draft(by, &user).await?;
    assert_eq!((card.draft, card.account.state()), (typed.clone(), AccountState::Draft));
    let first = card.account.draft().unwrap().0;
    let open = |act: &str| {
        let found = card.actions.iter().find(|action| action.act.name() == act);
        found.is_some_and(|action| action.refusal.is_none())
    };
    assert!(open("save-draft") && open("register") && open("discard-draft"));
    assert!(!open("edit-data") && !open("block"));

    // it is nobody's account, and no personal data is in the record
    assert_eq!(desk.refusal(by, bench::create(desk, user)).await, "owner.out-of-use");
    assert_eq!(desk.ra.user(by, &user).await.unwrap_err().code(), "owner.out-of-use");
    let surname = typed.form.value(Field::Surname).unwrap().to_owned();
    for entry in bench.journal().load(&StreamId::Account(user), 0).await?.entries {
        assert!(!String::from_utf8(entry.0)?.contains(&surname));
    }
    let found = desk.ra.find_users(by, &UserFilter::default(), &Page::first(100)).await?.0;
    assert!(found.iter().all(|row| row.account.user != user), "no search finds it");

    // what is not complete is not registered, and says what is missing
    assert_eq!(desk.refusal(by, complete(user)).await, "missing", "the login");
    let Draft { login, .. } = whole(10)?;
    let named = Draft { login, ..typed };
    desk.run(by, Command::SaveDraft { user, draft: Box::new(named) }).await?;
    assert!(!kept(&bench, user, &first).await?, "an earlier version is erased");
    let error = desk.run(by, complete(user)).await.unwrap_err();
    let gost_ca::Error::Form(errors) = &error else { panic!("{error:?}") };
    let missing: Vec<_> = errors.iter().map(|error| error.path().to_owned()).collect();
    assert_eq!(missing, ["snils", "identified_by"]);

    desk.clock.advance(DAY);
    desk.run(by, Command::SaveDraft { user, draft: Box::new(whole(10)?) }).await?;
    let last = desk.ra.draft(by, &user).await?.account.draft().unwrap().0;
    let envelope = desk.envelope(complete(user));
    let done = desk.ra.execute(by, &envelope).await?;
    let Outcome::Registered { user: same, temporary_password: Some(password) } = done else {
        panic!("{done:?}")
    };
    assert_eq!(same, user);
    let again = desk.ra.execute(by, &envelope).await?;
    let first = Outcome::Registered { user, temporary_password: None };
    assert_eq!(again, Outcome::AlreadyDone(Box::new(first)), "the password is shown once");
    desk.ra.sign_in_by_password(&Login::from_typed("user-10")?, &password).await?;
    assert_eq!(desk.ra.user(by, &user).await?.account.role(), Role::User);
    assert!(!kept(&bench, user, &last).await?, "what was typed is erased");
    assert_eq!(desk.ra.draft(by, &user).await.unwrap_err().code(), "not-found");
    assert_eq!(
        bench.events(StreamId::Account(user), 0).await?,
        [
            "user.draft_created",
            "user.draft_saved",
            "user.draft_saved",
            "user.registered",
            "user.draft_erased"
        ]
    );
    assert_eq!(desk.refusal(by, bench::register(desk, 10)?).await, "registration.duplicate");
    bench.sweep().await?;
    bench.check().await
}

#[tokio::test]
async fn a_draft_ends_by_its_term_or_by_hand() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (left, given_up) = (start(&bench, partly(10)?).await?, start(&bench, whole(11)?).await?);
    let version = async |user| -> Result<Commitment> {
        Ok(desk.ra.draft(by, &user).await?.account.draft().unwrap().0)
    };
    let (first, second) = (version(left).await?, version(given_up).await?);
    desk.run(by, Command::DiscardDraft { user: given_up }).await?;
    assert!(!kept(&bench, given_up, &second).await?);
    assert_eq!(desk.refusal(by, complete(given_up)).await, "state");
    desk.clock.advance(29 * DAY);
    bench.sweep().await?;
    assert!(kept(&bench, left, &first).await?, "its term lasts");
    desk.clock.advance(2 * DAY);
    bench.sweep().await?;
    assert!(!kept(&bench, left, &first).await?);
    for user in [left, given_up] {
        let told = bench.events(StreamId::Account(user), 1).await?;
        assert_eq!(told, ["user.draft_ended", "user.erasure_finished"]);
    }
    assert_eq!(desk.refusal(by, complete(left)).await, "state");
    let saved = Command::SaveDraft { user: left, draft: Box::new(partly(10)?) };
    assert_eq!(desk.refusal(by, saved).await, "state");
    bench.check().await
}

#[tokio::test]
async fn drafts_belong_to_their_office_and_to_the_desk() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let user = start(&bench, partly(10)?).await?;
    let office: gost_ca::id::OfficeId = "north".parse()?;
    let open = Command::OpenOffice { office: office.clone(), title: "Северный".to_owned() };
    desk.run(&desk.administrator, open).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &office).await?;
    assert_eq!(desk.ra.draft(&stranger, &user).await.unwrap_err().code(), "permission.scope");
    for command in [
        Command::SaveDraft { user, draft: Box::new(whole(10)?) },
        complete(user),
        Command::DiscardDraft { user },
        Command::StartRegistration { office: desk.office.clone(), draft: Box::new(whole(10)?) },
    ] {
        assert_eq!(desk.refusal(&stranger, command).await, "permission.scope");
    }
    // of two who save at once, one is told
    let length = desk.ra.draft(&desk.operator, &user).await?.account.length();
    let save = |number| -> Result<_> {
        let save = Command::SaveDraft { user, draft: Box::new(whole(number)?) };
        Ok(desk.envelope(save).expecting(length))
    };
    desk.ra.execute(&desk.operator, &save(10)?).await?;
    let error = desk.ra.execute(&desk.operator, &save(11)?).await.unwrap_err();
    assert_eq!(error.code(), "conflict");
    assert_eq!(desk.ra.draft(&desk.operator, &user).await?.draft, whole(10)?);
    bench.check().await
}

/// A crash after the entry and before the erasure loses nothing: a sweep erases.
#[tokio::test]
async fn what_an_interruption_leaves_the_sweep_erases() -> Result<()> {
    for given_up in [false, true] {
        let bench = Bench::open().await?;
        let (desk, by) = (&bench.desk, &bench.desk.operator);
        let user = start(&bench, whole(10)?).await?;
        let version = desk.ra.draft(by, &user).await?.account.draft().unwrap().0;
        let mut providers = desk.ra.providers().clone();
        let directory = Arc::new(OutOfReach {
            inner: Arc::clone(&providers.directory),
            down: AtomicBool::new(true),
        });
        providers.directory = Arc::clone(&directory) as _;
        let ra = RegistrationAuthority::new(providers, desk::settings());
        let command = if given_up { Command::DiscardDraft { user } } else { complete(user) };
        let done = ra.execute(by, &desk.envelope(command)).await;
        if given_up {
            assert_eq!(done.unwrap_err().code(), "provider.unavailable");
        } else {
            assert!(matches!(done?, Outcome::Registered { .. }), "registered is registered");
        }
        assert!(kept(&bench, user, &version).await?);
        assert_eq!(ra.sweep().await?.failed_accounts, [(user, "provider.unavailable")]);
        directory.down.store(false, Ordering::Relaxed);
        assert_eq!(ra.sweep().await?.accounts, [user]);
        assert!(!kept(&bench, user, &version).await?);
        assert_eq!(ra.sweep().await?.accounts, [], "once");
        bench.check().await?;
    }
    Ok(())
}

/// A directory that erases nothing while it is out of reach.
#[derive(Debug)]
struct OutOfReach {
    inner: Arc<dyn UserDirectory>,
    down: AtomicBool,
}

impl OutOfReach {
    fn drafts_within(&self) -> &dyn Drafts {
        self.inner.drafts().unwrap()
    }
}

type Provided<T> = gost_ca::provider::Result<T>;

#[async_trait]
impl UserDirectory for OutOfReach {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Provided<()> {
        self.inner.put(user, version).await
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Provided<Option<SealedRecord>> {
        self.inner.get(user, version).await
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Provided<FoundUsers> {
        self.inner.search(filter, page).await
    }

    async fn erase(&self, user: &UserId) -> Provided<()> {
        self.inner.erase(user).await
    }

    fn drafts(&self) -> Option<&dyn Drafts> {
        Some(self)
    }
}

#[async_trait]
impl Drafts for OutOfReach {
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Provided<()> {
        self.drafts_within().keep(user, draft).await
    }

    async fn read(&self, user: &UserId, version: &Commitment) -> Provided<Option<SealedDraft>> {
        self.drafts_within().read(user, version).await
    }

    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Provided<()> {
        if self.down.load(Ordering::Relaxed) {
            return Err(ErrorKind::Unavailable.at("test"));
        }
        self.drafts_within().erase_but(user, kept).await
    }
}
