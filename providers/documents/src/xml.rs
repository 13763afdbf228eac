//! Signatures in XML: XMLDSig, XAdES-BES and XAdES-T with the algorithms of GOST.
//!
//! Of XMLDSig only that is done which can be said to be signed or not: whole elements, whole documents, and contents
//! that the caller hands over. No document type, no XPath, no XSLT, nothing that lies at an address.
//!
//! ```
//! # use std::sync::Arc;
//! # use der::Decode;
//! # use gost3410::SigningKey;
//! # use gost_ca::x509::Certificate;
//! # use gost_ca_documents::xml::{XmlDocument, XmlLimits, XmlRules, XmlSigning};
//! # use gost_ca_documents::{CheckRules, Checker, Signatory, Verdict};
//! # use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
//! # use pkcs8::PrivateKeyInfoRef;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
//! # let read = |name: &str| std::fs::read(format!("../../tests/data/samples/generated/{name}"));
//! # let pem = String::from_utf8(read("person.key.pem")?)?;
//! # let (_, pkcs8) = der::SecretDocument::from_pem(&pem)?;
//! # let key = SigningKey::from_pkcs8(&PrivateKeyInfoRef::from_der(pkcs8.as_bytes())?)?;
//! # let key = GostSigner::new(key, Arc::new(SystemRng))?;
//! # let certificate = Certificate::from_der(&read("person.cer")?)?;
//! # let anchors = [Certificate::from_der(&read("root.cer")?)?];
//! # let pool = [Certificate::from_der(&read("ca256.cer")?)?];
//! let order = XmlDocument::from_octets(b"<order><sum>100</sum></order>", XmlLimits::default())?;
//! let signatory = Signatory::new(&key, &certificate)?;
//! let signed = order.sign(&signatory, &XmlSigning::default()).await?;
//!
//! let received = XmlDocument::from_octets(signed.as_bytes(), XmlLimits::default())?;
//! let mut rules = CheckRules::at("2026-11-22T10:00:00Z".parse()?);
//! rules.status = false; // no CRL is at hand
//! let mut checker = Checker::new(&anchors, &GostVerifier, rules);
//! checker.certificates = &pool;
//! let checked = checker.xml(&received, &XmlRules::default()).await?;
//! assert_eq!(checked.report.verdict, Verdict::Valid);
//! // Go on with what was signed, not with what was received.
//! assert_eq!(checked.signatures[0].covered[0].octets, b"<order><sum>100</sum></order>");
//! # Ok(())
//! # }
//! ```

mod algorithm;
mod canonical;
mod check;
mod compose;
mod fault;
mod reference;
mod scan;
mod sign;
mod signature;
mod smev;
mod stamp;
mod tree;
mod xades;

use roxmltree::{Document, Error as ParseError, ParsingOptions};

pub use canonical::{CanonicalForm, Canonicalization};
pub use check::{Coverage, Covered, SignedPart, XmlReport, XmlRules, XmlSignature};
pub use fault::XmlFault;
pub use sign::{Enclosed, XmlSigning};
pub use tree::{Locator, XmlName};

use crate::error::Result;

/// A document, well formed and within its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlDocument {
    /// With the ends of its lines as XML 1.0 §2.11 wants them.
    text: String,
    limits: XmlLimits,
}

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "callers state all of them")]
pub struct XmlLimits {
    /// Octets of a document, and of a canonical form; four times as many of all that signatures refer to together.
    pub octets: usize,
    /// Elements within elements.
    pub depth: usize,
    /// Attributes of an element, and namespaces in scope.
    pub attributes: usize,
    /// Elements, texts, comments and instructions.
    pub nodes: u32,
    /// References of all signatures together.
    pub references: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self { octets: 0x100_0000, depth: 256, attributes: 256, nodes: 1_000_000, references: 64 }
    }
}

impl XmlDocument {
    /// Reads a document.
    ///
    /// # Errors
    /// [`Error::Xml`](crate::Error::Xml) where it is not well formed, passes a limit, or has a document type.
    pub fn from_octets(octets: &[u8], limits: XmlLimits) -> Result<Self> {
        if octets.len() > limits.octets {
            return Err(XmlFault::TooLong(limits.octets).into());
        }
        let text = core::str::from_utf8(octets);
        let text = text.map_err(|error| XmlFault::Encoding(error.to_string()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // Before parsing: the parser beneath does it too late beside references.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        scan::scan(&text, &limits)?;
        let document = Self { text, limits };
        document.tree()?;
        Ok(document)
    }

    /// The text of the document, with the ends of its lines as parsers see them.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The canonical form of the whole.
    ///
    /// # Errors
    /// [`XmlFault`] where there is none, or it is too long.
    pub fn canonical(&self, method: &Canonicalization) -> Result<Vec<u8>> {
        let tree = self.tree()?;
        Ok(canonical::canonicalize(tree.root(), None, method, &self.limits)?)
    }

    /// The canonical form of an element.
    ///
    /// # Errors
    /// As [`canonical`](Self::canonical), and where there is not exactly one such element.
    pub fn canonical_element(
        &self,
        element: &Locator,
        method: &Canonicalization,
    ) -> Result<Vec<u8>> {
        let tree = self.tree()?;
        let element = tree::find(&tree, element)?;
        Ok(canonical::canonicalize(element, None, method, &self.limits)?)
    }

    fn tree(&self) -> core::result::Result<Document<'_>, XmlFault> {
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: self.limits.nodes,
            entity_resolver: None,
        };
        Document::parse_with_options(&self.text, options).map_err(|error| match error {
            ParseError::DtdDetected => XmlFault::DocumentType,
            ParseError::NodesLimitReached => XmlFault::TooManyNodes(self.limits.nodes),
            other => XmlFault::Malformed(other.to_string()),
        })
    }
}
