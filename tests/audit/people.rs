//! Whom the claims of persons, sign-ins and compromised keys belong to.

use gost_ca::audit::verify::Finding;
use gost_ca::command::{Command, Outcome, Register, Termination};
use gost_ca::id::UserId;
use gost_ca::provider::UserRecord;
use gost_ca::provider::journal::StreamId;
use gost_ca::reason::Reason;
use gost_ca::registration::{Field, RegistrationData, RegistrationForm};
use gost_ca::view::Role;

use crate::desk::{Desk, Result, people};
use crate::record::{Record, ground, open};

/// One person, registered for themselves and as an entrepreneur.
struct Twice {
    record: Record,
    desk: Desk,
    first: UserId,
    second: UserId,
}

impl Twice {
    async fn register() -> Result<Self> {
        let record = Record::empty()?;
        let desk = Desk::found(open(&record.path(), 1)?).await?;
        let first = desk.register(10).await?;
        let UserRecord { data, .. } = people::staff(10, "user-10")?;
        let data = with(
            &data,
            &[(Field::Kind, "individual-entrepreneur"), (Field::Ogrnip, "319990555000610")],
        )?;
        let office = Some(desk.office.clone());
        let login = "user-10-ip".to_owned().try_into()?;
        let register = Register { role: Role::User, office, login, data, person_known: true };
        let done = desk.run(&desk.operator, Command::Register(Box::new(register))).await?;
        let Outcome::Registered { user: second, .. } = done else { panic!("{done:?}") };
        Ok(Self { record, desk, first, second })
    }

    async fn edit(&self, user: UserId, changes: &[(Field, &str)]) -> Result<()> {
        let known = self.desk.ra.user(&self.desk.operator, &user).await?.record.data;
        let data = Box::new(with(&known, changes)?);
        self.desk.run(&self.desk.operator, Command::EditData { user, data }).await?;
        Ok(())
    }

    async fn end(&self, user: UserId, erase: bool) -> Result<()> {
        let (reason, termination) = ("№ 3".to_owned(), None);
        let archive = Command::ArchiveUser { user, reason: reason.clone(), termination };
        self.desk.run(&self.desk.administrator, archive).await?;
        if erase {
            self.desk.run(&self.desk.administrator, Command::EraseUser { user, reason }).await?;
        }
        Ok(())
    }

    async fn whole(&self) -> Result<()> {
        let report = self.record.inspect().await?;
        assert!(report.is_whole(), "{:#?}", report.findings);
        Ok(())
    }
}

fn with(data: &RegistrationData, changes: &[(Field, &str)]) -> Result<RegistrationData> {
    let mut form = RegistrationForm::from(data);
    for (field, value) in changes {
        form.set(*field, (*value).to_owned());
    }
    Ok(form.check()?)
}

const RENAMED: &[(Field, &str)] = &[(Field::Surname, "Орлова")];

#[tokio::test]
async fn a_person_is_held_by_one_of_their_names() -> Result<()> {
    let twice = Twice::register().await?;
    twice.whole().await?;
    twice.edit(twice.first, RENAMED).await?;
    twice.whole().await?; // the other registration is under the name before
    let findings = twice
        .record
        .after("UPDATE claims SET holder = randomblob(16) WHERE space = 'person'")
        .await?;
    for user in [twice.first, twice.second] {
        let stream = StreamId::Account(user);
        assert!(findings.contains(&Finding::Claim { stream, space: "person" }), "{findings:?}");
    }
    let taken = twice.record.after("DELETE FROM claims WHERE space = 'person'").await?;
    assert!(matches!(taken[0], Finding::Claim { space: "person", .. }), "{taken:?}");
    Ok(())
}

/// Who is renamed and goes leaves the person to those registrations that stay.
#[tokio::test]
async fn no_erased_name_holds_a_person() -> Result<()> {
    for erase in [false, true] {
        let twice = Twice::register().await?;
        twice.edit(twice.first, RENAMED).await?;
        twice.end(twice.first, erase).await?;
        twice.whole().await?;
        twice.edit(twice.second, RENAMED).await?;
        twice.whole().await?;
        twice.end(twice.second, erase).await?;
        twice.whole().await?;
    }
    Ok(())
}

/// A SNILS that was wrong in one registration stays with the other.
#[tokio::test]
async fn a_corrected_snils_is_left_to_the_others() -> Result<()> {
    let twice = Twice::register().await?;
    twice.edit(twice.first, RENAMED).await?;
    let snils = RegistrationForm::from(&people::staff(11, "other")?.data);
    let snils = snils.value(Field::Snils).unwrap().to_owned();
    twice.edit(twice.first, &[(Field::Snils, &snils)]).await?;
    twice.whole().await?;
    twice.end(twice.first, true).await?;
    twice.whole().await
}

/// A compromised key stays blocked whichever way its certificate ended.
#[tokio::test]
async fn compromised_keys_are_blocked_whoever_ends_them() -> Result<()> {
    let record = Record::empty()?;
    let desk = Desk::found(open(&record.path(), 1)?).await?;
    let (archived, planned) = (desk.active(10).await?, desk.active(11).await?);
    let owner = desk.ra.case(&desk.operator, &archived).await?.case.begun().user;
    let termination = Some(Termination { reason: Reason::KeyCompromise, ground: ground() });
    let archive = Command::ArchiveUser { user: owner, reason: "№ 3".to_owned(), termination };
    desk.run(&desk.administrator, archive).await?;
    let plan = gost_ca::fact::Plan::Revoke { reason: Reason::KeyCompromise, ground: ground() };
    let at = desk.clock_now() + jiff::SignedDuration::from_hours(1);
    desk.run(&desk.operator, Command::Schedule { case: planned, at, plan }).await?;
    desk.clock.advance(7_200);
    desk.ra.sweep().await?;
    for (case, number) in [(archived, 10), (planned, 11)] {
        assert!(desk.ra.case(&desk.operator, &case).await?.case.is_compromised());
        assert_eq!(blocked(&desk, number).await?, "key.blocked", "{case}");
    }
    assert!(record.inspect().await?.is_whole());
    let findings = record.after("DELETE FROM claims WHERE space = 'blocked-key'").await?;
    for case in [archived, planned] {
        let stream = StreamId::Case(case);
        let told = Finding::Claim { stream, space: "blocked-key" };
        assert!(findings.contains(&told), "{findings:?}");
    }
    Ok(())
}

/// What a request on that key is answered.
async fn blocked(desk: &Desk, key: u8) -> Result<&'static str> {
    let user = desk.register(u32::from(key) + 1_000).await?;
    let signer = crate::desk::key(key, &desk.rng);
    let built = desk.build(&desk.operator, user, "commercial", &signer).await.unwrap_err();
    Ok(built.downcast::<gost_ca::Error>()?.code())
}

/// Whoever may write the database makes nobody an administrator by a claim.
#[tokio::test]
async fn a_made_up_binding_signs_nobody_in_as_another() -> Result<()> {
    let record = Record::empty()?;
    let desk = Desk::found(open(&record.path(), 1)?).await?;
    let gost_ca::entry::Method::Certificate(own) = desk.operator.actor().method else {
        panic!("operators sign in by certificate")
    };
    let administrator = desk.administrator.actor().user.unwrap();
    let digest = gost_hash::streebog256(own.octets());
    record.hand()?.execute(
        "INSERT INTO claims (space, digest, holder) VALUES ('binding', ?1, ?2)",
        (digest, administrator.octets()),
    )?;
    let certificate = desk.ra.certificate(&desk.administrator, &own).await?;
    let answer = crate::desk::answer(&desk.ra, &*crate::desk::key(102, &desk.rng)).await?;
    let refused = desk.ra.sign_in(&certificate, &answer).await.unwrap_err();
    assert_eq!(refused.code(), "sign-in");
    Ok(())
}
