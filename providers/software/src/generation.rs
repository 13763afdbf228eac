//! Making keys.

use gost_ca::provider::key_store::KeyAlgorithm;
use gost_ca::provider::{ErrorKind, Result, Rng};
use gost3410::{ParameterSet, SigningKey};

use crate::curve_name::curve_name;
use crate::random::Lent;

/// Makes a key with that randomness and no other.
///
/// # Errors
/// `Unsupported` for another algorithm; the generator's refusal as it came.
pub fn generate_key(algorithm: KeyAlgorithm, rng: &dyn Rng) -> Result<SigningKey> {
    let set = parameter_set(algorithm)?;
    let mut lent = Lent::new(rng);
    match SigningKey::generate(set, &mut lent) {
        Ok(key) => Ok(key),
        Err(error) => Err(lent.error("generate", error)),
    }
}

fn parameter_set(algorithm: KeyAlgorithm) -> Result<ParameterSet> {
    match algorithm {
        KeyAlgorithm::Gost3410(oid) => ParameterSet::from_oid(oid.0)
            .ok()
            .filter(|set| curve_name(set.curve()).is_some())
            .ok_or_else(|| ErrorKind::Unsupported.at("parameter set").because(oid.to_string())),
        _ => Err(ErrorKind::Unsupported.at("key algorithm")),
    }
}
