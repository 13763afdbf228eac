//! `HMAC_DRBG` of NIST SP 800-90A, revision 1, 10.1.2.

use core::fmt;

use gost_hash::digest::OutputSizeUser;
use gost_hash::digest::array::Array;
use gost_hash::{HmacStreebog512, KeyInit, Mac};
use zeroize::{Zeroize, Zeroizing};

/// Octets of one MAC.
type Block<M> = Array<u8, <M as OutputSizeUser>::OutputSize>;

/// A generator that stretches a seed; the MAC is HMAC-Streebog-512 unless a test says otherwise.
///
/// Not cloned, not printed, wiped when dropped.
pub(crate) struct HmacDrbg<M: Mac + KeyInit = HmacStreebog512> {
    key: Block<M>,
    value: Block<M>,
}

impl<M: Mac + KeyInit> HmacDrbg<M> {
    /// Instantiates (10.1.2.3); the parts are entropy, nonce and personalization.
    pub(crate) fn new(seed: &[&[u8]]) -> Self {
        let mut value = Block::<M>::default();
        value.fill(1);
        let mut drbg = Self { key: Block::<M>::default(), value };
        drbg.update(seed);
        drbg
    }

    /// Mixes in fresh entropy (10.1.2.4).
    pub(crate) fn reseed(&mut self, entropy: &[&[u8]]) {
        self.update(entropy);
    }

    /// Generates (10.1.2.5). Callers ask for at most 2^16 octets at once.
    pub(crate) fn generate(&mut self, out: &mut [u8], additional: &[&[u8]]) {
        if additional.iter().any(|part| !part.is_empty()) {
            self.update(additional);
        }
        for chunk in out.chunks_mut(self.value.len()) {
            self.value = mac::<M>(&self.key, &[&self.value]);
            chunk.iter_mut().zip(&self.value).for_each(|(to, from)| *to = *from);
        }
        self.update(additional);
    }

    /// 10.1.2.2
    fn update(&mut self, data: &[&[u8]]) {
        let given = data.iter().any(|part| !part.is_empty());
        for round in [&[0_u8], &[1_u8]].into_iter().take(if given { 2 } else { 1 }) {
            let value = Zeroizing::new(self.value.to_vec());
            let mut parts = vec![value.as_slice(), round.as_slice()];
            parts.extend_from_slice(data);
            self.key = mac::<M>(&self.key, &parts);
            self.value = mac::<M>(&self.key, &[&self.value]);
        }
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104)")]
fn mac<M: Mac + KeyInit>(key: &[u8], parts: &[&[u8]]) -> Block<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("any length is a key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes()
}

impl<M: Mac + KeyInit> Drop for HmacDrbg<M> {
    fn drop(&mut self) {
        self.key.as_mut_slice().zeroize();
        self.value.as_mut_slice().zeroize();
    }
}

impl<M: Mac + KeyInit> fmt::Debug for HmacDrbg<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacDrbg(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type HmacSha256 = hmac::Hmac<sha2::Sha256>;

    fn hex(text: &str) -> Vec<u8> {
        gost_ca::hex::decode(text).unwrap()
    }

    /// The construction, on NIST's vectors (CAVS 14.3, `HMAC_DRBG.rsp`, SHA-256, count 0 of two groups):
    /// there are none with Streebog.
    #[test]
    fn cavp_without_reseeding() {
        let mut drbg = HmacDrbg::<HmacSha256>::new(&[
            &hex("ca851911349384bffe89de1cbdc46e6831e44d34a4fb935ee285dd14b71a7488"),
            &hex("659ba96c601dc69fc902940805ec0ca8"),
        ]);
        let mut out = [0; 128];
        drbg.generate(&mut out, &[]);
        drbg.generate(&mut out, &[]);
        assert_eq!(
            gost_ca::hex::encode(&out),
            "e528e9abf2dece54d47c7e75e5fe302149f817ea9fb4bee6f4199697d04d5b89\
             d54fbb978a15b5c443c9ec21036d2460b6f73ebad0dc2aba6e624abf07745bc1\
             07694bb7547bb0995f70de25d6b29e2d3011bb19d27676c07162c8b5ccde0668\
             961df86803482cb37ed6d5c0bb8d50cf1f50d476aa0458bdaba806f48be9dcb8"
        );
    }

    #[test]
    fn cavp_with_reseeding() {
        let mut drbg = HmacDrbg::<HmacSha256>::new(&[
            &hex("06032cd5eed33f39265f49ecb142c511da9aff2af71203bffaf34a9ca5bd9c0d"),
            &hex("0e66f71edc43e42a45ad3c6fc6cdc4df"),
        ]);
        drbg.reseed(&[&hex("01920a4e669ed3a85ae8a33b35a74ad7fb2a6bb4cf395ce00334a9c9a5a5d552")]);
        let mut out = [0; 128];
        drbg.generate(&mut out, &[]);
        drbg.generate(&mut out, &[]);
        assert_eq!(
            gost_ca::hex::encode(&out),
            "76fc79fe9b50beccc991a11b5635783a83536add03c157fb30645e611c2898bb\
             2b1bc215000209208cd506cb28da2a51bdb03826aaf2bd2335d576d519160842\
             e7158ad0949d1a9ec3e66ea1b1a064b005de914eac2e9d4f2d72a8616a802254\
             22918250ff66a41bd2f864a6a38cc5b6499dc43f7f2bd09e1e0f8f5885935124"
        );
    }

    #[test]
    fn additional_input_changes_what_comes() {
        let (mut with, mut without) = ([0; 100], [0; 100]);
        HmacDrbg::<HmacStreebog512>::new(&[b"seed"]).generate(&mut with, &[b"more"]);
        HmacDrbg::<HmacStreebog512>::new(&[b"seed"]).generate(&mut without, &[]);
        assert_ne!(with, without);
    }
}
