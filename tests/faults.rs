//! Scripted faults: whatever a provider does, the answer is a typed error, and the record can go on.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cognitive_complexity,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Mutex};

use gost_ca::command::{Command, Outcome};
use gost_ca::id::CaseId;
use gost_ca::lifecycle::CertificateStatus;
use gost_ca::provider::authority::{
    CertificateAuthority, Decision, Prepared, Refused, Submission, Ticket,
};
use gost_ca::provider::journal::{Page, StreamId};
use gost_ca::provider::key_store::{CarrierId, Message};
use gost_ca::provider::{Conflict, ErrorKind, ProviderError, Signer, UserFilter};
use gost_ca::registration_authority::Swept;
use gost_ca::view::CaseState;
use gost_ca::x509::{Certificate, TbsCertificate};
use gost_ca::{Error, RegistrationAuthority};

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use authorities::{Completing, Deciding, Elsewhere};
use bench::{Bench, Deed, register, repeat, resume, revoke, suspend};
use desk::Result;
use doubles::{Failing, Hook, Yielding};

macro_rules! deeds {
    ($($name:ident: $deed:ident;)+) => {$(
        #[tokio::test]
        async fn $name() -> Result<()> {
            fail_everywhere(Deed::$deed).await
        }
    )+};
}

deeds! {
    registering: Register;
    a_new_temporary_password: IssueTemporaryPassword;
    an_own_password: ChangePassword;
    editing_data: EditData;
    beginning_a_request: CreateRequest;
    editing_a_request: EditRequest;
    making_a_key: GenerateKey;
    importing_a_request: ImportRequest;
    submitting: Submit;
    cancelling: Cancel;
    issuing_again: Issue;
    installing: Install;
    suspending: Suspend;
    resuming: Resume;
    revoking: Revoke;
    renewing: Renew;
    hiding: Hide;
    printing: Print;
    listing: IssueCrl;
    signing_in: SignIn;
    signing_in_by_password: SignInByPassword;
    starting_a_registration: StartRegistration;
    saving_a_draft: SaveDraft;
    completing_a_registration: CompleteRegistration;
    discarding_a_draft: DiscardDraft;
    resetting_a_password: ResetPassword;
    blocking: Block;
    unblocking: Unblock;
    archiving_an_account: ArchiveUser;
    applying_for_termination: ApplyForTermination;
    dismissing_an_application: DismissTermination;
    scheduling: Schedule;
    withdrawing_a_schedule: WithdrawSchedule;
    changing_a_suspension: ChangeSuspension;
    amending_a_reason: AmendReason;
    reissuing: Reissue;
    accepting: Accept;
    waiving_findings: Waive;
    rejecting: Reject;
    approving: Approve;
    going_on_with_a_key: UseKey;
    destroying_a_key: DestroyKey;
    blocking_a_key: BlockKey;
    erasing_documents: Erase;
}

/// Each call of each provider answers "unavailable", before it did anything and after it did it all.
async fn fail_everywhere(deed: Deed) -> Result<()> {
    let bench = Bench::open().await?;
    for after in [false, true] {
        for call in 0.. {
            let number = 10 + 2 * call + u32::from(after);
            let failing = Arc::new(Failing::at(usize::try_from(call)?, after));
            let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
            let prepared = bench.prepare(deed, number).await?;
            let answer = prepared.make(&bench.hooked(&hook)).await;
            if failing.is_unused() {
                answer?;
                assert!(call > 2, "{deed:?} made no calls");
                break;
            }
            if let Err(error) = answer {
                assert_eq!(error.code(), "provider.unavailable", "{deed:?}, call {call}: {error}");
            }
            bench.desk.clock.advance(1);
            repeat(&prepared, &bench.desk.ra).await?;
            bench.sweep().await?;
            bench.check_done_once(&prepared).await?;
        }
    }
    bench.check().await
}

#[tokio::test]
async fn a_refused_command_writes_nothing_but_the_refusal() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, by) = (&bench.desk, &bench.desk.operator);
    let (active, revoked) = (bench.active(10).await?, bench.active(11).await?);
    desk.run(by, revoke(revoked)).await?;
    let draft = bench.draft(12).await?;
    let user = bench.case(active).await?.begun().user;
    let taken_login = match register(desk, 13)? {
        Command::Register(mut register) => {
            register.login = "user-10".to_owned().try_into()?;
            Command::Register(register)
        }
        other => panic!("{other:?}"),
    };
    let refused = [
        (resume(active), "state"),
        (Command::Hide { case: active }, "guard.not-terminated"),
        (suspend(revoked), "state"),
        (revoke(revoked), "state"),
        (Command::Submit { case: draft }, "state"),
        (Command::Issue { case: draft }, "state"),
        (Command::Install { case: draft }, "state"),
        (bench.import(draft, 10).await?, "request.key-used"),
        (register(desk, 10)?, "registration.duplicate"),
        (taken_login, "registration.login-taken"),
        (Command::EditRequest { case: active }, "state"),
        (Command::OpenOffice { office: "x".parse()?, title: "X".to_owned() }, "permission.role"),
        (
            Command::CreateRequest { user, profile: "none".parse()?, authority: desk.authority },
            "unknown",
        ),
        (Command::ChangePassword { verifier: verifier() }, "missing"),
    ];
    for (command, code) in refused {
        let before = (links(&bench).await?, people(&bench).await?);
        let access = bench.length(StreamId::Access).await?;
        assert_eq!(desk.refusal(by, command.clone()).await, code, "{command:?}");
        let told = bench.length(StreamId::Access).await? - access;
        let after = (links(&bench).await? - told, people(&bench).await?);
        assert_eq!((told, after), (1, before), "{command:?}");
        desk.clock.advance(60); // each one in a minute of its own
    }
    bench.check().await
}

fn verifier() -> gost_ca::command::Verifier {
    gost_ca::provider::PasswordHash::new("$plain$00$00").into()
}

/// How many links all chains have.
async fn links(bench: &Bench) -> Result<u64> {
    Ok(bench.journal().audit().heads().await?.iter().map(|head| head.length).sum())
}

/// How many versions of people's records there are.
async fn people(bench: &Bench) -> Result<usize> {
    let directory = &bench.desk.ra.providers().directory;
    let found = directory.search(&UserFilter::default(), &Page::first(usize::MAX)).await?;
    Ok(found.users.len())
}

#[tokio::test]
async fn knocking_fills_no_stream() -> Result<()> {
    let bench = Bench::open().await?;
    let (desk, case) = (&bench.desk, bench.active(10).await?);
    let before = bench.length(StreamId::Access).await?;
    for _ in 0..100 {
        assert_eq!(desk.refusal(&desk.operator, resume(case)).await, "state");
    }
    assert_eq!(bench.length(StreamId::Access).await? - before, 1, "told at once, and once");
    desk.clock.advance(61);
    desk.ra.sweep().await?;
    let told = bench.journal().load(&StreamId::Access, before).await?.entries;
    let times: Vec<_> = told
        .iter()
        .map(|entry| serde_json::from_slice::<serde_json::Value>(&entry.0).unwrap())
        .map(|entry| entry["fact"]["times"].as_u64().unwrap())
        .collect();
    assert_eq!(times, [1, 99], "and none is forgotten");
    Ok(())
}

#[tokio::test]
async fn two_at_once_do_it_once() -> Result<()> {
    let bench = Bench::open().await?;
    let hook: Arc<dyn Hook> = Arc::new(Yielding);
    for (number, deed) in (10..).zip([Deed::Register, Deed::Submit, Deed::Suspend]) {
        let call = bench.prepare(deed, number).await?;
        let (one, other) = (bench.hooked(&hook), bench.hooked(&hook));
        let (one, other) = tokio::join!(call.make(&one), call.make(&other));
        let secrets = [&one, &other].into_iter().filter(|done| shows_a_secret(done)).count();
        assert_eq!(secrets, usize::from(deed == Deed::Register), "{deed:?}: {one:?} {other:?}");
        repeat(&call, &bench.desk.ra).await?;
        bench.sweep().await?;
        bench.check_done_once(&call).await?;
    }
    bench.check().await
}

#[tokio::test]
async fn a_key_made_by_two_at_once_is_the_one_in_the_request() -> Result<()> {
    let bench = Bench::open().await?;
    let hook: Arc<dyn Hook> = Arc::new(Yielding);
    // the second one begins so many awaits after the first one
    for lag in 0..60 {
        let call = bench.prepare(Deed::GenerateKey, 10 + lag).await?;
        let (one, other) = (bench.hooked(&hook), bench.hooked(&hook));
        let _either = tokio::join!(call.make(&one), after(lag, call.make(&other)));
        let StreamId::Case(case) = call.stream else { panic!("a case") };
        let Some(request) = bench.case(case).await?.request().copied() else { continue };
        let keys = &bench.desk.ra.providers().key_stores[&bench::STORE.parse()?];
        let there = keys.keys(&CarrierId(bench::STORE.to_owned())).await?;
        let container = format!("key-{}", 10 + lag);
        let stored = there.iter().find(|stored| stored.id.container == container).unwrap();
        let verifier = &bench.desk.ra.providers().verifier;
        assert_eq!(verifier.identify(&stored.public_key)?, request.public_key, "lag {lag}");
    }
    bench.check().await
}

async fn after<T>(lag: u32, then: impl Future<Output = T>) -> T {
    for _ in 0..lag {
        tokio::task::yield_now().await;
    }
    then.await
}

fn shows_a_secret(done: &std::result::Result<Option<Outcome>, Error>) -> bool {
    matches!(done, Ok(Some(Outcome::Registered { temporary_password: Some(_), .. })))
}

/// Submits by one authority; the error's code, and what state it left.
async fn submit_by(
    bench: &Bench,
    case: CaseId,
    authority: Arc<dyn CertificateAuthority>,
) -> Result<(&'static str, CaseState)> {
    let ra = bench.with_authority(authority);
    let done =
        ra.execute(&bench.desk.operator, &bench.desk.envelope(Command::Submit { case })).await;
    let code = done.map_or_else(|error| error.code(), |_| "done");
    Ok((code, bench.case(case).await?.state()))
}

fn honest(bench: &Bench) -> Arc<dyn CertificateAuthority> {
    Arc::clone(&bench.desk.ra.providers().authorities[&bench.desk.authority])
}

fn completing(
    bench: &Bench,
    complete: impl Fn(&Prepared) -> std::result::Result<Certificate, ProviderError>
    + Send
    + Sync
    + 'static,
) -> Arc<dyn CertificateAuthority> {
    Arc::new(Completing { inner: honest(bench), complete })
}

async fn recovers(bench: &Bench, case: CaseId) -> Result<()> {
    assert_eq!(bench.desk.ra.status(&case).await?, CertificateStatus::Unknown, "not good yet");
    bench.sweep().await?;
    assert_eq!(bench.case(case).await?.state(), CaseState::Active);
    assert!(matches!(bench.desk.ra.status(&case).await?, CertificateStatus::Good));
    assert_eq!(last_event(bench, case).await?, "issuance.recovered");
    bench.check().await
}

async fn last_event(bench: &Bench, case: CaseId) -> Result<String> {
    Ok(bench.events(StreamId::Case(case), 0).await?.pop().unwrap())
}

#[tokio::test]
async fn a_signer_out_of_reach_leaves_a_doubt_that_ends() -> Result<()> {
    for kind in [ErrorKind::Unavailable, ErrorKind::Fault] {
        let bench = Bench::open().await?;
        let case = bench.built(10).await?;
        let broken = completing(&bench, move |_| Err(kind.clone().at("Signer::sign")));
        let (code, state) = submit_by(&bench, case, Arc::clone(&broken)).await?;
        assert!(["provider.unavailable", "provider.fault"].contains(&code), "{code}");
        assert_eq!(state, CaseState::InDoubt);
        assert_eq!(
            bench.desk.refusal(&bench.desk.operator, Command::Cancel { case }).await,
            "state"
        );
        recovers(&bench, case).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_doubt_that_goes_on_is_told_by_each_sweep() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let broken = completing(&bench, |_| Err(ErrorKind::Unavailable.at("Signer::sign")));
    submit_by(&bench, case, Arc::clone(&broken)).await?;
    let (ra, length) = (bench.with_authority(broken), bench.case(case).await?.length());
    for _ in 0..3 {
        bench.desk.clock.advance(31);
        assert_eq!(ra.sweep().await?.failed, [(case, "provider.unavailable")]);
    }
    assert_eq!(bench.case(case).await?.length(), length, "a doubt is written once");
    recovers(&bench, case).await
}

#[tokio::test]
async fn a_signer_that_cannot_sign_fails_and_a_retry_has_another_number() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let seen = Arc::new(Mutex::new(None));
    let note = Arc::clone(&seen);
    let keyless = completing(&bench, move |prepared| {
        *note.lock().unwrap() = Some(prepared.serial.clone());
        Err(ErrorKind::NotFound.at("authority key"))
    });
    assert_eq!(submit_by(&bench, case, keyless).await?, ("provider.not-found", CaseState::Failed));
    bench.desk.clock.advance(31);
    assert_eq!(bench.desk.ra.sweep().await?, Swept::default(), "a person decides what next");
    let issued = bench.desk.run(&bench.desk.operator, Command::Issue { case }).await?;
    let Outcome::Issued { serial, .. } = issued else { panic!("{issued:?}") };
    assert_ne!(Some(serial), seen.lock().unwrap().clone(), "a burnt number never comes again");
    bench.check().await
}

#[tokio::test]
async fn a_certificate_that_was_not_asked_for_is_not_taken() -> Result<()> {
    let bench = Bench::open().await?;
    let other = bench.active(10).await?;
    let other = bench.desk.ra.certificate(&bench.desk.operator, &other).await?;
    let (stranger, rng) = (desk::key(99, &bench.desk.rng), Arc::clone(&bench.desk.rng));
    let forge = move |prepared: &Prepared| {
        let message = Message::Bytes(&prepared.tbs);
        let signature = doubles::poll_at_most(stranger.sign(message), 9).unwrap()?;
        Ok(certificate(&prepared.tbs, &*stranger, &signature))
    };
    let flip = {
        let signer = desk::key(1, &rng);
        move |prepared: &Prepared| {
            let message = Message::Bytes(&prepared.tbs);
            let mut signature = doubles::poll_at_most(signer.sign(message), 9).unwrap()?;
            signature[7] ^= 1;
            Ok(certificate(&prepared.tbs, &*signer, &signature))
        }
    };
    let authorities = [
        completing(&bench, move |_| Ok(other.clone())),
        completing(&bench, forge),
        completing(&bench, flip),
    ];
    for (number, authority) in (20..).zip(authorities) {
        let case = bench.built(number).await?;
        let answer = submit_by(&bench, case, authority).await?;
        assert_eq!(answer, ("provider.fault", CaseState::InDoubt));
        recovers(&bench, case).await?;
    }
    Ok(())
}

/// `SEQUENCE { tbs, algorithm, BIT STRING }`, written by hand: nobody here helps a forger.
fn certificate(tbs: &[u8], signer: &dyn Signer, signature: &[u8]) -> Certificate {
    use der::Encode as _;
    let algorithm = signer.algorithm().to_der().unwrap();
    let bits = der::asn1::BitStringRef::from_bytes(signature).unwrap().to_der().unwrap();
    let body = [tbs, &algorithm, &bits].concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    Certificate::from_der(&[&[0x30, 0x82][..], &length, &body].concat()).unwrap()
}

#[tokio::test]
async fn somebody_else_decides_later() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let elsewhere: Arc<dyn CertificateAuthority> = Arc::new(Elsewhere::after(2, honest(&bench)));
    assert_eq!(
        submit_by(&bench, case, Arc::clone(&elsewhere)).await?,
        ("done", CaseState::Issuing)
    );
    let ra = bench.with_authority(elsewhere);
    assert_eq!(sweep(&bench, &ra).await?.pending, [case]);
    assert_eq!(sweep(&bench, &ra).await?.finished, [case]);
    assert_eq!(sweep(&bench, &ra).await?, Swept::default());
    assert_eq!(last_event(&bench, case).await?, "certificate.issued");
    bench.check().await
}

async fn sweep(bench: &Bench, ra: &RegistrationAuthority) -> Result<Swept> {
    bench.desk.clock.advance(31);
    Ok(ra.sweep().await?)
}

#[tokio::test]
async fn somebody_else_refuses_later() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let answers = Mutex::new(vec![refusal(), Decision::Deferred(Ticket("t".to_owned()))]);
    let authority: Arc<dyn CertificateAuthority> =
        Arc::new(Deciding(Box::new(move |_| Ok(answers.lock().unwrap().pop().unwrap()))));
    assert_eq!(
        submit_by(&bench, case, Arc::clone(&authority)).await?,
        ("done", CaseState::Issuing)
    );
    let ra = bench.with_authority(authority);
    assert_eq!(sweep(&bench, &ra).await?.failed, [(case, "authority.refused")]);
    assert_eq!(bench.case(case).await?.state(), CaseState::Failed);
    assert_eq!(sweep(&bench, &ra).await?, Swept::default(), "a refusal is not asked for again");
    bench.desk.run(&bench.desk.operator, Command::Cancel { case }).await?;
    bench.check().await
}

fn refusal() -> Decision {
    let (code, explanation) = ("test.no".to_owned(), "no".to_owned());
    Decision::Refused(Refused { code, explanation })
}

#[tokio::test]
async fn issued_elsewhere_at_once_is_checked_and_taken() -> Result<()> {
    let bench = Bench::open().await?;
    let case = bench.built(10).await?;
    let elsewhere = Arc::new(Elsewhere::after(0, honest(&bench)));
    assert_eq!(submit_by(&bench, case, elsewhere).await?, ("done", CaseState::Active));

    // another's certificate, and one more time the same serial number
    let other = bench.active(11).await?;
    let kept = bench.desk.ra.certificate(&bench.desk.operator, &other).await?;
    let stolen = Elsewhere::after(0, honest(&bench));
    *stolen.kept.lock().unwrap() = Some(kept);
    let victim = bench.built(12).await?;
    assert_eq!(submit_by(&bench, victim, Arc::new(stolen)).await?, ("gate", CaseState::Approved));
    bench.desk.clock.advance(31);
    assert_eq!(bench.desk.ra.sweep().await?.finished, [victim]);
    bench.check().await
}

#[tokio::test]
async fn serial_numbers_that_repeat_are_never_used_twice() -> Result<()> {
    let bench = Bench::open().await?;
    let taken = bench.active(10).await?;
    let taken = bench.case(taken).await?.issued().unwrap().serial.clone();

    // prepared with a used number at first: the next try has another one
    let (inner, used) = (honest(&bench), taken.clone());
    let first = Mutex::new(true);
    let colliding = Deciding(Box::new(move |submission| {
        let prepared = prepare(&*inner, submission)?;
        let collide = core::mem::replace(&mut *first.lock().unwrap(), false);
        Ok(Decision::Prepared(if collide { renumbered(&prepared, &used) } else { prepared }))
    }));
    let case = bench.built(11).await?;
    let authority =
        Completing { inner: Arc::new(colliding), complete: completed_by(honest(&bench)) };
    assert_eq!(submit_by(&bench, case, Arc::new(authority)).await?, ("done", CaseState::Active));
    assert_ne!(bench.case(case).await?.issued().unwrap().serial, taken);

    // issued elsewhere under a used number: the authority breaks its contract
    let (inner, case) = (honest(&bench), bench.built(20).await?);
    let repeating = Deciding(Box::new(move |submission| {
        let prepared = renumbered(&prepare(&*inner, submission)?, &taken);
        let signed = doubles::poll_at_most(inner.complete(&prepared), 9).unwrap()?;
        Ok(Decision::Issued(signed))
    }));
    let answer = submit_by(&bench, case, Arc::new(repeating)).await?;
    assert_eq!(answer, ("provider.fault", CaseState::Approved));
    bench.desk.clock.advance(31);
    assert_eq!(bench.desk.ra.sweep().await?.finished, [case]);
    bench.check_views().await
}

fn completed_by(
    inner: Arc<dyn CertificateAuthority>,
) -> impl Fn(&Prepared) -> std::result::Result<Certificate, ProviderError> {
    move |prepared| doubles::poll_at_most(inner.complete(prepared), 9).unwrap()
}

fn prepare(
    inner: &dyn CertificateAuthority,
    submission: Option<&Submission>,
) -> std::result::Result<Prepared, ProviderError> {
    match doubles::poll_at_most(inner.submit(submission.unwrap()), 9).unwrap()? {
        Decision::Prepared(prepared) => Ok(prepared),
        other => panic!("{other:?}"),
    }
}

/// The same certificate under another number.
fn renumbered(prepared: &Prepared, serial: &gost_ca::x509::SerialNumber) -> Prepared {
    let (old, new) = (prepared.serial.magnitude(), serial.magnitude());
    assert_eq!(old.len(), new.len());
    let mut tbs = prepared.tbs.clone();
    let at = tbs.windows(old.len()).position(|window| window == old).unwrap();
    tbs[at..at + new.len()].copy_from_slice(new);
    assert_eq!(TbsCertificate::from_der(&tbs).unwrap().serial(), serial);
    Prepared { tbs, serial: serial.clone(), ..prepared.clone() }
}

#[tokio::test]
async fn a_late_certificate_claims_its_number_too() -> Result<()> {
    let bench = Bench::open().await?;
    let taken = bench.active(10).await?;
    let taken = bench.case(taken).await?.issued().unwrap().serial.clone();
    let (inner, case) = (honest(&bench), bench.built(11).await?);
    let kept = Mutex::new(None);
    let late = Deciding(Box::new(move |submission| {
        let mut kept = kept.lock().unwrap();
        if submission.is_some() {
            *kept = Some(renumbered(&prepare(&*inner, submission)?, &taken));
            return Ok(Decision::Deferred(Ticket("late".to_owned())));
        }
        let prepared = kept.clone().unwrap();
        doubles::poll_at_most(inner.complete(&prepared), 9).unwrap().map(Decision::Issued)
    }));
    let authority: Arc<dyn CertificateAuthority> = Arc::new(late);
    let answer = submit_by(&bench, case, Arc::clone(&authority)).await?;
    assert_eq!(answer, ("done", CaseState::Issuing));
    let swept = sweep(&bench, &bench.with_authority(authority)).await?;
    assert_eq!(swept.failed, [(case, "provider.fault")]);
    Ok(())
}

#[tokio::test]
async fn what_is_against_the_profile_is_not_signed() -> Result<()> {
    let bench = Bench::open().await?;
    let (inner, case) = (honest(&bench), bench.built(10).await?);
    let before = bench.signer.signed.lock().unwrap().len();
    let careless = Deciding(Box::new(move |submission| {
        let mut prepared = prepare(&*inner, submission)?;
        let (right, wrong) = ("Лебедева".as_bytes(), "Лебедёва".as_bytes());
        let at = prepared.tbs.windows(right.len()).position(|window| window == right).unwrap();
        prepared.tbs[at..at + right.len()].copy_from_slice(wrong);
        Ok(Decision::Prepared(prepared))
    }));
    let answer = submit_by(&bench, case, Arc::new(careless)).await?;
    assert_eq!(answer, ("gate", CaseState::Failed));
    assert_eq!(bench.signer.signed.lock().unwrap().len(), before, "nothing was signed");
    bench.desk.run(&bench.desk.operator, Command::Issue { case }).await?;
    bench.check().await
}

/// What somebody else changed meanwhile is told, by the name of its stream, and nothing is written.
#[tokio::test]
async fn a_stale_view_is_a_conflict() -> Result<()> {
    let bench = Bench::open().await?;
    for (number, deed) in (10..).zip(ABOUT_SOMETHING) {
        let call = bench.prepare(*deed, number).await?;
        let (stream, from) = (call.stream, call.from);
        let stale = call.expecting(from - 1);
        match stale.make(&bench.desk.ra).await {
            Err(Error::Conflict(Conflict::Stream { stream: told, actual })) => {
                assert_eq!((told, actual), (stream, from), "{deed:?}");
            }
            other => panic!("{deed:?}: {other:?}"),
        }
        assert_eq!(bench.events(stream, from).await?, [""; 0], "{deed:?}");
        let seen = bench.prepare(*deed, 1_000 + number).await?;
        let from = seen.from;
        let seen = seen.expecting(from);
        seen.make(&bench.desk.ra).await?;
        bench.check_done_once(&seen).await?;
    }
    bench.check().await
}

const ABOUT_SOMETHING: &[Deed] = &[
    Deed::IssueTemporaryPassword,
    Deed::EditData,
    Deed::EditRequest,
    Deed::GenerateKey,
    Deed::ImportRequest,
    Deed::Submit,
    Deed::Cancel,
    Deed::Issue,
    Deed::Install,
    Deed::Suspend,
    Deed::Resume,
    Deed::Revoke,
    Deed::Renew,
    Deed::Hide,
    Deed::Print,
    Deed::SaveDraft,
    Deed::CompleteRegistration,
    Deed::DiscardDraft,
    Deed::ResetPassword,
    Deed::Block,
    Deed::Unblock,
    Deed::ArchiveUser,
    Deed::ApplyForTermination,
    Deed::DismissTermination,
    Deed::Schedule,
    Deed::WithdrawSchedule,
    Deed::ChangeSuspension,
    Deed::AmendReason,
    Deed::Reissue,
    Deed::Accept,
    Deed::IssueCrl,
    Deed::Waive,
    Deed::Reject,
    Deed::UseKey,
    Deed::DestroyKey,
    Deed::BlockKey,
    Deed::Erase,
];
