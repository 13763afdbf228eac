//! Canonical XML 1.0 and 1.1, and Exclusive XML Canonicalization 1.0.
//!
//! What is canonicalized is a document or an element, whole but for one signature at most. Of the subsets that
//! XPath could name no other is known here.

use std::collections::HashMap;

use roxmltree::{Node, NodeId, NodeType};

use super::XmlLimits;
use super::fault::XmlFault;
use super::scan::{StartTag, declared, name, prefix, start_tag};

/// A method of canonicalization.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Canonicalization {
    /// What becomes of namespaces and of attributes that are inherited.
    pub form: CanonicalForm,
    /// Whether comments stay.
    pub comments: bool,
    /// Prefixes that exclusive canonicalization treats as the inclusive one does; the default namespace is the
    /// empty one.
    pub prefixes: Vec<String>,
}

/// What becomes of namespaces and of attributes that are inherited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum CanonicalForm {
    /// Canonical XML 1.0: all that is in scope comes along.
    Inclusive,
    /// Canonical XML 1.1: the same without `xml:id`.
    Inclusive11,
    /// Exclusive XML Canonicalization 1.0: only namespaces that are used.
    #[default]
    Exclusive,
}

impl Canonicalization {
    /// A method without comments.
    pub const fn new(form: CanonicalForm) -> Self {
        Self { form, comments: false, prefixes: Vec::new() }
    }

    /// The same with comments.
    #[must_use]
    pub const fn with_comments(mut self) -> Self {
        self.comments = true;
        self
    }
}

/// The canonical form of a node and of all below it but for the one in `hole`.
///
/// # Errors
/// `TooLong`, `RelativeNamespace`, `InheritedBase`.
pub(super) fn canonicalize<'a>(
    apex: Node<'a, 'a>,
    hole: Option<NodeId>,
    method: &Canonicalization,
    limits: &XmlLimits,
) -> Result<Vec<u8>, XmlFault> {
    let scope = Scope { rendered: HashMap::new(), frames: Vec::new() };
    let mut writer = Writer { apex, hole, method, limits, scope, out: Vec::new() };
    let mut next = Some(apex);
    while let Some(node) = next {
        let inside = writer.enter(node)?;
        if writer.out.len() > limits.octets {
            return Err(XmlFault::TooLong(limits.octets));
        }
        let child = node.first_child().filter(|_| inside);
        if inside && child.is_none() {
            writer.leave(node);
        }
        next = child.or_else(|| writer.after(node));
    }
    Ok(writer.out)
}

struct Writer<'a, 'm> {
    apex: Node<'a, 'a>,
    hole: Option<NodeId>,
    method: &'m Canonicalization,
    limits: &'m XmlLimits,
    scope: Scope<'a>,
    out: Vec<u8>,
}

/// The namespaces that are written and in force.
struct Scope<'a> {
    rendered: HashMap<&'a str, Vec<&'a str>>,
    /// The prefixes that each open element wrote.
    frames: Vec<Vec<&'a str>>,
}

/// An attribute, as it is sorted and written.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Attribute<'a> {
    namespace: &'a str,
    local: &'a str,
    name: &'a str,
    value: &'a str,
}

impl<'a> Writer<'a, '_> {
    /// Writes what stands before a node's children; gives whether they are to be written too.
    fn enter(&mut self, node: Node<'a, 'a>) -> Result<bool, XmlFault> {
        match node.node_type() {
            NodeType::Root => return Ok(true),
            NodeType::Element if self.hole == Some(node.id()) => {}
            NodeType::Element => {
                self.start(node)?;
                return Ok(true);
            }
            NodeType::Text => self.escaped(node.text().unwrap_or_default(), &IN_TEXT),
            NodeType::Comment if self.method.comments => {
                let text = node.text().unwrap_or_default();
                self.beside_root(node, &["<!--", text, "-->"]);
            }
            NodeType::Comment => {}
            NodeType::PI => self.instruction(node),
        }
        Ok(false)
    }

    /// Writes what stands after a node's children.
    fn leave(&mut self, node: Node<'a, 'a>) {
        if node.is_element() {
            self.all(&["</", tag_name(node), ">"]);
            self.scope.close();
        }
    }

    /// The node after one that is written, in document order; closes what ends before it.
    fn after(&mut self, mut node: Node<'a, 'a>) -> Option<Node<'a, 'a>> {
        while node != self.apex {
            if let Some(next) = node.next_sibling() {
                return Some(next);
            }
            node = node.parent()?;
            self.leave(node);
        }
        None
    }

    fn start(&mut self, node: Node<'a, 'a>) -> Result<(), XmlFault> {
        let source = source(node).strip_prefix('<').unwrap_or_default();
        let tag = start_tag(source, self.limits.attributes)?;
        let attributes = self.attributes(node)?;
        let namespaces = self.namespaces(node, &tag, &attributes);
        self.all(&["<", tag.name]);
        for (prefix, uri) in &namespaces {
            if !uri.is_empty() && !is_absolute(uri) {
                return Err(XmlFault::RelativeNamespace((*uri).to_owned()));
            }
            let colon = if prefix.is_empty() { "" } else { ":" };
            self.all(&[" xmlns", colon, prefix, "=\""]);
            self.escaped(uri, &IN_ATTRIBUTE);
            self.all(&["\""]);
        }
        for attribute in attributes {
            self.all(&[" ", attribute.name, "=\""]);
            self.escaped(attribute.value, &IN_ATTRIBUTE);
            self.all(&["\""]);
        }
        self.all(&[">"]);
        self.scope.open(namespaces);
        Ok(())
    }

    /// The namespaces to be written with an element, by prefix.
    fn namespaces(
        &self,
        node: Node<'a, 'a>,
        tag: &StartTag<'a>,
        attributes: &[Attribute<'a>],
    ) -> Vec<(&'a str, &'a str)> {
        let known: Vec<&str> = if node == self.apex {
            node.namespaces().map(|one| one.name().unwrap_or_default()).collect()
        } else {
            tag.attributes.iter().filter_map(|(name, _)| declared(name)).collect()
        };
        let mut prefixes = known;
        if self.method.form == CanonicalForm::Exclusive {
            prefixes.retain(|known| self.method.prefixes.iter().any(|listed| listed == known));
            prefixes.push(prefix(tag.name));
            let used = attributes.iter().map(|attribute| prefix(attribute.name));
            prefixes.extend(used.filter(|prefix| !prefix.is_empty()));
        }
        prefixes.sort_unstable();
        prefixes.dedup();
        let uri = |prefix: &'a str| {
            let name = Some(prefix).filter(|prefix| !prefix.is_empty());
            (prefix, node.lookup_namespace_uri(name).unwrap_or_default())
        };
        let named = prefixes.into_iter().filter(|prefix| *prefix != "xml").map(uri);
        named.filter(|(prefix, uri)| self.scope.current(prefix) != *uri).collect()
    }

    /// The attributes of an element, sorted; the apex inherits those of `xml`.
    fn attributes(&self, node: Node<'a, 'a>) -> Result<Vec<Attribute<'a>>, XmlFault> {
        let mut all: Vec<_> = attributes(node).collect();
        let outer = node.ancestors().skip(1).filter(|_| node == self.apex);
        for outer in outer.flat_map(attributes) {
            if self.inherits(&outer)? && !all.iter().any(|one| one.is_same(&outer)) {
                all.push(outer);
            }
        }
        all.sort_unstable();
        Ok(all)
    }

    /// C14N 1.0 §2.4, 1.1 §2.4.
    fn inherits(&self, outer: &Attribute<'a>) -> Result<bool, XmlFault> {
        match (self.method.form, outer.local) {
            (CanonicalForm::Exclusive, _) => Ok(false),
            _ if outer.namespace != XML => Ok(false),
            (CanonicalForm::Inclusive, _) | (_, "lang" | "space") => Ok(true),
            (CanonicalForm::Inclusive11, "base") => Err(XmlFault::InheritedBase),
            (CanonicalForm::Inclusive11, _) => Ok(false),
        }
    }

    fn instruction(&mut self, node: Node<'a, 'a>) {
        let Some(instruction) = node.pi() else { return };
        let value = instruction.value.unwrap_or_default();
        let space = if value.is_empty() { "" } else { " " };
        self.beside_root(node, &["<?", instruction.target, space, value, "?>"]);
    }

    /// Writes a comment or an instruction; outside of the document element it stands on a line of its own.
    fn beside_root(&mut self, node: Node<'a, 'a>, parts: &[&str]) {
        let root = node.document().root_element().range().start;
        let outside = node.parent().is_some_and(|parent| parent.is_root());
        let is_before = node.range().start < root;
        if outside && !is_before {
            self.all(&["\n"]);
        }
        self.all(parts);
        if outside && is_before {
            self.all(&["\n"]);
        }
    }

    fn escaped(&mut self, text: &str, table: &[(u8, &str)]) {
        for octet in text.bytes() {
            match table.iter().find(|(special, _)| *special == octet) {
                Some((_, reference)) => self.out.extend_from_slice(reference.as_bytes()),
                None => self.out.push(octet),
            }
        }
    }

    fn all(&mut self, parts: &[&str]) {
        for part in parts {
            self.out.extend_from_slice(part.as_bytes());
        }
    }
}

impl Attribute<'_> {
    fn is_same(&self, other: &Self) -> bool {
        self.namespace == other.namespace && self.local == other.local
    }
}

impl<'a> Scope<'a> {
    fn current(&self, prefix: &str) -> &'a str {
        self.rendered.get(prefix).and_then(|uris| uris.last()).copied().unwrap_or_default()
    }

    fn open(&mut self, namespaces: Vec<(&'a str, &'a str)>) {
        let mut frame = Vec::new();
        for (prefix, uri) in namespaces {
            self.rendered.entry(prefix).or_default().push(uri);
            frame.push(prefix);
        }
        self.frames.push(frame);
    }

    fn close(&mut self) {
        for prefix in self.frames.pop().unwrap_or_default() {
            if let Some(uris) = self.rendered.get_mut(prefix) {
                uris.pop();
            }
        }
    }
}

fn attributes<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Attribute<'a>> {
    let text = node.document().input_text();
    node.attributes().map(move |attribute| Attribute {
        namespace: attribute.namespace().unwrap_or_default(),
        local: attribute.name(),
        // as it is written: several prefixes may stand for one namespace
        name: name(text.get(attribute.range()).unwrap_or_default()).0,
        value: attribute.value(),
    })
}

/// An element's name as it is written.
pub(super) fn tag_name<'a>(node: Node<'a, 'a>) -> &'a str {
    name(source(node).strip_prefix('<').unwrap_or_default()).0
}

/// A node as it is written.
pub(super) fn source<'a>(node: Node<'a, 'a>) -> &'a str {
    node.document().input_text().get(node.range()).unwrap_or_default()
}

/// Whether a name of a namespace begins with a scheme (RFC 3986 §3.1).
fn is_absolute(uri: &str) -> bool {
    let Some((scheme, _)) = uri.split_once(':') else {
        return false;
    };
    let allowed = |next: char| next.is_ascii_alphanumeric() || "+-.".contains(next);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.chars().all(allowed)
}

const IN_TEXT: [(u8, &str); 4] =
    [(b'&', "&amp;"), (b'<', "&lt;"), (b'>', "&gt;"), (b'\r', "&#xD;")];

const IN_ATTRIBUTE: [(u8, &str); 6] = [
    (b'&', "&amp;"),
    (b'<', "&lt;"),
    (b'"', "&quot;"),
    (b'\t', "&#x9;"),
    (b'\n', "&#xA;"),
    (b'\r', "&#xD;"),
];

pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
