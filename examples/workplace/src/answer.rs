//! What the page is answered.

use serde::Serialize;

use crate::{Failure, Octets};

/// What the page is answered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
#[non_exhaustive]
pub enum Answer {
    /// How full the biological generator is.
    Collected {
        /// 100: keys can be made.
        percent: u8,
    },
    /// A key was made; it is open.
    Made {
        /// Its number.
        key: u32,
        /// Its container.
        container: Octets,
        /// The request, DER.
        request: Octets,
    },
    /// What stands in a container.
    Container {
        /// The public key, `SubjectPublicKeyInfo`.
        public_key: Octets,
        /// Its certificates, DER, the newest first.
        certificates: Vec<Octets>,
        /// The common name in the newest one.
        name: Option<String>,
        /// When the newest one ends, RFC 3339.
        not_after: Option<String>,
        /// Whether the password must be changed before first use.
        must_change: bool,
    },
    /// What stands in a certificate.
    Certificate {
        /// The public key, `SubjectPublicKeyInfo`.
        public_key: Octets,
        /// The common name.
        name: String,
        /// When it ends, RFC 3339.
        not_after: String,
    },
    /// A key is open.
    Open {
        /// Its number.
        key: u32,
    },
    /// A signature.
    Signed {
        /// As X.509 carries it.
        signature: Octets,
        /// The `AlgorithmIdentifier` that it states, DER.
        algorithm: Octets,
    },
    /// A container, changed.
    Changed {
        /// Its octets.
        container: Octets,
    },
    /// A key for other software.
    Exported {
        /// PEM.
        pem: String,
    },
    /// Key and certificates for other software.
    ExportedPfx {
        /// The file.
        pfx: Octets,
    },
    /// What a key elsewhere is to sign.
    ToBeSigned {
        /// The signed attributes.
        message: Octets,
    },
    /// What a key elsewhere is to agree on.
    ToBeAgreed {
        /// The other's public key, `SubjectPublicKeyInfo`.
        peer: Octets,
        /// `vko256`, `vko512`, `vko2001` or `keg`.
        derivation: &'static str,
        /// What both sides have in common.
        material: Octets,
    },
    /// The page has what was made of its document.
    Written,
    /// A message was checked.
    Checked {
        /// `valid`, `indeterminate` or `invalid`.
        verdict: String,
        /// The report for people.
        text: String,
        /// Whether the content was in the message, and is written.
        attached: bool,
    },
    /// Wiped.
    Closed,
    /// It was not done.
    Failed {
        /// The stable code.
        code: &'static str,
        /// In English.
        message: String,
    },
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Self::Failed { code: failure.code(), message: failure.to_string() }
    }
}
