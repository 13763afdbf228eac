//! Why something was not done.

/// Why something was not done; the page has a text for each code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The page and the module do not fit together.
    #[error("not a question: {0}")]
    Question(#[from] serde_json::Error),
    /// The generator is not full.
    #[error("more moves are wanted")]
    MoreMoves,
    /// The events repeat themselves, or the browser gives no randomness.
    #[error("the random generator failed")]
    Randomness,
    /// The password does not open the container.
    #[error("the password is wrong")]
    WrongPassword,
    /// The password is too short.
    #[error("the password has fewer than {MIN_PASSWORD} characters")]
    ShortPassword,
    /// The password is temporary.
    #[error("the password is temporary: change it first")]
    TemporaryPassword,
    /// The file is no container, or a damaged one.
    #[error("not a container")]
    Container,
    /// The certificate is none, or another key's.
    #[error("the certificate does not belong to the container")]
    Certificate,
    /// There is no such parameter set.
    #[error("not a parameter set")]
    ParameterSet,
    /// The subject cannot be written.
    #[error("the subject cannot be written")]
    Subject,
    /// No key of that number is open.
    #[error("the key is not open")]
    NotOpen,
    /// Signing failed.
    #[error("signing failed")]
    Signing,
}

impl Failure {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Question(_) => "question",
            Self::MoreMoves => "more-moves",
            Self::Randomness => "randomness",
            Self::WrongPassword => "wrong-password",
            Self::ShortPassword => "short-password",
            Self::TemporaryPassword => "temporary-password",
            Self::Container => "container",
            Self::Certificate => "certificate",
            Self::ParameterSet => "parameter-set",
            Self::Subject => "subject",
            Self::NotOpen => "not-open",
            Self::Signing => "signing",
        }
    }
}

/// Shortest password of a container, in characters.
pub(crate) const MIN_PASSWORD: usize = 8;
