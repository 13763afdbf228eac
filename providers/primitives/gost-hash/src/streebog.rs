use digest::Digest;
pub use streebog::{Streebog256, Streebog512};

/// Hashes one message with Streebog-256; 32 octets in wire order.
pub fn streebog256(message: &[u8]) -> [u8; 32] {
    Streebog256::digest(message).into()
}

/// Hashes one message with Streebog-512; 64 octets in wire order.
pub fn streebog512(message: &[u8]) -> [u8; 64] {
    Streebog512::digest(message).into()
}
