//! The transform of SMEV, `urn://smev-gov-ru/xmldsig/transform`: namespaces get prefixes in the order of their use, attributes an order,
//! and text of nothing but spaces goes (methodical recommendations of SMEV 3.5, annex on the transform).
//!
//! Its rules are those of one program. What others are known to do otherwise is refused.

use roxmltree::Node;

use super::fault::XmlFault;
use super::{XmlDocument, XmlLimits};
use crate::error::{Error, Result};

/// Transforms a canonical form.
///
/// # Errors
/// `Unsupported` for what has no form that all agree about.
pub(super) fn transform(canonical: &[u8], limits: &XmlLimits) -> Result<Vec<u8>> {
    let document = XmlDocument::from_octets(canonical, *limits)?;
    let tree = document.tree()?;
    let mut writer =
        Writer { scope: Vec::new(), given: 0, limit: limits.octets, out: String::new() };
    writer.element(tree.root_element())?;
    Ok(writer.out.into_bytes())
}

struct Writer<'a> {
    /// Namespaces that have a prefix, the outermost first.
    scope: Vec<(&'a str, usize)>,
    /// Prefixes that were ever given.
    given: usize,
    limit: usize,
    out: String,
}

impl<'a> Writer<'a> {
    /// Documents are not nested deeper than their limit.
    fn element(&mut self, element: Node<'a, 'a>) -> Result<()> {
        let known = self.scope.len();
        let name = element.tag_name();
        let namespace = name.namespace().filter(|namespace| !namespace.is_empty());
        let namespace = namespace.ok_or_else(|| refused("an element of no namespace"))?;
        let name = format!("ns{}:{}", self.prefix(namespace)?, name.name());
        let attributes = self.attributes(element)?;
        self.out.extend(["<", name.as_str()]);
        for (namespace, number) in self.scope.get(known..).unwrap_or_default() {
            let declared = format!(" xmlns:ns{number}=\"{}\"", attribute_value(namespace)?);
            self.out.push_str(&declared);
        }
        self.out.extend([attributes.as_str(), ">"]);
        for child in element.children() {
            match child.text() {
                _ if child.is_element() => self.element(child)?,
                Some(text) if child.is_text() => self.text(text)?,
                _ => {}
            }
            if self.out.len() > self.limit {
                return Err(XmlFault::TooLong(self.limit).into());
            }
        }
        self.out.extend(["</", name.as_str(), ">"]);
        self.scope.truncate(known);
        Ok(())
    }

    /// Those of a namespace first, by its name and their own.
    fn attributes(&mut self, element: Node<'a, 'a>) -> Result<String> {
        let mut attributes: Vec<_> = element.attributes().collect();
        attributes.sort_by_cached_key(|one| {
            let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
            let namespace = one.namespace();
            (namespace.is_none(), units(namespace.unwrap_or_default()), units(one.name()))
        });
        let mut written = String::new();
        for attribute in attributes {
            let prefix = match attribute.namespace() {
                Some(namespace) => format!("ns{}:", self.prefix(namespace)?),
                None => String::new(),
            };
            let value = attribute_value(attribute.value())?;
            written.extend([" ", prefix.as_str(), attribute.name(), "=\"", value.as_str(), "\""]);
        }
        Ok(written)
    }

    fn prefix(&mut self, namespace: &'a str) -> Result<usize> {
        if namespace == roxmltree::NS_XML_URI {
            return Err(refused("an attribute of the prefix xml"));
        }
        if let Some((_, number)) = self.scope.iter().find(|(known, _)| *known == namespace) {
            return Ok(*number);
        }
        self.given = self.given.saturating_add(1);
        self.scope.push((namespace, self.given));
        Ok(self.given)
    }

    fn text(&mut self, text: &str) -> Result<()> {
        if is_space(text) {
            return Ok(());
        }
        // Some readers hand text over in parts, cut at references.
        let mut parts = text.split(['&', '<', '>']);
        if text.contains('\r') || parts.any(|part| !part.is_empty() && is_space(part)) {
            return Err(refused("spaces beside references in text"));
        }
        self.out.push_str(&escaped(text));
        Ok(())
    }
}

fn is_space(text: &str) -> bool {
    text.chars().all(|letter| letter <= ' ')
}

/// A value of an attribute; writers do not agree about how these letters are written.
fn attribute_value(value: &str) -> Result<String> {
    if value.contains(['\t', '\n', '\r', '>']) {
        return Err(refused("a value with ends of lines or >"));
    }
    Ok(escaped(value).replace('"', "&quot;"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn refused(what: &str) -> Error {
    Error::unsupported("content of the SMEV transform", what)
}

pub(super) const SMEV: &str = "urn://smev-gov-ru/xmldsig/transform";
