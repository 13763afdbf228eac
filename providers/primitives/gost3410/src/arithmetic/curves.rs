//! The numbers of the parameter sets (RFC 4357, 11.4; RFC 7836, appendix A; RFC 9215, appendix E).

use core::marker::PhantomData;

use once_cell::race::OnceBox;

use super::{
    Arithmetic,
    edwards::{Coefficient, Edwards, QuarterCurve},
    engine::Engine,
    field::Field,
    fixed_base::FixedBase,
    limbs::hex,
    montgomery::{Modulus, Montgomery},
    weierstrass::{Coefficients, PrimeCurve, Weierstrass},
};
use crate::Curve;

/// The arithmetic for any target.
pub(crate) fn portable(curve: Curve) -> &'static dyn Arithmetic {
    match curve {
        Curve::A256 => &Engine::<Edwards<A256>>(PhantomData),
        Curve::B256 => &Engine::<Weierstrass<B256>>(PhantomData),
        Curve::C256 => &Engine::<Weierstrass<C256>>(PhantomData),
        Curve::D256 => &Engine::<Weierstrass<D256>>(PhantomData),
        Curve::A512 => &Engine::<Weierstrass<A512>>(PhantomData),
        Curve::B512 => &Engine::<Weierstrass<B512>>(PhantomData),
        Curve::C512 => &Engine::<Edwards<C512>>(PhantomData),
        #[cfg(feature = "test-sets")]
        Curve::Test256 => &Engine::<Weierstrass<Test256>>(PhantomData),
        #[cfg(feature = "test-sets")]
        Curve::Test512 => &Engine::<Weierstrass<Test512>>(PhantomData),
    }
}

/// a = -3.
macro_rules! minus_three {
    ($x:expr) => {
        $x.double().add($x).neg()
    };
}

/// a = 7.
#[cfg(feature = "test-sets")]
macro_rules! seven {
    ($x:expr) => {
        $x.double().double().double().sub($x)
    };
}

/// A modulus by its digits.
macro_rules! modulus {
    ($name:ident, $limbs:literal, $digits:expr) => {
        #[derive(Clone, Copy)]
        pub(crate) struct $name;

        impl Modulus<$limbs> for $name {
            const P: [u64; $limbs] = hex($digits);
        }
    };
}

/// A curve of prime order in Weierstrass form.
macro_rules! prime_curve {
    ($curve:ident, $field:ty, $order:ty, $times_a:ident, $b:expr, $x:expr, $y:expr) => {
        pub(crate) struct $curve;

        impl $curve {
            const B3: $field = <$field>::from_limbs(&hex($b)).triple();
        }

        impl Coefficients for $curve {
            type Field = $field;

            #[inline(always)]
            fn times_a(x: &$field) -> $field {
                $times_a!(x)
            }

            #[inline(always)]
            fn times_3b(x: &$field) -> $field {
                x.mul(&Self::B3)
            }
        }

        impl PrimeCurve for $curve {
            type Order = $order;

            const B: $field = <$field>::from_limbs(&hex($b));
            const X: $field = <$field>::from_limbs(&hex($x));
            const Y: $field = <$field>::from_limbs(&hex($y));

            fn multiples() -> &'static OnceBox<FixedBase<Weierstrass<Self>>> {
                static MULTIPLES: OnceBox<FixedBase<Weierstrass<$curve>>> = OnceBox::new();
                &MULTIPLES
            }
        }
    };
}

/// A curve of order 4q in Edwards form: d, s, t, and a, b, x, y of the Weierstrass form.
macro_rules! quarter_curve {
    ($curve:ident, $field:ty, $order:ty, $($name:ident = $digits:expr),+ $(,)?) => {
        pub(crate) struct $curve;

        quarter_curve!(@d $curve, $field, $($name = $digits),+);
        quarter_curve!(@rest $curve, $field, $order, $($name = $digits),+);
    };
    (@d $curve:ident, $field:ty, $d:ident = $digits:expr, $($rest:tt)*) => {
        impl Coefficient for $curve {
            type Field = $field;

            const D: $field = <$field>::from_limbs(&hex($digits));
        }
    };
    (@rest $curve:ident, $field:ty, $order:ty, $d:ident = $unused:expr,
        $($name:ident = $digits:expr),+) => {
        impl QuarterCurve for $curve {
            type Order = $order;

            $(const $name: $field = <$field>::from_limbs(&hex($digits));)+

            fn multiples() -> &'static OnceBox<FixedBase<Edwards<Self>>> {
                static MULTIPLES: OnceBox<FixedBase<Edwards<$curve>>> = OnceBox::new();
                &MULTIPLES
            }
        }
    };
}

modulus!(P256, 4, "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97");
modulus!(QA256, 4, "400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67");
quarter_curve!(A256, Montgomery<P256, 4>, Montgomery<QA256, 4>, D = "0605f6b7c183fa81578bc39cfad518132b9df62897009af7e522c32d6dc7bffb", S = "7e7e82520f9f015faa1d0f18c14ab9fb35188275da3fd94206b74f34a48e0ecd", T = "0100fe73f595ff158e974b44d478d9588744fe5c192ac47ea63075dce7a14aaa", A = "c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335", B = "295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513", X = "91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28", Y = "32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c");

modulus!(QB256, 4, "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893");
prime_curve!(B256, Montgomery<P256, 4>, Montgomery<QB256, 4>, minus_three, "00000000000000000000000000000000000000000000000000000000000000a6", "0000000000000000000000000000000000000000000000000000000000000001", "8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14");

modulus!(PC256, 4, "8000000000000000000000000000000000000000000000000000000000000c99");
modulus!(QC256, 4, "800000000000000000000000000000015f700cfff1a624e5e497161bcc8a198f");
prime_curve!(C256, Montgomery<PC256, 4>, Montgomery<QC256, 4>, minus_three, "3e1af419a269a5f866a7d3c25c3df80ae979259373ff2b182f49d4ce7e1bbc8b", "0000000000000000000000000000000000000000000000000000000000000001", "3fa8124359f96680b83d1c3eb2c070e5c545c9858d03ecfb744bf8d717717efc");

modulus!(PD256, 4, "9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d759b");
modulus!(QD256, 4, "9b9f605f5a858107ab1ec85e6b41c8aa582ca3511eddfb74f02f3a6598980bb9");
prime_curve!(D256, Montgomery<PD256, 4>, Montgomery<QD256, 4>, minus_three, "000000000000000000000000000000000000000000000000000000000000805a", "0000000000000000000000000000000000000000000000000000000000000000", "41ece55743711a8c3cbf3783cd08c0ee4d4dc440d4641a8f366e550dfdb3bb67");

modulus!(
    P512,
    8,
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc7"
);
modulus!(
    QA512,
    8,
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275"
);
prime_curve!(A512, Montgomery<P512, 8>, Montgomery<QA512, 8>, minus_three, "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760", "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000003", "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4");

modulus!(
    PB512,
    8,
    "8000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006f"
);
modulus!(
    QB512,
    8,
    "800000000000000000000000000000000000000000000000000000000000000149a1ec142565a545acfdb77bd9d40cfa8b996712101bea0ec6346c54374f25bd"
);
prime_curve!(B512, Montgomery<PB512, 8>, Montgomery<QB512, 8>, minus_three, "687d1b459dc841457e3e06cf6f5e2517b97c7d614af138bcbf85dc806c4b289f3e965d2db1416d217f8b276fad1ab69c50f78bee1fa3106efb8ccbc7c5140116", "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000002", "1a8f7eda389b094c2c071e3647a8940f3c123b697578c213be6dd9e6c8ec7335dcb228fd1edf4a39152cbcaaf8c0398828041055f94ceeec7e21340780fe41bd");

modulus!(
    QC512,
    8,
    "3fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc98cdba46506ab004c33a9ff5147502cc8eda9e7a769a12694623cef47f023ed"
);
quarter_curve!(C512, Montgomery<P512, 8>, Montgomery<QC512, 8>, D = "9e4f5d8c017d8d9f13a5cf3cdf5bfe4dab402d54198e31ebde28a0621050439ca6b39e0a515c06b304e2ce43e79e369e91a0cfc2bc2a22b4ca302dbb33ee7550", S = "186c289cffa09c983b168c30c829006c952ff4aaf99c73850875d7e77bebef18d653187d6ba8fe533ec74c6f061872585b97cc0f50f57752cd73f4913304621e", T = "9a628f975594ecefd89ba28a2539ffb79c8ab238aeed0851fa5c1abb02b80b44c6734501b83a011dd625cd0b5145091a6d9acd4b1f5c5b1e21b2b249ddfd1271", A = "dc9203e514a721875485a529d2c722fb187bc8980eb866644de41c68e143064546e861c0e2c9edd92ade71f46fcf50ff2ad97f951fda9f2a2eb6546f39689bd3", B = "b4c4ee28cebc6c2c8ac12952cf37f16ac7efb6a9f69f4b57ffda2e4f0de5ade038cbc2fff719d2c18de0284b8bfef3b52b8cc7a5f5bf0a3c8d2319a5312557e1", X = "e2e31edfc23de7bdebe241ce593ef5de2295b7a9cbaef021d385f7074cea043aa27272a7ae602bf2a7b9033db9ed3610c6fb85487eae97aac5bc7928c1950148", Y = "f5ce40d95b5eb899abbccff5911cb8577939804d6527378b8c108c3d2090ff9be18e2d33e3021ed2ef32d85822423b6304f726aa854bae07d0396e9a9addc40f");

#[cfg(feature = "test-sets")]
modulus!(PTest256, 4, "8000000000000000000000000000000000000000000000000000000000000431");
#[cfg(feature = "test-sets")]
modulus!(QTest256, 4, "8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3");
#[cfg(feature = "test-sets")]
prime_curve!(Test256, Montgomery<PTest256, 4>, Montgomery<QTest256, 4>, seven, "5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7e", "0000000000000000000000000000000000000000000000000000000000000002", "08e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8");

#[cfg(feature = "test-sets")]
modulus!(
    PTest512,
    8,
    "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15df1d852741af4704a0458047e80e4546d35b8336fac224dd81664bbf528be6373"
);
#[cfg(feature = "test-sets")]
modulus!(
    QTest512,
    8,
    "4531acd1fe0023c7550d267b6b2fee80922b14b2ffb90f04d4eb7c09b5d2d15da82f2d7ecb1dbac719905c5eecc423f1d86e25edbe23c595d644aaf187e6e6df"
);
#[cfg(feature = "test-sets")]
prime_curve!(Test512, Montgomery<PTest512, 8>, Montgomery<QTest512, 8>, seven, "1cff0806a31116da29d8cfa54e57eb748bc5f377e49400fdd788b649eca1ac4361834013b2ad7322480a89ca58e0cf74bc9e540c2add6897fad0a3084f302adc", "24d19cc64572ee30f396bf6ebbfd7a6c5213b3b3d7057cc825f91093a68cd762fd60611262cd838dc6b60aa7eee804e28bc849977fac33b4b530f1b120248a9a", "2bb312a43bd2ce6e0d020613c857acddcfbf061e91e5f2c3f32447c259f39b2c83ab156d77f1496bf7eb3351e1ee4e43dc1a18b91b24640b6dbb92cb1add371e");
