use core::fmt;

/// What a mode or a key wrap refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The named argument has a length that the algorithm does not take.
    Length(&'static str),
    /// The message, its associated data or the key is not what was authenticated.
    Forged,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(what) => write!(f, "the {what} has a wrong length"),
            Self::Forged => f.write_str("the authentication code does not match"),
        }
    }
}

impl core::error::Error for Error {}
