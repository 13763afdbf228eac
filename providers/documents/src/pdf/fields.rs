//! The fields for signatures of a form.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::{PdfError, array, inner};

/// A field for a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignatureField {
    pub(crate) id: ObjectId,
    /// With the names of what is above it.
    pub(crate) name: String,
    /// The signature dictionary, where it is signed.
    pub(crate) value: Option<ObjectId>,
    /// The annotations that show it; often the field itself.
    pub(crate) widgets: Vec<ObjectId>,
}

/// All fields for signatures, in the order of the form.
pub(crate) fn of(document: &Document) -> Result<Vec<SignatureField>, PdfError> {
    let form = document.catalog().ok().and_then(|catalog| inner(document, catalog, b"AcroForm"));
    let roots =
        form.and_then(|form| form.get(b"Fields").ok()).and_then(|fields| array(document, fields));
    let mut walk = Walk { document, seen: BTreeSet::new(), found: Vec::new() };
    for root in roots.unwrap_or_default() {
        walk.field(root, &Above::default())?;
    }
    Ok(walk.found)
}

struct Walk<'a> {
    document: &'a Document,
    seen: BTreeSet<ObjectId>,
    found: Vec<SignatureField>,
}

/// What fields have from those above them.
#[derive(Clone, Default)]
struct Above {
    name: String,
    is_signature: bool,
    depth: usize,
}

impl Walk<'_> {
    fn field(&mut self, reference: &Object, above: &Above) -> Result<(), PdfError> {
        let id = reference.as_reference().map_err(|_| malformed("a field without number"))?;
        let field =
            self.document.get_dictionary(id).map_err(|_| malformed("a field that is none"))?;
        // A field that stands twice in the form is two fields of one name: the check says so.
        if above.depth > DEEPEST
            || (self.seen.contains(&id) && above.depth > 0)
            || self.seen.len() > MOST
        {
            return Err(malformed("a form without end"));
        }
        self.seen.insert(id);
        let below = Above {
            name: name(field, &above.name)?,
            is_signature: match field.get(b"FT") {
                Ok(kind) => kind.as_name().ok() == Some(b"Sig"),
                Err(_) => above.is_signature,
            },
            depth: above.depth.saturating_add(1),
        };
        let kids = field.get(b"Kids").ok().and_then(|kids| array(self.document, kids));
        let kids = kids.unwrap_or_default();
        let (fields, widgets) = self.kids(kids)?;
        for kid in &fields {
            self.field(kid, &below)?;
        }
        if fields.is_empty() && below.is_signature {
            if self.found.len() >= SIGNATURES {
                return Err(PdfError::TooMuch { what: "fields for signatures", most: SIGNATURES });
            }
            self.found.push(SignatureField {
                id,
                name: below.name,
                value: value(field)?,
                widgets: if kids.is_empty() { vec![id] } else { widgets },
            });
        }
        Ok(())
    }

    /// Kids with a name are fields, the others are widgets of their parent (ISO 32000-2 §12.7.4.2).
    fn kids(&self, kids: &[Object]) -> Result<(Vec<Object>, Vec<ObjectId>), PdfError> {
        let (mut fields, mut widgets) = (Vec::new(), Vec::new());
        for kid in kids {
            let id = kid.as_reference().map_err(|_| malformed("a field without number"))?;
            let named = self.document.get_dictionary(id).is_ok_and(|kid| kid.has(b"T"));
            if named {
                fields.push(kid.clone());
            } else {
                widgets.push(id);
            }
        }
        Ok((fields, widgets))
    }
}

fn name(field: &Dictionary, above: &str) -> Result<String, PdfError> {
    let own = match field.get(b"T") {
        Ok(name) => {
            decode_text_string(name).map_err(|_| malformed("a field without readable name"))?
        }
        Err(_) => String::new(),
    };
    Ok(match (above, own.as_str()) {
        ("", own) => own.to_owned(),
        (above, "") => above.to_owned(),
        (above, own) => format!("{above}.{own}"),
    })
}

fn value(field: &Dictionary) -> Result<Option<ObjectId>, PdfError> {
    match field.get(b"V") {
        Err(_) | Ok(Object::Null) => Ok(None),
        Ok(Object::Reference(id)) => Ok(Some(*id)),
        Ok(_) => Err(malformed("a signature without number")),
    }
}

fn malformed(why: &str) -> PdfError {
    PdfError::Malformed(why.to_owned())
}

const DEEPEST: usize = 32;
const MOST: usize = 100_000;
/// Each is compared with all others.
const SIGNATURES: usize = 1000;
