//! The schemes of PKCS#12 itself (RFC 7292, B and C), which the CSP uses for all but keys.

use alloc::vec::Vec;

use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::TdesEde3;
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::Unopened;
use crate::fields::Fields;
use crate::identifiers::TRIPLE_DES;
use crate::pbes2::MAX_ITERATIONS;
use crate::tlv::{algorithm, integer, octets, sequence};

/// What octets are derived for.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    Key,
    Iv,
    Mac,
}

/// Opens pbeWithSHAAnd3-KeyTripleDES-CBC under `SEQ { salt, iterations }`.
pub(super) fn open(
    mut parameters: Fields<'_>,
    sealed: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let salt = parameters.octets()?;
    let iterations = parameters.integer()?;
    parameters.finish()?;
    let mut last = Unopened::WrongPin;
    for password in bmp_strings(password) {
        match decrypt(&password, salt, iterations, sealed) {
            Ok(opened) if Fields::of_der(&opened).is_ok() => return Ok(opened),
            Ok(_) => {}
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The algorithm identifier and the sealed octets.
pub(super) fn seal(
    message: &[u8],
    password: &str,
    salt: [u8; 8],
    iterations: u32,
) -> Result<(Vec<u8>, Vec<u8>), Unopened> {
    let password = bmp_strings(password).next().ok_or(Unopened::Malformed)?;
    let (cipher, mut previous) = keyed(&password, &salt, iterations)?;
    let padding = 8_usize.saturating_sub(message.len() % 8);
    let octet = u8::try_from(padding).map_err(|_| Unopened::Malformed)?;
    let mut sealed = message.to_vec();
    sealed.resize(message.len().saturating_add(padding), octet);
    for block in sealed.as_chunks_mut::<8>().0 {
        block.iter_mut().zip(previous).for_each(|(octet, previous)| *octet ^= previous);
        let mut state = Block::<TdesEde3>::from(*block);
        cipher.encrypt_block(&mut state);
        *block = state.into();
        previous = *block;
    }
    let parameters = sequence(&[&octets(&salt), &integer(iterations)?]);
    Ok((algorithm(TRIPLE_DES, &parameters)?, sealed))
}

fn decrypt(
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (cipher, mut previous) = keyed(password, salt, iterations)?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    let (blocks, rest) = opened.as_chunks_mut::<8>();
    if !rest.is_empty() {
        return Err(Unopened::Malformed);
    }
    for block in blocks {
        let next = *block;
        let mut state = Block::<TdesEde3>::from(next);
        cipher.decrypt_block(&mut state);
        *block = state.into();
        block.iter_mut().zip(previous).for_each(|(octet, previous)| *octet ^= previous);
        previous = next;
    }
    let padding = usize::from(*opened.last().ok_or(Unopened::Malformed)?);
    let length = opened.len().checked_sub(padding).ok_or(Unopened::WrongPin)?;
    if !(1..=8).contains(&padding) {
        return Err(Unopened::WrongPin);
    }
    opened.truncate(length);
    Ok(opened)
}

fn keyed(password: &[u8], salt: &[u8], iterations: u32) -> Result<(TdesEde3, [u8; 8]), Unopened> {
    let (mut key, mut iv) = (Zeroizing::new([0; 24]), [0; 8]);
    derive(Purpose::Key, password, salt, iterations, &mut *key)?;
    derive(Purpose::Iv, password, salt, iterations, &mut iv)?;
    Ok((TdesEde3::new_from_slice(&*key).map_err(|_| Unopened::Malformed)?, iv))
}

/// The derivation of PKCS#12 over SHA-1 (RFC 7292, B.2).
pub(super) fn derive(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) -> Result<(), Unopened> {
    if iterations == 0 || iterations > MAX_ITERATIONS || salt.is_empty() || salt.len() > 64 {
        return Err(Unopened::Malformed);
    }
    let diversifier = [purpose.octet(); BLOCK];
    let mut input = Zeroizing::new([stretch(salt), stretch(password)].concat());
    for chunk in out.chunks_mut(20) {
        let mut digest = Sha1::new().chain_update(diversifier).chain_update(&*input).finalize();
        for _ in 1..iterations {
            digest = Sha1::digest(digest);
        }
        chunk.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        let addend = stretch(&digest);
        input.chunks_mut(BLOCK).for_each(|block| add_one_more(block, &addend));
    }
    Ok(())
}

/// Repeats octets up to whole blocks.
fn stretch(octets: &[u8]) -> Vec<u8> {
    let length = octets.len().next_multiple_of(BLOCK);
    octets.iter().copied().cycle().take(length).collect()
}

/// block + addend + 1 modulo 2⁵¹², big-endian; an addend of 20 octets is stretched to one block.
fn add_one_more(block: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (octet, more) in block.iter_mut().rev().zip(addend.iter().take(BLOCK).rev()) {
        let [high, low] =
            u16::from(*octet).wrapping_add(u16::from(*more)).wrapping_add(carry).to_be_bytes();
        *octet = low;
        carry = u16::from(high);
    }
}

/// A password as PKCS#12 has it: UTF-16, big-endian, with a zero at its end; an empty one may also be nothing.
pub(super) fn bmp_strings(password: &str) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let units = password.encode_utf16().chain([0]);
    let text: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
    let nothing = password.is_empty().then(Vec::new);
    core::iter::once(text).chain(nothing).map(Zeroizing::new)
}

impl Purpose {
    const fn octet(self) -> u8 {
        match self {
            Self::Key => 1,
            Self::Iv => 2,
            Self::Mac => 3,
        }
    }
}

/// Octets of a block of SHA-1.
const BLOCK: usize = 64;
