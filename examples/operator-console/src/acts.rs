//! What each button asks for, and the command that it becomes: one row an act.

mod choices;
mod row;
mod rows;
mod target;

pub(crate) use choices::Choices;
pub(crate) use row::{ActRow, Field, FieldKind, Input, Wanted};
pub(crate) use rows::ROWS;
pub(crate) use target::{Tab, Target};

use gost_ca::lifecycle::Act;

/// The row of an act; none where it has a page of its own, or is no button.
pub(crate) fn row(act: Act) -> Option<&'static ActRow> {
    ROWS.iter().find(|row| row.act == act)
}
