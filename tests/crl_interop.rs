//! OpenSSL with the GOST engine and GnuTLS judge the CRLs that a desk makes: partitioned, changed by delta
//! CRLs, and very long.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;

use gost_ca::authority::CrlPolicy;
use gost_ca::command::Command;
use gost_ca::fact::Notice;
use gost_ca::id::{CaseId, WriterId};
use gost_ca::profile::Locations;
use gost_ca::reason::{Ground, GroundKind, Reason};
use gost_ca::x509::{Certificate, PemLabel, to_pem};
use gost_ca_memory::{MemoryDirectory, MemoryJournal};
use tempfile::TempDir;

#[path = "support/desk.rs"]
mod desk;
use desk::{Desk, Result, Storage};

/// Two lists, each with delta CRLs.
const PARTS: u16 = 2;
const LOCATION: &str = "http://ca.example/{partition}.crl";
const DELTA: &str = "http://ca.example/{partition}-delta.crl";

/// A desk with partitioned CRLs, and a folder for those who judge them.
struct Office {
    desk: Desk,
    folder: TempDir,
}

/// A certificate and the part that it names.
#[derive(Clone, Copy)]
struct Holder {
    case: CaseId,
    part: u16,
}

impl Office {
    async fn open() -> Result<Self> {
        let storage = Storage {
            journal: Arc::new(MemoryJournal::new(WriterId::new([1; 16]))),
            directory: Arc::new(MemoryDirectory::default()),
        };
        let (desk, folder) = (Desk::found(storage).await?, tempfile::tempdir()?);
        let locations = |text: &str| vec![text.to_owned()];
        let policy = CrlPolicy {
            partitions: PARTS,
            locations: locations(LOCATION),
            delta: true,
            delta_locations: locations(DELTA),
            ..CrlPolicy::default()
        };
        let by = &desk.administrator;
        let (authority, policy) = (desk.authority, Box::new(policy));
        desk.run(by, Command::AdoptCrlPolicy { authority, policy }).await?;
        let mut profile = desk::profile();
        profile.version = 2;
        let (crl, delta) = (locations(LOCATION), locations(DELTA));
        profile.locations = Locations { crl, delta, ..Locations::default() };
        desk.run(by, Command::AdoptProfile { profile: Box::new(profile) }).await?;
        let office = Self { desk, folder };
        office.write("engine.cnf", include_bytes!("interop/openssl.cnf"));
        office.write_certificate("root", office.desk.local.certificate());
        Ok(office)
    }

    /// Certificates until each part has so many.
    async fn holders(&self, each: usize) -> Result<Vec<Vec<Holder>>> {
        let mut holders: Vec<Vec<Holder>> = (0..PARTS).map(|_| Vec::new()).collect();
        for number in 10.. {
            let case = self.desk.active(number).await?;
            let card = self.desk.ra.case(&self.desk.administrator, &case).await?;
            let part = card.case.issued().unwrap().partition;
            let of = &mut holders[usize::from(part)];
            if of.len() < each {
                of.push(Holder { case, part });
                let certificate = self.desk.ra.certificate(&self.desk.administrator, &case).await?;
                self.write_certificate(&case.to_string(), &certificate);
            }
            if holders.iter().all(|of| of.len() == each) {
                break;
            }
        }
        Ok(holders)
    }

    async fn operator(&self, command: Command) -> Result<()> {
        self.desk.run(&self.desk.operator, command).await?;
        Ok(())
    }

    /// Makes what is due, and writes it down: `N.crl`, `N-delta.crl`.
    async fn publish(&self) -> Result<()> {
        let swept = self.desk.ra.sweep().await?;
        assert_eq!(swept.crls_failed, [], "{swept:?}");
        let crls = self.desk.ra.crls(&self.desk.authority).await?;
        for (part, der) in crls.iter().enumerate() {
            self.write(&format!("{part}.crl"), der);
        }
        for (part, line) in self.desk.ra.crl_lines(&self.desk.authority).await?.iter().enumerate() {
            let delta = self.desk.ra.delta_crl(&self.desk.authority, &line.part).await?;
            if let Some(der) = delta {
                self.write(&format!("{part}-delta.crl"), &der);
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, octets: &[u8]) {
        fs::write(self.path(name), octets).unwrap();
    }

    fn write_certificate(&self, name: &str, certificate: &Certificate) {
        let pem = to_pem(PemLabel::Certificate, certificate.as_der());
        self.write(&format!("{name}.pem"), pem.as_bytes());
    }

    /// Whether OpenSSL accepts a certificate by these CRLs, and what it says.
    fn verify(&self, case: CaseId, options: &[&str], crls: &[String]) -> (bool, String) {
        let now = self.desk.clock_now().as_second().to_string();
        let (root, certificate) = ("root.pem", format!("{case}.pem"));
        let mut arguments = vec!["verify", "-x509_strict", "-attime", &now, "-CAfile", root];
        arguments.extend(["-crl_check"].iter().chain(options));
        arguments.extend(crls.iter().flat_map(|crl| ["-CRLfile", crl.as_str()]));
        arguments.push(&certificate);
        run(self.folder.path(), "openssl", &arguments)
    }

    #[track_caller]
    fn judge(&self, holder: Holder, options: &[&str], crls: &[String], expected: Judged) {
        let (content, text) = self.verify(holder.case, options, crls);
        assert_eq!(content, expected == Judged::Good, "{crls:?}: {text}");
        let word = match expected {
            Judged::Good => "OK",
            Judged::Revoked => "certificate revoked",
            Judged::NoCrl => "CRL",
        };
        assert!(text.contains(word), "{crls:?}: {text}");
        assert!(expected != Judged::NoCrl || !text.contains("certificate revoked"), "{text}");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Judged {
    Good,
    Revoked,
    /// No CRL that was given covers it.
    NoCrl,
}

fn run(folder: &Path, tool: &str, arguments: &[&str]) -> (bool, String) {
    let output = Process::new(tool)
        .args(arguments)
        .current_dir(folder)
        .env("OPENSSL_CONF", folder.join("engine.cnf"))
        .output()
        .unwrap_or_else(|error| panic!("{tool}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

fn ground() -> Ground {
    Ground { kind: GroundKind::OwnerApplication, document: "№ 1".to_owned() }
}

fn suspend(case: CaseId) -> Command {
    Command::Suspend { case, ground: ground(), until: None, on_end: None }
}

fn revoke(case: CaseId) -> Command {
    let (reason, invalidity, date) = (Reason::CessationOfOperation, None, None);
    let notice = Notice::default();
    Command::Revoke { case, reason, ground: ground(), invalidity, date, notice }
}

/// RFC 5280 §5.2.5, §6.3.3: a certificate is looked for on the CRL that it names, and on no other.
#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine, GnuTLS certtool"]
async fn openssl_asks_the_part_that_the_certificate_names() -> Result<()> {
    let office = Office::open().await?;
    let holders = office.holders(2).await?;
    for of in &holders {
        office.operator(revoke(of[1].case)).await?;
    }
    office.publish().await?;
    let all: Vec<String> = (0..PARTS).map(|part| format!("{part}.crl")).collect();
    for holder in holders.iter().flatten() {
        let right = [format!("{}.crl", holder.part)];
        let wrong = [format!("{}.crl", (holder.part + 1) % PARTS)];
        let is_good = holders[usize::from(holder.part)][0].case == holder.case;
        let expected = if is_good { Judged::Good } else { Judged::Revoked };
        for options in [&["-extended_crl"][..], &[]] {
            office.judge(*holder, options, &right, expected);
            office.judge(*holder, options, &wrong, Judged::NoCrl);
            office.judge(*holder, options, &all, expected);
        }
    }
    for (part, of) in holders.iter().enumerate() {
        let name = format!("{part}.crl");
        let arguments = ["--crl-info", "--inder", "--infile", &name];
        let (content, text) = run(office.folder.path(), "certtool", &arguments);
        assert!(content, "{text}");
        for words in ["Revoked certificates (1)", "2.5.29.28 (critical)", "CRL Number"] {
            assert!(text.to_lowercase().contains(&words.to_lowercase()), "{words}: {text}");
        }
        let serial = office.desk.ra.certificate(&office.desk.operator, &of[1].case).await?;
        let serial = serial.serial().to_string().to_lowercase();
        assert!(text.to_lowercase().contains(&serial), "{serial}: {text}");
    }
    Ok(())
}

/// RFC 5280 §5.2.4: what the delta CRL says since its base; `removeFromCRL` ends a hold.
#[tokio::test]
#[ignore = "needs OpenSSL with the GOST engine, GnuTLS certtool"]
async fn openssl_obeys_the_delta_crls_of_a_part() -> Result<()> {
    let office = Office::open().await?;
    let holders = office.holders(4).await?;
    for of in &holders {
        office.operator(suspend(of[0].case)).await?;
        office.operator(suspend(of[1].case)).await?;
    }
    office.publish().await?;
    office.desk.clock.advance(3_600);
    for of in &holders {
        office.operator(Command::Resume { case: of[0].case, ground: ground() }).await?;
        office.operator(revoke(of[1].case)).await?;
        office.operator(revoke(of[2].case)).await?;
    }
    office.publish().await?;
    let by_base = [Judged::Revoked, Judged::Revoked, Judged::Good, Judged::Good];
    let by_delta = [Judged::Good, Judged::Revoked, Judged::Revoked, Judged::Good];
    for of in &holders {
        let part = of[0].part;
        let crls = [format!("{part}.crl"), format!("{part}-delta.crl")];
        let other = [format!("{part}.crl"), format!("{}-delta.crl", (part + 1) % PARTS)];
        for ((holder, base), delta) in of.iter().zip(by_base).zip(by_delta) {
            office.judge(*holder, &["-extended_crl"], &crls, base);
            office.judge(*holder, &["-extended_crl", "-use_deltas"], &crls, delta);
            office.judge(*holder, &["-extended_crl", "-use_deltas"], &other, base);
        }
        let name = crls[1].clone();
        let text = ["crl", "-inform", "DER", "-noout", "-text", "-in", &name];
        let (_, text) = run(office.folder.path(), "openssl", &text);
        for words in ["Delta CRL Indicator: critical", "Remove From CRL", "Distribution Point"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        let arguments = ["--crl-info", "--inder", "--infile", &name];
        let (content, text) = run(office.folder.path(), "certtool", &arguments);
        assert!(content && text.contains("Revoked certificates (3)"), "{text}");
    }
    Ok(())
}

/// The example that `cargo test` built beside this test.
fn big_crl() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().parent().unwrap().join("examples/big_crl")
}

/// `examples/big_crl` with 20,000 entries, twice: the second run opens the record of the first.
#[test]
#[ignore = "needs OpenSSL with the GOST engine"]
fn openssl_reads_a_big_crl() {
    const ENTRIES: &str = "20000";
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("engine.cnf"), include_bytes!("interop/openssl.cnf")).unwrap();
    let out = folder.join("big.crl");
    for _ in 0..2 {
        let arguments = ["--entries", ENTRIES, "--out", out.to_str().unwrap()];
        let done = Process::new(big_crl()).args(arguments).output().unwrap();
        let text = String::from_utf8(done.stdout).unwrap();
        assert!(done.status.success(), "{text}{}", String::from_utf8_lossy(&done.stderr));
        // what it says of itself, on its last line
        let last = text.lines().last().unwrap();
        let (_, memory) = last.rsplit_once(", ").unwrap();
        let memory: f64 = memory.strip_suffix(" MB above the start").unwrap().parse().unwrap();
        assert!(memory < 64.0 && last.starts_with("20000 entries: "), "{last}");
        assert!(last.contains(" s of one core"), "{last}");
    }
    let openssl = |arguments: &str| {
        let arguments: Vec<_> = arguments.split(' ').collect();
        run(folder, "openssl", &arguments)
    };
    let (content, text) = openssl("x509 -inform DER -in big.crl.issuer.cer -out root.pem");
    assert!(content, "{text}");
    let (content, text) = openssl("crl -inform DER -in big.crl -CAfile root.pem -noout");
    assert!(content && text.contains("verify OK"), "{text}");
    let (_, text) = openssl("crl -inform DER -in big.crl -noout -text");
    assert_eq!(text.matches("Serial Number: ").count(), 20_000);
    for (name, reason) in [("good", None), ("revoked", Some(1)), ("suspended", Some(6))] {
        let check =
            format!("verify -CAfile root.pem -crl_check -CRLfile big.crl big.crl.{name}.cer");
        let (content, verdict) = openssl(&check);
        assert_eq!(content, reason.is_none(), "{name}: {verdict}");
        let words = if reason.is_none() { "OK" } else { "certificate revoked" };
        assert!(verdict.contains(words), "{name}: {verdict}");
        let (_, serial) =
            openssl(&format!("x509 -inform DER -in big.crl.{name}.cer -noout -serial"));
        let serial = serial.trim().strip_prefix("serial=").unwrap();
        let listed = text.split("Serial Number: ").find(|entry| entry.starts_with(serial));
        let words = match reason {
            None => None,
            Some(1) => Some("Key Compromise"),
            Some(_) => Some("Certificate Hold"),
        };
        assert_eq!(listed.is_some(), words.is_some(), "{name}");
        assert!(words.is_none_or(|words| listed.unwrap().contains(words)), "{name}: {listed:?}");
    }
}
