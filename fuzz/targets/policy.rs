//! What an authority sets by files: profiles, the policy of CRLs, templates of forms.
#![no_main]

use core::fmt::Debug;

use gost_ca::authority::CrlPolicy;
use gost_ca::print::{Template, Templates};
use gost_ca::profile::Profile;
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|json: &[u8]| {
    if let Some(profile) = read::<Profile>(json) {
        let _defects = profile.check();
    }
    if let Some(policy) = read::<CrlPolicy>(json) {
        let _defects = policy.check();
    }
    if let Some(template) = read::<Template>(json) {
        let mut templates = Templates::shipped().expect("our own");
        let _taken = templates.replace(template);
    }
});

fn read<T: Serialize + DeserializeOwned + PartialEq + Debug>(json: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(json).ok()?;
    let written = serde_json::to_vec(&read).expect("plain data");
    assert_eq!(serde_json::from_slice::<T>(&written).expect("our own octets"), read);
    Some(read)
}
