//! What later revisions changed of a document that was signed.
//!
//! Only what is known to be harmless is: further signatures, and evidence for checks (ISO 32000-2 §12.8.4.3). Objects
//! are compared as they are written, so that nothing depends on how readers show them.

use std::collections::{BTreeMap, BTreeSet};

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, Object, ObjectId};

use super::fields::SignatureField;
use super::{array, dictionary, inner, widgets};

/// What later revisions did, from the harmless to the worst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// Added evidence for checks, or nothing.
    Evidence,
    /// Added signatures; those of these fields are seen on pages.
    Signatures(Vec<ObjectId>),
    /// Filled in fields, or changed annotations.
    Filled(String),
    /// Changed anything else.
    Changed(String),
}

/// A document at some time, with its fields.
#[derive(Clone, Copy)]
pub(crate) struct State<'a> {
    pub(crate) document: &'a Document,
    pub(crate) fields: &'a [SignatureField],
}

/// Compares a document with what it became.
pub(crate) fn between(old: State<'_>, new: State<'_>) -> Later {
    let mut comparison = Comparison::of(old, new);
    match comparison.explain() {
        Ok(()) => comparison.rest(),
        Err(worst) => worst,
    }
}

struct Comparison<'a> {
    old: State<'a>,
    new: State<'a>,
    /// Objects that are not what they were.
    changed: BTreeSet<ObjectId>,
    /// How often each number is referred to now: readers may not look at generations.
    references: BTreeMap<u32, usize>,
    /// Fields that were added or signed and are seen.
    shown: Vec<ObjectId>,
    signed: bool,
}

type Explained = Result<(), Later>;

impl<'a> Comparison<'a> {
    fn of(old: State<'a>, new: State<'a>) -> Self {
        let (changed, references) = (changed(old.document, new.document), references(new.document));
        Self { old, new, changed, references, shown: Vec::new(), signed: false }
    }

    fn explain(&mut self) -> Explained {
        self.catalog()?;
        self.information()?;
        self.form()?;
        self.fields()?;
        self.pages()
    }

    /// What is left has no harmless explanation.
    fn rest(self) -> Later {
        let is_field = |id: &ObjectId| {
            [self.old, self.new].iter().any(|state| {
                let found = state.document.get_dictionary(*id);
                found.is_ok_and(|found| found.has(b"FT") || found.has_type(b"Annot"))
            })
        };
        let object = |id: &ObjectId| format!("{} {}", id.0, id.1);
        if let Some(id) = self.changed.iter().find(|id| !is_field(id)) {
            return Later::Changed(object(id));
        }
        match self.changed.first() {
            Some(id) => Later::Filled(object(id)),
            None if self.signed => Later::Signatures(self.shown),
            None => Later::Evidence,
        }
    }

    fn catalog(&mut self) -> Explained {
        let root =
            |document: &Document| document.trailer.get(b"Root").and_then(Object::as_reference).ok();
        let (Some(id), now) = (root(self.old.document), root(self.new.document)) else {
            return Err(other("catalog"));
        };
        let (Ok(old), Ok(new)) = (self.old.document.catalog(), self.new.document.catalog()) else {
            return Err(other("catalog"));
        };
        let kept: &[&[u8]] = &[b"AcroForm", b"DSS", b"Extensions", b"Metadata", b"Version"];
        if now != Some(id) || !same_but(old, new, kept) {
            return Err(other("catalog"));
        }
        self.changed.remove(&id);
        if let Ok(Object::Reference(id)) = new.get(b"Metadata") {
            self.alone(*id); // about the document; on no page
        }
        if let Ok(evidence) = new.get(b"DSS") {
            self.evidence(evidence, &mut BTreeSet::new(), 0);
        }
        Ok(())
    }

    /// The store of evidence: dictionaries and arrays that nothing else refers to.
    fn evidence(&mut self, object: &'a Object, seen: &mut BTreeSet<ObjectId>, depth: usize) {
        let document = self.new.document;
        let target = match object {
            Object::Reference(id) => document.objects.get(id).filter(|_| seen.insert(*id)),
            object => Some(object),
        };
        let Some(target) = target.filter(|_| depth < EVIDENCE_DEPTH) else {
            return;
        };
        match (object, target) {
            (_, Object::Stream(_)) => return,
            (Object::Reference(id), _) => self.alone(*id),
            _ => {}
        }
        let depth = depth.saturating_add(1);
        match target {
            Object::Dictionary(entries) => {
                entries.iter().for_each(|(_, inner)| self.evidence(inner, seen, depth));
            }
            Object::Array(array) => {
                for inner in array {
                    self.evidence(inner, seen, depth);
                }
            }
            _ => {}
        }
    }

    /// `Info`: on no page either; writers state themselves and the time.
    fn information(&mut self) -> Explained {
        let of = |document: &'a Document| document.trailer.get(b"Info").ok();
        let (old, new) = (of(self.old.document), of(self.new.document));
        let none = Dictionary::new();
        let content = |document, object: Option<&'a Object>| {
            object.and_then(|object| dictionary(document, object))
        };
        let (before, now) = (content(self.old.document, old), content(self.new.document, new));
        if !same_but(before.unwrap_or(&none), now.unwrap_or(&none), &[b"ModDate", b"Producer"]) {
            return Err(other("document information"));
        }
        if let (Some(Object::Reference(id)), true) = (new, old == new) {
            self.changed.remove(id);
        }
        Ok(())
    }

    fn form(&mut self) -> Explained {
        let of = |document: &'a Document| {
            let catalog = document.catalog().ok()?;
            Some((catalog.get(b"AcroForm").ok()?, inner(document, catalog, b"AcroForm")?))
        };
        let none = Dictionary::new();
        let known = of(self.old.document).map(|(object, _)| object);
        let old = of(self.old.document).map_or(&none, |(_, form)| form);
        let Some((object, new)) = of(self.new.document) else {
            return if old.is_empty() { Ok(()) } else { Err(other("form")) };
        };
        // A form that was empty shows nothing by its resources.
        let kept: &[&[u8]] = if old.is_empty() {
            &[b"Fields", b"SigFlags", b"DA", b"DR"]
        } else {
            &[b"Fields", b"SigFlags"]
        };
        let list = |document, form: &'a Dictionary| {
            form.get(b"Fields").ok().and_then(|fields| array(document, fields)).unwrap_or_default()
        };
        let before =
            of(self.old.document).map_or(&[][..], |(_, form)| list(self.old.document, form));
        let added = list(self.new.document, new).strip_prefix(before);
        let are_signatures = |added: &[Object]| added.iter().all(|one| self.is_new_field(one));
        if !same_but(old, new, kept) || !added.is_some_and(are_signatures) {
            return Err(other("form"));
        }
        // Another object that becomes the form may have been anything.
        if let (Object::Reference(id), true) = (object, Some(object) == known) {
            self.changed.remove(id);
        }
        if let Ok(Object::Reference(id)) = new.get(b"Fields") {
            self.alone(*id);
        }
        Ok(())
    }

    fn fields(&mut self) -> Explained {
        for field in self.new.fields {
            let before = self.old.fields.iter().find(|old| old.id == field.id);
            match before {
                None if widgets::acts(self.new.document, field.id) => {
                    return Err(Later::Filled(field.name.clone()));
                }
                None => self.signed = true,
                Some(before) if before.value.is_none() && field.value.is_some() => {
                    self.signed = true;
                    self.signed_later(field)?;
                }
                Some(before) if before.value == field.value => continue,
                Some(_) => return Err(other(&field.name)),
            }
            if field.widgets.iter().any(|id| widgets::is_shown(self.new.document, *id)) {
                self.shown.push(field.id);
            }
        }
        Ok(())
    }

    /// A field that waited for its signature: it gets that, and an appearance.
    fn signed_later(&mut self, field: &SignatureField) -> Explained {
        for id in field.widgets.iter().chain([&field.id]) {
            let of = |state: State<'a>| state.document.get_dictionary(*id);
            let (Ok(old), Ok(new)) = (of(self.old), of(self.new)) else {
                return Err(other(&field.name));
            };
            if !same_but(old, new, &[b"V", b"AP", b"M"]) {
                return Err(other(&field.name));
            }
            self.changed.remove(id);
        }
        Ok(())
    }

    /// Pages may get widgets of new signatures, and nothing else.
    fn pages(&mut self) -> Explained {
        let mut filled = None;
        for id in self.old.document.page_iter() {
            let of = |state: State<'a>| state.document.get_dictionary(id);
            let (Ok(old), Ok(new)) = (of(self.old), of(self.new)) else {
                return Err(other("pages"));
            };
            if !same_but(old, new, &[b"Annots"]) {
                return Err(other(&format!("page {} {}", id.0, id.1)));
            }
            self.changed.remove(&id);
            let list = |document, page: &'a Dictionary| {
                page.get(b"Annots").ok().and_then(|all| array(document, all)).unwrap_or_default()
            };
            let before = list(self.old.document, old);
            let added = list(self.new.document, new).strip_prefix(before);
            if !added.is_some_and(|added| added.iter().all(|one| self.is_new_widget(one))) {
                filled = Some(Later::Filled(format!("page {} {}", id.0, id.1)));
            }
            if let Ok(Object::Reference(id)) = new.get(b"Annots") {
                self.alone(*id);
            }
        }
        filled.filter(|_| self.changed.is_empty()).map_or(Ok(()), Err)
    }

    fn is_new_field(&self, object: &Object) -> bool {
        let field = object.as_reference().ok().filter(|id| !self.old.document.has_object(*id));
        field.is_some_and(|id| self.new.fields.iter().any(|field| field.id == id))
    }

    /// A widget of a field for a signature, of a field that is new or of one that waited.
    fn is_new_widget(&self, object: &Object) -> bool {
        let widget = object.as_reference().ok().filter(|id| !self.old.document.has_object(*id));
        widget.is_some_and(|id| {
            let known = |field: &SignatureField| field.widgets.contains(&id);
            widgets::only_shows(self.new.document, id) && self.new.fields.iter().any(known)
        })
    }

    /// What only one place refers to is what that place says.
    fn alone(&mut self, id: ObjectId) {
        if self.references.get(&id.0) == Some(&1) {
            self.changed.remove(&id);
        }
    }
}

/// The objects that are not what they were: changed, deleted, or made where a reference led to nothing.
fn changed(old: &Document, new: &Document) -> BTreeSet<ObjectId> {
    let awaited = references(old);
    let differs = |id: &&ObjectId| match (old.objects.get(id), new.objects.get(id)) {
        (Some(before), Some(now)) => {
            !same_place(old, new, id.0) && (!is_plain(old, id.0) || before != now)
        }
        (None, Some(_)) => awaited.contains_key(&id.0),
        (Some(_), None) => true,
        (None, None) => false,
    };
    old.objects.keys().chain(new.objects.keys()).filter(differs).copied().collect()
}

/// An object in a stream of objects can be written so that readers disagree on it.
fn is_plain(document: &Document, number: u32) -> bool {
    matches!(document.reference_table.get(number), Some(XrefEntry::Normal { .. }))
}

fn same_place(old: &Document, new: &Document, number: u32) -> bool {
    match (old.reference_table.get(number), new.reference_table.get(number)) {
        (
            Some(XrefEntry::Compressed { container, index }),
            Some(XrefEntry::Compressed { container: now, index: index_now }),
        ) => (container, index) == (now, index_now) && same_offset(old, new, *container),
        _ => same_offset(old, new, number),
    }
}

fn same_offset(old: &Document, new: &Document, number: u32) -> bool {
    match (old.reference_table.get(number), new.reference_table.get(number)) {
        (Some(XrefEntry::Normal { offset, .. }), Some(XrefEntry::Normal { offset: now, .. })) => {
            offset == now
        }
        _ => false,
    }
}

/// How often each number is referred to.
pub(crate) fn references(document: &Document) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    for object in document.objects.values() {
        count(object, &mut found);
    }
    document.trailer.iter().for_each(|(_, object)| count(object, &mut found));
    found
}

fn count(object: &Object, found: &mut BTreeMap<u32, usize>) {
    let entries = match object {
        Object::Reference(id) => {
            let known: &mut usize = found.entry(id.0).or_default();
            *known = known.saturating_add(1);
            return;
        }
        Object::Array(array) => return array.iter().for_each(|object| count(object, found)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    entries.iter().for_each(|(_, object)| count(object, found));
}

/// Whether two dictionaries are the same but for some entries.
fn same_but(old: &Dictionary, new: &Dictionary, except: &[&[u8]]) -> bool {
    let names = old.iter().chain(new.iter()).map(|(name, _)| name.as_slice());
    names.filter(|name| !except.contains(name)).all(|name| old.get(name).ok() == new.get(name).ok())
}

fn other(what: &str) -> Later {
    Later::Changed(what.to_owned())
}

const EVIDENCE_DEPTH: usize = 6;
