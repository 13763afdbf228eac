//! The folder of a key of CryptoPro CSP: six files, `*.key`.

mod header;
mod masks;
mod password;
mod write;

use alloc::string::String;
use alloc::vec::Vec;

use der::{Tag, Tagged};
use gost3410::ParameterSet;
use subtle::ConstantTimeEq;

use crate::csp_key::{certifies, public_octets};
use crate::fields::Fields;
use crate::{CspKey, Unopened, Usage};
use header::{Header, Slot};
use masks::Copy;
pub use write::{NewContainer, Written};

/// The files of a container's folder, as read.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "the format has these files")]
pub struct Files<'a> {
    /// `header.key`: what is known without the password.
    pub header: &'a [u8],
    /// `name.key`: the container's name.
    pub name: &'a [u8],
    /// `masks.key` and `primary.key`: the keys.
    pub main: (&'a [u8], &'a [u8]),
    /// `masks2.key` and `primary2.key`: the same keys under another mask.
    pub reserve: Option<(&'a [u8], &'a [u8])>,
}

/// A container: header version 2, that of all GOST keys.
#[derive(Debug)]
pub struct CspContainer {
    name: String,
    header: Header,
    /// Those that are whole, the main one first.
    copies: Vec<Copy>,
}

impl CspContainer {
    /// Reads the files and checks every code that needs no password.
    ///
    /// One damaged copy of the keys is passed over where the other is whole.
    ///
    /// # Errors
    /// [`Unopened::UnsupportedContainer`] for keys of RSA and EC and for divided keys,
    /// [`Unopened::Damaged`] and [`Unopened::Malformed`] for the rest.
    pub fn read(files: &Files<'_>) -> Result<Self, Unopened> {
        let header = Header::read(files.header)?;
        let name = read_name(files.name)?;
        let (masks, primary) = files.main;
        let main = Copy::read(masks, primary, header.is_of_2001());
        let reserve =
            files.reserve.map(|(masks, primary)| Copy::read(masks, primary, header.is_of_2001()));
        let copies = match (main, reserve) {
            (Ok(main), Some(Ok(reserve))) => alloc::vec![main, reserve],
            (Ok(whole), _) | (Err(_), Some(Ok(whole))) => alloc::vec![whole],
            (Err(error), _) => return Err(error),
        };
        Ok(Self { name, header, copies })
    }

    /// The container's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is a password, as the header says.
    pub fn has_password(&self) -> bool {
        self.header.has_password
    }

    /// Whether the keys are of GOST R 34.10-2001: all of a container are of one generation.
    pub fn is_of_2001(&self) -> bool {
        self.header.is_of_2001()
    }

    /// How many of the two copies of the keys have the codes of their masks right.
    pub fn copies(&self) -> usize {
        self.copies.len()
    }

    /// The certificates (DER) beside the keys.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.header.slots.iter().filter_map(|slot| slot.certificate.as_deref())
    }

    /// What the keys are for, and their parameter sets.
    pub fn headers(&self) -> impl Iterator<Item = (Usage, ParameterSet)> {
        self.header.slots.iter().map(|slot| (slot.attributes.usage, slot.attributes.set))
    }

    /// The certificate (DER) beside the key for this use.
    pub fn certificate(&self, usage: Usage) -> Option<&[u8]> {
        let slot = self.header.slots.iter().find(|slot| slot.attributes.usage == usage);
        slot?.certificate.as_deref()
    }

    /// Whether the password's own code in the header is that of this password; `None` where there is none.
    ///
    /// For information: no sample of the CSP shows it with a password, the keys' fingerprints decide.
    pub fn password_code_matches(&self, password: &str) -> Option<bool> {
        let stated = self.header.password_code.filter(|code| *code != [0; 4])?;
        let fingerprint = self.header.slots.first()?.fingerprint;
        let matches = password::encodings(password).any(|octets| {
            let computed = password::code(&octets, fingerprint, self.header.is_of_2001());
            computed.ct_eq(&stated).into()
        });
        Some(matches)
    }

    /// Opens the keys, primary first; each has the fingerprint of the header and fits its certificate.
    ///
    /// # Errors
    /// [`Unopened::WrongPin`] where no copy gives the fingerprint: the password is wrong, or both
    /// are damaged. [`Unopened::Damaged`] for a certificate of another key.
    pub fn open(&self, password: &str) -> Result<Vec<CspKey>, Unopened> {
        let slots = self.header.slots.iter();
        slots.map(|slot| self.open_slot(slot, password)).collect()
    }

    fn open_slot(&self, slot: &Slot, password: &str) -> Result<CspKey, Unopened> {
        let mut tries = password::encodings(password)
            .flat_map(|octets| self.copies.iter().map(move |copy| (copy, octets.clone())))
            .filter_map(|(copy, octets)| copy.open(slot, &octets).ok());
        let matching = |key: &gost3410::SigningKey| {
            let public = public_octets(key);
            public.first_chunk::<8>().is_some_and(|first| *first == slot.fingerprint)
        };
        let key = tries.find(matching).ok_or(Unopened::WrongPin)?;
        if let Some(certificate) = &slot.certificate
            && !certifies(certificate, &key)?
        {
            return Err(Unopened::Damaged("the key in the certificate"));
        }
        Ok(CspKey {
            key,
            usage: slot.attributes.usage,
            exportable: slot.attributes.exportable,
            certificate: slot.certificate.clone(),
            not_after: slot.not_after,
        })
    }
}

/// `SEQ { IA5String }`; other strings are taken too, as far as they are UTF-8.
fn read_name(file: &[u8]) -> Result<String, Unopened> {
    let mut fields = Fields::of_der(file)?;
    let name = fields.any()?;
    match name.tag() {
        Tag::Ia5String | Tag::Utf8String | Tag::PrintableString => {
            let text = core::str::from_utf8(name.value()).map_err(|_| Unopened::Malformed)?;
            Ok(text.into())
        }
        _ => Err(Unopened::Malformed),
    }
}
