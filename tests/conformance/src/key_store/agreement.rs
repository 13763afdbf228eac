//! Promises about key agreement. The kit computes the other side by itself, from a key of its own.

use gost_ca::provider::key_store::{Derivation, KeySpec};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::secret::Secret;
use gost_ca::x509::PublicKey;
use gost_symmetric::agreement::{keg, keg_ukm, vko_256, vko_512};
use gost3410::{ParameterSet, SigningKey, VerifyingKey, vko};

use super::keys_under_test::{Bench, KeysUnderTest, nothing_more, refused};
use super::promises;
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::fresh::fresh;

promises! {
    nothing_more;
    "agreement-is-vko": "where a key agrees, VKO and KEG are what the other side computes" => is_vko;
    "agreement-on-another-curve": "a peer's key on another curve is Invalid" => another_curve;
}

async fn is_vko(bench: &Bench<'_>) -> Kept {
    for algorithm in bench.carrier.algorithms.clone() {
        let made = bench.make_as(KeySpec { algorithm, ..bench.spec("agrees")? }).await?;
        let Some(agreement) = made.signer.agreement() else { continue };
        let ours = VerifyingKey::from_spki(&made.public_key().info()).map_err(text)?;
        let peer = peer(ours.parameter_set())?;
        let key = public_key(&peer)?;
        for ukm in [&[1, 2, 3, 4, 5, 6, 7, 8][..], &[0xFF; 16]] {
            let point = vko(&peer, &ours, ukm).map_err(text)?;
            let expected = Secret::new(vko_256(&point).map_err(text)?.as_slice());
            let given = agreement.agree(&key, Derivation::Vko256 { ukm }).await;
            compare("VKO with 256 bits", algorithm, given, &expected)?;
            let given = agreement.agree(&key, Derivation::Vko512 { ukm }).await;
            match vko_512(&point) {
                Ok(secret) => {
                    compare(
                        "VKO with 512 bits",
                        algorithm,
                        given,
                        &Secret::new(secret.as_slice()),
                    )?;
                }
                Err(_) => drop(refused("VKO with 512 bits of a short key", given)?),
            }
        }
        let h: [u8; 32] = fresh();
        let point = vko(&peer, &ours, &keg_ukm(&h)).map_err(text)?;
        let keys = keg(&point, &h).map_err(text)?;
        let expected = [keys.authentication.as_slice(), keys.encryption.as_slice()].concat();
        let given = agreement.agree(&key, Derivation::Keg { h: &h }).await;
        compare("KEG", algorithm, given, &Secret::new(expected))?;
    }
    Ok(())
}

async fn another_curve(bench: &Bench<'_>) -> Kept {
    let made = bench.make("agrees").await?;
    let Some(agreement) = made.signer.agreement() else { return Ok(()) };
    let ours = VerifyingKey::from_spki(&made.public_key().info()).map_err(text)?;
    let mut sets = ParameterSet::ALL.iter().filter(|set| set.curve() != ours.curve());
    let other = sets.next().ok_or("there is one curve alone")?;
    let key = public_key(&peer(*other)?)?;
    let error = refused("agree", agreement.agree(&key, Derivation::Vko256 { ukm: &[1] }).await)?;
    same("agree", error.kind(), &ErrorKind::Invalid)
}

fn compare(
    what: &str,
    algorithm: gost_ca::provider::key_store::KeyAlgorithm,
    given: Result<Secret>,
    expected: &Secret,
) -> Kept {
    match given {
        Ok(secret) => ensure(secret == *expected, format!("{what} of {algorithm:?} differs")),
        // Each derivation is an ability of its own.
        Err(error) if *error.kind() == ErrorKind::Unsupported => Ok(()),
        Err(error) => Err(Broken::from(format!("{what} of {algorithm:?}: {error}"))),
    }
}

/// A key of the kit's own.
fn peer(set: ParameterSet) -> core::result::Result<SigningKey, Broken> {
    let random = core::iter::repeat_with(fresh::<32>).flatten();
    let mut octets: Vec<u8> = random.take(set.size()).collect();
    // The highest octet is cut, so that the number is below every order.
    if let Some(highest) = octets.last_mut() {
        *highest &= 0x1F;
    }
    Ok(SigningKey::from_le_bytes(set, &octets).map_err(text)?)
}

fn public_key(key: &SigningKey) -> core::result::Result<PublicKey, Broken> {
    let spki = key.verifying_key().to_spki().map_err(text)?;
    let der = der::Encode::to_der(&spki).map_err(text)?;
    Ok(PublicKey::from_der(&der).map_err(text)?)
}

fn text(error: impl core::fmt::Display) -> String {
    error.to_string()
}
