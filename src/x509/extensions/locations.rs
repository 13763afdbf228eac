//! Where a verifier finds CRLs, issuers' certificates and responders.

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag};

use super::ExtensionValue;
use crate::x509::parse::{BadDer, all, context, sequence_of};
use crate::x509::write;

/// `cRLDistributionPoints` (RFC 5280 §4.2.1.13): a point for each URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrlLocations(pub Vec<String>);

/// `authorityInfoAccess` (RFC 5280 §4.2.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InformationLocations {
    /// URLs of OCSP responders.
    pub ocsp: Vec<String>,
    /// URLs of the issuer's certificate.
    pub issuer: Vec<String>,
}

const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
/// `uniformResourceIdentifier` of `GeneralName`.
const URI: u32 = 6;

impl ExtensionValue for CrlLocations {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");

    fn encode(&self) -> Vec<u8> {
        let points: Vec<_> = self.0.iter().map(|url| point(url)).collect();
        write::sequence(&points)
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("cRLDistributionPoints", value, |reader| {
            let mut urls = Vec::new();
            sequence_of(reader, |reader| {
                reader.sequence(|reader: &mut SliceReader<'_>| read_point(reader, &mut urls))
            })?;
            Ok(Self(urls))
        })
    }
}

impl ExtensionValue for InformationLocations {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.1");

    fn encode(&self) -> Vec<u8> {
        let ocsp = self.ocsp.iter().map(|url| description(&OCSP, url));
        let issuer = self.issuer.iter().map(|url| description(&CA_ISSUERS, url));
        write::sequence(&ocsp.chain(issuer).collect::<Vec<_>>())
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        all("authorityInfoAccess", value, |reader| {
            let mut found = Self::default();
            sequence_of(reader, |reader| {
                reader.sequence(|reader: &mut SliceReader<'_>| found.read(reader))
            })?;
            Ok(found)
        })
    }
}

impl InformationLocations {
    fn read(&mut self, reader: &mut SliceReader<'_>) -> der::Result<()> {
        let method = ObjectIdentifier::decode(reader)?;
        let mut urls = Vec::new();
        read_name(reader, &mut urls)?;
        match method {
            OCSP => self.ocsp.append(&mut urls),
            CA_ISSUERS => self.issuer.append(&mut urls),
            _ => {}
        }
        Ok(())
    }
}

fn point(url: &str) -> Vec<u8> {
    let full_name = write::tlv(write::constructed(0), &uri(url));
    write::sequence(&[write::tlv(write::constructed(0), &full_name)])
}

fn description(method: &ObjectIdentifier, url: &str) -> Vec<u8> {
    write::sequence(&[write::oid(method), uri(url)])
}

pub(super) fn uri(url: &str) -> Vec<u8> {
    write::tlv(write::primitive(6), url.as_bytes())
}

fn read_point(reader: &mut SliceReader<'_>, urls: &mut Vec<String>) -> der::Result<()> {
    if context(reader, 0)? {
        let header = Header::decode(reader)?;
        reader.read_nested(header.length(), |reader: &mut SliceReader<'_>| {
            read_full_name(reader, urls)
        })?;
    }
    while !reader.is_finished() {
        reader.tlv_bytes()?; // reasons, cRLIssuer
    }
    Ok(())
}

pub(super) fn read_full_name(
    reader: &mut SliceReader<'_>,
    urls: &mut Vec<String>,
) -> der::Result<()> {
    if !context(reader, 0)? {
        reader.tlv_bytes()?; // nameRelativeToCRLIssuer
        return Ok(());
    }
    let header = Header::decode(reader)?;
    reader.read_nested(header.length(), |reader: &mut SliceReader<'_>| {
        while !reader.is_finished() {
            read_name(reader, urls)?;
        }
        Ok(())
    })
}

/// Takes a `GeneralName` where it is a URL.
fn read_name(reader: &mut SliceReader<'_>, urls: &mut Vec<String>) -> der::Result<()> {
    if !context(reader, URI)? {
        reader.tlv_bytes()?;
        return Ok(());
    }
    let header = Header::decode(reader)?;
    let octets = reader.read_slice(header.length())?;
    let text = core::str::from_utf8(octets).ok().filter(|text| text.is_ascii());
    urls.push(text.ok_or(Tag::Ia5String.value_error())?.to_owned());
    Ok(())
}
