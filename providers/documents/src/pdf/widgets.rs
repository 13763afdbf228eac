//! Annotations that show fields.

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::array;

/// Whether anything may be seen of a widget: it has an area and is not hidden.
pub(crate) fn is_shown(document: &Document, id: ObjectId) -> bool {
    let Ok(widget) = document.get_dictionary(id) else {
        return false;
    };
    let flags = widget.get(b"F").and_then(Object::as_i64).unwrap_or_default();
    flags & HIDDEN == 0 && has_area(document, widget)
}

/// Whether a widget only shows: without actions, as a widget of a signature is.
pub(crate) fn only_shows(document: &Document, id: ObjectId) -> bool {
    document.get_dictionary(id).is_ok_and(|widget| {
        let is_widget = widget.get(b"Subtype").and_then(Object::as_name).ok() == Some(b"Widget");
        is_widget && !acts(document, id)
    })
}

/// Whether a field or a widget does something when somebody touches it.
pub(crate) fn acts(document: &Document, id: ObjectId) -> bool {
    document.get_dictionary(id).is_ok_and(|one| one.has(b"A") || one.has(b"AA"))
}

fn has_area(document: &Document, widget: &Dictionary) -> bool {
    let corners = widget.get(b"Rect").ok().and_then(|corners| array(document, corners));
    let corners: Vec<_> =
        corners.unwrap_or_default().iter().filter_map(|corner| corner.as_float().ok()).collect();
    match corners.as_slice() {
        [left, bottom, right, top] => (left - right).abs() > 0.0 && (bottom - top).abs() > 0.0,
        _ => true, // readers may make anything of it
    }
}

const HIDDEN: i64 = 0x02;
