//! What modules return, and what a caller does next.

use core::fmt;

#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "the table names half of the header")
)]
use cryptoki_sys::*;
use gost_ca::provider::{ErrorKind, ProviderError};

/// A function of the module that did not return `CKR_OK`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) function: &'static str,
    pub(crate) rv: CK_RV,
}

impl Refused {
    pub(crate) const fn check(function: &'static str, rv: CK_RV) -> Result<(), Self> {
        if rv == CKR_OK { Ok(()) } else { Err(Self { function, rv }) }
    }

    /// The module's list has no such function.
    pub(crate) const fn missing(function: &'static str) -> Self {
        Self { function, rv: CKR_FUNCTION_NOT_SUPPORTED }
    }

    /// The module returned `CKR_OK` and what cannot be.
    pub(crate) const fn nonsense(function: &'static str) -> Self {
        Self { function, rv: CKR_GENERAL_ERROR }
    }

    /// An object that should be there is not.
    pub(crate) const fn no_object() -> Self {
        Self { function: "C_FindObjects", rv: CKR_OBJECT_HANDLE_INVALID }
    }

    /// Whether the session is gone with all its handles.
    pub(crate) fn is_loss(&self) -> bool {
        LOSSES.contains(&self.rv)
    }

    /// Whether the key's object is not what it was: it is to be found again.
    pub(crate) const fn is_stale_handle(&self) -> bool {
        matches!(self.rv, CKR_KEY_HANDLE_INVALID | CKR_OBJECT_HANDLE_INVALID)
    }

    /// Whether somebody logged the user out.
    pub(crate) const fn is_logged_out(&self) -> bool {
        matches!(self.rv, CKR_USER_NOT_LOGGED_IN)
    }

    /// Whether a PIN was wrong.
    pub(crate) const fn is_wrong_pin(&self) -> bool {
        matches!(self.rv, CKR_PIN_INCORRECT)
    }

    /// Whether the token does not take an attribute of the template.
    pub(crate) const fn is_about_template(&self) -> bool {
        matches!(
            self.rv,
            CKR_ATTRIBUTE_READ_ONLY
                | CKR_ATTRIBUTE_TYPE_INVALID
                | CKR_ATTRIBUTE_VALUE_INVALID
                | CKR_TEMPLATE_INCONSISTENT
        )
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.rv == self.rv)
    }

    /// The caller's next move.
    fn kind(self) -> ErrorKind {
        match self.row().map_or(Next::Fault, |row| row.next) {
            Next::Denied => ErrorKind::Denied { tries_left: None },
            Next::Locked => ErrorKind::Locked,
            Next::NotFound => ErrorKind::NotFound,
            Next::Invalid => ErrorKind::Invalid,
            Next::Unsupported => ErrorKind::Unsupported,
            Next::Unavailable => ErrorKind::Unavailable,
            Next::Fault => ErrorKind::Fault,
        }
    }

    /// The error, with what the token says of the tries that are left.
    pub(crate) fn with_tries(self, tries_left: Option<u32>) -> ProviderError {
        match self.kind() {
            ErrorKind::Denied { .. } if tries_left == Some(0) => {
                ErrorKind::Locked.at(self.function).because(self)
            }
            ErrorKind::Denied { .. } => {
                ErrorKind::Denied { tries_left }.at(self.function).because(self)
            }
            kind => kind.at(self.function).because(self),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.row().map_or("a code of the vendor's", |row| row.name);
        write!(f, "{name} (0x{:X})", self.rv)
    }
}

impl std::error::Error for Refused {}

impl From<Refused> for ProviderError {
    fn from(refused: Refused) -> Self {
        refused.kind().at(refused.function).because(refused)
    }
}

/// A code's meaning.
pub(crate) struct Row {
    rv: CK_RV,
    pub(crate) name: &'static str,
    pub(crate) next: Next,
}

/// [`ErrorKind`] without its particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Denied,
    Locked,
    NotFound,
    Invalid,
    Unsupported,
    Unavailable,
    Fault,
}

macro_rules! table {
    ($($next:ident: $($name:ident),+;)+) => {
        &[$($(Row { rv: $name, name: stringify!($name), next: Next::$next }),+),+]
    };
}

/// Codes that mean: the token or the session is gone.
const LOSSES: [CK_RV; 7] = [
    CKR_DEVICE_REMOVED,
    CKR_TOKEN_NOT_PRESENT,
    CKR_SESSION_HANDLE_INVALID,
    CKR_SESSION_CLOSED,
    CKR_SLOT_ID_INVALID,
    CKR_TOKEN_NOT_RECOGNIZED,
    CKR_CRYPTOKI_NOT_INITIALIZED,
];

/// Rutoken's own codes, in the order of its header: base 0x80000001.
const CKR_CORRUPTED_MAPFILE: CK_RV = 0x8000_0001;
const CKR_WRONG_VERSION_FIELD: CK_RV = 0x8000_0002;
const CKR_WRONG_PKCS1_ENCODING: CK_RV = 0x8000_0003;
const CKR_RTPKCS11_DATA_CORRUPTED: CK_RV = 0x8000_0004;
const CKR_RTPKCS11_RSF_DATA_CORRUPTED: CK_RV = 0x8000_0005;
const CKR_SM_PASSWORD_INVALID: CK_RV = 0x8000_0006;
const CKR_LICENSE_READ_ONLY: CK_RV = 0x8000_0007;
const CKR_VENDOR_EMITENT_KEY_BLOCKED: CK_RV = 0x8000_0008;
const CKR_CERT_CHAIN_NOT_VERIFIED: CK_RV = 0x8000_0009;
const CKR_INAPPROPRIATE_PIN: CK_RV = 0x8000_000A;
const CKR_PIN_IN_HISTORY: CK_RV = 0x8000_000B;
const CKR_RTPKCS11_INTERFACE_NOT_INITIALIZED: CK_RV = 0x8000_000C;

/// Every code of PKCS#11 that a call of ours can return; all others are faults. docs/tokens.md shows it.
pub(crate) const TABLE: &[Row] = table! {
    Denied: CKR_PIN_INCORRECT, CKR_USER_NOT_LOGGED_IN, CKR_PIN_EXPIRED,
        CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_ACTION_PROHIBITED, CKR_FUNCTION_REJECTED,
        CKR_FUNCTION_CANCELED, CKR_CANCEL, CKR_SM_PASSWORD_INVALID;
    Locked: CKR_PIN_LOCKED, CKR_USER_PIN_NOT_INITIALIZED, CKR_VENDOR_EMITENT_KEY_BLOCKED;
    NotFound: CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID;
    Invalid: CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_TOO_WEAK, CKR_INAPPROPRIATE_PIN,
        CKR_PIN_IN_HISTORY, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_ARGUMENTS_BAD,
        CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_READ_ONLY,
        CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT, CKR_PUBLIC_KEY_INVALID,
        CKR_WRONG_PKCS1_ENCODING, CKR_CERT_CHAIN_NOT_VERIFIED;
    Unsupported: CKR_FUNCTION_NOT_SUPPORTED, CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,
        CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT, CKR_DOMAIN_PARAMS_INVALID,
        CKR_CURVE_NOT_SUPPORTED, CKR_PARAMETER_SET_NOT_SUPPORTED, CKR_RANDOM_NO_RNG,
        CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED, CKR_LICENSE_READ_ONLY;
    Unavailable: CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED,
        CKR_TOKEN_NOT_INITIALIZED, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,
        CKR_SESSION_COUNT, CKR_SESSION_READ_ONLY_EXISTS, CKR_SESSION_READ_WRITE_SO_EXISTS,
        CKR_SESSION_EXISTS, CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_TOO_MANY_TYPES,
        CKR_SLOT_ID_INVALID, CKR_DEVICE_MEMORY, CKR_TOKEN_RESOURCE_EXCEEDED, CKR_HOST_MEMORY,
        CKR_DEVICE_ERROR, CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED,
        CKR_CRYPTOKI_NOT_INITIALIZED, CKR_RTPKCS11_INTERFACE_NOT_INITIALIZED, CKR_PENDING;
    Fault: CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_FUNCTION_NOT_PARALLEL,
        CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_READ_ONLY, CKR_USER_TYPE_INVALID,
        CKR_USER_ALREADY_LOGGED_IN, CKR_BUFFER_TOO_SMALL, CKR_KEY_CHANGED, CKR_KEY_EXHAUSTED,
        CKR_ATTRIBUTE_SENSITIVE, CKR_NEED_TO_CREATE_THREADS, CKR_CANT_LOCK, CKR_MUTEX_BAD,
        CKR_MUTEX_NOT_LOCKED, CKR_FIPS_SELF_TEST_FAILED, CKR_LIBRARY_LOAD_FAILED,
        CKR_CORRUPTED_MAPFILE, CKR_WRONG_VERSION_FIELD, CKR_RTPKCS11_DATA_CORRUPTED,
        CKR_RTPKCS11_RSF_DATA_CORRUPTED;
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_twice() {
        let mut codes: Vec<_> = TABLE.iter().map(|row| row.rv).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
    }

    #[test]
    fn errors_keep_the_foreign_name_and_code() {
        let error = ProviderError::from(Refused { function: "C_Sign", rv: CKR_DEVICE_REMOVED });
        assert_eq!((error.operation(), error.kind()), ("C_Sign", &ErrorKind::Unavailable));
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(cause, "CKR_DEVICE_REMOVED (0x32)");
        let vendor = ProviderError::from(Refused { function: "C_Sign", rv: 0x8123_4567 });
        assert_eq!(vendor.kind(), &ErrorKind::Fault);
    }

    #[test]
    fn no_try_left_is_a_lock() {
        let wrong = Refused { function: "C_Login", rv: CKR_PIN_INCORRECT };
        assert_eq!(wrong.with_tries(Some(0)).kind(), &ErrorKind::Locked);
        let one = ErrorKind::Denied { tries_left: Some(1) };
        assert_eq!(wrong.with_tries(Some(1)).kind(), &one);
    }

    #[test]
    fn the_document_has_the_table() {
        let document = include_str!("../../../docs/tokens.md");
        for row in TABLE {
            let line = document.lines().find(|line| line.contains(&format!("`{}`", row.name)));
            let line = line.unwrap_or_else(|| panic!("docs/tokens.md has no {}", row.name));
            let kind = format!("| `{:?}` |", row.next);
            assert!(line.starts_with(&kind), "{} is {kind}", row.name);
        }
    }
}
