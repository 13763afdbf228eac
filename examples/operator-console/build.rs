//! Builds the workplace for the browser: a nested build with a target directory of its own.
#![expect(clippy::expect_used, clippy::panic, reason = "a build fails by panicking")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;

const TARGET: &str = "wasm32-unknown-unknown";
const FOREIGN: [&str; 5] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
];

const WATCHED: [&str; 5] = [
    "examples/workplace",
    "src",
    "providers/software/src",
    "providers/documents/src",
    "providers/primitives",
];

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let root = manifest.join("../..");
    for watched in WATCHED {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    ensure_target();
    // beside the profiles' folders, so that it outlives this script's own
    let target = out.ancestors().nth(4).unwrap_or(&out).join("workplace");
    build(&root, &target);
    let built = target.join(TARGET).join("workplace/workplace.wasm");
    let module = fs::read(&built).unwrap_or_else(|error| panic!("{}: {error}", built.display()));
    let wasm = out.join("workplace.wasm.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&module).expect("memory takes all");
    fs::write(&wasm, encoder.finish().expect("memory takes all")).expect("OUT_DIR is writable");
    println!("cargo::rustc-env=WORKPLACE_WASM={}", wasm.display());
}

/// Adds the target with rustup, where it is missing.
fn ensure_target() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let libraries =
        Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let there = libraries.is_ok_and(|output| {
        output.status.success()
            && Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir()
    });
    if there {
        return;
    }
    let added = Command::new("rustup").args(["target", "add", TARGET]).status();
    assert!(
        added.is_ok_and(|status| status.success()),
        "the workplace is built for {TARGET}, and rustup could not add it: \
         run `rustup target add {TARGET}`, or install that target as your distribution does"
    );
}

fn build(root: &Path, target: &Path) {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root)
        .args(["build", "--locked", "--profile", "workplace", "--package", "workplace", "--lib"])
        .args(["--target", TARGET])
        .arg("--target-dir")
        .arg(target);
    // what is set for the console's own build is not meant for the browser's
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    let built = command.status().unwrap_or_else(|error| panic!("cargo: {error}"));
    assert!(built.success(), "the workplace was not built");
}
