//! PFX (PKCS#12): keys and certificates in one file under a password.

mod bags;
mod csp_pbe;
mod mac;
mod pkcs12;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use gost3410::SigningKey;

use crate::fields::{Fields, context};
use crate::identifiers::{DATA, ENCRYPTED_DATA};
use crate::{CspKey, Unopened};
use bags::Bag;
pub use write::{NewPfx, Protection};

/// What a PFX file holds.
#[derive(Debug)]
#[non_exhaustive]
pub struct Pfx {
    /// The private keys.
    pub keys: Vec<PfxKey>,
    /// The certificates, in the order of the file.
    pub certificates: Vec<PfxCertificate>,
}

/// A key in a PFX file.
#[derive(Debug)]
#[non_exhaustive]
pub struct PfxKey {
    /// The key.
    pub key: SigningKey,
    /// What the CSP says of it, where it made the file.
    pub csp: Option<crate::Usage>,
    /// Joins it with its certificate.
    pub local_id: Option<Vec<u8>>,
    /// A name for people; the CSP's is that of the container.
    pub name: Option<String>,
}

/// A certificate in a PFX file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PfxCertificate {
    /// Its DER.
    pub der: Vec<u8>,
    /// Joins it with its key.
    pub local_id: Option<Vec<u8>>,
    /// A name for people.
    pub name: Option<String>,
}

impl Pfx {
    /// Reads a file of the CSP, of RFC 9548 or of R 50.1.112: the code of the whole is checked first.
    ///
    /// # Errors
    /// [`Unopened::WrongPin`] where the code does not match: a wrong password, or a damaged file.
    pub fn read(file: &[u8], password: &str) -> Result<Self, Unopened> {
        let mut fields = Fields::of_der(file)?;
        if fields.integer()? != 3 {
            return Err(Unopened::Malformed);
        }
        let mut safe = fields.sequence()?;
        let kind = safe.oid()?;
        if kind != DATA {
            return Err(Unopened::Unsupported(kind)); // signed by a key, not under a password
        }
        let content = Fields::of(safe.any()?, context(0, true))?.octets()?;
        mac::check(fields.sequence()?, content, password)?;
        fields.finish()?;
        let mut pfx = Self { keys: Vec::new(), certificates: Vec::new() };
        for part in Fields::of_der(content)?.rest()? {
            pfx.read_part(Fields::of(part, der::Tag::Sequence)?, password)?;
        }
        Ok(pfx)
    }

    /// The certificate (DER) of a key: by its local id, or by its public key.
    pub fn certificate_of(&self, key: &PfxKey) -> Option<&[u8]> {
        let certifies = |certificate: &&PfxCertificate| {
            crate::csp_key::certifies(&certificate.der, &key.key) == Ok(true)
        };
        self.certificates.iter().find(certifies).map(|certificate| certificate.der.as_slice())
    }

    /// `ContentInfo` of bags, in the open or under the password.
    fn read_part(&mut self, mut part: Fields<'_>, password: &str) -> Result<(), Unopened> {
        let kind = part.oid()?;
        let mut content = Fields::of(part.any()?, context(0, true))?;
        match kind {
            DATA => self.read_bags(content.octets()?, password),
            ENCRYPTED_DATA => {
                let bags = bags::open_encrypted(content.sequence()?, password)?;
                self.read_bags(&bags, password)
            }
            other => Err(Unopened::Unsupported(other)),
        }
    }

    fn read_bags(&mut self, bags: &[u8], password: &str) -> Result<(), Unopened> {
        for bag in Fields::of_der(bags)?.rest()? {
            match Bag::read(Fields::of(bag, der::Tag::Sequence)?, password)? {
                Bag::Key(key) => self.keys.push(*key),
                Bag::Certificate(certificate) => self.certificates.push(certificate),
                Bag::Other => {}
            }
        }
        Ok(())
    }
}

impl From<CspKey> for PfxKey {
    fn from(key: CspKey) -> Self {
        Self { key: key.key, csp: Some(key.usage), local_id: None, name: None }
    }
}
