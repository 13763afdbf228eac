//! What must be unique is held by whom the entries say.

use std::sync::Arc;

use super::{Finding, Result, Work, damaged};
use crate::Timestamp;
use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{AccountFact, CaseFact, RecordFact};
use crate::id::{CaseId, UserId};
use crate::lifecycle::{Account, Case, Record};
use crate::provider::directory::{SealedRecord, UserFilter, UserRecord, UserSummary};
use crate::provider::journal::{Claim, Holder, KeySpace, Page, StoredEntry, StreamId, UniqueKey};
use crate::registration_authority::{
    ClaimKey, binding_key, blocked_key, public_key_key, registration_claims, serial_key,
};
use crate::view::{CertificateView, View};
use crate::x509::KeyIdentity;

impl Work<'_> {
    /// The founding's claim, the key of all the others, and the keys that are blocked.
    pub(super) async fn founding(&mut self, entries: &[StoredEntry]) -> Result<()> {
        let mut record = Record::default();
        let decoded: Vec<_> =
            entries.iter().filter_map(|entry| Entry::<RecordFact>::decode(entry).ok()).collect();
        for entry in &decoded {
            record.apply(entry);
        }
        let Some(founding) = record.founding() else { return Ok(()) };
        let pepper = damaged(self.of.journal.documents().get(&founding.pepper).await)?.flatten();
        self.claim_key = pepper.map(|pepper| Arc::new(ClaimKey::new(pepper.into_bytes())));
        let key = UniqueKey { space: KeySpace::Founding, digest: [0; 32] };
        let holder = Holder(*founding.administrator.octets());
        self.claim(StreamId::Record, &key, |found| found == holder).await?;
        for entry in &decoded {
            if let RecordFact::KeyBlocked { key, .. } = &entry.fact {
                self.blocked(StreamId::Record, key).await?;
            }
        }
        Ok(())
    }

    /// Serial numbers and keys belong to the cases of their certificates; compromised keys are blocked.
    pub(super) async fn certificate_claims(
        &mut self,
        stream: StreamId,
        rows: &[View],
        case: Option<&Case>,
    ) -> Result<()> {
        for row in rows {
            let View::Certificate(row) = row else { continue };
            let holder = Holder(*row.case.octets());
            let serial = serial_key(&row.issuer, &row.serial);
            self.claim(stream, &serial, |found| found == holder).await?;
            self.subject_key(stream, row).await?;
            if case.is_some_and(Case::is_compromised) {
                self.blocked(stream, &row.subject_key).await?;
            }
        }
        Ok(())
    }

    /// Whoever blocked it first holds it.
    async fn blocked(&mut self, stream: StreamId, key: &KeyIdentity) -> Result<()> {
        self.claim(stream, &blocked_key(key), |_| true).await
    }

    /// A key is its first case's; where a profile allows, later ones have it too.
    async fn subject_key(&mut self, stream: StreamId, row: &CertificateView) -> Result<()> {
        let key = public_key_key(&row.subject_key);
        let own = Holder(*row.case.octets());
        let holder = damaged(self.of.journal.holder(&key, Timestamp::MAX).await)?.flatten();
        let held = match holder {
            Some(holder) if holder == own => true,
            Some(Holder(case)) => self.has_key(CaseId::new(case), row).await?,
            None => false,
        };
        if !held {
            self.report.tell(Finding::Claim { stream, space: key.space.name() });
        }
        Ok(())
    }

    async fn has_key(&self, id: CaseId, row: &CertificateView) -> Result<bool> {
        let loaded = damaged(self.of.journal.load(&StreamId::Case(id), 0).await)?;
        let case = folded(id, &loaded.unwrap_or_default().entries);
        Ok(case.and_then(|case| case.public_key()) == Some(row.subject_key))
    }

    /// The login, registration and person of an account, and the certificates that sign it in.
    pub(super) async fn account_claims(
        &mut self,
        account: &Account,
        sealed: &SealedRecord,
    ) -> Result<()> {
        let (user, stream) = (account.user(), StreamId::Account(account.user()));
        let Some(claim_key) = self.claim_key.clone() else { return Ok(()) };
        for claim in registration_claims(&claim_key, &user, &sealed.record) {
            let Claim::Take { key, holder, .. } = claim else { continue };
            if key.space == KeySpace::Person {
                self.person(&claim_key, (stream, sealed), (&key, holder)).await?;
            } else {
                self.claim(stream, &key, |found| found == holder).await?;
            }
        }
        let holder = Holder(*user.octets());
        for case in account.bound() {
            self.claim(stream, &binding_key(case), |found| found == holder).await?;
        }
        Ok(())
    }

    /// A person is held by a name: this registration's, or that of another one of theirs.
    async fn person(
        &mut self,
        claim_key: &ClaimKey,
        (stream, sealed): (StreamId, &SealedRecord),
        (key, own): (&UniqueKey, Holder),
    ) -> Result<()> {
        let found = damaged(self.of.journal.holder(key, Timestamp::MAX).await)?.flatten();
        let right = match found {
            Some(found) if found == own => true,
            Some(found) => self.is_called(claim_key, found, &sealed.record).await?,
            None => false,
        };
        if !right {
            self.report.tell(Finding::Claim { stream, space: key.space.name() });
        }
        Ok(())
    }

    /// Whether one of the person's registrations is under the name that the holder stands for.
    #[expect(clippy::excessive_nesting, reason = "rows of pages, and a test of each")]
    async fn is_called(
        &self,
        claim_key: &ClaimKey,
        holder: Holder,
        record: &UserRecord,
    ) -> Result<bool> {
        let Some(directory) = self.of.directory else { return Ok(false) };
        let snils = Some(record.data.subject.person().snils.as_str().to_owned());
        let (filter, mut page) = (UserFilter { snils, ..UserFilter::default() }, Page::first(KIN));
        loop {
            let found = damaged(directory.search(&filter, &page).await)?.unwrap_or_default();
            for other in &found.users {
                let named = claim_key.person_holder(&other.record.data) == holder;
                if named && self.follows(other).await? {
                    return Ok(true);
                }
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(false),
            }
        }
    }

    /// Whether the account follows that very version, and the version is what its commitment says.
    async fn follows(&self, other: &UserSummary) -> Result<bool> {
        let Some(directory) = self.of.directory else { return Ok(false) };
        let sealed = damaged(directory.get(&other.user, &other.version).await)?.flatten();
        let sound = sealed.is_some_and(|sealed| {
            sealed.record == other.record
                && Commitment::of(&sealed.salt, &sealed.record.to_bytes()) == other.version
        });
        let loaded = damaged(self.of.journal.load(&StreamId::Account(other.user), 0).await)?;
        let account = account(other.user, &loaded.unwrap_or_default().entries);
        Ok(sound && account.is_some_and(|account| *account.registration() == other.version))
    }

    /// A key that is held for ever, by the right one.
    async fn claim(
        &mut self,
        stream: StreamId,
        key: &UniqueKey,
        right: impl Fn(Holder) -> bool + Send,
    ) -> Result<()> {
        let holder = damaged(self.of.journal.holder(key, Timestamp::MAX).await)?.flatten();
        if !holder.is_some_and(right) {
            self.report.tell(Finding::Claim { stream, space: key.space.name() });
        }
        Ok(())
    }
}

/// A case as far as it can be read.
fn folded(id: CaseId, entries: &[StoredEntry]) -> Option<Case> {
    let entries: Result<Vec<_>, _> = entries.iter().map(Entry::<CaseFact>::decode).collect();
    Case::fold(id, &entries.ok()?).ok().flatten()
}

/// An account as far as it can be read.
pub(super) fn account(user: UserId, entries: &[StoredEntry]) -> Option<Account> {
    let entries: Result<Vec<_>, _> = entries.iter().map(Entry::<AccountFact>::decode).collect();
    Account::fold(user, &entries.ok()?).ok().flatten()
}

/// Registrations of one person that are read at once.
const KIN: usize = 100;
