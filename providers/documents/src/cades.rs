//! What is added to a signature so that it can be checked later (RFC 5126): CAdES-T, and X Long type 1.

use gost_ca::x509::parse::{self, all};
use gost_ca::x509::{Certificate, CertificateList, write};

use const_oid::ObjectIdentifier;
use der::{Reader, SliceReader};

use crate::attribute::{Attribute, issuer_serial};
use crate::error::Result;
use crate::hash::HashFunction;
use crate::ocsp::OcspResponse;
use crate::oid;
use crate::signer_info::SignerInfo;
use crate::time_stamp::TimeStampClient;

/// All that a check of one signature needs: its certificates, and what is known of their status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "RFC 5126 §6.3 has these")]
pub struct Material {
    /// From the signer's certificate to the anchor, both included.
    pub certificates: Vec<Certificate>,
    /// CRLs about them.
    pub crls: Vec<CertificateList>,
    /// OCSP responses about them.
    pub ocsp: Vec<OcspResponse>,
}

/// Where time stamps are asked for.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "what an upgrade needs")]
pub struct Stamping<'a> {
    /// Asks.
    pub client: TimeStampClient<'a>,
    /// The address of the authority.
    pub url: &'a str,
    /// By which function signatures are hashed for it.
    pub function: HashFunction,
}

/// Makes a signature CAdES-T: stamps its octets. Again, it gets one more time stamp.
///
/// # Errors
/// The client's; the signature is then as it was.
pub async fn stamp(info: &mut SignerInfo, stamping: &Stamping<'_>) -> Result<()> {
    let digest = stamping.function.digest(info.signature());
    let token = stamping.client.ask(stamping.url, digest).await?;
    info.add(Attribute::new(oid::SIGNATURE_TIME_STAMP, token.as_der().to_vec()));
    Ok(())
}

/// Makes a signature CAdES-X Long type 1: with all that a check needs, and a time stamp over that. A signature
/// without time stamp gets one first.
///
/// Again, it gets the material anew. Material is to be gathered after the first time stamp: what is known of the status must be newer.
///
/// # Errors
/// The client's; the signature is then as it was.
pub async fn prolong(
    info: &mut SignerInfo,
    material: &Material,
    stamping: &Stamping<'_>,
) -> Result<()> {
    let mut long = info.clone();
    if long.unsigned_values(&oid::SIGNATURE_TIME_STAMP).next().is_none() {
        stamp(&mut long, stamping).await?;
    }
    long.unsigned.retain(|known| !LONG.contains(&known.oid));
    for (oid, value) in [
        (oid::CERTIFICATE_REFERENCES, certificate_references(material, stamping.function)),
        (oid::REVOCATION_REFERENCES, revocation_references(material, stamping.function)),
        (oid::CERTIFICATE_VALUES, certificate_values(material)),
        (oid::REVOCATION_VALUES, revocation_values(material)),
    ] {
        long.add(Attribute::new(oid, value));
    }
    let digest = stamping.function.digest(&stamped_by_type_1(&long));
    let token = stamping.client.ask(stamping.url, digest).await?;
    long.add(Attribute::new(oid::CADES_C_TIME_STAMP, token.as_der().to_vec()));
    *info = long;
    Ok(())
}

/// What the time stamp of type 1 is over (RFC 5126 §6.3.5): the signature, and three attributes.
pub(crate) fn stamped_by_type_1(info: &SignerInfo) -> Vec<u8> {
    let mut octets = info.signature().to_vec();
    for wanted in
        [oid::SIGNATURE_TIME_STAMP, oid::CERTIFICATE_REFERENCES, oid::REVOCATION_REFERENCES]
    {
        for attribute in info.unsigned.iter().filter(|one| one.oid == wanted) {
            octets.extend(attribute.fields());
        }
    }
    octets
}

/// What a signature brings for its own check; what cannot be read is left out.
pub fn values(info: &SignerInfo) -> Material {
    let mut material = Material::default();
    for value in info.unsigned_values(&oid::CERTIFICATE_VALUES) {
        let read = all("certificate values", value, |reader| {
            parse::sequence_of(reader, |reader| reader.tlv_bytes().map(Certificate::from_der))
        });
        material.certificates.extend(read.into_iter().flatten().flatten());
    }
    for value in info.unsigned_values(&oid::REVOCATION_VALUES) {
        let read = all("revocation values", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let lists = tagged_sequence(reader, 0, CertificateList::from_der)?;
                let responses = tagged_sequence(reader, 1, OcspResponse::from_basic)?;
                parse::tagged(reader, 2)?;
                Ok::<_, der::Error>((lists, responses))
            })
        });
        if let Ok((lists, responses)) = read {
            material.crls.extend(lists.into_iter().flatten());
            material.ocsp.extend(responses.into_iter().flatten());
        }
    }
    material
}

/// `[number] EXPLICIT SEQUENCE OF`, each read apart.
fn tagged_sequence<T>(
    reader: &mut SliceReader<'_>,
    number: u32,
    read: impl Fn(&[u8]) -> T,
) -> der::Result<Vec<T>> {
    match parse::tagged(reader, number)? {
        Some(contents) => parse::sequence_of(&mut SliceReader::new(contents)?, |reader| {
            reader.tlv_bytes().map(&read)
        }),
        None => Ok(Vec::new()),
    }
}

/// `CompleteCertificateRefs`: all but the signer's own, which is named under the signature.
fn certificate_references(material: &Material, function: HashFunction) -> Vec<u8> {
    let reference = |certificate: &Certificate| {
        let names = (certificate.issuer().to_vec(), certificate.serial().clone());
        write::sequence(&[other_hash(certificate.as_der(), function), issuer_serial(&names)])
    };
    write::sequence(&material.certificates.iter().skip(1).map(reference).collect::<Vec<_>>())
}

/// `CompleteRevocationRefs`: one for each certificate, the signer's first; empty for the anchor.
fn revocation_references(material: &Material, function: HashFunction) -> Vec<u8> {
    let mut references = Vec::new();
    for (index, certificate) in material.certificates.iter().enumerate() {
        let issuer = material.certificates.get(index.saturating_add(1));
        references.push(issuer.map_or_else(
            || write::sequence::<&[u8]>(&[]),
            |issuer| revocation_reference(material, certificate, issuer, function),
        ));
    }
    write::sequence(&references)
}

/// `CrlOcspRef`.
fn revocation_reference(
    material: &Material,
    certificate: &Certificate,
    issuer: &Certificate,
    function: HashFunction,
) -> Vec<u8> {
    let lists = material.crls.iter().filter(|list| list.issuer() == issuer.subject());
    let lists: Vec<_> =
        lists.map(|list| write::sequence(&[other_hash(list.as_der(), function)])).collect();
    let responses = material.ocsp.iter().filter(|one| one.about(certificate, issuer).is_some());
    let responses: Vec<_> = responses.map(|one| response_id(one, function)).collect();
    let tagged = |number, all: &[Vec<u8>]| match all {
        [] => Vec::new(),
        all => {
            let list = write::sequence(&[write::sequence(all)]);
            write::tlv(write::constructed(number), &list)
        }
    };
    write::sequence(&[tagged(0, &lists), tagged(1, &responses)])
}

/// `OcspResponsesID`.
fn response_id(response: &OcspResponse, function: HashFunction) -> Vec<u8> {
    let produced = write::generalized(response.produced_at());
    let produced = write::tlv(write::GENERALIZED_TIME, &produced);
    let identifier = write::sequence(&[response.responder().to_der(), produced]);
    write::sequence(&[identifier, other_hash(response.as_basic(), function)])
}

/// `OtherHashAlgAndValue`.
fn other_hash(octets: &[u8], function: HashFunction) -> Vec<u8> {
    let hash = write::tlv(write::OCTET_STRING, &function.digest(octets).octets);
    write::sequence(&[function.algorithm(), hash])
}

/// `CertificateValues`.
fn certificate_values(material: &Material) -> Vec<u8> {
    let all: Vec<_> = material.certificates.iter().map(Certificate::as_der).collect();
    write::sequence(&all)
}

/// `RevocationValues`.
fn revocation_values(material: &Material) -> Vec<u8> {
    let lists: Vec<_> = material.crls.iter().map(CertificateList::as_der).collect();
    let responses: Vec<_> = material.ocsp.iter().map(OcspResponse::as_basic).collect();
    let tagged = |number, all: &[&[u8]]| match all {
        [] => Vec::new(),
        all => write::tlv(write::constructed(number), &write::sequence(all)),
    };
    write::sequence(&[tagged(0, &lists), tagged(1, &responses)])
}

/// What X Long type 1 adds to CAdES-T.
pub(crate) const LONG: [ObjectIdentifier; 5] = [
    oid::CERTIFICATE_REFERENCES,
    oid::REVOCATION_REFERENCES,
    oid::CERTIFICATE_VALUES,
    oid::REVOCATION_VALUES,
    oid::CADES_C_TIME_STAMP,
];
