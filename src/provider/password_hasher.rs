//! Hashing of passwords that people choose.

use core::fmt::{self, Debug};

use async_trait::async_trait;

use super::Result;
use crate::secret::Secret;

/// What is kept of a password: a PHC string. Not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The PHC string.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Makes and checks slow, salted hashes of passwords.
#[async_trait]
pub trait PasswordHasher: Debug + Send + Sync {
    /// Hashes a password; `salt` is fresh and random.
    ///
    /// # Errors
    /// `Unavailable` when the bounded queue is full.
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash>;

    /// Tells whether the password is the hashed one, in a time that does not tell why not.
    ///
    /// # Errors
    /// `Invalid` when the hash is not one of this hasher's, `Unavailable` when the queue is full.
    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool>;
}
