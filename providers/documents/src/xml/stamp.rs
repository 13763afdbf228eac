//! Time stamps over signatures: XAdES-T (ETSI EN 319 132-1 §5.3).

use base64ct::{Base64, Encoding};
use roxmltree::{Document, Node};

use super::algorithm::canonicalization_method;
use super::canonical::{CanonicalForm, Canonicalization, canonicalize};
use super::compose::insertion;
use super::fault::XmlFault;
use super::reference::Target;
use super::signature::{self, DS, Reference, Signature, octets};
use super::tree::{is, path};
use super::xades::{XADES, below};
use super::{XmlDocument, XmlLimits};
use crate::cades::Stamping;
use crate::error::{Error, Result};

/// A time stamp, and what it should be over.
#[derive(Debug)]
pub(super) struct Stamped {
    /// The token, DER.
    pub(super) token: Vec<u8>,
    /// The value of the signature in its canonical form.
    pub(super) octets: Vec<u8>,
}

impl XmlDocument {
    /// The ways to all signatures, as [`XmlSignature::path`](super::XmlSignature::path) says them.
    ///
    /// # Errors
    /// In practice none.
    pub fn signatures(&self) -> Result<Vec<String>> {
        let tree = self.tree()?;
        Ok(signature::all(&tree).map(path).collect())
    }

    /// Makes a signature XAdES-T: stamps its value, and gives the document with the time stamp among its properties.
    /// Again, it gets one more.
    ///
    /// # Errors
    /// `NoElement` where there is no such signature, or it has no properties; `Covered` where another signature would
    /// break; the client's.
    pub async fn stamp(&self, signature: &str, stamping: &Stamping<'_>) -> Result<String> {
        let Draft { value, text: [before, after] } = self.draft_stamp(signature)?;
        let token = stamping.client.ask(stamping.url, stamping.function.digest(&value)).await?;
        Ok([before, Base64::encode_string(token.as_der()), after].concat())
    }

    fn draft_stamp(&self, signature: &str) -> Result<Draft> {
        let tree = self.tree()?;
        let element = signature::all(&tree).find(|one| path(*one) == signature);
        let element = element.ok_or_else(|| XmlFault::NoElement(signature.to_owned()))?;
        let signature = Signature::read(element)?;
        let (place, missing) = place(&signature)?;
        uncovered(&tree, place, &self.limits)?;
        let method = Canonicalization::default();
        let value = canonicalize(signature.value_element, None, &method, &self.limits)?;
        let (before, after) = insertion(place);
        let (open, close) = around(place, missing, &method);
        Ok(Draft { value, text: [before + &open, close + &after] })
    }
}

/// What a time stamp is to be over, and the text around its token.
struct Draft {
    value: Vec<u8>,
    text: [String; 2],
}

/// All time stamps over a signature, as they are enclosed.
pub(super) fn all<'a>(signature: &Signature<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    let properties =
        signature.objects.clone().into_iter().flat_map(|one| below(one, "QualifyingProperties"));
    let unsigned = properties.flat_map(|one| below(one, "UnsignedProperties"));
    let unsigned = unsigned.flat_map(|one| below(one, "UnsignedSignatureProperties"));
    let stamps = unsigned.flat_map(|one| below(one, "SignatureTimeStamp"));
    let enclosed = ["EncapsulatedTimeStamp", "XMLTimeStamp"];
    stamps
        .flat_map(|one| one.children())
        .filter(move |child| enclosed.iter().any(|name| is(*child, XADES, name)))
}

/// Reads an enclosed time stamp, and what it should be over.
///
/// # Errors
/// `Unsupported` for tokens in XML, and for such as say themselves what they are over.
pub(super) fn read(
    enclosed: Node<'_, '_>,
    signature: &Signature<'_>,
    limits: &XmlLimits,
) -> Result<Stamped> {
    if is(enclosed, XADES, "XMLTimeStamp") {
        return Err(Error::unsupported("time stamp", "XMLTimeStamp"));
    }
    let siblings = || enclosed.parent().into_iter().flat_map(|stamp| stamp.children());
    if let Some(other) = siblings().find(|child| is(*child, XADES, "Include")) {
        return Err(Error::unsupported("time stamp", other.tag_name().name()));
    }
    let method = siblings().find(|child| is(*child, DS, "CanonicalizationMethod"));
    let method = method.map(signature::canonicalization).transpose()?;
    let method = method.unwrap_or_else(|| Canonicalization::new(CanonicalForm::Inclusive));
    let value = canonicalize(signature.value_element, None, &method, limits)?;
    Ok(Stamped { token: octets(enclosed)?, octets: value })
}

/// The element that the time stamp goes into, and what must be around it there.
fn place<'a>(signature: &Signature<'a>) -> Result<(Node<'a, 'a>, &'static [&'static str])> {
    let objects = signature.objects.iter();
    let properties = objects.flat_map(|one| below(*one, "QualifyingProperties")).next();
    let properties =
        properties.ok_or_else(|| XmlFault::NoElement("QualifyingProperties".to_owned()))?;
    let Some(unsigned) = below(properties, "UnsignedProperties").next() else {
        return Ok((properties, &["UnsignedProperties", "UnsignedSignatureProperties"]));
    };
    match below(unsigned, "UnsignedSignatureProperties").next() {
        Some(inner) => Ok((inner, &[])),
        None if !unsigned.has_children() => Ok((unsigned, &["UnsignedSignatureProperties"])),
        None => Err(XmlFault::NoElement("UnsignedSignatureProperties".to_owned()).into()),
    }
}

/// What is put there must not be under a signature, whichever; one that is broken already is none.
fn uncovered<'a>(tree: &'a Document<'a>, place: Node<'a, 'a>, limits: &XmlLimits) -> Result<()> {
    for element in signature::all(tree) {
        let Ok(signature) = Signature::read(element) else {
            continue;
        };
        let mut targets = signature.references.iter().map(|one| (one, Target::of(tree, one)));
        let breaks = |(reference, target): (&Reference<'a>, Result<Target<'a>>)| {
            target.is_ok_and(|target| {
                target.covers(place, element) && is_intact(&signature, reference, target, limits)
            })
        };
        if targets.any(breaks) {
            return Err(XmlFault::Covered(path(element)).into());
        }
    }
    Ok(())
}

/// Whether what a reference is over is what was signed; where that cannot be told, it may be.
fn is_intact<'a>(
    signature: &Signature<'a>,
    reference: &Reference<'a>,
    target: Target<'a>,
    limits: &XmlLimits,
) -> bool {
    let (Ok(transforms), Ok(function)) = (&reference.transforms, &reference.function) else {
        return true;
    };
    match target.octets(signature, transforms, &[], limits) {
        Ok(Some(octets)) => function.digest(&octets).octets == reference.digest,
        _ => true,
    }
}

/// The text before and after a token.
fn around(place: Node<'_, '_>, missing: &[&str], method: &Canonicalization) -> (String, String) {
    let declared = [("xades", XADES), ("ds", DS)].map(|(prefix, uri)| {
        let known = place.lookup_namespace_uri(Some(prefix)) == Some(uri);
        if known { String::new() } else { format!(" xmlns:{prefix}=\"{uri}\"") }
    });
    let mut declared = declared.concat();
    let (mut open, mut close) = (String::new(), String::new());
    for &name in missing.iter().chain(&["SignatureTimeStamp"]) {
        open.extend(["<xades:", name, declared.as_str(), ">"]);
        declared.clear();
        close = format!("</xades:{name}>{close}");
    }
    let method = canonicalization_method(method);
    open.extend([
        "<ds:CanonicalizationMethod Algorithm=\"",
        method,
        "\"/><xades:EncapsulatedTimeStamp>",
    ]);
    close.insert_str(0, "</xades:EncapsulatedTimeStamp>");
    (open, close)
}
