//! What XAdES-BES has a signature say of itself (ETSI EN 319 132-1 §5.2), where it is signed.

use jiff::Timestamp;
use jiff::civil::DateTime;
use roxmltree::Node;

use super::reference::Target;
use super::signature::{self, DS, Signature, octets};
use super::tree::is;
use crate::attribute::CertificateReference;
use crate::error::{Error, Result};

/// Signed properties.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// The signer's own word about the time.
    pub(super) time: Option<Timestamp>,
    /// The signer's certificate.
    pub(super) certificate: Option<CertificateReference>,
}

impl Properties {
    /// Reads the properties of a signature that are under it; others say nothing.
    ///
    /// # Errors
    /// `Malformed` where they cannot be read or stand there twice; `Unsupported` for an unknown hash function.
    pub(super) fn of<'a>(signature: &Signature<'a>, targets: &[Target<'a>]) -> Result<Self> {
        let all =
            signature.objects.iter().flat_map(|object| below(*object, "QualifyingProperties"));
        let all = all.flat_map(|one| below(one, "SignedProperties"));
        let signed: Vec<_> = all
            .filter(|one| {
                let same =
                    |target: &&Target<'a>| matches!(target, Target::Element(top) if top == one);
                targets.iter().any(|target| same(&target))
            })
            .collect();
        match signed.as_slice() {
            [] => Ok(Self::default()),
            [one] => Self::read(*one),
            _ => Err(signature::malformed("signed properties, twice")),
        }
    }

    fn read(signed: Node<'_, '_>) -> Result<Self> {
        let mut read = Self::default();
        for property in below(signed, "SignedSignatureProperties").flat_map(|one| one.children()) {
            if is(property, XADES, "SigningTime") {
                read.time = time(property)?;
            }
            let version = ["SigningCertificate", "SigningCertificateV2"];
            if version.iter().any(|name| is(property, XADES, name)) {
                read.certificate = Some(certificate(property)?);
            }
        }
        Ok(read)
    }
}

/// Whether an object has nothing but properties of its signature, which are signed or mean nothing.
pub(super) fn is_properties(object: Node<'_, '_>) -> bool {
    let mut elements = object.children().filter(Node::is_element);
    elements.next().is_some_and(|one| is(one, XADES, "QualifyingProperties"))
        && elements.next().is_none()
}

/// A time without its zone is one that nobody knows.
fn time(property: Node<'_, '_>) -> Result<Option<Timestamp>> {
    let text = signature::text(property)?;
    match text.trim().parse() {
        Ok(time) => Ok(Some(time)),
        Err(_) if text.trim().parse::<DateTime>().is_ok() => Ok(None),
        Err(_) => Err(signature::malformed("SigningTime")),
    }
}

/// The first is the signer's. Its issuer and number say less than its hash, and are not compared.
fn certificate(property: Node<'_, '_>) -> Result<CertificateReference> {
    let missing = || signature::malformed("SigningCertificate");
    let first = below(property, "Cert").next().ok_or_else(missing)?;
    let digest = below(first, "CertDigest").next().ok_or_else(missing)?;
    let part = |name| digest.children().find(|child| is(*child, DS, name));
    let method = part("DigestMethod").and_then(|method| method.attribute("Algorithm"));
    let function = super::algorithm::hash_function(method.ok_or_else(missing)?)?;
    let hash = octets(part("DigestValue").ok_or_else(missing)?)?;
    Ok::<_, Error>(CertificateReference { function, hash, issuer_serial: None })
}

/// The elements of a name of XAdES in an element.
pub(super) fn below<'a>(
    element: Node<'a, 'a>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'a>> {
    element.children().filter(move |child| is(*child, XADES, name))
}

pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
pub(super) const SIGNED_PROPERTIES: &str = "http://uri.etsi.org/01903#SignedProperties";
