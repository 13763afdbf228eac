//! Key export and import, `KExp15` and `KImp15` (R 1323565.1.017, 5; RFC 9189, 8.2.1).

use alloc::vec::Vec;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ctr::Ctr, error::Error, gost_cipher::GostCipher, omac::omac};

/// The two keys of an export; they must be independent.
///
/// KEG gives them in this order.
#[derive(Clone)]
pub struct ExportKeys {
    /// Authenticates (`K_Exp_MAC`).
    pub authentication: Zeroizing<[u8; 32]>,
    /// Encrypts (`K_Exp_ENC`).
    pub encryption: Zeroizing<[u8; 32]>,
}

/// Exports a secret: `CTR(K_ENC, IV, S ‖ OMAC(K_MAC, IV ‖ S))`, one block longer than the secret.
///
/// # Errors
/// [`Error::Length`] of the initialization vector: it is n/2 bits, and must not repeat.
pub fn export<C: GostCipher>(
    keys: &ExportKeys,
    iv: &[u8],
    secret: &[u8],
) -> Result<Vec<u8>, Error> {
    let mut mode = Ctr::<C>::new(&keys.encryption, iv)?;
    let mac = omac::<C>(&keys.authentication, &[iv, secret]);
    let mut exported = Vec::with_capacity(secret.len().saturating_add(C::BLOCK));
    exported.extend_from_slice(secret);
    exported.extend_from_slice(&mac);
    mode.apply(&mut exported);
    Ok(exported)
}

/// Imports what [`export`] made.
///
/// # Errors
/// [`Error::Forged`] when the code does not match; [`Error::Length`] of the initialization vector,
/// or of an export shorter than its code.
pub fn import<C: GostCipher>(
    keys: &ExportKeys,
    iv: &[u8],
    exported: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut mode = Ctr::<C>::new(&keys.encryption, iv)?;
    let length = exported.len().checked_sub(C::BLOCK).ok_or(Error::Length("export"))?;
    let mut imported = Zeroizing::new(exported.to_vec());
    mode.apply(&mut imported);
    let (secret, mac) = imported.split_at(length);
    if !bool::from(omac::<C>(&keys.authentication, &[iv, secret]).as_slice().ct_eq(mac)) {
        return Err(Error::Forged);
    }
    imported.truncate(length);
    Ok(imported)
}

impl core::fmt::Debug for ExportKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ExportKeys(..)")
    }
}
