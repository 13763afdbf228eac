//! A verifier that remembers the keys it meets again.

use core::fmt;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    /// The key, read now or before, for so many uses more.
    fn known(&self, key: &PublicKey, uses: u64) -> Result<Known, Unverified> {
        let (before, known) = self.counted(key, uses)?;
        if before < BUSY && known.uses >= BUSY {
            // Outside the lock: it takes as long as some ten verifications.
            let prepared = Some(Arc::new(known.key.prepare()));
            if let Some(known) = self.lock().get_mut(key.as_der()) {
                known.prepared.clone_from(&prepared);
            }
            return Ok(Known { prepared, ..known });
        }
        Ok(known)
    }

    /// How often it was used before, and what is known now.
    fn counted(&self, key: &PublicKey, uses: u64) -> Result<(u64, Known), Unverified> {
        if let Some(known) = self.lock().get_mut(key.as_der()) {
            let before = known.uses;
            known.uses = before.saturating_add(uses);
            return Ok((before, known.clone()));
        }
        let known = Known { uses, key: Arc::new(read(key)?.clone()), prepared: None };
        let mut all = self.lock();
        if all.len() >= CAPACITY {
            let least = all.iter().min_by_key(|(_, known)| known.uses);
            let least = least.map(|(spki, _)| spki.clone());
            least.and_then(|spki| all.remove(&spki));
        }
        all.insert(key.as_der().to_vec(), known.clone());
        Ok((0, known))
    }

    fn is_busy(&self, key: &[u8]) -> bool {
        self.lock().get(key).is_some_and(|known| known.uses >= BUSY)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        let (digest, signature) = digested(&self.key, check)?;
        match &self.prepared {
            Some(prepared) => prepared.verify_prehash(&digest, &signature),
            None => self.key.verify_prehash(&digest, &signature),
        }
        .map_err(unverified)
    }
}

impl Verifier for CachingVerifier {
    fn verify(&self, check: &Check<'_>) -> Result<(), Unverified> {
        self.known(check.key, 1)?.verify(check)
    }

    /// A table makes each signature of one key faster than a batch does; keys that come once are a batch.
    fn verify_all(&self, checks: &[Check<'_>]) -> Vec<Result<(), Unverified>> {
        let mut uses = BTreeMap::new();
        for check in checks {
            let (_, count) = uses.entry(check.key.as_der()).or_insert((check.key, 0_u64));
            *count = count.saturating_add(1);
        }
        uses.retain(|spki, (_, count)| *count >= BUSY || self.is_busy(spki));
        let busy = uses.into_iter();
        let busy: BTreeMap<_, _> = busy
            .filter_map(|(spki, (key, count))| Some((spki, self.known(key, count).ok()?)))
            .collect();
        let others = checks.iter().filter(|check| !busy.contains_key(check.key.as_der()));
        let others: Vec<_> = others.copied().collect();
        let mut others = GostVerifier.verify_all(&others).into_iter();
        let verdict = |check: &Check<'_>| match busy.get(check.key.as_der()) {
            Some(known) => known.verify(check),
            None => others.next().unwrap_or(Err(Unverified::Forged)),
        };
        checks.iter().map(verdict).collect()
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
        write!(f, "CachingVerifier({} keys)", self.lock().len())
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
    #[test]
    fn many_at_once_have_verdicts_of_their_own() {
        let verifier = CachingVerifier::default();
        let signed: Vec<_> = (0..60_u8).map(|number| signed(number.min(30))).collect();
        for _ in 0..2 {
            let checks = signed.iter().enumerate().map(|(place, (key, algorithm, signature))| {
                let message: &[u8] = if place % 7 == 0 { b"massage" } else { b"message" };
                Check { key, algorithm, message, signature }
            });
            let verdicts = verifier.verify_all(&checks.collect::<Vec<_>>());
            for (place, verdict) in verdicts.into_iter().enumerate() {
                let good = place % 7 != 0;
                assert_eq!(verdict, if good { Ok(()) } else { Err(Unverified::Forged) }, "{place}");
            }
        }
        // 30 signatures are of the last key, one is of each other
        let prepared: Vec<_> =
            verifier.lock().values().map(|known| known.prepared.is_some()).collect();
        assert_eq!(prepared, [true]);
    }

    fn signed(number: u8) -> (PublicKey, AlgorithmIdentifierOwned, Vec<u8>) {
        let octets = [number.saturating_add(1); 32];
        let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_B, &octets).unwrap();
        let spki = key.verifying_key().to_spki().unwrap().to_der().unwrap();
        let spki = PublicKey::from_der(&spki).unwrap();
        let algorithm = GostVerifier.signature_algorithm(&spki).unwrap();
        let digest = gost_hash::streebog256(b"message");
        let signature = key.sign_prehash(&digest, &mut getrandom::SysRng).unwrap();
        (spki, algorithm, signature.as_slice().to_vec())
    }
}
