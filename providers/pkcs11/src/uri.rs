//! One line that names a module and a token: `pkcs11:MODULE?slot=0&pin-value=12345678`.
//!
//! RFC 7512's words, with the module's path where RFC 7512 has the token's attributes, so that it can be
//! typed: `pkcs11:/usr/lib/librtpkcs11ecp.so?token=desk&pin-source=/etc/desk.pin`.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use gost_ca::provider::Result;
use gost_ca::secret::Secret;

use crate::key_store::{Settings, TokenKeyStore};
use crate::module::Filter;
use crate::pin_source::PinSource;

/// What one line names.
#[derive(Debug)]
#[non_exhaustive]
pub struct TokenUri {
    /// The module's file.
    pub module: PathBuf,
    /// Which of its tokens.
    pub filter: Filter,
    /// Where the PIN comes from.
    pub pin: UriPin,
}

/// Where the PIN comes from.
#[derive(Debug)]
#[non_exhaustive]
pub enum UriPin {
    /// Nowhere: the token has a key pad, or calls bring it.
    None,
    /// It stands in the line, for tests: command lines are seen by others.
    Value(Secret),
    /// It is the first line of this file.
    Source(PathBuf),
}

/// The line is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadUri {
    /// Not `pkcs11:` and a path.
    #[error("not pkcs11:MODULE?slot=…")]
    Scheme,
    /// A word that means nothing here.
    #[error("unknown attribute {0}")]
    Attribute(String),
    /// A word that is there twice.
    #[error("{0} is there twice")]
    Twice(String),
    /// A value that cannot be.
    #[error("{0} has no such value")]
    Value(String),
}

impl TokenUri {
    /// The tokens that the line names, as a key store; the module's name is `pkcs11`.
    ///
    /// # Errors
    /// As [`TokenKeyStore::with_module`].
    pub fn open(self, settings: Settings) -> Result<TokenKeyStore> {
        let pins = match self.pin {
            UriPin::None => PinSource::none(),
            UriPin::Value(pin) => PinSource::new(move |_| Some(Secret::new(pin.expose()))),
            UriPin::Source(path) => PinSource::new(move |_| first_line(&path)),
        };
        let store = TokenKeyStore::new(settings, pins);
        store.with_part_of_module("pkcs11", self.module, self.filter, None)
    }
}

impl FromStr for TokenUri {
    type Err = BadUri;

    fn from_str(line: &str) -> core::result::Result<Self, BadUri> {
        let rest = line.strip_prefix("pkcs11:").ok_or(BadUri::Scheme)?;
        let (module, query) = rest.split_once('?').unwrap_or((rest, ""));
        let module = decode(module).filter(|path| !path.is_empty()).ok_or(BadUri::Scheme)?;
        let mut uri = Self { module: module.into(), filter: Filter::default(), pin: UriPin::None };
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (word, value) = part.split_once('=').unwrap_or((part, ""));
            let value = decode(value).ok_or_else(|| BadUri::Value(word.to_owned()))?;
            uri.set(word, value)?;
        }
        Ok(uri)
    }
}

impl TokenUri {
    fn set(&mut self, word: &str, value: String) -> core::result::Result<(), BadUri> {
        let was_there = match word {
            "slot" => {
                let slot = value.parse().map_err(|_| BadUri::Value(word.to_owned()))?;
                self.filter.slot.replace(slot).is_some()
            }
            "token" => self.filter.label.replace(value).is_some(),
            "serial" => self.filter.serial.replace(value).is_some(),
            "pin-value" => self.set_pin(UriPin::Value(Secret::from(value))),
            "pin-source" => self.set_pin(UriPin::Source(value.into())),
            _ => return Err(BadUri::Attribute(word.to_owned())),
        };
        if was_there { Err(BadUri::Twice(word.to_owned())) } else { Ok(()) }
    }

    fn set_pin(&mut self, pin: UriPin) -> bool {
        !matches!(core::mem::replace(&mut self.pin, pin), UriPin::None)
    }
}

/// Percent encoding (RFC 3986 §2.1).
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'%' => digit(rest.next()?)?.checked_mul(16)?.checked_add(digit(rest.next()?)?)?,
            other => other,
        });
    }
    String::from_utf8(octets).ok()
}

fn digit(hex: u8) -> Option<u8> {
    char::from(hex).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn first_line(path: &Path) -> Option<Secret> {
    let text = zeroize::Zeroizing::new(std::fs::read_to_string(path).ok()?);
    text.lines().next().map(Secret::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_all_words() {
        let uri: TokenUri =
            "pkcs11:/usr/lib/m%20m.so?slot=7&token=%D0%94%D0%B0&serial=ab&pin-value=1%262"
                .parse()
                .unwrap();
        assert_eq!(uri.module, Path::new("/usr/lib/m m.so"));
        let (label, serial) = (Some("Да".to_owned()), Some("ab".to_owned()));
        assert_eq!(uri.filter, Filter { slot: Some(7), label, serial });
        assert!(matches!(uri.pin, UriPin::Value(pin) if pin == Secret::from("1&2")));
    }

    #[test]
    fn refuses_what_is_none() {
        let refusal = |line: &str| line.parse::<TokenUri>().unwrap_err();
        assert_eq!(refusal("file:/x"), BadUri::Scheme);
        assert_eq!(refusal("pkcs11:?slot=1"), BadUri::Scheme);
        assert_eq!(refusal("pkcs11:m?slot=x"), BadUri::Value("slot".into()));
        assert_eq!(refusal("pkcs11:m?token=%D0"), BadUri::Value("token".into()));
        assert_eq!(refusal("pkcs11:m?slot=1&slot=2"), BadUri::Twice("slot".into()));
        assert_eq!(
            refusal("pkcs11:m?pin-value=1&pin-source=f"),
            BadUri::Twice("pin-source".into())
        );
        assert_eq!(refusal("pkcs11:m?colour=red"), BadUri::Attribute("colour".into()));
    }

    #[test]
    fn pins_are_not_printed() {
        let uri: TokenUri = "pkcs11:m?pin-value=12345678".parse().unwrap();
        assert!(!format!("{uri:?}").contains("1234"));
    }
}
