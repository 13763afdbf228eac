//! Counting a list anew: from every case of the record, where no CRL before proves anything.
//!
//! Takes as long as reading the record, in constant memory: each case that is to be listed is looked for
//! among the entries, and as many entries as were found is all there may be.

use super::changes::{Changes, Heads, Untold};
use super::collector::Collector;
use super::gate::{Findings, Keeps, Wrong, stands};
use super::stock::{CHUNK, length};
use crate::error::Error;
use crate::lifecycle::Case;
use crate::provider::journal::{ListPart, StreamId};
use crate::registration_authority::RegistrationAuthority;
use crate::x509::SerialNumber;
use crate::x509::crl::{EntrySerial, first_entry};

impl RegistrationAuthority {
    /// What is wrong with a list, by all cases; `since` is how far the chains were before it was read.
    pub(super) async fn recount(
        &self,
        part: &ListPart,
        list: &mut Collector,
        (since, keeps): (&Heads, &Keeps<'_>),
    ) -> Result<Findings, Untold> {
        let mut findings = Findings::default();
        let (mut found, mut after) = (0_u64, None);
        loop {
            let streams = self.providers.journal.audit().streams(after.as_ref(), STREAMS).await?;
            let Some((end, _)) = streams.last() else { break };
            after = Some(*end);
            for (stream, _) in &streams {
                let there = self.look_for(stream, part, (list, keeps), &mut findings).await?;
                found = found.saturating_add(u64::from(there));
            }
        }
        if found != list.count {
            self.search(part, list, &mut findings).await?;
        }
        let racing: Changes = self.changes(part, (since, &self.heads().await?)).await?;
        Ok(findings.without(&racing))
    }

    /// Looks for a case's certificate on the list; whether it is there as its case says.
    async fn look_for(
        &self,
        stream: &StreamId,
        part: &ListPart,
        (list, keeps): (&mut Collector, &Keeps<'_>),
        findings: &mut Findings,
    ) -> Result<bool, Error> {
        let StreamId::Case(id) = stream else { return Ok(false) };
        let case = Case::fold(*id, &self.case_entries(id).await?)?;
        let Some((serial, entry)) = case.and_then(|case| listed(&case, part, keeps)) else {
            return Ok(false);
        };
        let wrong = match list.find(&serial).await? {
            Some(there) if there == entry => return Ok(true),
            Some(_) => Wrong::Different,
            None => Wrong::Missing,
        };
        findings.add(serial, wrong);
        Ok(false)
    }

    /// Which entries no case stands for.
    async fn search(
        &self,
        part: &ListPart,
        list: &mut Collector,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let mut offset = 0;
        while offset < list.length {
            let octets = list.read(offset, CHUNK).await?;
            let mut rest = octets.as_slice();
            while let Some(entry) = first_entry(rest) {
                offset = offset.saturating_add(length(entry));
                rest = rest.get(entry.len()..).unwrap_or_default();
                self.find_ground(part, entry, findings).await?;
            }
        }
        Ok(())
    }

    async fn find_ground(
        &self,
        part: &ListPart,
        entry: &[u8],
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let serial = EntrySerial::of(entry).and_then(EntrySerial::to_serial);
        let serial = serial.ok_or_else(|| Error::Damaged("a listed entry is none".to_owned()))?;
        match self.folded(part, &serial).await? {
            Some((Some(right), _)) if right == entry => {}
            _ => findings.add(serial, Wrong::Groundless),
        }
        Ok(())
    }
}

fn listed(case: &Case, part: &ListPart, keeps: &Keeps<'_>) -> Option<(SerialNumber, Vec<u8>)> {
    let serial = case.issued()?.serial.clone();
    let (entry, not_after) = stands(case, part, &serial)?;
    Some((serial, entry?)).filter(|_| keeps(not_after))
}

/// Streams that are named at once.
const STREAMS: usize = 1_000;
