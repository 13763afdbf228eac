//! Why a PDF could not be read or signed.

/// A PDF could not be read or signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// The file breaks the rules of the format; readers may see different things in it.
    #[error("the PDF is malformed: {0}")]
    Malformed(String),
    /// The file is encrypted: decrypt it first.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// More than is looked at.
    #[error("the PDF has more than {most} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many are looked at.
        most: usize,
    },
    /// Whoever certified the document allows no changes, not even signatures.
    #[error("the document is certified: no signatures may be added")]
    Certified,
    /// A signature stands in this field already, or it is no field for one.
    #[error("the field {0} is taken")]
    FieldTaken(String),
    /// A signature that is there locks this field.
    #[error("the field {0} is locked by a signature")]
    Locked(String),
    /// A field's name may not be empty, and a dot parts names.
    #[error("{0:?} is no name of a field")]
    FieldName(String),
    /// The document has no such page.
    #[error("there is no page {0}")]
    NoPage(usize),
    /// The font cannot be read, or lacks a letter.
    #[error("the font of the stamp is refused: {0}")]
    Font(String),
    /// The rectangle of the stamp is too small for its text, or is none.
    #[error("the text of the stamp does not fit into its rectangle")]
    StampTooSmall,
    /// The signed message is longer than the place kept for it.
    #[error("the signature has {needed} octets, the file keeps {kept} for it")]
    NoRoom {
        /// Octets of the signed message.
        needed: usize,
        /// Octets that there is a place for.
        kept: usize,
    },
}

impl From<lopdf::Error> for PdfError {
    fn from(error: lopdf::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<lopdf::Error> for crate::Error {
    fn from(error: lopdf::Error) -> Self {
        PdfError::from(error).into()
    }
}
