//! OpenSSL with the GOST engine, in both directions.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use gost_ca::x509::{PemLabel, to_pem};
use gost_ca_documents::{
    ContentCipher, ContentDigests, Encryption, EnvelopedDataReader, EnvelopedDataWriter, Exchange,
    HashFunction, Limits, Sections, Signatory, SignedData, SignedDataStream, Signing, oid,
};
use gost_ca_software::SystemRng;
use tempfile::TempDir;

use crate::support::{certificate, key, long, openssl, samples};

const OWNERS: [&str; 5] = ["person", "ip", "ul", "auto", "ul512"];
/// Those whose certificates are for encryption too.
const RECIPIENTS: [&str; 4] = ["person", "ip", "ul", "ul512"];

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(samples()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    for owner in OWNERS {
        let pem = to_pem(PemLabel::Certificate, certificate(owner).as_der());
        fs::write(folder.path().join(format!("{owner}.pem")), pem).unwrap();
    }
    let authorities = ["root", "ca256", "ca512c"]
        .map(|name| to_pem(PemLabel::Certificate, certificate(name).as_der()));
    fs::write(folder.path().join("ca.pem"), authorities.concat()).unwrap();
    folder
}

fn verifies(folder: &Path, message: &[u8], content: &[u8], arguments: &str) {
    fs::write(folder.join("signed.der"), message).unwrap();
    fs::write(folder.join("content"), content).unwrap();
    let command = "cms -verify -binary -inform DER -in signed.der -CAfile ca.pem -purpose any";
    let command = format!("{command} -attime 1780000000 -out verified {arguments}");
    openssl(folder, &command).unwrap_or_else(|error| panic!("{command}: {error}"));
    assert_eq!(fs::read(folder.join("verified")).unwrap(), content);
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_verifies_what_was_signed_here() {
    let folder = folder();
    let folder = folder.path();
    let content = long(100_000);
    for owner in OWNERS {
        let (key, certificate) = (key(owner), certificate(owner));
        let signatory = Signatory::new(&key, &certificate).unwrap();
        let functions = [signatory.hash_function()];
        let digests = ContentDigests::of(&mut &content[..], &functions).unwrap();
        let signing =
            Signing { time: Some("2026-05-02T09:00:00Z".parse().unwrap()), ..Signing::default() };
        let mut message = SignedData::new(oid::DATA);
        message.sign(&signatory, &signing, &digests).await.unwrap();
        verifies(folder, &message.to_detached(), &content, "-content content");
        verifies(folder, &message.to_detached(), &content, "-cades -content content");
        let mut attached = Vec::new();
        message.write_attached(&digests, &mut &content[..], &mut attached).unwrap();
        verifies(folder, &attached, &content, "-cades");
        let mut stream =
            SignedDataStream::begin(Vec::new(), SignedData::new(oid::DATA), &functions).unwrap();
        stream.write_all(&content).unwrap();
        let (streamed, _) = stream.finish(&[signatory], &signing).await.unwrap();
        verifies(folder, &streamed, &content, "-cades");
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_verifies_signatures_beside_each_other() {
    let folder = folder();
    let content = b"two have signed";
    let digests = ContentDigests::of(&mut &content[..], &HashFunction::ALL).unwrap();
    let mut message = SignedData::new(oid::DATA);
    for owner in ["person", "ul512"] {
        let (key, certificate) = (key(owner), certificate(owner));
        let signatory = Signatory::new(&key, &certificate).unwrap();
        message.sign(&signatory, &Signing::default(), &digests).await.unwrap();
        message.signers[0].counter_sign(&signatory, None).await.unwrap();
    }
    verifies(folder.path(), &message.to_detached(), content, "-content content");
}

async fn decrypt(message: &[u8], owner: &str) -> Vec<u8> {
    let reader = EnvelopedDataReader::open(message, Limits::default()).unwrap();
    let (key, certificate) = (key(owner), certificate(owner));
    let opened = reader.decrypt((&key, &certificate), &[], Sections::Engine).await;
    let mut opened = opened.unwrap_or_else(|error| panic!("{owner}: {error}"));
    let mut content = Vec::new();
    opened.read_to_end(&mut content).unwrap();
    opened.finish().unwrap();
    content
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn what_openssl_encrypts_is_decrypted_here() {
    let folder = folder();
    let folder = folder.path();
    for length in [0, 1, 5_000, 270_000] {
        let content = long(length);
        fs::write(folder.join("content"), &content).unwrap();
        for (_, cipher) in CIPHERS {
            let recipients = RECIPIENTS.map(|owner| format!("{owner}.pem")).join(" ");
            // OpenSSL fails to write nothing in pieces.
            for stream in if length == 0 { &[""][..] } else { &["", "-stream "] } {
                let command = format!(
                    "cms -encrypt -binary {stream}-{cipher} -in content -outform DER -out sealed {recipients}"
                );
                openssl(folder, &command).unwrap_or_else(|error| panic!("{command}: {error}"));
                let message = fs::read(folder.join("sealed")).unwrap();
                for owner in RECIPIENTS {
                    assert_eq!(decrypt(&message, owner).await, content, "{cipher} {owner}");
                }
            }
        }
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_decrypts_what_was_encrypted_here() {
    let folder = folder();
    let folder = folder.path();
    let recipients = RECIPIENTS.map(certificate);
    for length in [0, 1, 5_000, 270_000] {
        let content = long(length);
        for (cipher, _) in CIPHERS {
            for exchange in [Exchange::Transport, Exchange::Agreement] {
                // The engine has no agreement under GOST 28147-89.
                if cipher == ContentCipher::Gost28147 && exchange == Exchange::Agreement {
                    continue;
                }
                let encryption = Encryption { cipher, exchange, sections: Sections::Standard };
                let mut writer =
                    EnvelopedDataWriter::begin(Vec::new(), encryption, &recipients, &SystemRng)
                        .unwrap();
                writer.write_all(&content).unwrap();
                fs::write(folder.join("sealed"), writer.finish().unwrap()).unwrap();
                for owner in RECIPIENTS {
                    let command = format!(
                        "cms -decrypt -binary -inform DER -in sealed -recip {owner}.pem -inkey {owner}.key.pem -out opened"
                    );
                    openssl(folder, &command)
                        .unwrap_or_else(|error| panic!("{encryption:?} {owner}: {error}"));
                    let opened = fs::read(folder.join("opened")).unwrap();
                    let differs = opened.iter().zip(&content).position(|(one, other)| one != other);
                    assert_eq!((opened.len(), differs), (length, None), "{encryption:?}");
                }
            }
        }
    }
}

const CIPHERS: [(ContentCipher, &str); 5] = [
    (ContentCipher::Gost28147, "gost89"),
    (ContentCipher::Magma, "magma-ctr-acpkm"),
    (ContentCipher::MagmaOmac, "magma-ctr-acpkm-omac"),
    (ContentCipher::Kuznyechik, "kuznyechik-ctr-acpkm"),
    (ContentCipher::KuznyechikOmac, "kuznyechik-ctr-acpkm-omac"),
];
