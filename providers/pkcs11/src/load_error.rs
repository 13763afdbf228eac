//! Why a module could not be had.

use crate::refused::Refused;

/// A module could not be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("not loaded: {0}")]
    Code(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("no PKCS#11 module: it has no function list")]
    NoFunctionList,
    #[error("PKCS#11 {major}.{minor} is too old")]
    Version { major: u8, minor: u8 },
    #[error(transparent)]
    Refused(#[from] Refused),
}
