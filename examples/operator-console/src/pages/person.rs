//! One person, tab by tab: data, certificates, authentication, papers, history.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::commitment::Commitment;
use gost_ca::desk::events::EventLine;
use gost_ca::desk::scan::ScanOwner;
use gost_ca::id::{CaseId, UserId};
use gost_ca::language::Language;
use gost_ca::lifecycle::{Act, AllowedAction};
use gost_ca::message::Message;
use gost_ca::provider::journal::{CarrierFilter, Page};
use gost_ca::registration::{Field, RegistrationForm};
use gost_ca::registration_authority::{AuditFilter, UserCard};
use gost_ca::view::{AccountState, AccountView, Role};
use minijinja::{Value, context};
use serde::Deserialize;

use super::rows::{allows, buttons, case, pairs};
use crate::Console;
use crate::acts::{Tab, Target};
use crate::web::{Failure, Reply, Visitor, page};

/// A person who may be looked at.
pub(crate) struct Person {
    pub(crate) user: UserId,
    pub(crate) owner: String,
    pub(crate) card: UserCard,
}

impl Person {
    pub(crate) async fn load(
        console: &Console,
        visitor: &Visitor,
        user: &str,
    ) -> Result<Self, Failure> {
        let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
        let card = console.office.ra.user(visitor.session(), &user).await?;
        let owner = card.record.data.subject.person().name.full();
        Ok(Self { user, owner, card })
    }

    /// What each tab begins with.
    pub(crate) fn head(&self, visitor: &Visitor, tab: &str) -> Value {
        let account = &self.card.account;
        context! {
            tab,
            user => self.user.to_string(),
            owner => &self.owner,
            own => visitor.session().actor().user == Some(self.user),
            login => self.card.record.login.as_str(),
            organization => self.card.record.data.subject.organization().map(|one| one.name.to_string()),
            role_of => Message::from(account.role()).says(visitor.language),
            is_user => account.role() == Role::User,
            office => account.office().map(ToString::to_string),
            state => Message::from(account.state()).says(visitor.language),
            mark => account_mark(&account.view()),
            may_edit => allows(&self.card.actions, Act::EditData),
            may_request => account.role() == Role::User || visitor.role() == Role::Administrator,
        }
    }

    fn actions(&self, about_papers: bool) -> Vec<AllowedAction> {
        let is_paper = |action: &&AllowedAction| PAPERS.contains(&action.act) == about_papers;
        self.card.actions.iter().filter(is_paper).cloned().collect()
    }
}

/// Acts that stand where the papers are.
const PAPERS: [Act; 2] = [Act::AttachScan, Act::CheckApplicant];

pub(crate) const fn account_mark(account: &AccountView) -> &'static str {
    match account.state {
        AccountState::Active => "good",
        AccountState::PasswordChangeRequired => "waiting",
        AccountState::TemporarilyLocked | AccountState::Blocked => "held",
        _ => "ended",
    }
}

/// Figure 17: what the papers say of the person.
pub(crate) async fn card(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let form = RegistrationForm::from(&person.card.record.data);
    let values = context! {
        data => sections(&form, visitor.language),
        versions => person.card.account.versions(),
        ..person.head(&visitor, "data")
    };
    page(&console, &visitor, "user.html", values)
}

/// Registration data, section by section, as papers have it.
pub(crate) fn sections(form: &RegistrationForm, language: Language) -> Value {
    let mut sections: Vec<(String, Vec<Value>)> = Vec::new();
    for field in Field::ALL {
        let Some(shown) = form.shown(*field) else { continue };
        let heading = super::registration::heading(field.section(), language);
        let row =
            context! { label => super::registration::label(*field, language), value => shown };
        match sections.last_mut() {
            Some((last, rows)) if *last == heading => rows.push(row),
            _ => sections.push((heading, vec![row])),
        }
    }
    sections.into_iter().map(|(heading, rows)| context! { heading, rows }).collect()
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Came {
    new: Option<String>,
}

/// Figures 7, 8, 13 and 19: the certificates, and which was just issued.
pub(crate) async fn certificates(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
    Query(after): Query<Came>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let (ra, session) = (&console.office.ra, visitor.session());
    let mut rows = Vec::new();
    for view in &person.card.cases {
        let card = ra.case(session, &view.case).await?;
        let issued = card.certificate.as_ref();
        rows.push(context! {
            serial => issued.map(|one| pairs(one.serial())),
            acknowledged => card.case.acknowledged().is_some(),
            ..case(view, &person.owner, &console, visitor.language)
        });
    }
    let new = match after.new.as_deref().map(str::parse::<CaseId>) {
        Some(Ok(case)) => Some(super::certificates::container(&console, &visitor, &case).await?),
        _ => None,
    };
    let values = context! { rows, new, ..person.head(&visitor, "certificates") };
    page(&console, &visitor, "user_certificates.html", values)
}

/// The parameters of authentication (section 4 of the manual).
pub(crate) async fn access(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let (account, zone) = (&person.card.account, &console.office.zone);
    let bound = account.bound().iter().map(ToString::to_string);
    let values = context! {
        locked_until => account.locked_until().map(|until| zone.show(until)),
        temporary_until => account.temporary().map(|one| zone.show(one.until)),
        bound => bound.collect::<Vec<_>>(),
        may_bind => allows(&person.card.actions, Act::BindCertificate)
            || allows(&person.card.actions, Act::UnbindCertificate),
        actions => buttons(&person.actions(false), Target::User(person.user, Tab::Access), visitor.language),
        ..person.head(&visitor, "access")
    };
    page(&console, &visitor, "user_access.html", values)
}

pub(crate) async fn papers(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let scans = console.office.ra.scans(visitor.session(), &ScanOwner::User(person.user)).await?;
    let link = format!("/users/{}", person.user);
    let values = context! {
        printed => super::papers::printed_rows(&console, &visitor, (ScanOwner::User(person.user), &link)).await?,
        carriers => carriers(&console, &visitor, person.user).await?,
        scans => super::papers::scan_rows(&scans, &link, visitor.language),
        actions => buttons(&person.actions(true), Target::User(person.user, Tab::Papers), visitor.language),
        ..person.head(&visitor, "papers")
    };
    page(&console, &visitor, "user_papers.html", values)
}

/// The key carriers that the person has, for the staff.
async fn carriers(
    console: &Console,
    visitor: &Visitor,
    user: UserId,
) -> Result<Vec<Value>, Failure> {
    if !visitor.is_staff() {
        return Ok(Vec::new());
    }
    let filter = CarrierFilter { user: Some(user), ..CarrierFilter::default() };
    let page = Page::first(CARRIERS);
    let (carriers, _) = console.office.ra.list_carriers(visitor.session(), filter, &page).await?;
    super::carriers::rows(console, visitor, &carriers).await
}

/// What happened to the person's account and certificates, and the versions of the data.
pub(crate) async fn history(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let person = Person::load(&console, &visitor, &user).await?;
    let filter = AuditFilter { user: Some(person.user), ..AuditFilter::default() };
    let extract = console.office.ra.read_audit(visitor.session(), &filter).await?;
    let (mut names, mut rows, mut versions) =
        (super::rows::Names::default(), Vec::new(), Vec::new());
    for line in &extract.lines {
        let Some(event) = EventLine::of(&line.entry) else { continue };
        rows.push(super::audit::row(&console, &visitor, &event, &mut names).await);
        if let Some(version) = version(&event) {
            versions.push((event.at, version));
        }
    }
    rows.reverse();
    let values = context! {
        rows,
        versions => changes(&console, &visitor, &person.user, &versions).await?,
        ..person.head(&visitor, "history")
    };
    page(&console, &visitor, "user_history.html", values)
}

/// Which version of the registration data an event brought.
fn version(event: &EventLine) -> Option<Commitment> {
    if !matches!(event.event.as_str(), "user.registered" | "user.data_changed") {
        return None;
    }
    let details: serde_json::Value = serde_json::from_str(&event.details).ok()?;
    serde_json::from_value(details.get("registration")?.clone()).ok()
}

/// What each version says otherwise than the one before, the newest first.
async fn changes(
    console: &Console,
    visitor: &Visitor,
    user: &UserId,
    versions: &[(gost_ca::Timestamp, Commitment)],
) -> Result<Vec<Value>, Failure> {
    let directory = &console.office.ra.providers().directory;
    let (mut shown, mut before) = (Vec::new(), RegistrationForm::default());
    for ((at, version), number) in versions.iter().zip(1..) {
        let Some(sealed) = directory.get(user, version).await? else { continue };
        let form = RegistrationForm::from(&sealed.record.data);
        let changed =
            Field::ALL.iter().filter(|field| form.shown(**field) != before.shown(**field));
        let rows = changed.map(|field| {
            context! {
                label => super::registration::label(*field, visitor.language),
                old => before.shown(*field),
                new => form.shown(*field),
            }
        });
        let rows = if number == 1 { Vec::new() } else { rows.collect() };
        shown.push(context! { number, at => console.office.zone.show(*at), rows });
        before = form;
    }
    shown.reverse();
    Ok(shown)
}

const CARRIERS: usize = 100;
