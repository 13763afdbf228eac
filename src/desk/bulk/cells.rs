//! The cells of a row: each is read once, and what is wrong with it is kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::fault::{BulkFault, Problem};
use super::table::Line;
use super::{BulkAct, BulkDefaults, names};
use crate::id::{CaseId, UserId};
use crate::registration::{Day, Field, Login, RegistrationData, RegistrationForm};
use crate::request::from_upload;

/// A row on its way to commands.
pub(super) struct Cells<'a> {
    line: &'a Line,
    defaults: &'a BulkDefaults,
    /// Whom earlier rows register.
    registered: &'a BTreeMap<Login, UserId>,
    faults: Vec<BulkFault>,
}

/// Which moment of a day is meant where only the day is said.
#[derive(Clone, Copy)]
pub(super) enum Moment {
    StartOfDay,
    EndOfDay,
}

impl<'a> Cells<'a> {
    pub(super) const fn new(
        line: &'a Line,
        defaults: &'a BulkDefaults,
        registered: &'a BTreeMap<Login, UserId>,
    ) -> Self {
        Self { line, defaults, registered, faults: Vec::new() }
    }

    pub(super) const fn defaults(&self) -> &'a BulkDefaults {
        self.defaults
    }

    pub(super) fn into_faults(self) -> Vec<BulkFault> {
        self.faults
    }

    /// Cells that the act does not have.
    pub(super) fn check_columns(&mut self, act: BulkAct) {
        for column in self.line.cells.keys().filter(|column| !act.has(column)) {
            let known = super::act::knows(column);
            let problem = if known { Problem::OfAnotherAct } else { Problem::UnknownColumn };
            self.faults.push(BulkFault::of_row(self.line.number, problem).at(column));
        }
    }

    /// A cell that must be filled.
    pub(super) fn wanted<T>(
        &mut self,
        column: &str,
        problem: Problem,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        self.or_default(column, problem, None, read)
    }

    /// A cell that must be filled where nothing counts without it.
    pub(super) fn or_default<T>(
        &mut self,
        column: &str,
        problem: Problem,
        default: Option<T>,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let found = self.optional(column, problem, read)?.or(default);
        if found.is_none() {
            self.blame(column, Problem::Missing);
        }
        found
    }

    /// A cell that may be empty; none where it is wrong.
    #[expect(clippy::option_option, reason = "wrong, empty, filled")]
    pub(super) fn optional<T>(
        &mut self,
        column: &str,
        problem: Problem,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let Some(text) = self.line.cells.get(column) else { return Some(None) };
        let found = read(text);
        if found.is_none() {
            self.blame(column, problem);
        }
        found.map(Some)
    }

    /// A moment by RFC 3339, or a day.
    #[expect(clippy::option_option, reason = "wrong, empty, filled")]
    pub(super) fn time(&mut self, column: &str, moment: Moment) -> Option<Option<Timestamp>> {
        let zone = TimeZone::fixed(self.defaults.zone);
        let of_day = |text: &str| {
            let day = Day::from_typed(text).ok()?.date();
            let day = match moment {
                Moment::StartOfDay => day,
                Moment::EndOfDay => day.tomorrow().ok()?,
            };
            zone.to_timestamp(day.to_datetime(Time::midnight())).ok()
        };
        self.optional(column, Problem::Time, |text| text.parse().ok().or_else(|| of_day(text)))
    }

    /// A user, by identifier or by login; whom an earlier row registers counts first.
    pub(super) fn user(&mut self) -> Option<UserId> {
        if !self.is_called("login", "user") {
            return self.wanted("user", Problem::Id, |text| text.parse().ok());
        }
        let login = self.wanted("login", Problem::Login, names::login)?;
        let known = self.registered.get(&login).or_else(|| self.defaults.names.users.get(&login));
        if known.is_none() {
            self.blame("login", Problem::Nobody);
        }
        known.copied()
    }

    /// A certificate's case, by identifier or by serial number.
    pub(super) fn case(&mut self) -> Option<CaseId> {
        if !self.is_called("serial", "case") {
            return self.wanted("case", Problem::Id, |text| text.parse().ok());
        }
        let serial = self.wanted("serial", Problem::Serial, names::serial)?;
        let known = self.defaults.names.certificates.get(&serial);
        match known.map(Vec::as_slice) {
            Some([case]) => return Some(*case),
            Some([_, _, ..]) => self.blame("serial", Problem::Several),
            _ => self.blame("serial", Problem::NoCertificate),
        }
        None
    }

    /// Whether the row has a name in place of an identifier; both would have to agree.
    fn is_called(&mut self, name: &str, identifier: &str) -> bool {
        let named = self.line.cells.contains_key(name);
        if named && self.line.cells.contains_key(identifier) {
            self.blame(name, Problem::Twofold);
        }
        named
    }

    /// A request, as people upload them.
    pub(super) fn request(&mut self) -> Option<Vec<u8>> {
        let text = self.wanted("request", Problem::Missing, |text| Some(text.to_owned()))?;
        match from_upload(text.as_bytes()) {
            Ok(request) => Some(request.as_der().to_vec()),
            Err(bad) => {
                self.blame("request", Problem::Request(bad.code()));
                None
            }
        }
    }

    /// What the application documents say.
    pub(super) fn form(&mut self) -> Option<RegistrationData> {
        let mut form = RegistrationForm::default();
        for (column, text) in &self.line.cells {
            if let Some(field) = Field::from_key(column) {
                form.set(field, text.clone());
            }
        }
        match form.check() {
            Ok(data) => Some(data),
            Err(errors) => {
                for error in errors.iter() {
                    self.blame(error.path(), Problem::Field(error));
                }
                None
            }
        }
    }

    fn blame(&mut self, column: &str, problem: Problem) {
        self.faults.push(BulkFault::of_row(self.line.number, problem).at(column));
    }
}
