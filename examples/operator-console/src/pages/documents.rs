//! Documents of whoever is signed in (V17). All of it is done in the browser; here is what it goes by: the
//! authority's certificates with their CRLs, and the certificates of those to whom something is encrypted.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse as _;
use base64ct::{Base64, Encoding as _};
use gost_ca::id::CaseId;
use gost_ca::view::CaseState;
use gost_ca::x509::{Certificate, DistinguishedName};
use minijinja::context;
use serde::Deserialize;
use serde_json::json;

use super::rows::pairs;
use crate::Console;
use crate::web::{Failure, Reply, Visitor, page};

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(act): Path<String>,
) -> Reply {
    let act = ACTS.into_iter().find(|known| *known == act).ok_or(Failure::Missing)?;
    page(&console, &visitor, "documents.html", context! { act })
}

/// Whom signatures are checked by: the keys that issue here, and what they terminated.
pub(crate) async fn authority(State(console): State<Arc<Console>>, _visitor: Visitor) -> Reply {
    let issuing = std::fs::read(console.arguments.data.join("authority/issuing.cer"));
    let issuing = issuing.map_err(Failure::internal)?;
    let crls = console.office.ra.crls(&console.office.authority).await?;
    let crls = crls.iter().map(|crl| Base64::encode_string(crl)).collect::<Vec<_>>();
    let trust = json!({ "anchors": [Base64::encode_string(&issuing)], "crls": crls });
    Ok(Json(trust).into_response())
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// Certificates in force of the people who fit; a user's own where a user asks.
pub(crate) async fn recipients(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let (ra, session) = (&console.office.ra, visitor.session());
    let cases: Vec<CaseId> = if visitor.is_staff() {
        let found = super::search::cases(&console, &visitor, &asked.q).await?;
        found.iter().filter(|view| view.state == CaseState::Active).map(|view| view.case).collect()
    } else {
        let own = ra.user(session, &visitor.user()?).await?.cases;
        own.iter().filter(|view| view.state == CaseState::Active).map(|view| view.case).collect()
    };
    let mut shown = Vec::new();
    for case in cases.iter().take(FOUND) {
        let certificate = ra.certificate(session, case).await?;
        shown.push(json!({
            "name": common_name(&certificate),
            "about": pairs(certificate.serial()),
            "certificate": Base64::encode_string(certificate.as_der()),
        }));
    }
    Ok(Json(shown).into_response())
}

fn common_name(certificate: &Certificate) -> String {
    let name = DistinguishedName::from_der(certificate.subject()).ok();
    name.and_then(|name| name.text(&COMMON_NAME).map(str::to_owned)).unwrap_or_default()
}

const ACTS: [&str; 4] = ["sign", "check", "encrypt", "decrypt"];
const FOUND: usize = 20;
const COMMON_NAME: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.4.3");
