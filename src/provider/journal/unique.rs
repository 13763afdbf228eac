//! What must be unique.

use core::fmt;

/// What must be unique. Never personal data: those are keyed hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueKey {
    /// The name space.
    pub space: KeySpace,
    /// The key in it, hashed.
    pub digest: [u8; 32],
}

/// Name spaces of unique keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeySpace {
    /// The founding of the record.
    Founding,
    /// Logins.
    Login,
    /// Kind of subject, person and organisation (R1).
    Registration,
    /// A person, whose name must be the same in each registration (R1).
    Person,
    /// Issuer's key and serial number.
    Serial,
    /// A subject's public key.
    PublicKey,
    /// A one-time challenge that was answered.
    Challenge,
    /// A try of a login's password, or the lock after too many.
    SignIn,
    /// The account that a certificate signs in.
    Binding,
    /// A public key that is known to be compromised.
    BlockedKey,
}

/// Who holds a unique key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder(pub [u8; 16]);

impl KeySpace {
    /// All name spaces.
    pub const ALL: [Self; 10] = [
        Self::Founding,
        Self::Login,
        Self::Registration,
        Self::Person,
        Self::Serial,
        Self::PublicKey,
        Self::Challenge,
        Self::SignIn,
        Self::Binding,
        Self::BlockedKey,
    ];

    /// A short name, fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Founding => "founding",
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Person => "person",
            Self::Serial => "serial",
            Self::PublicKey => "public-key",
            Self::Challenge => "challenge",
            Self::SignIn => "sign-in",
            Self::Binding => "binding",
            Self::BlockedKey => "blocked-key",
        }
    }
}

impl fmt::Display for UniqueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.space.name(), crate::hex::encode(&self.digest))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}
