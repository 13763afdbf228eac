//! Ciphers over a message in parts.

use cryptoki_sys::{
    CK_MECHANISM_TYPE, CKR_AEAD_DECRYPT_FAILED, CKR_DATA_LEN_RANGE, CKR_ENCRYPTED_DATA_LEN_RANGE,
    CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,
};
use gost_symmetric::cipher::{Block, Key};
use gost_symmetric::{CtrAcpkm, GostCipher, Kuznyechik, Magma, Mgm};
use zeroize::Zeroizing;

use crate::mechanism::{Mechanism, Parameter};
use crate::refusal::{Refusal, Result, demand};
use crate::tc26::{
    CKM_KUZNYECHIK_CTR_ACPKM, CKM_KUZNYECHIK_ECB, CKM_KUZNYECHIK_MGM, CKM_MAGMA_CTR_ACPKM,
    CKM_MAGMA_ECB, CKM_MAGMA_MGM,
};

/// Which way a cipher goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Encrypt,
    Decrypt,
}

/// A cipher under way.
pub(crate) trait Mode: Send {
    /// Octets that so many more would give, and that the end would give after them.
    fn lengths(&self, more: usize) -> (usize, usize);
    fn update(&mut self, part: &[u8]) -> Result<Zeroizing<Vec<u8>>>;
    fn finish(&mut self) -> Result<Zeroizing<Vec<u8>>>;
}

/// Begins a message under a key of the mechanism's cipher.
pub(crate) fn begin(
    mechanism: &Mechanism,
    key: &[u8; 32],
    direction: Direction,
) -> Result<Box<dyn Mode>> {
    match mechanism.kind {
        CKM_KUZNYECHIK_ECB | CKM_KUZNYECHIK_CTR_ACPKM | CKM_KUZNYECHIK_MGM => {
            begin_with::<Kuznyechik>(mechanism, key, direction)
        }
        CKM_MAGMA_ECB | CKM_MAGMA_CTR_ACPKM | CKM_MAGMA_MGM => {
            begin_with::<Magma>(mechanism, key, direction)
        }
        _ => Err(Refusal(CKR_MECHANISM_INVALID)),
    }
}

fn begin_with<C: GostCipher + Send + 'static>(
    mechanism: &Mechanism,
    key: &[u8; 32],
    direction: Direction,
) -> Result<Box<dyn Mode>> {
    match kind(mechanism.kind) {
        Kind::Ecb => {
            mechanism.without_parameter()?;
            let cipher = C::new(&Key::<C>::from(*key));
            Ok(Box::new(Ecb { cipher, direction, pending: Zeroizing::default() }))
        }
        Kind::CtrAcpkm => Ok(Box::new(ctr_acpkm::<C>(mechanism.octets()?, key)?)),
        Kind::Mgm => match &mechanism.parameter {
            Parameter::Aead { nonce, associated, tag } if *tag == C::BLOCK => {
                Ok(Box::new(Sealed {
                    mgm: Mgm::<C>::new(key),
                    direction,
                    nonce: nonce.clone(),
                    associated: associated.clone(),
                    message: Zeroizing::default(),
                }))
            }
            _ => Err(Refusal(CKR_MECHANISM_PARAM_INVALID)),
        },
    }
}

enum Kind {
    Ecb,
    CtrAcpkm,
    Mgm,
}

const fn kind(mechanism: CK_MECHANISM_TYPE) -> Kind {
    match mechanism {
        CKM_KUZNYECHIK_ECB | CKM_MAGMA_ECB => Kind::Ecb,
        CKM_KUZNYECHIK_CTR_ACPKM | CKM_MAGMA_CTR_ACPKM => Kind::CtrAcpkm,
        _ => Kind::Mgm,
    }
}

/// The parameter is the octets of a section, four little-endian, and the initialization vector.
fn ctr_acpkm<C: GostCipher>(parameter: &[u8], key: &[u8; 32]) -> Result<CtrAcpkm<C>> {
    let refusal = Refusal(CKR_MECHANISM_PARAM_INVALID);
    let (section, iv) = parameter.split_first_chunk::<4>().ok_or(refusal)?;
    let section = usize::try_from(u32::from_le_bytes(*section)).map_err(|_| refusal)?;
    CtrAcpkm::new(key, iv, section).map_err(|_| refusal)
}

/// Block by block, without padding.
struct Ecb<C: GostCipher> {
    cipher: C,
    direction: Direction,
    pending: Zeroizing<Vec<u8>>,
}

impl<C: GostCipher + Send> Mode for Ecb<C> {
    fn lengths(&self, more: usize) -> (usize, usize) {
        let all = self.pending.len().saturating_add(more);
        (all.saturating_sub(all.checked_rem(C::BLOCK).unwrap_or(0)), 0)
    }

    fn update(&mut self, part: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.pending.extend_from_slice(part);
        let (whole, _) = self.lengths(0);
        let rest = self.pending.split_off(whole);
        let mut done = std::mem::replace(&mut self.pending, Zeroizing::new(rest));
        let (blocks, _) = Block::<C>::slice_as_chunks_mut(&mut done);
        match self.direction {
            Direction::Encrypt => self.cipher.encrypt_blocks(blocks),
            Direction::Decrypt => self.cipher.decrypt_blocks(blocks),
        }
        Ok(done)
    }

    fn finish(&mut self) -> Result<Zeroizing<Vec<u8>>> {
        let code = match self.direction {
            Direction::Encrypt => CKR_DATA_LEN_RANGE,
            Direction::Decrypt => CKR_ENCRYPTED_DATA_LEN_RANGE,
        };
        demand(self.pending.is_empty(), code)?;
        Ok(Zeroizing::default())
    }
}

impl<C: GostCipher + Send> Mode for CtrAcpkm<C> {
    fn lengths(&self, more: usize) -> (usize, usize) {
        (more, 0)
    }

    fn update(&mut self, part: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut part = Zeroizing::new(part.to_vec());
        self.apply(&mut part);
        Ok(part)
    }

    fn finish(&mut self) -> Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::default())
    }
}

/// MGM: nothing is given before the end, for nothing is to be used before its tag was checked.
struct Sealed<C: GostCipher> {
    mgm: Mgm<C>,
    direction: Direction,
    nonce: Vec<u8>,
    associated: Vec<u8>,
    message: Zeroizing<Vec<u8>>,
}

impl<C: GostCipher + Send> Mode for Sealed<C> {
    fn lengths(&self, more: usize) -> (usize, usize) {
        let all = self.message.len().saturating_add(more);
        match self.direction {
            Direction::Encrypt => (0, all.saturating_add(C::BLOCK)),
            Direction::Decrypt => (0, all.saturating_sub(C::BLOCK)),
        }
    }

    fn update(&mut self, part: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.message.extend_from_slice(part);
        Ok(Zeroizing::default())
    }

    fn finish(&mut self) -> Result<Zeroizing<Vec<u8>>> {
        let mut message = std::mem::take(&mut self.message);
        if self.direction == Direction::Encrypt {
            let tag = self.mgm.seal(&self.nonce, &self.associated, &mut message);
            message.extend_from_slice(&tag.map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))?);
            return Ok(message);
        }
        let length = message.len().checked_sub(C::BLOCK);
        let length = length.ok_or(Refusal(CKR_ENCRYPTED_DATA_LEN_RANGE))?;
        let tag = message.split_off(length);
        let opened = self.mgm.open(&self.nonce, &self.associated, &mut message, &tag);
        opened.map_err(|error| match error {
            gost_symmetric::Error::Forged => Refusal(CKR_AEAD_DECRYPT_FAILED),
            _ => Refusal(CKR_MECHANISM_PARAM_INVALID),
        })?;
        Ok(message)
    }
}
