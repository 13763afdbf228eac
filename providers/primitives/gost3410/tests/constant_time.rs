//! No branch and no address depends on a secret, as valgrind's memcheck sees it.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

/// Runs an example with a back-end under memcheck, secrets marked as undefined memory.
fn memcheck(example: &str, back_end: &str) -> Output {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("taint-{back_end}"));
    let flags = format!("--cfg gost3410_taint --cfg gost3410_backend=\"{back_end}\"");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(["--example", example, "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", flags)
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .status();
    assert!(built.unwrap().success());
    Command::new("valgrind")
        .args(["--quiet", "--error-exitcode=1"])
        .arg(target.join("release/examples").join(example))
        .output()
        .unwrap()
}

fn is_clean(back_end: &str) {
    let output = memcheck("secrets", back_end);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "needs valgrind"]
fn portable_back_end() {
    is_clean("portable");
}

#[test]
#[ignore = "needs valgrind"]
#[cfg(target_arch = "x86_64")]
fn adx_back_end() {
    is_clean("adx");
}

/// Verification is in variable time: over a digest marked as secret memcheck must complain, or its
/// silence means nothing.
#[test]
#[ignore = "needs valgrind"]
fn leaks_are_noticed() {
    let output = memcheck("leak", "portable");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("uninitialised"));
}
