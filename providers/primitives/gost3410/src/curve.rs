//! The distinct curves of GOST R 34.10.

/// A curve with its base point, whatever OIDs it goes by.
///
/// Two keys are the same exactly when `Curve`, x and y are equal: the same curve is known under
/// several OIDs (RFC 9215, appendix C).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Curve {
    /// id-tc26-gost-3410-2012-256-paramSetA; cofactor 4.
    A256,
    /// id-tc26-gost-3410-2012-256-paramSetB = CryptoPro-A = `XchA`.
    B256,
    /// id-tc26-gost-3410-2012-256-paramSetC = CryptoPro-B.
    C256,
    /// id-tc26-gost-3410-2012-256-paramSetD = CryptoPro-C = `XchB`.
    D256,
    /// id-tc26-gost-3410-12-512-paramSetA.
    A512,
    /// id-tc26-gost-3410-12-512-paramSetB.
    B512,
    /// id-tc26-gost-3410-2012-512-paramSetC; cofactor 4.
    C512,
    /// id-GostR3410-2001-TestParamSet, the 256-bit example of RFC 7091.
    #[cfg(feature = "test-sets")]
    Test256,
    /// id-tc26-gost-3410-2012-512-paramSetTest, the 512-bit example of the standard.
    #[cfg(feature = "test-sets")]
    Test512,
}

impl Curve {
    /// Octets of a coordinate, a private key and a half of a signature: 32 or 64.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::A256 | Self::B256 | Self::C256 | Self::D256 => 32,
            Self::A512 | Self::B512 | Self::C512 => 64,
            #[cfg(feature = "test-sets")]
            Self::Test256 => 32,
            #[cfg(feature = "test-sets")]
            Self::Test512 => 64,
        }
    }

    /// m/q: the number of points divided by the order of the base point.
    #[must_use]
    pub const fn cofactor(self) -> u64 {
        match self {
            Self::A256 | Self::C512 => 4,
            _ => 1,
        }
    }
}
