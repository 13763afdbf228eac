//! Debian's SoftHSM 2, with its tokens in a folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use gost_ca::secret::Secret;
use gost_ca_pkcs11::{PinSource, Settings, TokenKeyStore};

pub(crate) const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
pub(crate) const PIN: &str = "12345678";
pub(crate) const OFFICER: &str = "87654321";

/// Makes tokens with these labels; gives the environment that shows them.
pub(crate) fn tokens(folder: &Path, labels: &[&str]) -> Vec<(&'static str, PathBuf)> {
    let (tokens, file) = (folder.join("tokens"), folder.join("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    let text = format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&file, text).unwrap();
    for label in labels {
        let made = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", OFFICER])
            .env("SOFTHSM2_CONF", &file)
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    vec![("SOFTHSM2_CONF", file)]
}

/// A store over SoftHSM that knows the PIN.
pub(crate) fn store() -> TokenKeyStore {
    let pins = PinSource::new(|_| Some(Secret::from(PIN)));
    TokenKeyStore::new(Settings::default(), pins).with_module("softhsm", MODULE).unwrap()
}
