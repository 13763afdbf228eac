//! Parameter sets: a curve under one of its OIDs.

use spki::ObjectIdentifier;

use crate::{Curve, Error};

/// A curve under the OID it was named by.
///
/// ```
/// use gost3410::ParameterSet;
///
/// let set = ParameterSet::from_oid(ParameterSet::XCH_A.oid())?;
/// assert_eq!(set.curve(), ParameterSet::TC26_256_B.curve()); // one curve, three OIDs
/// assert_ne!(set, ParameterSet::TC26_256_B);
/// # Ok::<(), gost3410::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterSet(&'static Row);

/// What RFC 9215 §4.2 says of `digestParamSet` in a `SubjectPublicKeyInfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the three key words of the RFC")]
pub enum DigestParameterRule {
    /// MUST be present and name Streebog-256: the CryptoPro OIDs.
    Required,
    /// SHOULD be omitted: 256-A and the 512-bit sets.
    Discouraged,
    /// MUST be omitted: 256-B, 256-C and 256-D under their TC26 OIDs.
    Forbidden,
}

impl ParameterSet {
    /// id-tc26-gost-3410-2012-256-paramSetA.
    pub const TC26_256_A: Self = Self(&TC26_256_A);
    /// id-tc26-gost-3410-2012-256-paramSetB.
    pub const TC26_256_B: Self = Self(&TC26_256_B);
    /// id-tc26-gost-3410-2012-256-paramSetC.
    pub const TC26_256_C: Self = Self(&TC26_256_C);
    /// id-tc26-gost-3410-2012-256-paramSetD.
    pub const TC26_256_D: Self = Self(&TC26_256_D);
    /// id-GostR3410-2001-CryptoPro-A-ParamSet: the curve of 256-B.
    pub const CRYPTO_PRO_A: Self = Self(&CRYPTO_PRO_A);
    /// id-GostR3410-2001-CryptoPro-B-ParamSet: the curve of 256-C.
    pub const CRYPTO_PRO_B: Self = Self(&CRYPTO_PRO_B);
    /// id-GostR3410-2001-CryptoPro-C-ParamSet: the curve of 256-D.
    pub const CRYPTO_PRO_C: Self = Self(&CRYPTO_PRO_C);
    /// id-GostR3410-2001-CryptoPro-XchA-ParamSet: the curve of 256-B.
    pub const XCH_A: Self = Self(&XCH_A);
    /// id-GostR3410-2001-CryptoPro-XchB-ParamSet: the curve of 256-D.
    pub const XCH_B: Self = Self(&XCH_B);
    /// id-tc26-gost-3410-12-512-paramSetA.
    pub const TC26_512_A: Self = Self(&TC26_512_A);
    /// id-tc26-gost-3410-12-512-paramSetB.
    pub const TC26_512_B: Self = Self(&TC26_512_B);
    /// id-tc26-gost-3410-2012-512-paramSetC.
    pub const TC26_512_C: Self = Self(&TC26_512_C);
    /// id-GostR3410-2001-TestParamSet; for test vectors only.
    #[cfg(feature = "test-sets")]
    pub const TEST_256: Self = Self(&TEST_256);
    /// id-tc26-gost-3410-2012-512-paramSetTest; for test vectors only.
    #[cfg(feature = "test-sets")]
    pub const TEST_512: Self = Self(&TEST_512);

    /// Every set of this build.
    pub const ALL: &[Self] = &[
        Self::TC26_256_A,
        Self::TC26_256_B,
        Self::TC26_256_C,
        Self::TC26_256_D,
        Self::CRYPTO_PRO_A,
        Self::CRYPTO_PRO_B,
        Self::CRYPTO_PRO_C,
        Self::XCH_A,
        Self::XCH_B,
        Self::TC26_512_A,
        Self::TC26_512_B,
        Self::TC26_512_C,
        #[cfg(feature = "test-sets")]
        Self::TEST_256,
        #[cfg(feature = "test-sets")]
        Self::TEST_512,
    ];

    /// Finds the set an OID names.
    ///
    /// # Errors
    /// [`Error::UnknownParameterSet`]; the test sets are unknown without the feature `test-sets`.
    pub fn from_oid(oid: ObjectIdentifier) -> Result<Self, Error> {
        let mut sets = Self::ALL.iter();
        sets.find(|set| set.oid() == oid).copied().ok_or(Error::UnknownParameterSet(oid))
    }

    /// The OID as it came: aliases of one curve stay apart.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        self.0.oid
    }

    /// The curve; equal for aliases.
    #[must_use]
    pub const fn curve(self) -> Curve {
        self.0.curve
    }

    /// The name in RFC 4357, RFC 7836 or RFC 9215.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Octets of a coordinate, a private key and a half of a signature: 32 or 64.
    #[must_use]
    pub const fn size(self) -> usize {
        self.0.curve.size()
    }

    /// m/q: 4 for 256-A and 512-C, else 1.
    #[must_use]
    pub const fn cofactor(self) -> u64 {
        self.0.curve.cofactor()
    }

    /// Whether `digestParamSet` belongs into a public key (RFC 9215 §4.2).
    #[must_use]
    pub const fn digest_parameter_rule(self) -> DigestParameterRule {
        self.0.digest
    }
}

impl core::fmt::Debug for ParameterSet {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ParameterSet({})", self.0.name)
    }
}

#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Row {
    oid: ObjectIdentifier,
    name: &'static str,
    curve: Curve,
    digest: DigestParameterRule,
}

const fn row(
    oid: &'static str,
    name: &'static str,
    curve: Curve,
    digest: DigestParameterRule,
) -> Row {
    Row { oid: ObjectIdentifier::new_unwrap(oid), name, curve, digest }
}

use Curve::{A256, A512, B256, B512, C256, C512, D256};
use DigestParameterRule::{Discouraged, Forbidden, Required};

static TC26_256_A: Row =
    row("1.2.643.7.1.2.1.1.1", "id-tc26-gost-3410-2012-256-paramSetA", A256, Discouraged);
static TC26_256_B: Row =
    row("1.2.643.7.1.2.1.1.2", "id-tc26-gost-3410-2012-256-paramSetB", B256, Forbidden);
static TC26_256_C: Row =
    row("1.2.643.7.1.2.1.1.3", "id-tc26-gost-3410-2012-256-paramSetC", C256, Forbidden);
static TC26_256_D: Row =
    row("1.2.643.7.1.2.1.1.4", "id-tc26-gost-3410-2012-256-paramSetD", D256, Forbidden);
static CRYPTO_PRO_A: Row =
    row("1.2.643.2.2.35.1", "id-GostR3410-2001-CryptoPro-A-ParamSet", B256, Required);
static CRYPTO_PRO_B: Row =
    row("1.2.643.2.2.35.2", "id-GostR3410-2001-CryptoPro-B-ParamSet", C256, Required);
static CRYPTO_PRO_C: Row =
    row("1.2.643.2.2.35.3", "id-GostR3410-2001-CryptoPro-C-ParamSet", D256, Required);
static XCH_A: Row =
    row("1.2.643.2.2.36.0", "id-GostR3410-2001-CryptoPro-XchA-ParamSet", B256, Required);
static XCH_B: Row =
    row("1.2.643.2.2.36.1", "id-GostR3410-2001-CryptoPro-XchB-ParamSet", D256, Required);
static TC26_512_A: Row =
    row("1.2.643.7.1.2.1.2.1", "id-tc26-gost-3410-12-512-paramSetA", A512, Discouraged);
static TC26_512_B: Row =
    row("1.2.643.7.1.2.1.2.2", "id-tc26-gost-3410-12-512-paramSetB", B512, Discouraged);
static TC26_512_C: Row =
    row("1.2.643.7.1.2.1.2.3", "id-tc26-gost-3410-2012-512-paramSetC", C512, Discouraged);
#[cfg(feature = "test-sets")]
static TEST_256: Row =
    row("1.2.643.2.2.35.0", "id-GostR3410-2001-TestParamSet", Curve::Test256, Required);
#[cfg(feature = "test-sets")]
static TEST_512: Row = row(
    "1.2.643.7.1.2.1.2.0",
    "id-tc26-gost-3410-2012-512-paramSetTest",
    Curve::Test512,
    Discouraged,
);
