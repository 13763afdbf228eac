//! Counting tries of a PIN before they are made.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::durable_file::{private, sync};

/// Tries since the last success: the length of the file, so that no write can tear it.
pub(super) fn made(directory: &Path, file: &str) -> io::Result<u64> {
    match fs::metadata(directory.join(file)) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Counts one more, durably.
pub(super) fn count(directory: &Path, file: &str) -> io::Result<()> {
    let path = directory.join(file);
    let is_new = !path.try_exists()?;
    let mut file = private().append(true).create(true).open(path)?;
    file.write_all(b"x")?;
    file.sync_all()?;
    if is_new { sync(directory) } else { Ok(()) }
}

/// Forgets them after a success.
pub(super) fn reset(directory: &Path, file: &str) -> io::Result<()> {
    let file = private().write(true).open(directory.join(file))?;
    file.set_len(0)?;
    file.sync_all()
}
