//! Where CRLs are written and kept: in a sink, or whole in memory and in the record.

use async_trait::async_trait;

use crate::error::Error;
use crate::lifecycle::crl::IssuedCrl;
use crate::provider::publisher::Source;
use crate::provider::{CrlDraft, CrlSink, ErrorKind, Result};
use crate::registration_authority::RegistrationAuthority;

/// A draft where there is no sink.
#[derive(Debug, Default)]
pub(super) struct InMemory(Vec<u8>);

#[async_trait]
impl CrlDraft for InMemory {
    async fn append(&mut self, octets: Vec<u8>) -> Result<()> {
        self.0.extend(octets);
        Ok(())
    }

    async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>> {
        Ok(slice(&self.0, offset, limit))
    }

    async fn keep(self: Box<Self>, _name: &str) -> Result<()> {
        Err(ErrorKind::Unsupported.at("CrlSink")) // the record keeps it
    }
}

/// A CRL that is kept somewhere.
#[derive(Debug)]
pub(super) enum Kept<'a> {
    Sink(&'a dyn CrlSink, String),
    Record(Vec<u8>),
}

impl Kept<'_> {
    pub(super) async fn read(&self, offset: u64, limit: usize) -> Result<Vec<u8>> {
        match self {
            Self::Sink(sink, name) => sink.read(name, offset, limit).await,
            Self::Record(octets) => Ok(slice(octets, offset, limit)),
        }
    }
}

/// Reads a kept CRL from its beginning to its end.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    kept: Kept<'a>,
    offset: u64,
}

impl<'a> Reading<'a> {
    pub(super) const fn of(kept: Kept<'a>) -> Self {
        Self { kept, offset: 0 }
    }
}

#[async_trait]
impl Source for Reading<'_> {
    async fn next(&mut self) -> Result<Vec<u8>> {
        let octets = self.kept.read(self.offset, CHUNK).await?;
        self.offset = self.offset.saturating_add(length(&octets));
        Ok(octets)
    }
}

impl RegistrationAuthority {
    pub(super) async fn begin_draft(&self) -> Result<Box<dyn CrlDraft>> {
        match &self.providers.crl_sink {
            Some(sink) => sink.begin().await,
            None => Ok(Box::<InMemory>::default()),
        }
    }

    /// A CRL of before, to be read.
    pub(super) async fn kept(&self, crl: &IssuedCrl) -> core::result::Result<Kept<'_>, Error> {
        match (&crl.file, &crl.document, &self.providers.crl_sink) {
            (Some(file), _, Some(sink)) => Ok(Kept::Sink(&**sink, file.clone())),
            (_, Some(document), _) => Ok(Kept::Record(self.document(document).await?.into_bytes())),
            _ => Err(ErrorKind::NotFound.at("CrlSink").into()),
        }
    }

    /// A CRL of before, whole.
    pub(in crate::registration_authority) async fn whole_crl(
        &self,
        crl: &IssuedCrl,
    ) -> core::result::Result<Vec<u8>, Error> {
        let mut reading = Reading::of(self.kept(crl).await?);
        let mut whole = Vec::new();
        loop {
            let octets = reading.next().await?;
            if octets.is_empty() {
                return Ok(whole);
            }
            whole.extend(octets);
        }
    }
}

fn slice(octets: &[u8], offset: u64, limit: usize) -> Vec<u8> {
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let rest = octets.get(start..).unwrap_or_default();
    rest.get(..limit).unwrap_or(rest).to_vec()
}

pub(super) fn length(octets: &[u8]) -> u64 {
    u64::try_from(octets.len()).unwrap_or(u64::MAX)
}

/// Octets that are moved at once.
pub(super) const CHUNK: usize = 1 << 20;
