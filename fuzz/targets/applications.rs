//! Applications files: what is read is written and read again as the same.
#![no_main]

use gost_ca::registration::{RegistrationData, RegistrationForm, parse_applications};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let documents = match parse_applications(file) {
        Ok(documents) => documents,
        Err(error) => {
            let _words = (error.english(), error.russian(), error.line(), error.column());
            return;
        }
    };
    for document in documents {
        let Ok(data) = document.form.check() else { continue };
        let _login = document.login(&data, |_| false);
        let octets = data.to_bytes();
        let again: RegistrationData = serde_json::from_slice(&octets).expect("our own octets");
        assert_eq!(again.to_bytes(), octets);
        assert_eq!(RegistrationForm::from(&again).check().as_ref(), Ok(&data));
    }
});
