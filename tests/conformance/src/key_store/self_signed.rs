//! The least certificate that a key can have.

use der::asn1::{Any, BitString, Utf8StringRef};
use der::{Decode, Encode, Tag};
use gost_ca::provider::Signer;
use gost_ca::provider::key_store::Message;

use crate::broken::Broken;

/// A self-signed version 1 certificate (RFC 5280 §4.1) of the key, DER.
pub(super) async fn certificate(signer: &dyn Signer) -> Result<Vec<u8>, Broken> {
    let tbs = tbs(signer).map_err(broken)?;
    let signature = signer.sign(Message::Bytes(&tbs)).await?;
    let algorithm = signer.algorithm().to_der().map_err(broken)?;
    let signature = BitString::from_bytes(&signature).and_then(|s| s.to_der()).map_err(broken)?;
    sequence(&[&tbs, &algorithm, &signature]).map_err(broken)
}

fn tbs(signer: &dyn Signer) -> der::Result<Vec<u8>> {
    let name = name("conformance")?;
    let validity = sequence(&[&time(b"260101000000Z")?, &time(b"270101000000Z")?])?;
    let algorithm = signer.algorithm().to_der()?;
    sequence(&[&1_u8.to_der()?, &algorithm, &name, &validity, &name, signer.public_key().as_der()])
}

/// A `Name` of one `commonName`.
fn name(text: &str) -> der::Result<Vec<u8>> {
    let common_name = der::asn1::ObjectIdentifier::new_unwrap("2.5.4.3").to_der()?;
    let attribute = sequence(&[&common_name, &Utf8StringRef::new(text)?.to_der()?])?;
    sequence(&[&Any::new(Tag::Set, attribute)?.to_der()?])
}

fn time(utc: &[u8]) -> der::Result<Vec<u8>> {
    Any::new(Tag::UtcTime, utc)?.to_der()
}

fn sequence(parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    let whole = Any::new(Tag::Sequence, parts.concat())?.to_der()?;
    Any::from_der(&whole)?;
    Ok(whole)
}

fn broken(error: der::Error) -> Broken {
    Broken::from(format!("the kit's certificate: {error}"))
}
