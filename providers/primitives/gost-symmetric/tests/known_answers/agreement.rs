//! RFC 7836 and RFC 9189.

use gost_symmetric::{Error, agreement};

use crate::{key, octets, vectors};

const FILE: &str = include_str!("../vectors/agreement.json");

#[test]
fn vko_is_that_of_rfc7836() {
    for vector in &vectors(FILE, 2, |vector| vector.get("kek").is_some()) {
        let (point, kek) = (octets(vector, "shared_point"), octets(vector, "kek"));
        match kek.len() {
            32 => assert_eq!(agreement::vko_256(&point).unwrap()[..], kek),
            _ => assert_eq!(agreement::vko_512(&point).unwrap()[..], kek),
        }
    }
}

#[cfg(feature = "legacy")]
#[test]
fn vko_2001_is_that_of_pygost() {
    for vector in &vectors(FILE, 1, |vector| vector.get("kek_2001").is_some()) {
        let point = octets(vector, "shared_point").try_into().unwrap();
        assert_eq!(agreement::vko_2001(&point)[..], octets(vector, "kek_2001"));
    }
}

#[test]
fn keg_is_that_of_rfc9189() {
    for vector in &vectors(FILE, 2, |vector| vector.get("H").is_some()) {
        let h = key(vector, "H");
        let mut ukm = agreement::keg_ukm(&h);
        ukm.reverse();
        assert_eq!(ukm[..], octets(vector, "ukm_integer"));
        let keys = agreement::keg(&octets(vector, "shared_point"), &h).unwrap();
        assert_eq!(keys.authentication[..], octets(vector, "K_Exp_MAC"));
        assert_eq!(keys.encryption[..], octets(vector, "K_Exp_ENC"));
    }
}

#[test]
fn a_zero_ukm_is_one() {
    assert_eq!(agreement::keg_ukm(&[0; 32]), 1_u128.to_le_bytes());
}

#[test]
fn points_have_one_of_two_sizes() {
    for length in [0, 63, 65, 127, 129] {
        let point = vec![0; length];
        assert_eq!(agreement::vko_256(&point), Err(Error::Length("shared point")));
        assert_eq!(agreement::vko_512(&point), Err(Error::Length("shared point")));
        assert!(agreement::keg(&point, &[0; 32]).is_err());
    }
    assert!(agreement::vko_512(&[0; 64]).is_err());
}
