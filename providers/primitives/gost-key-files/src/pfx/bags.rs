//! Bags: keys, certificates and their attributes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Tag, Tagged};
use gost3410::SigningKey;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::{PfxCertificate, PfxKey, csp_pbe, pkcs12};
use crate::fields::{Fields, context};
use crate::identifiers::{
    CERTIFICATE_BAG, CSP_PBE, DATA, FRIENDLY_NAME, KEY_BAG, LOCAL_KEY_ID, PBES2, SHROUDED_KEY_BAG,
    TRIPLE_DES, X509_CERTIFICATE,
};
use crate::pbes2::Pbes2;
use crate::{EncryptedKey, Unopened};

pub(super) enum Bag {
    Key(Box<PfxKey>),
    Certificate(PfxCertificate),
    /// CRLs and secrets, which are not for us.
    Other,
}

impl Bag {
    /// `SEQ { OID, [0] value, SET OF attributes }`
    pub(super) fn read(mut bag: Fields<'_>, password: &str) -> Result<Self, Unopened> {
        let kind = bag.oid()?;
        let mut value = Fields::of(bag.any()?, context(0, true))?;
        let attributes = Attributes::read(bag.optional(Tag::Set)?)?;
        match kind {
            KEY_BAG => {
                let key = plain_key(value.octets_of_next()?)?;
                Ok(Self::Key(Box::new(attributes.key(key.into()))))
            }
            SHROUDED_KEY_BAG => {
                let key = shrouded_key(value.octets_of_next()?, password)?;
                Ok(Self::Key(Box::new(attributes.key(key))))
            }
            CERTIFICATE_BAG => read_certificate(value.sequence()?, attributes),
            _ => Ok(Self::Other),
        }
    }
}

fn read_certificate(mut value: Fields<'_>, attributes: Attributes) -> Result<Bag, Unopened> {
    if value.oid()? != X509_CERTIFICATE {
        return Ok(Bag::Other);
    }
    let der = Fields::of(value.any()?, context(0, true))?.octets()?.to_vec();
    let Attributes { local_id, name } = attributes;
    Ok(Bag::Certificate(PfxCertificate { der, local_id, name }))
}

/// `EncryptedPrivateKeyInfo` by PBES2, or by the CSP's own scheme.
fn shrouded_key(der: &[u8], password: &str) -> Result<PfxKey, Unopened> {
    let mut info = Fields::of_der(der)?;
    let mut algorithm = info.sequence()?;
    match algorithm.oid()? {
        CSP_PBE => csp_pbe::open(algorithm.sequence()?, info.octets()?, password).map(Into::into),
        TRIPLE_DES => {
            let opened = pkcs12::open(algorithm.sequence()?, info.octets()?, password)?;
            Ok(plain_key(&opened).map_err(|_| Unopened::WrongPin)?.into())
        }
        _ => Ok(EncryptedKey::from_der(der)?.open_key(password.as_bytes())?.into()),
    }
}

fn plain_key(der: &[u8]) -> Result<SigningKey, Unopened> {
    Ok(SigningKey::from_pkcs8(&PrivateKeyInfoRef::try_from(der).map_err(|_| Unopened::Malformed)?)?)
}

/// `EncryptedData { 0, { data, algorithm, [0] IMPLICIT OCTET STRING } }`
pub(super) fn open_encrypted(
    mut data: Fields<'_>,
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    data.integer()?;
    let mut content = data.sequence()?;
    if content.oid()? != DATA {
        return Err(Unopened::Malformed);
    }
    let mut algorithm = content.sequence()?;
    let id = algorithm.oid()?;
    let sealed = content.value(context(0, false))?;
    match id {
        PBES2 => {
            let scheme = Pbes2::read(algorithm.sequence()?)?;
            scheme.open(sealed, password.as_bytes())
        }
        TRIPLE_DES => pkcs12::open(algorithm.sequence()?, sealed, password),
        other => Err(Unopened::Unsupported(other)),
    }
}

/// The two attributes of PKCS#9 that join and name bags.
struct Attributes {
    local_id: Option<Vec<u8>>,
    name: Option<String>,
}

impl Attributes {
    fn read(set: Option<AnyRef<'_>>) -> Result<Self, Unopened> {
        let mut found = Self { local_id: None, name: None };
        let Some(set) = set else { return Ok(found) };
        for attribute in Fields::of(set, Tag::Set)?.rest()? {
            let mut attribute = Fields::of(attribute, Tag::Sequence)?;
            let kind: ObjectIdentifier = attribute.oid()?;
            let values = Fields::of(attribute.any()?, Tag::Set)?.rest()?;
            let Some(value) = values.first() else { continue }; // the CSP marks bags with empty ones
            match (kind, value.tag()) {
                (LOCAL_KEY_ID, Tag::OctetString) => found.local_id = Some(value.value().to_vec()),
                (FRIENDLY_NAME, Tag::BmpString) => found.name = Some(utf16(value.value())),
                _ => {}
            }
        }
        Ok(found)
    }

    fn key(self, key: PfxKey) -> PfxKey {
        PfxKey { local_id: self.local_id, name: self.name, ..key }
    }
}

impl From<SigningKey> for PfxKey {
    fn from(key: SigningKey) -> Self {
        Self { key, csp: None, local_id: None, name: None }
    }
}

/// A name is for people: what is no text in it is shown as such.
fn utf16(octets: &[u8]) -> String {
    let units = octets.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
