//! The registration form: raw strings in, registration data or all errors out.

mod check;
mod choice;
mod condition;
mod error;
mod field;
mod format;
mod schema;
mod shown;
mod write;

use std::collections::BTreeMap;

use core::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

pub(super) use check::check_day;
pub use error::{FieldError, FormErrors};
pub use field::{Field, Section};
pub use schema::form_schema;

use super::{Fault, RegistrationData};

/// A form as somebody filled it in: any text in any field.
///
/// In JSON it is one flat object of strings; an unknown field or one that stands twice is refused.
///
/// ```
/// use gost_ca::registration::{Field, RegistrationForm}; let mut form =
/// RegistrationForm::default(); form.set(Field::Kind, "natural-person"); form.set(Field::Inn,
/// "500100732250"); let errors = form.check().unwrap_err(); assert!(errors.iter().any(|error|
/// error.code() == "inn.check-digit")); assert!(errors.iter().any(|error| error.path() == "surname"
/// && error.code() == "field.missing"));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct RegistrationForm(BTreeMap<Field, String>);

impl RegistrationForm {
    /// Fills a field in; answers what stood there before.
    pub fn set(&mut self, field: Field, text: impl Into<String>) -> Option<String> {
        self.0.insert(field, text.into())
    }

    /// Empties a field; answers what stood there.
    pub fn clear(&mut self, field: Field) -> Option<String> {
        self.0.remove(&field)
    }

    /// What stands in a field; `None` when it is empty or blank.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// The filled fields in the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(&field, text)| (field, text.as_str()))
    }

    /// Takes over the fields of a correction; a blank one empties the field.
    pub fn correct(&mut self, correction: &Self) {
        for (&field, text) in &correction.0 {
            if text.trim().is_empty() {
                self.clear(field);
            } else {
                self.set(field, text.clone());
            }
        }
    }

    /// Reads the form as registration data.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn check(&self) -> Result<RegistrationData, FormErrors> {
        check::check(self)
    }
}

impl fmt::Debug for RegistrationForm {
    /// Shows which fields are filled in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistrationForm")?;
        f.debug_set().entries(self.0.keys().map(|field| field.key())).finish()
    }
}

impl<'de> Deserialize<'de> for RegistrationForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

/// Reads an object of strings.
struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = RegistrationForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of form fields")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut form = RegistrationForm::default();
        while let Some(field) = map.next_key::<Field>()? {
            if form.set(field, map.next_value::<Written>()?.0).is_some() {
                return Err(A::Error::duplicate_field(field.key()));
            }
        }
        Ok(form)
    }
}

/// A string; errors about anything else do not repeat it, for it may be personal data.
struct Written(String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}
