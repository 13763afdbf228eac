//! Accounts that are archived, and erased.

use super::*;

fn archive(user: UserId, termination: Option<Termination>) -> Command {
    Command::ArchiveUser { user, reason: "№ 3".to_owned(), termination }
}

fn erase(user: UserId) -> Command {
    Command::EraseUser { user, reason: "№ 4".to_owned() }
}

#[tokio::test]
async fn an_account_is_archived_with_its_certificates() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let signer = bench::user_key(10, &desk.rng);
    let active = desk.issue(&desk.operator, id, "commercial", &signer).await?;
    let create = bench::create(desk, id);
    let Outcome::RequestCreated { case: draft } = desk.run(&desk.operator, create).await? else {
        panic!("a draft")
    };
    let by = &desk.administrator;
    assert_eq!(desk.refusal(&desk.operator, archive(id, None)).await, "permission.role");
    assert_eq!(desk.refusal(by, archive(id, None)).await, "guard.requests-pending");
    desk.run(&desk.operator, Command::Cancel { case: draft }).await?;
    assert_eq!(desk.refusal(by, archive(id, None)).await, "guard.certificates-in-force");
    let (reason, ground) = (Reason::CessationOfOperation, bench::ground());
    let termination = Some(Termination { reason, ground });
    let envelope = desk.envelope(archive(id, termination));
    desk.ra.execute(by, &envelope).await?;
    let again = desk.ra.execute(by, &envelope).await?;
    assert_eq!(again, Outcome::AlreadyDone(Box::new(Outcome::Done)));
    assert_eq!(state(&bench, id).await?, AccountState::Archived);
    assert_eq!(bench.case(active).await?.state(), CaseState::Revoked, "in the same commit");
    assert_eq!(desk.ra.user(&session, &id).await.unwrap_err().code(), "session.over");
    refused(&desk.ra, "user-10", OWN_PASSWORD).await?;
    assert_eq!(desk.refusal(by, unblock(id)).await, "state");

    // the certificate is in the register: the data is kept, and the refusal says why
    assert_eq!(desk.refusal(by, erase(id)).await, "guard.register-duty");

    // the person may come back, under another login
    assert_eq!(
        desk.refusal(&desk.operator, bench::register(desk, 10)?).await,
        "registration.login-taken"
    );
    let Command::Register(mut again) = bench::register(desk, 10)? else { panic!() };
    again.login = Login::from_typed("user-10-again")?;
    desk.run(&desk.operator, Command::Register(again)).await?;
    bench.check().await
}

#[tokio::test]
async fn personal_data_is_erased_and_the_audit_is_whole() -> Result<()> {
    for interrupted in [false, true] {
        let bench = Bench::open().await?;
        let desk = &bench.desk;
        let case = bench.built(10).await?;
        let id = bench.case(case).await?.begun().user;
        let by = &desk.administrator;
        let request = bench.case(case).await?.request().unwrap().document;
        let card = desk.ra.user(by, &id).await?;
        let (version, verifier) =
            (*card.account.registration(), card.account.temporary().unwrap().verifier);
        let second = bench.desk.second_administrator().await?;
        assert_eq!(desk.refusal(by, erase(id)).await, "state", "archived first");
        desk.run(&desk.operator, Command::Cancel { case }).await?;
        desk.run(by, archive(id, None)).await?;
        assert_eq!(desk.refusal(&desk.operator, erase(id)).await, "permission.role");
        let asked = desk.run(by, erase(id)).await?;
        let Outcome::ApprovalRequested { approval } = asked else { panic!("{asked:?}") };
        let envelope = desk.envelope(Command::Approve { approval, comment: String::new() });
        let (_, by) = &second;
        if interrupted {
            // the entry is written, and then the directory is out of reach
            let directory = Arc::new(OutOfReach(desk.ra.providers().directory.clone()));
            let mut providers = desk.ra.providers().clone();
            providers.directory = directory;
            let ra = RegistrationAuthority::new(providers, desk::settings());
            let error = ra.execute(by, &envelope).await.unwrap_err();
            assert_eq!(error.code(), "provider.unavailable");
            assert!(desk.ra.providers().directory.get(&id, &version).await?.is_some());
            assert_eq!(desk.ra.sweep().await?.accounts, [id], "the next sweep does it");
        } else {
            desk.ra.execute(by, &envelope).await?;
        }
        assert_eq!(desk.ra.providers().directory.get(&id, &version).await?, None);
        for document in [request, verifier] {
            assert_eq!(bench.journal().documents().get(&document).await?, None);
        }
        assert_eq!(desk.ra.sweep().await?.accounts, [], "once");
        let events = bench.events(StreamId::Account(id), 1).await?;
        assert_eq!(events, ["user.archived", "user.erased", "user.erasure_finished"]);
        bench.check().await?;
        let directory = desk.ra.providers().directory.clone();
        let inspection = Inspection::new(bench.journal(), &GostVerifier, [7; 32]);
        let report = inspection.with_directory(&*directory).run().await?;
        assert!(report.is_whole(), "{:?}", report.findings);
    }
    Ok(())
}

/// A directory that erases nothing.
#[derive(Debug)]
struct OutOfReach(Arc<dyn UserDirectory>);

#[async_trait::async_trait]
impl UserDirectory for OutOfReach {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Provided<()> {
        self.0.put(user, version).await
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Provided<Option<SealedRecord>> {
        self.0.get(user, version).await
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Provided<FoundUsers> {
        self.0.search(filter, page).await
    }

    async fn erase(&self, _: &UserId) -> Provided<()> {
        Err(ErrorKind::Unavailable.at("test"))
    }
}
