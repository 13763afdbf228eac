//! What the CSP's codes tell the caller to do.

use gost_ca::provider::{Conflict, ErrorKind, ProviderError};

/// A call of the CSP failed: the foreign name and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{function}: {code:#010x} {}", name(*.code))]
pub struct CspError {
    /// The function that failed.
    pub function: &'static str,
    /// What `GetLastError` said right after.
    pub code: u32,
}

impl CspError {
    /// The error for the caller.
    pub(crate) fn told(self) -> ProviderError {
        let next = row(self.code).map_or(Next::Stop, |row| row.next);
        next.kind().at(self.function).because(self)
    }
}

/// What a code means, in words.
pub(crate) fn name(code: u32) -> &'static str {
    row(code).map_or("(an unknown code)", |row| row.name)
}

fn row(code: u32) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code)
}

struct Row {
    code: u32,
    name: &'static str,
    next: Next,
}

/// The caller's next move, without what an [`ErrorKind`] may carry.
#[derive(Clone, Copy)]
enum Next {
    /// Ask the person: another PIN, a consent, a visible session.
    Ask,
    /// Somebody with more rights must act: unlock, buy a licence.
    Unlock,
    Find,
    Rename,
    /// The same call will fail again.
    Correct,
    /// This installation cannot.
    Replace,
    /// Put the token back, try later.
    Wait,
    Stop,
}

impl Next {
    fn kind(self) -> ErrorKind {
        match self {
            Self::Ask => ErrorKind::Denied { tries_left: None },
            Self::Unlock => ErrorKind::Locked,
            Self::Find => ErrorKind::NotFound,
            Self::Rename => ErrorKind::Conflict(Conflict::Name),
            Self::Correct => ErrorKind::Invalid,
            Self::Replace => ErrorKind::Unsupported,
            Self::Wait => ErrorKind::Unavailable,
            Self::Stop => ErrorKind::Fault,
        }
    }
}

const fn row_of(code: u32, name: &'static str, next: Next) -> Row {
    Row { code, name, next }
}

/// Every code that is met, with the next move. `docs/cryptopro.md` shows the same table.
const ROWS: &[Row] = &[
    row_of(0, "(the CSP failed without a code)", Next::Stop),
    row_of(0x02, "ERROR_FILE_NOT_FOUND", Next::Find),
    row_of(0x05, "ERROR_ACCESS_DENIED", Next::Unlock),
    row_of(0x06, "ERROR_INVALID_HANDLE", Next::Stop),
    row_of(0x08, "ERROR_NOT_ENOUGH_MEMORY", Next::Wait),
    row_of(0x57, "ERROR_INVALID_PARAMETER", Next::Stop),
    row_of(0xea, "ERROR_MORE_DATA", Next::Stop),
    row_of(0x103, "ERROR_NO_MORE_ITEMS", Next::Find),
    row_of(0x4c7, "ERROR_CANCELLED", Next::Ask),
    row_of(0x8007_065b, "ERROR_FUNCTION_FAILED: the licence of the CSP has ended", Next::Unlock),
    row_of(0x8009_0001, "NTE_BAD_UID: the handle is not valid", Next::Stop),
    row_of(0x8009_0002, "NTE_BAD_HASH", Next::Stop),
    row_of(0x8009_0003, "NTE_BAD_KEY", Next::Stop),
    row_of(0x8009_0004, "NTE_BAD_LEN", Next::Correct),
    row_of(0x8009_0005, "NTE_BAD_DATA", Next::Correct),
    row_of(0x8009_0006, "NTE_BAD_SIGNATURE", Next::Correct),
    row_of(0x8009_0007, "NTE_BAD_VER", Next::Correct),
    row_of(0x8009_0008, "NTE_BAD_ALGID: the algorithm is not this provider's", Next::Replace),
    row_of(0x8009_0009, "NTE_BAD_FLAGS", Next::Stop),
    row_of(0x8009_000a, "NTE_BAD_TYPE", Next::Replace),
    row_of(0x8009_000b, "NTE_BAD_KEY_STATE", Next::Stop),
    row_of(0x8009_000c, "NTE_BAD_HASH_STATE: the hash is finished", Next::Stop),
    row_of(0x8009_000d, "NTE_NO_KEY: the container has no such key", Next::Find),
    row_of(0x8009_000e, "NTE_NO_MEMORY", Next::Wait),
    row_of(0x8009_000f, "NTE_EXISTS: the container's name is taken", Next::Rename),
    row_of(0x8009_0010, "NTE_PERM: the term of the private key has ended", Next::Correct),
    row_of(0x8009_0011, "NTE_NOT_FOUND", Next::Find),
    row_of(0x8009_0013, "NTE_BAD_PROVIDER", Next::Replace),
    row_of(0x8009_0014, "NTE_BAD_PROV_TYPE", Next::Replace),
    row_of(
        0x8009_0016,
        "NTE_BAD_KEYSET: no such container, or its carrier is not there",
        Next::Find,
    ),
    row_of(0x8009_0017, "NTE_PROV_TYPE_NOT_DEF: the CSP is not installed", Next::Replace),
    row_of(0x8009_0019, "NTE_KEYSET_NOT_DEF: no provider of this name", Next::Replace),
    row_of(0x8009_001a, "NTE_KEYSET_ENTRY_BAD: the container is damaged", Next::Stop),
    row_of(0x8009_001d, "NTE_PROVIDER_DLL_FAIL", Next::Replace),
    row_of(0x8009_0020, "NTE_FAIL", Next::Stop),
    row_of(
        0x8009_0022,
        "NTE_SILENT_CONTEXT: the CSP wants to ask for a PIN or for random moves, and may not",
        Next::Ask,
    ),
    row_of(0x8010_0009, "SCARD_E_UNKNOWN_READER", Next::Find),
    row_of(0x8010_000b, "SCARD_E_SHARING_VIOLATION: the token is in use", Next::Wait),
    row_of(0x8010_000c, "SCARD_E_NO_SMARTCARD", Next::Wait),
    row_of(0x8010_0017, "SCARD_E_READER_UNAVAILABLE", Next::Wait),
    row_of(0x8010_001d, "SCARD_E_NO_SERVICE", Next::Wait),
    row_of(0x8010_002a, "SCARD_E_INVALID_CHV: a PIN against the token's rule", Next::Correct),
    row_of(0x8010_002e, "SCARD_E_NO_READERS_AVAILABLE", Next::Wait),
    row_of(0x8010_0068, "SCARD_W_RESET_CARD", Next::Wait),
    row_of(0x8010_0069, "SCARD_W_REMOVED_CARD", Next::Wait),
    row_of(0x8010_006b, "SCARD_W_WRONG_CHV: a wrong PIN", Next::Ask),
    row_of(0x8010_006c, "SCARD_W_CHV_BLOCKED: the PIN is blocked", Next::Unlock),
    row_of(0x8010_006e, "SCARD_W_CANCELLED_BY_USER", Next::Ask),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_named_once() {
        for (at, row) in ROWS.iter().enumerate() {
            assert!(ROWS.iter().skip(at + 1).all(|other| other.code != row.code), "{}", row.name);
        }
    }

    #[test]
    fn errors_keep_name_and_number() {
        let error = CspError { function: "CryptSignHash", code: 0x8010_006b }.told();
        assert_eq!(*error.kind(), ErrorKind::Denied { tries_left: None });
        assert_eq!(error.operation(), "CryptSignHash");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, "CryptSignHash: 0x8010006b SCARD_W_WRONG_CHV: a wrong PIN");
        let unknown = CspError { function: "CryptSignHash", code: 0x1234 }.told();
        assert_eq!(*unknown.kind(), ErrorKind::Fault);
    }
}
