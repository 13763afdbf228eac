//! Why a container was refused.

/// Why octets are not a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damaged {
    /// They do not begin as one.
    #[error("not a key container")]
    Foreign,
    /// A later version of the format.
    #[error("a key container of version {0}")]
    Version(u8),
    /// The checksum does not match: whatever the PIN, the file is not what was written.
    #[error("the key container is damaged")]
    Checksum,
    /// The checksum matches, but the contents are none that this software writes.
    #[error("the key container's contents are malformed")]
    Contents,
    /// More than the format holds.
    #[error("too long for a key container")]
    TooLong,
}
