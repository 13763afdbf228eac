//! Where the key comes from.

use std::path::Path;

use gost_key_files::{CspContainer, CspKey, Files, Pfx, Unopened, Usage};

use crate::Result;
use crate::arguments::{Arguments, Source};

/// The key that was asked for.
pub(crate) fn read(arguments: &Arguments) -> Result<CspKey> {
    let keys = match &arguments.source {
        Source::Container(folder) => container(folder, &arguments.password)?,
        Source::Pfx(file) => pfx(file, &arguments.password)?,
    };
    let missing = if arguments.secondary { "there is no secondary key" } else { "there is no key" };
    Ok(keys.into_iter().nth(usize::from(arguments.secondary)).ok_or(missing)?)
}

fn container(folder: &Path, password: &str) -> Result<Vec<CspKey>> {
    let [header, name] = ["header.key", "name.key"].map(|name| file(&folder.join(name)));
    let (header, name) = (header?, name?);
    let pair = |masks, primary| Ok((file(&folder.join(masks))?, file(&folder.join(primary))?));
    // one copy of the keys is enough, whichever it is
    let main: Result<_> = pair("masks.key", "primary.key");
    let reserve: Result<_> = pair("masks2.key", "primary2.key");
    let (main, reserve) = match (main, reserve) {
        (Ok(main), reserve) => (main, reserve.ok()),
        (Err(_), Ok(reserve)) => (reserve, None),
        (Err(error), Err(_)) => return Err(error),
    };
    let container = CspContainer::read(&Files {
        header: &header,
        name: &name,
        main: (&main.0, &main.1),
        reserve: reserve.as_ref().map(|(masks, primary)| (&masks[..], &primary[..])),
    });
    container.and_then(|container| container.open(password)).map_err(|error| told(folder, &error))
}

fn pfx(path: &Path, password: &str) -> Result<Vec<CspKey>> {
    let pfx = Pfx::read(&file(path)?, password).map_err(|error| told(path, &error))?;
    let certificates: Vec<_> =
        pfx.keys.iter().map(|key| pfx.certificate_of(key).map(<[u8]>::to_vec)).collect();
    let keys = pfx.keys.into_iter().zip(certificates).map(|(key, certificate)| {
        let usage = key.csp.unwrap_or(Usage::Signature);
        let key = CspKey::new(key.key, usage);
        match certificate {
            Some(certificate) => Ok(key.with_certificate(&certificate)?),
            None => Ok(key),
        }
    });
    keys.collect()
}

fn file(path: &Path) -> Result<Vec<u8>> {
    let length = std::fs::metadata(path).map(|metadata| metadata.len());
    match length {
        Ok(length) if length > LONGEST => Err(format!("{}: too long", path.display()).into()),
        Ok(_) => std::fs::read(path).map_err(crate::at(path)),
        Err(error) => Err(crate::at(path)(error)),
    }
}

fn told(path: &Path, error: &Unopened) -> Box<dyn std::error::Error> {
    let why = match error {
        Unopened::WrongPin => "the password is wrong".to_owned(),
        other => other.to_string(),
    };
    format!("{}: {why}", path.display()).into()
}

/// Octets of the longest file that is read.
const LONGEST: u64 = 1 << 24;
