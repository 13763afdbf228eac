//! Time stamps for signatures in XML and PDF.

use async_trait::async_trait;
use gost_ca::provider;
use gost_ca_documents::time_stamp::{TimeStampAuthority, TimeStampPolicy};
use gost_ca_documents::{Service, Signatory, Transport};
use gost_ca_software::SystemRng;

use crate::support::{certificate, key};

/// A time-stamp authority that stamps with the time that is its address.
#[derive(Debug)]
pub(crate) struct Stamper;

#[async_trait]
impl Transport for Stamper {
    async fn ask(&self, _: Service, time: &str, request: &[u8]) -> provider::Result<Vec<u8>> {
        let (key, own) = (key("tsa"), certificate("tsa"));
        let signatory = Signatory::new(&key, &own).unwrap();
        let policy = TimeStampPolicy::new("1.2.643.2.2.38.4".parse().unwrap());
        let issuers = [certificate("ca256")];
        let authority = TimeStampAuthority::new(signatory, &issuers, policy);
        Ok(authority.respond(request, time.parse().unwrap(), &SystemRng).await)
    }
}
