//! Our soft token, built as a dependency of the tests, with its slots in a folder.

use std::path::{Path, PathBuf};

use gost_ca::provider::key_store::CarrierId;
use gost_ca::secret::Secret;
use gost_ca_pkcs11::{PinSource, Quirks, Settings, TokenKeyStore};

pub(crate) const PIN: &str = "12345678";
pub(crate) const OFFICER: &str = "87654321";

/// The module that cargo built beside this test.
pub(crate) fn module() -> PathBuf {
    let name = format!(
        "{}pkcs11_soft_token{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let test = std::env::current_exe().unwrap();
    let folders = [test.parent().unwrap(), test.parent().unwrap().parent().unwrap()];
    let found = folders.iter().map(|folder| folder.join(&name)).find(|path| path.exists());
    found.expect("cargo builds the soft token's library")
}

/// The environment of one slot of a flavour, with cheap PINs; it takes orders.
pub(crate) fn slot(folder: &Path, flavour: &str) -> Vec<(&'static str, PathBuf)> {
    let slots = format!(r#"[{{"flavour": "{flavour}"}}]"#);
    settled(folder, &format!(r#"{{"iterations": 10, "misbehaves": true, "slots": {slots}}}"#))
}

/// The environment of a folder with those settings.
pub(crate) fn settled(folder: &Path, settings: &str) -> Vec<(&'static str, PathBuf)> {
    std::fs::write(folder.join("settings.json"), settings).unwrap();
    vec![("SOFT_TOKEN_DIR", folder.to_owned())]
}

/// A store over the soft token that knows the PIN; its token is made.
pub(crate) async fn store(
    settings: Settings,
    quirks: Option<Quirks>,
) -> (TokenKeyStore, CarrierId) {
    let pins = PinSource::new(|_| Some(Secret::from(PIN)));
    let store = TokenKeyStore::new(settings, pins)
        .with_part_of_module("soft", module(), gost_ca_pkcs11::Filter::default(), quirks)
        .unwrap();
    let (officer, user) = (Secret::from(OFFICER), Secret::from(PIN));
    store.initialize("soft", 0, "Мягкий", (&officer, &user)).await.unwrap();
    let tokens = store.tokens().await.unwrap();
    assert_eq!(tokens.len(), 1);
    (store, tokens[0].0.clone())
}

/// Orders what goes wrong; see the soft token's page.
pub(crate) fn order(folder: &Path, orders: &str) {
    // Never half a file: the module reads it at every call.
    let new = folder.join("control.new");
    std::fs::write(&new, orders).unwrap();
    std::fs::rename(new, folder.join("control.json")).unwrap();
}
