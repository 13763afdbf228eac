//! Pages out of templates.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use gost_ca::language::Language;
use gost_ca::message::Message;
use gost_ca::view::Role;
use minijinja::value::Serde;
use minijinja::{Environment, State as TemplateState, Value, context};

use super::failure::{Failure, Reply, Said, Words};
use super::visitor::{Visitor, tongue, visitor};
use crate::Console;
use crate::texts::{of_scripts, words};

/// All templates, with what they may call.
pub(crate) fn templates() -> crate::Result<Environment<'static>> {
    let mut environment = Environment::new();
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    environment
        .add_function("t", |state: &TemplateState<'_, '_>, key: &str| words(key, spoken(state)));
    environment.add_function("say", |state: &TemplateState<'_, '_>, code: String| {
        Message::new(code).says(spoken(state))
    });
    environment.add_function("script_texts", |state: &TemplateState<'_, '_>| {
        Value::from(Serde(of_scripts(spoken(state))))
    });
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::SemiStrict);
    Ok(environment)
}

fn spoken(state: &TemplateState<'_, '_>) -> Language {
    let tag = state.lookup("language");
    if tag.is_some_and(|tag| tag.as_str() == Some("en")) {
        Language::English
    } else {
        Language::Russian
    }
}

/// Renders a page for whoever asks.
pub(crate) fn page(console: &Console, visitor: &Visitor, name: &str, values: Value) -> Reply {
    Ok(Html(fill(console, Some(visitor), visitor.language, name, values)?).into_response())
}

/// Renders a page for somebody who is not signed in.
pub(crate) fn public_page(
    console: &Console,
    language: Language,
    name: &str,
    values: Value,
) -> Reply {
    Ok(Html(fill(console, None, language, name, values)?).into_response())
}

fn fill(
    console: &Console,
    visitor: Option<&Visitor>,
    language: Language,
    name: &str,
    values: Value,
) -> Result<String, Failure> {
    let me = visitor.map(|visitor| {
        context! {
            name => &visitor.signed_in.name,
            role => Message::from(visitor.role()).says(language),
            staff => visitor.is_staff(),
            administrator => visitor.role() == Role::Administrator,
            csrf => visitor.signed_in.csrf.expose_str(),
            user => visitor.session().actor().user.map(|user| user.to_string()),
            certified => matches!(
                visitor.session().actor().method,
                gost_ca::entry::Method::Certificate(_)
            ),
        }
    });
    let agent = console.arguments.agent_address();
    let page = context! { me, agent, language => language.tag(), ..values };
    let template = console.templates.get_template(name).map_err(Failure::internal)?;
    template.render(page).map_err(|error| Failure::Internal(format!("{error:#}")))
}

/// Gives failures their page.
pub(super) async fn failures(
    State(console): State<Arc<Console>>,
    request: Request,
    next: Next,
) -> Response {
    let (who, language) = (visitor(request.headers(), &console), tongue(request.headers()));
    let response = next.run(request).await;
    let Some(said) = response.extensions().get::<Said>() else { return response };
    let values = explained(said, language);
    let status = said.status;
    match fill(&console, who.as_ref(), language, "failure.html", values) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => status.into_response(),
    }
}

/// What happened, to what, what next, and the code (U17).
pub(crate) fn explained(said: &Said, language: Language) -> Value {
    match &said.words {
        Words::Library(message) => {
            let details =
                message.details().iter().map(|detail| detail.spoken(language).to_string());
            context! {
                says => message.says(language),
                next => message.next(language),
                details => details.collect::<Vec<_>>(),
                code => said.code,
            }
        }
        Words::Own(field) => {
            let label = (!field.is_empty()).then(|| words(&format!("field.{field}"), language));
            context! {
                says => words(&format!("failure.{}", said.code), language),
                next => label,
                details => Vec::<String>::new(),
                code => said.code,
            }
        }
    }
}

macro_rules! templates {
    ($($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../templates/", $name))),)*]
    };
}

const TEMPLATES: &[(&str, &str)] = templates! {
    "base.html",
    "parts.html",
    "failure.html",
    "file.html",
    "sign_in.html",
    "start.html",
    "workplace.html",
    "password.html",
    "users.html",
    "person.html",
    "user.html",
    "user_certificates.html",
    "user_access.html",
    "user_papers.html",
    "user_history.html",
    "request.html",
    "hand_over.html",
    "events.html",
    "container.html",
    "agent.html",
    "documents.html",
    "drafts.html",
    "file.html",
    "registration_fields.html",
    "carriers.html",
    "carrier.html",
    "carrier_rows.html",
    "crl_policy.html",
    "overdue.html",
    "overdue_rows.html",
    "printed.html",
    "profile.html",
    "registration.html",
    "notice.html",
    "certificates.html",
    "certificate.html",
    "key.html",
    "act.html",
    "confirm.html",
    "done.html",
    "bulk.html",
    "bind.html",
    "approvals.html",
    "approval.html",
    "crls.html",
    "reports.html",
    "audit.html",
    "administration.html",
};
