//! Entries on their way into a draft, in constant memory.

use super::stock::{CHUNK, length};
use crate::error::Error;
use crate::provider::{CrlDraft, ErrorKind};
use crate::x509::SerialNumber;
use crate::x509::crl::{EntrySerial, first_entry};

/// Entries, spooled by ascending serial number.
#[derive(Debug)]
pub(super) struct Collector {
    draft: Box<dyn CrlDraft>,
    buffer: Vec<u8>,
    /// The octets of all entries together.
    pub(super) length: u64,
    /// How many they are.
    pub(super) count: u64,
    last: Vec<u8>,
    /// Every 64th entry with its place, so that one is found without reading all.
    marks: Vec<(SerialNumber, u64)>,
}

impl Collector {
    pub(super) fn new(draft: Box<dyn CrlDraft>) -> Self {
        let buffer = Vec::with_capacity(CHUNK);
        Self { draft, buffer, length: 0, count: 0, last: Vec::new(), marks: Vec::new() }
    }

    /// Takes the next entry.
    ///
    /// A list that is not in order, or says something twice, is nobody's fault but the provider's.
    pub(super) async fn push(&mut self, entry: &[u8]) -> Result<(), Error> {
        let fault = || ErrorKind::Fault.at("Listings::listed");
        let serial = EntrySerial::of(entry).ok_or_else(fault)?;
        if EntrySerial::of(&self.last).is_some_and(|last| serial <= last) {
            return Err(fault().into());
        }
        if self.count.is_multiple_of(MARK) {
            self.marks.push((serial.to_serial().ok_or_else(fault)?, self.length));
        }
        self.last.clear();
        self.last.extend_from_slice(entry);
        self.buffer.extend_from_slice(entry);
        self.count = self.count.saturating_add(1);
        self.length = self.length.saturating_add(length(entry));
        if self.buffer.len() >= CHUNK { self.flush().await } else { Ok(()) }
    }

    /// All that was taken is in the draft.
    pub(super) async fn flush(&mut self) -> Result<(), Error> {
        let full = core::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        Ok(self.draft.append(full).await?)
    }

    /// Reads the entries back, many at a time.
    pub(super) async fn read(&mut self, offset: u64, limit: usize) -> Result<Vec<u8>, Error> {
        Ok(self.draft.read(offset, limit).await?)
    }

    /// The entry of a certificate, where it was taken. After [`flush`](Self::flush).
    pub(super) async fn find(&mut self, serial: &SerialNumber) -> Result<Option<Vec<u8>>, Error> {
        let after = self.marks.partition_point(|(mark, _)| mark <= serial);
        let Some((_, start)) = after.checked_sub(1).and_then(|place| self.marks.get(place)) else {
            return Ok(None);
        };
        let end = self.marks.get(after).map_or(self.length, |(_, place)| *place);
        let limit = usize::try_from(end.saturating_sub(*start)).unwrap_or(usize::MAX);
        let octets = self.draft.read(*start, limit).await?;
        let mut rest = octets.as_slice();
        while let Some(entry) = first_entry(rest) {
            if EntrySerial::of(entry) == Some(EntrySerial::from(serial)) {
                return Ok(Some(entry.to_vec()));
            }
            rest = rest.get(entry.len()..).unwrap_or_default();
        }
        Ok(None)
    }
}

const MARK: u64 = 64;
