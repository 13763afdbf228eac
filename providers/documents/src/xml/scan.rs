//! A look over the markup before it is parsed: limits, and what the parser beneath lets pass.
//!
//! Up to the first error in a document this scan and the parser see the same tags; after it the parser reads nothing.

use super::XmlLimits;
use super::fault::XmlFault;

/// A start tag or the tag of an empty element.
#[derive(Debug)]
pub(super) struct StartTag<'a> {
    /// The qualified name.
    pub(super) name: &'a str,
    /// Qualified names with their values, as they are written.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    is_empty: bool,
    rest: &'a str,
}

/// Looks over a document.
///
/// # Errors
/// Limits, a document type declaration, another encoding or version, and malformed names.
pub(super) fn scan(text: &str, limits: &XmlLimits) -> Result<(), XmlFault> {
    let mut scan = Scan { limits, scopes: Vec::new(), copies: 0 };
    let mut rest = declaration(text)?;
    while let Some((text, markup)) = rest.split_once('<') {
        references(text)?;
        rest = scan.markup(markup)?;
    }
    Ok(())
}

/// Reads a start tag, after its `<`.
///
/// # Errors
/// `TooManyAttributes`; `Malformed` where the tag does not end.
pub(super) fn start_tag(markup: &str, most: usize) -> Result<StartTag<'_>, XmlFault> {
    let (name, mut rest) = name(markup);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(SPACES);
        if let Some(rest) = rest.strip_prefix('>') {
            return Ok(StartTag { name, attributes, is_empty: false, rest });
        }
        if let Some(rest) = rest.strip_prefix("/>") {
            return Ok(StartTag { name, attributes, is_empty: true, rest });
        }
        if attributes.len() >= most {
            return Err(XmlFault::TooManyAttributes(most));
        }
        let (name, value, after) = attribute(rest)?;
        attributes.push((name, value));
        rest = after;
    }
}

/// The prefix of a qualified name, empty where it has none.
pub(super) fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// The prefix that an attribute declares a namespace for, where it is a declaration.
pub(super) fn declared(attribute: &str) -> Option<&str> {
    if attribute == "xmlns" { Some("") } else { attribute.strip_prefix("xmlns:") }
}

/// The name at the beginning, and what follows it.
pub(super) fn name(markup: &str) -> (&str, &str) {
    let end = markup.find(|next| SPACES.contains(&next) || "=/<>'\"".contains(next));
    markup.split_at(end.unwrap_or(markup.len()))
}

struct Scan<'l> {
    limits: &'l XmlLimits,
    /// Namespaces in scope, for each open element.
    scopes: Vec<usize>,
    /// The parser copies what is in scope wherever something is declared.
    copies: usize,
}

impl Scan<'_> {
    /// Reads what stands after a `<`, and gives what follows it.
    fn markup<'a>(&mut self, markup: &'a str) -> Result<&'a str, XmlFault> {
        if let Some(comment) = markup.strip_prefix("!--") {
            return after(comment, "-->");
        }
        if let Some(data) = markup.strip_prefix("![CDATA[") {
            return after(data, "]]>");
        }
        if markup.starts_with("!DOCTYPE") {
            return Err(XmlFault::DocumentType);
        }
        if let Some(instruction) = markup.strip_prefix('?') {
            return self::instruction(instruction);
        }
        if let Some(end) = markup.strip_prefix('/') {
            self.scopes.pop();
            if end.starts_with(':') {
                return Err(XmlFault::malformed(COLON));
            }
            return after(end, ">");
        }
        let tag = start_tag(markup, self.limits.attributes)?;
        check(&tag)?;
        self.open(&tag)?;
        Ok(tag.rest)
    }

    fn open(&mut self, tag: &StartTag<'_>) -> Result<(), XmlFault> {
        let most = self.limits.attributes;
        let own = tag.attributes.iter().filter(|(name, _)| declared(name).is_some()).count();
        let scope = self.scopes.last().copied().unwrap_or_default().saturating_add(own);
        if own > 0 {
            self.copies = self.copies.saturating_add(scope);
        }
        if scope > most || self.copies > MOST_COPIES {
            return Err(XmlFault::TooManyAttributes(most));
        }
        if self.scopes.len() >= self.limits.depth {
            return Err(XmlFault::TooDeep(self.limits.depth));
        }
        if !tag.is_empty {
            self.scopes.push(scope);
        }
        Ok(())
    }
}

/// Names that mean something else to the parser than to everybody (Namespaces in XML 1.0 §3, §5).
fn check(tag: &StartTag<'_>) -> Result<(), XmlFault> {
    let mut defaults = 0_usize;
    if tag.name.starts_with(':') {
        return Err(XmlFault::malformed(COLON));
    }
    for (name, value) in &tag.attributes {
        references(value)?;
        let why = match declared(name) {
            _ if name.starts_with(':') => COLON,
            Some("xmlns") => "a declaration of the prefix xmlns",
            Some("") if defaults > 0 => "two declarations of the default namespace",
            Some("") => {
                defaults = 1;
                continue;
            }
            Some(_) if value.is_empty() => "a prefix that is declared for no namespace",
            None if name.ends_with(":xmlns") => "xmlns under a prefix",
            _ => continue,
        };
        return Err(XmlFault::malformed(why));
    }
    Ok(())
}

/// References to characters that are none: the parser puts another one in their place.
fn references(text: &str) -> Result<(), XmlFault> {
    for reference in text.split('&').skip(1).filter_map(|part| part.strip_prefix('#')) {
        let (number, _) = reference.split_once(';').ok_or_else(unfinished)?;
        let code = match number.strip_prefix('x') {
            Some(number) => u32::from_str_radix(number, 16),
            None => number.parse(),
        };
        if code.ok().and_then(char::from_u32).is_none() {
            return Err(XmlFault::malformed("a reference to a character"));
        }
    }
    Ok(())
}

/// Reads the XML declaration, where there is one, and gives what follows it.
fn declaration(text: &str) -> Result<&str, XmlFault> {
    let Some(mut rest) = text.strip_prefix("<?xml").filter(|rest| rest.starts_with(SPACES)) else {
        return Ok(text);
    };
    loop {
        rest = rest.trim_start_matches(SPACES);
        if let Some(after) = rest.strip_prefix("?>") {
            return Ok(after);
        }
        let (name, value, after) = attribute(rest)?;
        match name {
            "version" if value != "1.0" => return Err(XmlFault::Version(value.to_owned())),
            "encoding" if !value.eq_ignore_ascii_case("UTF-8") => {
                return Err(XmlFault::Encoding(value.to_owned()));
            }
            _ => rest = after,
        }
    }
}

/// The target ends with a space or with the instruction, and is not `xml` (XML 1.0 §2.6), and
/// has no prefix.
fn instruction(markup: &str) -> Result<&str, XmlFault> {
    let (instruction, rest) = markup.split_once("?>").ok_or_else(unfinished)?;
    let target = instruction.split(SPACES).next().unwrap_or_default();
    let is_name = |next: char| next.is_alphanumeric() || !next.is_ascii() || "_-.".contains(next);
    if target.eq_ignore_ascii_case("xml") || !target.chars().all(is_name) {
        return Err(XmlFault::malformed("the target of a processing instruction"));
    }
    Ok(rest)
}

/// An attribute's name and value, and what follows it.
fn attribute(markup: &str) -> Result<(&str, &str, &str), XmlFault> {
    let read = || {
        let (name, rest) = name(markup);
        let value = rest.trim_start_matches(SPACES).strip_prefix('=')?;
        let value = value.trim_start_matches(SPACES);
        let quote = value.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (value, rest) = value.strip_prefix(quote)?.split_once(quote)?;
        (!name.is_empty()).then_some((name, value, rest))
    };
    read().ok_or_else(|| XmlFault::malformed("an attribute"))
}

fn after<'a>(markup: &'a str, end: &str) -> Result<&'a str, XmlFault> {
    markup.split_once(end).map(|(_, rest)| rest).ok_or_else(unfinished)
}

fn unfinished() -> XmlFault {
    XmlFault::malformed("the document ends too early")
}

pub(super) const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// The parser takes it for the name without.
const COLON: &str = "a name that begins with a colon";

/// Of two octets each.
const MOST_COPIES: usize = 0x100_0000;
