//! Registers of applicants in files.
#![no_main]

use gost_ca_registers::FileRegister;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    for read in [FileRegister::from_csv("fuzz", file), FileRegister::from_json("fuzz", file)] {
        match read {
            Ok(register) => assert_eq!(register.is_empty(), register.len() == 0),
            Err(bad) => drop(bad.to_string()),
        }
    }
});
