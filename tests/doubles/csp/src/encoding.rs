//! The double's own encoding of public keys: nothing of it is shared with the binding.

use gost3410::{KeyAlgorithm, ParameterSet, VerifyingKey};

use crate::codes::{NTE_BAD_ALGID, NTE_BAD_DATA};

/// Object identifiers as they stand in blobs: of curves, then of the hash that goes with them.
const SETS: [(ParameterSet, &[u8], bool); 10] = [
    (ParameterSet::TC26_256_A, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 1, 1], false),
    (ParameterSet::TC26_256_B, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 1, 2], false),
    (ParameterSet::TC26_256_C, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 1, 3], false),
    (ParameterSet::TC26_256_D, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 1, 4], false),
    (ParameterSet::CRYPTO_PRO_A, &[6, 7, 0x2a, 0x85, 3, 2, 2, 0x23, 1], false),
    (ParameterSet::XCH_A, &[6, 7, 0x2a, 0x85, 3, 2, 2, 0x24, 0], false),
    (ParameterSet::XCH_B, &[6, 7, 0x2a, 0x85, 3, 2, 2, 0x24, 1], false),
    (ParameterSet::TC26_512_A, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 2, 1], true),
    (ParameterSet::TC26_512_B, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 2, 2], true),
    (ParameterSet::TC26_512_C, &[6, 9, 0x2a, 0x85, 3, 7, 1, 2, 1, 2, 3], true),
];

const HASH_OF_1994: [u8; 9] = [6, 7, 0x2a, 0x85, 3, 2, 2, 0x1e, 1];
const STREEBOG_256: [u8; 10] = [6, 8, 0x2a, 0x85, 3, 7, 1, 1, 2, 2];
const STREEBOG_512: [u8; 10] = [6, 8, 0x2a, 0x85, 3, 7, 1, 1, 2, 3];

/// The sets that new keys may be on.
pub(crate) fn sets(long: bool) -> impl Iterator<Item = ParameterSet> {
    SETS.into_iter().filter(move |row| row.2 == long).map(|row| row.0)
}

/// PUBLICKEYBLOB: as the CSP writes it, whatever the key is kept for.
pub(crate) fn public_blob(key: &VerifyingKey) -> Result<Vec<u8>, u32> {
    let row = SETS.iter().find(|row| row.0 == key.parameter_set()).ok_or(NTE_BAD_ALGID)?;
    let (algorithm, bits, hash): (u32, u32, &[u8]) = match key.key_algorithm() {
        KeyAlgorithm::Gost2001 | KeyAlgorithm::Agreement2001 => (0x2e23, 512, &HASH_OF_1994),
        _ if row.2 => (0x2e3d, 1024, &STREEBOG_512),
        _ => (0x2e49, 512, &STREEBOG_256),
    };
    let length = u8::try_from(row.1.len() + hash.len()).map_err(|_| NTE_BAD_DATA)?;
    let mut blob = vec![6, 0x20, 0, 0];
    blob.extend(algorithm.to_le_bytes());
    blob.extend(0x3147_414d_u32.to_le_bytes());
    blob.extend(bits.to_le_bytes());
    blob.extend([0x30, length]);
    blob.extend(row.1);
    blob.extend(hash);
    blob.extend(key.to_le_bytes());
    Ok(blob)
}

/// What `CryptImportKey` takes.
pub(crate) fn read_public_blob(blob: &[u8]) -> Result<VerifyingKey, u32> {
    if blob.first() != Some(&6) || blob.get(8..12) != Some(b"MAG1") {
        return Err(NTE_BAD_DATA);
    }
    let length = usize::from(*blob.get(17).ok_or(NTE_BAD_DATA)?);
    let parameters = blob.get(18..18 + length).ok_or(NTE_BAD_DATA)?;
    let row = SETS.iter().find(|row| parameters.starts_with(row.1)).ok_or(NTE_BAD_ALGID)?;
    let point = blob.get(18 + length..).ok_or(NTE_BAD_DATA)?;
    VerifyingKey::from_le_bytes(row.0, point).map_err(|_| NTE_BAD_DATA)
}

/// Signatures are little-endian here: the order of X.509 from its end.
pub(crate) fn turned(signature: &[u8]) -> Vec<u8> {
    signature.iter().rev().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blobs built from certificates that the CSP itself signed.
    #[test]
    fn blobs_are_the_csps() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/samples/csp/blobs");
        let mut blobs = 0;
        for file in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            if name.contains("pubkeyblob") && !name.starts_with("G2001") {
                let blob = std::fs::read(file.path()).unwrap();
                let key = read_public_blob(&blob).unwrap();
                assert_eq!(public_blob(&key).unwrap(), blob, "{name}");
                blobs += 1;
            }
        }
        assert_eq!(blobs, 6);
    }
}
