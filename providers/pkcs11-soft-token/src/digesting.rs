//! Digests.

use cryptoki_sys::{
    CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CKA_VALUE, CKF_DIGEST, CKO_SECRET_KEY,
    CKR_KEY_INDIGESTIBLE, CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED,
};

use crate::answer::{Answer, Room};
use crate::authenticator::Hasher;
use crate::mechanism::Mechanism;
use crate::module::Module;
use crate::operation::lock;
use crate::parameter_set::hash_of;
use crate::refusal::{Refusal, Result, demand};

impl Module {
    /// `C_DigestInit`
    ///
    /// # Errors
    /// `CKR_OPERATION_ACTIVE`, and those of the mechanism.
    pub(crate) fn digest_init(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
    ) -> Result<()> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        demand(operations.digest.is_none(), CKR_OPERATION_ACTIVE)?;
        mechanism.offered_for(CKF_DIGEST)?;
        let hasher = Hasher::of(mechanism.kind)?;
        mechanism.without_parameter_or(hash_of(hasher.size()))?;
        operations.digest = Some(hasher);
        Ok(())
    }

    /// `C_DigestUpdate`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn digest_update(&self, session: CK_SESSION_HANDLE, part: &[u8]) -> Result<()> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let hasher = operations.digest.as_mut().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        hasher.update(part);
        Ok(())
    }

    /// `C_DigestKey`
    ///
    /// # Errors
    /// `CKR_KEY_INDIGESTIBLE` for a key whose value stays within, `CKR_OBJECT_HANDLE_INVALID`.
    pub(crate) fn digest_key(
        &self,
        session: CK_SESSION_HANDLE,
        key: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let key = self.state().session(session)?.1.object(key)?.object.clone();
        demand(key.class() == Some(CKO_SECRET_KEY), CKR_KEY_INDIGESTIBLE)?;
        let value = key.reveal(CKA_VALUE).map_err(|_| Refusal(CKR_KEY_INDIGESTIBLE))?;
        self.digest_update(session, value)
    }

    /// `C_DigestFinal`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn digest_final(&self, session: CK_SESSION_HANDLE, room: Room) -> Result<Answer> {
        self.digest(session, &[], room)
    }

    /// `C_Digest`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn digest(
        &self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
        room: Room,
    ) -> Result<Answer> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let hasher = operations.digest.as_ref().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        if !room.holds(hasher.size()) {
            return Ok(Answer::Needs(hasher.size()));
        }
        let mut hasher = operations.digest.take().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        hasher.update(data);
        Ok(Answer::Gives(hasher.finish()))
    }
}
