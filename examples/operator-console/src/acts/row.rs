//! The shape of a row.

use gost_ca::Timestamp;
use gost_ca::command::Command;
use gost_ca::id::{AuthorityId, Name, OfficeId};
use gost_ca::lifecycle::Act;
use gost_ca::profile::OnEnd;
use gost_ca::provider::key_store::KeyId;
use gost_ca::reason::Ground;
use gost_ca::registration::Text;
use jiff::civil;
use jiff::tz::Offset;
use serde::de::DeserializeOwned;

use super::{Choices, Target};
use crate::web::{Failure, Fields};

/// An act as a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ActRow {
    pub(crate) act: Act,
    pub(crate) fields: &'static [Field],
    /// Whether it is asked for once more, with owner, serial number and effect (U4).
    pub(crate) irreversible: bool,
    /// What it wants beside the command.
    pub(crate) wanted: Wanted,
    pub(crate) command: fn(&Input<'_>) -> Result<Command, Failure>,
}

/// What a command wants beside it, and nobody records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Nothing,
    /// The PIN of a key on the server.
    Pin,
    /// The code phrase.
    Phrase,
    /// The octets of a scan.
    Scan,
}

/// A field of an act's form.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: FieldKind,
    pub(crate) required: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum FieldKind {
    Text,
    LongText,
    /// A day and time in the authority's zone.
    Moment,
    Choice(Choices),
    File,
}

impl Field {
    pub(crate) const fn must(name: &'static str, kind: FieldKind) -> Self {
        Self { name, kind, required: true }
    }

    pub(crate) const fn may(name: &'static str, kind: FieldKind) -> Self {
        Self { name, kind, required: false }
    }
}

/// What was filled in.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub(crate) target: Target,
    pub(crate) fields: &'a Fields,
    pub(crate) authority: AuthorityId,
    /// The registration point of whoever acts, where they have one.
    pub(crate) office: Option<OfficeId>,
    /// The key that was made for the case, where a store of the server has it.
    pub(crate) key: Option<(Name, KeyId)>,
}

impl Input<'_> {
    pub(crate) fn text(&self, name: &'static str) -> Result<String, Failure> {
        Ok(self.fields.need(name)?.trim().to_owned())
    }

    /// A line of limited length.
    pub(crate) fn line<const MAX: usize>(&self, name: &'static str) -> Result<Text<MAX>, Failure> {
        Text::from_typed(self.fields.need(name)?).map_err(|_| Failure::Field(name))
    }

    pub(crate) fn ground(&self) -> Result<Ground, Failure> {
        Ok(Ground { kind: self.choice("ground")?, document: self.text("document")? })
    }

    pub(crate) fn choice<T: DeserializeOwned>(&self, name: &'static str) -> Result<T, Failure> {
        let value = serde_json::Value::from(self.fields.need(name)?);
        serde_json::from_value(value).map_err(|_| Failure::Field(name))
    }

    /// What happens at the end of a hold; what the profile says where nothing else is chosen.
    pub(crate) fn on_end(&self) -> Result<Option<OnEnd>, Failure> {
        match self.fields.text("on_end") {
            None | Some("profile") => Ok(None),
            Some(_) => self.choice("on_end").map(Some),
        }
    }

    pub(crate) fn moment(&self, name: &'static str) -> Result<Option<Timestamp>, Failure> {
        let Some(typed) = self.fields.text(name) else { return Ok(None) };
        let civil: civil::DateTime = typed.parse().map_err(|_| Failure::Field(name))?;
        ZONE.to_timestamp(civil).map(Some).map_err(|_| Failure::Field(name))
    }
}

/// The authority's zone: that of its papers.
const ZONE: Offset = Offset::constant(3);
