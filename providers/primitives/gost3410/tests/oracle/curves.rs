//! The curves of cofactor 1, as `primeorder` wants them.
//!
//! The numbers are those of `vectors/curves.json` (RFC 4357, 11.4; RFC 7836, A.1), written down apart
//! from the tables of this crate. The generators of the fields serve square roots only, for which
//! the least quadratic non-residue does; nothing here takes any.
#![expect(deprecated, reason = "the macro of primefield calls what crypto-bigint renamed")]

macro_rules! prime_field {
    ($element:ident, $integer:ident, $modulus:literal, $non_residue:literal) => {
        use primefield::bigint::$integer;
        use primefield::ff::PrimeField;
        use primefield::subtle::{Choice, ConstantTimeEq, CtOption};

        primefield::monty_field_params!(
            name: Parameters,
            modulus: $modulus,
            uint: $integer,
            byte_order: primefield::ByteOrder::BigEndian,
            multiplicative_generator: $non_residue,
            doc: "The modulus"
        );
        primefield::monty_field_element!(
            name: $element,
            params: Parameters,
            uint: $integer,
            doc: "A number modulo it"
        );
        primefield::monty_field_arithmetic!(
            name: $element,
            params: Parameters,
            uint: $integer
        );
    };
}

macro_rules! scalar_field {
    ($integer:ident, $modulus:literal, $non_residue:literal) => {
        use primeorder::elliptic_curve::scalar::{FromUintUnchecked, IsHigh};

        prime_field!(Scalar, $integer, $modulus, $non_residue);
        primefield::monty_field_reduce!(name: Scalar, params: Parameters, uint: $integer,);
        primeorder::elliptic_curve::scalar_impls!(super::C, Scalar);
        primeorder::wnaf::impl_wnaf_size_for_scalar!(Scalar);

        impl AsRef<Self> for Scalar {
            fn as_ref(&self) -> &Self {
                self
            }
        }

        impl FromUintUnchecked for Scalar {
            type Uint = $integer;

            fn from_uint_unchecked(number: $integer) -> Self {
                Self::from_uint_unchecked(number)
            }
        }

        impl IsHigh for Scalar {
            fn is_high(&self) -> Choice {
                Choice::from(u8::from(self.to_canonical() > (-self).to_canonical()))
            }
        }
    };
}

macro_rules! curve {
    (
        $name:ident, $integer:ident, $octets:ident;
        p $p:literal $field_non_residue:literal;
        q $q:literal $scalar_non_residue:literal;
        a $a:literal; b $b:literal; x $x:literal; y $y:literal
    ) => {
        pub(crate) mod $name {
            use field::Element;
            use primefield::bigint::{Odd, $integer};
            use primefield::consts::$octets;
            use primeorder::elliptic_curve::{Curve, CurveArithmetic, PrimeCurve};
            use primeorder::elliptic_curve::{hazmat::FieldArithmetic, ops::BatchInvert};
            use primeorder::mul_backend::VariableOnly;
            use primeorder::point_arithmetic::EquationAIsGeneric;
            use primeorder::{AffinePoint, PrimeCurveParams, ProjectivePoint};

            mod field {
                prime_field!(Element, $integer, $p, $field_non_residue);
            }

            mod scalar {
                scalar_field!($integer, $q, $scalar_non_residue);
            }

            /// The curve.
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
            pub struct C;

            impl Curve for C {
                type FieldBytesSize = $octets;
                type Uint = $integer;
                const ORDER: Odd<$integer> = Odd::<$integer>::from_be_hex($q);
            }

            impl PrimeCurve for C {}

            impl CurveArithmetic for C {
                type AffinePoint = AffinePoint<Self>;
                type ProjectivePoint = ProjectivePoint<Self>;
                type Scalar = scalar::Scalar;
            }

            impl BatchInvert for Element {}

            impl FieldArithmetic for C {
                type FieldElement = Element;
            }

            impl PrimeCurveParams for C {
                type PointArithmetic = EquationAIsGeneric;
                type Backend = VariableOnly;
                const EQUATION_A: Element = Element::from_hex_vartime($a);
                const EQUATION_B: Element = Element::from_hex_vartime($b);
                const GENERATOR: (Element, Element) =
                    (Element::from_hex_vartime($x), Element::from_hex_vartime($y));
            }
        }
    };
}

curve!(
    b256, U256, U32;
    p "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97" 7;
    q "ffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893" 2;
    a "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd94";
    b "00000000000000000000000000000000000000000000000000000000000000a6";
    x "0000000000000000000000000000000000000000000000000000000000000001";
    y "8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14"
);

curve!(
    c256, U256, U32;
    p "8000000000000000000000000000000000000000000000000000000000000c99" 3;
    q "800000000000000000000000000000015f700cfff1a624e5e497161bcc8a198f" 5;
    a "8000000000000000000000000000000000000000000000000000000000000c96";
    b "3e1af419a269a5f866a7d3c25c3df80ae979259373ff2b182f49d4ce7e1bbc8b";
    x "0000000000000000000000000000000000000000000000000000000000000001";
    y "3fa8124359f96680b83d1c3eb2c070e5c545c9858d03ecfb744bf8d717717efc"
);

curve!(
    d256, U256, U32;
    p "9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d759b" 2;
    q "9b9f605f5a858107ab1ec85e6b41c8aa582ca3511eddfb74f02f3a6598980bb9" 7;
    a "9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d7598";
    b "000000000000000000000000000000000000000000000000000000000000805a";
    x "0000000000000000000000000000000000000000000000000000000000000000";
    y "41ece55743711a8c3cbf3783cd08c0ee4d4dc440d4641a8f366e550dfdb3bb67"
);

curve!(
    a512, U512, U64;
    p "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc7" 5;
    q "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275" 2;
    a "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc4";
    b "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265\
     ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760";
    x "0000000000000000000000000000000000000000000000000000000000000000\
     0000000000000000000000000000000000000000000000000000000000000003";
    y "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921\
     df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4"
);

curve!(
    b512, U512, U64;
    p "8000000000000000000000000000000000000000000000000000000000000000\
     000000000000000000000000000000000000000000000000000000000000006f" 7;
    q "8000000000000000000000000000000000000000000000000000000000000001\
     49a1ec142565a545acfdb77bd9d40cfa8b996712101bea0ec6346c54374f25bd" 2;
    a "8000000000000000000000000000000000000000000000000000000000000000\
     000000000000000000000000000000000000000000000000000000000000006c";
    b "687d1b459dc841457e3e06cf6f5e2517b97c7d614af138bcbf85dc806c4b289f\
     3e965d2db1416d217f8b276fad1ab69c50f78bee1fa3106efb8ccbc7c5140116";
    x "0000000000000000000000000000000000000000000000000000000000000000\
     0000000000000000000000000000000000000000000000000000000000000002";
    y "1a8f7eda389b094c2c071e3647a8940f3c123b697578c213be6dd9e6c8ec7335\
     dcb228fd1edf4a39152cbcaaf8c0398828041055f94ceeec7e21340780fe41bd"
);
