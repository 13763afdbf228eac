//! Requests over HTTP, as RFC 6960 (appendix A) and RFC 3161 (§3.4) have them.
//!
//! Without TLS: answers are signed, and who reads them learns what the certificates say anyway.

use core::time::Duration;

use async_trait::async_trait;
use gost_ca::provider::{self, ErrorKind, ProviderError};
use gost_ca_documents::{Service, Transport};
use ureq::Agent;

/// Asks over HTTP. It blocks: a program that does other things at the same time asks on a thread of its own.
#[derive(Debug)]
pub(crate) struct Http(Agent);

impl Http {
    pub(crate) fn new() -> Self {
        let settings = Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        Self(settings.build().into())
    }

    fn post(&self, service: Service, url: &str, request: &[u8]) -> Result<Vec<u8>, ureq::Error> {
        let [sent, awaited] = service.media_types();
        let asked = self.0.post(url).content_type(sent).header("Accept", awaited).send(request);
        let mut answer = asked?;
        let known = answer.body().mime_type().map(str::to_owned);
        if known.as_deref() != Some(awaited) {
            let known = known.unwrap_or_default();
            return Err(ureq::Error::Other(format!("{awaited} was expected, not {known}").into()));
        }
        answer.body_mut().with_config().limit(LONGEST).read_to_vec()
    }
}

#[async_trait]
impl Transport for Http {
    async fn ask(&self, service: Service, url: &str, request: &[u8]) -> provider::Result<Vec<u8>> {
        let failed = |error: ureq::Error| -> ProviderError {
            ErrorKind::Unavailable.at(url.to_owned()).because(error)
        };
        self.post(service, url, request).map_err(failed)
    }
}

const PATIENCE: Duration = Duration::from_secs(30);
/// Octets of an answer.
const LONGEST: u64 = 0x10_0000;
