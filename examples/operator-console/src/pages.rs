//! The pages, one file a subject.

pub(crate) mod act;
pub(crate) mod administration;
pub(crate) mod approvals;
pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod bulk;
pub(crate) mod cabinet;
pub(crate) mod carriers;
pub(crate) mod certificates;
pub(crate) mod copies;
pub(crate) mod crl_policy;
pub(crate) mod crls;
pub(crate) mod documents;
pub(crate) mod drafts;
pub(crate) mod file;
pub(crate) mod hand_over;
pub(crate) mod keys;
pub(crate) mod overdue;
pub(crate) mod papers;
pub(crate) mod person;
pub(crate) mod profiles;
pub(crate) mod registration;
pub(crate) mod reports;
pub(crate) mod request;
pub(crate) mod rows;
pub(crate) mod search;
pub(crate) mod sign_in;
pub(crate) mod start;
pub(crate) mod users;
pub(crate) mod workplace;

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};

/// On to another page, by GET.
pub(crate) fn go(page: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::from_str(page).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}
