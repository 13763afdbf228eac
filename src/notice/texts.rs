//! The words of notices: data, which an authority may replace by its own.

use std::collections::BTreeMap;

use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::NoticeKind;

/// One notice's words, in Jinja's syntax: plain text, nothing is escaped.
///
/// The values are `name` (of the person), `authority`, and of a certificate `serial`, `begin`, `end`,
/// `end_day`; where they are known `since`, `until`, `key_end`, `key_end_day`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    /// The subject: one line.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// The words of all kinds of notices, by the kind's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeTexts(BTreeMap<String, NoticeText>);

/// A text cannot be made: its syntax is wrong, or it names a value that is not there.
#[derive(Debug, thiserror::Error)]
#[error("the text of the notice {kind} is wrong: {source}")]
pub struct BadText {
    kind: &'static str,
    source: minijinja::Error,
}

impl Default for NoticeTexts {
    /// The texts that come with the library, in Russian.
    fn default() -> Self {
        let shipped = SHIPPED.iter().map(|(kind, text)| {
            let (subject, text) = text.split_once("\n\n").unwrap_or((text, ""));
            let text = NoticeText { subject: subject.to_owned(), text: text.to_owned() };
            ((*kind).to_owned(), text)
        });
        Self(shipped.collect())
    }
}

impl NoticeTexts {
    /// Takes a text in the place of the one of this kind.
    pub fn replace(&mut self, kind: NoticeKind, text: NoticeText) {
        self.0.insert(kind.name().to_owned(), text);
    }

    /// Fills a kind's subject and text in; the subject is one line whatever the values are.
    ///
    /// # Errors
    /// [`BadText`] for wrong syntax, and for a name that has no value.
    pub fn fill(
        &self,
        kind: NoticeKind,
        values: &BTreeMap<&'static str, String>,
    ) -> Result<NoticeText, BadText> {
        let kind = kind.name();
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        let render = |text: &str| {
            environment.render_str(text, values).map_err(|source| BadText { kind, source })
        };
        let empty = NoticeText { subject: String::new(), text: String::new() };
        let NoticeText { subject, text } = self.0.get(kind).unwrap_or(&empty);
        let subject = render(subject)?.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(NoticeText { subject, text: render(text)? })
    }
}

/// The kinds with their texts: the subject, an empty line, the text.
const SHIPPED: [(&str, &str); 7] = [
    ("issued", include_str!("../../templates/ru/notices/issued.txt")),
    ("suspended", include_str!("../../templates/ru/notices/suspended.txt")),
    ("resumed", include_str!("../../templates/ru/notices/resumed.txt")),
    ("revoked", include_str!("../../templates/ru/notices/revoked.txt")),
    ("data-changed", include_str!("../../templates/ru/notices/data-changed.txt")),
    ("certificate-expires", include_str!("../../templates/ru/notices/certificate-expires.txt")),
    ("key-expires", include_str!("../../templates/ru/notices/key-expires.txt")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_words() {
        let texts = NoticeTexts::default();
        assert_eq!(texts.0.len(), NoticeKind::NAMES.len());
        assert!(NoticeKind::NAMES.iter().all(|kind| !texts.0[*kind].text.is_empty()));
    }

    #[test]
    fn a_subject_is_one_line_and_a_lost_value_is_an_error() {
        let mut texts = NoticeTexts::default();
        let text = NoticeText { subject: "{{ name }}".to_owned(), text: "{{ serial }}".to_owned() };
        texts.replace(NoticeKind::Issued, text);
        let mut values = BTreeMap::from([("name", "A\r\nBcc: b@example.org".to_owned())]);
        assert!(texts.fill(NoticeKind::Issued, &values).is_err());
        values.insert("serial", "<01>".to_owned());
        let filled = texts.fill(NoticeKind::Issued, &values).unwrap();
        assert_eq!(filled.subject, "A Bcc: b@example.org");
        assert_eq!(filled.text, "<01>");
    }
}
