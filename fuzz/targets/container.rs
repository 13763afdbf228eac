//! Key containers; the checksum is made good, or nothing behind it would be reached.
#![no_main]

use gost_ca_software::container::Container;
use gost_hash::streebog256;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &[u8]| {
    let _as_it_is = Container::from_bytes(file);
    let Some((body, _checksum)) = file.split_last_chunk::<32>() else { return };
    let file = [body, &streebog256(body)].concat();
    let Ok(container) = Container::from_bytes(&file) else { return };
    assert_eq!(container.to_bytes().expect("our own container"), file);
});
