//! A notice as a message of RFC 5322.

use std::time::SystemTime;

use base64ct::{Base64, Encoding};
use gost_ca::id::NoticeId;
use gost_ca::provider::{ErrorKind, Notice, Result};
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Mailbox, Message};

/// Who the messages are from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(Mailbox);

/// An address is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSender;

impl Sender {
    /// A name that people read, in any letters, and an address.
    ///
    /// # Errors
    /// [`BadSender`] for what is no address, or a name of several lines.
    pub fn new(name: &str, address: &str) -> std::result::Result<Self, BadSender> {
        let address: Address = address.parse().map_err(|_| BadSender)?;
        let one_line = !name.contains(char::is_control);
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        one_line.then(|| Self(Mailbox::new(name, address))).ok_or(BadSender)
    }

    pub(crate) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl std::fmt::Display for BadSender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not the name and address of a sender")
    }
}

impl std::error::Error for BadSender {}

/// A message on its way.
pub(crate) struct Letter {
    pub(crate) id: NoticeId,
    pub(crate) from: Address,
    pub(crate) to: Address,
    /// Header and body, ASCII, lines end with CR LF.
    pub(crate) octets: Vec<u8>,
}

impl Letter {
    /// Writes a notice; the same notice gives the same octets.
    pub(crate) fn write(notice: &Notice, sender: &Sender) -> Result<Self> {
        let to: Address =
            notice.to.as_str().parse().map_err(|_| ErrorKind::Invalid.at("address"))?;
        let id = format!("<{}@{}>", notice.id, sender.domain());
        let message = Message::builder()
            .from(sender.0.clone())
            .to(Mailbox::new(None, to.clone()))
            .raw_header(subject(&one_line(&notice.subject)))
            .date(SystemTime::from(notice.at))
            .message_id(Some(id))
            .raw_header(automatic())
            .header(MIME_VERSION_1_0)
            .header(ContentType::TEXT_PLAIN)
            .body(notice.text.clone())
            .map_err(|error| ErrorKind::Invalid.at("message").because(error))?;
        let from = sender.0.email.clone();
        Ok(Self { id: notice.id, from, to, octets: message.formatted() })
    }
}

/// A line break in a subject would begin a header of somebody else's.
fn one_line(subject: &str) -> String {
    subject.split(char::is_control).collect::<Vec<_>>().join(" ")
}

/// Encoded as a whole (RFC 2047, 2) where it is not plain: nothing is lost where a line is folded, and nothing
/// that looks encoded is decoded.
fn subject(text: &str) -> HeaderValue {
    let ascii = text.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ');
    let told_apart = !text.contains("=?") && !text.contains("  ") && text.trim() == text;
    let plain = ascii && told_apart && text.len() <= ON_A_LINE;
    let encoded = if plain { text.to_owned() } else { encoded_words(text).join("\r\n ") };
    let name = HeaderName::new_from_ascii_str("Subject");
    HeaderValue::dangerous_new_pre_encoded(name, text.to_owned(), encoded)
}

/// Words of whole letters, each short enough for its line.
fn encoded_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in text.chars() {
        match words.last_mut() {
            Some(word) if word.len().saturating_add(letter.len_utf8()) <= IN_A_WORD => {
                word.push(letter);
            }
            _ => words.push(letter.to_string()),
        }
    }
    let encode = |word: &String| format!("=?utf-8?B?{}?=", Base64::encode_string(word.as_bytes()));
    words.iter().map(encode).collect()
}

/// RFC 3834, 5: no absence notice is sent in answer.
fn automatic() -> HeaderValue {
    let name = HeaderName::new_from_ascii_str("Auto-Submitted");
    HeaderValue::new(name, "auto-generated".to_owned())
}

/// With `Subject: ` before it, a line has at most 76 characters (RFC 2047, 2).
const ON_A_LINE: usize = 66;
/// Octets that are 52 characters of Base64.
const IN_A_WORD: usize = 39;
