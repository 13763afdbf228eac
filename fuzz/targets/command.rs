//! Commands as they come from outside: their canonical octets are the same after a journey.
#![no_main]

use gost_ca::command::{Command, Envelope};
use gost_ca::registration_authority::Signable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    if let Some(Signable::Command(envelope)) = Signable::of(json) {
        assert_eq!(envelope.signed_bytes(), json);
    }
    let Ok(envelope) = serde_json::from_slice::<Envelope>(json) else { return };
    let sent = serde_json::to_vec(&envelope).expect("commands are plain data");
    let received: Envelope = serde_json::from_slice(&sent).expect("our own octets");
    assert_eq!(received, envelope);
    assert_eq!(received.signed_bytes(), envelope.signed_bytes());
    assert_eq!(received.mark(), envelope.mark());
    assert!(matches!(Signable::of(&received.signed_bytes()), Some(Signable::Command(_))));
    let _name = received.command.name();
    if let Command::StartRegistration { draft, .. } | Command::SaveDraft { draft, .. } = received.command {
        // what is not complete may say anything
        let _faults = draft.form.check().map_err(|faults| faults.to_string());
    }
});
