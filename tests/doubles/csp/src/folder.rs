//! Folders of containers, as `/var/opt/cprocsp/keys/USER` has them: `NAME.000/header.key` and so on.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use gost_key_files::{CspContainer, CspKey, Files, NewContainer};

use crate::codes::{NTE_BAD_KEYSET, NTE_EXISTS, NTE_FAIL};

/// A container with its folder.
pub(crate) struct Found {
    pub(crate) folder: PathBuf,
    pub(crate) container: CspContainer,
}

/// All that can be read.
pub(crate) fn all(keys: &Path) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(keys) else { return Vec::new() };
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
        .into_iter()
        .filter_map(|folder| Some(Found { container: read(&folder)?, folder }))
        .collect()
}

pub(crate) fn find(keys: &Path, name: &str) -> Result<Found, u32> {
    all(keys).into_iter().find(|found| found.container.name() == name).ok_or(NTE_BAD_KEYSET)
}

fn read(folder: &Path) -> Option<CspContainer> {
    let file = |name: &str| fs::read(folder.join(name)).ok();
    let (header, name) = (file("header.key")?, file("name.key")?);
    let (masks, primary) = (file("masks.key")?, file("primary.key")?);
    let reserve = file("masks2.key").zip(file("primary2.key"));
    let reserve = reserve.as_ref().map(|(masks, primary)| (&masks[..], &primary[..]));
    CspContainer::read(&Files { header: &header, name: &name, main: (&masks, &primary), reserve })
        .ok()
}

/// Writes a container into `folder`, or into a new one.
pub(crate) fn write(
    keys: &Path,
    folder: Option<&Path>,
    name: &str,
    password: &str,
    content: &[CspKey],
) -> Result<(), u32> {
    let password = &spelt(password);
    let written = NewContainer { name, keys: content, password }.write(getrandom::fill);
    let written = written.map_err(|_| NTE_FAIL)?;
    let folder = match folder {
        Some(folder) => folder.to_path_buf(),
        None => new_folder(keys, name)?,
    };
    for (file, octets) in &written.files {
        fs::write(folder.join(file), octets).map_err(|_| NTE_FAIL)?;
    }
    Ok(())
}

/// A password in ASCII: what the CSP makes of others is not known, and the double keeps them its own way.
pub(crate) fn spelt(password: &str) -> String {
    if password.is_ascii() {
        return password.to_owned();
    }
    let mut spelt = String::new();
    for octet in password.bytes() {
        // writing into a string does not fail
        let _written = write!(spelt, "{octet:02x}");
    }
    spelt
}

/// Eight characters of the name and a number.
fn new_folder(keys: &Path, name: &str) -> Result<PathBuf, u32> {
    let plain = |c: &char| c.is_ascii_alphanumeric();
    let short: String = name.chars().filter(plain).take(8).collect();
    for number in 0..100_000 {
        let folder = keys.join(format!("{short}.{number:03}"));
        if fs::create_dir(&folder).is_ok() {
            return Ok(folder);
        }
    }
    Err(NTE_EXISTS)
}
