//! What people are told: one catalogue of texts in Russian and English, found by stable codes.
//!
//! Whatever an act can be refused for, fail with or be in has a code, and [`CATALOGUE`] has the texts of
//! each. An error's text says what happened and to which field or certificate, and what to do next (U17).
//! Words are those of the law and of the manual (R11, V18). Nothing here does I/O.
//!
//! ```
//! use gost_ca::language::Language::{English, Russian};
//! use gost_ca::lifecycle::{Act, Guard, Refusal};
//! use gost_ca::message::Message;
//!
//! assert_eq!(Message::from(Act::Revoke).says(Russian), "Отозвать");
//! let told = Message::from(&Refusal::Guard(Guard::NotExpired)).with("serial", "01 A7");
//! assert_eq!(told.code(), "guard.expired");
//! assert_eq!(told.says(English), "The certificate No 01 A7 has expired.");
//! assert!(told.next(Russian).unwrap().starts_with("Создайте новый запрос"));
//! ```

mod catalogue;
mod findings;
mod names;
mod refusals;
mod template;
mod text;

use core::fmt;
use std::borrow::Cow;

pub use catalogue::{CATALOGUE, find};
pub use text::{Text, Words};

use crate::language::Language;
use crate::lifecycle::Case;

/// A code with what its texts are filled in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    code: Cow<'static, str>,
    arguments: Vec<(Cow<'static, str>, Argument)>,
    details: Vec<Self>,
}

/// What stands in place of a `{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Argument {
    /// The same in every language: a number, a date, a name.
    Plain(String),
    /// What another code says.
    Coded(Box<Message>),
    /// A label that stands in a table of its own.
    Label {
        /// In Russian.
        russian: &'static str,
        /// In English.
        english: &'static str,
    },
}

impl Message {
    /// What is said under a code.
    pub fn new(code: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), arguments: Vec::new(), details: Vec::new() }
    }

    /// What happened, by the name of the fact that recorded it, such as `certificate.issued`.
    pub fn of_event(event: &str) -> Self {
        Self::new(format!("event.{event}"))
    }

    /// The same with an argument; a later one of the same name is not looked at.
    #[must_use]
    pub fn with(
        mut self,
        name: impl Into<Cow<'static, str>>,
        argument: impl Into<Argument>,
    ) -> Self {
        self.arguments.push((name.into(), argument.into()));
        self
    }

    /// The same with the serial number of the certificate that it is about.
    #[must_use]
    pub fn about(self, case: &Case) -> Self {
        match case.issued() {
            Some(issued) => self.with("serial", issued.serial.to_string()),
            None => self,
        }
    }

    /// The same with all that there is to say about its parts: each field, each defect.
    #[must_use]
    pub fn with_details(mut self, details: impl IntoIterator<Item = Self>) -> Self {
        self.details.extend(details);
        self
    }

    /// Its code: stable for ever.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What there is to say about its parts.
    pub fn details(&self) -> &[Self] {
        &self.details
    }

    /// What it is, or what happened; the code where the catalogue has no text for it.
    pub fn says(&self, language: Language) -> String {
        match find(&self.code) {
            Some(text) => self.fill(text.words(language).says, language),
            None => self.code.clone().into_owned(),
        }
    }

    /// What to do next; errors have it.
    pub fn next(&self, language: Language) -> Option<String> {
        let next = find(&self.code)?.words(language).next?;
        Some(self.fill(next, language))
    }

    /// All of it: what happened, each detail, what to do next.
    pub const fn spoken(&self, language: Language) -> Spoken<'_> {
        Spoken { message: self, language }
    }

    fn fill(&self, template: &str, language: Language) -> String {
        template::fill(template, |wanted| {
            let argument = self.arguments.iter().find(|(name, _)| *name == wanted);
            argument.map(|(_, argument)| argument.says(language))
        })
    }
}

impl Argument {
    fn says(&self, language: Language) -> String {
        match (self, language) {
            (Self::Plain(text), _) => text.clone(),
            (Self::Coded(message), _) => message.says(language),
            (Self::Label { russian, .. }, Language::Russian) => (*russian).to_owned(),
            (Self::Label { english, .. }, Language::English) => (*english).to_owned(),
        }
    }
}

impl<T: Into<String>> From<T> for Argument {
    fn from(text: T) -> Self {
        Self::Plain(text.into())
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Self {
        Self::Coded(Box::new(message))
    }
}

/// A message in one language, for reading.
#[derive(Clone, Copy, Debug)]
pub struct Spoken<'a> {
    message: &'a Message,
    language: Language,
}

impl fmt::Display for Spoken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.says(self.language))?;
        for detail in &self.message.details {
            write!(f, "\n— {}", detail.spoken(self.language))?;
        }
        match self.message.next(self.language) {
            Some(next) if self.message.details.is_empty() => write!(f, " {next}"),
            Some(next) => write!(f, "\n{next}"),
            None => Ok(()),
        }
    }
}
