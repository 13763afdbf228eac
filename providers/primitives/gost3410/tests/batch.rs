//! Batches give what the items alone give.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail by panicking")]

use getrandom::SysRng;
use gost3410::{Error, ParameterSet, Signature, SigningKey, Verification, verify_batch};
use rand_core::{TryCryptoRng, TryRng};

fn digests(set: ParameterSet, count: usize) -> Vec<Vec<u8>> {
    let digest = |i: usize| gost_hash::streebog512(&i.to_le_bytes())[..set.size()].to_vec();
    (0..count).map(digest).collect()
}

fn sign_all(key: &SigningKey, digests: &[Vec<u8>]) -> Vec<Signature> {
    let digests: Vec<_> = digests.iter().map(Vec::as_slice).collect();
    key.sign_batch(&digests, &mut SysRng).unwrap()
}

#[test]
fn batches_of_every_size_verify() {
    for set in ParameterSet::ALL {
        let key = SigningKey::generate(*set, &mut SysRng).unwrap();
        for count in [0, 1, 2, 7, 8, 9, 17] {
            let digests = digests(*set, count);
            let signatures = sign_all(&key, &digests);
            assert_eq!(signatures.len(), count);
            for (digest, signature) in digests.iter().zip(&signatures) {
                key.verifying_key().verify_prehash(digest, signature).unwrap();
            }
        }
    }
}

#[test]
fn bad_items_are_found_and_the_others_stay_good() {
    let keys: Vec<_> = ParameterSet::ALL
        .iter()
        .flat_map(|set| [0; 9].map(|_| SigningKey::generate(*set, &mut SysRng).unwrap()))
        .collect();
    let signed: Vec<_> = keys
        .iter()
        .map(|key| {
            let digest = digests(key.parameter_set(), 1).remove(0);
            let signature = key.sign_prehash(&digest, &mut SysRng).unwrap();
            (digest, signature)
        })
        .collect();
    // A wrong digest, swapped halves, zeros, a wrong length of digest and of signature.
    let spoilt = |i: usize| {
        let (mut digest, signature) = signed[i].clone();
        let (mut halves, size) = (signature.as_slice().to_vec(), digest.len());
        match i % 7 {
            1 => digest[7] ^= 0x20,
            2 => halves.rotate_left(size),
            3 => halves.fill(0),
            4 => drop(digest.pop()),
            5 => halves = vec![1; if size == 32 { 128 } else { 64 }],
            _ => {}
        }
        (digest, Signature::from_slice(&halves).unwrap())
    };
    let items: Vec<_> = (0..keys.len()).map(spoilt).collect();
    let verifications: Vec<_> = keys
        .iter()
        .zip(&items)
        .map(|(key, (digest, signature))| Verification {
            key: key.verifying_key(),
            digest,
            signature,
        })
        .collect();
    for (i, verdict) in verify_batch(&verifications).into_iter().enumerate() {
        let Verification { key, digest, signature } = verifications[i];
        assert_eq!(verdict, key.verify_prehash(digest, signature), "item {i}");
        let expected = match i % 7 {
            0 | 6 => Ok(()),
            4 => Err(Error::DigestLength),
            5 => Err(Error::SignatureLength),
            _ => Err(Error::Forged),
        };
        assert_eq!(verdict, expected, "item {i}");
    }
}

#[test]
fn equal_digests_get_different_signatures() {
    let key = SigningKey::generate(ParameterSet::TC26_256_A, &mut SysRng).unwrap();
    let digests = vec![vec![7; 32]; 64];
    let mut halves: Vec<_> =
        sign_all(&key, &digests).iter().map(|signature| signature.r_be().to_vec()).collect();
    halves.sort();
    halves.dedup();
    assert_eq!(halves.len(), 64);
}

/// Fails after some octets.
struct Failing(usize);

impl TryRng for Failing {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Err(core::fmt::Error)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0 = self.0.checked_sub(out.len()).ok_or(core::fmt::Error)?;
        out.fill(1);
        Ok(())
    }
}

impl TryCryptoRng for Failing {}

#[test]
fn failing_randomness_is_a_refusal() {
    let set = ParameterSet::TC26_512_C;
    let key = SigningKey::generate(set, &mut SysRng).unwrap();
    assert_eq!(SigningKey::generate(set, &mut Failing(10)).unwrap_err(), Error::Rng);
    assert_eq!(key.sign_prehash(&[1; 64], &mut Failing(63)).unwrap_err(), Error::Rng);
    assert_eq!(key.sign_batch(&[&[1; 64], &[2; 64]], &mut Failing(64)).unwrap_err(), Error::Rng);
}

#[test]
fn weak_randomness_does_not_repeat_nonces() {
    let key = SigningKey::generate(ParameterSet::TC26_256_B, &mut SysRng).unwrap();
    let sign = |digest: [u8; 32]| key.sign_prehash(&digest, &mut Failing(64)).unwrap();
    assert_ne!(sign([1; 32]).r_be(), sign([2; 32]).r_be());
}
