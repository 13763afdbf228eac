//! `masks.key` and `primary.key`: one copy of the keys.

use alloc::vec::Vec;

use gost_symmetric::legacy::Gost28147;
use gost3410::SigningKey;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::header::{Slot, sbox};
use super::password;
use crate::Unopened;
use crate::csp_key::{code, key_octets};
use crate::fields::{Fields, context};

/// The keys under the password, masked.
pub(super) struct Copy {
    mask: Vec<u8>,
    salt: Vec<u8>,
    primary: Vec<u8>,
    secondary: Option<Vec<u8>>,
    is_of_2001: bool,
}

impl Copy {
    /// `SEQ { mask, salt, code }` and `SEQ { primary, [0] secondary }`, all OCTET STRINGs.
    pub(super) fn read(masks: &[u8], keys: &[u8], is_of_2001: bool) -> Result<Self, Unopened> {
        let mut fields = Fields::of_der(masks)?;
        let (mask, salt, stated) = (fields.octets()?, fields.octets()?, fields.octets()?);
        fields.finish()?;
        if !bool::from(mask_code(mask, salt, is_of_2001)?.as_slice().ct_eq(stated)) {
            return Err(Unopened::Damaged("masks.key"));
        }
        let mut keys = Fields::of_der(keys)?;
        let primary = keys.octets()?.to_vec();
        let secondary = keys.optional(context(0, false))?.map(|key| key.value().to_vec());
        Ok(Self { mask: mask.to_vec(), salt: salt.to_vec(), primary, secondary, is_of_2001 })
    }

    /// Noise unless the password is right: the caller compares the fingerprint.
    pub(super) fn open(&self, slot: &Slot, password: &[u8]) -> Result<SigningKey, Unopened> {
        let sealed = if slot.secondary { self.secondary.as_ref() } else { Some(&self.primary) };
        let mut key = Zeroizing::new(sealed.ok_or(Unopened::Malformed)?.clone());
        let storage = password::storage_key(password, &self.salt, self.is_of_2001);
        Gost28147::new(&storage, sbox(self.is_of_2001)).decrypt_ecb(&mut key)?;
        slot.attributes.unmasked(&key, &self.mask)
    }
}

/// The last 32 octets of a mask authenticate the salt.
pub(super) fn mask_code(mask: &[u8], salt: &[u8], is_of_2001: bool) -> Result<[u8; 4], Unopened> {
    let key = mask.last_chunk::<32>().ok_or(Unopened::Malformed)?;
    Ok(code(&*key_octets(key)?, sbox(is_of_2001), salt))
}

impl core::fmt::Debug for Copy {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Copy(..)")
    }
}
