//! A signature as it is written: read strictly, in the order of its schema.

use base64ct::{Base64, Encoding};
use const_oid::ObjectIdentifier;
use gost_ca::x509::Certificate;
use roxmltree::{Document, Node};

use super::algorithm::{self, ENVELOPED};
use super::canonical::{CanonicalForm, Canonicalization};
use super::fault::XmlFault;
use super::scan::SPACES;
use super::smev::SMEV;
use super::tree::is;
use crate::error::{Error, Result};
use crate::hash::HashFunction;

/// A `Signature`.
#[derive(Debug)]
pub(super) struct Signature<'a> {
    pub(super) element: Node<'a, 'a>,
    pub(super) signed_info: Node<'a, 'a>,
    pub(super) method: Canonicalization,
    pub(super) algorithm: ObjectIdentifier,
    pub(super) references: Vec<Reference<'a>>,
    pub(super) value: Vec<u8>,
    /// The element that it stands in.
    pub(super) value_element: Node<'a, 'a>,
    /// Those of its `KeyInfo`, in order.
    pub(super) certificates: Vec<Certificate>,
    pub(super) objects: Vec<Node<'a, 'a>>,
}

/// A `Reference`.
#[derive(Debug)]
pub(super) struct Reference<'a> {
    pub(super) uri: Option<&'a str>,
    /// Unsupported where it has any other transform than these.
    pub(super) transforms: Result<Transforms>,
    pub(super) function: Result<HashFunction>,
    pub(super) digest: Vec<u8>,
}

/// What becomes of elements before they are hashed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Transforms {
    /// Whether the signature itself is taken out.
    pub(super) enveloped: bool,
    /// As the reference states it, or else Canonical XML 1.0 (XML Signature 1.1 §4.4.3.2).
    pub(super) method: Option<Canonicalization>,
    /// Whether the transform of SMEV follows.
    pub(super) smev: bool,
}

/// All signatures of a document, wherever they are.
pub(super) fn all<'a>(tree: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    tree.root().descendants().filter(|node| is(*node, DS, "Signature"))
}

impl<'a> Signature<'a> {
    /// Reads a signature.
    ///
    /// # Errors
    /// `Unsupported` for an unknown algorithm; `Malformed` where it is not as its schema has it.
    pub(super) fn read(element: Node<'a, 'a>) -> Result<Self> {
        let mut parts = Parts::of(element);
        let signed_info = parts.next("SignedInfo")?;
        let value_element = parts.next("SignatureValue")?;
        let certificates = parts.optional("KeyInfo").map(certificates).unwrap_or_default();
        let objects = parts.several("Object");
        parts.end()?;
        let mut parts = Parts::of(signed_info);
        let method = canonicalization(parts.next("CanonicalizationMethod")?)?;
        let algorithm = algorithm::signature_algorithm(named(parts.next("SignatureMethod")?)?)?;
        let first = parts.next("Reference")?;
        let others = parts.several("Reference");
        parts.end()?;
        let references = [first].into_iter().chain(others).map(Reference::read);
        let references = references.collect::<Result<_>>()?;
        Ok(Self {
            element,
            signed_info,
            method,
            algorithm,
            references,
            value: octets(value_element)?,
            value_element,
            certificates,
            objects,
        })
    }
}

impl<'a> Reference<'a> {
    fn read(element: Node<'a, 'a>) -> Result<Self> {
        let mut parts = Parts::of(element);
        let transforms = parts.optional("Transforms").map(Transforms::read);
        let function = algorithm::hash_function(named(parts.next("DigestMethod")?)?);
        let digest = octets(parts.next("DigestValue")?)?;
        parts.end()?;
        let none = || Ok(Transforms { enveloped: false, method: None, smev: false });
        Ok(Self {
            uri: element.attribute("URI"),
            transforms: transforms.unwrap_or_else(none),
            function,
            digest,
        })
    }
}

impl Transforms {
    fn read(element: Node<'_, '_>) -> Result<Self> {
        let mut read = Self { enveloped: false, method: None, smev: false };
        for transform in element.children().filter(Node::is_element) {
            let uri = named(transform)?;
            // What is canonical is octets: nothing could come after it but another parser, and that is SMEV's alone.
            if uri == SMEV && !read.smev {
                read.smev = true;
                continue;
            }
            if read.method.is_some() || read.smev {
                return Err(Error::unsupported("transform of octets", uri));
            }
            if uri == ENVELOPED {
                read.enveloped = true;
            } else {
                read.method = Some(canonicalization(transform)?);
            }
        }
        Ok(read)
    }

    /// The method that is stated, or the one that is meant.
    pub(super) fn method(&self) -> Canonicalization {
        let inclusive = || Canonicalization::new(CanonicalForm::Inclusive);
        self.method.clone().unwrap_or_else(inclusive)
    }
}

/// The elements of an element, taken in order.
struct Parts<'a> {
    left: Vec<Node<'a, 'a>>,
}

impl<'a> Parts<'a> {
    fn of(element: Node<'a, 'a>) -> Self {
        let mut left: Vec<_> = element.children().filter(Node::is_element).collect();
        left.reverse();
        Self { left }
    }

    fn optional(&mut self, name: &str) -> Option<Node<'a, 'a>> {
        self.left.pop_if(|next| is(*next, DS, name))
    }

    fn next(&mut self, name: &'static str) -> Result<Node<'a, 'a>> {
        self.optional(name).ok_or_else(|| malformed(name))
    }

    fn several(&mut self, name: &str) -> Vec<Node<'a, 'a>> {
        core::iter::from_fn(|| self.optional(name)).collect()
    }

    fn end(self) -> Result<()> {
        if self.left.is_empty() { Ok(()) } else { Err(malformed("an element of a signature")) }
    }
}

/// The method that a `CanonicalizationMethod` or a `Transform` names.
pub(super) fn canonicalization(element: Node<'_, '_>) -> Result<Canonicalization> {
    let uri = named(element)?;
    let mut method = algorithm::canonicalization(uri)
        .ok_or_else(|| Error::unsupported("transform or canonicalization", uri))?;
    for parameter in element.children().filter(Node::is_element) {
        let is_list = is(parameter, EXCLUSIVE, "InclusiveNamespaces");
        let list = parameter.attribute("PrefixList").filter(|_| is_list);
        let list = list.filter(|_| method.form == CanonicalForm::Exclusive);
        let list = list.ok_or_else(|| malformed("a parameter of a canonicalization"))?;
        let prefixes = list.split(SPACES).filter(|prefix| !prefix.is_empty());
        let prefixes = prefixes.map(|prefix| if prefix == "#default" { "" } else { prefix });
        method.prefixes = prefixes.take(MOST_PREFIXES).map(str::to_owned).collect();
        if method.prefixes.len() == MOST_PREFIXES {
            return Err(malformed("a list of prefixes"));
        }
    }
    Ok(method)
}

/// The certificates of a `KeyInfo` that can be read. What else it names is not sought.
fn certificates(key_info: Node<'_, '_>) -> Vec<Certificate> {
    let data = key_info.children().filter(|child| is(*child, DS, "X509Data"));
    let all = data.flat_map(|data| data.children());
    let all = all.filter(|child| is(*child, DS, "X509Certificate"));
    let read = |node| Certificate::from_der(&octets(node).ok()?).ok();
    all.filter_map(read).take(MOST_CERTIFICATES).collect()
}

fn named<'a>(element: Node<'a, 'a>) -> Result<&'a str> {
    element.attribute("Algorithm").ok_or_else(|| malformed("Algorithm"))
}

/// The octets that stand in an element in base64; a comment among them could hide some.
pub(super) fn octets(element: Node<'_, '_>) -> Result<Vec<u8>> {
    let text = text(element)?;
    Base64::decode_vec(&text.replace(SPACES, "")).map_err(|_| malformed("base64"))
}

/// The text of an element that has nothing else.
pub(super) fn text(element: Node<'_, '_>) -> Result<String> {
    let parts: Option<Vec<_>> =
        element.children().map(|child| if child.is_text() { child.text() } else { None }).collect();
    parts.map(|parts| parts.concat()).ok_or_else(|| malformed("text"))
}

pub(super) fn malformed(what: &'static str) -> Error {
    Error::Xml(XmlFault::Malformed(format!("in a signature: {what}")))
}

pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// Each is compared with each namespace.
const MOST_PREFIXES: usize = 64;

/// Each may be tried.
const MOST_CERTIFICATES: usize = 16;
