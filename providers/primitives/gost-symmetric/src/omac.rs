use cipher::{Block, Key};
pub use cmac::Mac;

use crate::gost_cipher::GostCipher;

/// OMAC (GOST R 34.13-2015, 5.6) in parts of any length: n bits.
///
/// A shorter code is its first octets: see [`Mac::verify_truncated_left`].
pub type Omac<C> = cmac::Cmac<C>;

/// Authenticates one message given in parts; n bits.
pub fn omac<C: GostCipher>(key: &[u8; 32], parts: &[&[u8]]) -> Block<C> {
    let mut mac = <Omac<C> as cipher::KeyInit>::new(&Key::<C>::from(*key));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes()
}
