//! Signing: an update after the file's own octets, which stay as they are.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{self, Signer};
use gost_ca::x509::PublicKey;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lopdf::{
    Dictionary, IncrementalDocument, Object, ObjectId, StringFormat, dictionary, text_string,
};
use spki::AlgorithmIdentifierOwned;

use super::changes::references;
use super::fields::SignatureField;
use super::permissions::NO_CHANGES;
use super::{Pdf, PdfError, PreparedPdf, Stamp, array, inner, prepared};
use crate::error::Result;
use crate::hash::{ContentDigests, HashFunction};
use crate::oid;
use crate::signed_data::SignedData;
use crate::signer_info::{Signatory, Signing};

/// How a PDF is signed.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "made by callers, from its default")]
pub struct PdfSigning {
    /// The field: one that waits for its signature, or the name of a new one; none: a new name.
    pub field: Option<String>,
    /// The signer's own word about the time.
    pub time: Option<Timestamp>,
    /// Why it is signed.
    pub reason: Option<String>,
    /// Where it is signed.
    pub location: Option<String>,
    /// What is seen of the signature; none: nothing.
    pub stamp: Option<Stamp>,
    /// Octets kept for what the message is to have beyond the signature and its certificate: chains, time stamps,
    /// evidence.
    pub room: usize,
}

impl Pdf<'_> {
    /// Signs: CAdES-BES, the certificate enclosed, in a revision of its own.
    ///
    /// # Errors
    /// [`PdfError`] for a document that allows no signature, a field that is taken, a stamp that does not fit; the
    /// key's own.
    pub async fn sign(&self, signatory: &Signatory<'_>, signing: &PdfSigning) -> Result<Vec<u8>> {
        let prepared = self.prepare(signatory, signing).await?;
        let digests = prepared.digests(&[signatory.hash_function()])?;
        let mut message = SignedData::new(oid::DATA);
        message.sign(signatory, &Signing::default(), &digests).await?;
        prepared.embed(&message)
    }

    /// Prepares a revision for a signed message that the caller makes, with time stamps and evidence where there is
    /// [`room`](PdfSigning::room).
    ///
    /// # Errors
    /// As [`sign`](Self::sign), but for the key's own.
    pub async fn prepare(
        &self,
        signatory: &Signatory<'_>,
        signing: &PdfSigning,
    ) -> Result<PreparedPdf> {
        if self.permitted() == Some(NO_CHANGES) {
            return Err(PdfError::Certified.into());
        }
        let kept = length(signatory).await?.saturating_add(signing.room);
        let field = self.field(signing)?;
        let name = signing.field.clone().unwrap_or_else(|| self.free_name());
        if self.is_locked(&name) {
            return Err(PdfError::Locked(name).into());
        }
        let stamp = signing.stamp.as_ref();
        let page = self.page(stamp.map_or(1, |stamp| stamp.page))?;
        let mut update = Update::of(self)?;
        let id = if let Some(field) = field {
            let widget = field.widgets.first().copied().unwrap_or(field.id);
            // The rectangle of a field that waits is not the signer's to choose.
            let stamp = stamp.map(|stamp| stamp.within(update.get(widget)?)).transpose()?;
            let appearance = update.draw(stamp.as_ref(), signatory)?;
            update.fill(field.id, widget, appearance)?
        } else {
            let appearance = update.draw(stamp, signatory)?;
            update.add(&name, page, appearance)?
        };
        let signature = update.sign(id, &value(signing, kept))?;
        prepared::prepare(update.save()?, signature, self.limits)
    }

    /// The field that waits for the signature; none for a new one.
    fn field(&self, signing: &PdfSigning) -> Result<Option<&SignatureField>, PdfError> {
        let Some(name) = signing.field.as_deref() else {
            return Ok(None);
        };
        match self.fields.iter().find(|field| field.name == name) {
            Some(field) if field.value.is_some() => Err(PdfError::FieldTaken(name.to_owned())),
            None if name.is_empty() || name.contains('.') => {
                Err(PdfError::FieldName(name.to_owned()))
            }
            None if self.names().any(|known| known == name) => {
                Err(PdfError::FieldTaken(name.to_owned()))
            }
            field => Ok(field),
        }
    }

    /// The names of all fields at the top, of any kind.
    fn names(&self) -> impl Iterator<Item = String> {
        let form = self
            .document
            .catalog()
            .ok()
            .and_then(|catalog| inner(&self.document, catalog, b"AcroForm"));
        let roots = form
            .and_then(|form| form.get(b"Fields").ok())
            .and_then(|all| array(&self.document, all));
        let roots = roots.unwrap_or_default().iter();
        let names =
            roots.filter_map(|root| super::dictionary(&self.document, root)?.get(b"T").ok());
        names.filter_map(|name| lopdf::decode_text_string(name).ok())
    }

    fn free_name(&self) -> String {
        let known: Vec<_> = self.names().collect();
        let mut names = (1_usize..).map(|number| format!("Signature{number}"));
        names.find(|name| !known.contains(name)).unwrap_or_default()
    }

    fn page(&self, number: usize) -> Result<ObjectId, PdfError> {
        let index = number.checked_sub(1).ok_or(PdfError::NoPage(number))?;
        self.document.page_iter().nth(index).ok_or(PdfError::NoPage(number))
    }
}

/// The corners of an appearance on its page, and the appearance.
type Appearance = ([f32; 4], ObjectId);

/// What a revision adds and changes.
struct Update(IncrementalDocument);

impl Update {
    fn of(pdf: &Pdf<'_>) -> Result<Self> {
        let mut update = IncrementalDocument::create_from(pdf.file.to_vec(), pdf.document.clone());
        let document = &mut update.new_document;
        // Those of the stream of the table before: the new one states its own.
        for name in [&b"DecodeParms"[..], b"Filter", b"Index", b"Length", b"Type", b"W"] {
            document.trailer.remove(name);
        }
        // A number that something refers to in vain must not come to mean something.
        let awaited = references(&pdf.document).into_keys().max();
        document.max_id = document.max_id.max(awaited.unwrap_or_default());
        if document.max_id > HIGHEST {
            return Err(PdfError::Malformed("no numbers of objects are left".into()).into());
        }
        Ok(Self(update))
    }

    fn get(&self, id: ObjectId) -> Result<&Dictionary> {
        let new = self.0.new_document.get_dictionary(id);
        Ok(new.or_else(|_| self.0.get_prev_documents().get_dictionary(id))?)
    }

    /// A dictionary of the document, to be changed.
    fn change(&mut self, id: ObjectId) -> Result<&mut Dictionary> {
        self.0.opt_clone_object_to_new_document(id)?;
        Ok(self.0.new_document.get_dictionary_mut(id)?)
    }

    /// Appends to an array of a dictionary, which may stand there, elsewhere, or not yet.
    fn append(&mut self, id: ObjectId, name: &[u8], object: Object) -> Result<()> {
        let known = self.change(id)?.get(name).ok().cloned();
        match known {
            Some(Object::Reference(array)) => {
                self.0.opt_clone_object_to_new_document(array)?;
                self.0.new_document.get_object_mut(array)?.as_array_mut()?.push(object);
            }
            Some(Object::Array(mut array)) => {
                array.push(object);
                self.change(id)?.set(name, array);
            }
            _ => self.change(id)?.set(name, vec![object]),
        }
        Ok(())
    }

    fn draw(
        &mut self,
        stamp: Option<&Stamp>,
        signatory: &Signatory<'_>,
    ) -> Result<Option<Appearance>> {
        let document = &mut self.0.new_document;
        stamp.map(|stamp| Ok((stamp.corners(), stamp.draw(document, signatory)?))).transpose()
    }

    /// A new field, which is its own widget.
    fn add(
        &mut self,
        name: &str,
        page: ObjectId,
        appearance: Option<Appearance>,
    ) -> Result<ObjectId> {
        let corners = appearance.map_or([0.0; 4], |(corners, _)| corners);
        let mut field = dictionary! {
            "Type" => "Annot",
            "Subtype" => "Widget",
            "FT" => "Sig",
            "T" => text_string(name),
            "F" => PRINTED | LOCKED,
            "P" => page,
            "Rect" => corners.map(Object::Real).to_vec(),
        };
        if let Some((_, appearance)) = appearance {
            field.set("AP", dictionary! { "N" => appearance });
        }
        let id = self.0.new_document.try_add_object(field)?;
        self.append(page, b"Annots", id.into())?;
        let form = self.form()?;
        self.append(form, b"Fields", id.into())?;
        Ok(id)
    }

    /// A field that waited.
    fn fill(
        &mut self,
        id: ObjectId,
        widget: ObjectId,
        appearance: Option<Appearance>,
    ) -> Result<ObjectId> {
        if let Some((_, appearance)) = appearance {
            self.change(widget)?.set("AP", dictionary! { "N" => appearance });
        }
        self.form()?;
        Ok(id)
    }

    /// The form, an object of its own, which says that there are signatures (ISO 32000-2 table 225).
    fn form(&mut self) -> Result<ObjectId> {
        let root =
            self.0.get_prev_documents().trailer.get(b"Root").and_then(Object::as_reference)?;
        let known = self.get(root)?.get(b"AcroForm").ok().cloned();
        let id = match known {
            Some(Object::Reference(id)) => id,
            form => {
                let form = form.and_then(|form| form.as_dict().ok().cloned()).unwrap_or_default();
                let id = self.0.new_document.try_add_object(form)?;
                self.change(root)?.set("AcroForm", id);
                id
            }
        };
        let form = self.change(id)?;
        let flags = form.get(b"SigFlags").and_then(Object::as_i64).unwrap_or_default();
        form.set("SigFlags", flags | SIGNATURES_EXIST | APPEND_ONLY);
        Ok(id)
    }

    fn sign(&mut self, field: ObjectId, value: &Dictionary) -> Result<ObjectId> {
        let id = self.0.new_document.try_add_object(value.clone())?;
        self.change(field)?.set("V", id);
        Ok(id)
    }

    fn save(mut self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        self.0.save_to(&mut file)?;
        file.push(b'\n');
        Ok(file)
    }
}

/// The signature dictionary, with places to be filled in.
fn value(signing: &PdfSigning, kept: usize) -> Dictionary {
    let place = Object::Integer(prepared::PLACE);
    let mut value = dictionary! {
        "Type" => "Sig",
        "Filter" => "Adobe.PPKLite",
        "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), place.clone(), place.clone(), place],
        "Contents" => Object::String(vec![0; kept], StringFormat::Hexadecimal),
    };
    let time = signing
        .time
        .map(|time| time.to_zoned(TimeZone::UTC).strftime("D:%Y%m%d%H%M%SZ").to_string());
    let texts = BTreeMap::from([
        ("M", &time),
        ("Reason", &signing.reason),
        ("Location", &signing.location),
    ]);
    for (name, text) in texts {
        if let Some(text) = text {
            value.set(name, text_string(text));
        }
    }
    value
}

/// The octets of a message with one signature and its certificate.
async fn length(signatory: &Signatory<'_>) -> Result<usize> {
    let blank = Blank { key: signatory.key(), length: longest(signatory.hash_function()) };
    let signatory = signatory.with_key(&blank);
    let digests = ContentDigests::of(&mut &[][..], &[signatory.hash_function()])?;
    let mut message = SignedData::new(oid::DATA);
    message.sign(&signatory, &Signing::default(), &digests).await?;
    Ok(message.to_detached().len())
}

const fn longest(function: HashFunction) -> usize {
    match function {
        HashFunction::Streebog256 => 64,
        HashFunction::Streebog512 => 128,
        _ => 1024, // RSA of 8192 bits
    }
}

/// A key that signs with zeros: the device is asked once, in earnest.
#[derive(Debug)]
struct Blank<'a> {
    key: &'a dyn Signer,
    length: usize,
}

#[async_trait]
impl Signer for Blank<'_> {
    fn public_key(&self) -> &PublicKey {
        self.key.public_key()
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        self.key.algorithm()
    }

    async fn sign(&self, _: Message<'_>) -> provider::Result<Vec<u8>> {
        Ok(vec![0; self.length])
    }
}

/// Flags of annotations and of forms.
const PRINTED: i64 = 0x04;
const LOCKED: i64 = 0x80;
const SIGNATURES_EXIST: i64 = 1;
const APPEND_ONLY: i64 = 2;
/// A file has at most so many objects (ISO 32000-2, annex C).
const HIGHEST: u32 = 8_388_607;
