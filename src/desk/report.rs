//! Reports (U12): issued, terminated, expiring; per operator and period.

use core::ops::Range;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::table::Table;
use crate::id::{CaseId, OfficeId, UserId};
use crate::print::{Zone, pairs};
use crate::x509::SerialNumber;

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReportKind {
    /// Certificates that were issued in the period.
    Issued,
    /// Certificates that were terminated or annulled in the period.
    Terminated,
    /// Terminations of the period that were entered later than the law wants (R3).
    Late,
    /// Certificates that end in the period, and were not terminated before.
    Expiring,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportOrder {
    /// Which report.
    pub kind: ReportKind,
    /// From its beginning to the moment before its end.
    pub period: Range<Timestamp>,
    /// What this operator did, alone.
    pub operator: Option<UserId>,
    /// Of these offices; of all that the session may see where there are none.
    pub offices: Vec<OfficeId>,
}

/// One certificate of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReportLine {
    /// Which case.
    pub case: CaseId,
    /// The serial number of the certificate.
    pub serial: SerialNumber,
    /// Whose it is, by name; the account's id where the name was erased.
    pub owner: String,
    /// Where.
    pub office: Option<OfficeId>,
    /// When what the report is about happened, or will.
    pub at: Timestamp,
    /// Who submitted the request, or terminated the certificate; none where the engine did.
    pub operator: Option<UserId>,
    /// Their name.
    pub operator_name: String,
    /// When the certificate ends.
    pub not_after: Timestamp,
    /// The document of the termination.
    pub ground: String,
    /// When the authority learned that it must terminate it, where that is on record.
    pub learned: Option<Timestamp>,
}

/// A report, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// What was asked for.
    pub order: ReportOrder,
    /// The certificates.
    pub lines: Vec<ReportLine>,
}

impl Report {
    /// How many certificates there are by each operator's name.
    pub fn by_operator(&self) -> BTreeMap<&str, usize> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for line in &self.lines {
            let count = counts.entry(line.operator_name.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        counts
    }

    /// As a table, with times in the authority's zone.
    pub fn to_table(&self, zone: &Zone) -> Table {
        let event = match self.order.kind {
            ReportKind::Issued => "Выдан",
            ReportKind::Terminated => "Действие прекращено",
            ReportKind::Late => "Внесено с опозданием",
            ReportKind::Expiring => "Срок действия истекает",
        };
        let mut table = Table::new([
            "Номер сертификата",
            "Владелец",
            "Пункт выдачи",
            event,
            "Оператор",
            "Действителен до",
            "Основание",
            "Стало известно",
        ]);
        for line in &self.lines {
            table.push([
                pairs(line.serial.as_der_contents()),
                line.owner.clone(),
                line.office.as_ref().map(ToString::to_string).unwrap_or_default(),
                zone.show(line.at),
                line.operator_name.clone(),
                zone.show(line.not_after),
                line.ground.clone(),
                line.learned.map(|learned| zone.show(learned)).unwrap_or_default(),
            ]);
        }
        table
    }
}
