//! Containers of CryptoPro CSP; their codes are made good, or nothing behind them would be reached.
//!
//! The input is three parts, each after its length in two octets: the content of `header.key`, mask and salt of
//! `masks.key` (both their DER), the whole of `primary.key`.
#![no_main]

use gost_key_files::{CspContainer, Files};
use gost_symmetric::legacy::{Imit, Meshing, Sbox};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let mut rest = input;
    let (Some(header), Some(masks), Some(primary)) =
        (part(&mut rest), part(&mut rest), part(&mut rest))
    else {
        return;
    };
    read(header, masks, primary);
    for sbox in [Sbox::PARAM_Z, Sbox::CRYPTOPRO_A] {
        let header = wrapped(header, &code(&[0; 32], &sbox, header));
        // the mask ends 14 octets before the end of the part, where the salt is
        let Some((mask, salt)) = masks.split_at_checked(masks.len().saturating_sub(14)) else { return };
        let Some(key) = mask.last_chunk::<32>() else { return };
        let masks = wrapped(masks, &code(key, &sbox, salt.get(2..).unwrap_or_default()));
        read(&header, &masks, primary);
    }
});

fn read(header: &[u8], masks: &[u8], primary: &[u8]) {
    let files = Files { header, name: b"\x30\x03\x16\x01a", main: (masks, primary), reserve: None };
    if let Ok(container) = CspContainer::read(&files)
        && let Ok(keys) = container.open("")
    {
        assert!(!keys.is_empty());
    }
}

fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, octets) = rest.split_first_chunk::<2>()?;
    let (part, others) = octets.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    *rest = others;
    Some(part)
}

fn code(key: &[u8; 32], sbox: &Sbox, message: &[u8]) -> [u8; 4] {
    let mut imit = Imit::new(key, sbox, &[0; 8], Meshing::None);
    imit.update(message);
    imit.finalize()
}

/// `SEQ { …content, OCTET STRING code }`
fn wrapped(content: &[u8], code: &[u8; 4]) -> Vec<u8> {
    let body = [content, &[0x04, 0x04], code].concat();
    let length = u16::try_from(body.len()).unwrap_or_default().to_be_bytes();
    [&[0x30, 0x82], &length[..], &body].concat()
}
