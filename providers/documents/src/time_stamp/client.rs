//! Asking.

use der::asn1::BitStringRef;
use der::{Decode, Reader, SliceReader, Tag};
use gost_ca::provider::Rng;
use gost_ca::provider::key_store::Digest;
use gost_ca::x509::SerialNumber;
use gost_ca::x509::parse::all;

use super::authority::TimeStampFailure;
use super::{TimeStampRequest, TimeStampToken, next_is};
use crate::error::{Error, Result};
use crate::transport::{Service, Transport};

/// Asks for time stamps.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "what a client needs")]
pub struct TimeStampClient<'a> {
    /// How requests get there.
    pub transport: &'a dyn Transport,
    /// Makes the nonces.
    pub rng: &'a dyn Rng,
}

impl TimeStampClient<'_> {
    /// Asks for a time stamp of a digest. The token answers the request; who signed it is for
    /// [`Checker::time_stamp`](crate::Checker::time_stamp) to say.
    ///
    /// # Errors
    /// `Answer` for a refusal, and for an answer to another question; the transport's.
    pub async fn ask(&self, url: &str, imprint: Digest) -> Result<TimeStampToken> {
        let mut nonce = [0; 16];
        self.rng.fill(&mut nonce)?;
        let nonce = SerialNumber::from_random(nonce).as_der_contents().to_vec();
        let request = TimeStampRequest::new(imprint, Some(nonce));
        let answer = self.transport.ask(Service::TimeStamp, url, &request.to_der()).await?;
        read_answer(&answer, &request)
    }
}

/// Reads `TimeStampResp`, and looks whether it answers the request.
pub(crate) fn read_answer(answer: &[u8], request: &TimeStampRequest) -> Result<TimeStampToken> {
    let refuse = |why: &str| Error::Answer(why.to_owned());
    let (status, failure, token) = all("time stamp response", answer, |reader| {
        reader.sequence(|reader: &mut SliceReader<'_>| {
            let (status, failure) = reader.sequence(read_status)?;
            let token = (!reader.is_finished()).then(|| reader.tlv_bytes()).transpose()?;
            Ok::<_, der::Error>((status, failure, token))
        })
    })?;
    // granted, granted with modifications
    let Some(token) = token.filter(|_| status <= 1) else {
        return Err(refuse(&failure.map_or_else(|| status.to_string(), |why| why.to_string())));
    };
    let token = TimeStampToken::from_der(token)?;
    if token.info().imprint != request.imprint {
        return Err(refuse("the time stamp is of something else"));
    }
    if token.info().nonce != request.nonce {
        return Err(refuse("the time stamp answers another request"));
    }
    if request.policy.is_some_and(|policy| policy != token.info().policy) {
        return Err(refuse("the time stamp is under another policy"));
    }
    Ok(token)
}

type Status = (u8, Option<TimeStampFailure>);

fn read_status(reader: &mut SliceReader<'_>) -> der::Result<Status> {
    let status = u8::decode(reader)?;
    if next_is(reader, Tag::Sequence)? {
        reader.tlv_bytes()?; // statusString, in whatever language
    }
    let failure = next_is(reader, Tag::BitString)?.then(|| BitStringRef::decode(reader));
    let failure = failure.transpose()?;
    Ok((status, failure.and_then(|bits| TimeStampFailure::of_bits(bits.raw_bytes()))))
}
