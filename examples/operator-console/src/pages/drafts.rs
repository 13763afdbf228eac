//! Registrations that are not complete: the list, going on, giving up (U1).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use gost_ca::command::{Command, Register};
use gost_ca::desk::table::Table;
use gost_ca::id::UserId;
use gost_ca::provider::journal::{AccountFilter, Page};
use gost_ca::registration::Field;
use gost_ca::registration_authority::DraftCard;
use gost_ca::view::{AccountState, Role};
use minijinja::context;

use super::act;
use super::registration::{Sheet, Whose, rehearsed, show as show_form};
use super::rows::{After, cursor_text, read_cursor};
use super::users::csv_file;
use crate::Console;
use crate::acts::Target;
use crate::web::{Checked, Failure, Reply, Visitor, page};

pub(crate) async fn list(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Query(asked): Query<After>,
) -> Reply {
    let (drafts, next) = found(&console, &visitor, &asked, ROWS).await?;
    let zone = &console.office.zone;
    let rows = drafts.iter().map(|draft| {
        context! {
            user => draft.account.user().to_string(),
            name => name(draft),
            login => &draft.draft.login,
            office => draft.account.office().map(ToString::to_string),
            created => zone.show(draft.account.view().created),
            ends => zone.show(draft.ends),
        }
    });
    let values = context! { rows => rows.collect::<Vec<_>>(), next };
    page(&console, &visitor, "drafts.html", values)
}

pub(crate) async fn csv(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    let (drafts, _) = found(&console, &visitor, &After::default(), EXPORTED).await?;
    let zone = &console.office.zone;
    let mut table =
        Table::new(["Фамилия, имя, отчество", "Логин", "Пункт выдачи", "Начато", "Завершить до"]);
    for draft in &drafts {
        table.push([
            name(draft),
            draft.draft.login.clone().unwrap_or_default(),
            draft.account.office().map(ToString::to_string).unwrap_or_default(),
            zone.show(draft.account.view().created),
            zone.show(draft.ends),
        ]);
    }
    Ok(csv_file("drafts.csv", table.to_csv()))
}

async fn found(
    console: &Console,
    visitor: &Visitor,
    asked: &After,
    limit: usize,
) -> Result<(Vec<DraftCard>, Option<String>), Failure> {
    let (ra, session) = (&console.office.ra, visitor.session());
    let states = vec![AccountState::Draft];
    let filter = AccountFilter { states, role: Some(Role::User), ..AccountFilter::default() };
    let page = Page { after: read_cursor(asked.after.as_deref())?, limit };
    let (accounts, next) = ra.list_accounts(session, filter, &page).await?;
    let mut drafts = Vec::with_capacity(accounts.len());
    for account in accounts {
        drafts.push(ra.draft(session, &account.user).await?);
    }
    Ok((drafts, cursor_text(next)))
}

/// The name, as far as it was typed.
fn name(draft: &DraftCard) -> String {
    let fields = [Field::Surname, Field::GivenName, Field::Patronymic];
    let typed = fields.iter().filter_map(|field| draft.draft.form.value(*field));
    typed.collect::<Vec<_>>().join(" ")
}

async fn card(console: &Console, visitor: &Visitor, user: &str) -> Result<DraftCard, Failure> {
    let user: UserId = user.parse().map_err(|_| Failure::Missing)?;
    Ok(console.office.ra.draft(visitor.session(), &user).await?)
}

pub(crate) async fn show(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(user): Path<String>,
) -> Reply {
    let card = card(&console, &visitor, &user).await?;
    let whose = Whose::Draft(card.account.user());
    show_form(&console, &visitor, &Sheet::of_draft(card.draft), whose).await
}

/// Saves what is there; registers by it, where that is asked for and all of it is right.
pub(crate) async fn save(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let card = card(&console, &visitor, &user).await?;
    let (user, office) = (card.account.user(), card.account.office().cloned());
    let mut sheet = Sheet::of(&fields);
    let target = Target::Draft(user);
    if fields.text("draft").is_some() {
        let command = Command::SaveDraft { user, draft: Box::new(sheet.draft()) };
        return act::confirm(&console, &visitor, (command, target), false).await;
    }
    let Some((login, data)) = sheet.whole(visitor.language) else {
        return show_form(&console, &visitor, &sheet, Whose::Draft(user)).await;
    };
    let mut draft = Box::new(sheet.draft());
    draft.login = Some(login.as_str().to_owned());
    let (role, person_known) = (Role::User, fields.text("person_known").is_some());
    let register = Register { role, office, login, data, person_known };
    if let Err(error) = rehearsed(&console, &visitor, &Command::Register(Box::new(register))).await
    {
        sheet.refuse(&error, visitor.language);
        return show_form(&console, &visitor, &sheet, Whose::Draft(user)).await;
    }
    let complete = Command::CompleteRegistration { user, person_known };
    if card.draft == *draft {
        return act::confirm(&console, &visitor, (complete, target), false).await;
    }
    let both = [Command::SaveDraft { user, draft }, complete];
    act::confirm_both(&console, &visitor, (both, target)).await
}

pub(crate) async fn discard(
    State(console): State<Arc<Console>>,
    Path(user): Path<String>,
    Checked { visitor, .. }: Checked,
) -> Reply {
    let user = card(&console, &visitor, &user).await?.account.user();
    let command = Command::DiscardDraft { user };
    act::confirm(&console, &visitor, (command, Target::Drafts), true).await
}

const ROWS: usize = 25;
const EXPORTED: usize = 10_000;
