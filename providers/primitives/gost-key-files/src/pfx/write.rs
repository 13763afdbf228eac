//! Writing a PFX file.

use alloc::vec::Vec;

use gost3410::SigningKey;

use super::{csp_pbe, mac, pkcs12};
use crate::csp_key::certifies;
use crate::identifiers::{
    CERTIFICATE_BAG, DATA, ENCRYPTED_DATA, FRIENDLY_NAME, LOCAL_KEY_ID, SHROUDED_KEY_BAG,
    X509_CERTIFICATE,
};
use crate::tlv::{constructed, integer, octets, oid, primitive, sequence, tlv};
use crate::{Cipher, EncryptedKey, Freshness, Unopened, Usage};

/// A PFX file to be written.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "all that the format takes")]
pub struct NewPfx<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Its certificate and others (DER); which is the key's is found by the public key.
    pub certificates: &'a [Vec<u8>],
    /// A name for people, and for the CSP's container.
    pub name: Option<&'a str>,
    /// Any characters: formats differ in their octets, not in their text.
    pub password: &'a str,
    /// What one guess costs; the CSP writes 2000.
    pub iterations: u32,
}

/// By what a PFX file is protected: who can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Protection {
    /// RFC 9548 with this cipher for the key. Certificates are in the open, the whole is authenticated.
    Standard(Cipher),
    /// As CryptoPro CSP writes it: the key by its own scheme, certificates by Triple DES, SHA-1.
    Csp(Usage),
}

impl NewPfx<'_> {
    /// Writes it; `fill` is the random generator.
    ///
    /// # Errors
    /// [`Unopened::Unwritable`] when the generator refuses, [`Unopened::Malformed`] for iterations out of
    /// bounds.
    pub fn write<E>(
        &self,
        protection: Protection,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Vec<u8>, Unopened> {
        let mut fill = |out: &mut [u8]| {
            fill(out).map_err(|_| Unopened::Unwritable("the random generator refused".into()))
        };
        let key = self.key_bag(protection, &mut fill)?;
        let certificates = self.certificate_bags()?;
        let certificates = match protection {
            Protection::Standard(_) => data(&certificates)?,
            Protection::Csp(_) => {
                let salt = draw(&mut fill)?;
                let (algorithm, sealed) =
                    pkcs12::seal(&certificates, self.password, salt, self.iterations)?;
                encrypted_data(&algorithm, &sealed)?
            }
        };
        let content = sequence(&[&data(&key)?, &certificates]);
        let salt: [u8; 16] = draw(&mut fill)?;
        let mac = match protection {
            Protection::Standard(_) => {
                mac::write_gost(&content, self.password, &salt, self.iterations)?
            }
            Protection::Csp(_) => mac::write_sha1(&content, self.password, &salt, self.iterations)?,
        };
        Ok(sequence(&[&integer(3)?, &data(&content)?, &mac]))
    }

    fn key_bag(
        &self,
        protection: Protection,
        fill: &mut impl FnMut(&mut [u8]) -> Result<(), Unopened>,
    ) -> Result<Vec<u8>, Unopened> {
        let sealed = match protection {
            Protection::Standard(cipher) => {
                let (password, fresh) = (self.password.as_bytes(), Freshness::draw(&mut *fill)?);
                let sealed =
                    EncryptedKey::seal_key(cipher, self.key, password, self.iterations, fresh)?;
                sealed.as_der().to_vec()
            }
            Protection::Csp(usage) => {
                let (salt, ukm) = (draw(fill)?, draw(fill)?);
                csp_pbe::seal(self.key, usage, self.password, self.iterations, (&salt, &ukm))?
            }
        };
        let attributes = self.attributes(true)?;
        let bag = sequence(&[&oid(SHROUDED_KEY_BAG)?, &constructed(0, &[&sealed]), &attributes]);
        Ok(sequence(&[&bag]))
    }

    fn certificate_bags(&self) -> Result<Vec<u8>, Unopened> {
        let mut bags = Vec::new();
        for certificate in self.certificates {
            let own = certifies(certificate, self.key)?;
            let value = constructed(0, &[&octets(certificate)]);
            let value = sequence(&[&oid(X509_CERTIFICATE)?, &value]);
            let attributes = if own { self.attributes(false)? } else { Vec::new() };
            let parts: [&[u8]; 3] =
                [&oid(CERTIFICATE_BAG)?, &constructed(0, &[&value]), &attributes];
            bags.push(sequence(&parts));
        }
        Ok(sequence(&[&bags.concat()]))
    }

    /// SET OF, in the order of DER: the shorter one first.
    fn attributes(&self, of_key: bool) -> Result<Vec<u8>, Unopened> {
        let id = sequence(&[&oid(LOCAL_KEY_ID)?, &tlv(0x31, &[&octets(&LOCAL_ID)])]);
        let name = match self.name.filter(|_| of_key) {
            Some(name) => {
                let text: Vec<u8> = name.encode_utf16().flat_map(u16::to_be_bytes).collect();
                sequence(&[&oid(FRIENDLY_NAME)?, &tlv(0x31, &[&tlv(0x1e, &[&text])])])
            }
            None => Vec::new(),
        };
        let ordered: [&[u8]; 2] =
            if id <= name || name.is_empty() { [&id, &name] } else { [&name, &id] };
        Ok(tlv(0x31, &ordered))
    }
}

/// `ContentInfo` in the open.
fn data(content: &[u8]) -> Result<Vec<u8>, Unopened> {
    Ok(sequence(&[&oid(DATA)?, &constructed(0, &[&octets(content)])]))
}

fn encrypted_data(algorithm: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
    let content = sequence(&[&oid(DATA)?, algorithm, &primitive(0, sealed)]);
    let data = sequence(&[&integer(0)?, &content]);
    Ok(sequence(&[&oid(ENCRYPTED_DATA)?, &constructed(0, &[&data])]))
}

fn draw<const N: usize>(
    fill: &mut impl FnMut(&mut [u8]) -> Result<(), Unopened>,
) -> Result<[u8; N], Unopened> {
    let mut octets = [0; N];
    fill(&mut octets)?;
    Ok(octets)
}

/// What the CSP writes.
const LOCAL_ID: [u8; 4] = [1, 0, 0, 0];
