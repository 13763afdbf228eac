//! The agent as it is started.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::page::{ORIGIN, Page};

/// A started agent; it ends with the test.
pub(crate) struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// Starts the agent over what an option names, with one variable in its environment.
pub(crate) fn start(option: &[&Path], (name, value): (&str, &Path)) -> (Started, Page) {
    let mut agent = Command::new(env!("CARGO_BIN_EXE_workplace-agent"));
    agent.env(name, value).args(["--origin", ORIGIN, "--port", "0"]).args(option);
    let mut child = agent.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines.next().unwrap().unwrap();
    let code = lines.next().unwrap().unwrap();
    let address = address.strip_prefix("http://").unwrap().parse().unwrap();
    let code = code.strip_prefix("pairing code: ").unwrap().to_owned();
    (Started(child), Page { address, code })
}

/// A library that cargo built beside these tests.
pub(crate) fn library(name: &str) -> std::path::PathBuf {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    let tests = std::env::current_exe().unwrap();
    let file = format!("{DLL_PREFIX}{name}{DLL_SUFFIX}");
    let found = tests.ancestors().skip(1).map(|folder| folder.join(&file)).find(|it| it.exists());
    found.expect("cargo builds it as a dependency of the tests")
}
