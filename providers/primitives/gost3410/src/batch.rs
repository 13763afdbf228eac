//! Many signatures at once.

use alloc::{collections::BTreeMap, vec::Vec};

use crate::{
    Curve, Error, Signature, VerifyingKey,
    arithmetic::{self, Claim},
    digest,
};

/// A signature to be verified.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the arguments of `verify_prehash`")]
pub struct Verification<'a> {
    /// Whose signature it should be.
    pub key: &'a VerifyingKey,
    /// The digest as Streebog outputs it.
    pub digest: &'a [u8],
    /// The signature.
    pub signature: &'a Signature,
}

/// Verifies many signatures; each item gets the verdict it would get alone.
///
/// Faster than one by one where items share a curve; keys may differ.
#[must_use]
pub fn verify_batch(items: &[Verification<'_>]) -> Vec<Result<(), Error>> {
    let mut claims: BTreeMap<Curve, Vec<(usize, Claim)>> = BTreeMap::new();
    let mut verdicts: Vec<_> = items.iter().map(|_| Err(Error::Forged)).collect();
    for (index, (item, verdict)) in items.iter().zip(&mut verdicts).enumerate() {
        match claim(item) {
            Ok(claim) => claims.entry(item.key.curve()).or_default().push((index, claim)),
            Err(error) => *verdict = Err(error),
        }
    }
    for (curve, claims) in claims {
        let (indices, claims): (Vec<_>, Vec<_>) = claims.into_iter().unzip();
        let valid = arithmetic::of(curve).verify_all(&claims);
        for (index, _) in indices.into_iter().zip(valid).filter(|(_, valid)| *valid) {
            if let Some(verdict) = verdicts.get_mut(index) {
                *verdict = Ok(());
            }
        }
    }
    verdicts
}

fn claim(item: &Verification<'_>) -> Result<Claim, Error> {
    let set = item.key.parameter_set();
    Ok(Claim {
        key: *item.key.point(),
        digest: digest::read(set, item.digest)?,
        signature: item.signature.pair(set.size())?,
    })
}
