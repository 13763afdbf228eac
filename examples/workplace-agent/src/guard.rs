//! What every call passes before it is looked at: host, origin, token.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    AUTHORIZATION, CACHE_CONTROL, HOST, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::agent::Agent;
use crate::failure::Failure;
use crate::pairing::Refused;

/// Refuses other hosts and origins, answers preflights, and lets in whoever has the token.
pub(crate) async fn guard(
    State(agent): State<Arc<Agent>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    if !agent.is_addressed_by(text(headers, &HOST)) {
        return Failure::new(StatusCode::MISDIRECTED_REQUEST, "host").into_response();
    }
    if text(headers, &ORIGIN) != agent.origin() {
        return Failure::new(StatusCode::FORBIDDEN, "origin").into_response();
    }
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        match admitted(&agent, &request) {
            Ok(()) => next.run(request).await,
            Err(failure) => failure.into_response(),
        }
    };
    allow(response.headers_mut(), &agent);
    response
}

/// Only the exchange of the code goes without a token.
fn admitted(agent: &Agent, request: &Request) -> Result<(), Failure> {
    if request.uri().path() == "/pair" {
        return Ok(());
    }
    let token = text(request.headers(), &AUTHORIZATION).strip_prefix("Bearer ").unwrap_or_default();
    agent.pairing().admit(token).map_err(|refused| match refused {
        Refused::Closed => Failure::new(StatusCode::UNAUTHORIZED, "closed"),
        Refused::Wrong => Failure::new(StatusCode::UNAUTHORIZED, "token"),
    })
}

fn allow(headers: &mut HeaderMap, agent: &Agent) {
    if let Ok(origin) = HeaderValue::from_str(agent.origin()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    let names = HeaderValue::from_static("authorization, content-type");
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names);
    headers.insert(PRIVATE_NETWORK, HeaderValue::from_static("true"));
}

/// A header that stands once and is text; nothing otherwise.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(value), None) => value.to_str().unwrap_or_default(),
        _ => "",
    }
}

/// Chromium asks before a page of the net calls the computer itself.
const PRIVATE_NETWORK: HeaderName = HeaderName::from_static("access-control-allow-private-network");
