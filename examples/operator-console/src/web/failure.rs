//! Why a page is not what was asked for.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gost_ca::Error;
use gost_ca::lifecycle::Refusal;
use gost_ca::message::Message;
use gost_ca::provider::ProviderError;

/// An answer, or why there is none.
pub(crate) type Reply<T = Response> = Result<T, Failure>;

/// Why a page is not what was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library refused, or failed.
    Core(Box<Error>),
    /// Nobody is signed in here.
    SignedOut,
    /// The form does not come from our page.
    Forged,
    /// A field is missing, or is not what it must be.
    Field(&'static str),
    /// No such page.
    Missing,
    /// Not even a question.
    BadRequest,
    /// More than is taken.
    TooLarge,
    /// Too often.
    TooMany,
    /// Our own fault.
    Internal(String),
}

/// What the page of a failure says; the language is known later.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) words: Words,
}

/// Whose words.
#[derive(Clone, Debug)]
pub(crate) enum Words {
    /// The library's.
    Library(Box<Message>),
    /// Ours, under `failure.` and the code, with the field's name.
    Own(&'static str),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(Box::new(error))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Error::from(refusal).into()
    }
}

impl From<ProviderError> for Failure {
    fn from(error: ProviderError) -> Self {
        Error::from(error).into()
    }
}

impl Failure {
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    pub(crate) fn said(&self) -> Said {
        let own = |status, code| Said { status, code, words: Words::Own("") };
        match self {
            Self::Core(error) => {
                let words = Words::Library(Box::new(Message::from(&**error)));
                Said { status: status(error), code: error.code(), words }
            }
            Self::SignedOut => own(StatusCode::UNAUTHORIZED, "signed-out"),
            Self::Forged => own(StatusCode::FORBIDDEN, "forged"),
            Self::Field(name) => Said {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: "field",
                words: Words::Own(name),
            },
            Self::Missing => own(StatusCode::NOT_FOUND, "missing"),
            Self::BadRequest => own(StatusCode::BAD_REQUEST, "bad-request"),
            Self::TooLarge => own(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::TooMany => own(StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::Internal(_) => own(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }
}

const fn status(error: &Error) -> StatusCode {
    match error {
        Error::Refused(Refusal::NotFound(_)) => StatusCode::NOT_FOUND,
        Error::Refused(_) => StatusCode::FORBIDDEN,
        Error::Form(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match &self {
            Self::SignedOut => return Redirect::to("/sign-in").into_response(),
            Self::Core(error) if error.code() == "session.password-change-required" => {
                return Redirect::to("/password").into_response();
            }
            Self::Core(error) if ENDED.contains(&error.code()) => {
                return Redirect::to("/sign-in?ended=1").into_response();
            }
            Self::Internal(why) => eprintln!("operator-console: {why}"),
            _ => {}
        }
        let said = self.said();
        let mut response = said.status.into_response();
        response.extensions_mut().insert(said);
        response
    }
}

/// Refusals that mean that the session is over.
const ENDED: [&str; 3] = ["session.over", "session.certificate", "sign-in"];
