//! Signing in and out.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use base64ct::{Base64, Encoding as _};
use der::Decode as _;
use gost_ca::Session;
use gost_ca::language::Language;
use gost_ca::message::Message;
use gost_ca::registration::Login;
use gost_ca::registration_authority::{Answer, Challenge};
use gost_ca::secret::Secret;
use gost_ca::x509::Certificate;
use minijinja::context;
use serde::Deserialize;

use crate::Console;
use crate::office::{DEMO, DEMO_PASSWORD};
use crate::web::{
    Checked, Failure, Reply, SignedIn, Token, Tongue, cookie, is_own_origin, public_page,
    session_cookie,
};

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Came {
    ended: Option<String>,
}

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    Tongue(language): Tongue,
    Query(came): Query<Came>,
) -> Reply {
    form(&console, language, came.ended.is_some(), None)
}

fn form(
    console: &Console,
    language: Language,
    ended: bool,
    refused: Option<&gost_ca::Error>,
) -> Reply {
    let refused = refused.map(|error| Message::from(error).spoken(language).to_string());
    let demo = console.arguments.demo.then(|| context! { password => DEMO_PASSWORD });
    public_page(console, language, "sign_in.html", context! { ended, refused, demo })
}

/// A challenge for whoever wants to sign in: the octets to be signed beside it.
pub(crate) async fn challenge(State(console): State<Arc<Console>>, headers: HeaderMap) -> Reply {
    if !is_own_origin(&headers) {
        return Err(Failure::Forged);
    }
    let challenge = console.office.ra.challenge().await?;
    let message = Base64::encode_string(&challenge.signed_bytes());
    Ok(Json(serde_json::json!({ "challenge": challenge, "message": message })).into_response())
}

/// A challenge, signed.
#[derive(Debug, Deserialize)]
pub(crate) struct Signed {
    challenge: Challenge,
    certificate: String,
    algorithm: String,
    signature: String,
}

pub(crate) async fn by_certificate(
    State(console): State<Arc<Console>>,
    Tongue(language): Tongue,
    headers: HeaderMap,
    Json(signed): Json<Signed>,
) -> Reply {
    if !is_own_origin(&headers) {
        return Err(Failure::Forged);
    }
    let octets = |text: &str| Base64::decode_vec(text).map_err(|_| Failure::BadRequest);
    let certificate = Certificate::from_der(&octets(&signed.certificate)?);
    let certificate = certificate.map_err(|_| Failure::BadRequest)?;
    let algorithm = spki::AlgorithmIdentifierOwned::from_der(&octets(&signed.algorithm)?);
    let algorithm = algorithm.map_err(|_| Failure::BadRequest)?;
    let answer = Answer::new(signed.challenge, algorithm, octets(&signed.signature)?);
    match console.office.ra.sign_in(&certificate, &answer).await {
        Ok(session) => {
            let cookie = begin(&console, &headers, session).await?;
            let mut response = Json(serde_json::json!({ "go": "/" })).into_response();
            response.headers_mut().append(SET_COOKIE, cookie);
            Ok(response)
        }
        Err(error) => {
            let says = Message::from(&error).spoken(language).to_string();
            let told = serde_json::json!({ "refused": says, "code": error.code() });
            Ok((StatusCode::FORBIDDEN, Json(told)).into_response())
        }
    }
}

/// Login and password. Never printed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    login: String,
    password: String,
}

pub(crate) async fn by_password(
    State(console): State<Arc<Console>>,
    Tongue(language): Tongue,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Reply {
    if !is_own_origin(&headers) {
        return Err(Failure::Forged);
    }
    let password = Secret::from(typed.password);
    // what is no login is refused as one that is nobody's
    let login = Login::from_typed(&typed.login)
        .or_else(|_| Login::from_typed("nobody"))
        .map_err(Failure::internal)?;
    match console.office.ra.sign_in_by_password(&login, &password).await {
        Ok(session) => {
            let cookie = begin(&console, &headers, session).await?;
            let mut response = StatusCode::SEE_OTHER.into_response();
            response.headers_mut().append(SET_COOKIE, cookie);
            response.headers_mut().insert(LOCATION, HeaderValue::from_static("/"));
            Ok(response)
        }
        Err(error @ gost_ca::Error::Refused(_)) => {
            let mut response = form(&console, language, false, Some(&error))?;
            *response.status_mut() = StatusCode::FORBIDDEN;
            Ok(response)
        }
        Err(error) => Err(error.into()),
    }
}

/// Begins a session; one that the browser had before ends.
pub(super) async fn begin(
    console: &Console,
    headers: &HeaderMap,
    session: Session,
) -> Result<HeaderValue, Failure> {
    if let Some(old) = cookie(headers, session_cookie(console)) {
        console.sessions.end(old);
    }
    let token = || -> Result<String, Failure> {
        let octets = console.office.random::<32>().map_err(Failure::internal)?;
        Ok(gost_ca::hex::encode(&octets))
    };
    let (value, csrf) = (token()?, token()?);
    let name = name_of(console, &session).await;
    console.sessions.begin(&Token(value.clone()), SignedIn::new(session, &csrf, name));
    set_cookie(console, session_cookie(console), &value)
}

/// A temporary password shows nothing yet, not even its owner's name.
async fn name_of(console: &Console, session: &Session) -> String {
    let Some(user) = session.actor().user else { return String::new() };
    let card = console.office.ra.user(session, &user).await;
    card.map(|card| card.record.data.subject.person().name.full()).unwrap_or_default()
}

pub(crate) fn set_cookie(
    console: &Console,
    name: &str,
    value: &str,
) -> Result<HeaderValue, Failure> {
    let secure = if console.arguments.secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&cookie).map_err(Failure::internal)
}

pub(crate) async fn sign_out(
    State(console): State<Arc<Console>>,
    headers: HeaderMap,
    _checked: Checked,
) -> Reply {
    if let Some(value) = cookie(&headers, session_cookie(&console)) {
        console.sessions.end(value);
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/sign-in"));
    Ok(response)
}

/// The containers of the training staff: no secret, and offered on loopback alone.
pub(crate) async fn demo(State(console): State<Arc<Console>>, Path(name): Path<String>) -> Reply {
    if !console.arguments.demo || !STAFF.contains(&name.as_str()) {
        return Err(Failure::Missing);
    }
    let path = console.arguments.data.join(DEMO).join(&name);
    let octets = std::fs::read(path).map_err(Failure::internal)?;
    let mut response: Response = octets.into_response();
    response.headers_mut().insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    Ok(response)
}

const STAFF: [&str; 2] = ["administrator.key", "operator.key"];
