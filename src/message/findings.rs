//! The messages of what an inspection of the record found.

use serde_json::Value;

use super::{Argument, Message};
use crate::audit::verify::Finding;

impl From<&Finding> for Message {
    /// Its texts may ask for each field of the finding by its name.
    fn from(finding: &Finding) -> Self {
        let Ok(Value::Object(fields)) = serde_json::to_value(finding) else {
            return Self::new("audit");
        };
        let kind = fields.get("finding").and_then(Value::as_str).unwrap_or_default();
        let message = Self::new(format!("audit.{kind}"));
        fields.into_iter().fold(message, |message, (name, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let argument = match name.as_str() {
                "what" => Self::new(format!("row.{value}")).into(),
                "space" => Self::new(format!("key-space.{value}")).into(),
                _ => Argument::Plain(value),
            };
            message.with(name, argument)
        })
    }
}
