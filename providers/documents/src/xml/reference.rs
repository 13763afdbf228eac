//! What a reference refers to, and the octets of it that are signed.

use roxmltree::{Document, Node};

use super::XmlLimits;
use super::canonical::canonicalize;
use super::signature::{Reference, Signature, Transforms};
use super::smev;
use super::tree::{Locator, find, is_within};
use crate::error::{Error, Result};

/// What a reference refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'a> {
    /// The whole document.
    Document,
    /// An element of it.
    Element(Node<'a, 'a>),
    /// Something else, which the caller may have.
    Content(&'a str),
}

impl<'a> Target<'a> {
    /// Finds what a reference refers to. Of comments nothing is signed either way (XML Signature 1.1 §4.4.3.3).
    ///
    /// # Errors
    /// `Unsupported` for a form that is not followed, `NoElement`, `SeveralElements`.
    pub(super) fn of(tree: &'a Document<'a>, reference: &Reference<'a>) -> Result<Self> {
        let uri = reference.uri.ok_or_else(|| Error::unsupported("reference", "without URI"))?;
        let Some(id) = uri.strip_prefix('#') else {
            return Ok(if uri.is_empty() { Self::Document } else { Self::Content(uri) });
        };
        if id.is_empty() || id.contains(['(', '%']) {
            return Err(Error::unsupported("reference", uri));
        }
        Ok(Self::Element(find(tree, &Locator::Id(id.to_owned()))?))
    }

    /// Whether an element is wholly under a signature that refers to this and takes itself out.
    pub(super) fn covers(self, element: Node<'a, 'a>, signature: Node<'a, 'a>) -> bool {
        match self {
            Self::Document => !is_within(element, signature),
            Self::Element(top) => {
                let hidden = is_within(signature, top) && is_within(element, signature);
                is_within(element, top) && !hidden
            }
            Self::Content(_) => false,
        }
    }

    /// The octets that are hashed.
    ///
    /// # Errors
    /// [`XmlFault`](super::XmlFault) where there is no canonical form; `Unsupported` for transforms of contents.
    pub(super) fn octets(
        self,
        signature: &Signature<'a>,
        transforms: &Transforms,
        contents: &[(&str, &[u8])],
        limits: &XmlLimits,
    ) -> Result<Option<Vec<u8>>> {
        let apex = match self {
            Self::Document => signature.element.document().root(),
            Self::Element(element) => element,
            Self::Content(_)
                if transforms.enveloped || transforms.method.is_some() || transforms.smev =>
            {
                return Err(Error::unsupported("transform", "of a content"));
            }
            Self::Content(uri) => {
                let found = contents.iter().find(|(name, _)| *name == uri);
                return Ok(found.map(|(_, octets)| octets.to_vec()));
            }
        };
        let hole = transforms.enveloped.then(|| signature.element.id());
        // Neither "" nor "#id" refers to comments, whatever the method says of them.
        let mut method = transforms.method();
        method.comments = false;
        let octets = canonicalize(apex, hole, &method, limits)?;
        Ok(Some(if transforms.smev { smev::transform(&octets, limits)? } else { octets }))
    }
}
