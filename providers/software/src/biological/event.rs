//! What a person did.

use serde::{Deserialize, Serialize};

/// A key stroke or a move of the pointer, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Microseconds since any beginning, as fine as the front-end has them.
    pub at: u64,
    /// What.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Kind {
    /// Pressed a key of this code.
    Key(u32),
    /// Moved the pointer to this place, in pixels.
    Pointer(i32, i32),
}

impl Event {
    /// Itself in octets: no two events have the same.
    pub(super) fn octets(&self) -> [u8; 17] {
        let (tag, first, second) = match self.kind {
            Kind::Key(code) => (0, code.to_be_bytes(), [0; 4]),
            Kind::Pointer(x, y) => (1, x.to_be_bytes(), y.to_be_bytes()),
        };
        let mut octets = [tag; 17];
        let rest = self.at.to_be_bytes().into_iter().chain(first).chain(second);
        octets.iter_mut().skip(1).zip(rest).for_each(|(to, from)| *to = from);
        octets
    }
}
