//! What larger commands consist of.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::fact::ImportedStatus;
use crate::id::{OfficeId, UserId};
use crate::provider::PasswordHash;
use crate::reason::{Ground, Reason};
use crate::registration::{Login, RegistrationData, RegistrationForm};
use crate::registration_authority::Challenge;
use crate::view::Role;

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// As what.
    pub role: Role,
    /// At which registration point; administrators at none.
    pub office: Option<OfficeId>,
    /// The name to sign in by.
    pub login: Login,
    /// What the application documents say.
    pub data: RegistrationData,
    /// That the person has another registration is known and right (R1).
    pub person_known: bool,
}

/// A registration that is not complete: any text in any field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The name to sign in by, as it was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The form, as far as it is filled in.
    pub form: RegistrationForm,
}

/// How certificates are terminated with their owner's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Termination {
    /// The reason on the CRL.
    pub reason: Reason,
    /// On which ground.
    pub ground: Ground,
}

/// Proof that somebody has a certificate's key: a challenge, signed for one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Possession {
    /// The challenge, as it was given.
    pub challenge: Challenge,
    /// The signature over [`Challenge::binding_bytes`], as X.509 carries it.
    #[serde(with = "crate::hex::octets")]
    pub signature: Vec<u8>,
}

/// A certificate that was issued elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportedCertificate {
    /// Whose it is: an account here.
    pub user: UserId,
    /// The certificate, DER.
    #[serde(with = "crate::hex::octets")]
    pub certificate: Vec<u8>,
    /// What had become of it.
    pub status: ImportedStatus,
    /// The part of a partitioned CRL that it names; 0 where the list is whole.
    #[serde(default)]
    pub partition: u16,
}

/// The verifier of a password, in a command: not printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Verifier(String);

impl Verifier {
    /// The hasher's own form.
    pub fn hash(&self) -> PasswordHash {
        PasswordHash::new(self.0.clone())
    }
}

impl From<PasswordHash> for Verifier {
    fn from(hash: PasswordHash) -> Self {
        Self(hash.expose().to_owned())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(..)")
    }
}
