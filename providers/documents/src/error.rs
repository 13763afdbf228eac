//! Why a message could not be read or made.

use std::io;

use const_oid::ObjectIdentifier;
use gost_ca::provider::ProviderError;
use gost_ca::x509::BadDer;

/// A message could not be read or made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The octets are not the message that they should be.
    #[error(transparent)]
    Malformed(#[from] BadDer),
    /// What the octets come from or go to failed.
    #[error("reading or writing failed")]
    Io(#[source] io::Error),
    /// The key, its store or the random generator refused.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// Well formed, but with an algorithm or a form that is not known here.
    #[error("unsupported {what}: {name}")]
    Unsupported {
        /// What kind of thing.
        what: &'static str,
        /// Which.
        name: String,
    },
    /// The message is of another type.
    #[error("a message of the type {0} was not expected")]
    OtherType(ObjectIdentifier),
    /// A part that is kept in memory is longer than allowed.
    #[error("a part of the message is longer than {0} octets")]
    TooLong(u64),
    /// The open key is not that of the certificate.
    #[error("the key is not the certificate's")]
    WrongKey,
    /// No recipient of the message is the owner of this certificate.
    #[error("the message is for others")]
    NotForThisKey,
    /// The certificate does not allow what its key was to be used for.
    #[error("the certificate of the recipient does not allow it: {0}")]
    Recipient(&'static str),
    /// The content is not what was encrypted, or the key is another.
    #[error("the message was changed, or the key is not its key")]
    Forged,
    /// The content read the second time is not the one that was signed.
    #[error("the content changed while it was signed")]
    Changed,
    /// An XML document is refused.
    #[cfg(feature = "xml")]
    #[error(transparent)]
    Xml(#[from] crate::xml::XmlFault),
    /// A service answered, but not what was asked for.
    #[error("the answer of the service is refused: {0}")]
    Answer(String),
    /// A PDF could not be read or signed.
    #[cfg(feature = "pdf")]
    #[error(transparent)]
    Pdf(#[from] crate::pdf::PdfError),
}

impl Error {
    pub(crate) fn malformed(what: &'static str, why: impl core::fmt::Display) -> Self {
        Self::Malformed(BadDer::new(what, why))
    }

    pub(crate) fn unsupported(what: &'static str, name: impl core::fmt::Display) -> Self {
        Self::Unsupported { what, name: name.to_string() }
    }
}

/// Our own errors come back out of the readers that they went through.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(own) => own,
            Err(error) => Self::Io(error),
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) => error,
            Error::Malformed(_) | Error::Forged => Self::new(io::ErrorKind::InvalidData, error),
            error => Self::other(error),
        }
    }
}

/// What reading and making messages gives.
pub type Result<T, E = Error> = core::result::Result<T, E>;
