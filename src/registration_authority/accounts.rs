//! Registration, and changes of registration data.

mod archive;
mod binding;
mod blocking;
mod drafts;
mod passwords;

use super::access::access;
use super::claims::ClaimKey;
use super::job::{Job, Work};
pub(super) use archive::with_cases;
pub use drafts::DraftCard;

use crate::command::{Outcome, Register};
use crate::error::Error;
use crate::fact::{AccessFact, AccountFact, RecordFact, TemporaryPassword};
use crate::id::{CaseId, UserId};
use crate::lifecycle::account::Circumstances;
use crate::lifecycle::{Account, Act, Refusal, permission};
use crate::provider::journal::{Change, Claim, Expected, Holder, KeySpace, Page, StreamId};
use crate::provider::{Conflict, UserFilter, UserRecord};
use crate::registration::{
    Field, FormErrors, PersonKey, RegistrationData, RegistrationForm, Section,
};
use crate::view::{Role, View};

impl Job<'_> {
    pub(super) async fn register(&self, register: &Register) -> Result<Outcome, Error> {
        let user = UserId::made_by(&self.envelope.id);
        let claims = self.check_registration(&user, register).await?;
        let (password, secret) = match register.role {
            Role::User => self
                .new_temporary_password()
                .await
                .map(|(document, fact, secret)| (Some((document, fact)), Some(secret)))?,
            _ => (None, None),
        };
        let (document, password) = password.unzip();
        let mut work = Work::default().with_claims(claims).with_documents(document);
        if secret.is_some() {
            work = work.with_change(self.secret_shown(&user));
        }
        let outcome = Outcome::Registered { user, temporary_password: secret };
        self.begin_account(user, register, (password, None), (work, outcome)).await
    }

    /// Whatever can be checked before anything is stored; then the account's unique keys.
    async fn check_registration(
        &self,
        user: &UserId,
        register: &Register,
    ) -> Result<Vec<Claim>, Error> {
        let Register { role, office, login, data, person_known } = register;
        permission::permits(&self.actor, Act::Register, office.as_ref(), None)?;
        self.check_place(Act::Register, *role, office.as_ref()).await?;
        self.check_desk_approval()?;
        self.check_day(data)?;
        let claims = self.ra.claim_key().await?;
        self.check_person(&claims, data, *person_known).await?;
        let record = UserRecord { login: login.clone(), data: data.clone() };
        let taken = registration_claims(&claims, user, &record);
        self.check_free(&taken).await?;
        Ok(taken)
    }

    /// Stores the registration data, then commits the account with whatever belongs to it.
    async fn begin_account(
        &self,
        user: UserId,
        register: &Register,
        (password, certificate): (Option<TemporaryPassword>, Option<CaseId>),
        (work, outcome): (Work, Outcome),
    ) -> Result<Outcome, Error> {
        let Register { role, office, login, data, .. } = register.clone();
        let version = UserRecord { login, data }.seal(self.ra.random()?);
        self.check_rehearsal()?;
        self.ra.providers.directory.put(&user, &version).await?;
        let (registration, at) = (version.commitment, office.clone());
        let fact =
            AccountFact::Registered { role, office: at, registration, password, certificate };
        let mut work = work.with_change(self.first_entry(user, fact)?);
        if role != Role::User {
            let record = self.ra.record().await?;
            let granted = RecordFact::RoleGranted { user, role, office };
            work = work.with_change(self.record_change(record.length(), vec![granted]));
        }
        self.finish(work, outcome).await.map_err(name_the_registration)
    }

    /// Nobody registers above themselves; operators and users belong to an office that exists.
    async fn check_place(
        &self,
        act: Act,
        role: Role,
        office: Option<&crate::id::OfficeId>,
    ) -> Result<(), Error> {
        if !permission::may_serve(self.actor.role, role) {
            return Err(Refusal::Role { act, role: self.actor.role }.into());
        }
        let wants_office = matches!(role, Role::Operator | Role::User);
        match office {
            Some(office) if !self.ra.record().await?.offices().contains_key(office) => {
                Err(Refusal::Unknown { kind: "office", name: office.clone() }.into())
            }
            None if wants_office => Err(Refusal::Missing("an office").into()),
            _ => Ok(()),
        }
    }

    /// Papers are not of tomorrow, and not over.
    fn check_day(&self, data: &RegistrationData) -> Result<(), FormErrors> {
        data.check_day(self.ra.settings.zone.to_datetime(self.now).date())
    }

    /// R1: the same person elsewhere is shown, and must be confirmed.
    async fn check_person(
        &self,
        claims: &ClaimKey,
        data: &RegistrationData,
        known: bool,
    ) -> Result<(), Error> {
        let journal = &self.ra.providers.journal;
        for key in data.keys() {
            let holder = journal.holder(&claims.person(&key), self.now).await?;
            match (key, holder) {
                (_, None) => {}
                (PersonKey::Registration { .. }, Some(Holder(user))) => {
                    return Err(Refusal::Duplicate { user: UserId::new(user) }.into());
                }
                (_, Some(holder)) if holder != claims.person_holder(data) => {
                    return Err(Refusal::PersonName.into());
                }
                (_, Some(_)) if !known => return Err(Refusal::PersonKnown.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Before anything is stored: whatever is to be taken is free.
    async fn check_free(&self, claims: &[Claim]) -> Result<(), Error> {
        let released = |key| claims.contains(&Claim::Release { key });
        for claim in claims {
            let Claim::Take { key, holder, .. } = *claim else { continue };
            let held = self.ra.providers.journal.holder(&key, self.now).await?;
            if let Some(other) = held.filter(|other| *other != holder && !released(key)) {
                let taken = Conflict::Taken { key, holder: other };
                return Err(name_the_registration(Error::Conflict(taken)));
            }
        }
        Ok(())
    }

    /// Showing a one-time secret is an event of its own.
    fn secret_shown(&self, user: &UserId) -> Change {
        let fact = AccessFact::SecretShown { user: *user };
        access(&self.actor, self.envelope.id, fact, self.now)
    }

    fn first_entry(&self, user: UserId, fact: AccountFact) -> Result<Change, Error> {
        let entry = self.entry(fact);
        let views = vec![View::Account(Account::begin(user, &entry)?.view())];
        let (stream, expected) = (StreamId::Account(user), Expected::Exactly(0));
        Ok(Change { stream, expected, entries: vec![entry.encode()], views })
    }

    /// The only way an account changes: table, permission and guards first, then entry and view.
    pub(super) fn change_account(
        &self,
        account: &mut Account,
        act: Act,
        fact: AccountFact,
        around: &Circumstances,
    ) -> Result<Change, Error> {
        account.admits(&self.actor, act, around)?;
        let expected = Expected::Exactly(account.length());
        let entry = self.entry(fact);
        account.apply(&entry)?;
        let views = vec![View::Account(account.view())];
        Ok(Change {
            stream: StreamId::Account(account.user()),
            expected,
            entries: vec![entry.encode()],
            views,
        })
    }

    /// Loads an account where the actor may do this to it now, and it is as they saw it.
    pub(super) async fn account(
        &self,
        user: &UserId,
        act: Act,
    ) -> Result<(Account, Circumstances), Error> {
        let account = self.loaded(user).await?;
        let around = self.ra.circumstances(&account, self.now).await?;
        account.admits(&self.actor, act, &around)?;
        Ok((account, around))
    }

    async fn loaded(&self, user: &UserId) -> Result<Account, Error> {
        let account = self.ra.load_account(user).await?;
        self.expect(StreamId::Account(*user), account.length())?;
        Ok(account)
    }

    pub(super) async fn edit_data(
        &self,
        user: &UserId,
        data: &RegistrationData,
    ) -> Result<Outcome, Error> {
        let act = match self.actor.role {
            Role::User => Act::EditContacts,
            _ => Act::EditData,
        };
        let (mut account, around) = self.account(user, act).await?;
        let known = self.ra.user_record(user, account.registration()).await?;
        let fields = changed_fields(&known.data, data);
        if act == Act::EditContacts {
            check_contacts(&fields)?;
        }
        // a paper that was good when it was taken down does not forbid corrections of other fields
        self.check_day(data).or_else(|errors| errors.only(|field| fields.contains(&field)))?;
        let fields = fields.into_iter().map(|field| field.key().to_owned()).collect();
        let claims = self.ra.claim_key().await?;
        let other = self.other_registration(user, &known.data).await?;
        let moved = moved_claims(&claims, (user, other.as_ref()), &known.data, data);
        self.check_free(&moved).await?;
        let version = UserRecord { login: known.login, data: data.clone() }.seal(self.ra.random()?);
        self.check_rehearsal()?;
        self.ra.providers.directory.put(user, &version).await?;
        let fact = AccountFact::DataChanged { registration: version.commitment, fields };
        let change = self.change_account(&mut account, act, fact, &around)?;
        let done = self.finish(Work::of(change).with_claims(moved), Outcome::Done).await;
        done.map_err(name_the_registration)
    }

    /// Whether the person has another registration now.
    async fn is_known_elsewhere(
        &self,
        user: &UserId,
        data: &RegistrationData,
    ) -> Result<bool, Error> {
        Ok(self.other_registration(user, data).await?.is_some())
    }

    /// Another registration of the person that is in use now.
    #[expect(clippy::excessive_nesting, reason = "rows of pages, and a test of each")]
    async fn other_registration(
        &self,
        user: &UserId,
        data: &RegistrationData,
    ) -> Result<Option<RegistrationData>, Error> {
        let snils = Some(data.subject.person().snils.as_str().to_owned());
        let (filter, mut page) = (UserFilter { snils, ..UserFilter::default() }, Page::first(KIN));
        loop {
            let found = self.ra.providers.directory.search(&filter, &page).await?;
            for other in found.users.into_iter().filter(|other| other.user != *user) {
                // what no entry names was left by a command that failed
                let entries = self.ra.account_entries(&other.user).await?;
                let account = Account::fold(other.user, &entries)?;
                if account.is_some_and(|account| account.is_registered_as(&other.version)) {
                    return Ok(Some(other.record.data));
                }
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(None),
            }
        }
    }
}

/// The login, the registration and the person, for a new account.
pub(crate) fn registration_claims(
    claims: &ClaimKey,
    user: &UserId,
    record: &UserRecord,
) -> Vec<Claim> {
    let take = |key, holder| Claim::Take { key, holder, until: None };
    let login = take(claims.login(&record.login), Holder(*user.octets()));
    let keys = record.data.keys();
    let persons =
        keys.iter().map(|key| take(claims.person(key), claims.holder(key, user, &record.data)));
    [login].into_iter().chain(persons).collect()
}

/// The fields that differ.
fn changed_fields(old: &RegistrationData, new: &RegistrationData) -> Vec<Field> {
    let (old, new) = (RegistrationForm::from(old), RegistrationForm::from(new));
    let differs = |field: &&Field| old.value(**field) != new.value(**field);
    Field::ALL.iter().filter(differs).copied().collect()
}

/// U11: what else is wrong, the desk corrects, by the papers.
fn check_contacts(fields: &[Field]) -> Result<(), Refusal> {
    let others = fields.iter().copied().filter(|field| field.section() != Section::Contacts);
    let others: Vec<_> = others.collect();
    if others.is_empty() { Ok(()) } else { Err(Refusal::DeskFields(others)) }
}

/// Claims that follow a correction of the name, the SNILS, the organisation or the kind.
///
/// Who has other registrations leaves an old SNILS to them. Who changed their name keeps the SNILS: the
/// name that holds it changes, and is the one that further registrations must have.
fn moved_claims(
    claims: &ClaimKey,
    (user, other): (&UserId, Option<&RegistrationData>),
    old: &RegistrationData,
    new: &RegistrationData,
) -> Vec<Claim> {
    let (old_keys, new_keys) = (old.keys(), new.keys());
    let unique = |key: &PersonKey| matches!(key, PersonKey::Registration { .. });
    let renamed = claims.person_holder(old) != claims.person_holder(new);
    let given_back = |key: &&PersonKey| {
        let kept = new_keys.contains(key);
        if kept { renamed && !unique(key) } else { unique(key) || other.is_none() }
    };
    let released = old_keys.iter().filter(given_back);
    let released = released.map(|key| Claim::Release { key: claims.person(key) });
    let moves = |key: &&PersonKey| !old_keys.contains(key) || (renamed && !unique(key));
    let taken = new_keys.iter().filter(moves);
    let taken = taken.map(|key| Claim::Take {
        key: claims.person(key),
        holder: claims.holder(key, user, new),
        until: None,
    });
    let person = |data: &RegistrationData| data.subject.person().snils.clone();
    let left = other.filter(|_| person(old) != person(new));
    let left = left.map_or_else(Vec::new, |other| left_to(claims, other, old));
    left.into_iter().chain(released).chain(taken).collect()
}

/// What leaves a person's key to the name of another registration, where that is another name.
pub(super) fn left_to(
    claims: &ClaimKey,
    other: &RegistrationData,
    old: &RegistrationData,
) -> Vec<Claim> {
    let holder = claims.person_holder(other);
    if holder == claims.person_holder(old) {
        return Vec::new();
    }
    let keys = old.keys().into_iter().filter(|key| matches!(key, PersonKey::Person { .. }));
    let keys = keys.map(|key| claims.person(&key));
    keys.flat_map(|key| [Claim::Release { key }, Claim::Take { key, holder, until: None }])
        .collect()
}

/// A note that stays in the record: it must say something, and not much.
pub(super) fn text(note: &str, what: &'static str) -> Result<String, Refusal> {
    let note = note.trim();
    let fits = (1..=LONGEST_NOTE).contains(&note.chars().count());
    fits.then(|| note.to_owned()).ok_or(Refusal::Missing(what))
}

/// A taken key, in the words of the desk.
fn name_the_registration(error: Error) -> Error {
    let Error::Conflict(Conflict::Taken { key, holder }) = &error else { return error };
    match key.space {
        KeySpace::Login => Refusal::LoginTaken.into(),
        KeySpace::Registration => Refusal::Duplicate { user: UserId::new(holder.0) }.into(),
        KeySpace::Person => Refusal::PersonName.into(),
        _ => error,
    }
}

/// Versions of one person's registrations that are read at once.
const KIN: usize = 100;
/// Letters of a note.
const LONGEST_NOTE: usize = 500;
