//! Signs and agrees with a secret from standard input: what `docs/constant_time.sh` watches.
//!
//! ```text
//! sign_secret SET sign|agree|verify
//! ```
//!
//! SET is the name of a parameter set; the secret has 1000 octets, of which the first make the private
//! key and all the nonces. `verify` is the counterpart: it takes variable time and must be noticed.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an example may fail by panicking"
)]

use std::{
    convert::Infallible,
    env,
    hint::black_box,
    io::{self, Read},
};

use gost3410::{ParameterSet, SigningKey, vko};
use rand_core::{TryCryptoRng, TryRng};

fn main() {
    let mut secret = [0; 1000];
    io::stdin().read_exact(&mut secret).unwrap();
    let words: Vec<_> = env::args().collect();
    let set = ParameterSet::ALL.iter().find(|set| set.name() == words[1]).expect("a set's name");
    let watched = match words[2].as_str() {
        "sign" => watched_sign,
        "agree" => watched_agree,
        "verify" => watched_verify,
        other => panic!("{other}: none of sign, agree, verify"),
    };
    // Tables are made at first use, of public numbers alone: here, where nobody watches.
    let public = core::array::from_fn(|i| u8::try_from(i % 251).unwrap());
    black_box(sign(*set, &public) ^ agree(*set, &public));
    println!("{:02x}", watched(*set, &secret));
}

#[inline(never)]
fn watched_sign(set: ParameterSet, secret: &[u8; 1000]) -> u8 {
    sign(set, secret)
}

#[inline(never)]
fn watched_agree(set: ParameterSet, secret: &[u8; 1000]) -> u8 {
    agree(set, secret)
}

#[inline(never)]
fn watched_verify(set: ParameterSet, secret: &[u8; 1000]) -> u8 {
    let key = key(set, &[9; 1000]);
    let digest = &secret[..set.size()];
    let signature = key.sign_prehash(digest, &mut Given(secret)).unwrap();
    u8::from(key.verifying_key().verify_prehash(digest, &signature).is_ok())
}

/// The public key, one signature, and a batch of two.
fn sign(set: ParameterSet, secret: &[u8; 1000]) -> u8 {
    let key = key(set, secret);
    let mut rng = Given(secret);
    let digest = vec![7; set.size()];
    let one = key.sign_prehash(&digest, &mut rng).unwrap();
    let two = key.sign_batch(&[&digest, &digest], &mut rng).unwrap();
    two.iter().chain([&one]).fold(0, |sum, signature| sum ^ signature.as_slice()[5])
}

/// The secret both ends agree on.
fn agree(set: ParameterSet, secret: &[u8; 1000]) -> u8 {
    let peer = key(set, &[9; 1000]);
    vko(&key(set, secret), peer.verifying_key(), &[5; 8]).unwrap()[5]
}

/// A number in [1, q-1] of each secret.
fn key(set: ParameterSet, secret: &[u8; 1000]) -> SigningKey {
    let mut octets = secret[..set.size()].to_vec();
    octets[0] |= 1;
    *octets.last_mut().unwrap() &= 0x1f; // below every order
    SigningKey::from_le_bytes(set, &octets).unwrap()
}

/// A "generator" whose every octet is the secret's.
struct Given<'a>(&'a [u8; 1000]);

impl TryRng for Given<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(*self.0[64..].first_chunk().unwrap()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(*self.0[64..].first_chunk().unwrap()))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        let secret = self.0[64..].iter().cycle();
        out.iter_mut().zip(secret).for_each(|(octet, secret)| *octet = *secret);
        Ok(())
    }
}

impl TryCryptoRng for Given<'_> {}
