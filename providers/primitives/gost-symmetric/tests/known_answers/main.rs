//! Known answers of the standards, and of other libraries where a standard is silent.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests"
)]

mod acpkm;
mod agreement;
mod block_ciphers;
mod kexp15;
#[cfg(feature = "legacy")]
mod legacy;
mod mgm;
mod modes;
mod pbes2;

use serde_json::Value;

/// The vectors of a file that the filter wants; there must be as many as said.
fn vectors(json: &str, count: usize, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(json).unwrap();
    let mut vectors: Vec<Value> = serde_json::from_value(file["vectors"].take()).unwrap();
    vectors.retain(wanted);
    assert_eq!(vectors.len(), count);
    vectors
}

fn octets(vector: &Value, field: &str) -> Vec<u8> {
    hex::decode(vector[field].as_str().unwrap()).unwrap()
}

fn key(vector: &Value, field: &str) -> [u8; 32] {
    octets(vector, field).try_into().unwrap()
}

fn number(vector: &Value, field: &str) -> usize {
    usize::try_from(vector[field].as_u64().unwrap()).unwrap()
}

/// Calls `$check::<Kuznyechik>` or `$check::<Magma>`, as the vector says.
macro_rules! by_cipher {
    ($check:ident, $vector:expr) => {
        match $vector["cipher"].as_str().unwrap() {
            "kuznyechik" => $check::<gost_symmetric::Kuznyechik>($vector),
            "magma" => $check::<gost_symmetric::Magma>($vector),
            other => panic!("{other}"),
        }
    };
}
use by_cipher;
