//! CRLs: what stands in them is what the model says, their numbers only grow.

use std::collections::BTreeMap;

use gost_ca::Timestamp;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::Command;
use gost_ca::lifecycle::CrlLine;
use gost_ca::x509::extensions::RevocationReason;
use gost_ca::x509::{CertificateList, SerialNumber};
use gost_ca_software::GostVerifier;
use jiff::SignedDuration;

use crate::desk::Result;
use crate::model::{Who, second};
use crate::world::World;

/// What a list says of one certificate: since when, why, and since when its key was not to be trusted.
type Row = (Timestamp, Option<u8>, Option<Timestamp>);
type Rows = BTreeMap<SerialNumber, Row>;

impl World {
    pub(crate) async fn crl(&mut self, who: Who) -> Result<()> {
        let (now, authority) = (self.now(), self.bench.desk.authority);
        let next_update = now + SignedDuration::from_hours(24);
        let envelope = self.bench.desk.envelope(Command::IssueCrl { authority, next_update });
        let verdict = self.model.administers(who);
        if self.run(who, envelope, verdict).await.is_none() {
            return Ok(());
        }
        let lines = self.bench.desk.ra.crl_lines(&authority).await?;
        for (line, der) in lines.iter().zip(self.bench.desk.ra.crls(&authority).await?) {
            let list = self.read(&der)?;
            assert_eq!((list.this_update(), list.next_update()), (now, Some(next_update)));
            assert_eq!(rows(&list), self.expected(line.part.partition, |_| true));
        }
        self.check_lists().await
    }

    fn read(&self, der: &[u8]) -> Result<CertificateList> {
        let list = CertificateList::from_der(der)?;
        list.verify(self.bench.desk.local.certificate().public_key(), &GostVerifier)?;
        Ok(list)
    }

    /// What the list of one part must say now, of certificates that end at a time that fits.
    fn expected(&self, partition: u16, fits: impl Fn(Timestamp) -> bool) -> Rows {
        let now = self.now();
        let default = CrlPolicy::default();
        let policy = self.policy.as_ref().unwrap_or(&default);
        // RFC 5280 §3.3: what ended longer ago than the look-back is left out
        let kept = |end: Timestamp| {
            now <= end + policy.look_back || policy.expired_since.is_some_and(|since| since <= end)
        };
        let lives = self.model.lives.iter().zip(&self.serials);
        let rows = lives.filter_map(|(life, serial)| {
            let (serial, part) = serial.as_ref()?;
            let (_, end) = life.term?;
            let listed = life.listed()?;
            (*part == partition && kept(end) && fits(end)).then(|| (serial.clone(), listed))
        });
        rows.collect()
    }

    /// The newest lists: their numbers grow, changes fit what they change, and nothing that should be
    /// there is missing longer than the policy says.
    pub(crate) async fn check_lists(&mut self) -> Result<()> {
        let authority = self.bench.desk.authority;
        let crls = self.bench.desk.ra.crls(&authority).await?;
        let lines = self.bench.desk.ra.crl_lines(&authority).await?;
        assert!(lines.iter().all(|line| line.blocked.is_none()));
        for (line, der) in lines.iter().filter(|line| line.full.is_some()).zip(&crls) {
            let base = self.read(der)?;
            assert_eq!(base.number(), line.full.as_ref().map(|full| full.number));
            let newest = self.changed(line, rows(&base)).await?;
            self.check_number(line);
            self.check_freshness(line, &newest);
        }
        Ok(())
    }

    /// The list with its changes.
    async fn changed(&self, line: &CrlLine, mut base: Rows) -> Result<Rows> {
        const REMOVED: u8 = 8;
        let authority = self.bench.desk.authority;
        let Some(der) = self.bench.desk.ra.delta_crl(&authority, &line.part).await? else {
            return Ok(base);
        };
        let delta = self.read(&der)?;
        for (serial, row) in rows(&delta) {
            match row {
                (_, Some(REMOVED), _) => base.remove(&serial),
                _ => base.insert(serial, row),
            };
        }
        self.note("crl", "delta");
        Ok(base)
    }

    fn check_number(&mut self, line: &CrlLine) {
        let newest = line.newest().unwrap();
        let known = (newest.number, newest.digest.clone());
        if let Some(before) = self.numbers.insert(line.part, known.clone()) {
            assert!(before == known || before.0 < known.0, "{} came before {}", before.0, known.0);
        }
        let full = line.full.as_ref().unwrap().number;
        assert!(line.delta.as_ref().is_none_or(|delta| full < delta.number));
    }

    fn check_freshness(&self, line: &CrlLine, newest: &Rows) {
        let Some(policy) = &self.policy else { return };
        let now = self.now();
        let this_update = line.newest().unwrap().this_update;
        let untouched = self.model.lives.iter().all(|life| life.touched < now);
        let is_new = this_update == second(now) && untouched;
        if !is_new && now < this_update + policy.urgency {
            return; // changes may wait so long
        }
        // what has ended may be there still, or not any more
        let ended = |serial: &SerialNumber| {
            let lives = self.model.lives.iter().zip(&self.serials);
            let mut lives =
                lives.filter(|(_, known)| known.as_ref().is_some_and(|(known, _)| known == serial));
            lives.any(|(life, _)| life.has_expired(now))
        };
        let published: Rows = newest
            .iter()
            .filter(|(serial, _)| !ended(serial))
            .map(|(serial, row)| (serial.clone(), *row))
            .collect();
        assert_eq!(published, self.expected(line.part.partition, |end| now <= end));
    }
}

fn rows(list: &CertificateList) -> Rows {
    let rows = list.listed().map(|row| {
        (row.serial, (row.date, row.reason.map(RevocationReason::number), row.invalidity))
    });
    rows.collect()
}
