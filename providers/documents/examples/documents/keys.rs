//! Keys in key stores: containers in a folder, or a token.

use std::path::Path;
use std::sync::Arc;

use gost_ca::provider::key_store::{Access, CarrierId};
use gost_ca::provider::{KeyStore, Signer};
use gost_ca::secret::Secret;
use gost_ca_pkcs11::uri::TokenUri;
use gost_ca_software::{DirectoryKeyStore, SystemRng, directory_key_store};

use crate::Result;

/// Opens the key of a container: in `software:FOLDER`, or on the token of `pkcs11:MODULE?…`, whose line may bring
/// the PIN as well.
pub(crate) async fn open(
    place: &str,
    container: &str,
    pin: Option<&Path>,
) -> Result<Arc<dyn Signer>> {
    let store = store(place)?;
    let access = match pin {
        Some(path) => Access::Existing(first_line(path)?),
        None => Access::Prompted,
    };
    for carrier in store.carriers().await? {
        let keys = store.keys(&carrier.id).await?;
        if let Some(known) = keys.into_iter().find(|known| known.id.container == container) {
            return Ok(store.open(&known.id, &access).await?);
        }
    }
    Err(format!("{place} has no key {container}").into())
}

fn store(place: &str) -> Result<Box<dyn KeyStore>> {
    let Some(folder) = place.strip_prefix("software:") else {
        let uri: TokenUri = place.parse()?;
        return Ok(Box::new(uri.open(gost_ca_pkcs11::Settings::default())?));
    };
    let settings = directory_key_store::Settings::default();
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng))?;
    Ok(Box::new(store.with_carrier(CarrierId("folder".to_owned()), "folder", folder)))
}

/// A PIN does not stand on the command line, where everybody sees it.
fn first_line(path: &Path) -> Result<Secret> {
    let octets = zeroize::Zeroizing::new(std::fs::read(path)?);
    let line = octets.split(|octet| matches!(octet, b'\r' | b'\n')).next().unwrap_or_default();
    Ok(Secret::new(line))
}
