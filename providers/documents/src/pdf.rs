//! Signatures in PDF (ISO 32000-2 §12.8, ETSI EN 319 142-1): detached CAdES in an incremental update, and their checking.
//!
//! ```no_run
//! # use gost_ca::provider::Signer;
//! # use gost_ca::x509::Certificate;
//! # use gost_ca_documents::pdf::{Pdf, PdfLimits, PdfSigning};
//! # use gost_ca_documents::{Checker, Signatory, Verdict};
//! # async fn example(
//! #     key: &dyn Signer, certificate: &Certificate, checker: &Checker<'_>,
//! # ) -> gost_ca_documents::Result<()> {
//! let file = std::fs::read("contract.pdf")?;
//! let pdf = Pdf::open(&file, PdfLimits::default())?;
//! let signed = pdf.sign(&Signatory::new(key, certificate)?, &PdfSigning::default()).await?;
//!
//! let pdf = Pdf::open(&signed, PdfLimits::default())?;
//! assert_eq!(pdf.check(checker).await.verdict, Verdict::Valid);
//! # Ok(())
//! # }
//! ```
//!
//! A file is read strictly: what readers would have to repair is refused, for each may repair it to something else.

mod changes;
mod check;
mod error;
mod fields;
mod font;
mod located;
mod permissions;
mod prepared;
mod signing;
mod stamp;
mod syntax;
mod widgets;

use std::collections::BTreeMap;

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, ObjectStream};

pub use error::PdfError;
pub use prepared::PreparedPdf;
pub use signing::PdfSigning;
pub use stamp::Stamp;

use crate::error::Result;
use crate::pdf::fields::SignatureField;

/// How much of a PDF is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PdfLimits {
    /// Octets of the file.
    pub octets: usize,
    /// Octets that any stream of the structure unpacks to.
    pub unpacked: usize,
    /// Signatures: for each, the file is read once more, as it was then.
    pub signatures: usize,
}

/// 256 MiB, of which streams of structure have 64; a hundred signatures.
impl Default for PdfLimits {
    fn default() -> Self {
        Self { octets: 0x1000_0000, unpacked: 0x400_0000, signatures: 100 }
    }
}

/// A PDF that was read.
#[derive(Clone, Debug)]
pub struct Pdf<'a> {
    file: &'a [u8],
    limits: PdfLimits,
    document: Document,
    fields: Vec<SignatureField>,
}

impl<'a> Pdf<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// [`PdfError::Encrypted`], [`PdfError::TooMuch`]; `Malformed` for all that is no PDF, and for what readers would
    /// have to repair.
    pub fn open(file: &'a [u8], limits: PdfLimits) -> Result<Self> {
        let document = read(file, limits)?;
        let fields = fields::of(&document)?;
        let signed = fields.iter().filter(|field| field.value.is_some()).count();
        if signed > limits.signatures {
            return Err(PdfError::TooMuch { what: "signatures", most: limits.signatures }.into());
        }
        Ok(Self { file, limits, document, fields })
    }

    /// The names of the fields for signatures, and whether each is signed.
    pub fn fields(&self) -> impl Iterator<Item = (&str, bool)> {
        self.fields.iter().map(|field| (field.name.as_str(), field.value.is_some()))
    }
}

/// Reads a file, or what it was after a revision.
fn read(file: &[u8], limits: PdfLimits) -> Result<Document, PdfError> {
    if file.len() > limits.octets {
        return Err(PdfError::TooMuch { what: "octets", most: limits.octets });
    }
    // Offsets are from the first octet, here and in every reader.
    if !file.starts_with(b"%PDF-") {
        return Err(PdfError::Malformed("it does not begin with %PDF-".into()));
    }
    let options = LoadOptions {
        strict: true,
        max_decompressed_size: Some(limits.unpacked),
        ..LoadOptions::default()
    };
    let mut document = Document::load_mem_with_options(file, options)?;
    if document.trailer.has(b"Encrypt") || document.was_encrypted() {
        return Err(PdfError::Encrypted);
    }
    agree(file, &document, limits)?;
    // What an object stream holds beyond the table is seen by no other reader.
    let table = document.reference_table.entries.clone();
    document.objects.retain(|id, _| listed(&table, *id));
    Ok(document)
}

fn listed(table: &BTreeMap<u32, XrefEntry>, (number, generation): ObjectId) -> bool {
    match table.get(&number) {
        Some(XrefEntry::Normal { generation: known, .. }) => *known == generation,
        Some(XrefEntry::Compressed { .. }) => generation == 0,
        _ => false,
    }
}

/// Every entry of the table leads to its object, and no object stream has a number twice: readers would see
/// different documents.
fn agree(file: &[u8], document: &Document, limits: PdfLimits) -> Result<(), PdfError> {
    for (number, entry) in &document.reference_table.entries {
        let XrefEntry::Normal { offset, generation } = *entry else {
            continue;
        };
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        if !syntax::begins(file, start, (*number, generation)) {
            return Err(PdfError::Malformed(format!("object {number} is not where it should be")));
        }
    }
    for object in document.objects.values() {
        let Ok(stream) = object.as_stream() else {
            continue;
        };
        if stream.dict.has_type(b"ObjStm") {
            let inside = ObjectStream::new_with_limit(stream, Some(limits.unpacked))?.objects.len();
            let stated = stream.dict.get(b"N").and_then(Object::as_i64)?;
            if i64::try_from(inside) != Ok(stated) {
                return Err(PdfError::Malformed(
                    "an object stream with other objects than it says".into(),
                ));
            }
        }
    }
    Ok(())
}

/// The dictionary of an object, whether it stands there itself or is referred to.
fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    document.dereference(object).ok().and_then(|(_, object)| object.as_dict().ok())
}

/// The array of an object, whether it stands there itself or is referred to.
fn array<'a>(document: &'a Document, object: &'a Object) -> Option<&'a [Object]> {
    document
        .dereference(object)
        .ok()
        .and_then(|(_, object)| object.as_array().ok())
        .map(Vec::as_slice)
}

/// A dictionary in a dictionary.
fn inner<'a>(document: &'a Document, outer: &'a Dictionary, name: &[u8]) -> Option<&'a Dictionary> {
    outer.get(name).ok().and_then(|object| dictionary(document, object))
}
