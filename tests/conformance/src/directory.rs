//! What every user directory promises.

mod drafts;
pub(crate) mod people;
mod search;
mod versions;

use gost_ca::provider::UserDirectory;

use crate::check::{Check, run};
use crate::report::Report;

/// Opens the directory under test; each call is a restart, or a second process.
pub struct DirectoryUnderTest<'a> {
    open: &'a dyn Fn() -> Box<dyn UserDirectory>,
}

impl core::fmt::Debug for DirectoryUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("DirectoryUnderTest(..)")
    }
}

impl DirectoryUnderTest<'_> {
    fn open(&self) -> Box<dyn UserDirectory> {
        (self.open)()
    }
}

/// Checks a user directory. It may hold other users; the invented ones of the checks stay there.
///
/// Each call of `open` gives the same directory: after a restart, or beside the first one.
pub async fn directory(name: &str, open: &dyn Fn() -> Box<dyn UserDirectory>) -> Report {
    run(name, &DirectoryUnderTest { open }, &directory_checks()).await
}

/// The promises of a user directory.
pub fn directory_checks<'a>() -> Vec<Check<DirectoryUnderTest<'a>>> {
    let mut checks = versions::checks();
    checks.extend(search::checks());
    checks.extend(drafts::checks());
    checks
}

/// Declares a table of checks: `id: why => body`, a body being `async fn(&DirectoryUnderTest) -> Kept`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:path;)+) => {
        pub(super) fn checks<'a>() -> Vec<Check<DirectoryUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("directory/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        }
    };
}
use promises;
