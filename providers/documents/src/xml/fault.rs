//! Why an XML document is refused.

/// Why an XML document is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlFault {
    /// It is not well formed, or its namespaces are not.
    #[error("not well-formed XML: {0}")]
    Malformed(String),
    /// It has a document type declaration: entities and default attributes are not read.
    #[error("a document type declaration is not allowed")]
    DocumentType,
    /// It is in another encoding than UTF-8.
    #[error("the encoding is {0}, not UTF-8")]
    Encoding(String),
    /// It is of another version than 1.0.
    #[error("XML of the version {0} is not read")]
    Version(String),
    /// It is longer, or becomes longer in its canonical form, than allowed.
    #[error("XML of more than {0} octets")]
    TooLong(usize),
    /// Elements are nested deeper than allowed.
    #[error("elements nested deeper than {0}")]
    TooDeep(usize),
    /// It has more nodes than allowed.
    #[error("more than {0} nodes")]
    TooManyNodes(u32),
    /// An element has more attributes, or more namespaces in scope, than allowed.
    #[error("an element with more than {0} attributes or namespaces")]
    TooManyAttributes(usize),
    /// Signatures have more references than allowed.
    #[error("more than {0} signatures and references")]
    TooManyReferences(usize),
    /// A namespace has a relative name, for which there is no canonical form (C14N 1.0 §1.1).
    #[error("the namespace {0:?} has a relative name")]
    RelativeNamespace(String),
    /// A base address is inherited, which C14N 1.1 would rewrite.
    #[error("xml:base above the signed element is not supported under C14N 1.1")]
    InheritedBase,
    /// No element is where one was looked for.
    #[error("there is no element {0}")]
    NoElement(String),
    /// Several elements are where one was looked for.
    #[error("there are several elements {0}")]
    SeveralElements(String),
    /// What was to be added would break a signature.
    #[error("the signature {0} is over the place of what was to be added")]
    Covered(String),
}

impl XmlFault {
    pub(super) fn malformed(why: &str) -> Self {
        Self::Malformed(why.to_owned())
    }
}
