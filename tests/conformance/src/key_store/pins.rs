//! Promises about passwords of containers.

use gost_ca::provider::ErrorKind;
use gost_ca::provider::key_store::{Access, KeySpec, PinRule};
use gost_ca::secret::Secret;

use super::keys_under_test::{Bench, KeysUnderTest, KitRng, PIN, container_passwords, refused};
use super::promises;
use crate::broken::{Kept, ensure, same};
use crate::check::Check;

promises! {
    container_passwords;
    "wrong-pin-is-denied": "a wrong PIN is Denied, for opening, changing and deleting" => wrong_pin;
    "short-pin": "a PIN against the carrier's rule is Invalid, and nothing is made" => short_pin;
    "change-pin": "after a change only the new PIN opens" => change_pin;
    "temporary-pin": "a temporary PIN opens nothing until it is changed (V8)" => temporary_pin;
    "temporary-pin-signs-once": "the new key is open once, to sign its own request" => signs_once;
}

async fn wrong_pin(bench: &Bench<'_>) -> Kept {
    let made = bench.make("wrong PIN").await?;
    let wrong = Access::Existing(Secret::from(WRONG));
    let denied = |kind: &ErrorKind| matches!(kind, ErrorKind::Denied { .. });
    let error = refused("open", bench.store.open(&made.id, &wrong).await)?;
    ensure(denied(error.kind()), format!("open: {error}"))?;
    let new = Secret::from(NEW);
    let error = refused("change", bench.keys.change_pin(&made.id, &wrong, &new).await)?;
    ensure(denied(error.kind()), format!("change_pin: {error}"))?;
    let error = refused("delete", bench.keys.delete(&made.id, &wrong).await)?;
    ensure(denied(error.kind()), format!("delete: {error}"))?;
    same("the public key", bench.open(&made.id).await?.public_key(), made.public_key())
}

async fn short_pin(bench: &Bench<'_>) -> Kept {
    let PinRule::PerContainer { min } = bench.carrier.pin else { return Ok(()) };
    let Some(short) = min.checked_sub(1) else { return Ok(()) };
    let short = || Secret::from("я".repeat(short));
    let spec = bench.spec("short PIN")?;
    let result = bench.keys.generate(&spec, &Access::New(short()), &KitRng).await;
    bench.delete_later(&spec.id, Access::Existing(short()));
    same("generate", refused("generate", result)?.kind(), &ErrorKind::Invalid)?;
    ensure(bench.listed(&spec.id).await?.is_none(), "a key was made")?;
    let made = bench.make("long PIN").await?;
    let changed = bench.keys.change_pin(&made.id, &bench.access(), &short()).await;
    same("change_pin", refused("change", changed)?.kind(), &ErrorKind::Invalid)?;
    same("the public key", bench.open(&made.id).await?.public_key(), made.public_key())
}

async fn change_pin(bench: &Bench<'_>) -> Kept {
    let made = bench.make("change PIN").await?;
    let new = || Access::Existing(Secret::from(NEW));
    bench.keys.change_pin(&made.id, &bench.access(), &Secret::from(NEW)).await?;
    bench.delete_later(&made.id, new());
    let opened = bench.store.open(&made.id, &new()).await?;
    same("the public key", opened.public_key(), made.public_key())?;
    bench.signs(opened.as_ref(), made.public_key(), b"after the change").await?;
    let error = refused("the old PIN", bench.open(&made.id).await)?;
    ensure(matches!(error.kind(), ErrorKind::Denied { .. }), format!("the old PIN: {error}"))
}

async fn temporary_pin(bench: &Bench<'_>) -> Kept {
    let made = bench.make_as(KeySpec { temporary_pin: true, ..bench.spec("temporary")? }).await?;
    let listed = bench.listed(&made.id).await?.ok_or("the key is not listed")?;
    same("must_change_pin", &listed.must_change_pin, &true)?;
    let error = refused("the temporary PIN", bench.open(&made.id).await)?;
    ensure(matches!(error.kind(), ErrorKind::Denied { .. }), format!("open: {error}"))?;
    bench.keys.change_pin(&made.id, &bench.access(), &Secret::from(NEW)).await?;
    bench.delete_later(&made.id, Access::Existing(Secret::from(NEW)));
    let listed = bench.listed(&made.id).await?.ok_or("the key is not listed")?;
    same("must_change_pin", &listed.must_change_pin, &false)?;
    let opened = bench.store.open(&made.id, &Access::Existing(Secret::from(NEW))).await?;
    same("the public key", opened.public_key(), made.public_key())
}

async fn signs_once(bench: &Bench<'_>) -> Kept {
    let made = bench.make_as(KeySpec { temporary_pin: true, ..bench.spec("request")? }).await?;
    bench.signs(made.signer.as_ref(), made.public_key(), b"its own request").await?;
    bench.keys.delete(&made.id, &bench.access()).await?;
    ensure(bench.listed(&made.id).await?.is_none(), "the key is still listed")
}

/// The kit's PIN but for one character.
const WRONG: &str = "Пароль-conformance-2";
const NEW: &str = "Другой-conformance-1";
const _: () = assert!(WRONG.len() == PIN.len(), "only the last character differs");
