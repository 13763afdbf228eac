//! The registration form: a new user, or corrected data (V2, V3).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::Error;
use gost_ca::command::{Command, Draft, Register};
use gost_ca::id::{OfficeId, UserId};
use gost_ca::language::Language;
use gost_ca::lifecycle::Refusal;
use gost_ca::message::Message;
use gost_ca::registration::{
    Field, FormErrors, Login, Presence, RegistrationData, RegistrationForm, Section, SubjectKind,
    form_schema,
};
use gost_ca::view::Role;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Deserialize;

use super::act;
use crate::Console;
use crate::acts::{Choices, Tab, Target};
use crate::web::{Checked, Failure, Fields, Reply, Visitor, page};

pub(crate) async fn new(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Reply {
    if !visitor.is_staff() {
        return Err(
            Refusal::Role { act: gost_ca::lifecycle::Act::Register, role: visitor.role() }.into()
        );
    }
    let mut form = RegistrationForm::default();
    if asked.sample.is_some() && console.arguments.demo {
        form = console.office.invented().map_err(Failure::internal)?;
    }
    form.set(Field::Kind, SubjectKind::NaturalPerson.name());
    form.set(Field::Country, "RU");
    form.set(Field::Citizenship, "RU");
    form.set(Field::Identification, "personal");
    form.set(Field::IdentifiedBy, visitor.signed_in.name.clone());
    let today = console.office.zone.show_day(gost_ca::Timestamp::now());
    form.set(Field::IdentifiedOn, today.clone());
    form.set(Field::ApplicationDate, today);
    let sheet = Sheet { form, ..Sheet::default() };
    show(&console, &visitor, &sheet, Whose::New).await
}

/// What a new form is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Somebody invented, for whoever tries the console.
    sample: Option<String>,
}

/// A form with what was filled in, and what is wrong with it.
#[derive(Default)]
pub(super) struct Sheet {
    form: RegistrationForm,
    login: String,
    office: String,
    role: String,
    errors: Vec<(Field, String)>,
    refused: Option<String>,
    /// The person is known: confirming it registers them all the same (R1).
    person_known: bool,
    login_error: Option<String>,
}

/// Whose data a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Of somebody who is registered by it.
    New,
    /// Of a user, corrected.
    User(UserId),
    /// Of somebody whose registration is not complete.
    Draft(UserId),
}

impl Sheet {
    pub(super) fn of(fields: &Fields) -> Self {
        let mut form = RegistrationForm::default();
        for (key, text) in fields.iter() {
            if let Some(field) = key.strip_prefix("f.").and_then(Field::from_key)
                && !text.trim().is_empty()
            {
                form.set(field, text);
            }
        }
        let text = |name| fields.text(name).unwrap_or_default().trim().to_owned();
        Self {
            form,
            login: text("login"),
            office: text("office"),
            role: text("role"),
            ..Self::default()
        }
    }

    pub(super) fn of_data(data: &RegistrationData) -> Self {
        Self { form: RegistrationForm::from(data), ..Self::default() }
    }

    pub(super) fn of_draft(draft: Draft) -> Self {
        let login = draft.login.unwrap_or_default();
        Self { form: draft.form, login, ..Self::default() }
    }

    /// What is kept of a form that is not complete.
    pub(super) fn draft(&self) -> Draft {
        let login = Some(self.login.clone()).filter(|login| !login.is_empty());
        Draft { login, form: self.form.clone() }
    }

    pub(super) fn check(&mut self, language: Language) -> Option<RegistrationData> {
        match self.form.check() {
            Ok(data) => Some(data),
            Err(errors) => {
                self.wrong(&errors, language);
                None
            }
        }
    }

    /// The login, as typed or as the system proposes it, and the data; none where something is wrong.
    pub(super) fn whole(&mut self, language: Language) -> Option<(Login, RegistrationData)> {
        let data = self.check(language);
        let login = match self.login.as_str() {
            "" => Ok(Login::propose(&data.as_ref()?.subject.person().name, |_| false)),
            typed => Login::from_typed(typed),
        };
        match login {
            Ok(login) => Some((login, data?)),
            Err(fault) => {
                self.login_error = Some(Message::from(fault).says(language));
                None
            }
        }
    }

    fn wrong(&mut self, errors: &FormErrors, language: Language) {
        let told = errors.iter().map(|error| (error.field, Message::from(error).says(language)));
        self.errors = told.collect();
    }

    pub(super) fn refuse(&mut self, error: &Error, language: Language) {
        self.person_known = error.code() == "registration.person-known";
        self.refused = Some(Message::from(error).spoken(language).to_string());
    }

    /// Where the person is registered: where whoever does it works, or as chosen.
    fn office(&self, visitor: &Visitor) -> Result<OfficeId, Failure> {
        match &visitor.session().actor().office {
            Some(own) => Ok(own.clone()),
            None => self.office.parse().map_err(|_| Failure::Field("office")),
        }
    }
}

pub(crate) async fn register(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let mut sheet = Sheet::of(&fields);
    if fields.text("draft").is_some() {
        let (office, draft) = (sheet.office(&visitor)?, Box::new(sheet.draft()));
        let command = Command::StartRegistration { office, draft };
        return act::confirm(&console, &visitor, (command, Target::Drafts), false).await;
    }
    let Some((login, data)) = sheet.whole(visitor.language) else {
        return show(&console, &visitor, &sheet, Whose::New).await;
    };
    let role = match (sheet.role.as_str(), visitor.role()) {
        ("operator", Role::Administrator) => Role::Operator,
        ("administrator", Role::Administrator) => Role::Administrator,
        _ => Role::User,
    };
    let office = match role {
        Role::Administrator => None,
        _ => Some(sheet.office(&visitor)?),
    };
    let person_known = fields.text("person_known").is_some();
    let command = Command::Register(Box::new(Register { role, office, login, data, person_known }));
    match rehearsed(&console, &visitor, &command).await {
        Ok(()) => act::confirm(&console, &visitor, (command, Target::Record), false).await,
        Err(error) => {
            sheet.refuse(&error, visitor.language);
            show(&console, &visitor, &sheet, Whose::New).await
        }
    }
}

/// Whether it would be done, before anybody signs it.
pub(super) async fn rehearsed(
    console: &Console,
    visitor: &Visitor,
    command: &Command,
) -> Result<(), Error> {
    let answers = console.office.ra.rehearse(visitor.session(), command).await?;
    answers.into_iter().next().unwrap_or(Ok(()))
}

pub(crate) async fn edit(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let card = console.office.ra.user(visitor.session(), &user).await?;
    let login = card.record.login.as_str().to_owned();
    let form = RegistrationForm::from(&card.record.data);
    show(&console, &visitor, &Sheet { form, login, ..Sheet::default() }, Whose::User(user)).await
}

pub(crate) async fn save(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    let mut sheet = Sheet::of(&fields);
    let Some(data) = sheet.check(visitor.language) else {
        return show(&console, &visitor, &sheet, Whose::User(user)).await;
    };
    let command = Command::EditData { user, data: Box::new(data) };
    match rehearsed(&console, &visitor, &command).await {
        Ok(()) => {
            let target = Target::User(user, Tab::Data);
            act::confirm(&console, &visitor, (command, target), false).await
        }
        Err(error) => {
            sheet.refuse(&error, visitor.language);
            show(&console, &visitor, &sheet, Whose::User(user)).await
        }
    }
}

pub(super) async fn show(
    console: &Console,
    visitor: &Visitor,
    sheet: &Sheet,
    whose: Whose,
) -> Reply {
    let language = visitor.language;
    let record = console.office.ra.overview(visitor.session()).await?;
    let (new, draft) = match whose {
        Whose::New => (true, None),
        Whose::User(_) => (false, None),
        Whose::Draft(user) => (true, Some(user.to_string())),
    };
    let values = context! {
        action => match whose {
            Whose::New => "/users/new".to_owned(),
            Whose::User(user) => format!("/users/{user}/edit"),
            Whose::Draft(user) => format!("/drafts/{user}"),
        },
        new,
        draft,
        samples => whose == Whose::New && console.arguments.demo,
        login => &sheet.login,
        login_error => &sheet.login_error,
        office => &sheet.office,
        role => &sheet.role,
        offices => Value::from(Serde(Choices::Offices.list(visitor.role(), &record, language))),
        choose_office => whose == Whose::New && visitor.session().actor().office.is_none(),
        choose_role => whose == Whose::New && visitor.role() == Role::Administrator,
        ..errors(sheet, language)
    };
    page(console, visitor, "registration.html", values)
}

/// The fields and what is wrong with them.
pub(super) fn errors(sheet: &Sheet, language: Language) -> Value {
    context! {
        sections => sections(sheet, language),
        errors => sheet.errors.len(),
        refused => &sheet.refused,
        person_known => sheet.person_known,
    }
}

/// The fields with their labels, kinds, hints and errors; which kind of subject has which, the page decides.
fn sections(sheet: &Sheet, language: Language) -> Value {
    let schemas = SubjectKind::ALL.map(|kind| (kind, form_schema(kind)));
    let mut sections: Vec<(Section, Vec<Value>)> = Vec::new();
    for field in Field::ALL {
        let shape = schemas.iter().find_map(|(_, schema)| schema["properties"].get(field.key()));
        let empty = serde_json::Value::Null;
        let shape = shape.unwrap_or(&empty);
        let kinds = |presence: fn(Presence) -> bool| {
            let fitting =
                SubjectKind::ALL.into_iter().filter(|kind| presence(field.presence(*kind)));
            fitting.map(SubjectKind::name).collect::<Vec<_>>().join(" ")
        };
        let error = sheet.errors.iter().find(|(wrong, _)| wrong == field).map(|(_, says)| says);
        let value = sheet.form.value(*field).map(str::to_owned);
        let choices = choices(*field, shape);
        let shown = sheet.form.shown(*field).filter(|_| choices.is_none());
        let row = context! {
            key => field.key(),
            label => label(*field, language),
            value => shown.or(value),
            choices,
            suggestions => shape.get("examples").map(|list| Value::from(Serde(list))),
            kinds => kinds(|presence| presence != Presence::Forbidden),
            obligatory => kinds(|presence| presence == Presence::Obligatory),
            max => field.max_length(),
            error,
        };
        match sections.last_mut() {
            Some((last, rows)) if *last == field.section() => rows.push(row),
            _ => sections.push((field.section(), vec![row])),
        }
    }
    let shown = sections.into_iter().map(|(section, rows)| {
        context! { heading => heading(section, language), rows }
    });
    shown.collect()
}

fn choices(field: Field, shape: &serde_json::Value) -> Option<Value> {
    if field == Field::Kind {
        let kinds = SubjectKind::ALL.map(|kind| {
            let mut form = RegistrationForm::default();
            form.set(Field::Kind, kind.name());
            context! { value => kind.name(), label => form.shown(Field::Kind) }
        });
        return Some(kinds.to_vec().into());
    }
    let list = shape.get("oneOf")?.as_array()?;
    let choice = |one: &serde_json::Value| {
        context! { value => one["const"].as_str(), label => one["title"].as_str() }
    };
    Some(list.iter().map(choice).collect())
}

pub(crate) fn label(field: Field, language: Language) -> &'static str {
    match language {
        Language::English => field.english(),
        _ => field.russian(),
    }
}

pub(crate) fn heading(section: Section, language: Language) -> String {
    match language {
        Language::English => crate::texts::words(&format!("section.{section:?}"), language),
        _ => section.russian().to_owned(),
    }
}
