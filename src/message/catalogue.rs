//! All texts, by subject matter. Whoever adds a code adds a row here: `tests/messages` names what is missing.

mod acts;
mod audit;
mod bulk;
mod events;
mod failures;
mod faults;
mod guards;
mod reasons;
mod refusals;
mod states;
mod things;

use super::text::Text;

/// All texts, under the titles of their subject matters.
pub const CATALOGUE: &[(&str, &[Text])] = &[
    ("Acts", acts::TEXTS),
    ("Roles and states", states::TEXTS),
    ("Reasons, grounds and statuses", reasons::TEXTS),
    ("Events of the record", events::TEXTS),
    ("Guards", guards::TEXTS),
    ("Refusals", refusals::TEXTS),
    ("Faults of fields", faults::TEXTS),
    ("Faults of bulk files", bulk::TEXTS),
    ("Failures", failures::TEXTS),
    ("What an inspection finds", audit::TEXTS),
    ("Things", things::TEXTS),
];

/// The texts of a code.
pub fn find(code: &str) -> Option<&'static Text> {
    CATALOGUE.iter().flat_map(|(_, texts)| *texts).find(|text| text.code == code)
}
