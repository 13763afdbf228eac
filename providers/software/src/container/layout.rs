//! The bytes of a container; see `docs/formats.md`.

use gost_ca::x509::{Certificate, PublicKey};
use gost_hash::streebog256;

use super::{Container, Damaged, EncryptedKey};

pub(super) fn write(container: &Container) -> Result<Vec<u8>, Damaged> {
    let mut bytes = MAGIC.to_vec();
    bytes.push(VERSION);
    bytes.push(if container.temporary_pin { TEMPORARY_PIN } else { 0 });
    push(&mut bytes, container.public_key.as_der())?;
    push(&mut bytes, container.encrypted.as_der())?;
    let count = u8::try_from(container.certificates.len()).map_err(|_| Damaged::TooLong)?;
    bytes.push(count);
    for certificate in &container.certificates {
        push(&mut bytes, certificate.as_der())?;
    }
    let checksum = streebog256(&bytes);
    bytes.extend_from_slice(&checksum);
    Ok(bytes)
}

pub(super) fn read(bytes: &[u8]) -> Result<Container, Damaged> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(Damaged::Foreign)?;
    match rest.first() {
        Some(&VERSION) => {}
        Some(&other) => return Err(Damaged::Version(other)),
        None => return Err(Damaged::Checksum),
    }
    let (body, checksum) = bytes.split_last_chunk::<32>().ok_or(Damaged::Checksum)?;
    if streebog256(body) != *checksum {
        return Err(Damaged::Checksum);
    }
    let body = body.get(MAGIC.len().saturating_add(1)..).ok_or(Damaged::Contents)?;
    contents(body).ok_or(Damaged::Contents)
}

fn contents(body: &[u8]) -> Option<Container> {
    let (&flags, body) = body.split_first()?;
    if flags & !TEMPORARY_PIN != 0 {
        return None;
    }
    let (public_key, body) = field(body)?;
    let (encrypted, body) = field(body)?;
    let (&count, mut body) = body.split_first()?;
    let mut certificates = Vec::new();
    for _ in 0..count {
        let (certificate, rest) = field(body)?;
        certificates.push(Certificate::from_der(certificate).ok()?);
        body = rest;
    }
    body.is_empty().then_some(Container {
        temporary_pin: flags & TEMPORARY_PIN != 0,
        public_key: PublicKey::from_der(public_key).ok()?,
        encrypted: EncryptedKey::from_der(encrypted).ok()?,
        certificates,
    })
}

/// A length of two octets, big-endian, and that many octets.
fn push(bytes: &mut Vec<u8>, field: &[u8]) -> Result<(), Damaged> {
    let length = u16::try_from(field.len()).map_err(|_| Damaged::TooLong)?;
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(field);
    Ok(())
}

fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

const MAGIC: &[u8] = b"GOSTKEY";
const VERSION: u8 = 1;
const TEMPORARY_PIN: u8 = 1;
