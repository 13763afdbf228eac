//! What the page asks for.

use gost_ca::profile::Profile;
use gost_ca::registration::SubjectAttribute;
use gost_ca_software::biological::Event;
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Octets, SecretOctets};

/// A password on its way in; wiped when it was used.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    pub(crate) fn octets(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl core::fmt::Debug for Password {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// What the page asks for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Ask {
    /// Begins to collect a person's moves (V4).
    Begin,
    /// Takes moves and key strokes.
    Collect {
        /// As the browser saw them.
        events: Vec<Event>,
    },
    /// Makes a key, and a request for it. Wants moves enough.
    Make {
        /// The object identifier of the key's parameter set.
        set: String,
        /// The container's new password.
        password: Password,
        /// The PIN is temporary: the owner changes it first (V8).
        #[serde(default)]
        temporary: bool,
        /// Who the certificate will be for.
        subject: Vec<SubjectAttribute>,
        /// By which profile.
        profile: Box<Profile>,
    },
    /// Reads what stands in a container without opening it.
    Look {
        /// The container.
        container: Octets,
    },
    /// Reads a certificate that is no container's: a token's, a recipient's.
    Certificate {
        /// DER.
        certificate: Octets,
    },
    /// Opens a container's key.
    Open {
        /// The container.
        container: Octets,
        /// Its password.
        password: Password,
    },
    /// Signs with a key that is open.
    Sign {
        /// Which.
        key: u32,
        /// What, whole.
        message: Octets,
    },
    /// Puts a certificate into its container (V6).
    Install {
        /// The container.
        container: Octets,
        /// The certificate, DER.
        certificate: Octets,
    },
    /// Changes a container's password.
    ChangePassword {
        /// The container.
        container: Octets,
        /// What it is.
        old: Password,
        /// What it shall be.
        new: Password,
    },
    /// The private key as `EncryptedPrivateKeyInfo` (RFC 9337), for other software.
    Export {
        /// The container.
        container: Octets,
    },
    /// Key and certificates as PFX (RFC 9548), under the same password.
    ExportPfx {
        /// The container.
        container: Octets,
        /// Its password.
        password: Password,
    },
    /// Another program's file as a container: PFX, or PKCS#8 in DER or PEM; its password stays.
    Import {
        /// The file.
        file: Octets,
        /// Its password.
        password: Password,
    },
    /// Hashes the page's document; gives what a key, wherever it is, signs of it (CAdES-BES).
    Digest {
        /// The certificate of that key, DER.
        certificate: Octets,
        /// The signer's word about the time, seconds since 1970.
        at: i64,
    },
    /// Writes the message with that signature.
    Seal {
        /// As X.509 carries it.
        signature: Octets,
        /// Whether the document goes into it.
        attached: bool,
    },
    /// Checks a signed message.
    Check {
        /// The message, where the document is beside it; it is the document otherwise.
        #[serde(default)]
        message: Option<Octets>,
        /// Certificates of authorities that are trusted.
        anchors: Vec<Octets>,
        /// Their CRLs.
        crls: Vec<Octets>,
        /// Now, seconds since 1970.
        at: i64,
        /// In which language the report is: `ru` or `en`.
        language: String,
    },
    /// Encrypts the page's document.
    Encrypt {
        /// The certificates of those who may read it.
        recipients: Vec<Octets>,
    },
    /// Decrypts the page's document.
    Decrypt {
        /// The container, with its certificate.
        container: Octets,
        /// Its password.
        password: Password,
    },
    /// Reads what a key elsewhere is to agree on, for the page's document to be decrypted.
    Agreement {
        /// The certificate of that key, DER.
        certificate: Octets,
    },
    /// Decrypts the page's document by what was agreed on.
    DecryptAgreed {
        /// The certificate of that key, DER.
        certificate: Octets,
        /// The secret.
        secret: SecretOctets,
    },
    /// Wipes a key that is open; all of them where none is named.
    Close {
        /// Which.
        #[serde(default)]
        key: Option<u32>,
    },
}
