//! Passwords without the cost of hashing them.

use async_trait::async_trait;
use gost_ca::hex;
use gost_ca::provider::{ErrorKind, PasswordHash, PasswordHasher, Result};
use gost_ca::secret::Secret;

/// Keeps passwords as they are, in hexadecimal. **NO SECURITY.**
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainHasher;

#[async_trait]
impl PasswordHasher for PlainHasher {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash> {
        let (salt, password) = (hex::encode(salt), hex::encode(password.expose()));
        Ok(PasswordHash::new(format!("$plain${salt}${password}")))
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool> {
        let rest = hash.expose().strip_prefix("$plain$").and_then(|rest| rest.split_once('$'));
        let (_, kept) = rest.ok_or_else(|| ErrorKind::Invalid.at("plain hash"))?;
        let kept = hex::decode(kept).ok_or_else(|| ErrorKind::Invalid.at("plain hash"))?;
        Ok(*password == Secret::new(kept))
    }
}
