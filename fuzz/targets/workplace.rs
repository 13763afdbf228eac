//! Questions of the page to the workplace, one a line, then NUL and the document that they are about.
#![no_main]

use std::io;
use std::sync::Arc;

use gost_ca_software::SystemRng;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use workplace::{Files, Workplace};

fuzz_target!(|input: &[u8]| {
    let mut parts = input.splitn(2, |octet| *octet == 0);
    let (questions, document) =
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let mut files = Memory { document, at: 0, written: Vec::new() };
    let mut workplace = Workplace::new(Arc::new(SystemRng)).with_iterations(1);
    for question in questions.split(|octet| *octet == b'\n').take(8) {
        check(&workplace.answer_with(question, &mut files));
    }
});

/// Whatever is asked, there is an answer, and a refusal has its code.
fn check(answer: &[u8]) {
    let answer: Value = serde_json::from_slice(answer).expect("JSON");
    assert!(answer["answer"].is_string(), "{answer}");
    assert_eq!(answer["answer"] == "failed", answer["code"].is_string(), "{answer}");
}

#[derive(Debug)]
struct Memory<'a> {
    document: &'a [u8],
    at: usize,
    written: Vec<u8>,
}

impl Files for Memory<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = &self.document[self.at..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }

    fn rewind(&mut self) -> io::Result<()> {
        self.at = 0;
        self.written.clear();
        Ok(())
    }

    fn write(&mut self, octets: &[u8]) -> io::Result<()> {
        self.written.extend(octets);
        Ok(())
    }
}
