//! A verifier that remembers the keys it meets again.

use core::fmt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use gost_ca::provider::verifier::{Check, DigestVerifier};
use gost_ca::provider::{Unverified, Verifier};
use gost_ca::x509::{KeyIdentity, PublicKey};
use gost3410::{PreparedVerifyingKey, VerifyingKey};
use spki::AlgorithmIdentifierOwned;

use super::{GostVerifier, digested, read, unverified};

/// A [`GostVerifier`] for whoever checks many signatures of few issuers.
///
/// A key that came before is not checked again, and one that came 16 times gets a table of its
/// multiples (up to 310 KiB). It keeps 32 keys; the least used one makes room.
#[derive(Default)]
pub struct CachingVerifier {
    known: Mutex<HashMap<Vec<u8>, Known>>,
}

#[derive(Clone)]
struct Known {
    uses: u64,
    key: Arc<VerifyingKey>,
    prepared: Option<Arc<PreparedVerifyingKey>>,
}

impl CachingVerifier {
    /// The key, read now or before.
    fn known(&self, key: &PublicKey) -> Result<Known, Unverified> {
        if let Some(known) = self.used(key) {
            return Ok(known);
        }
        let known = Known { uses: 1, key: Arc::new(read(key)?), prepared: None };
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= CAPACITY {
            let least = all.iter().min_by_key(|(_, known)| known.uses);
            let least = least.map(|(spki, _)| spki.clone());
            least.and_then(|spki| all.remove(&spki));
        }
        all.insert(key.as_der().to_vec(), known.clone());
        Ok(known)
    }

    fn used(&self, key: &PublicKey) -> Option<Known> {
        let known = {
            let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let known = all.get_mut(key.as_der())?;
            known.uses = known.uses.saturating_add(1);
            known.clone()
        };
        if known.uses == BUSY {
            // Outside the lock: it takes as long as some ten verifications.
            let prepared = Some(Arc::new(known.key.prepare()));
            let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = all.get_mut(key.as_der()) {
                known.prepared.clone_from(&prepared);
            }
            return Some(Known { prepared, ..known });
        }
        Some(known)
    }
}

impl Verifier for CachingVerifier {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        let Known { key, prepared, .. } = self.known(check.key)?;
        let (digest, signature) = digested(&key, check)?;
        match prepared {
            Some(prepared) => prepared.verify_prehash(&digest, &signature),
            None => key.verify_prehash(&digest, &signature),
        }
        .map_err(unverified)
    }

    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Result<(), Unverified>> {
        GostVerifier.verify_all(checks)
    }

    fn identify(&self, key: &PublicKey) -> Result<KeyIdentity, Unverified> {
        GostVerifier.identify(key)
    }

    fn signature_algorithm(&self, key: &PublicKey) -> Result<AlgorithmIdentifierOwned, Unverified> {
        GostVerifier.signature_algorithm(key)
    }

    fn digests(&self) -> Option<&dyn DigestVerifier> {
        Some(&GostVerifier)
    }
}

impl fmt::Debug for CachingVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).len();
        write!(f, "CachingVerifier({known} keys)")
    }
}

/// Uses after which a key gets its table.
const BUSY: u64 = 16;
/// Keys that are kept.
const CAPACITY: usize = 32;

#[cfg(test)]
mod tests {
    use der::Encode;
    use gost3410::{ParameterSet, SigningKey};

    use super::*;

    #[test]
    fn verdicts_do_not_depend_on_what_is_known() {
        let verifier = CachingVerifier::default();
        for number in 1..=40_u8 {
            let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_B, &[number; 32]).unwrap();
            let spki = key.verifying_key().to_spki().unwrap().to_der().unwrap();
            let spki = PublicKey::from_der(&spki).unwrap();
            let algorithm = verifier.signature_algorithm(&spki).unwrap();
            let digest = gost_hash::streebog256(b"message");
            let signature = key.sign_prehash(&digest, &mut getrandom::SysRng).unwrap();
            for uses in 0..if number < 3 { BUSY + 4 } else { 2 } {
                let signature = signature.as_slice();
                let check =
                    |message| Check { key: &spki, algorithm: &algorithm, message, signature };
                assert_eq!(verifier.verify(&check(b"message")), Ok(()), "{number} {uses}");
                let forged = verifier.verify(&check(b"massage"));
                assert_eq!(forged, Err(Unverified::Forged), "{number} {uses}");
            }
        }
        let known = verifier.known.lock().unwrap();
        assert_eq!(known.len(), CAPACITY);
        assert_eq!(known.values().filter(|known| known.prepared.is_some()).count(), 2);
    }
}
