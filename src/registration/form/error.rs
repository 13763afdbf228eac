//! Everything that is wrong with a form.

use core::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Fault, Field};
use crate::language::Language;
use crate::message::Message;

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldError {
    /// Which field.
    pub field: Field,
    /// What is wrong with it.
    pub fault: Fault,
}

impl FieldError {
    /// The field's name in forms and files.
    pub const fn path(self) -> &'static str {
        self.field.key()
    }

    /// The stable code, such as `inn.check-digit`.
    pub const fn code(self) -> &'static str {
        self.fault.code()
    }

    /// The message in English.
    pub fn english(self) -> String {
        Message::from(self).says(Language::English)
    }

    /// The message in Russian.
    pub fn russian(self) -> String {
        Message::from(self).says(Language::Russian)
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]: {}", self.path(), self.code(), self.english())
    }
}

impl Serialize for FieldError {
    /// As `{ "field", "code", "english", "russian" }`, for front-ends.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut error = serializer.serialize_struct("FieldError", 4)?;
        error.serialize_field("field", self.path())?;
        error.serialize_field("code", self.code())?;
        error.serialize_field("english", &self.english())?;
        error.serialize_field("russian", &self.russian())?;
        error.end()
    }
}

/// All errors of a form, in the order of its fields; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// Orders the errors; `None` when there are none.
    pub(super) fn collect(mut errors: Vec<FieldError>) -> Option<Self> {
        errors.sort_unstable();
        errors.dedup();
        (!errors.is_empty()).then_some(Self(errors))
    }

    /// The answer to a form that says nothing.
    pub(super) fn kind_missing() -> Self {
        Self(vec![FieldError { field: Field::Kind, fault: Fault::Missing }])
    }

    /// Keeps the errors of some fields; nothing wrong where none are left.
    ///
    /// # Errors
    /// The ones that are left.
    pub fn only(self, keep: impl Fn(Field) -> bool) -> Result<(), Self> {
        let left = self.0.into_iter().filter(|error| keep(error.field)).collect();
        Self::collect(left).map_or(Ok(()), Err)
    }

    /// The errors in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = FieldError> {
        self.0.iter().copied()
    }
}

impl fmt::Display for FormErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, error) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { "; " };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
    }
}

impl core::error::Error for FormErrors {}
