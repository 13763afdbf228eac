//! What the command line says.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::KeyAlgorithm;
use lexopt::ValueExt;

use crate::Result;

/// The names of parameter sets on the command line, with their object identifiers (RFC 9215, Appendix C).
const SETS: &[(&str, &str)] = &[
    ("256-A", "1.2.643.7.1.2.1.1.1"),
    ("256-B", "1.2.643.7.1.2.1.1.2"),
    ("CP-A", "1.2.643.2.2.35.1"),
    ("256-C", "1.2.643.7.1.2.1.1.3"),
    ("256-D", "1.2.643.7.1.2.1.1.4"),
    ("512-A", "1.2.643.7.1.2.1.2.1"),
    ("512-B", "1.2.643.7.1.2.1.2.2"),
    ("512-C", "1.2.643.7.1.2.1.2.3"),
];

const HELP: &str = "\
operator_day: from application documents to certificates

  --applications FILE   who comes to the desk; see docs/applications.md
                        [examples/data/applications.json]
  --out DIR             where everything goes; must not exist, or be empty
                        [a new folder under target/]
  --param-set SET       256-A, 256-B, CP-A, 256-C, 256-D, 512-A, 512-B or 512-C [256-A]
  --key-store PLACE     pkcs11:MODULE?slot=N&pin-value=PIN: the authority's keys on that token, and
                        the others' too where it makes keys of theirs; see docs/tokens.md.
                        cryptopro or cryptopro:LIBRARY: CryptoPro CSP; see docs/cryptopro.md
                        [folders in DIR]
  --authority-key KIND  the authority's keys: a SET, p256 or rsa [as --param-set]";

pub(crate) struct Arguments {
    pub(crate) applications: PathBuf,
    pub(crate) events: PathBuf,
    pub(crate) out: PathBuf,
    pub(crate) set_name: &'static str,
    pub(crate) algorithm: KeyAlgorithm,
    pub(crate) authority_algorithm: KeyAlgorithm,
    /// `pkcs11:…` or `cryptopro…`; folders without.
    pub(crate) key_store: Option<String>,
}

impl Arguments {
    /// Reads the command line; `None` where help was asked for.
    pub(crate) fn parse() -> Result<Option<Self>> {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
        let (mut applications, mut out, mut set) = (data.join("applications.json"), None, SETS[0]);
        let (mut key_store, mut authority) = (None, None);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                lexopt::Arg::Long("applications") => applications = parser.value()?.into(),
                lexopt::Arg::Long("out") => out = Some(PathBuf::from(parser.value()?)),
                lexopt::Arg::Long("param-set") => {
                    set = find_set(&parser.value()?.to_string_lossy())?;
                }
                lexopt::Arg::Long("key-store") => key_store = Some(parser.value()?.string()?),
                lexopt::Arg::Long("authority-key") => {
                    authority = Some(find_kind(&parser.value()?.to_string_lossy())?);
                }
                lexopt::Arg::Long("help") | lexopt::Arg::Short('h') => {
                    println!("{HELP}");
                    return Ok(None);
                }
                other => return Err(other.unexpected().into()),
            }
        }
        let out = out.map_or_else(fresh_folder, Ok)?;
        if out.exists() && out.read_dir()?.next().is_some() {
            return Err(format!("{} is not empty: a record is founded once", out.display()).into());
        }
        let (set_name, oid) = set;
        let algorithm = KeyAlgorithm::Gost3410(Oid::new_unwrap(oid));
        Ok(Some(Self {
            applications,
            events: data.join("events.json"),
            out,
            set_name,
            algorithm,
            authority_algorithm: authority.unwrap_or(algorithm),
            key_store,
        }))
    }

    pub(crate) fn read_applications(&self) -> Result<Vec<u8>> {
        std::fs::read(&self.applications)
            .map_err(|error| format!("{}: {error}", self.applications.display()).into())
    }
}

fn find_set(name: &str) -> Result<(&'static str, &'static str)> {
    let set = SETS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    set.copied().ok_or_else(|| format!("there is no parameter set {name}\n\n{HELP}").into())
}

/// What an authority's keys may be.
fn find_kind(name: &str) -> Result<KeyAlgorithm> {
    match name {
        "p256" => Ok(KeyAlgorithm::EcdsaP256),
        "rsa" => Ok(KeyAlgorithm::Rsa(3072)),
        set => Ok(KeyAlgorithm::Gost3410(Oid::new_unwrap(find_set(set)?.1))),
    }
}

fn fresh_folder() -> Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    Ok(target.join(format!("operator-day-{now}")))
}
