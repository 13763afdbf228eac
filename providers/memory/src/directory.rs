//! Users' records in a map.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gost_ca::commitment::Commitment;
use gost_ca::id::UserId;
use gost_ca::provider::directory::{FoundUsers, SealedDraft, SealedRecord};
use gost_ca::provider::journal::{Cursor, Page};
use gost_ca::provider::{Drafts, ErrorKind, Result, UserDirectory, UserFilter, UserSummary};

/// A user directory that ends with its last clone.
#[derive(Clone, Debug, Default)]
pub struct MemoryDirectory {
    versions: Arc<Mutex<BTreeMap<VersionKey, SealedRecord>>>,
    drafts: Arc<Mutex<BTreeMap<VersionKey, SealedDraft>>>,
}

type VersionKey = (UserId, Commitment);

impl MemoryDirectory {
    fn versions(&self) -> MutexGuard<'_, BTreeMap<VersionKey, SealedRecord>> {
        self.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unfinished(&self) -> MutexGuard<'_, BTreeMap<VersionKey, SealedDraft>> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl UserDirectory for MemoryDirectory {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Result<()> {
        let key = (*user, version.commitment);
        self.versions().entry(key).or_insert_with(|| version.clone());
        Ok(())
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedRecord>> {
        Ok(self.versions().get(&(*user, *version)).cloned())
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Result<FoundUsers> {
        let after = page.after.as_ref().map(read_cursor).transpose()?;
        let versions = self.versions();
        let mut fitting = versions
            .iter()
            .filter(|(key, _)| after.is_none_or(|after| **key > after))
            .filter(|(_, version)| filter.fits(&version.record));
        let users: Vec<UserSummary> = fitting
            .by_ref()
            .take(page.limit)
            .map(|((user, commitment), version)| UserSummary {
                user: *user,
                version: *commitment,
                record: version.record.clone(),
            })
            .collect();
        let more = fitting.next().and(users.last());
        let next = more.map(|last| write_cursor(&last.user, &last.version));
        Ok(FoundUsers { users, next })
    }

    async fn erase(&self, user: &UserId) -> Result<()> {
        self.versions().retain(|(whose, _), _| whose != user);
        Ok(())
    }

    fn drafts(&self) -> Option<&dyn Drafts> {
        Some(self)
    }
}

#[async_trait]
impl Drafts for MemoryDirectory {
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Result<()> {
        let key = (*user, draft.commitment);
        self.unfinished().entry(key).or_insert_with(|| draft.clone());
        Ok(())
    }

    async fn read(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedDraft>> {
        Ok(self.unfinished().get(&(*user, *version)).cloned())
    }

    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Result<()> {
        self.unfinished().retain(|(whose, version), _| whose != user || kept == Some(version));
        Ok(())
    }
}

fn write_cursor(user: &UserId, version: &Commitment) -> Cursor {
    Cursor([&user.octets()[..], version.octets()].concat())
}

fn read_cursor(cursor: &Cursor) -> Result<VersionKey> {
    let (user, version) =
        cursor.0.split_at_checked(16).ok_or_else(|| ErrorKind::Invalid.at("cursor"))?;
    let user = user.try_into().map_err(|_| ErrorKind::Invalid.at("cursor"))?;
    let version = version.try_into().map_err(|_| ErrorKind::Invalid.at("cursor"))?;
    Ok((UserId::new(user), Commitment::from_octets(version)))
}
