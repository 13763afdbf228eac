//! A folder of messages, for whoever delivers them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use gost_ca::provider::{ErrorKind, Notice, Notifier, ProviderError, Result};

use crate::courier::Courier;
use crate::letter::{Letter, Sender};

/// Leaves each notice as a file of its own, `0123…cdef.eml` by its id, whole or not at all.
///
/// A notice that is there already is never written again: the first copy is the one that counts. Whoever
/// delivers takes files whose names end in `.eml`, and may move them away.
#[derive(Debug)]
pub struct MailFolder {
    sender: Sender,
    courier: Courier,
}

impl MailFolder {
    /// Opens a folder, and makes it where there is none. One process at a time: halves of another are swept away.
    ///
    /// # Errors
    /// `Unavailable` where it cannot be opened.
    pub fn open(path: impl AsRef<Path>, sender: Sender) -> Result<Self> {
        let path = path.as_ref().to_owned();
        fs::create_dir_all(&path).and_then(|()| sweep(&path)).map_err(unavailable)?;
        let courier =
            Courier::start("mail-folder", move |letter| leave(&path, letter).map_err(unavailable))?;
        Ok(Self { sender, courier })
    }
}

#[async_trait]
impl Notifier for MailFolder {
    async fn notify(&self, notice: &Notice) -> Result<()> {
        self.courier.deliver(Letter::write(notice, &self.sender)?).await
    }
}

fn leave(folder: &Path, letter: &Letter) -> io::Result<()> {
    let to = folder.join(format!("{}.eml", letter.id));
    if to.try_exists()? {
        return sync(folder); // the crash may have been between the renaming and this
    }
    let draft = draft(folder, letter);
    let mut file = create(&draft)?;
    file.write_all(&letter.octets)?;
    file.sync_all()?;
    fs::rename(draft, to)?;
    sync(folder)
}

fn draft(folder: &Path, letter: &Letter) -> PathBuf {
    folder.join(format!("{}{DRAFT}", letter.id))
}

/// What an interrupted process left.
fn sweep(folder: &Path) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let file = file?;
        if file.file_name().to_string_lossy().ends_with(DRAFT) {
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

/// Personal data: for the owner, and the group that delivers.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    options.open(path)
}

/// Makes a renaming durable.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn unavailable(error: io::Error) -> ProviderError {
    ErrorKind::Unavailable.at("mail folder").because(error)
}

const DRAFT: &str = ".new";
