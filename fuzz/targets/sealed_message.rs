//! Encrypted messages: read, and decrypted by the keys of the samples and of the official examples.
#![no_main]

use std::future::Future;
use std::io::Read;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use der::Decode;
use gost_ca::x509::Certificate;
use gost_ca_documents::enveloped::EncryptedDataReader;
use gost_ca_documents::{EnvelopedDataReader, Limits, Sections};
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::SigningKey;
use libfuzzer_sys::fuzz_target;
use pkcs8::PrivateKeyInfoRef;

static OWNERS: LazyLock<[(GostSigner, Certificate); 2]> = LazyLock::new(|| {
    [
        owner(
            include_str!("../../tests/data/samples/generated/ul.key.pem"),
            include_bytes!("../../tests/data/samples/generated/ul.cer"),
        ),
        owner(
            include_str!("../../tests/data/samples/generated/person.key.pem"),
            include_bytes!("../../tests/data/samples/generated/person.cer"),
        ),
    ]
});

fuzz_target!(|input: &[u8]| {
    if let Ok(reader) = EncryptedDataReader::open(input, Limits::default()) {
        if let Ok(mut content) = reader.decrypt(&[7; 32], Sections::Standard) {
            let mut octets = Vec::new();
            let _read = content.read_to_end(&mut octets);
            assert!(octets.len() < input.len());
            let _finished = content.finish();
        }
    }
    for (key, certificate) in OWNERS.iter() {
        let Ok(reader) = EnvelopedDataReader::open(input, Limits::default()) else { return };
        let _recipients = reader.recipients();
        let Ok(mut content) = ready(reader.decrypt((key, certificate), &[], Sections::Engine))
        else {
            continue;
        };
        let mut octets = Vec::new();
        let _read = content.read_to_end(&mut octets);
        assert!(octets.len() < input.len());
        let _finished = content.finish();
    }
});

fn owner(key: &str, certificate: &[u8]) -> (GostSigner, Certificate) {
    let (_, key) = der::SecretDocument::from_pem(key).expect("a sample");
    let info = PrivateKeyInfoRef::from_der(key.as_bytes()).expect("a sample");
    let key = SigningKey::from_pkcs8(&info).expect("a sample");
    let signer = GostSigner::new(key, Arc::new(SystemRng)).expect("a key");
    (signer, Certificate::from_der(certificate).expect("a sample"))
}

/// Nothing here waits.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("a decryption waits for something"),
    }
}
