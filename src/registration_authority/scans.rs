//! Scans: attached by a command, shown to whoever may see them, each showing recorded.

use super::job::{Job, Work};
use super::{RegistrationAuthority, Session};
use crate::command::Outcome;
use crate::commitment::{Commitment, DocumentKind};
use crate::desk::scan::{BadScan, Scan, ScanFormat, ScanKind, ScanOwner};
use crate::error::Error;
use crate::fact::{AccessFact, AccountFact, CaseFact};
use crate::lifecycle::{Act, Refusal};

impl Job<'_> {
    /// U13: the octets come beside the command, which has their digest.
    pub(super) async fn attach_scan(
        &self,
        owner: &ScanOwner,
        kind: ScanKind,
        digest: &[u8; 32],
    ) -> Result<Outcome, Error> {
        let octets = self.means.scan.ok_or(Refusal::Missing("the scan"))?;
        if gost_hash::streebog256(octets) != *digest {
            return Err(Refusal::Scan(BadScan::Another).into());
        }
        let format = ScanFormat::of(octets, self.ra.settings.scan_limit).map_err(Refusal::Scan)?;
        let document = self.seal(DocumentKind::Scan, octets.to_vec())?;
        let size = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        let scan = Scan { kind, format, size, document: *document.commitment() };
        let change = match owner {
            ScanOwner::User(user) => {
                let (mut account, around) = self.account(user, Act::AttachScan).await?;
                let fact = AccountFact::ScanAttached { scan };
                self.change_account(&mut account, Act::AttachScan, fact, &around)?
            }
            ScanOwner::Case(id) => {
                let (mut case, profile) = self.case(id, Act::AttachScan).await?;
                let entry = self.entry(CaseFact::ScanAttached { scan });
                self.change(&mut case, &profile, vec![entry])?
            }
        };
        self.finish(Work::of(change).with_documents([document]), Outcome::Done).await
    }
}

impl RegistrationAuthority {
    /// The scans of an account or a case, in the order in which they were attached.
    ///
    /// # Errors
    /// [`Refusal::Scope`] for another office's.
    pub async fn scans(&self, session: &Session, owner: &ScanOwner) -> Result<Vec<Scan>, Error> {
        self.check_sees(session, owner).await?;
        self.scans_of(owner).await
    }

    /// The octets of a scan. That they were shown is recorded before they are.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where the owner has no such scan, or it was erased.
    pub async fn scan(
        &self,
        session: &Session,
        owner: &ScanOwner,
        scan: &Commitment,
    ) -> Result<(Scan, Vec<u8>), Error> {
        let scans = self.scans(session, owner).await?;
        let found = scans.into_iter().find(|known| known.document == *scan);
        let found = found.ok_or(Refusal::NotFound("scan"))?;
        let fact = AccessFact::DocumentShown { owner: *owner, document: Some(*scan) };
        self.note_shown(session.actor(), fact).await?;
        Ok((found, self.document(scan).await?.into_bytes()))
    }

    pub(super) async fn check_sees(
        &self,
        session: &Session,
        owner: &ScanOwner,
    ) -> Result<(), Error> {
        match owner {
            ScanOwner::User(user) => self.user(session, user).await.map(drop),
            ScanOwner::Case(case) => self.visible_case(session, case).await.map(drop),
        }
    }

    pub(super) async fn scans_of(&self, owner: &ScanOwner) -> Result<Vec<Scan>, Error> {
        let scan = |fact| match fact {
            AccountFact::ScanAttached { scan } => Some(scan),
            _ => None,
        };
        let case_scan = |fact| match fact {
            CaseFact::ScanAttached { scan } => Some(scan),
            _ => None,
        };
        Ok(match owner {
            ScanOwner::User(user) => {
                let entries = self.account_entries(user).await?;
                entries.into_iter().filter_map(|entry| scan(entry.fact)).collect()
            }
            ScanOwner::Case(case) => {
                let entries = self.case_entries(case).await?;
                entries.into_iter().filter_map(|entry| case_scan(entry.fact)).collect()
            }
        })
    }
}
