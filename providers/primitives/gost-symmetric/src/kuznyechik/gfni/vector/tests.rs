//! The steps of RFC 7801, section 5: S, R, L and the key schedule.

extern crate std;
use std::vec::Vec;

use serde_json::Value;

use super::*;

fn vectors() -> Vec<Value> {
    let file = include_str!("../../../../tests/vectors/block_ciphers.json");
    let mut file: Value = serde_json::from_str(file).unwrap();
    let mut vectors: Vec<Value> = serde_json::from_value(file["vectors"].take()).unwrap();
    vectors.retain(|vector| vector["cipher"] == "kuznyechik");
    vectors
}

fn block(text: &Value) -> [u8; 16] {
    hex::decode(text.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn accelerated() -> bool {
    let there = super::super::features::get();
    if !there {
        std::println!("this processor has no GFNI and AVX-512 VBMI: only tables are checked");
    }
    there
}

#[test]
fn steps_are_those_of_rfc7801() {
    let mut steps = 0;
    for vector in vectors().iter().filter(|vector| vector.get("transform").is_some()) {
        let (input, output) = (block(&vector["input"]), block(&vector["output"]));
        match vector["transform"].as_str().unwrap() {
            "S" => assert_eq!(input.map(|octet| PI[usize::from(octet)]), output),
            "R" => assert_eq!(r(input), output),
            "L" => assert_eq!((l(input, false), l(output, true)), (output, input)),
            other => panic!("{other}"),
        }
        if accelerated() && vector["transform"] != "R" {
            // SAFETY: the features are there.
            let (there, back) = unsafe { step(vector["transform"] == "S", input, output) };
            assert_eq!((there, back), (output, input), "{}", vector["id"]);
        }
        steps += 1;
    }
    assert_eq!(steps, 12);
}

/// What the vector code makes of the input, and its inverse of the output.
#[target_feature(enable = "gfni,avx512f,avx512bw,avx512vbmi")]
fn step(substitution: bool, input: [u8; 16], output: [u8; 16]) -> ([u8; 16], [u8; 16]) {
    let (input, output) = (spread(&input), spread(&output));
    if substitution {
        (collect(substitute(input, &TABLE)), collect(substitute(output, &INVERSE_TABLE)))
    } else {
        (collect(linear(input, &MATRICES)), collect(linear(output, &INVERSE_MATRICES)))
    }
}

/// R, of which L is sixteen (RFC 7801, 4.2).
fn r(block: [u8; 16]) -> [u8; 16] {
    let sum = block.iter().zip(&COEFFICIENTS).fold(0, |sum, (a, b)| sum ^ multiply(*a, *b));
    let mut turned = [sum; 16];
    turned[1..].copy_from_slice(&block[..15]);
    turned
}

#[test]
fn keys_are_those_of_rfc7801() {
    let vectors = vectors();
    let vector = vectors.iter().find(|vector| vector.get("round_keys").is_some()).unwrap();
    let constants = vector["iteration_constants"].as_array().unwrap();
    let mut compared = 0;
    for (ours, theirs) in ITERATION.iter().zip(constants) {
        assert_eq!(*ours, block(theirs));
        compared += 1;
    }
    assert_eq!(compared, 8);
    if accelerated() {
        let key = hex::decode(vector["key"].as_str().unwrap()).unwrap().try_into().unwrap();
        // SAFETY: the features are there.
        let keys = unsafe { schedule(&key) };
        let expected: Vec<_> = vector["round_keys"].as_array().unwrap().iter().map(block).collect();
        assert_eq!(keys.as_slice(), expected);
    }
}
