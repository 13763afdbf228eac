//! Verifies over a secret digest, which takes variable time: valgrind must notice.
//!
//! The counterpart of `secrets.rs` for `tests/constant_time.rs`.
#![expect(clippy::unwrap_used, reason = "an example may fail by panicking")]

use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey};

fn main() {
    let key = SigningKey::generate(ParameterSet::TC26_256_A, &mut SysRng).unwrap();
    let digest = [7; 32];
    let signature = key.sign_prehash(&digest, &mut SysRng).unwrap();
    #[cfg(gost3410_taint)]
    gost3410::mark_secret(&digest);
    key.verifying_key().verify_prehash(&digest, &signature).unwrap();
}
