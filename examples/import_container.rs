//! Takes a key over from CryptoPro CSP: out of a container's folder or a PFX file, into PKCS#8.
//!
//! ```text
//! cargo run --release --example import_container -- (--container DIR | --pfx FILE) [--password P]
//!     --out key.pem [--new-password P] [--cipher gost28147|kuznyechik|magma]
//!     [--key primary|secondary] [--certificate cert.pem]
//! ```
//!
//! Ends with 0, or with 1 and one line for what cannot be imported; nothing is written then.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool")]

#[path = "import_container/arguments.rs"]
mod arguments;
#[path = "import_container/source.rs"]
mod source;

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use der::pem::{LineEnding, encode_string};
use gost_key_files::{CspKey, EncryptedKey, Freshness};
use pkcs8::EncodePrivateKey;

use arguments::{Arguments, HELP};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let done = match Arguments::parse() {
        Ok(Some(arguments)) => run(&arguments),
        Ok(None) => {
            println!("{HELP}");
            Ok(())
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("import_container: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let key = source::read(arguments)?;
    let (label, der) = encode(arguments, &key)?;
    write_private(&arguments.out, encode_string(label, LineEnding::LF, &der)?.as_bytes())?;
    if let Some(path) = &arguments.certificate {
        let certificate =
            key.certificate.as_deref().ok_or("there is no certificate beside the key")?;
        let certificate = encode_string("CERTIFICATE", LineEnding::LF, certificate)?;
        std::fs::write(path, certificate).map_err(at(path))?;
    }
    let key = key.key.verifying_key();
    println!(
        "{}: {:?} on {}",
        arguments.out.display(),
        key.key_algorithm(),
        key.parameter_set().name()
    );
    Ok(())
}

fn encode(arguments: &Arguments, key: &CspKey) -> Result<(&'static str, Vec<u8>)> {
    let Some(password) = &arguments.new_password else {
        return Ok(("PRIVATE KEY", key.key.to_pkcs8_der()?.as_bytes().to_vec()));
    };
    let fresh = Freshness::draw(getrandom::fill)?;
    let (cipher, password) = (arguments.cipher, password.as_bytes());
    let sealed = EncryptedKey::seal_key(cipher, &key.key, password, ITERATIONS, fresh)?;
    Ok(("ENCRYPTED PRIVATE KEY", sealed.as_der().to_vec()))
}

/// For the owner alone, and never over another file: it may be a key.
fn write_private(path: &Path, octets: &[u8]) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).and_then(|mut file| file.write_all(octets)).map_err(at(path))
}

/// An error of the file system with its file.
fn at(path: &Path) -> impl Fn(std::io::Error) -> Box<dyn Error> {
    move |error| format!("{}: {error}", path.display()).into()
}

/// What one guess of a new password costs.
const ITERATIONS: u32 = 100_000;
