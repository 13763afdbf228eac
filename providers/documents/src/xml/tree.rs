//! Elements sought and named.

use roxmltree::{Attribute, Document, Node};

use super::canonical::{XML, tag_name};
use super::fault::XmlFault;

/// Which element.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Locator {
    /// The one that is not within another.
    #[default]
    DocumentElement,
    /// The only one with this identifier: an attribute `Id`, `ID` or `id`, `xml:id`, or `wsu:Id`.
    Id(String),
    /// By the names on the way to it, that of the document element first; each the only one of its name there.
    Path(Vec<XmlName>),
}

/// The name of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "Namespaces in XML 1.0 §2.1 has these two")]
pub struct XmlName {
    /// The namespace, empty for none.
    pub namespace: String,
    /// The name in it.
    pub local: String,
}

impl XmlName {
    /// A name.
    pub fn new(namespace: &str, local: &str) -> Self {
        Self { namespace: namespace.to_owned(), local: local.to_owned() }
    }
}

/// The only element that is meant.
///
/// # Errors
/// `NoElement`, `SeveralElements`.
pub(super) fn find<'a>(
    tree: &'a Document<'a>,
    locator: &Locator,
) -> Result<Node<'a, 'a>, XmlFault> {
    match locator {
        Locator::DocumentElement => Ok(tree.root_element()),
        Locator::Id(id) => {
            let all = tree.root().descendants();
            only(all.filter(|node| identifiers(*node).any(|one| one == id)), id)
        }
        Locator::Path(way) => {
            let mut node = tree.root();
            for name in way {
                let named =
                    node.children().filter(|child| is(*child, &name.namespace, &name.local));
                node = only(named, &name.local)?;
            }
            if node.is_root() { Err(XmlFault::NoElement("/".to_owned())) } else { Ok(node) }
        }
    }
}

fn only<'a>(
    mut found: impl Iterator<Item = Node<'a, 'a>>,
    what: &str,
) -> Result<Node<'a, 'a>, XmlFault> {
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(XmlFault::NoElement(what.to_owned())),
        (Some(_), Some(_)) => Err(XmlFault::SeveralElements(what.to_owned())),
    }
}

/// What an element can be referred to by. Without a document type nothing else says which attributes these are.
pub(super) fn identifiers<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = &'a str> {
    let is_identifier = |attribute: &Attribute<'_, '_>| match attribute.namespace() {
        None => matches!(attribute.name(), "Id" | "ID" | "id"),
        Some(XML) => attribute.name() == "id",
        Some(WSU) => attribute.name() == "Id",
        Some(_) => false,
    };
    node.attributes().filter(is_identifier).map(|attribute| attribute.value())
}

/// Whether it is an element of this name.
pub(super) fn is(node: Node<'_, '_>, namespace: &str, local: &str) -> bool {
    let name = node.tag_name();
    node.is_element() && name.name() == local && name.namespace().unwrap_or_default() == namespace
}

/// Whether a node is the other one, or within it.
pub(super) fn is_within(node: Node<'_, '_>, other: Node<'_, '_>) -> bool {
    node.ancestors().any(|one| one == other)
}

/// The way to an element, for people: names as they are written, counted among those of one parent.
pub(super) fn path<'a>(node: Node<'a, 'a>) -> String {
    let mut steps = Vec::new();
    for element in node.ancestors().filter(Node::is_element) {
        let name = tag_name(element);
        let same = |sibling: &Node<'a, 'a>| sibling.is_element() && tag_name(*sibling) == name;
        let number = element.prev_siblings().filter(same).count();
        steps.push(format!("/{name}[{number}]"));
    }
    steps.reverse();
    if steps.is_empty() { "/".to_owned() } else { steps.concat() }
}

const WSU: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
