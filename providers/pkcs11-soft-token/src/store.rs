//! Token objects in files, one each: private ones sealed, public ones under a checksum.
//!
//! ```text
//! "GSTO" 01 00 ‖ name ‖ attributes ‖ Streebog-256 of all before
//! "GSTO" 01 01 ‖ ukm(16) ‖ CTR-ACPKM-OMAC(name ‖ attributes)
//! attributes: ( type u64 LE ‖ length u32 LE ‖ octets )*, numbers as u64 LE
//! ```
//!
//! The name is that of the file, so that no object can be passed off as another.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use cryptoki_sys::{CK_ATTRIBUTE_TYPE, CK_ULONG, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY};
use gost_hash::streebog256;
use zeroize::Zeroizing;

use crate::attribute::{self, Kind};
use crate::durable;
use crate::object::{Object, number};
use crate::refusal::{Refusal, Result};
use crate::vault::{TokenKey, random};

/// Tells one writing of a file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

/// The objects there are, by name.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<(String, Stamp)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Some(name) = name.strip_suffix(SUFFIX) else { continue };
        // A file that another process unlinked meanwhile is not there.
        let Ok(metadata) = entry.metadata() else { continue };
        let stamp = Stamp { modified: metadata.modified().ok(), length: metadata.len() };
        found.push((name.to_owned(), stamp));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

/// Reads an object; `None` for a sealed one without its key, and for what is damaged.
pub(crate) fn read(folder: &Path, name: &str, key: Option<&TokenKey>) -> Option<Object> {
    let octets = fs::read(folder.join(file_name(name))).ok()?;
    decode_file(name, &octets, key)
}

/// Writes an object under a new name.
pub(crate) fn add(folder: &Path, object: &Object, key: Option<&TokenKey>) -> Result<String> {
    let mut octets = [0; 8];
    random(&mut octets)?;
    let name = hex::encode(octets);
    replace(folder, &name, object, key)?;
    Ok(name)
}

/// Writes an object in place of its former self.
pub(crate) fn replace(
    folder: &Path,
    name: &str,
    object: &Object,
    key: Option<&TokenKey>,
) -> Result<()> {
    Ok(durable::replace(folder, &file_name(name), &encode_file(name, object, key)?)?)
}

pub(crate) fn remove(folder: &Path, name: &str) -> Result<()> {
    Ok(durable::remove(folder, &file_name(name))?)
}

pub(crate) fn remove_all(folder: &Path) -> Result<()> {
    list(folder)?.iter().try_for_each(|(name, _)| remove(folder, name))
}

/// When the file of an object was last written.
pub(crate) fn stamp(folder: &Path, name: &str) -> Result<Stamp> {
    let metadata = fs::metadata(folder.join(file_name(name)))?;
    Ok(Stamp { modified: metadata.modified().ok(), length: metadata.len() })
}

fn encode_file(name: &str, object: &Object, key: Option<&TokenKey>) -> Result<Vec<u8>> {
    let mut body = Zeroizing::new(name.as_bytes().to_vec());
    encode(object, &mut body)?;
    if !object.is_private() {
        let file = [PLAIN, &body].concat();
        let checksum = streebog256(&file);
        return Ok([file.as_slice(), &checksum].concat());
    }
    let key = key.ok_or(Refusal(CKR_DEVICE_ERROR))?;
    Ok([SEALED, &key.seal(&body)?].concat())
}

fn decode_file(name: &str, octets: &[u8], key: Option<&TokenKey>) -> Option<Object> {
    if let Some(sealed) = octets.strip_prefix(SEALED) {
        return decode(key?.open(sealed)?.strip_prefix(name.as_bytes())?);
    }
    let (file, checksum) = octets.split_last_chunk::<32>()?;
    let body = file.strip_prefix(PLAIN)?.strip_prefix(name.as_bytes())?;
    if streebog256(file) == *checksum { decode(body) } else { None }
}

#[expect(clippy::useless_conversion, reason = "elsewhere a CK_ULONG has 32 bits")]
fn encode(object: &Object, out: &mut Vec<u8>) -> Result<()> {
    for (kind, value) in object.iter() {
        let number = number(value).filter(|_| attribute::kind(kind) == Kind::Number);
        let number = number.map(|number| u64::from(number).to_le_bytes());
        let value = number.as_ref().map_or(value, |number| number.as_slice());
        let length = u32::try_from(value.len()).map_err(|_| Refusal(CKR_DEVICE_MEMORY))?;
        out.extend(u64::from(kind).to_le_bytes());
        out.extend(length.to_le_bytes());
        out.extend(value);
    }
    Ok(())
}

fn decode(mut octets: &[u8]) -> Option<Object> {
    let mut object = Object::default();
    while !octets.is_empty() {
        let (kind, rest) = octets.split_first_chunk::<8>()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (value, rest) = rest.split_at_checked(length)?;
        let kind = CK_ATTRIBUTE_TYPE::try_from(u64::from_le_bytes(*kind)).ok()?;
        if attribute::kind(kind) == Kind::Number {
            let number = u64::from_le_bytes(value.try_into().ok()?);
            object.set_number(kind, CK_ULONG::try_from(number).ok()?);
        } else {
            object.set(kind, value);
        }
        octets = rest;
    }
    Some(object)
}

fn file_name(name: &str) -> String {
    format!("{name}{SUFFIX}")
}

const SUFFIX: &str = ".object";
const PLAIN: &[u8] = b"GSTO\x01\x00";
const SEALED: &[u8] = b"GSTO\x01\x01";
