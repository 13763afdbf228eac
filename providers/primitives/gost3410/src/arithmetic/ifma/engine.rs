//! GOST R 34.10-2012 with the help of lanes.

use alloc::{boxed::Box, vec::Vec};

use once_cell::race::OnceBox;
use zeroize::Zeroizing;

use super::{
    super::{
        Affine, Arithmetic, Claim, Pair, Prepared,
        engine::{Engine, affine, finish, finish_all, multipliers, multipliers_all},
        fixed_base::FixedBase,
        group::{Group, Vartime, x_is_vartime},
    },
    LANES, LaneGroup,
    batch::{self, SharedMultiples},
    table::{LaneTable, Partial},
};
use crate::{error::KeyDefect, number::Number};

/// The engine of the scalar group, and tables for the lanes.
pub(crate) struct LaneEngine<G: LaneGroup> {
    scalar: Engine<G::Base>,
    generator: OnceBox<LaneTable<G>>,
    shared: OnceBox<SharedMultiples<G>>,
}

impl<G: LaneGroup> LaneEngine<G> {
    pub(crate) const fn new() -> Self {
        Self { scalar: Engine::new(), generator: OnceBox::new(), shared: OnceBox::new() }
    }

    fn generator(&self) -> &LaneTable<G> {
        self.generator.get_or_init(|| {
            Box::new(LaneTable::new(&FixedBase::new(&<G::Base as Group>::generator())))
        })
    }

    /// Up to eight claims; a single one is faster without lanes.
    fn verify_lanes(&self, items: &[Claim], z: &[Option<(Number, Number)>]) -> Vec<bool> {
        if let ([claim], [z]) = (items, z) {
            let valid = |z| self.scalar.verify_by(&claim.key, &z, &claim.signature);
            return alloc::vec![z.is_some_and(valid)];
        }
        let generator = self.shared.get_or_init(|| Box::new(SharedMultiples::new()));
        let keys: Vec<_> = items.iter().map(|claim| G::Base::load(&claim.key)).collect();
        let factors: Vec<_> = z.iter().map(|z| z.unwrap_or_default()).collect();
        let sums = batch::double_multiply::<G>(generator, &keys, &factors);
        let valid = |(lane, (claim, z)): (usize, (&Claim, &Option<_>))| {
            let sum = G::Base::sum(&super::lane(&sums, lane));
            z.is_some() && x_is_vartime::<G::Base>(&sum, &claim.signature.r)
        };
        items.iter().zip(z).enumerate().map(valid).collect()
    }

    fn multiply(&self, k: &Number) -> <G::Base as Group>::Point {
        self.generator().multiply_add(&Partial::ZERO, k).total()
    }
}

impl<G: LaneGroup> Arithmetic for LaneEngine<G> {
    fn check(&self, point: &Affine) -> Result<(), KeyDefect> {
        self.scalar.check(point)
    }

    fn is_scalar(&self, k: &Number) -> bool {
        self.scalar.is_scalar(k)
    }

    fn scalar_from_uniform(&self, low: &Number, high: &Number) -> Option<Number> {
        self.scalar.scalar_from_uniform(low, high)
    }

    fn multiply_scalars(&self, a: &Number, b: &Number) -> Number {
        self.scalar.multiply_scalars(a, b)
    }

    fn invert_scalar(&self, a: &Number) -> Number {
        self.scalar.invert_scalar(a)
    }

    fn public_key(&self, d: &Number) -> Affine {
        affine::<G::Base>(&self.multiply(d))
    }

    fn sign(&self, d: &Number, digest: &Number, k: &Number) -> Option<Pair> {
        finish::<G::Base>(&self.multiply(k), d, digest, k)
    }

    fn sign_all(&self, d: &Number, items: &[(Number, Zeroizing<Number>)]) -> Vec<Option<Pair>> {
        let points: Vec<_> = items.iter().map(|(_, k)| self.multiply(k)).collect();
        finish_all::<G::Base>(&points, d, items)
    }

    fn verify_all(&self, items: &[Claim]) -> Vec<bool> {
        let multipliers = multipliers_all::<G::Base>(items);
        let chunks = items.chunks(LANES).zip(multipliers.chunks(LANES));
        chunks.flat_map(|(items, z)| self.verify_lanes(items, z)).collect()
    }

    fn verify(&self, key: &Affine, digest: &Number, signature: &Pair) -> bool {
        self.scalar.verify(key, digest, signature)
    }

    fn prepare(&'static self, key: &Affine) -> Box<dyn Prepared> {
        let multiples = LaneTable::new(&FixedBase::new(&<G::Base as Group>::load(key)));
        Box::new(PreparedKey { engine: self, multiples })
    }

    fn agree(&self, d: &Number, ukm: &Number, point: &Affine) -> Option<Affine> {
        self.scalar.agree(d, ukm, point)
    }
}

/// A key with its multiples.
struct PreparedKey<G: LaneGroup> {
    engine: &'static LaneEngine<G>,
    multiples: LaneTable<G>,
}

impl<G: LaneGroup> Prepared for PreparedKey<G> {
    fn verify(&self, digest: &Number, signature: &Pair) -> bool {
        let Some((z1, z2)) = multipliers::<G::Base>(digest, signature) else { return false };
        let sum = self.engine.generator().multiply_add(&Partial::ZERO, &z1);
        let sum = self.multiples.multiply_add(&sum, &z2).total();
        x_is_vartime::<G::Base>(&<G::Base as Vartime>::sum(&sum), &signature.r)
    }
}
