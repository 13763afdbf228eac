//! Public keys prepared for many verifications.

use alloc::boxed::Box;

use signature::hazmat::PrehashVerifier;

use crate::{
    Error, Signature, VerifyingKey,
    arithmetic::{self, Prepared},
    digest,
};

/// A public key with a table of its multiples: a certification authority's own, for example.
///
/// The table takes about 80 KiB for 256-bit keys and 310 KiB for 512-bit ones, and as long to
/// compute as some ten verifications.
pub struct PreparedVerifyingKey {
    key: VerifyingKey,
    multiples: Box<dyn Prepared>,
}

impl PreparedVerifyingKey {
    pub(crate) fn new(key: &VerifyingKey) -> Self {
        let multiples = arithmetic::of(key.curve()).prepare(key.point());
        Self { key: key.clone(), multiples }
    }

    /// The key.
    #[must_use]
    pub const fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }

    /// As [`VerifyingKey::verify_prehash`].
    ///
    /// # Errors
    /// As there.
    pub fn verify_prehash(&self, digest: &[u8], signature: &Signature) -> Result<(), Error> {
        let digest = digest::read(self.key.parameter_set(), digest)?;
        let pair = signature.pair(self.key.parameter_set().size())?;
        if self.multiples.verify(&digest, &pair) { Ok(()) } else { Err(Error::Forged) }
    }
}

impl core::fmt::Debug for PreparedVerifyingKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("PreparedVerifyingKey").field(&self.key).finish()
    }
}

impl PrehashVerifier<Signature> for PreparedVerifyingKey {
    fn verify_prehash(&self, prehash: &[u8], signature: &Signature) -> signature::Result<()> {
        Ok(Self::verify_prehash(self, prehash, signature)?)
    }
}
