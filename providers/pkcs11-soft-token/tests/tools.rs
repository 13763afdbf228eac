//! Other people's tools on the module: `pkcs11-tool` and `pkcs11-spy`, and the GOST engine of OpenSSL.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use der::Encode;
use gost3410::{ParameterSet, VerifyingKey};

/// A folder with a token whose PINs are set, all by `pkcs11-tool`.
struct Token {
    folder: tempfile::TempDir,
}

/// A curve as `pkcs11-tool` names it.
const CURVES: [(&str, ParameterSet); 7] = [
    ("GOSTR3410-2012-256:A", ParameterSet::TC26_256_A),
    ("GOSTR3410-2012-256:B", ParameterSet::CRYPTO_PRO_A),
    ("GOSTR3410-2012-256:C", ParameterSet::CRYPTO_PRO_B),
    ("GOSTR3410-2012-256:D", ParameterSet::CRYPTO_PRO_C),
    ("GOSTR3410-2012-512:A", ParameterSet::TC26_512_A),
    ("GOSTR3410-2012-512:B", ParameterSet::TC26_512_B),
    ("GOSTR3410-2012-512:C", ParameterSet::TC26_512_C),
];

impl Token {
    fn new() -> Self {
        let token = Self { folder: tempfile::tempdir().unwrap() };
        token.write("settings.json", br#"{"iterations": 100}"#);
        token.succeed(&["--init-token", "--label", "Office", "--so-pin", "87654321"]);
        token.succeed(&[
            "--login",
            "--login-type",
            "so",
            "--so-pin",
            "87654321",
            "--init-pin",
            "--pin",
            "12345678",
        ]);
        token
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, contents: &[u8]) {
        fs::write(self.path(name), contents).unwrap();
    }

    fn tool(&self, module: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new("pkcs11-tool");
        command.env("SOFT_TOKEN_DIR", self.folder.path()).current_dir(self.folder.path());
        command.env("PKCS11SPY", module_path()).env("PKCS11SPY_OUTPUT", self.path("spy.log"));
        command.arg("--module").arg(module).args(arguments).output().unwrap()
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        said(&self.tool(&module_path(), arguments), arguments)
    }

    /// As the user.
    fn user(&self, arguments: &[&str]) -> String {
        self.succeed(&[&["--login", "--pin", "12345678"], arguments].concat())
    }

    /// The public key of a label, as `pkcs11-tool -O` prints it.
    fn public_key(&self, label: &str, set: ParameterSet) -> VerifyingKey {
        let listed = self.succeed(&["--list-objects", "--type", "pubkey"]);
        let mut keys = listed.split("Public Key Object").filter(|key| key.contains(label));
        let value = keys.next().unwrap().split("VALUE:").nth(1).unwrap();
        let digits: String = value.split_whitespace().collect();
        let octets = hex::decode(&digits[..set.size() * 4]).unwrap();
        VerifyingKey::from_le_bytes(set, &octets).unwrap()
    }
}

fn said(output: &Output, arguments: &[&str]) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {text}{errors}");
    text
}

/// The module lies beside the tests, or one folder up.
fn module_path() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let name = format!(
        "{}pkcs11_soft_token{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let found = tests.ancestors().skip(1).map(|folder| folder.join(&name)).find(|it| it.exists());
    found.expect("the module was built")
}

fn openssl(arguments: &[&OsStr]) -> bool {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    let refused = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() || text.contains("Failure") || refused.contains("ailure"),
        "{text}{refused}"
    );
    output.status.success()
}

/// Whether OpenSSL with the GOST engine finds a signature over a digest good.
fn engine_verifies(token: &Token, key: &VerifyingKey, digest: &Path, signature: &Path) -> bool {
    let public = token.path("public.der");
    fs::write(&public, key.to_spki().unwrap().to_der().unwrap()).unwrap();
    openssl(&[
        "pkeyutl".as_ref(),
        "-engine".as_ref(),
        "gost".as_ref(),
        "-verify".as_ref(),
        "-pubin".as_ref(),
        "-keyform".as_ref(),
        "DER".as_ref(),
        "-inkey".as_ref(),
        public.as_ref(),
        "-in".as_ref(),
        digest.as_ref(),
        "-sigfile".as_ref(),
        signature.as_ref(),
    ])
}

#[test]
#[ignore = "needs OpenSC and OpenSSL with the GOST engine"]
fn pkcs11_tool_makes_keys_on_every_curve_and_openssl_verifies_what_it_signed() {
    let token = Token::new();
    token.write("message", b"message");
    for (number, (key_type, set)) in CURVES.into_iter().enumerate() {
        let id = format!("{:02x}", number + 1);
        let (raw, hashing, hash) = match set.size() {
            32 => ("GOSTR3410", "GOSTR3410-WITH-GOSTR3411-12-256", "GOSTR3411-12-256"),
            _ => ("GOSTR3410_512", "GOSTR3410-WITH-GOSTR3411-12-512", "GOSTR3411-12-512"),
        };
        token.user(&["--keypairgen", "--key-type", key_type, "--id", &id, "--label", key_type]);
        token.succeed(&[
            "--hash",
            "--mechanism",
            hash,
            "--input-file",
            "message",
            "--output-file",
            "digest",
        ]);
        let digest = fs::read(token.path("digest")).unwrap();
        let expected = match set.size() {
            32 => gost_hash::streebog256(b"message").to_vec(),
            _ => gost_hash::streebog512(b"message").to_vec(),
        };
        assert_eq!(digest, expected);
        let key = token.public_key(key_type, set);
        for (mechanism, input) in [(raw, "digest"), (hashing, "message")] {
            token.user(&[
                "--sign",
                "--mechanism",
                mechanism,
                "--id",
                &id,
                "--input-file",
                input,
                "--output-file",
                "signature",
            ]);
            let (digest, file) = (token.path("digest"), token.path("signature"));
            assert!(engine_verifies(&token, &key, &digest, &file), "{key_type} {mechanism}");
            let mut signature = fs::read(&file).unwrap();
            signature[7] ^= 1;
            fs::write(&file, signature).unwrap();
            assert!(!engine_verifies(&token, &key, &digest, &file), "{key_type} {mechanism}");
        }
    }
    let listed = token.user(&["--list-objects"]);
    for (key_type, _) in CURVES {
        assert_eq!(listed.matches(key_type).count(), 2, "{listed}");
    }
}

#[test]
#[ignore = "needs OpenSC"]
fn pkcs11_tool_writes_reads_and_deletes_a_certificate() {
    let token = Token::new();
    let der = include_bytes!("../../../tests/data/samples/generated/person.cer");
    token.write("certificate.der", der);
    token.user(&[
        "--write-object",
        "certificate.der",
        "--type",
        "cert",
        "--id",
        "05",
        "--label",
        "Сертификат",
    ]);
    token.succeed(&["--read-object", "--type", "cert", "--id", "05", "--output-file", "read.der"]);
    assert_eq!(fs::read(token.path("read.der")).unwrap(), der);
    assert!(token.succeed(&["--list-objects"]).contains("Сертификат"));
    token.user(&["--delete-object", "--type", "cert", "--id", "05"]);
    assert!(!token.succeed(&["--list-objects"]).contains("Certificate Object"));
}

#[test]
#[ignore = "needs OpenSC"]
fn pkcs11_tool_sees_pins_locked_and_unlocked() {
    let token = Token::new();
    for wrong in 1..=11 {
        let output =
            token.tool(&module_path(), &["--login", "--pin", "wrong-pin", "--list-objects"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = if wrong <= 10 { "CKR_PIN_INCORRECT" } else { "CKR_PIN_LOCKED" };
        assert!(!output.status.success() && errors.contains(expected), "{wrong}: {errors}");
        let slots = token.succeed(&["--list-slots"]);
        assert_eq!(slots.contains("final user PIN try"), wrong == 9, "{wrong}: {slots}");
        assert_eq!(slots.contains("user PIN locked"), wrong >= 10, "{wrong}: {slots}");
    }
    token.succeed(&[
        "--login",
        "--login-type",
        "so",
        "--so-pin",
        "87654321",
        "--init-pin",
        "--pin",
        "new-pin-1",
    ]);
    token.succeed(&["--login", "--pin", "new-pin-1", "--list-objects"]);
    token.succeed(&["--login", "--pin", "new-pin-1", "--change-pin", "--new-pin", "12345678"]);
    token.user(&["--list-objects"]);
}

#[test]
#[ignore = "needs OpenSC"]
fn pkcs11_spy_traces_a_whole_session() {
    let token = Token::new();
    let spy = ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        .iter()
        .map(|folder| Path::new(folder).join("pkcs11-spy.so"))
        .find(|path| path.exists())
        .expect("pkcs11-spy.so of OpenSC");
    token.write("message", b"message");
    let arguments = [
        "--login",
        "--pin",
        "12345678",
        "--keypairgen",
        "--key-type",
        "GOSTR3410-2012-512:C",
        "--id",
        "01",
    ];
    said(&token.tool(&spy, &arguments), &arguments);
    let arguments = [
        "--login",
        "--pin",
        "12345678",
        "--sign",
        "--mechanism",
        "GOSTR3410-WITH-GOSTR3411-12-512",
        "--id",
        "01",
        "--input-file",
        "message",
        "--output-file",
        "signature",
    ];
    said(&token.tool(&spy, &arguments), &arguments);
    let trace = fs::read_to_string(token.path("spy.log")).unwrap();
    for call in [
        "C_Initialize",
        "C_OpenSession",
        "C_Login",
        "C_GenerateKeyPair",
        "C_FindObjectsInit",
        "C_SignInit",
        "C_Sign",
        "C_CloseSession",
        "C_Finalize",
    ] {
        assert!(trace.contains(&format!(": {call}")), "{call} in {trace}");
    }
    assert_eq!(fs::read(token.path("signature")).unwrap().len(), 128);
}
