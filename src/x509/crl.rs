//! Certificate revocation lists as they came.

mod entries;
mod frame;
mod hasher;

use core::fmt;
use core::ops::Range;

use der::{Decode, Header, Reader, SliceReader, Tag};
use jiff::Timestamp;
use spki::AlgorithmIdentifierOwned;

use super::extensions::{
    CrlNumber, Extension, InvalidityDate, RevocationReason, find, read_all, read_tagged,
};
use super::parse::{BadDer, Signed, all, context, name, serial, time};
use super::{PublicKey, SerialNumber};
use crate::provider::verifier::{Check, Unverified, Verifier};

pub use entries::{CrlLayout, EntrySerial, first_entry};
pub use frame::{CrlFields, CrlFrame, CrlSeal};
pub use hasher::SignedPart;

/// A CRL (RFC 5280 §5.1) with its original octets. Entries are read one by one, never kept apart.
#[derive(Clone, PartialEq, Eq)]
pub struct CertificateList {
    der: Vec<u8>,
    signed: Signed,
    fields: Fields,
}

/// What a CRL says of one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedCertificate {
    /// Which.
    pub serial: SerialNumber,
    /// Since when.
    pub date: Timestamp,
    /// Why; most say nothing of an unspecified reason.
    pub reason: Option<RevocationReason>,
    /// Since when its key was not to be trusted.
    pub invalidity: Option<Timestamp>,
}

#[derive(Clone, PartialEq, Eq)]
struct Fields {
    algorithm: AlgorithmIdentifierOwned,
    issuer: Vec<u8>,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    /// Where the entries lie, in the signed part.
    entries: Range<usize>,
    extensions: Vec<Extension>,
}

impl CertificateList {
    /// Reads a CRL, every entry of it.
    ///
    /// # Errors
    /// [`BadDer`] for anything that is not the strict DER of one.
    pub fn from_der(der: &[u8]) -> Result<Self, BadDer> {
        let bad = |error: der::Error| BadDer::new("CRL", error);
        let signed = Signed::parse(der).map_err(bad)?;
        let fields = Fields::parse(der.get(signed.tbs.clone()).unwrap_or_default()).map_err(bad)?;
        let list = Self { der: der.to_vec(), signed, fields };
        list.read().try_for_each(|read| read.map(drop)).map_err(bad)?;
        Ok(list)
    }

    /// The original octets.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// The octets that are signed.
    pub fn tbs(&self) -> &[u8] {
        self.der.get(self.signed.tbs.clone()).unwrap_or_default()
    }

    /// The issuer's `Name`, DER.
    pub fn issuer(&self) -> &[u8] {
        &self.fields.issuer
    }

    /// When it was made.
    pub const fn this_update(&self) -> Timestamp {
        self.fields.this_update
    }

    /// When there is a newer one; some CRLs do not say (RFC 5280 §5.1.2.5 wants it).
    pub const fn next_update(&self) -> Option<Timestamp> {
        self.fields.next_update
    }

    /// All extensions, in their order.
    pub fn extensions(&self) -> &[Extension] {
        &self.fields.extensions
    }

    /// The signature's algorithm, as the outer field states it.
    pub const fn signature_algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.signed.algorithm
    }

    /// The signature's octets.
    pub fn signature(&self) -> &[u8] {
        &self.signed.signature
    }

    /// Its number, where it states one that fits into 64 bits.
    pub fn number(&self) -> Option<u64> {
        find::<CrlNumber>(&self.fields.extensions).ok().flatten().map(|number| number.0)
    }

    /// The octets of its entries, in their order.
    pub fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.read().filter_map(|read| read.ok().map(|(octets, _)| octets)) // each was read before
    }

    /// Its entries, in their order.
    pub fn listed(&self) -> impl Iterator<Item = ListedCertificate> {
        self.read().filter_map(|read| read.ok().map(|(_, listed)| listed)) // each was read before
    }

    /// What it says of one certificate; looks through all entries.
    pub fn find(&self, serial: &SerialNumber) -> Option<ListedCertificate> {
        self.listed().find(|listed| listed.serial == *serial)
    }

    /// Checks that a key signed it.
    ///
    /// # Errors
    /// What the verifier finds; `Malformed` where the two algorithm fields differ (RFC 5280 §5.1.1.2).
    pub fn verify(&self, issuer: &PublicKey, verifier: &dyn Verifier) -> Result<(), Unverified> {
        if self.signed.algorithm != self.fields.algorithm {
            return Err(Unverified::Malformed("the two signature algorithms differ"));
        }
        verifier.verify(&Check {
            key: issuer,
            algorithm: &self.signed.algorithm,
            message: self.tbs(),
            signature: &self.signed.signature,
        })
    }

    fn read(&self) -> Entries<'_> {
        Entries { rest: self.tbs().get(self.fields.entries.clone()).unwrap_or_default() }
    }
}

impl fmt::Debug for CertificateList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CertificateList({} of {})", self.der.len(), self.fields.this_update)
    }
}

/// Checks that octets are one entry.
pub(crate) fn check_entry(octets: &[u8]) -> Result<(), BadDer> {
    all("CRL entry", octets, |reader| reader.sequence(listed)).map(drop)
}

struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Entries<'a> {
    type Item = der::Result<(&'a [u8], ListedCertificate)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let read = first(self.rest);
        let length = read.as_ref().map_or(self.rest.len(), |(octets, _)| octets.len());
        self.rest = self.rest.get(length..).unwrap_or_default();
        Some(read)
    }
}

fn first(octets: &[u8]) -> der::Result<(&[u8], ListedCertificate)> {
    let entry = SliceReader::new(octets)?.tlv_bytes()?;
    let mut reader = SliceReader::new(entry)?;
    Ok((entry, reader.sequence(listed)?))
}

fn listed(reader: &mut SliceReader<'_>) -> der::Result<ListedCertificate> {
    let (serial, date) = (serial(reader)?, time(reader)?);
    let extensions = if reader.is_finished() { Vec::new() } else { read_all(reader)? };
    let bad = |_: BadDer| der::Error::from(Tag::Sequence.value_error());
    let reason = find(&extensions).map_err(bad)?;
    let invalidity = find::<InvalidityDate>(&extensions).map_err(bad)?.map(|date| date.0);
    Ok(ListedCertificate { serial, date, reason, invalidity })
}

impl Fields {
    fn parse(tbs: &[u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(tbs)?;
        let header = Header::decode(&mut reader)?;
        header.tag().assert_eq(Tag::Sequence)?;
        if Tag::peek(&reader)? == Tag::Integer && u8::decode(&mut reader)? != 1 {
            return Err(Tag::Integer.value_error().into()); // v2, where it says so
        }
        let algorithm = AlgorithmIdentifierOwned::decode(&mut reader)?;
        let issuer = name(&mut reader)?;
        let this_update = time(&mut reader)?;
        let timed = !reader.is_finished() && is_time(&reader)?;
        let next_update = timed.then(|| time(&mut reader)).transpose()?;
        let entries = entries(&mut reader)?;
        let extensions = read_tagged(&mut reader, 0)?;
        reader.finish()?;
        Ok(Self { algorithm, issuer, this_update, next_update, entries, extensions })
    }
}

fn is_time(reader: &SliceReader<'_>) -> der::Result<bool> {
    Ok(matches!(Tag::peek(reader)?, Tag::UtcTime | Tag::GeneralizedTime))
}

/// Where the contents of `revokedCertificates` lie.
fn entries(reader: &mut SliceReader<'_>) -> der::Result<Range<usize>> {
    if reader.is_finished() || context(reader, 0)? {
        return Ok(0..0);
    }
    let header = Header::decode(reader)?;
    header.tag().assert_eq(Tag::Sequence)?;
    let start = usize::try_from(reader.position())?;
    let length = reader.read_slice(header.length())?.len();
    Ok(start..start.checked_add(length).ok_or(der::ErrorKind::Overflow)?)
}
