//! Unique keys: hashed under the record's own secret, so that a claim tells nothing of a person.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::RegistrationAuthority;
use crate::error::Error;
use crate::id::{CaseId, UserId};
use crate::lifecycle::Refusal;
use crate::provider::journal::{Claim, Holder, KeySpace, UniqueKey};
use crate::registration::{Login, PersonKey, RegistrationData};
use crate::x509::{KeyIdentity, SerialNumber};

/// Keys the hashes of logins and persons.
pub(crate) struct ClaimKey(Zeroizing<Vec<u8>>);

impl core::fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ClaimKey(..)")
    }
}

impl ClaimKey {
    pub(crate) fn new(pepper: Vec<u8>) -> Self {
        Self(Zeroizing::new(pepper))
    }

    /// A tag that only those who have the record can make.
    pub(super) fn tag(&self, label: &str, message: &[u8]) -> [u8; 32] {
        gost_hash::hmac_streebog256(&self.0, &[label.as_bytes(), &[0], message])
    }

    fn keyed(&self, space: KeySpace, material: &[u8]) -> UniqueKey {
        UniqueKey { space, digest: self.tag(space.name(), material) }
    }

    pub(super) fn login(&self, login: &Login) -> UniqueKey {
        self.keyed(KeySpace::Login, login.as_str().as_bytes())
    }

    pub(super) fn challenge(&self, challenge: &[u8]) -> UniqueKey {
        self.keyed(KeySpace::Challenge, challenge)
    }

    /// One of the tries that a login has in a window.
    pub(super) fn sign_in_try(&self, login: &Login, number: u8) -> UniqueKey {
        self.keyed(KeySpace::SignIn, &[b"try", &[number][..], login.as_str().as_bytes()].concat())
    }

    /// The lock after too many of them.
    pub(super) fn sign_in_lock(&self, login: &Login) -> UniqueKey {
        self.keyed(KeySpace::SignIn, &[b"lock", login.as_str().as_bytes()].concat())
    }

    pub(super) fn person(&self, key: &PersonKey) -> UniqueKey {
        let space = match key {
            PersonKey::Registration { .. } => KeySpace::Registration,
            PersonKey::Person { .. } => KeySpace::Person,
        };
        self.keyed(space, key.material().as_bytes())
    }

    /// All registrations of one SNILS must be under one name: the name is the holder of the person's key.
    pub(crate) fn person_holder(&self, data: &RegistrationData) -> Holder {
        let tag = self.tag("name", data.name_material().as_bytes());
        Holder(core::array::from_fn(|i| tag.get(i).copied().unwrap_or_default()))
    }

    /// Who holds this key of this registration.
    pub(super) fn holder(&self, key: &PersonKey, user: &UserId, data: &RegistrationData) -> Holder {
        match key {
            PersonKey::Registration { .. } => Holder(*user.octets()),
            PersonKey::Person { .. } => self.person_holder(data),
        }
    }
}

/// The key of an issuer's serial number.
pub(crate) fn serial_key(issuer: &KeyIdentity, serial: &SerialNumber) -> UniqueKey {
    let digest = gost_hash::streebog256(&[issuer.octets(), serial.magnitude()].concat());
    UniqueKey { space: KeySpace::Serial, digest }
}

/// The key of a subject's public key.
pub(crate) const fn public_key_key(key: &KeyIdentity) -> UniqueKey {
    UniqueKey { space: KeySpace::PublicKey, digest: *key.octets() }
}

/// The key of a certificate that signs in.
pub(crate) fn binding_key(case: &CaseId) -> UniqueKey {
    UniqueKey { space: KeySpace::Binding, digest: gost_hash::streebog256(case.octets()) }
}

/// The key of a public key that is known to be compromised.
pub(crate) const fn blocked_key(key: &KeyIdentity) -> UniqueKey {
    UniqueKey { space: KeySpace::BlockedKey, digest: *key.octets() }
}

/// Takes a key for a case, for ever.
pub(super) const fn take(key: UniqueKey, case: &CaseId) -> Claim {
    Claim::Take { key, holder: Holder(*case.octets()), until: None }
}

impl RegistrationAuthority {
    /// The record's claim key, read once.
    pub(super) async fn claim_key(&self) -> Result<Arc<ClaimKey>, Error> {
        if let Some(key) = self.claim_key.lock().ok().and_then(|key| key.clone()) {
            return Ok(key);
        }
        let record = self.record().await?;
        let founding = record.founding().ok_or(Refusal::NotFounded)?;
        let pepper = self.document(&founding.pepper).await?;
        let key = Arc::new(ClaimKey::new(pepper.into_bytes()));
        if let Ok(mut cached) = self.claim_key.lock() {
            *cached = Some(Arc::clone(&key));
        }
        Ok(key)
    }
}
