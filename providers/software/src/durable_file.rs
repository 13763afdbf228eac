//! Files that are there whole or not at all, also after a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Keeps others, in this process and in others, out of a directory while it lives.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Waits for the directory.
    pub(crate) fn take(directory: &Path) -> io::Result<Self> {
        let file =
            private().write(true).create(true).truncate(false).open(directory.join(".lock"))?;
        file.lock()?;
        Ok(Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file would unlock it as well.
        let _unlocked = self.0.unlock();
    }
}

/// Puts contents under a name: a temporary file, synced, renamed, the directory synced.
pub(crate) fn replace(directory: &Path, name: &str, contents: &[u8]) -> io::Result<()> {
    let temporary = directory.join(format!(".{name}.new"));
    let written = write(&temporary, contents)
        .and_then(|()| fs::rename(&temporary, directory.join(name)))
        .and_then(|()| sync(directory));
    if written.is_err() {
        let _gone = fs::remove_file(&temporary);
    }
    written
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = private().write(true).create(true).truncate(true).open(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

/// Overwrites a file with zeros before it is unlinked.
///
/// File systems that journal or copy on write, and flash, may keep the old octets: they are under the
/// PIN all the same.
pub(crate) fn destroy(directory: &Path, name: &str) -> io::Result<()> {
    let path = directory.join(name);
    let length = usize::try_from(fs::metadata(&path)?.len()).unwrap_or(0);
    let mut file = OpenOptions::new().write(true).open(&path)?;
    file.write_all(&vec![0; length])?;
    file.sync_all()?;
    fs::remove_file(&path)?;
    sync(directory)
}

/// Makes renames and unlinks durable.
pub(crate) fn sync(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(directory)?.sync_all() } else { Ok(()) }
}

/// For files that only their owner reads.
pub(crate) fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "rights are Unix's"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
