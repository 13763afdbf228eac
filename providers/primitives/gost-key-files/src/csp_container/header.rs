//! `header.key`.

use alloc::vec::Vec;

use der::asn1::AnyRef;
use der::{Tag, Tagged};
use gost_symmetric::legacy::Sbox;
use subtle::ConstantTimeEq;

use crate::csp_key::{Attributes, code, flags, term};
use crate::fields::{Fields, context};
use crate::identifiers::{EXCHANGE_NOT_AFTER, HEADER_2, HEADER_4, SIGNATURE_NOT_AFTER};
use crate::{Unopened, Usage};

#[derive(Debug)]
pub(super) struct Header {
    pub(super) has_password: bool,
    pub(super) password_code: Option<[u8; 4]>,
    /// Primary, then secondary.
    pub(super) slots: Vec<Slot>,
}

/// One of the two keys, as far as the header knows it.
pub(super) struct Slot {
    /// Which of the keys of `primary.key`.
    pub(super) secondary: bool,
    pub(super) attributes: Attributes,
    /// The first octets of the public key.
    pub(super) fingerprint: [u8; 8],
    pub(super) certificate: Option<Vec<u8>>,
    pub(super) not_after: Option<der::DateTime>,
}

impl Header {
    /// `SEQ { content, OCTET STRING code }`
    pub(super) fn read(file: &[u8]) -> Result<Self, Unopened> {
        let mut file = Fields::of_der(file)?;
        let content = file.octets_of_next()?;
        check_version(content)?;
        let header = Self::read_content(content)?;
        let stated = file.octets()?;
        file.finish()?;
        let computed = code(&[0; 32], sbox(header.is_of_2001()), content);
        if bool::from(computed.as_slice().ct_eq(stated)) {
            Ok(header)
        } else {
            Err(Unopened::Damaged("header.key"))
        }
    }

    /// What is not known among the numbered fields is passed over: the code covers it.
    fn read_content(content: &[u8]) -> Result<Self, Unopened> {
        let mut fields = Fields::of_der(content)?;
        fields.any()?; // the version
        let container = flags(fields.any()?)?;
        if container & SHARED != 0 {
            return Err(Unopened::UnsupportedContainer("a key that is divided (FKC)"));
        }
        let primary = Attributes::read(fields.sequence()?)?;
        let rest = fields.rest()?;
        let mut slots = Vec::new();
        if container & NO_PRIMARY == 0 {
            slots.push(Slot::read(false, primary, &rest)?);
        }
        if let Some(secondary) = find(&rest, context(4, true)) {
            let attributes = Attributes::read(Fields::of(secondary, secondary.tag())?)?;
            slots.push(Slot::read(true, attributes, &rest)?);
        }
        if slots.is_empty() || slots.iter().any(|slot| slot.is_of_2001() != primary.is_of_2001()) {
            return Err(Unopened::Malformed);
        }
        let password_code = find(&rest, context(2, false)).map(|code| code.value().try_into());
        let password_code = password_code.transpose().map_err(|_| Unopened::Malformed)?;
        Ok(Self { has_password: container & PASSWORD != 0, password_code, slots })
    }

    /// All keys of a container are of one generation.
    pub(super) fn is_of_2001(&self) -> bool {
        self.slots.first().is_some_and(Slot::is_of_2001)
    }
}

impl Slot {
    fn read(
        secondary: bool,
        attributes: Attributes,
        rest: &[AnyRef<'_>],
    ) -> Result<Self, Unopened> {
        let (certificate, fingerprint) = if secondary { (6, 11) } else { (5, 10) };
        let certificate = find(rest, context(certificate, false));
        let fingerprint = find(rest, context(fingerprint, false)).ok_or(Unopened::Malformed)?;
        Ok(Self {
            secondary,
            attributes,
            fingerprint: fingerprint.value().try_into().map_err(|_| Unopened::Malformed)?,
            certificate: certificate.map(|certificate| certificate.value().to_vec()),
            not_after: not_after(rest, attributes.usage)?,
        })
    }

    fn is_of_2001(&self) -> bool {
        self.attributes.is_of_2001()
    }
}

impl core::fmt::Debug for Slot {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Slot({:?})", self.attributes.usage)
    }
}

/// A header of another version is not ours to judge.
fn check_version(content: &[u8]) -> Result<(), Unopened> {
    let version = Fields::of_der(content)?.any()?;
    match Fields::of(version, context(0, true))?.oid()? {
        HEADER_2 => Ok(()),
        HEADER_4 => Err(Unopened::UnsupportedContainer("header version 4: a key of RSA or EC")),
        _ => Err(Unopened::UnsupportedContainer("another header version")),
    }
}

fn find<'a>(rest: &[AnyRef<'a>], tag: Tag) -> Option<AnyRef<'a>> {
    rest.iter().find(|field| field.tag() == tag).copied()
}

/// `[12] { SEQ { OID, OCTET STRING } … }`
fn not_after(rest: &[AnyRef<'_>], usage: Usage) -> Result<Option<der::DateTime>, Unopened> {
    let Some(extensions) = find(rest, context(12, true)) else { return Ok(None) };
    let wanted = match usage {
        Usage::Signature => SIGNATURE_NOT_AFTER,
        Usage::Exchange => EXCHANGE_NOT_AFTER,
    };
    for extension in Fields::of(extensions, extensions.tag())?.rest()? {
        let mut extension = Fields::of(extension, Tag::Sequence)?;
        if extension.oid()? == wanted {
            return term(extension.octets()?);
        }
    }
    Ok(None)
}

/// S-box by generation.
pub(super) const fn sbox(is_of_2001: bool) -> &'static Sbox {
    if is_of_2001 { &Sbox::CRYPTOPRO_A } else { &Sbox::PARAM_Z }
}

pub(super) const PASSWORD: u8 = 0x80;
pub(super) const RESERVE: u8 = 0x40;
const NO_PRIMARY: u8 = 0x20;
const SHARED: u8 = 0x10;
