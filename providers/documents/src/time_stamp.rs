//! Time stamps, asked for and given (RFC 3161).

mod authority;
mod client;
mod request;
mod token;

use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::provider::key_store::Digest;
use gost_ca::x509::write;
use spki::AlgorithmIdentifierOwned;

pub use authority::{TimeStampAuthority, TimeStampFailure, TimeStampPolicy};
pub use client::TimeStampClient;
pub use request::TimeStampRequest;
pub use token::{TimeStampInfo, TimeStampToken};

/// `MessageImprint`.
fn imprint(digest: &Digest) -> Vec<u8> {
    let algorithm = write::sequence(&[write::oid(&digest.algorithm)]);
    write::sequence(&[algorithm, write::tlv(write::OCTET_STRING, &digest.octets)])
}

fn read_imprint(reader: &mut SliceReader<'_>) -> der::Result<Digest> {
    reader.sequence(|reader: &mut SliceReader<'_>| {
        let algorithm = AlgorithmIdentifierOwned::decode(reader)?.oid;
        let octets = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
        Ok(Digest { algorithm, octets })
    })
}

/// The contents of an `INTEGER` of any length: serial numbers and nonces are only compared.
fn read_integer(reader: &mut SliceReader<'_>) -> der::Result<Vec<u8>> {
    let header = der::Header::decode(reader)?;
    header.tag().assert_eq(der::Tag::Integer)?;
    Ok(reader.read_slice(header.length())?.to_vec())
}

fn next_is(reader: &SliceReader<'_>, tag: der::Tag) -> der::Result<bool> {
    Ok(!reader.is_finished() && der::Tag::peek(reader)? == tag)
}
