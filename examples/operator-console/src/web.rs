//! HTTP: routes, sessions, limits, headers, and what a failed page looks like.

mod csrf;
mod failure;
mod headers;
mod limits;
mod render;
mod session;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

pub(crate) use csrf::{Checked, Fields, is_own_origin};
pub(crate) use failure::{Failure, Reply};
pub(crate) use headers::{PAPER_POLICY, policy};
pub(crate) use limits::Limits;
pub(crate) use render::{page, public_page, templates};
pub(crate) use session::{Sessions, SignedIn, Token, Upload};
pub(crate) use visitor::{LANGUAGE, Tongue, Visitor, cookie, session_cookie};

use crate::{Console, pages};

/// All pages of a console.
pub fn router(console: Arc<Console>) -> Router {
    let signing_in = Router::new()
        .route("/sign-in", get(pages::sign_in::show))
        .route("/sign-in/challenge", post(pages::sign_in::challenge))
        .route("/sign-in/certificate", post(pages::sign_in::by_certificate))
        .route("/sign-in/password", post(pages::sign_in::by_password))
        .route_layer(middleware::from_fn_with_state(Arc::clone(&console), limits::sign_ins));
    Router::new()
        .merge(desk())
        .merge(office())
        .merge(signing_in)
        .fallback(pages::assets::missing)
        .layer(middleware::from_fn_with_state(Arc::clone(&console), render::failures))
        .layer(middleware::from_fn_with_state(Arc::clone(&console), limits::requests))
        .layer(middleware::from_fn_with_state(Arc::clone(&console), headers::secure))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .with_state(console)
}

/// People and their certificates.
fn desk() -> Router<Arc<Console>> {
    Router::new()
        .route("/users", get(pages::users::list))
        .route("/users.csv", get(pages::users::csv))
        .route("/users/new", get(pages::registration::new).post(pages::registration::register))
        .route("/users/{user}", get(pages::person::card))
        .route("/users/{user}/certificates", get(pages::person::certificates))
        .route("/users/{user}/access", get(pages::person::access))
        .route("/users/{user}/papers", get(pages::person::papers))
        .route("/users/{user}/history", get(pages::person::history))
        .route("/users/{user}/request", get(pages::request::show).post(pages::request::create))
        .route("/users/{user}/hand-over", get(pages::hand_over::ask).post(pages::hand_over::print))
        .route("/users/{user}/printed/{form}", get(pages::papers::printed_of_user))
        .route("/drafts", get(pages::drafts::list))
        .route("/drafts.csv", get(pages::drafts::csv))
        .route("/drafts/{user}", get(pages::drafts::show).post(pages::drafts::save))
        .route("/drafts/{user}/discard", post(pages::drafts::discard))
        .route("/organizations/{inn}", get(pages::search::organization))
        .route("/users/{user}/edit", get(pages::registration::edit).post(pages::registration::save))
        .route("/users/{user}/bind", get(pages::cabinet::binding).post(pages::cabinet::bind))
        .route("/users/{user}/print/{form}", get(pages::papers::of_user))
        .route("/certificates", get(pages::certificates::list))
        .route("/certificates.csv", get(pages::certificates::csv))
        .route("/certificates/{case}", get(pages::certificates::card))
        .route("/certificates/{case}/key", get(pages::keys::show))
        .route("/certificates/{case}/key/browser", post(pages::keys::by_browser))
        .route("/certificates/{case}/key/server", post(pages::keys::on_server))
        .route("/certificates/{case}/key/file", post(pages::keys::from_file))
        .route("/certificates/{case}/submit", post(pages::keys::submit))
        .route("/certificates/{case}/download/{form}", get(pages::certificates::download))
        .route("/certificates/{case}/print/{form}", get(pages::papers::of_case))
        .route("/certificates/{case}/printed/{form}", get(pages::papers::printed_of_case))
        .route("/certificates/{case}/scan/{scan}", get(pages::papers::scan_of_case))
        .route("/users/{user}/scan/{scan}", get(pages::papers::scan_of_user))
}

/// All else.
fn office() -> Router<Arc<Console>> {
    Router::new()
        .route("/", get(pages::start::show))
        .route("/workplace", get(pages::workplace::show))
        .route("/language", post(pages::workplace::language))
        .route("/time", get(pages::workplace::time))
        .route("/demo/{name}", get(pages::sign_in::demo))
        .route("/sign-out", post(pages::sign_in::sign_out))
        .route("/password", get(pages::cabinet::password).post(pages::cabinet::change_password))
        .route("/act/{act}", get(pages::act::ask).post(pages::act::prepare))
        .route("/execute", post(pages::act::execute))
        .route("/bulk", post(pages::bulk::prepare))
        .route("/file", get(pages::file::show).post(pages::file::check))
        .route("/file/sign", post(pages::file::prepare))
        .route("/file/results.csv", get(pages::file::csv))
        .route("/copies", post(pages::copies::of_many))
        .route("/carriers", get(pages::carriers::list))
        .route("/carriers.csv", get(pages::carriers::csv))
        .route("/carriers/print", get(pages::carriers::printed))
        .route("/carriers/{carrier}", get(pages::carriers::card))
        .route("/carriers/{carrier}/hand-out", post(pages::carriers::hand_out))
        .route("/overdue", get(pages::overdue::list))
        .route("/overdue.csv", get(pages::overdue::csv))
        .route("/approvals", get(pages::approvals::list))
        .route("/approvals.csv", get(pages::approvals::csv))
        .route("/approvals/{approval}", get(pages::approvals::card))
        .route("/crls", get(pages::crls::list))
        .route("/crls.csv", get(pages::crls::csv))
        .route("/crls/policy", get(pages::crl_policy::show).post(pages::crl_policy::adopt))
        .route("/crls/{number}/release", post(pages::crl_policy::release))
        .route("/crls/{number}", get(pages::crls::download))
        .route("/reports", get(pages::reports::show))
        .route("/audit", get(pages::audit::show))
        .route("/audit/verify", post(pages::audit::verify))
        .route("/audit/checkpoint", post(pages::audit::make_checkpoint))
        .route("/audit/checkpoints/{number}", get(pages::audit::checkpoint))
        .route("/audit/export", get(pages::audit::export))
        .route("/administration", get(pages::administration::show))
        .route("/profiles/{id}", get(pages::profiles::show).post(pages::profiles::adopt))
        .route("/documents/authority", get(pages::documents::authority))
        .route("/documents/recipients", get(pages::documents::recipients))
        .route("/documents/{act}", get(pages::documents::show))
        .route("/assets/{name}", get(pages::assets::get))
}

/// A scan, and a little.
const LARGEST_BODY: usize = 11 << 20;
