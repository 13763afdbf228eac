//! Names of readers and containers: `\\.\READER\container`.

use std::ffi::{CStr, CString};

use gost_ca::provider::key_store::{CarrierId, KeyId, PinRule};
use gost_ca::provider::{ErrorKind, Result};
use zeroize::Zeroizing;

/// The full name of a container.
pub(crate) fn full_name(key: &KeyId) -> Result<CString> {
    let sound = |name: &str| {
        let inner = |c: char| c != '\\' && c != '/' && !c.is_control();
        !name.is_empty() && name.len() <= LONGEST && name.chars().all(inner) && speakable(name)
    };
    if !sound(&key.container) || !sound(&key.carrier.0) {
        return Err(ErrorKind::NotFound.at("container").because("no container has such a name"));
    }
    let name = format!(r"\\.\{}\{}", key.carrier.0, key.container);
    CString::new(name).map_err(|error| ErrorKind::Invalid.at("container").because(error))
}

/// A full name as the CSP enumerates it.
pub(crate) fn parse(item: &[u8]) -> Option<KeyId> {
    let text = core::str::from_utf8(item.split(|octet| *octet == 0).next()?).ok()?;
    let (reader, container) = text.strip_prefix(r"\\.\")?.split_once('\\')?;
    Some(KeyId { carrier: CarrierId(reader.to_owned()), container: container.to_owned() })
}

/// A reader as the CSP enumerates it: its name for people, then its name in full names.
pub(crate) fn parse_reader(item: &[u8]) -> Option<(String, String)> {
    let mut parts = item.split(|octet| *octet == 0);
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let label = text(parts.next()?);
    let id = parts.next().map(text).filter(|id| !id.is_empty())?;
    Some((label, id))
}

/// A string for the CSP that is wiped.
pub(crate) struct Password(Zeroizing<Vec<u8>>);

impl Password {
    pub(crate) fn as_c_str(&self) -> &CStr {
        CStr::from_bytes_with_nul(&self.0).unwrap_or_default()
    }
}

/// A password as the CSP takes it.
pub(crate) fn password(octets: &[u8]) -> Result<Password> {
    let text = core::str::from_utf8(octets).ok().filter(|text| speakable(text));
    let Some(text) = text.filter(|text| !text.contains('\0')) else {
        return Err(ErrorKind::Invalid.at("PIN").because("a PIN is text that the CSP can take"));
    };
    Ok(Password(Zeroizing::new([text.as_bytes(), &[0]].concat())))
}

/// Strings of Windows are in its code page, which is not known here.
fn speakable(text: &str) -> bool {
    !cfg!(windows) || text.is_ascii()
}

/// Folders and registries have a password for each container, tokens one PIN of their own.
pub(crate) fn pin_rule(reader: &str, shortest: usize) -> PinRule {
    let folder = FOLDERS.iter().any(|known| reader.eq_ignore_ascii_case(known));
    if folder {
        PinRule::PerContainer { min: shortest }
    } else {
        PinRule::OwnPin { min: 1, max: 255 }
    }
}

const FOLDERS: [&str; 5] = ["HDIMAGE", "FLASH", "REGISTRY", "FAT12", "FAT12_0"];
/// Octets of the longest name that is tried; the CSP's own limit is not published.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        let id = KeyId { carrier: CarrierId("HDIMAGE".into()), container: "a key".into() };
        let name = full_name(&id).unwrap();
        assert_eq!(name.to_bytes(), br"\\.\HDIMAGE\a key");
        assert_eq!(parse(name.to_bytes_with_nul()), Some(id));
        assert_eq!(parse(b"a key"), None);
    }

    #[test]
    fn no_name_leads_elsewhere() {
        for container in ["", r"a\b", "a/b", "a\0b", "a\nb", &"a".repeat(201)] {
            let id = KeyId { carrier: CarrierId("HDIMAGE".into()), container: container.into() };
            assert_eq!(*full_name(&id).unwrap_err().kind(), ErrorKind::NotFound, "{container}");
        }
    }

    #[test]
    fn readers_have_two_names() {
        let expected = ("Жёсткий диск".to_owned(), "HDIMAGE".to_owned());
        assert_eq!(parse_reader("Жёсткий диск\0HDIMAGE\0".as_bytes()), Some(expected));
        assert_eq!(parse_reader(b"HDIMAGE"), None);
    }
}
