//! What every journal promises.

mod approvals;
mod carriers;
mod chain;
mod claims;
mod commands;
mod documents;
mod listings;
mod lists;
mod samples;
mod streams;
mod threads;

use gost_ca::provider::Journal;

use crate::check::{Check, run};
use crate::report::Report;

/// Opens the journal under test; each call is a restart, or a second process, with a writer of its own.
pub struct JournalUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn Journal>,
}

impl core::fmt::Debug for JournalUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("JournalUnderTest(..)")
    }
}

impl JournalUnderTest<'_> {
    fn open(&self) -> Box<dyn Journal> {
        (self.open)()
    }
}

/// Checks a journal. It may hold other records; what the checks write stays there.
///
/// Each call of `open` gives the same journal with another writer id: after a restart, or beside the
/// first one.
pub async fn journal(name: &str, open: &dyn Fn() -> Box<dyn Journal>) -> Report {
    run(name, &JournalUnderTest { open }, &journal_checks()).await
}

/// The promises of a journal.
pub fn journal_checks<'a>() -> Vec<Check<JournalUnderTest<'a>>> {
    let mut checks = streams::checks();
    checks.extend(commands::checks());
    checks.extend(claims::checks());
    checks.extend(documents::checks());
    checks.extend(lists::checks());
    checks.extend(carriers::checks());
    checks.extend(approvals::checks());
    checks.extend(listings::checks());
    checks.extend(chain::checks());
    checks.extend(threads::checks());
    checks
}

/// Declares a table of checks: `id: why => body`, a body being `async fn(&JournalUnderTest) -> Kept`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:path;)+) => {
        pub(super) fn checks<'a>() -> Vec<Check<JournalUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("journal/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        }
    };
}
use promises;
