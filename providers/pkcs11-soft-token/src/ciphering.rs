//! Encryption and decryption.

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_FLAGS, CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_OBJECT_HANDLE,
    CK_SESSION_HANDLE, CKA_DECRYPT, CKA_ENCRYPT, CKA_VALUE, CKF_DECRYPT, CKF_ENCRYPT,
    CKR_GENERAL_ERROR, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_TYPE_INCONSISTENT,
    CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED,
};

use crate::answer::{Answer, Room};
use crate::mechanism::Mechanism;
use crate::mode::{self, Direction, Mode};
use crate::module::Module;
use crate::operation::{Operations, lock};
use crate::refusal::{Refusal, Result, demand};
use crate::tc26::{CKK_KUZNYECHIK, CKK_MAGMA, CKM_MAGMA_CTR_ACPKM, CKM_MAGMA_ECB, CKM_MAGMA_MGM};

/// Which part of a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// One of several.
    Some,
    /// The last, or all of it.
    Last,
}

impl Module {
    /// `C_EncryptInit`, `C_DecryptInit`
    pub(crate) fn cipher_init(
        &self,
        session: CK_SESSION_HANDLE,
        direction: Direction,
        mechanism: &Mechanism,
        key: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let key = self.key_for(session, mechanism, key)?;
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let (flag, attribute) = rights(direction);
        let place = place(&mut operations, direction);
        demand(place.is_none(), CKR_OPERATION_ACTIVE)?;
        mechanism.offered_for(flag)?;
        key.demand(attribute, CKR_KEY_FUNCTION_NOT_PERMITTED)?;
        let wanted = key_type_of(mechanism.kind);
        demand(key.object.key_type() == Some(wanted), CKR_KEY_TYPE_INCONSISTENT)?;
        let value: Option<&[u8; 32]> =
            key.object.octets(CKA_VALUE).and_then(|value| value.try_into().ok());
        *place = Some(mode::begin(mechanism, value.ok_or(Refusal(CKR_GENERAL_ERROR))?, direction)?);
        Ok(())
    }

    /// `C_Encrypt` and `C_Decrypt`, with their `Update` and `Final`.
    pub(crate) fn cipher(
        &self,
        session: CK_SESSION_HANDLE,
        direction: Direction,
        data: &[u8],
        (part, room): (Part, Room),
    ) -> Result<Answer> {
        let operations = self.operations(session)?;
        let mut operations = lock(&operations);
        let place = place(&mut operations, direction);
        let mode = place.as_mut().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        let (now, at_the_end) = mode.lengths(data.len());
        let needed = match part {
            Part::Some => now,
            Part::Last => now.saturating_add(at_the_end),
        };
        if !room.holds(needed) {
            return Ok(Answer::Needs(needed));
        }
        let answer = worked(mode.as_mut(), data, part);
        if part == Part::Last || answer.is_err() {
            *place = None;
        }
        answer.map(Answer::Gives)
    }
}

/// The cipher that a mechanism is of.
const fn key_type_of(mechanism: CK_MECHANISM_TYPE) -> CK_KEY_TYPE {
    match mechanism {
        CKM_MAGMA_ECB | CKM_MAGMA_CTR_ACPKM | CKM_MAGMA_MGM => CKK_MAGMA,
        _ => CKK_KUZNYECHIK,
    }
}

fn worked(mode: &mut dyn Mode, data: &[u8], part: Part) -> Result<Vec<u8>> {
    let mut done = mode.update(data)?.to_vec();
    if part == Part::Last {
        done.extend_from_slice(&mode.finish()?);
    }
    Ok(done)
}

fn place(operations: &mut Operations, direction: Direction) -> &mut Option<Box<dyn Mode>> {
    match direction {
        Direction::Encrypt => &mut operations.encrypt,
        Direction::Decrypt => &mut operations.decrypt,
    }
}

const fn rights(direction: Direction) -> (CK_FLAGS, CK_ATTRIBUTE_TYPE) {
    match direction {
        Direction::Encrypt => (CKF_ENCRYPT, CKA_ENCRYPT),
        Direction::Decrypt => (CKF_DECRYPT, CKA_DECRYPT),
    }
}
