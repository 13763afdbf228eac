//! Key containers that no certificate needs: found, and offered for deletion (T20).

use std::collections::BTreeMap;

use super::{RegistrationAuthority, Session};
use crate::error::Error;
use crate::id::{CaseId, Name, UserId};
use crate::lifecycle::Case;
use crate::provider::journal::{CaseFilter, Cursor, Page};
use crate::provider::key_store::{CarrierId, KeyId};
use crate::view::CaseState;

/// A container that was made for a case, and that nothing needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrphanedKey {
    /// For which case.
    pub case: CaseId,
    /// Whose.
    pub user: UserId,
    /// In which store.
    pub store: Name,
    /// Which.
    pub key: KeyId,
    /// Whether the store has it; none where its carrier is not here.
    pub found: Option<bool>,
}

impl RegistrationAuthority {
    /// Finds containers of requests that ended or were begun anew, by the pages of
    /// [`list_cases`](Self::list_cases); a page may be short. `Command::DestroyKey` destroys them.
    ///
    /// # Errors
    /// As `list_cases`.
    pub async fn orphaned_keys(
        &self,
        session: &Session,
        filter: CaseFilter,
        page: &Page,
    ) -> Result<(Vec<OrphanedKey>, Option<Cursor>), Error> {
        let (cases, next) = self.list_cases(session, filter, page).await?;
        let (mut orphans, mut carriers) = (Vec::new(), BTreeMap::new());
        for row in cases {
            let case = self.load_case(&row.case).await?;
            for (store, key) in unneeded(&case) {
                let found = self.has_key(&store, &key, &mut carriers).await;
                orphans.push(OrphanedKey { case: row.case, user: row.user, store, key, found });
            }
        }
        Ok((orphans, next))
    }

    /// Each carrier is asked once.
    async fn has_key(&self, store: &Name, key: &KeyId, known: &mut Carriers) -> Option<bool> {
        let carrier = (store.clone(), key.carrier.clone());
        if !known.contains_key(&carrier) {
            let keys = self.key_store(store).ok()?.keys(&key.carrier).await.ok();
            let keys = keys.map(|keys| keys.into_iter().map(|key| key.id).collect());
            known.insert(carrier.clone(), keys);
        }
        let keys = known.get(&carrier)?.as_ref()?;
        Some(keys.contains(key))
    }
}

/// What each carrier has, where it is here.
type Carriers = BTreeMap<(Name, CarrierId), Option<Vec<KeyId>>>;

fn unneeded(case: &Case) -> Vec<(Name, KeyId)> {
    let over =
        matches!(case.state(), CaseState::Cancelled | CaseState::Rejected | CaseState::Expired);
    let current = case.key().filter(|_| over);
    case.left_keys().iter().chain(current).cloned().collect()
}
