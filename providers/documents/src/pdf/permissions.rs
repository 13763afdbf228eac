//! What signatures permit to be done after them.

use lopdf::{Dictionary, Object, ObjectId, decode_text_string};

use super::{Pdf, array, dictionary, inner};

/// The fields that a signature locks (ISO 32000-2 §12.8.2.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Locks {
    /// All of them, those that come later too.
    All,
    /// These, and all below them.
    Only(Vec<String>),
    /// All but these, and but all below them.
    AllBut(Vec<String>),
}

impl Locks {
    pub(super) fn cover(&self, field: &str) -> bool {
        let under = |name: &String| {
            field
                .strip_prefix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        match self {
            Self::All => true,
            Self::Only(names) => names.iter().any(under),
            Self::AllBut(names) => !names.iter().any(under),
        }
    }
}

impl Pdf<'_> {
    /// What the signature that certifies the document permits (ISO 32000-2 §12.8.2.2): 1 is nothing.
    pub(super) fn permission(&self, id: ObjectId) -> Option<i64> {
        let catalog = self.document.catalog().ok()?;
        let permissions = inner(&self.document, catalog, b"Perms")?;
        let certifying = permissions.get(b"DocMDP").and_then(Object::as_reference).ok();
        let reference = self.reference(id, b"DocMDP").filter(|_| certifying == Some(id))?;
        let parameters = inner(&self.document, reference, b"TransformParams");
        Some(parameters.and_then(level).unwrap_or(FILLING_IN))
    }

    /// What whoever certified the document permits; nothing where nobody did.
    pub(super) fn permitted(&self) -> Option<i64> {
        self.fields.iter().filter_map(|field| field.value).find_map(|id| self.permission(id))
    }

    /// The fields that a signature locks; what cannot be read of that locks all.
    pub(super) fn locks(&self, id: ObjectId) -> Option<Locks> {
        let reference = self.reference(id, b"FieldMDP")?;
        let Some(parameters) = inner(&self.document, reference, b"TransformParams") else {
            return Some(Locks::All);
        };
        let names = parameters.get(b"Fields").ok().and_then(|all| array(&self.document, all));
        let names: Option<Vec<_>> =
            names.map(|all| all.iter().filter_map(|name| decode_text_string(name).ok()).collect());
        let action = parameters.get(b"Action").and_then(Object::as_name);
        Some(match (action, names) {
            _ if level(parameters) == Some(NO_CHANGES) => Locks::All,
            (Ok(b"Include"), Some(names)) => Locks::Only(names),
            (Ok(b"Exclude"), Some(names)) => Locks::AllBut(names),
            _ => Locks::All,
        })
    }

    /// Whether a signature that is there locks a field.
    pub(super) fn is_locked(&self, field: &str) -> bool {
        let signed = self.fields.iter().filter_map(|field| field.value);
        signed.filter_map(|id| self.locks(id)).any(|locks| locks.cover(field))
    }

    /// The reference of a signature with a transform method.
    fn reference(&self, signature: ObjectId, method: &[u8]) -> Option<&Dictionary> {
        let signature = self.document.get_dictionary(signature).ok()?;
        let all = array(&self.document, signature.get(b"Reference").ok()?)?;
        let mut all = all.iter().filter_map(|one| dictionary(&self.document, one));
        all.find(|one| one.get(b"TransformMethod").and_then(Object::as_name).ok() == Some(method))
    }
}

fn level(parameters: &Dictionary) -> Option<i64> {
    parameters.get(b"P").and_then(Object::as_i64).ok()
}

/// Levels of permissions.
pub(super) const NO_CHANGES: i64 = 1;
const FILLING_IN: i64 = 2;
