//! The messages of what an inspection of the record found.

use serde_json::Value;

use super::{Argument, Message};
use crate::audit::verify::Finding;
use crate::fact;
use crate::lint;

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

impl From<&fact::Finding> for Message {
    /// What must be looked at in a request; a warning of lint is told by its rule.
    fn from(finding: &fact::Finding) -> Self {
        let Some(rule) = lint::rules().find(|rule| rule.id == finding.code) else {
            return Self::new(finding.code.clone());
        };
        let (russian, english) = (rule.russian, rule.english);
        Self::new("request.warning").with("rule", Argument::Label { russian, english })
    }
}
