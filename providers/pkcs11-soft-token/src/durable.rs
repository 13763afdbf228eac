//! Files that are whole whenever the power fails, and only their owner's.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Replaces a file in one step: the old contents or the new, nothing between.
pub(crate) fn replace(folder: &Path, name: &str, contents: &[u8]) -> io::Result<()> {
    let mut octets = [0; 8];
    getrandom::fill(&mut octets).map_err(|_| io::Error::other("no randomness"))?;
    let temporary = folder.join(format!(".{}.new", hex::encode(octets)));
    let replaced = write(&temporary, contents)
        .and_then(|()| fs::rename(&temporary, folder.join(name)))
        .and_then(|()| sync(folder));
    if replaced.is_err() {
        let _gone = fs::remove_file(&temporary);
    }
    replaced
}

/// Unlinks a file; that it is gone already is as well.
pub(crate) fn remove(folder: &Path, name: &str) -> io::Result<()> {
    match fs::remove_file(folder.join(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync(folder),
    }
}

/// Makes a folder that only its owner enters.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are Unix's"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path)
}

/// Keeps other processes out until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "closing the file unlocks it")] File);

impl Lock {
    pub(crate) fn take(folder: &Path) -> io::Result<Self> {
        let file = private().create(true).truncate(false).write(true).open(folder.join("lock"))?;
        file.lock()?;
        Ok(Self(file))
    }
}

/// A number kept as the length of a file, so that no write can tear it.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    path: PathBuf,
}

impl Tally {
    pub(crate) fn new(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(name) }
    }

    pub(crate) fn read(&self) -> io::Result<u64> {
        match fs::metadata(&self.path) {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// One more, durably.
    pub(crate) fn count(&self) -> io::Result<()> {
        let is_new = !self.path.try_exists()?;
        let mut file = private().append(true).create(true).open(&self.path)?;
        file.write_all(b"x")?;
        file.sync_all()?;
        match self.path.parent() {
            Some(folder) if is_new => sync(folder),
            _ => Ok(()),
        }
    }

    pub(crate) fn reset(&self) -> io::Result<()> {
        if self.read()? == 0 {
            return Ok(());
        }
        let file = private().write(true).open(&self.path)?;
        file.set_len(0)?;
        file.sync_all()
    }
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = private().write(true).create_new(true).open(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

/// Makes renames and unlinks durable.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are Unix's"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
