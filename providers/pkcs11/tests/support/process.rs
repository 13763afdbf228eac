//! Tests in processes of their own: a module has one state in a process, and reads its environment once.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

/// Runs the body of the test `name` in another process, with an environment that `prepare` makes in an
/// empty folder.
pub(crate) fn apart<V: AsRef<OsStr>>(
    name: &str,
    prepare: impl FnOnce(&Path) -> Vec<(&'static str, V)>,
    body: impl AsyncFnOnce(&Path),
) {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let folder = Path::new(&folder);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(body(folder));
        std::fs::write(folder.join("done"), "").unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let environment = prepare(folder.path());
    let status = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--include-ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .envs(environment)
        .status()
        .unwrap();
    assert!(status.success(), "{name}: {status}");
    assert!(folder.path().join("done").exists(), "there is no test {name}");
}

const FOLDER: &str = "GOST_CA_PKCS11_TEST";
