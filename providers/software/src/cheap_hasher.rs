//! A password hasher for tests.

use async_trait::async_trait;
use gost_ca::provider::{ErrorKind, PasswordHash, PasswordHasher, Result};
use gost_ca::secret::Secret;
use gost_hash::pbkdf2_hmac_streebog512;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::phc::Phc;

/// **Not for production**: a few rounds of PBKDF2, so that tests and simulations are fast.
///
/// A stolen hash of this kind gives its password away within hours.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheapHasher;

#[async_trait]
impl PasswordHasher for CheapHasher {
    async fn hash(&self, password: &Secret, salt: &[u8; 16]) -> Result<PasswordHash> {
        let hash = derive(password, salt)?.to_vec();
        let phc = Phc { version: None, parameters: vec![ITERATIONS], salt: salt.to_vec(), hash };
        Ok(PasswordHash::new(phc.write(ID, &["i"])))
    }

    async fn verify(&self, password: &Secret, hash: &PasswordHash) -> Result<bool> {
        let phc = Phc::read(hash.expose(), ID, &["i"])
            .filter(|phc| phc.parameters == [ITERATIONS] && phc.hash.len() == 32)
            .ok_or_else(|| ErrorKind::Invalid.at("PHC string"))?;
        Ok(derive(password, &phc.salt)?.ct_eq(phc.hash.as_slice()).into())
    }
}

fn derive(password: &Secret, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut hash = Zeroizing::new([0; 32]);
    pbkdf2_hmac_streebog512(password.expose(), salt, ITERATIONS, hash.as_mut_slice())
        .map_err(|_| ErrorKind::Fault.at("PBKDF2"))?;
    Ok(hash)
}

const ID: &str = "pbkdf2-streebog512";
const ITERATIONS: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verifies_its_own_and_no_others() {
        let hash = CheapHasher.hash(&Secret::from("пароль1"), &[7; 16]).await.unwrap();
        assert!(CheapHasher.verify(&Secret::from("пароль1"), &hash).await.unwrap());
        assert!(!CheapHasher.verify(&Secret::from("пароль2"), &hash).await.unwrap());
        let foreign = PasswordHash::new("$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA");
        let refused = CheapHasher.verify(&Secret::from("пароль1"), &foreign).await;
        assert_eq!(*refused.unwrap_err().kind(), ErrorKind::Invalid);
    }
}
