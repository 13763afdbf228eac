//! The record as a whole, folded: offices, profiles, roles and authorities.

use std::collections::BTreeMap;

use crate::commitment::Commitment;
use crate::entry::Entry;
use crate::fact::{RecordFact, RecoveryKey};
use crate::id::{AuthorityId, OfficeId, ProfileId, UserId};
use crate::profile::Profile;
use crate::view::Role;
use crate::x509::KeyIdentity;

/// What the stream of the record says now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    length: u64,
    founding: Option<Founding>,
    offices: BTreeMap<OfficeId, String>,
    profiles: BTreeMap<ProfileId, Vec<Profile>>,
    roles: BTreeMap<UserId, (Role, Option<OfficeId>)>,
    authorities: BTreeMap<AuthorityId, String>,
    recovery: Option<RecoveryKeys>,
    recovered: Vec<(KeyIdentity, UserId)>,
}

/// The keys that can call an administrator back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecoveryKeys {
    /// They.
    pub keys: Vec<RecoveryKey>,
    /// How many must sign.
    pub needed: u32,
}

/// How the record began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Founding {
    /// The document that keys the uniqueness claims.
    pub pepper: Commitment,
    /// The first administrator.
    pub administrator: UserId,
    /// The key that signs them in until there is a certificate for it.
    pub key: KeyIdentity,
}

impl Record {
    /// Applies one more entry.
    pub fn apply(&mut self, entry: &Entry<RecordFact>) {
        self.length = self.length.saturating_add(1);
        match &entry.fact {
            RecordFact::Founded { pepper, administrator, key } => {
                self.founding =
                    Some(Founding { pepper: *pepper, administrator: *administrator, key: *key });
            }
            RecordFact::OfficeOpened { office, title } => {
                self.offices.insert(office.clone(), title.clone());
            }
            RecordFact::ProfileAdopted { profile } => {
                self.profiles.entry(profile.id.clone()).or_default().push((**profile).clone());
            }
            RecordFact::RoleGranted { user, role, office } => {
                self.roles.insert(*user, (*role, office.clone()));
            }
            RecordFact::RoleWithdrawn { user } => {
                self.roles.remove(user);
            }
            RecordFact::RecoverySet { keys, needed } => {
                self.recovery = Some(RecoveryKeys { keys: keys.clone(), needed: *needed });
            }
            RecordFact::Recovered { administrator, key, .. } => {
                self.recovered.push((*key, *administrator));
            }
            RecordFact::KeyBlocked { .. } => {} // the claim says it
            RecordFact::AuthorityOpened { authority, title } => {
                self.authorities.insert(*authority, title.clone());
            }
        }
    }

    /// How many entries were applied.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// How it began; `None` for an empty record.
    pub const fn founding(&self) -> Option<&Founding> {
        self.founding.as_ref()
    }

    /// The keys that can call an administrator back, where they were set.
    pub const fn recovery(&self) -> Option<&RecoveryKeys> {
        self.recovery.as_ref()
    }

    /// Who signs in by this bare key: the founder, or an administrator who was called back.
    pub fn administrator_by_key(&self, key: &KeyIdentity) -> Option<UserId> {
        let founder = self.founding.filter(|founding| founding.key == *key);
        let recovered = self.recovered.iter().rev().find(|(known, _)| known == key);
        founder
            .map(|founding| founding.administrator)
            .or_else(|| recovered.map(|(_, administrator)| *administrator))
    }

    /// The registration points with their titles.
    pub const fn offices(&self) -> &BTreeMap<OfficeId, String> {
        &self.offices
    }

    /// The newest version of a profile.
    pub fn profile(&self, id: &ProfileId) -> Option<&Profile> {
        self.profiles.get(id)?.last()
    }

    /// The newest version of every profile.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.values().filter_map(|versions| versions.last())
    }

    /// The version of a profile that a case began with.
    pub fn profile_version(&self, id: &ProfileId, version: u32) -> Option<&Profile> {
        self.profiles.get(id)?.iter().find(|profile| profile.version == version)
    }

    /// Administrators, operators and auditors with their registration points.
    pub const fn roles(&self) -> &BTreeMap<UserId, (Role, Option<OfficeId>)> {
        &self.roles
    }

    /// How many administrators may sign in, as far as their accounts go.
    pub fn administrators(&self) -> usize {
        self.roles.values().filter(|(role, _)| *role == Role::Administrator).count()
    }

    /// The authorities with their titles.
    pub const fn authorities(&self) -> &BTreeMap<AuthorityId, String> {
        &self.authorities
    }
}
