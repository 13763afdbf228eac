//! How often one address may ask.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::Failure;
use crate::Console;

/// The limits of all addresses.
#[derive(Debug)]
pub(crate) struct Limits {
    sign_ins: DefaultKeyedRateLimiter<IpAddr>,
    requests: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        let keyed = RateLimiter::keyed;
        Self {
            sign_ins: keyed(Quota::per_minute(SIGN_INS)),
            requests: keyed(Quota::per_second(REQUESTS)),
        }
    }
}

/// Beside the lock of a login, which the library has: nobody tries many logins.
pub(super) async fn sign_ins(
    State(console): State<Arc<Console>>,
    request: Request,
    next: Next,
) -> Response {
    let get = request.method() == axum::http::Method::GET;
    if get || console.limits.sign_ins.check_key(&address(&request)).is_ok() {
        next.run(request).await
    } else {
        Failure::TooMany.into_response()
    }
}

pub(super) async fn requests(
    State(console): State<Arc<Console>>,
    request: Request,
    next: Next,
) -> Response {
    if console.limits.requests.check_key(&address(&request)).is_ok() {
        next.run(request).await
    } else {
        Failure::TooMany.into_response()
    }
}

/// Behind a proxy all come from one address: it has limits of its own.
fn address(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip())
}

const SIGN_INS: NonZeroU32 = NonZeroU32::new(60).unwrap();
const REQUESTS: NonZeroU32 = NonZeroU32::new(2_000).unwrap();
