//! What OpenSSL with the GOST engine and GnuTLS say of keys that we took over and of files that we wrote.

use std::path::Path;
use std::process::{Command, Output};

use getrandom::SysRng;
use gost_key_files::{Cipher, CspKey, EncryptedKey, Freshness, NewPfx, Pfx, Protection, Usage};
use gost3410::SigningKey;
use pkcs8::{EncodePrivateKey, PrivateKeyInfoRef};
use tempfile::TempDir;

use super::{digest, expected, fill, folder, open, read};

/// Every key of the samples of the CSP, with its certificate.
fn keys() -> Vec<(String, CspKey)> {
    let mut keys = Vec::new();
    for name in expected("containers/expected.json").keys() {
        let opened = open(&folder(name)).unwrap().open("").unwrap();
        keys.extend(opened.into_iter().map(|key| (name.clone(), key)));
    }
    for (name, values) in expected("pfx/expected.json") {
        let password = values["password"].as_str().unwrap();
        let pfx = Pfx::read(&read(&format!("pfx/{name}.pfx")), password).unwrap();
        let certificate = pfx.certificate_of(&pfx.keys[0]).unwrap().to_vec();
        let key = pfx.keys.into_iter().next().unwrap().key;
        let key = CspKey::new(key, Usage::Exchange).with_certificate(&certificate).unwrap();
        keys.push((name, key));
    }
    assert_eq!(keys.len(), 11);
    keys
}

fn openssl(directory: &TempDir, arguments: &[&str]) -> Output {
    Command::new("openssl").args(arguments).current_dir(directory.path()).output().unwrap()
}

fn write(directory: &TempDir, name: &str, octets: &[u8]) {
    std::fs::write(directory.path().join(name), octets).unwrap();
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn signatures_of_every_key_verify_by_its_certificate() {
    let directory = tempfile::tempdir().unwrap();
    for (name, key) in keys() {
        let message = format!("message of {name}");
        let (digest, algorithm) = digest(&key.key, message.as_bytes());
        let signature = key.key.sign_prehash(&digest, &mut SysRng).unwrap();
        write(&directory, "certificate", &key.certificate.unwrap());
        write(&directory, "message", message.as_bytes());
        write(&directory, "signature", signature.as_slice());
        let public = openssl(
            &directory,
            &[
                "x509",
                "-engine",
                "gost",
                "-inform",
                "DER",
                "-in",
                "certificate",
                "-noout",
                "-pubkey",
            ],
        );
        write(&directory, "public.pem", &public.stdout);
        let algorithm = format!("-{algorithm}");
        let verdict = openssl(
            &directory,
            &[
                "dgst",
                "-engine",
                "gost",
                &algorithm,
                "-verify",
                "public.pem",
                "-signature",
                "signature",
                "message",
            ],
        );
        assert_eq!(
            String::from_utf8_lossy(&verdict.stdout),
            "Verified OK\n",
            "{name}: {verdict:?}"
        );
    }
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_reads_the_keys_as_pkcs8() {
    let directory = tempfile::tempdir().unwrap();
    for (name, key) in keys() {
        let octets = key.key.verifying_key().to_le_bytes();
        write(&directory, "plain", key.key.to_pkcs8_der().unwrap().as_bytes());
        let fresh = Freshness::draw(fill).unwrap();
        let cipher = Cipher::GOST_28147;
        let sealed = EncryptedKey::seal_key(cipher, &key.key, b"password", 2000, fresh).unwrap();
        write(&directory, "sealed", sealed.as_der());
        for file in ["plain", "sealed"] {
            let output = openssl(
                &directory,
                &[
                    "pkey",
                    "-engine",
                    "gost",
                    "-inform",
                    "DER",
                    "-in",
                    file,
                    "-passin",
                    "pass:password",
                    "-pubout",
                    "-outform",
                    "DER",
                ],
            );
            assert!(output.stdout.ends_with(&octets), "{name}, {file}: {output:?}");
        }
    }
}

/// PFX files of `cipher` of all keys, as OpenSSL's PEM.
fn openssl_pfx(protection: impl Fn() -> Protection, arguments: &[&str]) -> Vec<(CspKey, String)> {
    let directory = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for (name, key) in keys() {
        let certificates = [key.certificate.clone().unwrap()];
        let new = NewPfx {
            key: &key.key,
            certificates: &certificates,
            name: Some("ключ"),
            password: "password",
            iterations: 100,
        };
        write(&directory, "file.pfx", &new.write(protection(), fill).unwrap());
        let mut all =
            vec!["pkcs12", "-engine", "gost", "-in", "file.pfx", "-passin", "pass:password"];
        all.extend(arguments);
        let output = openssl(&directory, &all);
        assert!(output.status.success(), "{name}: {output:?}");
        seen.push((key, String::from_utf8(output.stdout).unwrap()));
    }
    seen
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_reads_pfx_files_by_gost28147() {
    let protection = || Protection::Standard(Cipher::GOST_28147);
    for (key, text) in openssl_pfx(protection, &["-nodes"]) {
        assert!(text.contains("BEGIN CERTIFICATE"), "{text}");
        let (start, end) = ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----\n");
        let from = text.find(start).unwrap();
        let to = text.find(end).unwrap() + end.len();
        let (_, der) = der::pem::decode_vec(&text.as_bytes()[from..to]).unwrap();
        let info = PrivateKeyInfoRef::try_from(der.as_slice()).unwrap();
        let read = SigningKey::from_pkcs8(&info).unwrap();
        assert_eq!(read.to_le_bytes(), key.key.to_le_bytes());
    }
}

/// OpenSSL 3.0 knows neither the ciphers of RFC 9337 in PBES2 nor the CSP's scheme: it shows certificates,
/// after it has checked the code of the whole.
#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_accepts_the_codes_of_other_pfx_files() {
    let protections =
        [Protection::Standard(Cipher::KuznyechikOmac), Protection::Csp(Usage::Exchange)];
    for protection in protections {
        for (_, text) in openssl_pfx(|| protection, &["-legacy", "-nokeys"]) {
            assert!(text.contains("BEGIN CERTIFICATE"), "{text}");
        }
    }
}

fn certtool(option: &str, file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new("certtool");
    let command = command.args(["--inder", "--password=password"]).args(arguments);
    command.arg(option).arg(file).output().unwrap()
}

/// GnuTLS knows GOST 28147-89 in both formats.
#[test]
#[ignore = "needs certtool of GnuTLS"]
fn certtool_reads_what_we_write() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    for (name, key) in keys() {
        let fresh = Freshness::draw(fill).unwrap();
        let cipher = Cipher::GOST_28147;
        let sealed = EncryptedKey::seal_key(cipher, &key.key, b"password", 2000, fresh).unwrap();
        std::fs::write(&file, sealed.as_der()).unwrap();
        let output = certtool("--load-privkey", &file, &["--pubkey-info"]);
        let text = String::from_utf8_lossy(&output.stdout).replace([':', '\n', '\t'], "");
        let public = key.key.verifying_key();
        let [number, octets] =
            [hex::encode(public.x_be()), hex::encode(&public.to_le_bytes()[..32])];
        assert!(text.contains(&number) || text.contains(&octets), "{name}: {output:?}");

        let certificates = [key.certificate.clone().unwrap()];
        let (key, password) = (&key.key, "password");
        let new =
            NewPfx { key, certificates: &certificates, name: None, password, iterations: 2000 };
        let pfx = new.write(Protection::Standard(cipher), fill).unwrap();
        std::fs::write(&file, pfx).unwrap();
        let output = certtool("--infile", &file, &["--p12-info"]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("BEGIN ENCRYPTED PRIVATE KEY"), "{name}: {text}");
        assert!(text.contains("BEGIN CERTIFICATE"), "{name}: {text}");
    }
}
