//! The forms in which files come.

use std::borrow::Cow;

use serde::Serialize;

use super::artefact::{Unreadable, unreadable};
use super::report::Kind;
use crate::x509::pem;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Form {
    /// The octets themselves.
    Der,
    /// Base64 between labelled lines (RFC 7468).
    Pem,
    /// Base64 alone.
    Base64,
}

/// What is inside of a file.
pub(super) struct Input<'a> {
    pub(super) form: Form,
    pub(super) der: Cow<'a, [u8]>,
    /// What it claims to be.
    pub(super) label: Option<Kind>,
}

/// Labels in use, those of older tools included (RFC 7468 §§5–7).
const LABELS: [(&str, Kind); 6] = [
    ("CERTIFICATE", Kind::Certificate),
    ("X509 CERTIFICATE", Kind::Certificate),
    ("TRUSTED CERTIFICATE", Kind::Certificate),
    ("CERTIFICATE REQUEST", Kind::Request),
    ("NEW CERTIFICATE REQUEST", Kind::Request),
    ("X509 CRL", Kind::Crl),
];

pub(super) fn unwrap(file: &[u8]) -> Result<Input<'_>, Unreadable> {
    let bad = |why| unreadable("the file", why);
    if file.first() == Some(&0x30) {
        return Ok(Input { form: Form::Der, der: Cow::Borrowed(file), label: None });
    }
    let text = core::str::from_utf8(file).map_err(|_| bad("neither DER nor PEM nor Base64"))?;
    let text = text.strip_prefix(pem::BYTE_ORDER_MARK).unwrap_or(text);
    let kind = |label| LABELS.iter().find(|(known, _)| *known == label).map(|(_, kind)| *kind);
    let (form, label, base64) = match pem::blocks(text).find_map(|it| Some((kind(it.0)?, it.1))) {
        Some((label, inside)) => (Form::Pem, Some(label), inside),
        None if text.contains("-----BEGIN ") => {
            return Err(bad("no PEM of a certificate, request or CRL"));
        }
        None => (Form::Base64, None, text),
    };
    let der = pem::from_base64(base64).ok_or_else(|| bad("no Base64"))?;
    Ok(Input { form, der: Cow::Owned(der), label })
}
