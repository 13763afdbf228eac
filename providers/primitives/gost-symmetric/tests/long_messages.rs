//! Messages longer than the batches of the implementation against the formulas of the standards,
//! block by block.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::unwrap_used,
    reason = "tests"
)]

use gost_symmetric::{
    Ctr, CtrAcpkm, GostCipher, Kuznyechik, Magma, Mgm, acpkm,
    cipher::{Array, Block, BlockCipherEncrypt, Key, KeyInit},
};

const KEY: [u8; 32] = *b"an arbitrary key of 32 octets...";

fn message(length: usize) -> Vec<u8> {
    (0_u32..)
        .flat_map(|number| number.wrapping_mul(0x9e37_79b9).to_le_bytes())
        .take(length)
        .collect()
}

fn encrypt<C: GostCipher>(cipher: &C, number: u128) -> Vec<u8> {
    let mut block = Block::<C>::default();
    block.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(to, from)| *to = from);
    cipher.encrypt_block(&mut block);
    block.to_vec()
}

fn number(block: &[u8]) -> u128 {
    block.iter().fold(0, |number, octet| (number << 8) | u128::from(*octet))
}

fn xor(data: &mut [u8], gamma: &[u8]) {
    data.iter_mut().zip(gamma).for_each(|(octet, gamma)| *octet ^= gamma);
}

/// GOST R 34.13-2015, 5.2, and R 1323565.1.017, 4.1.
fn ctr_acpkm<C: GostCipher>(iv: u128, section: usize, data: &mut [u8]) {
    let mut cipher = C::new(&Key::<C>::from(KEY));
    let mut counter = iv << (C::BLOCK * 4);
    for (number, section) in data.chunks_mut(section).enumerate() {
        if number > 0 {
            cipher = acpkm(&cipher);
        }
        for block in section.chunks_mut(C::BLOCK) {
            xor(block, &encrypt(&cipher, counter));
            counter = counter.wrapping_add(1);
        }
    }
}

fn check_ctr<C: GostCipher>() {
    let iv = 0x0102_0304_0506_0708_u128 & (u128::MAX >> (128 - C::BLOCK * 4));
    let octets = iv.to_be_bytes();
    let (_, iv_octets) = octets.split_at(16 - C::BLOCK / 2);
    for length in [1, C::BLOCK * 64 - 1, C::BLOCK * 64, C::BLOCK * 64 + 1, 5000] {
        for split in [0, 1, length / 2, length] {
            let (mut ours, mut expected) = (message(length), message(length));
            let (head, tail) = ours.split_at_mut(split);
            let mut mode = Ctr::<C>::new(&KEY, iv_octets).unwrap();
            mode.apply(head);
            mode.apply(tail);
            ctr_acpkm::<C>(iv, usize::MAX, &mut expected);
            assert_eq!(ours, expected, "{length} {split}");
            let (mut ours, mut expected) = (message(length), message(length));
            let (head, tail) = ours.split_at_mut(split);
            let mut mode = CtrAcpkm::<C>::new(&KEY, iv_octets, C::BLOCK * 100).unwrap();
            mode.apply(head);
            mode.apply(tail);
            ctr_acpkm::<C>(iv, C::BLOCK * 100, &mut expected);
            assert_eq!(ours, expected, "{length} {split}");
        }
    }
}

#[test]
fn counters_count() {
    check_ctr::<Kuznyechik>();
    check_ctr::<Magma>();
}

/// RFC 9058, 4: encrypts in place and gives the tag.
fn mgm<C: GostCipher>(nonce: u128, aad: &[u8], data: &mut [u8]) -> Vec<u8> {
    let cipher = C::new(&Key::<C>::from(KEY));
    let half = C::BLOCK * 4;
    let low = u128::MAX >> (128 - half);
    let mut y = number(&encrypt(&cipher, nonce));
    for block in data.chunks_mut(C::BLOCK) {
        xor(block, &encrypt(&cipher, y));
        y = (y & !low) | (y.wrapping_add(1) & low);
    }
    let mut z = number(&encrypt(&cipher, nonce | 1 << (C::BLOCK * 8 - 1)));
    let mut sum = 0;
    let lengths = ((aad.len() as u128 * 8) << half) | (data.len() as u128 * 8);
    let lengths = lengths.to_be_bytes();
    let (_, lengths) = lengths.split_at(16 - C::BLOCK);
    for block in aad.chunks(C::BLOCK).chain(data.chunks(C::BLOCK)).chain([lengths]) {
        let mut whole = vec![0; C::BLOCK];
        xor(&mut whole, block);
        sum ^= multiply(number(&encrypt(&cipher, z)), number(&whole), C::BLOCK * 8);
        z = (z & low) | ((z >> half).wrapping_add(1) & low) << half;
    }
    encrypt(&cipher, sum)
}

/// Bit by bit, in the field of 2^bits elements (RFC 9058, 3).
fn multiply(a: u128, b: u128, bits: usize) -> u128 {
    let polynomial = if bits == 64 { 0x1b } else { 0x87 };
    (0..bits).rev().fold(0, |product: u128, bit| {
        let over = (product >> (bits - 1)) & 1;
        let doubled = (product << 1) & (u128::MAX >> (128 - bits));
        doubled ^ (over * polynomial) ^ (((b >> bit) & 1) * a)
    })
}

fn check_mgm<C: GostCipher>() {
    let nonce = [0x35; 16];
    let (nonce, _) = nonce.split_at(C::BLOCK);
    let batch = C::BLOCK * 64;
    for length in [1, C::BLOCK, batch - 1, batch, batch + 1, 3 * batch + 5] {
        for aad in [0, 1, batch, batch + C::BLOCK + 1] {
            let (mut ours, mut expected) = (message(length), message(length));
            let tag = Mgm::<C>::new(&KEY).seal(nonce, &message(aad), &mut ours).unwrap();
            let expected_tag = mgm::<C>(number(nonce), &message(aad), &mut expected);
            assert_eq!((ours, tag.to_vec()), (expected, expected_tag), "{length} {aad}");
        }
    }
}

#[test]
fn mgm_is_its_formula() {
    check_mgm::<Kuznyechik>();
    check_mgm::<Magma>();
}

#[test]
fn many_blocks_are_block_by_block() {
    let cipher = Kuznyechik::new(&KEY.into());
    let mut data = message(16 * 200);
    let blocks = Array::slice_as_chunks_mut(&mut data).0;
    let one_by_one: Vec<_> =
        blocks.iter().map(|block: &Block<Kuznyechik>| encrypt(&cipher, number(block))).collect();
    cipher.encrypt_blocks(blocks);
    assert_eq!(data, one_by_one.concat());
}
