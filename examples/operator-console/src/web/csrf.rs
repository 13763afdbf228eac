//! Forms that only our own pages can send.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use gost_ca::secret::Secret;
use zeroize::Zeroize as _;

use super::{Failure, Visitor};
use crate::Console;

/// A form of a signed-in person: from this origin, with their token.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
}

/// What stands in a form.
#[derive(Default)]
pub(crate) struct Fields {
    texts: Vec<(String, String)>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Fields {
    /// A field's text; none where it is blank.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.texts.iter().find(|(key, _)| key == name);
        found.map(|(_, text)| text.as_str()).filter(|text| !text.trim().is_empty())
    }

    /// All texts of a field that may stand there many times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.texts.iter().filter(move |(key, _)| key == name).map(|(_, text)| text.as_str())
    }

    /// All fields.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// A text that must be there.
    pub(crate) fn need(&self, name: &'static str) -> Result<&str, Failure> {
        self.text(name).ok_or(Failure::Field(name))
    }

    /// A file that must be there.
    pub(crate) fn file(&self, name: &'static str) -> Result<&[u8], Failure> {
        let file = self.files.get(name).map(Vec::as_slice);
        file.filter(|octets| !octets.is_empty()).ok_or(Failure::Field(name))
    }
}

/// Some are secrets.
impl Drop for Fields {
    fn drop(&mut self) {
        self.texts.iter_mut().for_each(|(_, text)| text.zeroize());
    }
}

/// Values may be secrets.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.texts.iter().map(|(key, _)| key)).finish()
    }
}

impl FromRequest<Arc<Console>> for Checked {
    type Rejection = Failure;

    async fn from_request(request: Request, console: &Arc<Console>) -> Result<Self, Failure> {
        let visitor = super::visitor::visitor(request.headers(), console);
        let visitor = visitor.ok_or(Failure::SignedOut)?;
        if !is_own_origin(request.headers()) {
            return Err(Failure::Forged);
        }
        let fields = read(request, console).await?;
        let token = Secret::from(fields.text(FIELD).unwrap_or_default());
        if token != visitor.signed_in.csrf {
            return Err(Failure::Forged);
        }
        Ok(Self { visitor, fields })
    }
}

async fn read(request: Request, console: &Arc<Console>) -> Result<Fields, Failure> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.unwrap_or_default().starts_with("multipart/") {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, console).await;
        let axum::Form(texts) = form.map_err(|_| Failure::BadRequest)?;
        return Ok(Fields { texts, files: BTreeMap::new() });
    }
    let form = axum::extract::Multipart::from_request(request, console).await;
    let (mut form, mut fields) = (form.map_err(|_| Failure::BadRequest)?, Fields::default());
    while let Some(field) = form.next_field().await.map_err(|_| Failure::BadRequest)? {
        let (name, is_file) =
            (field.name().unwrap_or_default().to_owned(), field.file_name().is_some());
        let octets = field.bytes().await.map_err(|_| Failure::TooLarge)?.to_vec();
        if is_file {
            fields.files.insert(name, octets);
        } else {
            let text = String::from_utf8(octets).map_err(|_| Failure::BadRequest)?;
            fields.texts.push((name, text));
        }
    }
    Ok(fields)
}

/// Browsers say where a form comes from; it must come from here.
pub(crate) fn is_own_origin(headers: &HeaderMap) -> bool {
    let text =
        |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (None, _) => true, // no browser of today leaves it out of a POST; the token is checked all the same
        _ => false,
    }
}

/// The hidden field of every form.
const FIELD: &str = "csrf";
