//! What came of the checks.

use core::fmt;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::check::Verdict;

/// One check's outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check.
    pub id: &'static str,
    /// Its promise and source.
    pub why: &'static str,
    /// How it ended.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// All outcomes for one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was checked.
    pub subject: String,
    /// In the order of the table.
    pub findings: Vec<Finding>,
}

/// A divergence that is known and explained.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// Which check fails.
    pub id: &'static str,
    /// Why that is acceptable.
    pub reason: &'static str,
}

impl Report {
    /// The ids of the checks that failed.
    pub fn failed(&self) -> BTreeSet<&'static str> {
        let failed = self.findings.iter().filter(|f| matches!(f.verdict, Verdict::Fail(_)));
        failed.map(|finding| finding.id).collect()
    }

    /// The ids of the checks that did not apply.
    pub fn skipped(&self) -> BTreeSet<&'static str> {
        let skipped = self.findings.iter().filter(|f| matches!(f.verdict, Verdict::Skip(_)));
        skipped.map(|finding| finding.id).collect()
    }

    /// The report as JSON, for certification files.
    pub fn to_json(&self) -> String {
        // Strings and enums of strings: there is nothing that could fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// What stands against conformance: failures without an exception, exceptions without a failure.
    pub fn objections(&self, exceptions: &[Exception]) -> Vec<String> {
        let failed = self.failed();
        let excepted: BTreeSet<_> = exceptions.iter().map(|exception| exception.id).collect();
        let unexplained = failed.difference(&excepted).map(|id| format!("{id} fails"));
        let stale = excepted.difference(&failed).map(|id| {
            let known = self.findings.iter().any(|finding| finding.id == *id);
            let why = if known { "no longer fails" } else { "is no check of this report" };
            format!("{id} is excepted but {why}")
        });
        unexplained.chain(stale).collect()
    }

    /// Asserts that every promise is kept but for the exceptions, and that these still diverge.
    ///
    /// # Panics
    /// With the whole report, where that is not so.
    pub fn assert_conformant(&self, exceptions: &[Exception]) {
        let objections = self.objections(exceptions);
        assert!(objections.is_empty(), "{self}\n{}", objections.join("\n"));
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.subject)?;
        for Finding { id, why, verdict } in &self.findings {
            match verdict {
                Verdict::Pass => writeln!(f, "  pass  {id}")?,
                Verdict::Skip(reason) => writeln!(f, "  skip  {id}: {reason}")?,
                Verdict::Fail(reason) => {
                    writeln!(f, "  FAIL  {id}: {reason}\n        promise: {why}")?;
                }
            }
        }
        let (all, failed, skipped) =
            (self.findings.len(), self.failed().len(), self.skipped().len());
        write!(f, "{all} checks, {failed} failed, {skipped} skipped")
    }
}
