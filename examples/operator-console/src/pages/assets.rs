//! Files that pages need: style, script, the workplace. Built in.

use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::web::{Failure, Reply};

pub(crate) async fn get(Path(name): Path<String>) -> Reply {
    let asset = ASSETS.iter().find(|(known, ..)| *known == name);
    let (_, kind, octets) = asset.ok_or(Failure::Missing)?;
    let mut response: Response = (*octets).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if *kind == WASM {
        // compressed when it was built; there is no browser with WebAssembly that does not take it
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

pub(crate) async fn missing() -> Failure {
    Failure::Missing
}

const WASM: &str = "application/wasm";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const ASSETS: &[(&str, &str, &[u8])] = &[
    ("pico.min.css", STYLE, include_bytes!("../../assets/pico.min.css")),
    ("console.css", STYLE, include_bytes!("../../assets/console.css")),
    ("htmx.min.js", SCRIPT, include_bytes!("../../assets/htmx.min.js")),
    ("console.js", SCRIPT, include_bytes!("../../assets/console.js")),
    ("page.js", SCRIPT, include_bytes!("../../assets/page.js")),
    ("workplace.js", SCRIPT, include_bytes!("../../assets/workplace.js")),
    ("agent.js", SCRIPT, include_bytes!("../../assets/agent.js")),
    ("signing.js", SCRIPT, include_bytes!("../../assets/signing.js")),
    ("making.js", SCRIPT, include_bytes!("../../assets/making.js")),
    ("module.js", SCRIPT, include_bytes!("../../assets/module.js")),
    ("documents.js", SCRIPT, include_bytes!("../../assets/documents.js")),
    ("documents-worker.js", SCRIPT, include_bytes!("../../assets/documents-worker.js")),
    ("containers.js", SCRIPT, include_bytes!("../../assets/containers.js")),
    ("icon.svg", "image/svg+xml", include_bytes!("../../assets/icon.svg")),
    ("workplace.wasm", WASM, include_bytes!(env!("WORKPLACE_WASM"))),
];
