//! One directory of containers; everything here blocks.

use std::fs;
use std::io;
use std::path::PathBuf;

use gost_ca::provider::key_store::{CarrierId, KeyId, StoredKey};
use gost_ca::provider::{Conflict, ErrorKind, ProviderError, Result};
use gost_ca::x509::Certificate;
use gost3410::SigningKey;

use super::container_name::ContainerName;
use super::tries;
use crate::container::{Container, Damaged, Unopened};
use crate::durable_file::{self, Lock};

/// What a PIN gave.
type Tried<T> = core::result::Result<T, Unopened>;

/// A directory, and how many tries its containers allow.
#[derive(Debug)]
pub(super) struct CarrierDirectory {
    pub(super) id: CarrierId,
    pub(super) label: String,
    pub(super) directory: PathBuf,
    pub(super) tries: u32,
}

impl CarrierDirectory {
    pub(super) fn is_there(&self) -> bool {
        self.directory.is_dir()
    }

    pub(super) fn make(&self) -> Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(&self.directory).map_err(|e| failed("mkdir", e))
    }

    /// All sound containers by name; damaged ones are met by [`Self::open`].
    pub(super) fn list(&self) -> Result<Vec<StoredKey>> {
        let names = self.names()?.into_iter();
        Ok(names.filter_map(|name| Some(self.stored(&name, &self.read(&name).ok()?))).collect())
    }

    pub(super) fn damaged(&self) -> Result<Vec<(KeyId, ProviderError)>> {
        let names = self.names()?.into_iter();
        Ok(names.filter_map(|name| Some((self.key_id(&name), self.read(&name).err()?))).collect())
    }

    fn names(&self) -> Result<Vec<ContainerName>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.directory).map_err(|e| failed("readdir", e))? {
            let file = entry.map_err(|e| failed("readdir", e))?.file_name();
            names.extend(file.to_str().and_then(ContainerName::of_file));
        }
        names.sort();
        Ok(names)
    }

    fn key_id(&self, name: &ContainerName) -> KeyId {
        KeyId { carrier: self.id.clone(), container: name.as_str().to_owned() }
    }

    fn stored(&self, name: &ContainerName, container: &Container) -> StoredKey {
        StoredKey {
            id: self.key_id(name),
            public_key: container.public_key().clone(),
            certificate: container.certificates().first().cloned(),
            must_change_pin: container.has_temporary_pin(),
        }
    }

    pub(super) fn open(&self, name: &ContainerName, pin: &[u8]) -> Result<SigningKey> {
        let container = self.read(name)?;
        if container.has_temporary_pin() {
            let why = "the temporary PIN must be changed first";
            return Err(ErrorKind::Denied { tries_left: None }.at("open").because(why));
        }
        self.guarded(name, || container.open(pin))
    }

    /// Writes a new container; its name must be free.
    pub(super) fn create(&self, name: &ContainerName, container: &Container) -> Result<()> {
        let bytes =
            container.to_bytes().map_err(|e| ErrorKind::Invalid.at("generate").because(e))?;
        let _lock = self.lock()?;
        let taken = self.directory.join(name.file()).try_exists();
        if taken.map_err(|e| failed("stat", e))? {
            return Err(ErrorKind::Conflict(Conflict::Name).at("generate"));
        }
        // Tries at a container of this name that was deleted by hand are not this one's.
        match fs::remove_file(self.directory.join(name.tries_file())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed("unlink", error));
            }
            _ => {}
        }
        self.replace(name, &bytes)
    }

    pub(super) fn install(&self, name: &ContainerName, certificate: &Certificate) -> Result<()> {
        let _lock = self.lock()?;
        let mut container = self.read(name)?;
        let foreign = |e| ErrorKind::Invalid.at("install").because(e);
        if !container.install(certificate).map_err(foreign)? {
            return Ok(());
        }
        let too_long = |e| ErrorKind::Invalid.at("install").because(e);
        self.replace(name, &container.to_bytes().map_err(too_long)?)
    }

    /// Changes the PIN of a container by `change`, which tries the old one.
    pub(super) fn change_pin(
        &self,
        name: &ContainerName,
        change: impl FnOnce(&mut Container) -> Tried<()>,
    ) -> Result<()> {
        // The slow part runs under the lock too: nothing may change the container meanwhile.
        let lock = self.lock()?;
        let mut container = self.read(name)?;
        self.count_try(name, &lock)?;
        self.judged(name, change(&mut container))?;
        let bytes =
            container.to_bytes().map_err(|e| ErrorKind::Fault.at("change PIN").because(e))?;
        self.replace(name, &bytes)
    }

    pub(super) fn delete(&self, name: &ContainerName, pin: &[u8]) -> Result<()> {
        let container = self.read(name)?;
        self.guarded(name, || container.open(pin))?;
        let _lock = self.lock()?;
        durable_file::destroy(&self.directory, &name.file()).map_err(|e| failed("unlink", e))?;
        fs::remove_file(self.directory.join(name.tries_file())).map_err(|e| failed("unlink", e))
    }

    /// Counts a try of the PIN, makes it, and forgets the count after a success.
    fn guarded<T>(&self, name: &ContainerName, attempt: impl FnOnce() -> Tried<T>) -> Result<T> {
        self.count_try(name, &self.lock()?)?;
        self.judged(name, attempt())
    }

    fn count_try(&self, name: &ContainerName, _lock: &Lock) -> Result<()> {
        let file = name.tries_file();
        let made = tries::made(&self.directory, &file).map_err(|e| failed("stat", e))?;
        if made >= u64::from(self.tries) {
            return Err(ErrorKind::Locked.at("open"));
        }
        tries::count(&self.directory, &file).map_err(|e| failed("write", e))
    }

    fn judged<T>(&self, name: &ContainerName, attempt: Tried<T>) -> Result<T> {
        let file = name.tries_file();
        match attempt {
            Ok(opened) => {
                tries::reset(&self.directory, &file).map_err(|e| failed("write", e))?;
                Ok(opened)
            }
            Err(Unopened::WrongPin) => {
                let made = tries::made(&self.directory, &file).map_err(|e| failed("stat", e))?;
                let left = u64::from(self.tries).saturating_sub(made);
                let tries_left = u32::try_from(left).ok();
                Err(ErrorKind::Denied { tries_left }.at("open").because(Unopened::WrongPin))
            }
            Err(damaged) => Err(ErrorKind::Fault.at("open").because(damaged)),
        }
    }

    fn read(&self, name: &ContainerName) -> Result<Container> {
        let path = self.directory.join(name.file());
        let length = fs::metadata(&path).map_err(|e| failed("stat", e))?.len();
        if length > LONGEST {
            return Err(ErrorKind::Fault.at("read").because(Damaged::TooLong));
        }
        let bytes = fs::read(&path).map_err(|e| failed("read", e))?;
        Container::from_bytes(&bytes).map_err(|e| ErrorKind::Fault.at("read").because(e))
    }

    fn replace(&self, name: &ContainerName, bytes: &[u8]) -> Result<()> {
        durable_file::replace(&self.directory, &name.file(), bytes).map_err(|e| failed("write", e))
    }

    fn lock(&self) -> Result<Lock> {
        Lock::take(&self.directory).map_err(|e| failed("lock", e))
    }
}

fn failed(operation: &'static str, error: io::Error) -> ProviderError {
    let kind = match error.kind() {
        io::ErrorKind::NotFound => ErrorKind::NotFound,
        io::ErrorKind::PermissionDenied => ErrorKind::Denied { tries_left: None },
        _ => ErrorKind::Unavailable,
    };
    kind.at(operation).because(error)
}

/// Octets of the longest file that is read: all that the format can hold is less.
const LONGEST: u64 = 1 << 25;
