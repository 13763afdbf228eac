//! The scheme that the CSP puts keys under in PFX files: 1.2.840.113549.1.12.1.80.

use alloc::vec::Vec;

use gost_hash::Digest;
use gost_hash::legacy::Gost94;
use gost_symmetric::legacy::{Cfb28147, Meshing, Sbox};
use gost3410::SigningKey;
use zeroize::Zeroizing;

use crate::csp_blob::PrivateBlob;
use crate::fields::Fields;
use crate::identifiers::CSP_PBE;
use crate::pbes2::MAX_ITERATIONS;
use crate::tlv::{NULL, algorithm, integer, octets, sequence};
use crate::{CspKey, Unopened, Usage};

/// Opens the octets of a bag under `SEQ { salt, iterations }`.
pub(super) fn open(
    mut parameters: Fields<'_>,
    sealed: &[u8],
    password: &str,
) -> Result<CspKey, Unopened> {
    let salt = parameters.octets()?;
    let iterations = parameters.integer()?;
    parameters.finish()?;
    let key = derive(password, salt, iterations)?;
    let mut opened = Zeroizing::new(sealed.to_vec());
    cfb(&key, salt)?.decrypt(&mut opened);
    // SEQ { 0, algorithm, OCTET STRING blob }; noise is a wrong password
    let blob = blob_of(&opened).map_err(|_| Unopened::WrongPin)?;
    PrivateBlob::read(blob, &key)
}

/// `EncryptedPrivateKeyInfo` of a key; salt and `ukm` are used once.
pub(super) fn seal(
    key: &SigningKey,
    usage: Usage,
    password: &str,
    iterations: u32,
    fresh: (&[u8; 16], &[u8; 8]),
) -> Result<Vec<u8>, Unopened> {
    let (salt, ukm) = fresh;
    let storage = derive(password, salt, iterations)?;
    let blob = PrivateBlob::write(key, usage, &storage, ukm)?;
    let kind = key.verifying_key().key_algorithm().for_signatures();
    let id = algorithm(kind.oid(), &NULL)?;
    let mut info = Zeroizing::new(sequence(&[&integer(0)?, &id, &octets(&blob)]));
    cfb(&storage, salt)?.encrypt(&mut info);
    let parameters = sequence(&[&octets(salt), &integer(iterations)?]);
    Ok(sequence(&[&algorithm(CSP_PBE, &parameters)?, &octets(&info)]))
}

fn blob_of(info: &[u8]) -> Result<&[u8], Unopened> {
    let mut info = Fields::of_der(info)?;
    info.integer()?;
    info.any()?;
    info.octets()
}

/// K₀ is the password in UTF-16, little-endian; Kᵢ = H(Kᵢ₋₁ ‖ salt ‖ i).
fn derive(password: &str, salt: &[u8], iterations: u32) -> Result<Zeroizing<[u8; 32]>, Unopened> {
    if iterations == 0 || iterations > MAX_ITERATIONS {
        return Err(Unopened::Malformed);
    }
    let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut state = Zeroizing::new(password);
    let mut key = Zeroizing::new([0; 32]);
    for round in 1..=iterations {
        let [_, _, high, low] = round.to_be_bytes();
        let digest = Gost94::new().chain_update(&*state).chain_update(salt);
        let digest = digest.chain_update([high, low]).finalize();
        key.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        *state = key.to_vec();
    }
    Ok(key)
}

fn cfb(key: &[u8; 32], salt: &[u8]) -> Result<Cfb28147, Unopened> {
    let iv = salt.first_chunk::<8>().ok_or(Unopened::Malformed)?;
    Ok(Cfb28147::new(key, &Sbox::CRYPTOPRO_A, iv, Meshing::None))
}
