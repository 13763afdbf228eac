//! Recorded events, for examples and tests only.
//!
//! A recording is known to whoever has the file: a generator fed with it has no more than the system's
//! randomness. Nothing in this library reads one by itself.

use gost_ca::provider::{ErrorKind, ProviderError, Result};

use super::Event;

/// Reads a recording: a JSON array of events, or one event on each line.
///
/// ```
/// use gost_ca_software::biological::recorded::insecure_events_of_recording;
///
/// let lines = r#"{"at": 1000, "pointer": [120, 80]}
/// {"at": 17400, "key": 65}"#;
/// assert_eq!(insecure_events_of_recording(lines)?.len(), 2);
/// # Ok::<(), gost_ca::provider::ProviderError>(())
/// ```
///
/// # Errors
/// `Invalid` for anything else; nothing of the text is repeated in it.
pub fn insecure_events_of_recording(text: &str) -> Result<Vec<Event>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).map_err(|error| bad(&error));
    }
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).map_err(|error| bad(&error))).collect()
}

fn bad(error: &serde_json::Error) -> ProviderError {
    let place = format!("line {}, column {}", error.line(), error.column());
    ErrorKind::Invalid.at("recording").because(place)
}
