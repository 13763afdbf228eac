//! Documents signed: with the signature inside, beside or around what is signed.

use std::collections::HashSet;

use base64ct::{Base64, Encoding};
use gost_ca::provider::key_store::Message;
use gost_ca::x509::Certificate;
use jiff::Timestamp;
use roxmltree::Document;

use super::canonical::{Canonicalization, canonicalize, source};
use super::compose::{Draft, OBJECT, PROPERTIES, Planned, insertion};
use super::fault::XmlFault;
use super::reference::Target;
use super::signature::{self, Signature, malformed};
use super::tree::{Locator, find, identifiers, is_within};
use super::{XmlDocument, XmlLimits, algorithm};
use crate::error::Result;
use crate::signer_info::Signatory;

/// How a document is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlSigning {
    /// What is signed: elements with identifiers, or the whole document.
    pub targets: Vec<Locator>,
    /// The element whose last child the signature becomes.
    pub place: Locator,
    /// How what is signed is written.
    pub method: Canonicalization,
    /// Whether the transform of SMEV follows: its messages want that.
    pub smev: bool,
    /// Whether the signature names its certificate and time: XAdES-BES.
    pub properties: bool,
    /// The signer's own word about the time, among these.
    pub time: Option<Timestamp>,
    /// More certificates for the reader, beside the signer's.
    pub certificates: Vec<Certificate>,
}

/// What a signature encloses.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Enclosed<'a> {
    /// The document element of a document, and all in it.
    Xml(&'a XmlDocument),
    /// Any octets; they are written in base64.
    Octets(&'a [u8]),
}

impl Default for XmlSigning {
    fn default() -> Self {
        Self {
            targets: vec![Locator::DocumentElement],
            place: Locator::DocumentElement,
            method: Canonicalization::default(),
            smev: false,
            properties: true,
            time: None,
            certificates: Vec::new(),
        }
    }
}

impl XmlDocument {
    /// Signs the document or elements of it, and gives it with the signature.
    ///
    /// The signature is taken out of what it signs where it stands within it. A signature of the whole document
    /// covers those that were there, and breaks theirs of the whole document: for several that stand beside
    /// each other, sign an element and place the signatures outside of it.
    ///
    /// # Errors
    /// [`XmlFault`] where an element is not there, not the only one, or has no identifier; the key's own.
    pub async fn sign(&self, signatory: &Signatory<'_>, signing: &XmlSigning) -> Result<String> {
        let draft = self.draft(signatory, signing)?;
        finish(draft, signatory, &[], self.limits).await
    }

    fn draft(&self, signatory: &Signatory<'_>, signing: &XmlSigning) -> Result<Draft> {
        let tree = self.tree()?;
        let place = find(&tree, &signing.place)?;
        let mut planned = Vec::new();
        for target in &signing.targets {
            if *target == Locator::DocumentElement {
                planned.push(Planned::element(String::new(), true));
                continue;
            }
            let element = find(&tree, target)?;
            let id = identifiers(element).next();
            let id = id.ok_or_else(|| XmlFault::NoElement("with an identifier".into()))?;
            find(&tree, &Locator::Id(id.to_owned()))?;
            planned.push(Planned::element(format!("#{id}"), is_within(place, element)));
        }
        let mut draft = Draft::new(signatory, signing, planned, &free_id(&tree))?;
        (draft.before, draft.after) = insertion(place);
        Ok(draft)
    }
}

impl XmlSigning {
    /// Signs a content that the signature encloses, and gives the signature. Targets and place are not looked at.
    ///
    /// # Errors
    /// The key's own; `TooLong` where more is to be signed than `limits` allow.
    pub async fn enclose(
        &self,
        signatory: &Signatory<'_>,
        content: Enclosed<'_>,
        limits: XmlLimits,
    ) -> Result<String> {
        let (text, id) = match content {
            Enclosed::Octets(octets) => (Base64::encode_string(octets), FIRST_ID.to_owned()),
            Enclosed::Xml(document) => {
                let tree = document.tree()?;
                (source(tree.root_element()).to_owned(), free_id(&tree))
            }
        };
        let planned = vec![Planned::element(format!("#{id}{OBJECT}"), false)];
        let mut draft = Draft::new(signatory, self, planned, &id)?;
        draft.enclose(&text, matches!(content, Enclosed::Octets(_)));
        finish(draft, signatory, &[], limits).await
    }

    /// Signs contents that lie elsewhere, by their addresses, and gives the signature. Targets and place are not
    /// looked at.
    ///
    /// # Errors
    /// The key's own.
    pub async fn detach(
        &self,
        signatory: &Signatory<'_>,
        contents: &[(&str, &[u8])],
    ) -> Result<String> {
        let planned = contents.iter().map(|(uri, _)| Planned::content((*uri).to_owned())).collect();
        let draft = Draft::new(signatory, self, planned, FIRST_ID)?;
        finish(draft, signatory, contents, XmlLimits::default()).await
    }
}

/// Hashes what a draft refers to, signs that, and writes it all.
async fn finish(
    draft: Draft,
    signatory: &Signatory<'_>,
    contents: &[(&str, &[u8])],
    limits: XmlLimits,
) -> Result<String> {
    let text = draft.text(&[], &[]);
    let read = XmlDocument::from_octets(text.as_bytes(), limits)?;
    let digests = digests(&read.tree()?, &draft, contents, &limits)?;
    let text = draft.text(&digests, &[]);
    let read = XmlDocument::from_octets(text.as_bytes(), limits)?;
    let message = {
        let tree = read.tree()?;
        let signature = own(&tree, &draft)?;
        canonicalize(signature.signed_info, None, &signature.method, &limits)?
    };
    let signature = signatory.key().sign(Message::Bytes(&message)).await?;
    let value = algorithm::to_xml(&signatory.key().algorithm().oid, &signature)?;
    Ok(draft.text(&digests, &value))
}

/// The digests of what a draft refers to, by the code that checks them.
fn digests(
    tree: &Document<'_>,
    draft: &Draft,
    contents: &[(&str, &[u8])],
    limits: &XmlLimits,
) -> Result<Vec<Vec<u8>>> {
    let signature = own(tree, draft)?;
    let digest = |reference| {
        let target = Target::of(tree, reference)?;
        let transforms = reference.transforms.as_ref().map_err(|_| malformed("transforms"))?;
        let octets = target.octets(&signature, transforms, contents, limits)?;
        let octets = octets.ok_or_else(|| malformed("a content"))?;
        Ok(draft.function.digest(&octets).octets)
    };
    signature.references.iter().map(digest).collect()
}

fn own<'a>(tree: &'a Document<'a>, draft: &Draft) -> Result<Signature<'a>> {
    let mut all = signature::all(tree);
    let own = all.find(|one| one.attribute("Id") == Some(&draft.id));
    Signature::read(own.ok_or_else(|| malformed("its identifier"))?)
}

/// An identifier that is not in a document, nor what is made of it.
fn free_id(tree: &Document<'_>) -> String {
    let taken: HashSet<_> = tree.root().descendants().flat_map(identifiers).collect();
    let free = |id: &String| {
        ["", PROPERTIES, OBJECT].iter().all(|end| !taken.contains(format!("{id}{end}").as_str()))
    };
    let mut all = (1_u64..).map(|number| format!("signature-{number}"));
    all.find(free).unwrap_or_else(|| FIRST_ID.to_owned())
}

const FIRST_ID: &str = "signature-1";
