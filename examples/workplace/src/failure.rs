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
    /// The file is no signed or encrypted message, or not one that is understood.
    #[error("not a message that is understood")]
    Document,
    /// The signature is apart from its document.
    #[error("the signature is detached: its document is wanted")]
    ContentWanted,
    /// The message is for others.
    #[error("the message is for others")]
    ForOthers,
    /// The message was changed.
    #[error("the message was changed")]
    Forged,
    /// The certificate does not allow encrypting to it.
    #[error("the certificate does not allow encryption")]
    Recipient,
    /// The file could not be read, or is another than before.
    #[error("the file could not be read")]
    File,
}

impl From<gost_ca_documents::Error> for Failure {
    fn from(error: gost_ca_documents::Error) -> Self {
        use gost_ca_documents::Error;
        match error {
            Error::Io(_) | Error::Changed => Self::File,
            Error::Provider(_) => Self::Signing,
            Error::WrongKey => Self::Certificate,
            Error::NotForThisKey => Self::ForOthers,
            Error::Forged => Self::Forged,
            Error::Recipient(_) => Self::Recipient,
            _ => Self::Document,
        }
    }
}

/// Readers give back the errors that went through them.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        gost_ca_documents::Error::from(error).into()
    }
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
            Self::Document => "document",
            Self::ContentWanted => "content-wanted",
            Self::ForOthers => "for-others",
            Self::Forged => "forged",
            Self::Recipient => "recipient",
            Self::File => "file",
        }
    }
}

/// Shortest password of a container, in characters.
pub(crate) const MIN_PASSWORD: usize = 8;
