//! Bulk files: what is read becomes commands under ids of their own; what is not is told by row and column.
#![no_main]

use std::sync::LazyLock;

use gost_ca::command::{Command, Envelope};
use gost_ca::desk::bulk::{BulkDefaults, BulkFile};
use gost_ca::id::AuthorityId;
use libfuzzer_sys::fuzz_target;

static DEFAULTS: LazyLock<BulkDefaults> = LazyLock::new(|| {
    let mut defaults = BulkDefaults::default();
    defaults.office = "main".parse().ok();
    defaults.profile = "commercial".parse().ok();
    defaults.authority = Some(AuthorityId::new([1; 16]));
    defaults
});

fuzz_target!(|octets: &[u8]| {
    let file = match BulkFile::read(octets, &DEFAULTS) {
        Ok(file) => file,
        Err(bad) => {
            assert!(!bad.faults().is_empty());
            for fault in bad.faults() {
                let _words = (fault.english(), fault.russian(), fault.row(), fault.column());
            }
            return;
        }
    };
    let envelope = file.envelope("");
    let again = BulkFile::read(octets, &DEFAULTS).expect("the same file").envelope("");
    assert_eq!(again.mark(), envelope.mark());
    let sent = serde_json::to_vec(&envelope).expect("commands are plain data");
    let received: Envelope = serde_json::from_slice(&sent).expect("our own octets");
    assert_eq!(received.mark(), envelope.mark());
    let Command::Bulk { items, .. } = &envelope.command else { panic!("not a bulk") };
    let none = items.iter().map(|_| None);
    assert_eq!(file.results(none).rows().len(), file.rows().len());
});
