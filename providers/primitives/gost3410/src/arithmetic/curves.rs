//! The curves over their fields, and the engines for them.

use core::marker::PhantomData;

use super::{
    Arithmetic,
    edwards::{Coefficient, Edwards, QuarterCurve},
    engine::Engine,
    field::Field,
    limbs::hex,
    montgomery::{Modulus, Montgomery},
    parameters,
    pseudo_mersenne::{Multiplier, Portable, PseudoMersenne},
    weierstrass::{Coefficients, PrimeCurve, Weierstrass},
};
#[cfg(target_arch = "x86_64")]
use super::{
    adx::Adx,
    ifma::{EdwardsLanes, WeierstrassLanes, engine::LaneEngine, lanes::Lanes},
};
use crate::Curve;
#[cfg(target_arch = "x86_64")]
use in_lanes::{LanesA256, LanesA512, LanesB256, LanesC512};

/// The one engine of a group, with its tables.
macro_rules! engine {
    ($group:ty) => {{
        static ENGINE: Engine<$group> = Engine::new();
        &ENGINE
    }};
}

/// The one engine of a group in lanes.
#[cfg(target_arch = "x86_64")]
macro_rules! lane_engine {
    ($group:ty) => {{
        static ENGINE: LaneEngine<$group> = LaneEngine::new();
        &ENGINE
    }};
}

/// The arithmetic for any target.
pub(crate) fn portable(curve: Curve) -> &'static dyn Arithmetic {
    match curve {
        Curve::A256 => engine!(Edwards<A256<Portable>>),
        Curve::B256 => engine!(Weierstrass<B256<Portable>>),
        Curve::C256 => engine!(Weierstrass<C256>),
        Curve::D256 => engine!(Weierstrass<D256>),
        Curve::A512 => engine!(Weierstrass<A512<Portable>>),
        Curve::B512 => engine!(Weierstrass<B512>),
        Curve::C512 => engine!(Edwards<C512<Portable>>),
        #[cfg(feature = "test-sets")]
        Curve::Test256 => engine!(Weierstrass<test_sets::Test256>),
        #[cfg(feature = "test-sets")]
        Curve::Test512 => engine!(Weierstrass<test_sets::Test512>),
    }
}

/// The arithmetic for processors with ADX and BMI2.
#[cfg(target_arch = "x86_64")]
pub(crate) fn adx(curve: Curve) -> &'static dyn Arithmetic {
    match curve {
        Curve::A256 => engine!(Edwards<A256<Adx>>),
        Curve::B256 => engine!(Weierstrass<B256<Adx>>),
        Curve::A512 => engine!(Weierstrass<A512<Adx>>),
        Curve::C512 => engine!(Edwards<C512<Adx>>),
        curve => portable(curve),
    }
}

/// The arithmetic for processors with AVX-512 IFMA.
#[cfg(target_arch = "x86_64")]
pub(crate) fn ifma(curve: Curve) -> &'static dyn Arithmetic {
    match curve {
        Curve::A256 => lane_engine!(EdwardsLanes<LanesA256, A256<Adx>>),
        Curve::B256 => lane_engine!(WeierstrassLanes<LanesB256, B256<Adx>>),
        Curve::A512 => lane_engine!(WeierstrassLanes<LanesA512, A512<Adx>>),
        Curve::C512 => lane_engine!(EdwardsLanes<LanesC512, C512<Adx>>),
        curve => adx(curve),
    }
}

/// Residues modulo 2^256 - 617.
type Field256<B> = PseudoMersenne<617, 4, B>;
/// Residues modulo 2^512 - 569.
type Field512<B> = PseudoMersenne<569, 8, B>;

/// a = -3.
macro_rules! minus_three {
    (times_a, $x:expr) => {
        $x.double().add($x).neg()
    };
    (slope, $x:expr, $zz:expr) => {{
        let product = $x.add($zz).mul(&$x.sub($zz));
        product.double().add(&product)
    }};
}

/// a = 7.
#[cfg(feature = "test-sets")]
macro_rules! seven {
    (times_a, $x:expr) => {
        $x.double().double().double().sub($x)
    };
    (slope, $x:expr, $zz:expr) => {{
        let (xx, zzzz) = ($x.square(), $zz.square());
        xx.double().add(&xx).add(&seven!(times_a, &zzzz))
    }};
}

/// A modulus by its digits.
macro_rules! modulus {
    ($name:ident, $digits:expr, $limbs:literal) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name;

        impl Modulus<$limbs> for $name {
            const P: [u64; $limbs] = hex($digits);
        }
    };
}

/// A curve of prime order in Weierstrass form; how to multiply by a and by 3·b.
macro_rules! prime_curve {
    ($curve:ident $(<$multiplier:ident: $bound:path>)?, $field:ty, $order:ty, $numbers:path,
        ($a:ident, |$z:ident| $times_3b:expr)) => {
        pub(crate) struct $curve$(<$multiplier>(PhantomData<$multiplier>))?;

        impl$(<$multiplier: $bound>)? Coefficients for $curve$(<$multiplier>)? {
            type Field = $field;

            #[inline(always)]
            fn times_a(x: &$field) -> $field {
                $a!(times_a, x)
            }

            #[inline(always)]
            fn times_3b($z: &$field) -> $field {
                $times_3b
            }

            #[inline(always)]
            fn slope(x: &$field, zz: &$field) -> $field {
                $a!(slope, x, zz)
            }
        }

        impl$(<$multiplier: $bound>)? PrimeCurve for $curve$(<$multiplier>)? {
            type Order = $order;

            const B: $field = <$field>::from_limbs(&hex($numbers.b));
            const X: $field = <$field>::from_limbs(&hex($numbers.x));
            const Y: $field = <$field>::from_limbs(&hex($numbers.y));
        }
    };
}

/// A curve of order 4q in Edwards form.
macro_rules! quarter_curve {
    ($curve:ident<$multiplier:ident: $bound:path>, $field:ty, $order:ty, $numbers:path,
        $edwards:path) => {
        pub(crate) struct $curve<$multiplier>(PhantomData<$multiplier>);

        impl<$multiplier: $bound> Coefficient for $curve<$multiplier> {
            type Field = $field;

            const D: $field = <$field>::from_limbs(&hex($edwards.d));
        }

        impl<$multiplier: $bound> QuarterCurve for $curve<$multiplier> {
            type Order = $order;

            const A: $field = <$field>::from_limbs(&hex($edwards.a));
            const S: $field = <$field>::from_limbs(&hex($edwards.s));
            const T: $field = <$field>::from_limbs(&hex($edwards.t));
            const ROOT: $field = <$field>::from_limbs(&hex($edwards.root));
            const B: $field = <$field>::from_limbs(&hex($numbers.b));
            const X: $field = <$field>::from_limbs(&hex($numbers.x));
            const Y: $field = <$field>::from_limbs(&hex($numbers.y));
        }
    };
}

modulus!(QA256, parameters::A256.q, 4);
modulus!(QB256, parameters::B256.q, 4);
modulus!(PC256, parameters::C256.p, 4);
modulus!(QC256, parameters::C256.q, 4);
modulus!(PD256, parameters::D256.p, 4);
modulus!(QD256, parameters::D256.q, 4);
modulus!(QA512, parameters::A512.q, 8);
modulus!(PB512, parameters::B512.p, 8);
modulus!(QB512, parameters::B512.q, 8);
modulus!(QC512, parameters::C512.q, 8);

quarter_curve!(
    A256<M: Multiplier<617, 4>>,
    Field256<M>,
    Montgomery<QA256, 4>,
    parameters::A256,
    parameters::A256_EDWARDS
);
quarter_curve!(
    C512<M: Multiplier<569, 8>>,
    Field512<M>,
    Montgomery<QC512, 8>,
    parameters::C512,
    parameters::C512_EDWARDS
);
prime_curve!(
    B256<M: Multiplier<617, 4>>,
    Field256<M>,
    Montgomery<QB256, 4>,
    parameters::B256,
    (minus_three, |x| x.times_word(498)) // b = 166
);
prime_curve!(
    A512<M: Multiplier<569, 8>>,
    Field512<M>,
    Montgomery<QA512, 8>,
    parameters::A512,
    (minus_three, |x| x.mul(&const { Self::B.triple() }))
);
prime_curve!(
    C256,
    Montgomery<PC256, 4>,
    Montgomery<QC256, 4>,
    parameters::C256,
    (minus_three, |x| x.mul(&const { Self::B.triple() }))
);
prime_curve!(
    D256,
    Montgomery<PD256, 4>,
    Montgomery<QD256, 4>,
    parameters::D256,
    (minus_three, |x| x.mul(&const { Self::B.triple() }))
);
prime_curve!(
    B512,
    Montgomery<PB512, 8>,
    Montgomery<QB512, 8>,
    parameters::B512,
    (minus_three, |x| x.mul(&const { Self::B.triple() }))
);

/// Coefficients in every lane.
#[cfg(target_arch = "x86_64")]
mod in_lanes {
    use super::{Coefficient, Coefficients, Field, Lanes, hex, parameters};

    pub(super) struct LanesA256;
    pub(super) struct LanesC512;
    pub(super) struct LanesB256;
    pub(super) struct LanesA512;

    impl Coefficient for LanesA256 {
        type Field = Lanes<617, 5>;

        const D: Self::Field = Lanes::splat(&hex(parameters::A256_EDWARDS.d));
    }

    impl Coefficient for LanesC512 {
        type Field = Lanes<569, 10>;

        const D: Self::Field = Lanes::splat(&hex(parameters::C512_EDWARDS.d));
    }

    impl Coefficients for LanesB256 {
        type Field = Lanes<617, 5>;

        #[inline(always)]
        fn times_a(x: &Self::Field) -> Self::Field {
            minus_three!(times_a, x)
        }

        #[inline(always)]
        fn times_3b(x: &Self::Field) -> Self::Field {
            x.times_word(498) // b = 166
        }

        #[inline(always)]
        fn slope(x: &Self::Field, zz: &Self::Field) -> Self::Field {
            minus_three!(slope, x, zz)
        }
    }

    impl Coefficients for LanesA512 {
        type Field = Lanes<569, 10>;

        #[inline(always)]
        fn times_a(x: &Self::Field) -> Self::Field {
            minus_three!(times_a, x)
        }

        #[inline(always)]
        fn times_3b(x: &Self::Field) -> Self::Field {
            const B: Lanes<569, 10> = Lanes::splat(&hex(parameters::A512.b));
            let bx = x.mul(&B);
            bx.double().add(&bx)
        }

        #[inline(always)]
        fn slope(x: &Self::Field, zz: &Self::Field) -> Self::Field {
            minus_three!(slope, x, zz)
        }
    }
}

#[cfg(feature = "test-sets")]
mod test_sets {
    use super::{Coefficients, Field, Modulus, Montgomery, PrimeCurve, hex, parameters};

    modulus!(PTest256, parameters::TEST256.p, 4);
    modulus!(QTest256, parameters::TEST256.q, 4);
    modulus!(PTest512, parameters::TEST512.p, 8);
    modulus!(QTest512, parameters::TEST512.q, 8);
    prime_curve!(
        Test256,
        Montgomery<PTest256, 4>,
        Montgomery<QTest256, 4>,
        parameters::TEST256,
        (seven, |x| x.mul(&const { Self::B.triple() }))
    );
    prime_curve!(
        Test512,
        Montgomery<PTest512, 8>,
        Montgomery<QTest512, 8>,
        parameters::TEST512,
        (seven, |x| x.mul(&const { Self::B.triple() }))
    );
}
