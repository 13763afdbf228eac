//! Commands on their way.

use gost_hash::streebog256;
use serde::{Deserialize, Serialize};

use super::Command;
use crate::id::CommandId;
use crate::provider::journal::CommandMark;

/// A command on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Chosen by whoever asks; the same id again is a repetition.
    pub id: CommandId,
    /// How long the entity's stream was when the actor looked at it; a conflict where it is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
    /// The command.
    pub command: Command,
    /// The signature of [`Envelope::signed_bytes`] by the actor's key, as X.509 carries it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Vec<u8>>,
}

impl Envelope {
    /// Wraps a command without a signature.
    pub const fn new(id: CommandId, command: Command) -> Self {
        Self { id, expected: None, command, signature: None }
    }

    /// Wants the entity's stream to be as the actor saw it.
    #[must_use]
    pub const fn expecting(mut self, length: u64) -> Self {
        self.expected = Some(length);
        self
    }

    /// The canonical octets: what is signed, and what makes two commands the same.
    ///
    /// # Panics
    /// Never: commands are plain data.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let unsigned = (&self.id, &self.expected, &self.command);
        #[expect(clippy::expect_used, reason = "serialising plain data to memory cannot fail")]
        serde_json::to_vec(&unsigned).expect("commands are plain data")
    }

    /// The id with the digest of the canonical octets.
    pub fn mark(&self) -> CommandMark {
        CommandMark { id: self.id, digest: streebog256(&self.signed_bytes()) }
    }
}
