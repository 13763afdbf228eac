//! Giving time stamps: requests in, answers out; the transport is outside.

use const_oid::ObjectIdentifier;
use gost_ca::provider::Rng;
use gost_ca::x509::{Certificate, SerialNumber, write};
use jiff::Timestamp;

use super::{TimeStampRequest, imprint};
use crate::error::Result;
use crate::hash::{ContentDigests, HashFunction};
use crate::oid;
use crate::signed_data::SignedData;
use crate::signer_info::{Signatory, Signing};

/// What a time-stamp authority promises.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampPolicy {
    /// The policy, as tokens name it.
    pub oid: ObjectIdentifier,
    /// By how many seconds its clock may be wrong.
    pub accuracy_seconds: Option<u8>,
    /// Hash functions that it stamps digests of; the broken ones are none of them.
    pub functions: Vec<HashFunction>,
}

/// Why no time stamp was given (RFC 3161 §2.4.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeStampFailure {
    /// The hash function is not accepted.
    #[error("badAlg")]
    Algorithm,
    /// The request cannot be read.
    #[error("badDataFormat")]
    Format,
    /// The policy is another's.
    #[error("unacceptedPolicy")]
    Policy,
    /// An extension is not known.
    #[error("unacceptedExtension")]
    Extension,
    /// Something broke.
    #[error("systemFailure")]
    System,
}

/// Stamps digests, with a key whose certificate is for nothing else.
#[derive(Clone, Debug)]
pub struct TimeStampAuthority<'a> {
    signatory: Signatory<'a>,
    /// Certificates between it and the anchor, enclosed where they are asked for.
    chain: &'a [Certificate],
    policy: TimeStampPolicy,
}

impl TimeStampPolicy {
    /// A policy that stamps digests of Streebog.
    pub fn new(oid: ObjectIdentifier) -> Self {
        let functions = vec![HashFunction::Streebog256, HashFunction::Streebog512];
        Self { oid, accuracy_seconds: Some(1), functions }
    }
}

impl TimeStampFailure {
    const fn bit(self) -> u8 {
        match self {
            Self::Algorithm => 0,
            Self::Format => 5,
            Self::Policy => 15,
            Self::Extension => 16,
            Self::System => 25,
        }
    }

    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Algorithm, Self::Format, Self::Policy, Self::Extension, Self::System];

    /// The answer's octets: `rejection`, and why.
    pub fn to_der(self) -> Vec<u8> {
        let bit = self.bit();
        let octets = usize::from(bit / 8);
        let mut bits = vec![0; octets];
        bits.push(0x80 >> (bit % 8));
        let unused = [7_u8.saturating_sub(bit % 8)];
        let failure = write::wrap(write::BIT_STRING, &[&unused, bits.as_slice()]);
        let text = write::tlv(write::UTF8_STRING, self.to_string().as_bytes());
        let status = [write::integer(2), write::sequence(&[text]), failure];
        write::sequence(&[write::sequence(&status)])
    }

    pub(super) fn of_bits(octets: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|one| {
            let bit = one.bit();
            let octet = octets.get(usize::from(bit / 8));
            octet.is_some_and(|octet| octet & (0x80 >> (bit % 8)) != 0)
        })
    }
}

impl<'a> TimeStampAuthority<'a> {
    /// An authority with its key, and the certificates above its own.
    pub const fn new(
        signatory: Signatory<'a>,
        chain: &'a [Certificate],
        policy: TimeStampPolicy,
    ) -> Self {
        Self { signatory, chain, policy }
    }

    /// Answers a request; there is always an answer.
    pub async fn respond(&self, request: &[u8], now: Timestamp, rng: &dyn Rng) -> Vec<u8> {
        let accepted = TimeStampRequest::from_der(request)
            .map_err(|_| TimeStampFailure::Format)
            .and_then(|request| self.accept(request));
        let token = match accepted {
            Ok(request) => self.stamp(&request, now, rng).await.ok(),
            Err(failure) => return failure.to_der(),
        };
        match token {
            Some(token) => write::sequence(&[write::sequence(&[write::integer(0)]), token]),
            None => TimeStampFailure::System.to_der(),
        }
    }

    fn accept(
        &self,
        request: TimeStampRequest,
    ) -> core::result::Result<TimeStampRequest, TimeStampFailure> {
        let function = HashFunction::from_oid(&request.imprint.algorithm);
        let function = function.ok().filter(|one| self.policy.functions.contains(one));
        let function = function.ok_or(TimeStampFailure::Algorithm)?;
        if function.digest(b"").octets.len() != request.imprint.octets.len() {
            return Err(TimeStampFailure::Format);
        }
        if request.policy.is_some_and(|policy| policy != self.policy.oid) {
            return Err(TimeStampFailure::Policy);
        }
        if !request.extensions.is_empty() {
            return Err(TimeStampFailure::Extension);
        }
        Ok(request)
    }

    async fn stamp(
        &self,
        request: &TimeStampRequest,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Result<Vec<u8>> {
        let mut serial = [0; 16];
        rng.fill(&mut serial)?;
        let serial = SerialNumber::from_random(serial);
        let accuracy =
            self.policy.accuracy_seconds.map(|one| write::sequence(&[write::integer(one)]));
        let nonce = request.nonce.as_ref().map(|nonce| write::tlv(write::INTEGER, nonce));
        let info = write::sequence(&[
            write::integer(1),
            write::oid(&self.policy.oid),
            imprint(&request.imprint),
            write::tlv(write::INTEGER, serial.as_der_contents()),
            write::tlv(write::GENERALIZED_TIME, &write::generalized(now)),
            accuracy.unwrap_or_default(),
            nonce.unwrap_or_default(),
        ]);
        let functions = [self.signatory.hash_function()];
        let digests = ContentDigests::of(&mut info.as_slice(), &functions)?;
        let mut message = SignedData::new(oid::TST_INFO);
        message.sign(&self.signatory, &Signing::default(), &digests).await?;
        if request.certificate {
            self.chain.iter().for_each(|one| message.enclose(one));
        } else {
            message.enclose_nothing();
        }
        let mut token = Vec::new();
        message.write_attached(&digests, &mut info.as_slice(), &mut token)?;
        Ok(token)
    }
}
