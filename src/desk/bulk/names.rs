//! What people call users and certificates in a file, and which they are.

use std::collections::{BTreeMap, BTreeSet};

use super::{BulkAct, table};
use crate::id::{CaseId, UserId};
use crate::registration::{Login, hex_digits};
use crate::x509::SerialNumber;

/// Which users and certificates a file means by their logins and serial numbers; see
/// [`bulk_names`](crate::RegistrationAuthority::bulk_names).
#[derive(Clone, Debug, Default)]
pub struct BulkNames {
    pub(crate) users: BTreeMap<Login, UserId>,
    /// More than one where several keys gave the same number.
    pub(crate) certificates: BTreeMap<SerialNumber, Vec<CaseId>>,
}

/// What is to be looked up.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) logins: BTreeSet<Login>,
    pub(crate) serials: BTreeSet<SerialNumber>,
}

impl Wanted {
    /// What a file names; nothing of one that cannot be read, whose reader tells why.
    pub(crate) fn by(file: &[u8]) -> Self {
        let mut wanted = Self::default();
        for line in table::lines(file).unwrap_or_default() {
            let cell = |column| line.cells.get(column).map(String::as_str);
            if cell("act") == Some(BulkAct::Issue.name()) {
                wanted.logins.extend(cell("login").and_then(login));
            }
            wanted.serials.extend(cell("serial").and_then(serial));
        }
        wanted
    }
}

pub(super) fn login(text: &str) -> Option<Login> {
    Login::from_typed(text).ok()
}

/// As certificates and lists show it: in any case, with spaces or colons between.
pub(super) fn serial(text: &str) -> Option<SerialNumber> {
    let digits = hex_digits(text)?;
    let even = if digits.len().is_multiple_of(2) { digits } else { format!("0{digits}") };
    SerialNumber::from_magnitude(&crate::hex::decode(&even)?).ok()
}
