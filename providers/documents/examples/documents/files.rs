//! Files read with a bar, and written whole or not at all.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use der::Decode;
use gost_ca::x509::Certificate;
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::SigningKey;
use indicatif::{ProgressBar, ProgressStyle};
use pkcs8::PrivateKeyInfoRef;

use crate::Result;

/// Reads a file; a bar shows how far it is.
pub(crate) fn progress(path: &Path) -> Result<impl Read> {
    let file = File::open(path).map_err(|error| named(path, &error))?;
    let style = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let bar = ProgressBar::new(file.metadata()?.len());
    bar.set_style(ProgressStyle::with_template(style)?);
    bar.set_message(path.display().to_string());
    Ok(bar.wrap_read(file))
}

/// The certificate in a file, DER or PEM.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>> {
    let octets = std::fs::read(path).map_err(|error| named(path, &error))?;
    let Some(text) = core::str::from_utf8(&octets).ok().filter(|text| text.contains(BEGIN)) else {
        return Ok(vec![Certificate::from_der(&octets)?]);
    };
    let mut all = Vec::new();
    for part in text.split(BEGIN).skip(1) {
        let (_, document) = der::Document::from_pem(&format!("{BEGIN}{part}"))?;
        all.push(Certificate::from_der(document.as_bytes())?);
    }
    Ok(all)
}

/// The key in a file: PKCS#8, DER or PEM, not encrypted.
pub(crate) fn key(path: &Path) -> Result<GostSigner> {
    let octets = zeroize::Zeroizing::new(std::fs::read(path).map_err(|error| named(path, &error))?);
    let document = match core::str::from_utf8(&octets) {
        Ok(text) if text.contains("-----BEGIN") => der::SecretDocument::from_pem(text)?.1,
        _ => der::SecretDocument::try_from(octets.as_slice())?,
    };
    let key = SigningKey::from_pkcs8(&PrivateKeyInfoRef::from_der(document.as_bytes())?)?;
    Ok(GostSigner::new(key, Arc::new(SystemRng))?)
}

/// A file that has its name only when it is whole.
pub(crate) struct Output {
    file: BufWriter<File>,
    part: PathBuf,
    path: PathBuf,
    kept: bool,
}

impl Output {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create_new(&part).map_err(|error| named(&part, &error))?;
        let file = BufWriter::with_capacity(0x1_0000, file);
        Ok(Self { file, part, path: path.to_owned(), kept: false })
    }

    /// Gives it its name.
    pub(crate) fn keep(mut self) -> Result<()> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        std::fs::rename(&self.part, &self.path)?;
        self.kept = true;
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.file.write(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.part); // what failed before is what is told
        }
    }
}

fn named(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
