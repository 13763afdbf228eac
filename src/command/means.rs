//! What goes beside commands.

use crate::provider::Rng;
use crate::provider::key_store::Access;
use crate::secret::Secret;

/// What a command wants beside it, and nobody may record.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Means<'a> {
    /// The PIN of a carrier, or the new password of a container.
    pub access: Option<&'a Access>,
    /// The random generator of the workplace: the biological one where the carrier has none (V4).
    pub rng: Option<&'a dyn Rng>,
    /// The octets of a scan, whose digest the command has.
    pub scan: Option<&'a [u8]>,
    /// The code phrase, as it was said (desk U5).
    pub phrase: Option<&'a Secret>,
}

impl<'a> Means<'a> {
    /// For making a key.
    pub const fn for_key(access: &'a Access, rng: &'a dyn Rng) -> Self {
        Self { access: Some(access), rng: Some(rng), scan: None, phrase: None }
    }

    /// For attaching a scan.
    pub const fn for_scan(octets: &'a [u8]) -> Self {
        Self { access: None, rng: None, scan: Some(octets), phrase: None }
    }

    /// For a key that is there.
    pub const fn of_key(access: &'a Access) -> Self {
        Self { access: Some(access), rng: None, scan: None, phrase: None }
    }

    /// For a call.
    pub const fn of_phrase(phrase: &'a Secret) -> Self {
        Self { access: None, rng: None, scan: None, phrase: Some(phrase) }
    }
}
