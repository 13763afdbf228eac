//! Which containers have a temporary password: the CSP does not know that there are such.

use std::fs;
use std::io;
use std::path::PathBuf;

use gost_ca::hex;
use gost_ca::provider::key_store::KeyId;
use gost_ca::provider::{ErrorKind, Result};

/// A folder with an empty file for each.
#[derive(Clone, Debug)]
pub(crate) struct Marks(Option<PathBuf>);

impl Marks {
    pub(crate) const fn new(folder: Option<PathBuf>) -> Self {
        Self(folder)
    }

    pub(crate) fn has(&self, key: &KeyId) -> bool {
        self.path(key).is_some_and(|path| path.exists())
    }

    /// Durably, before the container is made: no crash may turn a temporary password into another.
    pub(crate) fn set(&self, key: &KeyId) -> Result<()> {
        let why = "the CSP knows no temporary passwords, and there is no folder to mark them in";
        let path = self.path(key);
        let path = path.ok_or_else(|| ErrorKind::Unsupported.at("generate").because(why))?;
        let written = fs::File::create(path).and_then(|file| file.sync_all());
        written.map_err(|error| ErrorKind::Unavailable.at("mark").because(error))
    }

    pub(crate) fn clear(&self, key: &KeyId) -> Result<()> {
        let Some(path) = self.path(key) else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(ErrorKind::Unavailable.at("mark").because(error))
            }
            _ => Ok(()),
        }
    }

    fn path(&self, key: &KeyId) -> Option<PathBuf> {
        let name = format!("{}\\{}", key.carrier.0, key.container);
        Some(self.0.as_ref()?.join(hex::encode(name.as_bytes())))
    }
}
