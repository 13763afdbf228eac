//! OpenSSL with the GOST engine and GnuTLS read and verify what is built here, and the other way round.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use gost_ca::Timestamp;
use gost_ca::authority::issue_crl;
use gost_ca::authority::{AuthorityKey, LocalAuthority};
use gost_ca::profile::Preset;
use gost_ca::provider::authority::{CrlHeading, CrlScope};
use gost_ca::provider::{CertificateAuthority, Verifier};
use gost_ca::request;
use gost_ca::x509::{Certificate, CrlEntry, PemLabel, pkcs7, to_pem};
use gost_ca_software::GostVerifier;
use tempfile::TempDir;

use super::support::{
    at, authority, authority_name, person, prepared, profile, root, signer, submission_by,
};

/// The parameter sets that the GOST engine knows.
const SETS: [&str; 9] = [
    "1.2.643.2.2.36.0",
    "1.2.643.2.2.35.1",
    "1.2.643.7.1.2.1.1.1",
    "1.2.643.7.1.2.1.1.2",
    "1.2.643.7.1.2.1.1.3",
    "1.2.643.7.1.2.1.1.4",
    "1.2.643.7.1.2.1.2.1",
    "1.2.643.7.1.2.1.2.2",
    "1.2.643.7.1.2.1.2.3",
];

/// The parameter sets that GnuTLS knows.
const GNUTLS_SETS: [&str; 4] =
    ["1.2.643.2.2.36.0", "1.2.643.2.2.35.1", "1.2.643.7.1.2.1.1.2", "1.2.643.7.1.2.1.2.1"];

/// A root, an authority under it, a person's certificate, and a CRL, as files.
struct Chain {
    folder: TempDir,
    issuing: LocalAuthority,
    person: Certificate,
}

impl Chain {
    async fn new(set: &str, begin: Timestamp) -> Self {
        let root = root(set).await;
        let key = signer(set, 2);
        let mut name = authority_name();
        "Пробный УЦ, выдающий".clone_into(&mut name[0].value);
        let mut asked = submission_by(&*key, profile(Preset::Subordinate), name).await;
        asked.validity = asked.profile.validity_from(begin);
        let below = root.complete(&prepared(root.submit(&asked).await.unwrap())).await.unwrap();
        let answer = (below.clone(), root.certificate());
        let installed = AuthorityKey::install(key, answer, begin, &GostVerifier);
        let issuing = authority(installed.unwrap());
        let mut asked =
            submission_by(&*signer(set, 5), profile(Preset::Commercial), person()).await;
        asked.validity = asked.profile.validity_from(begin);
        let ready = prepared(issuing.submit(&asked).await.unwrap());
        let person = issuing.complete(&ready).await.unwrap();
        let chain = Self { folder: TempDir::new().unwrap(), issuing, person };
        chain.write("engine.cnf", ENGINE);
        chain.write("root.pem", &pem(root.certificate()));
        chain.write("ca.pem", &pem(&below));
        chain.write("person.pem", &pem(&chain.person));
        chain.write("person.p10", &to_pem(PemLabel::CertificateRequest, asked.request.as_der()));
        let all = pkcs7::certificates_only(&[&chain.person, &below, root.certificate()]);
        chain.write("chain.p7b", &to_pem(PemLabel::Pkcs7, &all));
        chain
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The issuing authority's CRL, with the person's certificate on it or without.
    async fn write_crl(&self, listed: bool) {
        let (this_update, next_update) = (at("2026-12-01T00:00:00Z"), at("2026-12-08T00:00:00Z"));
        let serial = self.person.serial();
        let invalidity = Some(at("2026-11-25T00:00:00Z"));
        let entry = CrlEntry { serial, date: this_update, reason: 1, invalidity };
        let entries = if listed { vec![entry.to_der().unwrap()] } else { Vec::new() };
        let issuer = *self.issuing.keys().next().unwrap().identity();
        let scope = CrlScope::default();
        let heading = CrlHeading { issuer, number: 0x80, this_update, next_update, scope };
        let certificate = self.issuing.certificate();
        let algorithm = GostVerifier.signature_algorithm(certificate.public_key()).unwrap();
        let signer = self.issuing.crl_issuer().unwrap();
        let crl = issue_crl(signer, &heading, (certificate, &algorithm), &entries).await.unwrap();
        self.write("ca.crl", &to_pem(PemLabel::Crl, &crl));
    }

    /// A complete CRL and a delta CRL in one file, each with the person's certificate for that reason or without.
    async fn write_delta(&self, base: Option<u8>, delta: Option<u8>) {
        let (this_update, next_update) = (at("2026-12-01T00:00:00Z"), at("2026-12-08T00:00:00Z"));
        let certificate = self.issuing.certificate();
        let algorithm = GostVerifier.signature_algorithm(certificate.public_key()).unwrap();
        let issuer = *self.issuing.keys().next().unwrap().identity();
        let mut file = String::new();
        for (number, base, reason) in [(0x80, None, base), (0x81, Some(0x80), delta)] {
            let freshest = vec!["http://ca.example/delta.crl".to_owned()];
            let scope = CrlScope { base, freshest, ..CrlScope::default() };
            let heading = CrlHeading { issuer, number, this_update, next_update, scope };
            let entry = reason.map(|reason| {
                let serial = self.person.serial();
                CrlEntry { serial, date: this_update, reason, invalidity: None }.to_der().unwrap()
            });
            let entries: Vec<_> = entry.into_iter().collect();
            let signer = self.issuing.crl_issuer().unwrap();
            let crl = issue_crl(signer, &heading, (certificate, &algorithm), &entries).await;
            file += &to_pem(PemLabel::Crl, &crl.unwrap());
        }
        self.write("both.crl", &file);
    }

    /// Runs a tool in the folder; gives whether it was content, and all that it said.
    fn run(&self, tool: &str, arguments: &str) -> (bool, String) {
        let output = Command::new(tool)
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env("OPENSSL_CONF", self.path("engine.cnf"))
            .output()
            .unwrap_or_else(|error| panic!("{tool}: {error}"));
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    #[track_caller]
    fn says(&self, tool: &str, arguments: &str, wanted: &str) {
        let (content, text) = self.run(tool, arguments);
        assert!(content && text.contains(wanted), "{tool} {arguments}: {text}");
    }
}

fn pem(certificate: &Certificate) -> String {
    to_pem(PemLabel::Certificate, certificate.as_der())
}

/// Loads the GOST engine for every command, also those without an option for it.
const ENGINE: &str = "\
openssl_conf = all
[all]
engines = engines
[engines]
gost = gost
[gost]
default_algorithms = ALL
";

/// 2 December 2026.
const BEGIN: &str = "2026-11-23T09:30:15Z";
const VERIFY: &str = "verify -attime 1796169600 -x509_strict -CAfile root.pem \
                      -untrusted ca.pem";

/// `-use_deltas` obeys the delta CRL beside the complete one, `certtool` reads both.
#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_obeys_delta_crls() {
    const HOLD: Option<u8> = Some(6);
    const REMOVE: Option<u8> = Some(8);
    let chain = Chain::new(SETS[4], at(BEGIN)).await;
    for (base, delta, whole) in
        [(None, HOLD, false), (HOLD, REMOVE, true), (HOLD, None, false), (None, None, true)]
    {
        chain.write_delta(base, delta).await;
        let verify = |deltas: &str| {
            let arguments = format!("{VERIFY} -crl_check {deltas} -CRLfile both.crl person.pem");
            chain.run("openssl", &arguments)
        };
        let (content, text) = verify("-use_deltas");
        assert_eq!(content, whole, "{base:?} {delta:?}: {text}");
        let (content, text) = verify("");
        assert_eq!(content, base.is_none(), "{base:?} {delta:?}: {text}");
    }
    chain.says("certtool", "--crl-info --infile both.crl", "CRL Number");
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_verifies_the_chain_on_every_parameter_set() {
    for set in SETS {
        let chain = Chain::new(set, at(BEGIN)).await;
        chain.says("openssl", &format!("{VERIFY} person.pem"), "person.pem: OK");
        chain.says("openssl", "req -verify -noout -in person.p10", "OK");
        chain.says("openssl", "pkcs7 -print_certs -noout -in chain.p7b", "subject=");
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_reads_the_fields() {
    let chain = Chain::new("1.2.643.2.2.35.1", at(BEGIN)).await;
    let show = "x509 -noout -text -nameopt utf8 -in person.pem";
    for part in [
        "Ёлкина-Палкина",
        "SNILS=11223344595",
        "Digital Signature, Non Repudiation, Key Encipherment, Data Encipherment",
        "Class of Signing Tool KC1",
        "Средство «Проба» 1.0",
        "ПО УЦ «Проба» 1.0",
        "URI:http://ca2.example/1.crl",
        "OCSP - URI:http://ocsp.example/",
        "Private Key Usage Period",
    ] {
        chain.says("openssl", show, part);
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn openssl_obeys_the_crl() {
    for set in ["1.2.643.2.2.35.1", "1.2.643.7.1.2.1.2.3"] {
        let chain = Chain::new(set, at(BEGIN)).await;
        let check = format!("{VERIFY} -crl_check -CRLfile ca.crl person.pem");
        chain.write_crl(false).await;
        chain.says("openssl", &check, "person.pem: OK");
        chain.write_crl(true).await;
        let (content, text) = chain.run("openssl", &check);
        assert!(!content && text.contains("certificate revoked"), "{text}");
        let show = "crl -noout -text -in ca.crl";
        for part in ["X509v3 CRL Number", "128", "Key Compromise", "Invalidity Date"] {
            chain.says("openssl", show, part);
        }
        chain.says("openssl", "crl -noout -CAfile ca.pem -in ca.crl", "verify OK");
    }
}

#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn a_request_of_openssl_is_certified() {
    let chain = Chain::new("1.2.643.2.2.35.1", at(BEGIN)).await;
    chain.says("openssl", "genpkey -algorithm gost2012_512 -pkeyopt paramset:A -out k.pem", "");
    // Its own order and string types; the subject is the registration data's all the same.
    chain.write("names.cnf", NAMES);
    let request = "req -new -key k.pem -utf8 -config names.cnf -out theirs.p10";
    chain.says("openssl", request, "");
    let upload = fs::read(chain.path("theirs.p10")).unwrap();
    let theirs = request::from_upload(&upload).unwrap();
    let profile = profile(Preset::Commercial);
    let checked = request::check(&theirs, &person(), &profile, &GostVerifier);
    assert!(checked.is_ok(), "{checked:?}");
    let mut asked = submission_by(&*signer("1.2.643.2.2.35.1", 9), profile, person()).await;
    asked.request = theirs;
    let ready = prepared(chain.issuing.submit(&asked).await.unwrap());
    let certificate = chain.issuing.complete(&ready).await.unwrap();
    chain.write("theirs.pem", &pem(&certificate));
    chain.says("openssl", &format!("{VERIFY} theirs.pem"), "theirs.pem: OK");
}

const NAMES: &str = "\
[req]
prompt = no
distinguished_name = name
string_mask = utf8only
[name]
C = RU
INN = 500100732259
SNILS = 11223344595
emailAddress = anna@example.org
CN = Ёлкина-Палкина Анна О\\'Нил
GN = Анна О\\'Нил
SN = Ёлкина-Палкина
";

#[tokio::test]
#[ignore = "needs GnuTLS certtool"]
async fn gnutls_verifies_the_chain_where_it_knows_the_curve() {
    // This one has no option for the time.
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let today = Timestamp::from_second(since_epoch.try_into().unwrap()).unwrap();
    for set in GNUTLS_SETS {
        let chain = Chain::new(set, today).await;
        chain.write_crl(true).await;
        let bundle = ["person.pem", "ca.pem", "root.pem"];
        let bundle = bundle.map(|name| fs::read_to_string(chain.path(name)).unwrap());
        chain.write("bundle.pem", &bundle.concat());
        let verify = "--verify-chain --infile bundle.pem";
        chain.says("certtool", verify, "Verified. The certificate is trusted.");
        chain.says("certtool", "--crl-info --infile ca.crl", "Revoked certificates (1)");
        chain.says("certtool", "--crq-info --infile person.p10", "Self signature: verified");
    }
}

/// The authority may be anybody's: here OpenSSL makes the root, its answer is installed (U1).
#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine"]
async fn an_answer_of_openssl_is_installed() {
    let chain = Chain::new("1.2.643.7.1.2.1.1.1", at(BEGIN)).await;
    let key = signer("1.2.643.7.1.2.1.1.1", 20);
    let asked = submission_by(&*key, profile(Preset::Subordinate), authority_name()).await;
    chain.write("ours.p10", &to_pem(PemLabel::CertificateRequest, asked.request.as_der()));
    chain.write("root.cnf", ROOT);
    chain.says("openssl", "genpkey -algorithm gost2012_512 -pkeyopt paramset:A -out r.pem", "");
    let own = "req -new -x509 -key r.pem -days 9000 -utf8 -config root.cnf -out r.cer";
    chain.says("openssl", own, "");
    let answer = "x509 -req -in ours.p10 -CA r.cer -CAkey r.pem -set_serial 77 -days 5000 \
                  -extfile root.cnf -extensions below -out ours.cer";
    chain.says("openssl", answer, "");
    let (ours, theirs) = (read(&chain.path("ours.cer")), read(&chain.path("r.cer")));
    let now = ours.validity().not_before;
    let installed =
        AuthorityKey::install(Arc::clone(&key), (ours, &theirs), now, &GostVerifier).unwrap();
    let mut asked =
        submission_by(&*signer("1.2.643.2.2.35.1", 9), profile(Preset::Commercial), person()).await;
    asked.validity = asked.profile.validity_from(now);
    let issuing = authority(installed);
    let certificate =
        issuing.complete(&prepared(issuing.submit(&asked).await.unwrap())).await.unwrap();
    chain.write("user.pem", &pem(&certificate));
    chain.says("openssl", "verify -CAfile r.cer -untrusted ours.cer user.pem", "user.pem: OK");
}

fn read(path: &Path) -> Certificate {
    let (_, der) = der::pem::decode_vec(&fs::read(path).unwrap()).unwrap();
    Certificate::from_der(&der).unwrap()
}

const ROOT: &str = "\
[req]
prompt = no
distinguished_name = name
x509_extensions = root
string_mask = utf8only
[name]
C = RU
O = Министерство (вымышленное)
CN = Чужой головной УЦ
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[below]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer:always
";
