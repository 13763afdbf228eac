//! What holds for all inputs.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use getrandom::SysRng;
use gost3410::{Error, ParameterSet, Signature, SigningKey, VerifyingKey};
use pkcs8::{DecodePrivateKey, EncodePrivateKey};
use proptest::prelude::*;
use spki::{DecodePublicKey, EncodePublicKey};

fn any_set() -> impl Strategy<Value = ParameterSet> {
    prop::sample::select(ParameterSet::ALL)
}

/// A key from arbitrary octets, below q for every set.
fn key(set: ParameterSet, octets: &[u8; 64]) -> SigningKey {
    let mut d = octets.split_at(set.size()).0.to_vec();
    *d.last_mut().unwrap() &= 0x1f;
    *d.first_mut().unwrap() |= 1;
    SigningKey::from_le_bytes(set, &d).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn signatures_verify_and_spoilt_ones_do_not(
        set in any_set(),
        secret: [u8; 64],
        digest: [u8; 64],
        position: prop::sample::Index,
        flip in 1..=255_u8,
    ) {
        let key = key(set, &secret);
        let digest = digest.split_at(set.size()).0;
        let signature = key.sign_prehash(digest, &mut SysRng).unwrap();
        let public = key.verifying_key();
        prop_assert_eq!(public.verify_prehash(digest, &signature), Ok(()));
        let mut spoilt = signature.as_slice().to_vec();
        *position.get_mut(&mut spoilt) ^= flip;
        let spoilt = Signature::from_slice(&spoilt).unwrap();
        prop_assert_eq!(public.verify_prehash(digest, &spoilt), Err(Error::Forged));
        let mut other = digest.to_vec();
        *position.get_mut(&mut other) ^= flip;
        prop_assert_eq!(public.verify_prehash(&other, &signature), Err(Error::Forged));
    }

    #[test]
    fn forms_of_a_signature_are_reversed(octets: [[u8; 32]; 4], long: bool) {
        let octets = octets.as_flattened();
        let octets = if long { octets } else { octets.split_at(64).0 };
        let signature = Signature::from_slice(octets).unwrap();
        prop_assert_eq!(signature.as_slice(), octets);
        prop_assert_eq!(Signature::from_tls(&signature.to_tls()).unwrap(), signature);
        prop_assert_eq!(Signature::from_csp(&signature.to_csp()).unwrap(), signature);
    }

    #[test]
    fn keys_survive_their_encodings(set in any_set(), secret: [u8; 64]) {
        let key = key(set, &secret);
        let again = SigningKey::from_pkcs8_der(key.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        prop_assert_eq!(again.to_le_bytes(), key.to_le_bytes());
        let der = key.verifying_key().to_public_key_der().unwrap();
        let public = VerifyingKey::from_public_key_der(der.as_bytes()).unwrap();
        prop_assert_eq!(&public, key.verifying_key());
    }

    #[test]
    fn spoilt_encodings_are_errors(
        set in any_set(),
        secret: [u8; 64],
        position: prop::sample::Index,
        flip in 1..=255_u8,
        cut: prop::sample::Index,
    ) {
        let key = key(set, &secret);
        let public = key.verifying_key().to_public_key_der().unwrap();
        let mut spoilt = public.as_bytes().to_vec();
        *position.get_mut(&mut spoilt) ^= flip;
        if let Ok(other) = VerifyingKey::from_public_key_der(&spoilt) {
            // Another OID of the same curve, or another optional parameter.
            prop_assert_eq!(other.x_be(), key.verifying_key().x_be());
            let encoded = other.to_public_key_der().unwrap();
            prop_assert_eq!(encoded.as_bytes(), spoilt);
        }
        let cut = cut.index(public.as_bytes().len());
        prop_assert!(VerifyingKey::from_public_key_der(public.as_bytes().split_at(cut).0).is_err());
        let mut private = key.to_pkcs8_der().unwrap().as_bytes().to_vec();
        *position.get_mut(&mut private) ^= flip;
        drop(SigningKey::from_pkcs8_der(&private)); // an error or another key, no panic
    }

    #[test]
    fn arbitrary_octets_are_no_keys(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(VerifyingKey::from_public_key_der(&octets).is_err());
        prop_assert!(SigningKey::from_pkcs8_der(&octets).is_err());
        for set in ParameterSet::ALL {
            prop_assert!(VerifyingKey::from_le_bytes(*set, &octets).is_err());
        }
    }
}
