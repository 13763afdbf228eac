//! The exchange of the code for a token.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::agent::Agent;
use crate::body::{SecretText, read};
use crate::failure::Failure;
use crate::pairing::Refused;

#[derive(Debug, Deserialize)]
struct Code {
    code: SecretText,
}

#[derive(Serialize)]
pub(crate) struct Token {
    token: String,
}

pub(crate) async fn pair(State(agent): State<Arc<Agent>>, body: Bytes) -> Answer<Token> {
    let Code { code } = read(body)?;
    let code = code.0.expose_str().unwrap_or_default();
    match agent.pairing().pair(code) {
        Ok(token) => {
            agent.open_keys().close_all(); // of whoever was paired before
            Ok(Json(Token { token: token.to_string() }))
        }
        Err(Refused::Closed) => Err(Failure::new(StatusCode::UNAUTHORIZED, "closed")),
        Err(Refused::Wrong) => Err(Failure::new(StatusCode::UNAUTHORIZED, "code")),
    }
}

pub(crate) async fn unpair(State(agent): State<Arc<Agent>>) -> StatusCode {
    agent.pairing().end();
    agent.open_keys().close_all();
    StatusCode::NO_CONTENT
}
