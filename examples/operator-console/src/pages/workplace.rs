//! The check of the workplace (V14), and the language.

use std::sync::Arc;

use axum::Form;
use axum::Json;
use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse as _;
use minijinja::context;
use serde::Deserialize;

use super::sign_in::set_cookie;
use crate::Console;
use crate::web::{Failure, LANGUAGE, Reply, Tongue, Visitor, is_own_origin, page, public_page};

/// What the browser must have; the page's script tries each, signed in or not.
pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Option<Visitor>,
    Tongue(language): Tongue,
) -> Reply {
    match &visitor {
        Some(visitor) => {
            let carriers = super::keys::carriers(&console, visitor).await?;
            page(&console, visitor, "workplace.html", context! { carriers })
        }
        None => public_page(
            &console,
            language,
            "workplace.html",
            context! { carriers => Vec::<u8>::new() },
        ),
    }
}

/// The server's time, for the browser's clock to be compared with.
pub(crate) async fn time() -> Reply {
    let now = gost_ca::Timestamp::now().as_millisecond();
    Ok(Json(serde_json::json!({ "now": now })).into_response())
}

#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    language: String,
    #[serde(default)]
    back: String,
}

pub(crate) async fn language(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Reply {
    if !is_own_origin(&headers) {
        return Err(Failure::Forged);
    }
    let tag = if chosen.language == "en" { "en" } else { "ru" };
    // a path of this site, nothing else
    let is_ours =
        |back: &&str| back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    let back = Some(chosen.back.as_str()).filter(is_ours);
    let back = HeaderValue::from_str(back.unwrap_or("/")).map_err(|_| Failure::BadRequest)?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().append(SET_COOKIE, set_cookie(&console, LANGUAGE, tag)?);
    response.headers_mut().insert(LOCATION, back);
    Ok(response)
}
