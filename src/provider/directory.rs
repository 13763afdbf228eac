//! The user directory: personal data lives here, and in documents, and nowhere else.

use core::fmt::Debug;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::Result;
use super::journal::Page;
use crate::commitment::{Commitment, Salt};
use crate::id::UserId;
use crate::registration::{Login, RegistrationData, SubjectKind, search_words};

/// One version of what is known of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserRecord {
    /// The name the user signs in by.
    pub login: Login,
    /// What the application documents say.
    pub data: RegistrationData,
}

/// A version as it is stored: entries call it by its commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRecord {
    /// The record.
    pub record: UserRecord,
    /// The salt of the commitment.
    pub salt: Salt,
    /// Over the salt and [`UserRecord::to_bytes`].
    pub commitment: Commitment,
}

impl UserRecord {
    /// The canonical octets: JSON with the fields in the order of their declaration.
    ///
    /// # Panics
    /// Never: the record has only text, numbers and lists.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[expect(
            clippy::expect_used,
            reason = "serialising text, numbers and lists to memory cannot fail"
        )]
        serde_json::to_vec(self).expect("records are plain data")
    }

    /// Seals this version under a fresh salt.
    pub fn seal(self, salt: Salt) -> SealedRecord {
        let commitment = Commitment::of(&salt, &self.to_bytes());
        SealedRecord { record: self, salt, commitment }
    }
}

/// Which users are looked for; every field that is set must fit.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Beginnings of words of the names and of the organisation, in any case, Ё = Е (U2).
    pub words: Option<String>,
    /// The login, whole.
    pub login: Option<Login>,
    /// The person's or the organisation's INN, digits only.
    pub inn: Option<String>,
    /// The SNILS, digits only.
    pub snils: Option<String>,
    /// The kind of subject.
    pub kind: Option<SubjectKind>,
}

impl UserFilter {
    /// Whether a record fits.
    pub fn fits(&self, record: &UserRecord) -> bool {
        let (subject, index) = (&record.data.subject, record.data.search_index());
        let person = subject.person();
        let legal = subject.organization().map(|organization| organization.inn.as_str());
        let begins = |word: &String| index.contains(&format!(" {word}"));
        self.words.as_deref().is_none_or(|words| search_words(words).iter().all(begins))
            && self.login.as_ref().is_none_or(|login| *login == record.login)
            && self
                .inn
                .as_deref()
                .is_none_or(|inn| person.inn.as_str() == inn || legal == Some(inn))
            && self.snils.as_deref().is_none_or(|snils| person.snils.as_str() == snils)
            && self.kind.is_none_or(|kind| kind == subject.kind())
    }
}

/// Shows which fields are asked for, and nothing of what was typed in them.
impl Debug for UserFilter {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("UserFilter")
            .field("words", &self.words.is_some())
            .field("login", &self.login.is_some())
            .field("inn", &self.inn.is_some())
            .field("snils", &self.snils.is_some())
            .field("kind", &self.kind)
            .finish()
    }
}

/// A version found by a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSummary {
    /// Whose.
    pub user: UserId,
    /// Which version fitted; the record says whether it is the current one.
    pub version: Commitment,
    /// The version itself.
    pub record: UserRecord,
}

/// Stores versions of users' records and finds them.
///
/// A version is addressed by its commitment and never changed. A version that no entry of the journal names
/// was left by a command that failed: callers ignore it.
#[async_trait]
pub trait UserDirectory: Debug + Send + Sync {
    /// Stores one more version, durably; the same one again does nothing.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be stored.
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Result<()>;

    /// Reads a version; `None` when there is none, or it was erased.
    ///
    /// # Errors
    /// `Fault` when the stored octets do not fit the commitment.
    async fn get(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedRecord>>;

    /// Finds versions, each once, in an order of its own that pages keep; at most `page.limit`, and where to go on.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not this directory's.
    async fn search(&self, filter: &UserFilter, page: &Page) -> Result<FoundUsers>;

    /// Erases all versions of a user, with their salts.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be erased.
    async fn erase(&self, user: &UserId) -> Result<()>;

    /// Registrations that are not complete, where it keeps them.
    fn drafts(&self) -> Option<&dyn Drafts> {
        None
    }
}

/// One version of a registration that is not complete, as octets of the caller's.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedDraft {
    /// What was typed: personal data.
    pub octets: Vec<u8>,
    /// The salt of the commitment.
    pub salt: Salt,
    /// Over the salt and the octets.
    pub commitment: Commitment,
}

impl SealedDraft {
    /// Seals this version under a fresh salt.
    pub fn new(octets: Vec<u8>, salt: Salt) -> Self {
        let commitment = Commitment::of(&salt, &octets);
        Self { octets, salt, commitment }
    }
}

impl Debug for SealedDraft {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("SealedDraft").field(&self.commitment).finish()
    }
}

/// Keeps registrations that are not complete; no search finds them.
#[async_trait]
pub trait Drafts: Debug + Send + Sync {
    /// Stores one more version, durably; the same one again does nothing.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be stored.
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Result<()>;

    /// Reads a version; `None` when there is none, or it was erased.
    ///
    /// # Errors
    /// `Fault` when the stored octets do not fit the commitment.
    async fn read(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedDraft>>;

    /// Erases all versions of a user but that one, with their salts; all where there is none.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be erased.
    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Result<()>;
}

/// One page of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundUsers {
    /// The versions that fit.
    pub users: Vec<UserSummary>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<super::journal::Cursor>,
}
