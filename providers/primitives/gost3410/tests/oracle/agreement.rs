//! What must hold between this crate and an oracle.

use getrandom::SysRng;
use gost3410::{Error, ParameterSet, Signature, SigningKey, VerifyingKey};

/// Signatures of the standard over somebody else's arithmetic.
///
/// Octets are as this crate has them: private keys, nonces, the order, coordinates and digests
/// little-endian, signatures s ‖ r with big-endian halves.
pub(crate) trait Oracle {
    /// The set it computes in.
    fn set(&self) -> ParameterSet;

    /// q.
    fn order(&self) -> Vec<u8>;

    /// x ‖ y of d·G.
    fn public_key(&self, d: &[u8]) -> Vec<u8>;

    /// Signs with the nonce k (RFC 7091, 6.1); None where r or s would be 0.
    fn sign(&self, d: &[u8], k: &[u8], digest: &[u8]) -> Option<Vec<u8>>;

    /// Verifies (RFC 7091, 6.2).
    fn verify(&self, public_key: &[u8], digest: &[u8], signature: &[u8]) -> bool;
}

/// Compares random keys, nonces and digests, then those at the edges.
pub(crate) fn check(oracle: &impl Oracle, rounds: usize) {
    for _ in 0..rounds {
        let (d, k) = (random_scalar(oracle), random_scalar(oracle));
        let mut digest = vec![0; oracle.set().size()];
        getrandom::fill(&mut digest).unwrap();
        compare(oracle, &d, &k, &digest);
    }
    let q = oracle.order();
    // e = 0 becomes 1, also where the digest is q.
    let digests = [vec![0; q.len()], q.clone(), vec![0xff; q.len()]];
    for ((d, k), digest) in [(1, 2), (-1, -2), (-2, 2)].into_iter().zip(digests) {
        compare(oracle, &near_zero(&q, d), &near_zero(&q, k), &digest);
    }
}

fn compare(oracle: &impl Oracle, d: &[u8], k: &[u8], digest: &[u8]) {
    let set = oracle.set();
    let context = format!("{set:?}, d {}, k {}, digest {}", show(d), show(k), show(digest));
    let key = SigningKey::from_le_bytes(set, d).unwrap();
    let public = key.verifying_key();
    assert_eq!(public.to_le_bytes(), oracle.public_key(d), "{context}");

    let ours = key.sign_prehash(digest, &mut SysRng).unwrap();
    assert!(oracle.verify(&public.to_le_bytes(), digest, ours.as_slice()), "{ours:?}, {context}");

    let theirs = oracle.sign(d, k, digest).expect("r and s are not 0");
    let theirs = Signature::from_slice(&theirs).unwrap();
    assert_eq!(verdict(public, digest, &theirs), Ok(()), "{theirs:?}, {context}");

    let mut spoilt = digest.to_vec();
    spoilt[0] ^= 2; // another number modulo q, and no 0 becomes 1
    assert!(!oracle.verify(&public.to_le_bytes(), &spoilt, ours.as_slice()), "{context}");
    assert_eq!(verdict(public, &spoilt, &theirs), Err(Error::Forged), "{context}");
}

/// What both ways of verifying say.
fn verdict(key: &VerifyingKey, digest: &[u8], signature: &Signature) -> Result<(), Error> {
    let verdict = key.verify_prehash(digest, signature);
    assert_eq!(key.prepare().verify_prehash(digest, signature), verdict);
    verdict
}

fn random_scalar(oracle: &impl Oracle) -> Vec<u8> {
    SigningKey::generate(oracle.set(), &mut SysRng).unwrap().to_le_bytes().to_vec()
}

/// A small number modulo q, little-endian; q is odd and ends neither in 00 nor in 01.
fn near_zero(q: &[u8], number: i8) -> Vec<u8> {
    let mut octets = if number < 0 { q.to_vec() } else { vec![0; q.len()] };
    octets[0] = octets[0].checked_add_signed(number).unwrap();
    octets
}

fn show(octets: &[u8]) -> String {
    hex::encode(octets)
}
