//! Delivery of notices to people.

use core::fmt::{self, Debug};

use async_trait::async_trait;
use jiff::Timestamp;

use super::Result;
use crate::id::NoticeId;
use crate::registration::Email;

/// A notice ready to be sent. It holds personal data: printing shows only its id.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// Which: the same however often it is tried.
    pub id: NoticeId,
    /// To whom.
    pub to: Email,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// When it was queued.
    pub at: Timestamp,
}

impl Notice {
    /// Puts a notice together.
    pub fn new(id: NoticeId, to: Email, (subject, text): (String, String), at: Timestamp) -> Self {
        Self { id, to, subject, text, at }
    }
}

impl Debug for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notice({})", self.id)
    }
}

/// Hands notices over for delivery.
///
/// A notice is tried by one node at a time, and again where it is not known to be handed over: at least once.
/// Whoever delivers it must carry its [id](Notice::id) along, so that the receiver can drop a second copy
/// (an e-mail has it in its `Message-ID`).
#[async_trait]
pub trait Notifier: Debug + Send + Sync {
    /// Hands a notice over; what is handed over survives a crash.
    ///
    /// # Errors
    /// `Invalid` where it can never be delivered (an address that is none); `Unavailable`: try again later.
    async fn notify(&self, notice: &Notice) -> Result<()>;
}
