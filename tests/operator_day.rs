//! The main job, as its users run it; what it issues is judged by OpenSSL and GnuTLS.

use std::env::consts;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const SETS: &[&str] = &["256-A", "256-B", "CP-A", "256-C", "256-D", "512-A", "512-B", "512-C"];
/// GnuTLS knows no other curves.
const GNUTLS_SETS: &[&str] = &["256-B", "CP-A", "512-A"];

/// The example that `cargo test` built beside this test.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/operator_day")
}

fn day(arguments: &[&str]) -> Output {
    Command::new(example()).args(arguments).output().expect("cargo test builds the examples")
}

struct Day {
    folder: tempfile::TempDir,
    account: String,
}

impl Day {
    fn play(set: &str) -> Self {
        Self::play_with(&["--param-set", set], &[])
    }

    fn play_with(arguments: &[&str], environment: &[(&str, &Path)]) -> Self {
        let (folder, set) = (tempfile::tempdir().unwrap(), arguments.join(" "));
        let out = folder.path().to_str().unwrap();
        let output = Command::new(example())
            .args(["--out", out])
            .args(arguments)
            .envs(environment.iter().copied())
            .output()
            .expect("cargo test builds the examples");
        let account = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "{set}: {account}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { folder, account }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn summary(&self) -> Vec<Value> {
        serde_json::from_slice(&fs::read(self.path("summary.json")).unwrap()).unwrap()
    }

    /// Logins whose last certificate is in that state.
    fn logins(&self, status: &str) -> Vec<String> {
        let fits = |line: &&Value| line["status"] == status;
        self.summary()
            .iter()
            .filter(fits)
            .map(|line| line["login"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn the_day_ends_as_its_applications_say() {
    let day = Day::play("256-A");
    let summary = day.summary();
    assert_eq!(summary.len(), 17);
    assert!(day.logins("active").len() >= 8, "{summary:?}");
    assert_eq!(day.logins("suspended").len(), 2);
    assert_eq!(day.logins("revoked").len(), 3);
    assert_eq!(summary.iter().filter(|line| line["deleted"] == true).count(), 2);
    let refusals: Vec<_> =
        summary.iter().flat_map(|line| line["refusals"].as_array().unwrap()).collect();
    let refused =
        |code: &str| refusals.iter().any(|refusal| refusal.as_str().unwrap().contains(code));
    assert!(
        ["inn.check-digit", "missing", "registration.duplicate", "profile.presence"]
            .into_iter()
            .all(refused),
        "{refusals:?}"
    );
    assert!(day.account.contains("permission.scope"), "{}", day.account);
    assert!(day.account.contains("0 finding(s)"), "{}", day.account);
    let forms = ["paper.html", "application.html", "hand-over.html"];
    let first = day.path("users").join(&day.logins("active")[0]);
    assert!(forms.iter().all(|form| first.join(form).exists()));
    let sheet = fs::read_to_string(first.join("hand-over.html")).unwrap();
    assert!(!sheet.contains("temporary-pin") && sheet.contains("••••"));
    assert!(day.account.contains(".zip."), "{}", day.account);
    assert!(day.path("authority/issuing.crl").exists() && day.path("office.db").exists());
    // the owners of certificates that were issued, held or terminated are told
    let letters = fs::read_dir(day.path("letters")).unwrap().map(|letter| letter.unwrap().path());
    let letters: Vec<_> = letters.map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(day.account.contains(&format!("{} letters", letters.len())), "{}", day.account);
    assert!(letters.len() >= 5 && letters.iter().all(|letter| letter.contains("\r\nTo: ")));
}

/// A day over the test double of CryptoPro CSP: every key in one of its containers.
#[test]
fn the_day_is_played_over_a_csp() {
    let keys = tempfile::tempdir().unwrap();
    let name = format!("{}gost_csp_double{}", consts::DLL_PREFIX, consts::DLL_SUFFIX);
    let double = std::env::current_exe().unwrap().with_file_name(name);
    let store = format!("cryptopro:{}", double.display());
    let day = Day::play_with(&["--key-store", &store], &[("CSP_DOUBLE_KEYS", keys.path())]);
    assert!(day.account.contains("0 finding(s)"), "{}", day.account);
    assert_eq!(day.summary().len(), 17);
    // an administrator, operators, two keys of the authority, the users'
    assert!(fs::read_dir(keys.path()).unwrap().count() > 12);
}

#[test]
fn wrong_input_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("applications.json");
    fs::write(&file, r#"[{"form": {"kind": "natural-person", "hair": "red"}}]"#).unwrap();
    let output = day(&[
        "--applications",
        file.to_str().unwrap(),
        "--out",
        folder.path().join("out").to_str().unwrap(),
    ]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(error.contains("line 1") && error.contains("unknown-field"), "{error}");

    let output = day(&["--param-set", "1024-Z"]);
    assert!(!output.status.success());
}

#[test]
#[ignore = "needs OpenSSL with the GOST engine and GnuTLS"]
fn others_accept_what_a_day_issues_on_every_set() {
    for set in SETS {
        let day = Day::play(set);
        let bench = Bench::new(&day);
        bench.verify_requests();
        bench.verify_certificates();
        if GNUTLS_SETS.contains(set) {
            bench.verify_by_gnutls();
        }
    }
}

/// All keys on one token of GOST: the soft one, set up by OpenSC, whose spy traces a whole day.
#[test]
#[ignore = "needs OpenSC, OpenSSL with the GOST engine"]
fn a_day_with_all_keys_on_a_token_of_gost() {
    let (module, spy) = (soft_token(), spy());
    for (set, through) in [("256-A", &spy), ("512-C", &module)] {
        let folder = tempfile::tempdir().unwrap();
        let tool = |arguments: &[&str]| {
            run(Command::new("pkcs11-tool")
                .args(["--module", text(&module), "--slot-index", "0"])
                .args(arguments)
                .env("SOFT_TOKEN_DIR", folder.path()));
        };
        tool(&["--init-token", "--label", "day", "--so-pin", "87654321"]);
        let officer = ["--login", "--login-type", "so", "--so-pin", "87654321"];
        tool(&[&officer[..], &["--init-pin", "--new-pin", "12345678"]].concat());
        let store = format!("pkcs11:{}?slot=0&pin-value=12345678", text(through));
        let arguments = ["--key-store", &store, "--param-set", set];
        let trace = folder.path().join("trace");
        let environment = [
            ("SOFT_TOKEN_DIR", folder.path()),
            ("PKCS11SPY", &*module),
            ("PKCS11SPY_OUTPUT", &*trace),
        ];
        let day = Day::play_with(&arguments, &environment);
        assert!(!day.path("keys/authority").read_dir().unwrap().any(|_| true));
        let bench = Bench::new(&day);
        bench.verify_requests();
        bench.verify_certificates();
        if through == &spy {
            check_trace(&fs::read_to_string(trace).unwrap());
        }
    }
}

/// The day as OpenSC's spy saw it: keys made, certificates written, signatures, and no call that was refused.
fn check_trace(trace: &str) {
    let count = |what: &str| trace.matches(what).count();
    let calls = |name: &str| count(&format!(": {name}\n"));
    assert_eq!((calls("C_Initialize"), calls("C_Login")), (1, 1));
    assert!(calls("C_GenerateKeyPair") > 12 && calls("C_CreateObject") > 8);
    assert!(calls("C_Sign") > 30 && calls("C_Sign") == calls("C_SignInit"));
    // objects say which attributes they have not, and the token takes no seed of others
    let fine = ["CKR_OK", "CKR_ATTRIBUTE_TYPE_INVALID", "CKR_RANDOM_SEED_NOT_SUPPORTED"];
    let mut answers = trace.lines().filter_map(|line| line.strip_prefix("Returned:"));
    assert_eq!(answers.find(|answer| !fine.iter().any(|code| answer.ends_with(code))), None);
}

/// The module of OpenSC's that writes down what passes through it.
fn spy() -> PathBuf {
    ["/usr/lib", "/usr/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        .into_iter()
        .map(|folder| Path::new(folder).join("pkcs11-spy.so"))
        .find(|path| path.exists())
        .expect("pkcs11-spy.so of OpenSC")
}

/// The module that cargo built for this test.
fn soft_token() -> PathBuf {
    let name = format!("{}pkcs11_soft_token{}", consts::DLL_PREFIX, consts::DLL_SUFFIX);
    std::env::current_exe().unwrap().parent().unwrap().join(name)
}

/// The authority's keys on Debian's SoftHSM, which knows no GOST; all others' in folders.
#[test]
#[ignore = "needs SoftHSM, OpenSSL with the GOST engine"]
fn an_authority_on_a_token_of_p256_or_rsa_certifies_keys_of_gost() {
    for kind in ["p256", "rsa"] {
        let folder = tempfile::tempdir().unwrap();
        let (tokens, file) = (folder.path().join("tokens"), folder.path().join("softhsm2.conf"));
        fs::create_dir(&tokens).unwrap();
        fs::write(&file, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
        run(Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "day", "--pin", "1234", "--so-pin", "4321"])
            .env("SOFTHSM2_CONF", &file));
        let store = "pkcs11:/usr/lib/softhsm/libsofthsm2.so?token=day&pin-value=1234";
        let arguments = ["--key-store", store, "--authority-key", kind];
        let day = Day::play_with(&arguments, &[("SOFTHSM2_CONF", &file)]);
        assert!(day.account.contains("only the authority's are there"), "{}", day.account);
        let bench = Bench::new(&day);
        bench.verify_requests();
        bench.verify_certificates();
    }
}

/// Other people's tools over one day's files.
struct Bench<'a> {
    day: &'a Day,
    root: PathBuf,
    issuing: PathBuf,
    crl: PathBuf,
}

impl<'a> Bench<'a> {
    fn new(day: &'a Day) -> Self {
        let root = pem(&day.path("authority/root.cer"), "x509");
        let issuing = pem(&day.path("authority/issuing.cer"), "x509");
        let crl = pem(&day.path("authority/issuing.crl"), "crl");
        openssl(&["crl", "-in", text(&crl), "-CAfile", text(&issuing), "-noout"]);
        openssl(&["verify", "-CAfile", text(&root), text(&issuing)]);
        Self { day, root, issuing, crl }
    }

    fn verify_requests(&self) {
        for request in self.files("p10") {
            let output =
                openssl(&["req", "-inform", "DER", "-in", text(&request), "-verify", "-noout"]);
            let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
            assert!(said.contains("verify ok"), "{}: {said}", request.display());
        }
    }

    /// Good passes, revoked and suspended fail; the newest certificate of a login has its status.
    fn verify_certificates(&self) {
        for line in self.day.summary() {
            let Some(login) = line["login"].as_str().filter(|_| line["serial"].is_string()) else {
                continue;
            };
            let folder = self.day.path("users").join(login);
            let renewed = folder.join("certificate-2.cer");
            let certificate =
                if renewed.exists() { renewed } else { folder.join("certificate.cer") };
            let verified = self.verify(&pem(&certificate, "x509"));
            let said = format!(
                "{}{}",
                String::from_utf8_lossy(&verified.stdout),
                String::from_utf8_lossy(&verified.stderr)
            );
            let good = line["status"] == "active";
            assert_eq!(verified.status.success(), good, "{login}: {said}");
            assert!(good || said.contains("certificate revoked"), "{login}: {said}");
            openssl(&[
                "pkcs7",
                "-inform",
                "DER",
                "-in",
                text(&folder.join("chain.p7b")),
                "-print_certs",
                "-noout",
            ]);
        }
    }

    fn verify(&self, certificate: &Path) -> Output {
        let (root, issuing, crl) = (text(&self.root), text(&self.issuing), text(&self.crl));
        let arguments =
            ["verify", "-CAfile", root, "-untrusted", issuing, "-CRLfile", crl, "-crl_check"];
        openssl_command().args(arguments).arg(certificate).output().unwrap()
    }

    fn verify_by_gnutls(&self) {
        let login = &self.day.logins("active")[0];
        let certificate = pem(&self.day.path("users").join(login).join("certificate.cer"), "x509");
        let chain = self.day.path("chain.pem");
        let parts =
            [&certificate, &self.issuing, &self.root].map(|part| fs::read_to_string(part).unwrap());
        fs::write(&chain, parts.concat()).unwrap();
        let output = Command::new("certtool")
            .args(["--verify-chain", "--infile", text(&chain)])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("Verified."), "{said}");
        run(Command::new("certtool")
            .args(["--inder", "--crl-info", "--infile"])
            .arg(self.day.path("authority/issuing.crl")));
        for request in self.files("p10") {
            run(Command::new("certtool").args(["--inder", "--crq-info", "--infile"]).arg(request));
        }
    }

    fn files(&self, kind: &str) -> Vec<PathBuf> {
        let users = fs::read_dir(self.day.path("users")).unwrap();
        let files = users.flat_map(|user| fs::read_dir(user.unwrap().path()).unwrap());
        let files = files.map(|file| file.unwrap().path());
        files.filter(|file| file.extension().is_some_and(|extension| extension == kind)).collect()
    }
}

/// DER to PEM, by OpenSSL.
fn pem(der: &Path, kind: &str) -> PathBuf {
    let pem = der.with_extension(format!("{kind}.pem"));
    openssl(&[kind, "-inform", "DER", "-in", text(der), "-out", text(&pem)]);
    pem
}

fn openssl(arguments: &[&str]) -> Output {
    run(openssl_command().args(arguments))
}

fn openssl_command() -> Command {
    let mut command = Command::new("openssl");
    command.env(
        "OPENSSL_CONF",
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/openssl.cnf"),
    );
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    output
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
