//! Uses secrets on every curve, for valgrind; see `tests/constant_time.rs`.
#![expect(clippy::unwrap_used, reason = "an example may fail by panicking")]

use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey, vko};

fn main() {
    for set in ParameterSet::ALL {
        let key = SigningKey::generate(*set, &mut SysRng).unwrap();
        let peer = SigningKey::generate(*set, &mut SysRng).unwrap();
        let digest = vec![7; set.size()];
        let signature = key.sign_prehash(&digest, &mut SysRng).unwrap();
        key.verifying_key().verify_prehash(&digest, &signature).unwrap();
        let batch = key.sign_batch(&[&digest, &digest], &mut SysRng).unwrap();
        key.verifying_key().verify_prehash(&digest, batch.last().unwrap()).unwrap();
        let shared = vko(&key, peer.verifying_key(), &[5; 8]).unwrap();
        assert_eq!(shared, vko(&peer, key.verifying_key(), &[5; 8]).unwrap());
        println!("{}", set.name());
    }
}
