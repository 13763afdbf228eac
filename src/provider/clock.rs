//! Time, as an argument.

use core::fmt::Debug;

use jiff::Timestamp;

/// Tells the time in UTC.
pub trait Clock: Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}
