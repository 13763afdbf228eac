//! Templates: forms as versioned data, which an authority may replace by its own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Deserialize, Serialize};

use super::FormId;
use crate::language::Language;

/// One form's text, in one language.
///
/// It is HTML in Jinja's syntax. Every value is escaped; in a CSS string the filter `css` does it. A
/// template may begin with `{% extends "page.html" %}` and fill the blocks `title` and `content`: the page
/// has the authority's requisites, the marking and the numbers of pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Which form.
    pub form: FormId,
    /// Its version, from 1; a replacement has a greater one.
    pub version: u32,
    /// Its language.
    pub language: Language,
    /// Its text.
    pub html: Cow<'static, str>,
}

/// Which text a form was printed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The template's version.
    pub version: u32,
    /// Its language.
    pub language: Language,
}

/// The templates that forms are printed by.
#[derive(Clone, Debug)]
pub struct Templates {
    environment: Environment<'static>,
    versions: BTreeMap<(FormId, Language), u32>,
}

/// A form could not be printed, or a template not be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// There is no template of this form in this language.
    #[error("the form {form} has no template in the language {language}")]
    NoTemplate {
        /// Which form.
        form: FormId,
        /// In which language.
        language: Language,
    },
    /// A replacement is not newer than what it replaces.
    #[error("the template of {form} has the version {version}: a replacement has a greater one")]
    OldTemplate {
        /// Of which form.
        form: FormId,
        /// The version in use.
        version: u32,
    },
    /// The template is wrong: its syntax, or a name that the form does not have.
    #[error("the template is wrong: {0}")]
    Template(#[from] minijinja::Error),
}

impl Templates {
    /// The templates that come with the library: all forms, in Russian.
    ///
    /// # Errors
    /// [`PrintError::Template`]; in practice none.
    pub fn shipped() -> Result<Self, PrintError> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.add_filter("css", |text: &str| Value::from_safe_string(css_string(text)));
        for (name, html) in PARTS {
            environment.add_template(name, html)?;
        }
        let mut templates = Self { environment, versions: BTreeMap::new() };
        for (form, version, html) in SHIPPED {
            let (language, html) = (Language::Russian, Cow::Borrowed(*html));
            templates.replace(Template { form: *form, version: *version, language, html })?;
        }
        Ok(templates)
    }

    /// Takes a template in the place of the one of this form and language.
    ///
    /// # Errors
    /// [`PrintError::OldTemplate`] where it is not newer, [`PrintError::Template`] for wrong syntax.
    pub fn replace(&mut self, template: Template) -> Result<(), PrintError> {
        let Template { form, version, language, html } = template;
        let known = self.versions.get(&(form, language)).copied().unwrap_or_default();
        if version <= known {
            return Err(PrintError::OldTemplate { form, version: known });
        }
        self.environment.add_template_owned(name(form, language), html)?;
        self.versions.insert((form, language), version);
        Ok(())
    }

    /// The text that a form is printed by now; none where there is none in this language.
    pub fn edition(&self, form: FormId, language: Language) -> Option<Edition> {
        let version = self.versions.get(&(form, language)).copied()?;
        Some(Edition { version, language })
    }

    /// Fills a form in.
    pub(super) fn fill(
        &self,
        form: FormId,
        language: Language,
        values: BTreeMap<&'static str, Value>,
    ) -> Result<(String, Edition), PrintError> {
        let edition = self.edition(form, language);
        let edition = edition.ok_or(PrintError::NoTemplate { form, language })?;
        let template = self.environment.get_template(&name(form, language))?;
        Ok((template.render(values)?, edition))
    }
}

fn name(form: FormId, language: Language) -> String {
    format!("{language}/{form}.html")
}

/// Text inside a quoted CSS string inside a `<style>` (CSS Syntax 3, 4.3.7): what is not a letter, a digit
/// or a space is written as its number.
fn css_string(text: &str) -> String {
    text.chars().fold(String::new(), |mut string, letter| {
        if letter.is_alphanumeric() || letter == ' ' {
            string.push(letter);
        } else {
            let _infallible = write!(string, "\\{:x} ", u32::from(letter));
        }
        string
    })
}

/// What templates are put together of.
const PARTS: &[(&str, &str)] = &[
    ("page.html", include_str!("../../templates/ru/page.html")),
    ("sections.html", include_str!("../../templates/ru/sections.html")),
    ("signatures.html", include_str!("../../templates/ru/signatures.html")),
];

/// Forms with the version and the text of their templates.
const SHIPPED: &[(FormId, u32, &str)] = &[
    (FormId::Copy, 1, include_str!("../../templates/ru/copy.html")),
    (FormId::Request, 1, include_str!("../../templates/ru/request.html")),
    (FormId::HandOver, 1, include_str!("../../templates/ru/hand-over.html")),
    (FormId::Create, 1, include_str!("../../templates/ru/create.html")),
    (FormId::Terminate, 1, include_str!("../../templates/ru/terminate.html")),
    (FormId::Suspend, 1, include_str!("../../templates/ru/suspend.html")),
    (FormId::Resume, 1, include_str!("../../templates/ru/resume.html")),
    (FormId::Consent, 1, include_str!("../../templates/ru/consent.html")),
    (FormId::Acknowledgement, 1, include_str!("../../templates/ru/acknowledgement.html")),
    (FormId::Memo, 1, include_str!("../../templates/ru/memo.html")),
    (FormId::Extract, 1, include_str!("../../templates/ru/extract.html")),
    (FormId::Status, 1, include_str!("../../templates/ru/status.html")),
    (FormId::Carriers, 1, include_str!("../../templates/ru/carriers.html")),
    (FormId::Events, 1, include_str!("../../templates/ru/events.html")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_css_string() {
        assert_eq!(css_string("№ 01 АБ"), "\\2116  01 АБ");
        let escaped = css_string("\"; } </style>\n\\");
        assert!(!escaped.contains(['"', '<', '>', ';', '}', '\n']), "{escaped}");
    }
}
