//! What rows can want: their columns, and the commands that they become.

use std::collections::BTreeSet;

use serde::Serialize;

use super::BulkRow;
use super::cells::{Cells, Moment};
use super::fault::{BulkFault, Problem};
use crate::command::{Command, Register};
use crate::id::{AuthorityId, CaseId, CommandId};
use crate::profile::OnEnd;
use crate::reason::{Ground, GroundKind, Reason};
use crate::registration::{Field, Login};
use crate::view::Role;

/// What a row wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum BulkAct {
    /// A user is to be registered.
    Register,
    /// A certificate is to be issued, over a request made elsewhere.
    Issue,
    /// A certificate is to be held.
    Suspend,
    /// A certificate is to be terminated.
    Revoke,
}

impl BulkAct {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Register, Self::Issue, Self::Suspend, Self::Revoke];

    /// Its name in the column `act`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Issue => "issue",
            Self::Suspend => "suspend",
            Self::Revoke => "revoke",
        }
    }

    /// Its columns, beside the fields of the form where somebody is registered.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Register => &["login", "office", "person_known"],
            Self::Issue => &["user", "login", "profile", "authority", "request"],
            Self::Suspend => &["case", "serial", "ground", "document", "until", "on_end"],
            Self::Revoke => &["case", "serial", "reason", "ground", "document", "invalidity"],
        }
    }

    /// Whether a column is one of its own.
    pub(super) fn has(self, column: &str) -> bool {
        let of_form = self == Self::Register && Field::from_key(column).is_some();
        column == ACT || of_form || self.columns().contains(&column)
    }
}

/// Whether a column is some act's.
pub(super) fn knows(column: &str) -> bool {
    BulkAct::ALL.iter().any(|act| act.has(column))
}

/// The commands of a row, the first of which will be executed under `id`.
pub(super) fn commands(cells: &mut Cells<'_>, id: &CommandId) -> Option<(BulkAct, Vec<Command>)> {
    let named = |name: &str| BulkAct::ALL.iter().copied().find(|act| act.name() == name);
    let act = cells.wanted(ACT, Problem::Choice, named)?;
    cells.check_columns(act);
    let commands = match act {
        BulkAct::Register => register(cells).map(|command| vec![command]),
        BulkAct::Issue => issue(cells, CaseId::made_by(id)),
        BulkAct::Suspend => suspend(cells).map(|command| vec![command]),
        BulkAct::Revoke => revoke(cells).map(|command| vec![command]),
    };
    Some((act, commands?))
}

fn register(cells: &mut Cells<'_>) -> Option<Command> {
    let login = cells.wanted("login", Problem::Login, |text| Login::from_typed(text).ok());
    let office = cells.defaults().office.clone();
    let office = cells.or_default("office", Problem::Name, office, |text| text.parse().ok());
    let known =
        cells.optional("person_known", Problem::Choice, |text| (text == "yes").then_some(()));
    let data = cells.form();
    let (role, person_known) = (Role::User, known?.is_some());
    let register =
        Register { role, office: Some(office?), login: login?, data: data?, person_known };
    Some(Command::Register(Box::new(register)))
}

fn issue(cells: &mut Cells<'_>, case: CaseId) -> Option<Vec<Command>> {
    let user = cells.user();
    let (profile, authority) = (cells.defaults().profile.clone(), cells.defaults().authority);
    let profile = cells.or_default("profile", Problem::Name, profile, |text| text.parse().ok());
    let of_text = |text: &str| text.parse::<AuthorityId>().ok();
    let authority = cells.or_default("authority", Problem::Id, authority, of_text);
    let request = cells.request();
    Some(vec![
        Command::CreateRequest { user: user?, profile: profile?, authority: authority? },
        Command::ImportRequest { case, request: request? },
        Command::Submit { case },
    ])
}

fn suspend(cells: &mut Cells<'_>) -> Option<Command> {
    let (case, ground) = (cells.case(), ground(cells));
    let until = cells.time("until", Moment::EndOfDay);
    let on_end = cells.optional("on_end", Problem::Choice, choice::<OnEnd>);
    Some(Command::Suspend { case: case?, ground: ground?, until: until?, on_end: on_end? })
}

fn revoke(cells: &mut Cells<'_>) -> Option<Command> {
    let (case, ground) = (cells.case(), ground(cells));
    let reason = cells.wanted("reason", Problem::Choice, choice::<Reason>);
    let invalidity = cells.time("invalidity", Moment::StartOfDay);
    let (mut command, found) = (Command::revoke(case?, reason?, ground?), invalidity?);
    if let Command::Revoke { invalidity, .. } = &mut command {
        *invalidity = found;
    }
    Some(command)
}

fn ground(cells: &mut Cells<'_>) -> Option<Ground> {
    let kind = cells.wanted("ground", Problem::Choice, choice::<GroundKind>);
    let document = cells.wanted("document", Problem::Missing, |text| Some(text.to_owned()));
    Some(Ground { kind: kind?, document: document? })
}

/// A value by its name in JSON.
fn choice<T: for<'de> serde::Deserialize<'de>>(name: &str) -> Option<T> {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};
    let name: StrDeserializer<'_, Error> = name.into_deserializer();
    T::deserialize(name).ok()
}

/// Rows that register somebody, or end something, as an earlier row does.
pub(super) fn twice(rows: &[BulkRow]) -> Vec<BulkFault> {
    let mut seen = BTreeSet::new();
    let mut faults = Vec::new();
    for row in rows {
        let (column, thing) = match row.commands.as_slice() {
            [Command::Register(register)] => ("login", register.login.as_str().to_owned()),
            [Command::Suspend { case, .. } | Command::Revoke { case, .. }] => {
                ("case", case.to_string())
            }
            _ => continue,
        };
        if !seen.insert((column, thing)) {
            faults.push(BulkFault::of_row(row.number, Problem::RowTwice).at(column));
        }
    }
    faults
}

const ACT: &str = "act";
