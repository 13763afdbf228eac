//! The applications file: what applicants brought to the desk, as JSON.

use core::fmt;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::{Login, RegistrationData, RegistrationForm, Text};
use crate::id::OfficeId;
use crate::language::Language;
use crate::message::Message;

/// One applicant's papers, and what is to be done for them that day.
///
/// `docs/applications.md` describes the file field by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationDocument {
    /// The form as filled in from the papers; wrong values are found when it is checked.
    pub form: RegistrationForm,
    /// The login, where it was chosen already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// The registration point, where it is not the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeId>,
    /// What to do after the registration, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub day: Vec<DayStep>,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text<1000>>,
}

impl ApplicationDocument {
    /// The chosen login, or one proposed from the name that `taken` does not know.
    pub fn login(&self, data: &RegistrationData, taken: impl FnMut(&Login) -> bool) -> Login {
        let propose = || Login::propose(&data.subject.person().name, taken);
        self.login.clone().unwrap_or_else(propose)
    }
}

/// A step of the operator's day with one applicant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DayStep {
    /// Make the key and the first certificate.
    Issue,
    /// Suspend the certificate.
    Suspend,
    /// Resume it.
    Resume,
    /// Renew it with a new key.
    Renew,
    /// Revoke it.
    Revoke,
    /// Take the terminated certificate off the list.
    Delete,
    /// Correct the registration data; an empty value empties the field.
    Edit(RegistrationForm),
}

/// Reads an applications file: a JSON array of [`ApplicationDocument`].
///
/// A wrong value in a form is not an error here: the other applicants can be served. A byte order
/// mark is skipped.
///
/// ```
/// use gost_ca::registration::parse_applications;
/// let file = br#"[{ "form": { "kind": "natural-person", "surnam": "x" } }]"#;
/// let error = parse_applications(file).unwrap_err();
/// assert_eq!(error.code(), "file.unknown-field");
/// assert_eq!((error.path(), error.line()), ("[0].form.surnam", 1));
/// ```
///
/// # Errors
/// The first place where the file is not such an array.
pub fn parse_applications(file: &[u8]) -> Result<Vec<ApplicationDocument>, ApplicationsError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = core::str::from_utf8(file).map_err(|error| not_utf8(file, error.valid_up_to()))?;
    let mut json = serde_json::Deserializer::from_str(text);
    let documents = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| ApplicationsError::new(error.path().to_string(), error.inner()))?;
    json.end().map_err(|error| ApplicationsError::new(String::new(), &error))?;
    Ok(documents)
}

/// Where a file is not an applications file, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationsError {
    problem: Problem,
    path: String,
    line: usize,
    column: usize,
}

impl ApplicationsError {
    /// The stable code, such as `file.unknown-field`.
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// The place in the document, such as `[3].form.inn`; `.` is the whole file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The line, from 1.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in bytes, from 1, where reading stopped.
    pub const fn column(&self) -> usize {
        self.column
    }

    /// The message in English.
    pub fn english(&self) -> String {
        Message::from(self).says(Language::English)
    }

    /// The message in Russian.
    pub fn russian(&self) -> String {
        Message::from(self).says(Language::Russian)
    }

    /// Sorts what serde says; its own words are dropped, for they repeat values.
    fn new(path: String, error: &serde_json::Error) -> Self {
        let problem = match error.classify() {
            Category::Eof => Problem::Truncated,
            Category::Syntax | Category::Io => Problem::Syntax,
            Category::Data => Problem::of(&error.to_string()),
        };
        let path = if path.is_empty() { ".".to_owned() } else { path };
        Self { problem, path, line: error.line(), column: error.column() }
    }
}

impl fmt::Display for ApplicationsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.english(), self.code())
    }
}

impl core::error::Error for ApplicationsError {}

fn not_utf8(file: &[u8], valid: usize) -> ApplicationsError {
    let before = file.get(..valid).unwrap_or_default();
    let mut lines = before.rsplit(|&byte| byte == b'\n');
    ApplicationsError {
        problem: Problem::Encoding,
        path: ".".to_owned(),
        line: lines.clone().count(),
        column: lines.next().unwrap_or_default().len().saturating_add(1),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Encoding,
    Syntax,
    Truncated,
    UnknownField,
    DuplicateField,
    MissingField,
    WrongType,
    UnknownStep,
    Value,
}

impl Problem {
    /// serde has no kinds of data errors, but fixed beginnings of their messages.
    fn of(message: &str) -> Self {
        let begins = |&&(beginning, _): &&(&str, Self)| message.starts_with(beginning);
        SERDE_MESSAGES.iter().find(begins).map_or(Self::Value, |&(_, problem)| problem)
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Encoding => "file.encoding",
            Self::Syntax => "file.syntax",
            Self::Truncated => "file.truncated",
            Self::UnknownField => "file.unknown-field",
            Self::DuplicateField => "file.duplicate-field",
            Self::MissingField => "file.missing-field",
            Self::WrongType => "file.wrong-type",
            Self::UnknownStep => "file.unknown-step",
            Self::Value => "file.value",
        }
    }
}

const SERDE_MESSAGES: &[(&str, Problem)] = &[
    ("unknown field", Problem::UnknownField),
    ("duplicate field", Problem::DuplicateField),
    ("missing field", Problem::MissingField),
    ("invalid type", Problem::WrongType),
    ("invalid length", Problem::WrongType),
    ("unknown variant", Problem::UnknownStep),
];
