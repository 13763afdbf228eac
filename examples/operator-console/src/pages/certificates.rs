//! Certificates: the list, the card, downloads (V12).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use gost_ca::desk::lists;
use gost_ca::desk::scan::ScanOwner;
use gost_ca::id::CaseId;
use gost_ca::lifecycle::Act;
use gost_ca::message::Message;
use gost_ca::print::{Reading, file_name};
use gost_ca::provider::journal::{CaseFilter, Page};
use gost_ca::registration_authority::CaseCard;
use gost_ca::view::CaseState;
use gost_ca::x509::Certificate;
use minijinja::{Value, context};
use serde::Deserialize;

use super::rows::{
    Names, allows, buttons, case as case_row, cursor_text, mark, pairs, read_cursor,
};
use super::users::csv_file;
use crate::Console;
use crate::acts::Target;
use crate::web::{Failure, Reply, Visitor, page};

/// What the list is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    hidden: String,
    after: Option<String>,
}

impl Asked {
    fn filter(&self) -> CaseFilter {
        let states = GROUPS.iter().find(|(name, _)| *name == self.state);
        CaseFilter {
            states: states.map(|(_, states)| states.to_vec()).unwrap_or_default(),
            hidden: !self.hidden.is_empty(),
            ..CaseFilter::default()
        }
    }
}

/// States as people filter by them.
const GROUPS: [(&str, &[CaseState]); 5] = [
    ("active", &[CaseState::Active]),
    ("suspended", &[CaseState::Suspended]),
    ("revoked", &[CaseState::Revoked]),
    (
        "requests",
        &[
            CaseState::Draft,
            CaseState::KeyGen,
            CaseState::Built,
            CaseState::Submitted,
            CaseState::Approved,
            CaseState::Issuing,
            CaseState::InDoubt,
            CaseState::Failed,
        ],
    ),
    (
        "waiting",
        &[CaseState::PolicyReview, CaseState::PendingApproval, CaseState::AwaitingAcceptance],
    ),
];

pub(crate) async fn list(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let page_of = Page { after: read_cursor(asked.after.as_deref())?, limit: ROWS };
    let ra = &console.office.ra;
    let found = if asked.q.trim().is_empty() {
        ra.list_cases(visitor.session(), asked.filter(), &page_of).await?
    } else {
        (super::search::cases(&console, &visitor, &asked.q).await?, None)
    };
    let (mut names, mut rows) = (Names::default(), Vec::new());
    names.learn(&console, &visitor, found.0.iter().map(|view| view.user)).await?;
    for view in &found.0 {
        let owner = names.of(&console, &visitor, &view.user).await;
        rows.push(case_row(view, &owner, &console, visitor.language));
    }
    let groups = GROUPS.map(|(name, _)| {
        let label = crate::texts::words(&format!("group.{name}"), visitor.language);
        context! { value => name, label }
    });
    let values = context! {
        rows,
        next => cursor_text(found.1),
        q => asked.q,
        state => asked.state,
        hidden => !asked.hidden.is_empty(),
        groups => groups.to_vec(),
    };
    page(&console, &visitor, "certificates.html", values)
}

pub(crate) async fn csv(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    let page_of = Page::first(EXPORTED);
    let found = console.office.ra.list_cases(visitor.session(), asked.filter(), &page_of).await?;
    Ok(csv_file("certificates.csv", lists::cases(&found.0, &console.office.zone).to_csv()))
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Came {
    done: Option<String>,
}

/// What there is nothing for is no button.
fn drop_idle_buttons(card: &mut CaseCard) {
    let on_server = card.case.key().is_some();
    let (planned, asked) = (card.case.plan().is_some(), card.case.application().is_some());
    card.actions.retain(|action| match action.act {
        Act::DestroyKey | Act::Install => on_server,
        Act::WithdrawSchedule => planned,
        Act::DismissTermination => asked,
        _ => true,
    });
}

pub(crate) async fn card(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(case): Path<String>,
    Query(after): Query<Came>,
) -> Reply {
    let case: CaseId = case.parse().map_err(|_| Failure::Missing)?;
    let (ra, session, zone) = (&console.office.ra, visitor.session(), &console.office.zone);
    let mut card = ra.case(session, &case).await?;
    drop_idle_buttons(&mut card);
    let owner = ra.user(session, &card.case.begun().user).await?;
    let language = visitor.language;
    let scans = ra.scans(session, &ScanOwner::Case(case)).await?;
    let findings = card
        .case
        .findings()
        .iter()
        .map(|finding| Message::new(format!("finding.{}", finding.code)).says(language));
    let state = card.case.state();
    let expired = card.case.is_expired(gost_ca::Timestamp::now());
    let values = context! {
        case => case.to_string(),
        user => card.case.begun().user.to_string(),
        owner => owner.record.data.subject.person().name.full(),
        profile_title => card.profile.title,
        state => Message::from(state).says(language),
        expired,
        mark => mark(state, expired),
        done => after.done.is_some(),
        begun => zone.show(card.case.view().created),
        findings => findings.collect::<Vec<_>>(),
        hold => card.case.hold().map(|hold| zone.show(hold.since)),
        hold_end => card.case.hold_end().map(|(until, _)| zone.show(until)),
        acknowledged => card.case.acknowledged().map(|(at, _)| zone.show(*at)),
        application => card.case.application().map(|asked| zone.show(asked.deadline)),
        plan => card.case.plan().map(|(at, _)| zone.show(*at)),
        successor => card.case.successor().map(|case| case.to_string()),
        approval => card.case.approval().map(|approval| approval.to_string()),
        built => card.case.request().is_some(),
        serial => card.certificate.as_ref().map(|one| pairs(one.serial())),
        certificate => card.certificate.as_ref().map(|one| shown(one, &console)),
        new => container(&console, &visitor, &case).await?,
        actions => buttons(&card.actions, Target::Case(case), language),
        may_make_key => allows(&card.actions, Act::ImportRequest),
        printed => super::papers::printed_rows(&console, &visitor, (ScanOwner::Case(case), &format!("/certificates/{case}"))).await?,
        scans => super::papers::scan_rows(&scans, &format!("/certificates/{case}"), language),
    };
    page(&console, &visitor, "certificate.html", values)
}

/// What a browser needs to put a certificate into its container (V6), and the container out of the
/// browser (V16).
pub(crate) async fn container(
    console: &Console,
    visitor: &Visitor,
    case: &CaseId,
) -> Result<Value, Failure> {
    let card = console.office.ra.case(visitor.session(), case).await?;
    let user = card.case.begun().user;
    Ok(context! {
        case => case.to_string(),
        own => visitor.session().actor().user == Some(user),
        key => card.certificate.as_ref().map(|one| base64(one.public_key().as_der())),
        der => card.certificate.as_ref().map(|one| base64(one.as_der())),
    })
}

fn base64(octets: &[u8]) -> String {
    use base64ct::Encoding as _;
    base64ct::Base64::encode_string(octets)
}

/// The certificate in words, section by section, with its thumbprints (U9).
fn shown(certificate: &Certificate, console: &Console) -> Value {
    let reading = Reading::of_certificate(certificate, &console.office.zone);
    let sections = reading.sections.iter().map(|section| {
        let rows = section.rows.iter().map(|row| {
            context! { label => &row.label, value => &row.value, octets => row.octets }
        });
        context! { heading => section.heading, rows => rows.collect::<Vec<_>>() }
    });
    sections.collect()
}

/// V12: the exact octets, PEM, or the chain as PKCS#7; the request as it was made.
pub(crate) async fn download(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path((case, form)): Path<(String, String)>,
) -> Reply {
    let case: CaseId = case.parse().map_err(|_| Failure::Missing)?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let user = ra.case(session, &case).await?.case.begun().user;
    let login = ra.user(session, &user).await?.record.login;
    if form == "p10" {
        let request = ra.request(session, &case).await?;
        return Ok(file(&format!("{}.p10", login.as_str()), request.as_der().to_vec()));
    }
    if form == "zip" {
        let dossier = ra.dossier(session, &case, &console.office.stationery()).await?;
        let octets = gost_ca_dossier::to_zip(&dossier).map_err(Failure::internal)?;
        return Ok(file(&format!("{}.zip", dossier.name), octets));
    }
    let certificate = ra.certificate(session, &case).await?;
    let name = |extension| file_name(login.as_str(), certificate.serial(), extension);
    match form.as_str() {
        "cer" => Ok(file(&name("cer"), certificate.as_der().to_vec())),
        "pem" => Ok(file(
            &name("pem"),
            gost_ca::x509::to_pem(gost_ca::x509::PemLabel::Certificate, certificate.as_der())
                .into_bytes(),
        )),
        "p7b" => {
            let mut chain = vec![certificate.clone()];
            chain.extend(ra.issuers(session, &case).await?);
            Ok(file(
                &name("p7b"),
                gost_ca::x509::pkcs7::certificates_only(&chain.iter().collect::<Vec<_>>()),
            ))
        }
        _ => Err(Failure::Missing),
    }
}

pub(crate) fn file(name: &str, octets: Vec<u8>) -> Response {
    let mut response = octets.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, name);
    }
    response
}

const ROWS: usize = 25;
const EXPORTED: usize = 10_000;
