//! Who asks for a page.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use axum::http::request::Parts;
use gost_ca::Session;
use gost_ca::id::UserId;
use gost_ca::language::Language;
use gost_ca::view::Role;

use super::Failure;
use super::session::{SignedIn, language};
use crate::Console;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) signed_in: Arc<SignedIn>,
    pub(crate) language: Language,
}

impl Visitor {
    pub(crate) fn session(&self) -> &Session {
        &self.signed_in.session
    }

    pub(crate) fn role(&self) -> Role {
        self.session().actor().role
    }

    pub(crate) fn is_staff(&self) -> bool {
        self.role() != Role::User
    }

    pub(crate) fn user(&self) -> Result<UserId, Failure> {
        self.session().actor().user.ok_or(Failure::SignedOut)
    }
}

impl FromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        console: &Arc<Console>,
    ) -> Result<Self, Failure> {
        visitor(&parts.headers, console).ok_or(Failure::SignedOut)
    }
}

impl OptionalFromRequestParts<Arc<Console>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(
        parts: &mut Parts,
        console: &Arc<Console>,
    ) -> Result<Option<Self>, Failure> {
        Ok(visitor(&parts.headers, console))
    }
}

/// The language alone, signed in or not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tongue(pub(crate) Language);

impl FromRequestParts<Arc<Console>> for Tongue {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Console>) -> Result<Self, Failure> {
        Ok(Self(tongue(&parts.headers)))
    }
}

pub(crate) fn visitor(headers: &HeaderMap, console: &Console) -> Option<Visitor> {
    let signed_in = console.sessions.find(cookie(headers, session_cookie(console))?)?;
    Some(Visitor { signed_in, language: tongue(headers) })
}

pub(crate) fn tongue(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    language(cookie(headers, LANGUAGE), accepted)
}

/// A cookie's value.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// The cookie of a session; over HTTPS, one that only this very host can set.
pub(crate) const fn session_cookie(console: &Console) -> &'static str {
    if console.arguments.secure { "__Host-session" } else { "session" }
}

/// The cookie of a language.
pub(crate) const LANGUAGE: &str = "language";
