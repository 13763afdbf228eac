//! The example, run as its page says it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use gost_ca::oid::Oid;
use gost_ca::provider::KeyStore;
use gost_ca::provider::key_store::{Access, CarrierId, KeyAlgorithm, KeyId, KeySpec};
use gost_ca::secret::Secret;
use gost_ca_software::{DirectoryKeyStore, SystemRng, directory_key_store};
use tempfile::TempDir;

use crate::over_http::serve;
use crate::services::NOW;
use crate::support::{issued, long, sample};

/// A folder with what a person has: a key, certificates, CRLs, a contract.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, file) in [
            ("me.pem", "person.key.pem"),
            ("me.cer", "person.cer"),
            ("you.pem", "ul512.key.pem"),
            ("you.cer", "ul512.cer"),
            ("root.cer", "root.cer"),
            ("ca.cer", "ca256.cer"),
            ("ca.crl", "ca256.crl"),
            ("root.crl", "root.crl"),
        ] {
            fs::write(folder.path().join(name), sample(file)).unwrap();
        }
        fs::write(folder.path().join("contract.pdf"), long(200_000)).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(crate) fn write(&self, name: &str, octets: impl AsRef<[u8]>) {
        fs::write(self.path(name), octets).unwrap();
    }

    /// Runs the example; gives its status and what it said.
    pub(crate) fn run(&self, command: &str) -> (Option<i32>, String) {
        self.run_by(Command::new(example()), command)
    }

    fn run_by(&self, mut program: Command, command: &str) -> (Option<i32>, String) {
        let output = program
            .args(command.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .expect("cargo test builds the examples");
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(said).unwrap())
    }

    /// Runs it, and it must succeed.
    pub(crate) fn works(&self, command: &str) -> String {
        let (status, said) = self.run(command);
        assert_eq!(status, Some(0), "{command}: {said}");
        said
    }

    /// A path as it is told on the command line.
    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

/// The example that `cargo test` built beside this test.
fn example() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/documents")
}

/// All that a check wants.
pub(crate) const KNOWN: &str =
    "--anchor root.cer --chain ca.cer --crl ca.crl --crl root.crl --at 2026-11-22T10:00:00Z";
const MINE: &str = "--key me.pem --certificate me.cer";

#[test]
fn messages_are_signed_and_checked() {
    let desk = Desk::new();
    desk.works(&format!("sign {MINE} contract.pdf contract.pdf.p7s"));
    let verify = format!("verify {KNOWN} --content contract.pdf --ru contract.pdf.p7s");
    assert!(desk.works(&verify).starts_with("1. подпись действительна"));
    let told = desk.works(&verify.replace("--ru", "--json"));
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&told["verdict"], &told["signers"][0]["level"]), (&"valid".into(), &"bes".into()));
    let (status, _) = desk.run(&verify.replace("--crl ca.crl", ""));
    assert_eq!(status, Some(2), "the status is not known");
    desk.write("other", "another contract");
    assert_eq!(desk.run(&verify.replace("--content contract.pdf", "--content other")).0, Some(1));
    assert_eq!(desk.run(&verify.replace("--content contract.pdf", "")).0, Some(3));

    desk.works(&format!(
        "sign --attached {MINE} --chain ca.cer --crl ca.crl contract.pdf whole.p7m"
    ));
    desk.works(&format!("verify {KNOWN} whole.p7m taken"));
    assert_eq!(desk.read("taken"), desk.read("contract.pdf"));
    let (status, said) = desk.run("sign --key me.pem --certificate you.cer contract.pdf none");
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("the key is not the certificate's"), "{said}");
    assert!(!desk.path("none").exists() && !desk.path("none.part").exists());
}

#[test]
fn files_are_encrypted_and_decrypted() {
    let desk = Desk::new();
    for cipher in ["gost28147", "magma", "magma-omac", "kuznyechik", "kuznyechik-omac"] {
        for exchange in ["", "--agreement"] {
            let options = format!("--cipher {cipher} {exchange}");
            desk.works(&format!(
                "encrypt {options} --recipient you.cer --recipient me.cer contract.pdf sealed"
            ));
            for owner in ["me", "you"] {
                desk.works(&format!(
                    "decrypt --key {owner}.pem --certificate {owner}.cer sealed opened.{owner}"
                ));
                assert_eq!(desk.read(&format!("opened.{owner}")), desk.read("contract.pdf"));
            }
        }
    }
    let mut sealed = desk.read("sealed");
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    desk.write("sealed", sealed);
    let (status, said) = desk.run(&format!("decrypt {MINE} sealed changed"));
    assert_eq!(status, Some(3), "{said}");
    assert!(!desk.path("changed").exists() && !desk.path("changed.part").exists());
}

/// The address space is less than the file is long.
#[test]
#[cfg(target_os = "linux")]
fn long_files_are_not_held() {
    let desk = Desk::new();
    fs::File::create(desk.path("contract.pdf")).unwrap().set_len(LONG).unwrap();
    let works = |command: &str| {
        let mut shell = Command::new("sh");
        let limit = format!("ulimit -v {} && exec \"$0\" \"$@\"", MEMORY / 1024);
        shell.args(["-c", &limit]).arg(example());
        let (status, said) = desk.run_by(shell, command);
        assert_eq!(status, Some(0), "{command}: {said}");
    };
    works(&format!("sign {MINE} contract.pdf signature"));
    works(&format!("verify {KNOWN} --content contract.pdf signature"));
    works(&format!("sign --attached {MINE} contract.pdf whole"));
    works(&format!("verify {KNOWN} whole taken"));
    assert_eq!(fs::metadata(desk.path("taken")).unwrap().len(), LONG);
    works("encrypt --recipient me.cer contract.pdf sealed");
    works(&format!("decrypt {MINE} sealed taken"));
    assert_eq!(fs::metadata(desk.path("taken")).unwrap().len(), LONG);
}

#[cfg(target_os = "linux")]
const LONG: u64 = 0x480_0000;
/// Of addresses, those of the program included.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 0x400_0000;

#[test]
fn signatures_are_made_to_last() {
    let (desk, address) = (Desk::new(), serve());
    desk.works(&format!("sign {MINE} contract.pdf contract.pdf.p7s"));
    desk.works(&format!("stamp --tsa {address}/tsa contract.pdf.p7s contract.pdf.t.p7s"));
    desk.works(&format!(
        "upgrade --tsa {address}/tsa --ocsp {address}/ocsp --anchor root.cer --chain ca.cer --crl root.crl --at {NOW} \
         contract.pdf.t.p7s contract.pdf.x.p7s"
    ));
    for (file, status, level) in [("t", 2, "t"), ("x", 0, "x-long-type1")] {
        let (found, told) = desk.run(&format!(
            "verify --json --anchor root.cer --content contract.pdf --at 2031-01-01T00:00:00Z contract.pdf.{file}.p7s"
        ));
        let told: serde_json::Value =
            serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
        assert_eq!((found, &told["signers"][0]["level"]), (Some(status), &level.into()));
    }
}

#[test]
#[cfg(feature = "xml")]
fn xml_is_signed_stamped_and_checked() {
    let (desk, address) = (Desk::new(), serve());
    desk.write("order.xml", "<order Id='whole'>\n<sum Id='sum'>100</sum></order>");
    desk.works(&format!("sign --xml {MINE} order.xml order.signed.xml"));
    let said = desk.works(&format!("verify {KNOWN} order.signed.xml order.canonical.xml"));
    assert!(said.contains("/order[1]/ds:Signature[1] signs Document"), "{said}");
    assert_eq!(
        desk.read("order.canonical.xml"),
        b"<order Id=\"whole\">\n<sum Id=\"sum\">100</sum></order>"
    );
    desk.works(&format!("stamp --tsa {address}/tsa order.signed.xml order.t.xml"));
    let late = "verify --anchor root.cer --chain ca.cer --no-status --at 2050-01-01T00:00:00Z";
    assert_eq!(desk.run(&format!("{late} order.signed.xml")).0, Some(2));
    desk.works(&format!("{late} order.t.xml"));
    desk.works(&format!("sign --xml --element sum {MINE} order.xml sum.xml"));
    desk.works(&format!("verify {KNOWN} --element sum sum.xml"));
    assert_eq!(desk.run(&format!("verify {KNOWN} sum.xml")).0, Some(1), "not the whole");
    let changed = String::from_utf8(desk.read("sum.xml")).unwrap().replace("100", "900");
    desk.write("sum.xml", changed);
    assert_eq!(desk.run(&format!("verify {KNOWN} --element sum sum.xml")).0, Some(1));
    assert_eq!(desk.run("stamp --tsa http://127.0.0.1:9 order.xml none").0, Some(3));
    assert!(!desk.path("none").exists());
}

#[test]
#[cfg(feature = "pdf")]
fn pdf_is_signed_and_checked() {
    let desk = Desk::new();
    desk.write("contract.pdf", fs::read(crate::support::data("pdf/cairo.pdf")).unwrap());
    desk.works(&format!("sign-pdf {MINE} --reason Согласовано contract.pdf once.pdf"));
    desk.works(&format!("verify-pdf {KNOWN} --ru once.pdf"));
    desk.works(&format!("sign-pdf {MINE} --field Director once.pdf twice.pdf"));
    let told = desk.works(&format!("verify-pdf {KNOWN} twice.pdf"));
    assert_eq!(told.matches("the signature verifies").count(), 2, "{told}");
    let mut changed = desk.read("twice.pdf");
    changed[1000] ^= 1;
    desk.write("twice.pdf", changed);
    assert_ne!(desk.run(&format!("verify-pdf {KNOWN} twice.pdf")).0, Some(0));
}

#[test]
#[cfg(feature = "pdf")]
#[ignore = "needs qpdf, pdfsig of poppler-utils, and DejaVu fonts"]
fn what_it_signs_is_a_pdf_for_others() {
    let desk = Desk::new();
    desk.write("contract.pdf", fs::read(crate::support::data("pdf/chromium.pdf")).unwrap());
    let font = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
    desk.works(&format!(
        "sign-pdf {MINE} --stamp 1,300,40,240,80 --font {font} contract.pdf signed.pdf"
    ));
    for (program, arguments, expected) in [
        ("qpdf", ["--check", "signed.pdf"], "No syntax or stream encoding errors found"),
        ("pdfsig", ["-nocert", "signed.pdf"], "Total document signed"),
    ] {
        let output =
            Command::new(program).args(arguments).current_dir(desk.folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(expected), "{said}");
    }
}

/// Signs and opens everything with a key that is named by `options`.
fn uses(desk: &Desk, options: &str) {
    let key = format!("{options} --certificate own.cer");
    desk.works(&format!("sign {key} contract.pdf own.p7s"));
    let known = "--anchor root.cer --chain ca.cer --no-status --at 2026-11-22T10:00:00Z";
    desk.works(&format!("verify {known} --content contract.pdf own.p7s"));
    for exchange in ["", "--agreement"] {
        desk.works(&format!("encrypt {exchange} --recipient own.cer contract.pdf sealed"));
        desk.works(&format!("decrypt {key} sealed opened"));
        assert_eq!(desk.read("opened"), desk.read("contract.pdf"));
    }
    #[cfg(feature = "xml")]
    {
        desk.write("order.xml", "<order/>");
        desk.works(&format!("sign --xml {key} order.xml own.xml"));
        desk.works(&format!("verify {known} own.xml"));
    }
    #[cfg(feature = "pdf")]
    {
        desk.write("page.pdf", fs::read(crate::support::data("pdf/cairo.pdf")).unwrap());
        desk.works(&format!("sign-pdf {key} page.pdf own.pdf"));
        desk.works(&format!("verify-pdf {known} own.pdf"));
    }
}

/// Makes a key in a store, and its certificate.
async fn make(desk: &Desk, store: &dyn KeyStore, carrier: CarrierId, access: &Access) {
    let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
    let id = KeyId { carrier, container: "director".into() };
    let spec = KeySpec { id, algorithm, temporary_pin: false };
    let key = store.writable().unwrap().generate(&spec, access, &SystemRng).await.unwrap();
    desk.write("own.cer", issued("ca256", key.public_key()).await.as_der());
}

#[tokio::test]
async fn keys_are_in_a_folder() {
    let desk = Desk::new();
    let settings = directory_key_store::Settings { iterations: 1000, ..Default::default() };
    let carrier = CarrierId("folder".into());
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng)).unwrap();
    let store = store.with_carrier(carrier.clone(), "folder", desk.path("keys"));
    store.make_directory(&carrier).await.unwrap();
    make(&desk, &store, carrier, &Access::New(Secret::from("12345678"))).await;
    desk.write("pin", "12345678\n");
    uses(
        &desk,
        &format!("--key director --key-store software:{} --pin-file pin", desk.text("keys")),
    );
}

#[test]
fn keys_are_on_a_token() {
    let prepare = |folder: &std::path::Path| soft_token::slot(folder, "plain");
    process::apart("example::keys_are_on_a_token", prepare, async |_| {
        let (store, carrier) = soft_token::store(gost_ca_pkcs11::Settings::default(), None).await;
        let desk = Desk::new();
        make(&desk, &store, carrier, &Access::Existing(Secret::from(soft_token::PIN))).await;
        desk.write("pin", soft_token::PIN);
        let (module, pin) = (soft_token::module(), desk.text("pin"));
        let store = format!("pkcs11:{}?slot=0&pin-source={pin}", module.display());
        uses(&desk, &format!("--key director --key-store {store}"));
    });
}

#[path = "../../../pkcs11/tests/support/process.rs"]
mod process;
#[path = "../../../pkcs11/tests/support/soft_token.rs"]
#[expect(dead_code, reason = "the tests of tokens use the rest")]
mod soft_token;
