//! Signatures and codes, made and checked.

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_FLAGS, CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_OBJECT_CLASS, CK_OBJECT_HANDLE,
    CK_SESSION_HANDLE, CKA_ALWAYS_AUTHENTICATE, CKA_SIGN, CKA_VALUE, CKA_VERIFY, CKF_SIGN,
    CKF_VERIFY, CKK_GENERIC_SECRET, CKK_GOSTR3410, CKM_GOSTR3410, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
    CKO_SECRET_KEY, CKR_GENERAL_ERROR, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID,
    CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID, CKR_OBJECT_HANDLE_INVALID,
    CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED, CKR_SIGNATURE_INVALID,
    CKR_SIGNATURE_LEN_RANGE, CKR_USER_NOT_LOGGED_IN,
};
use getrandom::SysRng;
use gost3410::Signature;
use subtle::ConstantTimeEq;

use crate::answer::{Answer, Room};
use crate::authenticator::Authenticator;
use crate::mechanism::Mechanism;
use crate::module::Module;
use crate::operation::{Consent, Operations, Signing, lock};
use crate::parameter_set::hash_of;
use crate::refusal::{Refusal, Result, demand};
use crate::slot::Held;
use crate::tc26::{
    CKK_GOSTR3410_512, CKK_KUZNYECHIK, CKK_MAGMA, CKM_GOSTR3410_512,
    CKM_GOSTR3410_WITH_GOSTR3411_12_256, CKM_GOSTR3410_WITH_GOSTR3411_12_512, CKM_KUZNYECHIK_MAC,
    CKM_MAGMA_MAC,
};

/// What is done with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Sign,
    Verify,
}

impl Module {
    /// `C_SignInit`, `C_VerifyInit`
    ///
    /// # Errors
    /// Those of mechanism and key.
    pub(crate) fn signing_init(
        &self,
        session: CK_SESSION_HANDLE,
        act: Act,
        mechanism: &Mechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let key = self.key_for(session, mechanism, key)?;
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let place = act.place(&mut operations);
        demand(place.is_none(), CKR_OPERATION_ACTIVE)?;
        let (flag, right) = act.rights();
        mechanism.offered_for(flag)?;
        key.demand(right, CKR_KEY_FUNCTION_NOT_PERMITTED)?;
        *place = Some(Signing::begin(mechanism, key, act)?);
        Ok(())
    }

    /// `C_SignUpdate`, `C_VerifyUpdate`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_DATA_LEN_RANGE`.
    pub(crate) fn signing_update(
        &self,
        session: CK_SESSION_HANDLE,
        act: Act,
        part: &[u8],
    ) -> Result<()> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let place = act.place(&mut operations);
        let signing = place.as_mut().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let updated = signing.authenticator.update(part);
        if updated.is_err() {
            *place = None;
        }
        updated
    }

    /// `C_Sign`, and `C_SignFinal` with no data.
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`, `CKR_DATA_LEN_RANGE`, `CKR_USER_NOT_LOGGED_IN` for a key
    /// that waits for its owner's PIN.
    pub(crate) fn sign(
        &self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
        room: Room,
    ) -> Result<Answer> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let signing = operations.sign.as_ref().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        if !room.holds(signing.length()) {
            return Ok(Answer::Needs(signing.length()));
        }
        demand(signing.consent == Consent::Given, CKR_USER_NOT_LOGGED_IN)?;
        let signing = operations.sign.take().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        signing.sign(data).map(Answer::Gives)
    }

    /// `C_Verify`, and `C_VerifyFinal` with no data.
    ///
    /// # Errors
    /// `CKR_SIGNATURE_INVALID`, `CKR_SIGNATURE_LEN_RANGE`, `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn verify(
        &self,
        session: CK_SESSION_HANDLE,
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        let operations = self.operations(session)?;
        let verifying = lock(&operations).verify.take();
        verifying.ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?.verify(data, signature)
    }

    /// A key by its handle, if its owner lets the mechanism use it.
    pub(crate) fn key_for(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<Held> {
        let key = self.key(session, key)?;
        demand(key.object.allows(mechanism.kind), CKR_MECHANISM_INVALID)?;
        Ok(key)
    }

    /// A key by its handle.
    pub(crate) fn key(&self, session: CK_SESSION_HANDLE, key: CK_OBJECT_HANDLE) -> Result<Held> {
        let mut state = self.state();
        let (_, slot) = state.session(session)?;
        slot.object(key).cloned().map_err(|Refusal(code)| match code {
            CKR_OBJECT_HANDLE_INVALID => Refusal(CKR_KEY_HANDLE_INVALID),
            other => Refusal(other),
        })
    }
}

impl Act {
    fn place(self, operations: &mut Operations) -> &mut Option<Signing> {
        match self {
            Self::Sign => &mut operations.sign,
            Self::Verify => &mut operations.verify,
        }
    }

    const fn rights(self) -> (CK_FLAGS, CK_ATTRIBUTE_TYPE) {
        match self {
            Self::Sign => (CKF_SIGN, CKA_SIGN),
            Self::Verify => (CKF_VERIFY, CKA_VERIFY),
        }
    }

    /// What of a pair is wanted; a secret key is both.
    const fn half(self) -> CK_OBJECT_CLASS {
        match self {
            Self::Sign => CKO_PRIVATE_KEY,
            Self::Verify => CKO_PUBLIC_KEY,
        }
    }
}

impl Signing {
    fn begin(mechanism: &Mechanism, key: Held, act: Act) -> Result<Self> {
        let object = &key.object;
        let authenticator = if object.class() == Some(CKO_SECRET_KEY) {
            mechanism.without_parameter()?;
            let value = object.octets(CKA_VALUE).ok_or(Refusal(CKR_GENERAL_ERROR))?;
            let wanted = secret_of(mechanism.kind);
            demand(object.key_type() == Some(wanted), CKR_KEY_TYPE_INCONSISTENT)?;

            Authenticator::code(mechanism.kind, value)?
        } else {
            demand(object.class() == Some(act.half()), CKR_KEY_HANDLE_INVALID)?;
            let authenticator = Authenticator::to_sign(mechanism.kind)?;
            let wanted = key_type_of(mechanism.kind)?;
            demand(object.key_type() == Some(wanted), CKR_KEY_TYPE_INCONSISTENT)?;
            mechanism.without_parameter_or(hash_of(authenticator.size()))?;
            authenticator
        };
        let asks = act == Act::Sign && object.is(CKA_ALWAYS_AUTHENTICATE);
        let consent = if asks { Consent::Awaited } else { Consent::Given };
        Ok(Self { authenticator, key, consent })
    }

    /// Octets of the signature or code.
    fn length(&self) -> usize {
        match self.key.object.class() {
            Some(CKO_SECRET_KEY) => self.authenticator.size(),
            _ => self.authenticator.size().saturating_mul(2),
        }
    }

    fn sign(mut self, data: &[u8]) -> Result<Vec<u8>> {
        self.authenticator.update(data)?;
        let digest = self.authenticator.finish()?;
        if self.key.object.class() == Some(CKO_SECRET_KEY) {
            return Ok(digest.to_vec());
        }
        let signature = self.key.signing_key()?.sign_prehash(&digest, &mut SysRng);
        Ok(signature.map_err(|_| Refusal(CKR_GENERAL_ERROR))?.as_slice().to_vec())
    }

    fn verify(mut self, data: &[u8], signature: &[u8]) -> Result<()> {
        demand(signature.len() == self.length(), CKR_SIGNATURE_LEN_RANGE)?;
        self.authenticator.update(data)?;
        let digest = self.authenticator.finish()?;
        if self.key.object.class() == Some(CKO_SECRET_KEY) {
            return demand(bool::from(digest.ct_eq(signature)), CKR_SIGNATURE_INVALID);
        }
        let signature =
            Signature::from_slice(signature).map_err(|_| Refusal(CKR_SIGNATURE_LEN_RANGE))?;
        let verified = self.key.verifying_key()?.verify_prehash(&digest, &signature);
        verified.map_err(|_| Refusal(CKR_SIGNATURE_INVALID))
    }
}

const fn secret_of(mechanism: CK_MECHANISM_TYPE) -> CK_KEY_TYPE {
    match mechanism {
        CKM_KUZNYECHIK_MAC => CKK_KUZNYECHIK,
        CKM_MAGMA_MAC => CKK_MAGMA,
        _ => CKK_GENERIC_SECRET,
    }
}

const fn key_type_of(mechanism: CK_MECHANISM_TYPE) -> Result<CK_KEY_TYPE> {
    match mechanism {
        CKM_GOSTR3410 | CKM_GOSTR3410_WITH_GOSTR3411_12_256 => Ok(CKK_GOSTR3410),
        CKM_GOSTR3410_512 | CKM_GOSTR3410_WITH_GOSTR3411_12_512 => Ok(CKK_GOSTR3410_512),
        _ => Err(Refusal(CKR_MECHANISM_INVALID)),
    }
}
