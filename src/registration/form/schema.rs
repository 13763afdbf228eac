//! The form of each kind as JSON Schema, for front-ends and editors.

use serde_json::{Map, Value, json};

use super::Field;
use super::Section;
use super::condition::{CONDITIONS, PROXY};
use super::format::Format;
use crate::registration::{Presence, Region, SubjectKind};

/// Describes one kind's form (JSON Schema, draft 2020-12).
///
/// It knows shapes, lengths and which fields are obligatory, of values in their canonical or
/// printed form; check digits and pasted spellings are known to
/// [`RegistrationForm::check`](super::RegistrationForm::check) alone. `title` is the Russian label,
/// `x-order` and `x-section` tell a front-end where to show the field.
///
/// ```
/// use gost_ca::registration::{SubjectKind, form_schema};
/// let schema = form_schema(SubjectKind::LegalEntity);
/// assert_eq!(schema["properties"]["ogrn"]["title"], "ОГРН");
/// ```
pub fn form_schema(kind: SubjectKind) -> Value {
    let fields = || Field::ALL.iter().filter(|field| field.presence(kind) != Presence::Forbidden);
    let properties: Map<String, Value> = fields()
        .enumerate()
        .map(|(order, &field)| (field.key().to_owned(), property(field, order, kind)))
        .collect();
    let required: Vec<&str> = fields()
        .filter(|field| field.presence(kind) == Presence::Obligatory)
        .map(|field| field.key())
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:gost-ca:form:{}:1", kind.name()),
        "title": label(Format::Kind, kind.name()),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
        "allOf": conditions(),
        "dependentRequired": proxy(),
    })
}

fn property(field: Field, order: usize, kind: SubjectKind) -> Value {
    let mut property = json!({
        "type": "string",
        "title": field.russian(),
        "description": field.english(),
        "minLength": 1,
        "x-order": order,
        "x-section": field.section().russian(),
    });
    if let Some(object) = property.as_object_mut() {
        object.extend(shape(field.format()));
        if field == Field::Kind {
            object.remove("oneOf");
            object.insert("const".to_owned(), kind.name().into());
        }
    }
    property
}

fn shape(format: Format) -> Map<String, Value> {
    let choices = format.choices().map(|choices| {
        let labelled =
            choices.iter().map(|(value, russian)| json!({ "const": value, "title": russian }));
        labelled.collect::<Value>()
    });
    let regions = (format == Format::Region)
        .then(|| Region::all().map(|region| Value::from(region.to_string())).collect::<Value>());
    let keywords = [
        ("maxLength", format.max_length().map(Value::from)),
        ("pattern", format.pattern().map(Value::from)),
        ("oneOf", choices),
        ("examples", regions),
    ];
    keywords.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

fn conditions() -> Value {
    let keys = |fields: &[Field]| fields.iter().map(|field| field.key()).collect::<Vec<_>>();
    let condition = |condition: &super::condition::Condition| {
        let field = condition.field.key();
        json!({
            "if": { "properties": { field: { "enum": condition.values } }, "required": [field] },
            "then": { "required": keys(condition.then) },
        })
    };
    CONDITIONS.iter().map(condition).collect()
}

/// Any field of the proxy makes the proxy's obligatory ones required.
fn proxy() -> Map<String, Value> {
    let required: Value = PROXY.iter().map(|field| field.key()).collect();
    let fields = Field::ALL.iter().filter(|field| field.section() == Section::Proxy);
    fields.map(|field| (field.key().to_owned(), required.clone())).collect()
}

fn label(format: Format, value: &str) -> Option<&'static str> {
    let (_, label) = format.choices()?.iter().find(|(name, _)| *name == value)?;
    Some(label)
}
