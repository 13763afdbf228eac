//! Promises about containers: names, lists, certificates.

use gost_ca::provider::key_store::{CarrierId, KeyId};
use gost_ca::provider::{Conflict, ErrorKind};
use gost_ca::x509::Certificate;

use super::keys_under_test::{
    Bench, KeysUnderTest, KitRng, REFUSAL, Refusing, nothing_more, refused,
};
use super::{promises, self_signed};
use crate::broken::{Kept, ensure, same};
use crate::check::Check;

promises! {
    nothing_more;
    "unknown-key": "a key that is not there is NotFound, not a fault" => unknown_key;
    "unknown-carrier": "keys of an unknown carrier are NotFound" => unknown_carrier;
    "generated-key-is-listed": "a generated key is listed under its id with its public key" => listed;
    "name-in-use": "a container's name in use is a Conflict, and its key stays" => name_in_use;
    "label-cyrillic": "a container's name may be Cyrillic" => label_cyrillic;
    "deleted-key-is-gone": "a deleted key is neither listed nor opened" => deleted;
    "opens-again": "a key opens again as the same key" => opens_again;
    "install-then-read-back": "a certificate is put beside its key (V6); again does nothing" => install;
    "install-foreign": "a certificate of another key is Invalid, and is not installed" => install_foreign;
    "rng-refusal": "the generator's refusal comes as it came, and no key is left" => rng_refusal;
}

async fn unknown_key(bench: &Bench<'_>) -> Kept {
    let id = bench.id("nowhere");
    let error = refused("open", bench.open(&id).await)?;
    same("open", error.kind(), &ErrorKind::NotFound)?;
    let error = refused("delete", bench.keys.delete(&id, &bench.access()).await)?;
    same("delete", error.kind(), &ErrorKind::NotFound)
}

async fn unknown_carrier(bench: &Bench<'_>) -> Kept {
    let carrier = CarrierId(bench.id("nowhere").container);
    let error = refused("keys", bench.store.keys(&carrier).await)?;
    same("keys", error.kind(), &ErrorKind::NotFound)?;
    let id = KeyId { carrier, container: "a".into() };
    same("open", refused("open", bench.open(&id).await)?.kind(), &ErrorKind::NotFound)
}

async fn listed(bench: &Bench<'_>) -> Kept {
    let made = bench.make("listed").await?;
    let listed = bench.listed(&made.id).await?.ok_or("the key is not listed")?;
    same("the listed public key", &listed.public_key, made.public_key())?;
    same("its certificate", &listed.certificate, &None)?;
    same("must_change_pin", &listed.must_change_pin, &false)
}

async fn name_in_use(bench: &Bench<'_>) -> Kept {
    let made = bench.make("taken").await?;
    let spec = gost_ca::provider::key_store::KeySpec { id: made.id.clone(), ..bench.spec("")? };
    let again = bench.keys.generate(&spec, &bench.new_access(), &KitRng).await;
    same("generate", refused("generate", again)?.kind(), &ErrorKind::Conflict(Conflict::Name))?;
    let opened = bench.open(&made.id).await?;
    same("the public key", opened.public_key(), made.public_key())
}

async fn label_cyrillic(bench: &Bench<'_>) -> Kept {
    let made = bench.make("ключ Ёлкина").await?;
    ensure(bench.listed(&made.id).await?.is_some(), "the key is not listed under its name")?;
    same("the public key", bench.open(&made.id).await?.public_key(), made.public_key())
}

async fn deleted(bench: &Bench<'_>) -> Kept {
    let made = bench.make("deleted").await?;
    bench.keys.delete(&made.id, &bench.access()).await?;
    ensure(bench.listed(&made.id).await?.is_none(), "the key is still listed")?;
    same("open", refused("open", bench.open(&made.id).await)?.kind(), &ErrorKind::NotFound)
}

async fn opens_again(bench: &Bench<'_>) -> Kept {
    let made = bench.make("again").await?;
    for _ in 0..2 {
        let opened = bench.open(&made.id).await?;
        same("the public key", opened.public_key(), made.public_key())?;
        bench.signs(opened.as_ref(), made.public_key(), b"opened again").await?;
    }
    Ok(())
}

async fn install(bench: &Bench<'_>) -> Kept {
    let made = bench.make("install").await?;
    let certificate = certificate(made.signer.as_ref()).await?;
    for _ in 0..2 {
        bench.keys.install(&made.id, &certificate).await?;
        let listed = bench.listed(&made.id).await?.ok_or("the key is not listed")?;
        same("the certificate", &listed.certificate.as_ref(), &Some(&certificate))?;
    }
    let opened = bench.open(&made.id).await?;
    same("the public key", opened.public_key(), made.public_key())
}

async fn install_foreign(bench: &Bench<'_>) -> Kept {
    let (made, other) = (bench.make("own").await?, bench.make("other").await?);
    let foreign = certificate(other.signer.as_ref()).await?;
    let error = refused("install", bench.keys.install(&made.id, &foreign).await)?;
    same("install", error.kind(), &ErrorKind::Invalid)?;
    let listed = bench.listed(&made.id).await?.ok_or("the key is not listed")?;
    same("the certificate", &listed.certificate, &None)
}

async fn certificate(
    signer: &dyn gost_ca::provider::Signer,
) -> Result<Certificate, crate::broken::Broken> {
    let der = self_signed::certificate(signer).await?;
    Ok(Certificate::from_der(&der).map_err(|error| error.to_string())?)
}

/// A device with a generator of its own need not ask another.
async fn rng_refusal(bench: &Bench<'_>) -> Kept {
    let (spec, rng) = (bench.spec("refused")?, Refusing::default());
    let result = bench.keys.generate(&spec, &bench.new_access(), &rng).await;
    bench.delete_later(&spec.id, bench.access());
    if bench.carrier.hardware_rng && rng.0.into_inner() == 0 {
        return Ok(());
    }
    let error = refused("generate", result)?;
    same("the refusal", &error.operation(), &REFUSAL)?;
    same("its kind", error.kind(), &ErrorKind::Unavailable)?;
    ensure(bench.listed(&spec.id).await?.is_none(), "a key is left")
}
