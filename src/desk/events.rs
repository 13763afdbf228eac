//! Entries of the record for people: when, who, what.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::entry::Actor;
use crate::provider::journal::StoredEntry;

/// One entry, as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventLine {
    /// When it was recorded.
    pub at: Timestamp,
    /// Since when it holds.
    pub effective: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Their name; empty where it is not known.
    pub name: String,
    /// The event's code.
    pub event: String,
    /// What else the entry says, as JSON.
    pub details: String,
}

impl EventLine {
    /// Reads any stream's entry; `None` where it is none.
    pub fn of(stored: &StoredEntry) -> Option<Self> {
        let mut entry: Map<String, Value> = serde_json::from_slice(&stored.0).ok()?;
        let mut take = |field: &str| entry.remove(field);
        let (at, effective) = (take("at")?, take("effective")?);
        let (actor, fact) = (take("actor")?, take("fact")?);
        let Value::Object(mut fact) = fact else { return None };
        let event = fact.remove("kind")?.as_str()?.to_owned();
        let details = if fact.is_empty() { String::new() } else { Value::Object(fact).to_string() };
        Some(Self {
            at: serde_json::from_value(at).ok()?,
            effective: serde_json::from_value(effective).ok()?,
            actor: serde_json::from_value(actor).ok()?,
            name: String::new(),
            event,
            details,
        })
    }
}
