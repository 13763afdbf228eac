//! Errors as the page gets them.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gost_ca::provider::{ErrorKind, ProviderError};
use serde::Serialize;

/// A refusal: a status and a word for the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    #[serde(skip)]
    status: StatusCode,
    error: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tries_left: Option<u32>,
}

impl Failure {
    pub(crate) const fn new(status: StatusCode, error: &'static str) -> Self {
        Self { status, error, tries_left: None }
    }

    pub(crate) const fn invalid() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid")
    }

    pub(crate) const fn unsupported() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "unsupported")
    }

    /// Nothing that is done here for a page.
    pub(crate) const fn not_ours() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-ours")
    }

    /// The key was closed, or never opened.
    pub(crate) const fn not_open() -> Self {
        Self::new(StatusCode::CONFLICT, "not-open")
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        let (status, word, tries_left) = match error.kind() {
            ErrorKind::Conflict(_) => (StatusCode::CONFLICT, "conflict", None),
            ErrorKind::Denied { tries_left } => (StatusCode::FORBIDDEN, "denied", *tries_left),
            ErrorKind::Locked => (StatusCode::FORBIDDEN, "locked", None),
            ErrorKind::NotFound => (StatusCode::NOT_FOUND, "not-found", None),
            ErrorKind::Invalid => (StatusCode::BAD_REQUEST, "invalid", None),
            ErrorKind::Unsupported => (StatusCode::NOT_IMPLEMENTED, "unsupported", None),
            ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", None),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "fault", None),
        };
        Self { status, error: word, tries_left }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(self)).into_response()
    }
}
