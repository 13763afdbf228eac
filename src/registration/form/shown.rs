//! Values of fields as people read them.

use super::format::Format;
use super::{Field, RegistrationForm};
use crate::registration::{CountryCode, Day, Region, Snils};

impl RegistrationForm {
    /// What stands in a field, as Russian papers have it: labels of choices, `31.12.2024`.
    ///
    /// What is not of the field's shape is shown as it was typed.
    pub fn shown(&self, field: Field) -> Option<String> {
        let text = self.value(field)?;
        let shown = match field.format() {
            Format::Day => Day::from_typed(text).ok().map(Day::russian),
            Format::Snils => Snils::from_typed(text).ok().map(|snils| snils.to_string()),
            Format::Region => Region::from_typed(text).ok().map(|region| region.to_string()),
            Format::Country => {
                CountryCode::from_typed(text).ok().map(|country| country.to_string())
            }
            format => format.choices().and_then(|choices| {
                let label = choices.iter().find(|(name, _)| *name == text.trim());
                label.map(|(_, label)| (*label).to_owned())
            }),
        };
        Some(shown.unwrap_or_else(|| text.to_owned()))
    }
}
