//! What became of a file, row by row, as a table: for people, and to make the next file of.

use super::{BulkFile, BulkRow};
use crate::command::{Command, ItemOutcome, Outcome};
use crate::desk::table::Table;
use crate::error::Error;

impl BulkFile {
    /// What each row did: the outcomes of the commands in their order, none for what was not done.
    ///
    /// Of a row that is several commands, the first one that was refused counts, or else the last one.
    pub fn results<'a>(
        &self,
        outcomes: impl IntoIterator<Item = Option<&'a ItemOutcome>>,
    ) -> Table {
        let mut outcomes = outcomes.into_iter();
        let mut table = Table::new(COLUMNS);
        for row in &self.rows {
            let of_row: Vec<_> = row.commands.iter().map(|_| outcomes.next().flatten()).collect();
            let mut line = Line::of(row);
            of_row.iter().flatten().for_each(|outcome| line.absorb(outcome));
            line.ended(of_row.last().is_some_and(Option::is_some));
            table.push(line.cells());
        }
        table
    }

    /// What each row would do, by a [rehearsal](crate::RegistrationAuthority::rehearse). Of a row that is several
    /// commands, it is told of the first one: the others want what that one makes.
    pub fn rehearsed(&self, answers: &[Result<(), Error>]) -> Table {
        let mut answers = answers.iter();
        let mut table = Table::new(COLUMNS);
        for row in &self.rows {
            let of_row: Vec<_> = row.commands.iter().filter_map(|_| answers.next()).collect();
            let mut line = Line::of(row);
            match of_row.first() {
                Some(Err(error)) => line.refuse(error.code(), &error.to_string()),
                Some(Ok(())) => "would-be-done".clone_into(&mut line.outcome),
                None => {}
            }
            table.push(line.cells());
        }
        table
    }
}

#[derive(Default)]
struct Line {
    row: String,
    act: String,
    login: String,
    user: String,
    case: String,
    serial: String,
    outcome: String,
    again: bool,
    code: String,
    message: String,
}

impl Line {
    fn of(row: &BulkRow) -> Self {
        let mut line = Self {
            row: row.number.to_string(),
            act: row.act.name().to_owned(),
            outcome: NOT_DONE.to_owned(),
            ..Self::default()
        };
        match row.commands.first() {
            Some(Command::Register(register)) => {
                register.login.as_str().clone_into(&mut line.login);
            }
            Some(Command::CreateRequest { user, .. }) => line.user = user.to_string(),
            Some(Command::Suspend { case, .. } | Command::Revoke { case, .. }) => {
                line.case = case.to_string();
            }
            _ => {}
        }
        line
    }

    fn absorb(&mut self, outcome: &ItemOutcome) {
        match outcome {
            _ if !self.code.is_empty() => {}
            ItemOutcome::Refused { code, message } => self.refuse(code, message),
            ItemOutcome::Done(outcome) => self.done(outcome),
        }
    }

    fn done(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::AlreadyDone(first) => {
                self.done(first);
                self.again = true;
                return;
            }
            Outcome::Registered { user, .. } => self.user = user.to_string(),
            Outcome::Issued { case, serial, .. } => {
                (self.case, self.serial) = (case.to_string(), serial.to_string());
            }
            Outcome::RequestCreated { case }
            | Outcome::InReview { case, .. }
            | Outcome::Pending { case } => self.case = case.to_string(),
            _ => {}
        }
        let tag = serde_json::to_value(outcome).ok();
        let tag = tag.as_ref().and_then(|value| value.get("outcome")?.as_str());
        (self.outcome, self.again) = (tag.unwrap_or_default().to_owned(), false);
    }

    fn refuse(&mut self, code: &str, message: &str) {
        (self.outcome, self.again) = ("refused".to_owned(), false);
        (self.code, self.message) = (code.to_owned(), message.to_owned());
    }

    /// A row whose last command was not done is not done.
    fn ended(&mut self, last: bool) {
        if !last && self.code.is_empty() {
            NOT_DONE.clone_into(&mut self.outcome);
        }
    }

    fn cells(self) -> [String; COLUMNS.len()] {
        let again = if self.again { "yes".to_owned() } else { String::new() };
        let Self { row, act, login, user, case, serial, outcome, code, message, .. } = self;
        [row, act, login, user, case, serial, outcome, again, code, message]
    }
}

const COLUMNS: [&str; 10] =
    ["row", "act", "login", "user", "case", "serial", "outcome", "again", "code", "message"];
const NOT_DONE: &str = "not-done";
