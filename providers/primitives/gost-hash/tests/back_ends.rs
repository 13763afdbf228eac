//! The back-end of this processor against the `streebog` crate, which is only portable.
//!
//! Built with `--cfg gost_portable` the same tests check the portable one against itself.

use gost_hash::{
    pbkdf2_hmac_streebog512, streebog256, streebog256_many, streebog512, streebog512_many,
};
use streebog::{Digest, Streebog256, Streebog512};

/// Octets that no one chose, the same in every run.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..length.div_ceil(8)).flat_map(|_| next()).take(length).collect()
}

#[test]
fn every_length_hashes_as_in_the_oracle() {
    let noise = noise(1100);
    for length in (0..=520).chain(1000..=1100) {
        let (message, _) = noise.split_at(length);
        assert_eq!(streebog256(message), *Streebog256::digest(message), "{length}");
        assert_eq!(streebog512(message), *Streebog512::digest(message), "{length}");
    }
}

#[test]
fn a_sum_carries_through_all_its_words() {
    for blocks in 1..20 {
        let message = [0xff; 64].repeat(blocks);
        assert_eq!(streebog512(&message), *Streebog512::digest(&message), "{blocks}");
    }
}

#[test]
fn many_hash_as_one_by_one() {
    let noise = noise(3000);
    for count in 0..12 {
        // From very short to very long, in no order.
        let lengths = (0..count).map(|number| (number * 1_000_003 + count * 77) % 3000);
        let messages: Vec<&[u8]> = lengths.map(|length| noise.split_at(length).0).collect();
        let one_by_one: Vec<[u8; 32]> = messages.iter().map(|it| streebog256(it)).collect();
        assert_eq!(streebog256_many(&messages), one_by_one);
        let one_by_one: Vec<[u8; 64]> = messages.iter().map(|it| streebog512(it)).collect();
        assert_eq!(streebog512_many(&messages), one_by_one);
    }
}

#[test]
fn pbkdf2_derives_as_the_oracle() {
    let noise = noise(200);
    for password in [0, 8, 63, 64, 65, 200] {
        let (password, _) = noise.split_at(password);
        for length in [0, 1, 32, 64, 65, 96, 128, 192, 193, 256, 257, 600] {
            let (mut ours, mut theirs) = (vec![0; length], vec![0; length]);
            pbkdf2_hmac_streebog512(password, b"salt", 3, &mut ours).unwrap();
            pbkdf2::pbkdf2_hmac::<Streebog512>(password, b"salt", 3, &mut theirs);
            assert_eq!(ours, theirs, "{length}");
        }
    }
}
