//! Entries of the journal: what is read is written and read again as the same.
#![no_main]

use core::fmt::Debug;

use gost_ca::entry::Entry;
use gost_ca::fact::{
    AccessFact, AccountFact, ApprovalFact, AuditFact, AuthorityFact, CarrierFact, CaseFact, NoticeFact,
    RecordFact,
};
use gost_ca::provider::journal::StoredEntry;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|octets: &[u8]| {
    let stored = StoredEntry(octets.to_vec());
    read_again::<RecordFact>(&stored);
    read_again::<AccountFact>(&stored);
    read_again::<CaseFact>(&stored);
    read_again::<AuthorityFact>(&stored);
    read_again::<AccessFact>(&stored);
    read_again::<ApprovalFact>(&stored);
    read_again::<AuditFact>(&stored);
    read_again::<CarrierFact>(&stored);
    read_again::<NoticeFact>(&stored);
});

fn read_again<F: Serialize + DeserializeOwned + PartialEq + Debug>(stored: &StoredEntry) {
    let Ok(entry) = Entry::<F>::decode(stored) else { return };
    let written = entry.encode();
    assert_eq!(Entry::<F>::decode(&written).expect("our own octets"), entry);
    assert_eq!(Entry::<F>::decode(&written).expect("our own octets").encode(), written);
}
