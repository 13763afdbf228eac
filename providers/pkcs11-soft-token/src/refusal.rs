//! What a call answers when it does not do what it was asked for.

use cryptoki_sys::CK_RV;

/// A return value of PKCS#11 other than `CKR_OK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) CK_RV);

/// What a call gives, or the return value.
pub(crate) type Result<T> = core::result::Result<T, Refusal>;

/// Refuses.
pub(crate) const fn refuse<T>(code: CK_RV) -> Result<T> {
    Err(Refusal(code))
}

/// Refuses unless a condition holds.
pub(crate) const fn demand(condition: bool, otherwise: CK_RV) -> Result<()> {
    if condition { Ok(()) } else { Err(Refusal(otherwise)) }
}

impl From<std::io::Error> for Refusal {
    /// The files are the device.
    fn from(_: std::io::Error) -> Self {
        Self(cryptoki_sys::CKR_DEVICE_ERROR)
    }
}
