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
    /// Entries with their places, so that one is found without reading all.
    marks: Vec<(SerialNumber, u64)>,
    /// From one mark to the next; grows with the list, so that the marks do not.
    spacing: u64,
    most: usize,
}

impl Collector {
    pub(super) fn new(draft: Box<dyn CrlDraft>) -> Self {
        Self::with_marks(draft, MARKS)
    }

    fn with_marks(draft: Box<dyn CrlDraft>, most: usize) -> Self {
        let (buffer, last, marks) = (Vec::with_capacity(CHUNK), Vec::new(), Vec::new());
        Self { draft, buffer, length: 0, count: 0, last, marks, spacing: SPACING, most }
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
        if self.count.is_multiple_of(self.spacing) {
            self.mark(serial.to_serial().ok_or_else(fault)?);
        }
        self.last.clear();
        self.last.extend_from_slice(entry);
        self.buffer.extend_from_slice(entry);
        self.count = self.count.saturating_add(1);
        self.length = self.length.saturating_add(length(entry));
        if self.buffer.len() >= CHUNK { self.flush().await } else { Ok(()) }
    }

    fn mark(&mut self, serial: SerialNumber) {
        if self.marks.len() >= self.most {
            let mut kept = false;
            self.marks.retain(|_| {
                kept = !kept;
                kept
            });
            self.spacing = self.spacing.saturating_mul(2);
        }
        if self.count.is_multiple_of(self.spacing) {
            self.marks.push((serial, self.length));
        }
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

/// Entries from one mark to the next, at first.
const SPACING: u64 = 64;
/// Marks, at most: some five megabytes.
const MARKS: usize = 65_536;

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::*;
    use crate::provider::Result as Provided;
    use crate::x509::CrlEntry;

    #[derive(Debug, Default)]
    struct Draft(Vec<u8>);

    #[async_trait]
    impl CrlDraft for Draft {
        async fn append(&mut self, octets: Vec<u8>) -> Provided<()> {
            self.0.extend(octets);
            Ok(())
        }

        async fn read(&mut self, offset: u64, limit: usize) -> Provided<Vec<u8>> {
            let start = usize::try_from(offset).unwrap();
            Ok(self.0[start..self.0.len().min(start.saturating_add(limit))].to_vec())
        }

        async fn keep(self: Box<Self>, _: &str) -> Provided<()> {
            Ok(())
        }
    }

    fn serial(number: u64) -> SerialNumber {
        SerialNumber::from_magnitude(&number.to_be_bytes()).unwrap()
    }

    fn entry(number: u64) -> Vec<u8> {
        let (date, reason, invalidity) = (jiff::Timestamp::UNIX_EPOCH, 1, None);
        CrlEntry { serial: &serial(number), date, reason, invalidity }.to_der().unwrap()
    }

    #[test]
    fn every_entry_is_found_however_few_marks_there_are() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut list = Collector::with_marks(Box::new(Draft::default()), 4);
            for number in 1..=3_000 {
                list.push(&entry(2 * number)).await.unwrap();
                assert!(list.marks.len() <= 4);
            }
            list.flush().await.unwrap();
            for number in 1..=3_000 {
                assert_eq!(list.find(&serial(2 * number)).await.unwrap(), Some(entry(2 * number)));
                assert_eq!(list.find(&serial(2 * number + 1)).await.unwrap(), None);
            }
        });
    }
}
