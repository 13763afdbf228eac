//! Writing a container.

use alloc::string::String;
use alloc::vec::Vec;

use gost_symmetric::legacy::Gost28147;
use gost3410::{ParameterSet, SigningKey};
use zeroize::Zeroizing;

use super::header::{PASSWORD, RESERVE, sbox};
use super::masks::mask_code;
use super::password;
use crate::csp_key::{Attributes, bit_string, certifies, code, public_octets};
use crate::identifiers::{EXCHANGE_NOT_AFTER, HEADER_2, SIGNATURE_NOT_AFTER};
use crate::tlv::{constructed, octets, oid, primitive, sequence, tlv};
use crate::{CspKey, Unopened, Usage};

/// A container to be written.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "all that the format takes")]
pub struct NewContainer<'a> {
    /// Its name: ASCII.
    pub name: &'a str,
    /// One key, or two of one parameter size and generation: primary, then secondary.
    pub keys: &'a [CspKey],
    /// ASCII; empty for none.
    pub password: &'a str,
}

/// The files of a container.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the format has these files")]
pub struct Written {
    /// Names of files with their octets.
    pub files: [(&'static str, Vec<u8>); 6],
}

impl CspKey {
    /// A key to be written, exportable.
    pub fn new(key: SigningKey, usage: Usage) -> Self {
        Self { key, usage, exportable: true, certificate: None, not_after: None }
    }

    /// With its certificate (DER).
    ///
    /// # Errors
    /// [`Unopened::Unwritable`] for a certificate of another key.
    pub fn with_certificate(mut self, certificate: &[u8]) -> Result<Self, Unopened> {
        if !certifies(certificate, &self.key)? {
            return Err(unwritable("the certificate is another key's"));
        }
        self.certificate = Some(certificate.to_vec());
        Ok(self)
    }
}

impl NewContainer<'_> {
    /// Writes it; `fill` is the random generator.
    ///
    /// # Errors
    /// [`Unopened::Unwritable`] for what the format does not take, the generator's refusal included.
    pub fn write<E>(
        &self,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<Written, Unopened> {
        self.check()?;
        let mut fill =
            |out: &mut [u8]| fill(out).map_err(|_| unwritable("the random generator refused"));
        let (masks, primary) = self.copy(&mut fill)?;
        let (masks2, primary2) = self.copy(&mut fill)?;
        Ok(Written {
            files: [
                ("header.key", self.header()?),
                ("masks.key", masks),
                ("masks2.key", masks2),
                ("name.key", sequence(&[&tlv(0x16, &[self.name.as_bytes()])])),
                ("primary.key", primary),
                ("primary2.key", primary2),
            ],
        })
    }

    fn check(&self) -> Result<(), Unopened> {
        if !self.name.is_ascii() || self.name.is_empty() {
            return Err(unwritable("a container's name is ASCII"));
        }
        if !self.password.is_ascii() {
            return Err(unwritable("how the CSP reads such a password is not known: use ASCII"));
        }
        let kinds = |key: &CspKey| Attributes::of(&key.key, key.usage, true).kind;
        match self.keys {
            [_] => Ok(()),
            // one mask serves both keys, whatever their curves: it must be a scalar of both
            [one, two]
                if kinds(one) == kinds(two)
                    && one.key.parameter_set().curve() == two.key.parameter_set().curve()
                    && one.usage != two.usage =>
            {
                Ok(())
            }
            _ => Err(unwritable("one key, or a signature and an exchange key on one curve")),
        }
    }

    fn primary(&self) -> Result<&CspKey, Unopened> {
        self.keys.first().ok_or_else(|| unwritable("no key"))
    }

    fn is_of_2001(&self) -> bool {
        self.keys.first().is_some_and(|key| key.key.verifying_key().key_algorithm().is_of_2001())
    }

    /// One copy of the keys under a fresh mask and salt.
    fn copy(
        &self,
        fill: &mut impl FnMut(&mut [u8]) -> Result<(), Unopened>,
    ) -> Result<(Vec<u8>, Vec<u8>), Unopened> {
        let set = self.primary()?.key.parameter_set();
        let mut salt = [0; 12];
        fill(&mut salt)?;
        let mask = draw_mask(set, fill)?;
        let is_of_2001 = self.is_of_2001();
        let password = password::encodings(self.password).next().unwrap_or_default();
        let storage = password::storage_key(&password, &salt, is_of_2001);
        let cipher = Gost28147::new(&storage, sbox(is_of_2001));
        let mut sealed = Vec::new();
        for key in self.keys {
            let mut masked = key.key.to_masked_le_bytes(&mask);
            cipher.encrypt_ecb(&mut masked)?;
            sealed.push(masked.to_vec());
        }
        let mask = mask.to_le_bytes();
        let mac = mask_code(&mask, &salt, is_of_2001)?;
        let masks = sequence(&[&octets(&mask), &octets(&salt), &octets(&mac)]);
        let primary = octets(sealed.first().map_or(&[], Vec::as_slice));
        let secondary = sealed.get(1).map_or_else(Vec::new, |key| primitive(0, key));
        Ok((masks, sequence(&[&primary, &secondary])))
    }

    fn header(&self) -> Result<Vec<u8>, Unopened> {
        let is_of_2001 = self.is_of_2001();
        let flags = if self.password.is_empty() { RESERVE } else { RESERVE | PASSWORD };
        let fingerprint = fingerprint_of(&self.primary()?.key)?;
        let password = password::encodings(self.password).next().unwrap_or_default();
        let code_of_password = if self.password.is_empty() {
            [0; 4]
        } else {
            password::code(&password, fingerprint, is_of_2001)
        };
        let attributes =
            |key: &CspKey| Attributes::of(&key.key, key.usage, key.exportable).to_der();
        let certificate = |index: usize, number| {
            let key = self.keys.get(index).and_then(|key| key.certificate.as_deref());
            key.map_or_else(Vec::new, |certificate| primitive(number, certificate))
        };
        let (mut second_attributes, mut second_fingerprint) = (Vec::new(), Vec::new());
        if let Some(second) = self.keys.get(1) {
            second_attributes = constructed(4, &[&attributes(second)?]);
            second_fingerprint = primitive(11, &fingerprint_of(&second.key)?);
        }
        let content = sequence(&[
            &constructed(0, &[&oid(HEADER_2)?]),
            &bit_string(flags, 6),
            &sequence(&[&attributes(self.primary()?)?]),
            &primitive(2, &code_of_password),
            &second_attributes,
            &certificate(0, 5),
            &certificate(1, 6),
            &primitive(10, &fingerprint),
            &second_fingerprint,
            &self.extensions()?,
        ]);
        let mac = code(&[0; 32], sbox(is_of_2001), &content);
        Ok(sequence(&[&content, &octets(&mac)]))
    }

    fn extensions(&self) -> Result<Vec<u8>, Unopened> {
        let mut extensions = Vec::new();
        for key in self.keys {
            let Some(not_after) = key.not_after else { continue };
            let id = match key.usage {
                Usage::Signature => SIGNATURE_NOT_AFTER,
                Usage::Exchange => EXCHANGE_NOT_AFTER,
            };
            let time = der::asn1::GeneralizedTime::from_date_time(not_after);
            let time = der::Encode::to_der(&time)?;
            let (_, time) = time.split_first_chunk::<2>().ok_or(Unopened::Malformed)?;
            let term = octets(&sequence(&[&primitive(1, time)]));
            extensions.push(sequence(&[&oid(id)?, &term]));
        }
        if extensions.is_empty() {
            return Ok(Vec::new());
        }
        Ok(constructed(12, &[&extensions.concat()]))
    }
}

/// A number in [1, q-1]; a sound generator gives one in a few draws.
fn draw_mask(
    set: ParameterSet,
    fill: &mut impl FnMut(&mut [u8]) -> Result<(), Unopened>,
) -> Result<SigningKey, Unopened> {
    for _ in 0..128 {
        let mut octets = Zeroizing::new(alloc::vec![0; set.size()]);
        fill(&mut octets)?;
        if let Ok(mask) = SigningKey::from_le_bytes(set, &octets) {
            return Ok(mask);
        }
    }
    Err(unwritable("the random generator is stuck"))
}

/// The first octets of the public key.
fn fingerprint_of(key: &SigningKey) -> Result<[u8; 8], Unopened> {
    public_octets(key).first_chunk::<8>().copied().ok_or(Unopened::Malformed)
}

fn unwritable(why: &str) -> Unopened {
    Unopened::Unwritable(String::from(why))
}
