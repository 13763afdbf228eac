//! The dossier of a certificate (U18): everything that was filed about one case, as named files.

use core::fmt;

use gost_hash::streebog256;
use jiff::Timestamp;
use serde::Serialize;

use crate::hex;
use crate::id::{CaseId, UserId};

/// All papers of one case.
///
/// | file | is |
/// |---|---|
/// | `index.json` | what is in it, each file with its Streebog-256; what was erased since |
/// | `request.p10`, `certificate.cer`, `chain.p7b` | the exact octets, as far as they exist |
/// | `papers/NN-FORM.html` | forms as they were printed, without secrets |
/// | `scans/NN-KIND.pdf`, `.jpg` | scans of the person's papers and of the certificate's |
/// | `case.jsonl`, `account.jsonl` | the entries of the record, a line each, the octets that its chains bind |
/// | `audit.jsonl` | the entries of the case, each with its proof, which leads to the newest checkpoint |
/// | `events.html` | the same for people |
/// | `extract.html` | the extract from the register of certificates |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dossier {
    /// A name for the archive, without an ending: `<login>-<serial>`.
    pub name: String,
    /// When it was put together.
    pub at: Timestamp,
    /// The files, the index first.
    pub files: Vec<DossierFile>,
}

/// One file.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DossierFile {
    /// Its path in the archive: small letters, digits, `-`, `.` and `/`.
    pub name: String,
    /// Its octets.
    pub octets: Vec<u8>,
}

impl Dossier {
    /// A dossier of these files, under a name for its archive.
    pub fn new(name: impl Into<String>, at: Timestamp, files: Vec<DossierFile>) -> Self {
        Self { name: name.into(), at, files }
    }
}

impl DossierFile {
    /// A file of that name.
    pub fn new(name: impl Into<String>, octets: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), octets: octets.into() }
    }
}

/// Shows no contents: a dossier is full of personal data.
impl fmt::Debug for DossierFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DossierFile({}, {} octets)", self.name, self.octets.len())
    }
}

/// A dossier that is being put together.
pub(crate) struct Binder {
    files: Vec<DossierFile>,
    erased: Vec<String>,
}

/// Whose dossier it is, and who had it put together.
#[derive(Serialize)]
pub(crate) struct Cover {
    pub(crate) case: CaseId,
    pub(crate) serial: Option<String>,
    pub(crate) user: UserId,
    pub(crate) made: Timestamp,
    pub(crate) by: Option<UserId>,
}

#[derive(Serialize)]
struct Index<'a> {
    #[serde(flatten)]
    cover: &'a Cover,
    files: Vec<Listed<'a>>,
    erased: &'a [String],
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    octets: usize,
    streebog256: String,
}

impl Binder {
    pub(crate) const fn new() -> Self {
        Self { files: Vec::new(), erased: Vec::new() }
    }

    pub(crate) fn file(&mut self, name: impl Into<String>, octets: impl Into<Vec<u8>>) {
        self.files.push(DossierFile::new(name, octets));
    }

    /// A document, where it was not erased.
    pub(crate) fn document(&mut self, name: String, octets: Option<Vec<u8>>) {
        match octets {
            Some(octets) => self.file(name, octets),
            None => self.erased.push(name),
        }
    }

    /// Puts the index in front.
    pub(crate) fn close(mut self, name: String, cover: &Cover) -> Dossier {
        let list =
            |file: &DossierFile| (file.octets.len(), hex::encode(&streebog256(&file.octets)));
        let listed = self.files.iter().map(|file| {
            let (octets, streebog256) = list(file);
            Listed { name: &file.name, octets, streebog256 }
        });
        let index = Index { cover, files: listed.collect(), erased: &self.erased };
        let octets = serde_json::to_vec_pretty(&index).unwrap_or_default(); // text and numbers
        self.files.insert(0, DossierFile::new("index.json", octets));
        Dossier::new(name, cover.made, self.files)
    }
}
