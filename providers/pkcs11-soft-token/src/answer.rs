//! Answers of variable length, by the convention of PKCS#11 2.40, 5.2.

/// What room a caller gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// No buffer: the caller asks how long the answer will be.
    Query,
    /// A buffer of so many octets.
    Octets(usize),
}

/// What a caller gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// So many octets are needed, and the operation goes on.
    Needs(usize),
    /// The octets.
    Gives(Vec<u8>),
}

impl Room {
    /// Whether an answer fits.
    pub(crate) const fn holds(self, length: usize) -> bool {
        match self {
            Self::Query => false,
            Self::Octets(octets) => octets >= length,
        }
    }
}
