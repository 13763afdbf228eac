//! Keys in other programs' files, out and in.

use der::pem::LineEnding;
use gost_ca::provider::Rng;
use gost_ca::x509::Certificate;
use gost_ca_software::container::{Container, Freshness};
use gost_key_files::{Cipher, EncryptedKey, NewPfx, Pfx, Protection};
use gost3410::SigningKey;

use crate::ask::Password;
use crate::workplace::{Result, check_new, random, unopened};
use crate::{Answer, Failure, Octets};

/// How a file is sealed anew: iterations of PBKDF2, and randomness.
type Sealing<'a> = (u32, &'a dyn Rng);

pub(crate) fn pkcs8(container: &Container) -> Result<Answer> {
    let der = container.encrypted_key().as_der();
    let pem = der::pem::encode_string(PKCS8, LineEnding::LF, der);
    Ok(Answer::Exported { pem: pem.map_err(|_| Failure::Container)? })
}

pub(crate) fn pfx(
    container: &Container,
    password: &Password,
    (iterations, rng): Sealing<'_>,
) -> Result<Answer> {
    if container.has_temporary_pin() {
        return Err(Failure::TemporaryPassword);
    }
    let key = container.open(password.octets()).map_err(unopened)?;
    let certificates: Vec<_> =
        container.certificates().iter().map(|one| one.as_der().to_vec()).collect();
    let new = NewPfx {
        key: &key,
        certificates: &certificates,
        name: None,
        password: password.text(),
        iterations,
    };
    let written = new.write(Protection::Standard(Cipher::KuznyechikOmac), |out| rng.fill(out));
    Ok(Answer::ExportedPfx { pfx: Octets(written.map_err(unopened)?) })
}

pub(crate) fn import(
    file: &[u8],
    password: &Password,
    (iterations, rng): Sealing<'_>,
) -> Result<Container> {
    check_new(password)?;
    let (key, certificate) = opened(file, password)?;
    let fresh = Freshness::draw(|out| rng.fill(out)).map_err(|error| random(&error))?;
    let container = Container::seal(&key, password.octets(), false, iterations, fresh);
    let mut container = container.map_err(unopened)?;
    if let Some(der) = certificate {
        let certificate = Certificate::from_der(&der).map_err(|_| Failure::Certificate)?;
        container.install(&certificate).map_err(|_| Failure::Certificate)?;
    }
    Ok(container)
}

fn opened(file: &[u8], password: &Password) -> Result<(SigningKey, Option<Vec<u8>>)> {
    let pem = der::pem::decode_vec(file).ok().filter(|(label, _)| *label == PKCS8);
    let der = pem.as_ref().map_or(file, |(_, der)| der);
    if let Ok(encrypted) = EncryptedKey::from_der(der) {
        return Ok((encrypted.open_key(password.octets()).map_err(unopened)?, None));
    }
    let mut pfx = Pfx::read(der, password.text()).map_err(unopened)?;
    let certificate = pfx.keys.first().and_then(|key| pfx.certificate_of(key)).map(<[u8]>::to_vec);
    let key = if pfx.keys.is_empty() { None } else { Some(pfx.keys.swap_remove(0)) };
    Ok((key.ok_or(Failure::Container)?.key, certificate))
}

const PKCS8: &str = "ENCRYPTED PRIVATE KEY";
