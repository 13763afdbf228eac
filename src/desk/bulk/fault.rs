//! What is wrong with a file: where, and what to write instead.

use core::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::language::Language;
use crate::message::Message;
use crate::registration::FieldError;
use crate::registration_authority::LARGEST_BULK;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkFault {
    row: Option<usize>,
    column: Option<String>,
    problem: Problem,
}

/// All that is wrong with a file; nothing of it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct BadBulk(Vec<BulkFault>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Encoding,
    Syntax,
    Empty,
    TooMany,
    UnknownColumn,
    ColumnTwice,
    OfAnotherAct,
    Missing,
    Choice,
    Id,
    Name,
    Login,
    Time,
    RowTwice,
    Nobody,
    NoCertificate,
    Several,
    Serial,
    Twofold,
    /// The code of what is wrong with an upload.
    Request(&'static str),
    Field(FieldError),
}

impl BadBulk {
    pub(super) const fn new(faults: Vec<BulkFault>) -> Self {
        Self(faults)
    }

    /// In the order of the rows; never empty.
    pub fn faults(&self) -> &[BulkFault] {
        &self.0
    }
}

impl BulkFault {
    pub(super) const fn of_file(problem: Problem) -> Self {
        Self { row: None, column: None, problem }
    }

    pub(super) const fn of_row(row: usize, problem: Problem) -> Self {
        Self { row: Some(row), column: None, problem }
    }

    pub(super) fn at(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The line in a CSV file, or the number in a list, from 1; none where it is the file as a whole.
    pub const fn row(&self) -> Option<usize> {
        self.row
    }

    /// The column.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// The stable code, such as `bulk-file.missing` or `inn.check-digit`.
    pub const fn code(&self) -> &'static str {
        match self.problem {
            Problem::Encoding => "bulk-file.encoding",
            Problem::Syntax => "bulk-file.syntax",
            Problem::Empty => "bulk-file.empty",
            Problem::TooMany => "bulk-file.too-many",
            Problem::UnknownColumn => "bulk-file.unknown-column",
            Problem::ColumnTwice => "bulk-file.column-twice",
            Problem::OfAnotherAct => "bulk-file.of-another-act",
            Problem::Missing => "bulk-file.missing",
            Problem::Choice => "bulk-file.choice",
            Problem::Id => "bulk-file.id",
            Problem::Name => "bulk-file.name",
            Problem::Login => "bulk-file.login",
            Problem::Time => "bulk-file.time",
            Problem::RowTwice => "bulk-file.row-twice",
            Problem::Nobody => "bulk-file.nobody",
            Problem::NoCertificate => "bulk-file.no-certificate",
            Problem::Several => "bulk-file.several",
            Problem::Serial => "bulk-file.serial",
            Problem::Twofold => "bulk-file.twofold",
            Problem::Request(code) => code,
            Problem::Field(error) => error.code(),
        }
    }

    /// The message in English.
    pub fn english(&self) -> String {
        Message::from(self).says(Language::English)
    }

    /// The message in Russian.
    pub fn russian(&self) -> String {
        Message::from(self).says(Language::Russian)
    }
}

impl From<&BulkFault> for Message {
    /// Where it is, and what.
    fn from(fault: &BulkFault) -> Self {
        let what = match fault.problem {
            Problem::Field(error) => error.into(),
            _ => Self::new(fault.code()).with("limit", LARGEST_BULK.to_string()),
        };
        let place = match (fault.row, &fault.column) {
            (None, _) => return what,
            (Some(row), None) => Self::new("bulk-file.row").with("row", row.to_string()),
            (Some(row), Some(column)) => Self::new("bulk-file.row")
                .with("row", row.to_string())
                .with("column", column.clone()),
        };
        place.with("fault", what)
    }
}

impl From<BulkFault> for BadBulk {
    fn from(fault: BulkFault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for BulkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.english(), self.code())
    }
}

impl fmt::Display for BadBulk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl core::error::Error for BulkFault {}
impl core::error::Error for BadBulk {}

impl Serialize for BulkFault {
    /// As `{ "row", "column", "code", "english", "russian" }`, for front-ends.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fault = serializer.serialize_struct("BulkFault", 5)?;
        fault.serialize_field("row", &self.row)?;
        fault.serialize_field("column", &self.column)?;
        fault.serialize_field("code", self.code())?;
        fault.serialize_field("english", &self.english())?;
        fault.serialize_field("russian", &self.russian())?;
        fault.end()
    }
}
