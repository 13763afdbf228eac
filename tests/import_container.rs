//! The example that takes keys over from CryptoPro CSP, as its users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gost3410::SigningKey;
use pkcs8::PrivateKeyInfoRef;

/// The example that `cargo test` built beside this test.
fn import(arguments: &[&str]) -> Output {
    let test = std::env::current_exe().unwrap();
    let example = test.parent().unwrap().parent().unwrap().join("examples/import_container");
    Command::new(example).args(arguments).output().expect("cargo test builds the examples")
}

fn sample(path: &str) -> String {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/csp");
    samples.join(path).to_str().unwrap().to_owned()
}

/// What can be imported: the option, the file, its password, which key, and d as it was recorded.
fn sources() -> Vec<(&'static str, String, String, &'static str, String)> {
    let recorded = |file: &str| -> serde_json::Map<String, serde_json::Value> {
        serde_json::from_slice(&std::fs::read(sample(file)).unwrap()).unwrap()
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut sources = Vec::new();
    for (name, values) in recorded("containers/expected.json") {
        for which in ["primary", "secondary"] {
            if let Some(key) = values["keys"].get(which) {
                let folder = sample(&format!("containers/{name}"));
                sources.push(("--container", folder, String::new(), which, text(&key["d_le"])));
            }
        }
    }
    for (name, values) in recorded("pfx/expected.json") {
        let file = sample(&format!("pfx/{name}.pfx"));
        sources.push(("--pfx", file, text(&values["password"]), "primary", text(&values["d_le"])));
    }
    assert_eq!(sources.len(), 11);
    sources
}

#[test]
fn every_key_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    for (number, (option, source, password, which, d)) in sources().into_iter().enumerate() {
        let out = folder.path().join(format!("{number}.pem"));
        let path = out.to_str().unwrap();
        let output =
            import(&[option, &source, "--password", &password, "--key", which, "--out", path]);
        assert!(output.status.success(), "{source}: {output:?}");
        let pem = std::fs::read(&out).unwrap();
        let (_, der) = der::pem::decode_vec(&pem).unwrap();
        let info = PrivateKeyInfoRef::try_from(der.as_slice()).unwrap();
        let key = SigningKey::from_pkcs8(&info).unwrap();
        assert_eq!(hex::encode(key.to_le_bytes()), d, "{source} {which}");
    }
}

/// One line, status 1, and no file.
#[test]
fn what_cannot_be_imported_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("key.pem");
    let path = out.to_str().unwrap();
    let cases: [(&[&str], &str); 7] = [
        (&["--container", &sample("containers/pfx-0829.000")], "header version 4"),
        (&["--container", &sample("containers/pfx-3407.000")], "header version 4"),
        (&["--container", "/nowhere"], "header.key"),
        (
            &["--container", &sample("containers/G2012256.001"), "--password", "1"],
            "password is wrong",
        ),
        (&["--pfx", &sample("pfx/cli_2012_256_pw-1.pfx"), "--password", "2"], "password is wrong"),
        (&["--pfx", &sample("containers/G2012256.001/header.key")], "malformed"),
        (
            &["--container", &sample("containers/G2001256.000"), "--key", "secondary"],
            "no secondary",
        ),
    ];
    for (arguments, why) in cases {
        let output = import(&[arguments, &["--out", path]].concat());
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        assert!(told.contains(why) && told.lines().count() == 1, "{arguments:?}: {told}");
        assert!(!out.exists());
    }
}

#[test]
fn no_file_is_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("key.pem");
    std::fs::write(&out, "another key").unwrap();
    let source = sample("containers/G2012256.001");
    let output = import(&["--container", &source, "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(out).unwrap(), "another key");
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_signs_with_what_was_imported() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| -> PathBuf { folder.path().join(name) };
    for (number, (option, source, password, which, _)) in sources().into_iter().enumerate() {
        let (out, certificate) = (file(&format!("{number}.pem")), file(&format!("{number}.cer")));
        let output = import(&[
            option,
            &source,
            "--password",
            &password,
            "--key",
            which,
            "--out",
            out.to_str().unwrap(),
            "--new-password",
            "new",
            "--certificate",
            certificate.to_str().unwrap(),
        ]);
        assert!(output.status.success(), "{source}: {output:?}");
        let openssl = |arguments: &[&str]| {
            let output = Command::new("openssl").args(arguments).output().unwrap();
            assert!(output.status.success(), "{source} {which}: {output:?}");
            output.stdout
        };
        let (message, signature, public) = (file("message"), file("signature"), file("public"));
        std::fs::write(&message, &source).unwrap();
        let [out, certificate, message, signature, public] =
            [&out, &certificate, &message, &signature, &public].map(|path| path.to_str().unwrap());
        let key = openssl(&["x509", "-engine", "gost", "-in", certificate, "-noout", "-pubkey"]);
        std::fs::write(public, key).unwrap();
        let hash = if source.contains("2001") {
            "-md_gost94"
        } else if source.contains("512") || source.contains("6b72") {
            "-md_gost12_512"
        } else {
            "-md_gost12_256"
        };
        openssl(&[
            "dgst", "-engine", "gost", hash, "-sign", out, "-passin", "pass:new", "-out",
            signature, message,
        ]);
        openssl(&[
            "dgst",
            "-engine",
            "gost",
            hash,
            "-verify",
            public,
            "-signature",
            signature,
            message,
        ]);
    }
}
