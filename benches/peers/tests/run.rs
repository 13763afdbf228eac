//! `run.sh` with everything it calls played by shell scripts: no peer, no compiler and no time is needed.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What the programs print: file name, peer, figure.
const PEERS: [(&str, &str, u32); 8] = [
    ("openssl", "OpenSSL with gost-engine", 100),
    ("openssl-certificates", "OpenSSL with gost-engine", 90),
    ("gcrypt", "libgcrypt", 10),
    ("nettle", "nettle", 120),
    ("gnutls", "GnuTLS", 110),
    ("botan", "Botan", 50),
    ("java", "Bouncy Castle", 20),
    ("crates", "crate primeorder", 30),
];

/// What can fail to build: the source or the package, as the compiler is told it.
const SOURCES: [&str; 9] = [
    "c/openssl.c",
    "c/certificates.c",
    "c/gcrypt.c",
    "c/nettle.c",
    "c/gnutls.c",
    "c/botan.cpp",
    "java/Peer.java",
    "--locked",
    "gost3410_backend",
];

/// A folder of commands that stand before the real ones.
struct Stage(TempDir);

impl Stage {
    fn new() -> Self {
        let stage = Self(tempfile::tempdir().unwrap());
        let root = stage.path("").display().to_string();
        stage.command("dpkg", "exit 0");
        stage.command("apt-get", "echo 'nothing is to be installed' >&2; exit 1");
        stage.command("taskset", r#"shift 2; exec "$@""#);
        // A compiler fails for $FAIL, and else "builds" what stands in the folder for its output.
        let compile = format!(
            r#"case "$RUSTFLAGS $*" in *"$FAIL"*) exit 1 ;; esac
while [ "$1" != -o ]; do shift; done
cp "{root}/built/$(basename "$2")" "$2""#
        );
        stage.command("cc", &compile);
        stage.command("c++", &compile);
        stage.command("javac", r#"case "$*" in *"$FAIL"*) exit 1 ;; esac"#);
        stage.command(
            "cargo",
            &format!(
                r#"case "$1" in metadata) echo '{{"target_directory":"{root}/target"}}'; exit ;; esac
case "$RUSTFLAGS $*" in *"$FAIL"*) exit 1 ;; esac"#
            ),
        );
        for peer in PEERS {
            stage.peer(peer);
        }
        stage.script("target/release/symmetric", "");
        stage.script("target/release/certificates", "");
        stage.script(
            "target/release/signatures",
            r#"for figure in 300 290; do
  printf '%s\t256-A\tsign\t%s\n' "$BENCH_PEER" "$figure"
done
printf '%s\t256-A\tsign, batch of 64\t480\n' "$BENCH_PEER""#,
        );
        stage.script(
            "target/portable/release/signatures",
            r#"printf '%s\t256-A\tsign\t180\n' "$BENCH_PEER""#,
        );
        fs::write(stage.path("cpuinfo"), "flags : avx512ifma avx512vbmi gfni").unwrap();
        stage
    }

    fn peer(&self, (program, peer, figure): (&str, &str, u32)) {
        let folder = match program {
            "java" => "bin",
            "crates" => "target/release",
            _ => "built",
        };
        let others = match program {
            "crates" => {
                r"crate streebog\tStreebog-256\t1 MiB\t40\ncrate mgm\tKuznyechik MGM\t1 MiB\t9\n"
            }
            _ => "",
        };
        self.script(
            &format!("{folder}/{program}"),
            &format!(
                r#"case "$SILENT" in {program}) exit ;; esac
case "$BROKEN" in {program}) exit 3 ;; esac
printf '{peer}\t256-A\tsign\t{figure}\n{others}'"#
            ),
        );
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, name: &str, body: &str) {
        self.script(&format!("bin/{name}"), body);
    }

    fn script(&self, name: &str, body: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn run(&self, words: &[&str], changes: &[(&str, &str)]) -> Output {
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        Command::new("bash")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("run.sh"))
            .args(words)
            .env("PATH", path)
            .env("BENCH_CPUINFO", self.path("cpuinfo"))
            .envs([("FAIL", "none of them"), ("SILENT", ""), ("BROKEN", ""), ("BENCH_ROUNDS", "2")])
            .env_remove("BENCH_GROUPS")
            .envs(changes.iter().copied())
            .output()
            .unwrap()
    }
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

#[test]
fn ours_stands_beside_the_fastest_peer() {
    let output = Stage::new().run(&[], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = [
        "256-A\tsign\tavx-512\t300.0\tnettle\t120.0\t2.50\t2.0",
        "256-A\tsign, batch of 64\tavx-512\t480.0\tnettle\t120.0\t4.00\t4",
        "256-A\tsign\tportable\t180.0\tnettle\t120.0\t1.50\t1.2",
    ];
    assert_eq!(text(&output.stdout).lines().collect::<Vec<_>>(), rows);
    assert!(text(&output.stderr).contains("3 of the ratios wanted reached, none missed"));
}

#[test]
fn markdown_has_the_same_rows() {
    let output = Stage::new().run(&["quick", "markdown"], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let row = "| 256-A | sign | portable | 180.0 | nettle | 120.0 | 1.50 | 1.2 |";
    assert_eq!(text(&output.stdout).lines().last(), Some(row));
}

#[test]
fn a_peer_that_cannot_be_built_is_an_error() {
    let stage = Stage::new();
    for source in SOURCES {
        let output = stage.run(&[], &[("FAIL", source)]);
        assert!(!output.status.success(), "{source}");
        assert_eq!(text(&output.stdout), "", "{source}");
    }
}

#[test]
fn a_peer_that_fails_is_an_error() {
    let stage = Stage::new();
    for (program, ..) in PEERS {
        let output = stage.run(&[], &[("BROKEN", program)]);
        assert!(!output.status.success(), "{program}");
    }
}

#[test]
fn a_peer_that_says_nothing_is_an_error() {
    let stage = Stage::new();
    for (program, peer, _) in PEERS {
        let output = stage.run(&[], &[("SILENT", program)]);
        let alone = program.starts_with("openssl"); // the other program speaks for it
        assert_eq!(output.status.success(), alone, "{program}");
        assert_eq!(text(&output.stderr).contains(&format!("silent: {peer}")), !alone, "{program}");
    }
}

#[test]
fn without_avx512_its_rows_are_skipped() {
    let stage = Stage::new();
    fs::write(stage.path("cpuinfo"), "flags : adx bmi2 avx512f").unwrap();
    let output = stage.run(&[], &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = text(&output.stdout);
    assert!(rows.contains("256-A\tsign\tother\t300.0\tnettle\t120.0\t2.50\t-\n"), "{rows}");
    assert!(rows.contains("256-A\tsign\tavx-512\tskipped\t-\t-\tskipped\t2.0\n"), "{rows}");
    let skipped = rows.lines().filter(|row| row.contains("skipped")).count();
    let targets = include_str!("../targets.tsv").lines();
    assert_eq!(skipped, targets.filter(|row| row.contains("avx-512")).count());
}
