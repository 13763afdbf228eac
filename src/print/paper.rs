//! A form filled in.

use core::fmt;

use zeroize::Zeroizing;

use super::{Edition, FormId};
use crate::command::Command;
use crate::id::{CaseId, UserId};
use crate::secret::Secret;

/// A form as it is printed: HTML that needs nothing else, for A4.
#[derive(Clone, PartialEq, Eq)]
pub struct Paper {
    /// Which form.
    pub form: FormId,
    /// By which text.
    pub edition: Edition,
    /// The HTML.
    pub html: String,
}

impl Paper {
    /// The command that records that it was printed for a case (V7).
    pub fn printed_for_case(&self, case: CaseId) -> Command {
        let (form, paper) = (self.form.name().to_owned(), self.html.clone());
        Command::Print { case, form, paper, template: Some(self.edition) }
    }

    /// The command that records that it was printed for a user.
    pub fn printed_for_user(&self, user: UserId) -> Command {
        let (form, paper) = (self.form.name().to_owned(), self.html.clone());
        Command::PrintForUser { user, form, paper, template: Some(self.edition) }
    }
}

/// Shows no contents: forms are full of personal data.
impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Paper({}, {} octets)", self.form, self.html.len())
    }
}

/// A form with secrets: they are on the sheet for the printer, and nowhere else.
///
/// The template engine never has them: it puts marks in their places, which values cannot forge, as values
/// are escaped. The sheet is filled in one buffer, which is wiped.
#[derive(Debug)]
pub struct SecretPaper {
    /// What goes to the printer once.
    pub sheet: Secret,
    /// The same with dots for the secrets: what is recorded and kept.
    pub redacted: Paper,
}

/// Secrets by the names of their marks.
pub(super) type Secrets<'a> = [(&'static str, Option<&'a Secret>)];

/// The mark that stands for a secret until the sheet is filled in.
pub(super) fn mark(name: &str) -> String {
    format!("<output data-secret=\"{name}\"></output>")
}

impl SecretPaper {
    /// Puts the secrets, or dots, in the places of their marks.
    pub(super) fn fill(marked: &Paper, secrets: &Secrets<'_>) -> Self {
        let sheet = fill(&marked.html, secrets, |sheet, secret| match secret.expose_str() {
            Some(text) => push_escaped(sheet, text),
            None => secret.expose().iter().for_each(|octet| push_octet(sheet, *octet)),
        });
        let redacted = fill(&marked.html, secrets, |sheet, _| sheet.push_str(DOTS));
        let redacted = Paper { html: redacted.as_str().to_owned(), ..marked.clone() };
        Self { sheet: Secret::new(into_octets(sheet)), redacted }
    }
}

/// Fills a buffer that is long enough from the start, so that no copy of it is left behind.
fn fill(
    marked: &str,
    secrets: &Secrets<'_>,
    put: impl Fn(&mut String, &Secret),
) -> Zeroizing<String> {
    let places = marked.matches(MARK).count();
    let longest = secrets.iter().filter_map(|(_, secret)| Some(secret.as_ref()?.expose().len()));
    let room = longest.max().unwrap_or_default().saturating_mul(LONGEST_ESCAPE).max(DOTS.len());
    let room = places.saturating_mul(room).saturating_add(marked.len());
    let mut sheet = Zeroizing::new(String::with_capacity(room));
    let mut rest = marked;
    while let Some((before, from)) = rest.split_once(MARK) {
        sheet.push_str(before);
        let (name, after) = from.split_once(MARK_END).unwrap_or((from, ""));
        let secret = secrets.iter().find(|(known, _)| *known == name);
        match secret.and_then(|(_, secret)| *secret) {
            Some(secret) => put(&mut sheet, secret),
            None => sheet.push('—'),
        }
        rest = after;
    }
    sheet.push_str(rest);
    sheet
}

fn into_octets(mut sheet: Zeroizing<String>) -> Vec<u8> {
    core::mem::take(&mut *sheet).into_bytes()
}

fn push_escaped(sheet: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => sheet.push_str("&lt;"),
            '>' => sheet.push_str("&gt;"),
            '&' => sheet.push_str("&amp;"),
            '"' => sheet.push_str("&quot;"),
            '\'' => sheet.push_str("&#x27;"),
            letter => sheet.push(letter),
        }
    }
}

fn push_octet(sheet: &mut String, octet: u8) {
    for digit in [octet >> 4, octet & 0x0f] {
        sheet.extend(char::from_digit(u32::from(digit), 16));
    }
}

const MARK: &str = "<output data-secret=\"";
const MARK_END: &str = "\"></output>";
const DOTS: &str = "••••••••";
/// `&quot;`, `&#x27;`.
const LONGEST_ESCAPE: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn secrets_are_on_the_sheet_alone() {
        let edition = Edition { version: 1, language: Language::Russian };
        let html = format!("a {} b {} c {}", mark("pin"), mark("password"), mark("pin"));
        let marked = Paper { form: FormId::HandOver, edition, html };
        let (pin, octets) = (Secret::from("<1>&\"'"), Secret::new([0x0a, 0xff]));
        let secrets = [("pin", Some(&pin)), ("password", None)];
        let paper = SecretPaper::fill(&marked, &secrets);
        let escaped = "&lt;1&gt;&amp;&quot;&#x27;";
        let sheet = paper.sheet.expose_str().unwrap();
        assert_eq!(sheet, format!("a {escaped} b — c {escaped}"));
        assert_eq!(paper.redacted.html, format!("a {DOTS} b — c {DOTS}"));
        assert!(!format!("{paper:?}").contains("&lt;1"));
        let paper = SecretPaper::fill(&marked, &[("password", Some(&octets))]);
        assert_eq!(paper.sheet.expose_str(), Some("a — b 0aff c —"));
    }

    #[test]
    fn the_buffer_of_a_sheet_never_moves() {
        let marked = mark("pin").repeat(3);
        let pin = Secret::from("'".repeat(100));
        let sheet = fill(&marked, &[("pin", Some(&pin))], |sheet, secret| {
            push_escaped(sheet, secret.expose_str().unwrap());
        });
        let room = 3 * 600 + marked.len();
        assert!(sheet.len() <= room && sheet.capacity() == room);
    }
}
