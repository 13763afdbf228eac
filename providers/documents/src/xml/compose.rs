//! The text of a signature.

use base64ct::{Base64, Encoding};
use gost_ca::x509::Certificate;
use jiff::Timestamp;
use roxmltree::Node;

use super::algorithm::{
    BASE64, ENVELOPED, canonicalization_method, digest_method, signature_method,
};
use super::canonical::{Canonicalization, source, tag_name};
use super::sign::XmlSigning;
use super::signature::{DS, EXCLUSIVE};
use super::smev::SMEV;
use super::xades::{SIGNED_PROPERTIES, XADES};
use crate::attribute::{CertificateReference, issuer_serial};
use crate::error::Result;
use crate::hash::HashFunction;
use crate::signer_info::Signatory;

/// A signature before it is made, and the text around it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) id: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) function: HashFunction,
    planned: Vec<Planned>,
    method: Canonicalization,
    smev: bool,
    signature_method: &'static str,
    digest_method: &'static str,
    certificates: Vec<Certificate>,
    /// Objects that the signature encloses.
    objects: String,
}

/// A reference before it is made.
#[derive(Debug)]
pub(super) struct Planned {
    uri: String,
    kind: &'static str,
    transforms: &'static [Transform],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transform {
    Enveloped,
    Canonical,
}

impl Planned {
    /// A reference to an element or the whole document.
    pub(super) const fn element(uri: String, enveloped: bool) -> Self {
        let transforms: &[Transform] = if enveloped {
            &[Transform::Enveloped, Transform::Canonical]
        } else {
            &[Transform::Canonical]
        };
        Self { uri, kind: "", transforms }
    }

    /// A reference to what lies elsewhere.
    pub(super) const fn content(uri: String) -> Self {
        Self { uri, kind: "", transforms: &[] }
    }
}

impl Draft {
    pub(super) fn new(
        signatory: &Signatory<'_>,
        signing: &XmlSigning,
        mut planned: Vec<Planned>,
        id: &str,
    ) -> Result<Self> {
        let function = signatory.hash_function();
        let digest_method = digest_method(function)?;
        let mut objects = String::new();
        if signing.properties {
            objects = properties(id, signing.time, signatory.reference(), digest_method);
            let mut own = Planned::element(format!("#{id}{PROPERTIES}"), false);
            own.kind = SIGNED_PROPERTIES;
            planned.push(own);
        }
        let mut certificates = vec![signatory.certificate().clone()];
        certificates.extend(signing.certificates.iter().cloned());
        Ok(Self {
            id: id.to_owned(),
            before: String::new(),
            after: String::new(),
            function,
            planned,
            method: signing.method.clone(),
            smev: signing.smev,
            signature_method: signature_method(&signatory.key().algorithm().oid)?,
            digest_method,
            certificates,
            objects,
        })
    }

    /// Puts a content into the signature: elements, or octets in base64.
    pub(super) fn enclose(&mut self, content: &str, octets: bool) {
        let encoding = if octets { format!(" Encoding=\"{BASE64}\"") } else { String::new() };
        let id = &self.id;
        let object = format!("<ds:Object Id=\"{id}{OBJECT}\"{encoding}>{content}</ds:Object>");
        self.objects.insert_str(0, &object);
    }

    /// The whole text, with digests and a signature as far as they are known.
    pub(super) fn text(&self, digests: &[Vec<u8>], value: &[u8]) -> String {
        let Self { id, before, after, objects, .. } = self;
        let (signed_info, key_info) = (self.signed_info(digests), self.key_info());
        let value = Base64::encode_string(value);
        format!(
            "{before}<ds:Signature xmlns:ds=\"{DS}\" Id=\"{id}\">{signed_info}\
             <ds:SignatureValue>{value}</ds:SignatureValue>{key_info}{objects}</ds:Signature>{after}"
        )
    }

    fn signed_info(&self, digests: &[Vec<u8>]) -> String {
        let canonicalization = canonicalization_method(&self.method);
        let method = self.signature_method;
        let digests = digests.iter().map(Some).chain(core::iter::repeat(None));
        let references = self.planned.iter().zip(digests);
        let references: String =
            references.map(|(planned, digest)| self.reference(planned, digest)).collect();
        format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{canonicalization}\"/>\
             <ds:SignatureMethod Algorithm=\"{method}\"/>{references}</ds:SignedInfo>"
        )
    }

    fn reference(&self, planned: &Planned, digest: Option<&Vec<u8>>) -> String {
        let uri = escape(&planned.uri);
        let kind = match planned.kind {
            "" => String::new(),
            kind => format!(" Type=\"{kind}\""),
        };
        let mut transforms: String =
            planned.transforms.iter().map(|transform| self.transform(*transform)).collect();
        if self.smev && planned.kind.is_empty() && !planned.transforms.is_empty() {
            transforms.extend(["<ds:Transform Algorithm=\"", SMEV, "\"/>"]);
        }
        let transforms = match transforms.as_str() {
            "" => transforms,
            all => format!("<ds:Transforms>{all}</ds:Transforms>"),
        };
        let method = self.digest_method;
        let digest = Base64::encode_string(digest.map(Vec::as_slice).unwrap_or_default());
        format!(
            "<ds:Reference{kind} URI=\"{uri}\">{transforms}<ds:DigestMethod Algorithm=\"{method}\"/>\
             <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
        )
    }

    fn transform(&self, transform: Transform) -> String {
        if transform == Transform::Enveloped {
            return format!("<ds:Transform Algorithm=\"{ENVELOPED}\"/>");
        }
        let uri = canonicalization_method(&self.method);
        let named = |prefix: &String| match prefix.as_str() {
            "" => "#default".to_owned(),
            prefix => escape(prefix),
        };
        let list: Vec<_> = self.method.prefixes.iter().map(named).collect();
        if list.is_empty() {
            return format!("<ds:Transform Algorithm=\"{uri}\"/>");
        }
        let list = list.join(" ");
        format!(
            "<ds:Transform Algorithm=\"{uri}\"><ec:InclusiveNamespaces xmlns:ec=\"{EXCLUSIVE}\" \
             PrefixList=\"{list}\"/></ds:Transform>"
        )
    }

    fn key_info(&self) -> String {
        let certificate = |one: &Certificate| {
            let base64 = Base64::encode_string(one.as_der());
            format!("<ds:X509Certificate>{base64}</ds:X509Certificate>")
        };
        let all: String = self.certificates.iter().map(certificate).collect();
        format!("<ds:KeyInfo><ds:X509Data>{all}</ds:X509Data></ds:KeyInfo>")
    }
}

/// The text before and after what becomes the last child of an element.
pub(super) fn insertion(place: Node<'_, '_>) -> (String, String) {
    let text = place.document().input_text();
    let (all, name) = (source(place), tag_name(place));
    let (before, after) = text.split_at(place.range().start);
    let after = after.strip_prefix(all).unwrap_or_default();
    // `</a/>` is no tag: what ends so has no other.
    if let Some(empty) = all.strip_suffix("/>") {
        return (format!("{before}{empty}>"), format!("</{name}>{after}"));
    }
    let (inside, end) = all.rsplit_once("</").unwrap_or((all, ""));
    (format!("{before}{inside}"), format!("</{end}{after}"))
}

fn properties(
    id: &str,
    time: Option<Timestamp>,
    certificate: &CertificateReference,
    digest_method: &str,
) -> String {
    let time = time.map(|time| {
        let time = time.strftime("%Y-%m-%dT%H:%M:%SZ");
        format!("<xades:SigningTime>{time}</xades:SigningTime>")
    });
    let time = time.unwrap_or_default();
    let hash = Base64::encode_string(&certificate.hash);
    let issuer = certificate.issuer_serial.as_ref().map(issuer_serial).unwrap_or_default();
    let issuer = Base64::encode_string(&issuer);
    format!(
        "<ds:Object><xades:QualifyingProperties xmlns:xades=\"{XADES}\" Target=\"#{id}\">\
         <xades:SignedProperties Id=\"{id}{PROPERTIES}\"><xades:SignedSignatureProperties>{time}\
         <xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
         <ds:DigestMethod Algorithm=\"{digest_method}\"/><ds:DigestValue>{hash}</ds:DigestValue>\
         </xades:CertDigest><xades:IssuerSerialV2>{issuer}</xades:IssuerSerialV2></xades:Cert>\
         </xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>\
         </xades:QualifyingProperties></ds:Object>"
    )
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    text.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}

/// How the identifiers of a signature's parts end.
pub(super) const PROPERTIES: &str = "-properties";
pub(super) const OBJECT: &str = "-object";
