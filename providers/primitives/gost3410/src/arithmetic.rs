//! Numbers and points: everything below the API, behind the one trait [`Arithmetic`].
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::inline_always,
    clippy::many_single_char_names,
    reason = "arithmetic modulo primes on arrays of fixed size, where wrapping is the point"
)]

use alloc::{boxed::Box, vec::Vec};

use zeroize::Zeroizing;

use crate::{Curve, error::KeyDefect, number::Number};

#[cfg(target_arch = "x86_64")]
mod adx;
mod curves;
mod edwards;
mod engine;
mod field;
mod fixed_base;
mod group;
mod halving;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod inversion;
mod jacobian;
mod limbs;
mod montgomery;
mod parameters;
mod pseudo_mersenne;
mod recode;
mod square_root;
mod straus;
#[cfg(test)]
mod tests;
mod weierstrass;

/// Weierstrass coordinates of a point that is not at infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Affine {
    pub(crate) x: Number,
    pub(crate) y: Number,
}

/// The two halves of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) r: Number,
    pub(crate) s: Number,
}

/// That a signature is one of a key over a digest.
#[derive(Clone, Copy)]
pub(crate) struct Claim {
    pub(crate) key: Affine,
    pub(crate) digest: Number,
    pub(crate) signature: Pair,
}

/// What the API needs of one curve. Constant time for keys, nonces and shared points.
///
/// Scalars are in [0, q), private keys and nonces in [1, q-1].
pub(crate) trait Arithmetic: Sync {
    /// Checks range, equation and order of a public key.
    fn check(&self, point: &Affine) -> Result<(), KeyDefect>;
    /// Whether 0 < k < q.
    fn is_scalar(&self, k: &Number) -> bool;
    /// Uniform in [1, q-1] from uniform octets, twice as wide as q; `None`: draw again.
    fn scalar_from_uniform(&self, low: &Number, high: &Number) -> Option<Number>;
    /// a·b mod q.
    fn multiply_scalars(&self, a: &Number, b: &Number) -> Number;
    /// 1/a mod q, and 0 for 0.
    fn invert_scalar(&self, a: &Number) -> Number;
    /// d·G.
    fn public_key(&self, d: &Number) -> Affine;
    /// RFC 7091, 6.1, steps 3 to 6 with the nonce k; `None`: take another.
    fn sign(&self, d: &Number, digest: &Number, k: &Number) -> Option<Pair>;
    /// As [`Arithmetic::sign`] for many digests, each with its nonce.
    fn sign_all(&self, d: &Number, items: &[(Number, Zeroizing<Number>)]) -> Vec<Option<Pair>>;
    /// RFC 7091, 6.2, for a checked key.
    fn verify(&self, key: &Affine, digest: &Number, signature: &Pair) -> bool;
    /// As [`Arithmetic::verify`], each item on its own.
    fn verify_all(&self, items: &[Claim]) -> Vec<bool>;
    /// Multiples of a checked key, for many verifications.
    fn prepare(&'static self, key: &Affine) -> Box<dyn Prepared>;
    /// (cofactor·ukm·d mod q)·P for a checked P (RFC 7836, 4.3); `None` for the zero point.
    fn agree(&self, d: &Number, ukm: &Number, point: &Affine) -> Option<Affine>;
}

/// A public key with its multiples.
pub(crate) trait Prepared: Send + Sync {
    /// As [`Arithmetic::verify`].
    fn verify(&self, digest: &Number, signature: &Pair) -> bool;
}

/// Whether the build chose a back-end.
#[cfg(target_arch = "x86_64")]
const FORCED: bool =
    cfg!(any(gost3410_backend = "portable", gost3410_backend = "adx", gost3410_backend = "ifma"));

/// The fastest arithmetic of a curve on this machine.
///
/// `--cfg gost3410_backend="…"` forces one, for tests; the builder then vouches for the processor.
pub(crate) fn of(curve: Curve) -> &'static dyn Arithmetic {
    #[cfg(target_arch = "x86_64")]
    if cfg!(gost3410_backend = "ifma") || !FORCED && ifma::available() {
        return curves::ifma(curve);
    }
    #[cfg(target_arch = "x86_64")]
    if cfg!(gost3410_backend = "adx") || !FORCED && adx::available() {
        return curves::adx(curve);
    }
    curves::portable(curve)
}
