//! Measures the way from a request to a certificate, in memory; see `run.sh`.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a bench may fail by panicking"
)]

use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use getrandom::SysRng;
use gost_ca::provider::Signer;
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::{ParameterSet, SigningKey};

use self::authority::Office;
use self::bench::Bench;
use self::steps::Issuer;

mod authority;
#[path = "../../bench.rs"]
mod bench;
mod steps;

const SETS: [(&str, ParameterSet); 4] = [
    ("256-A", ParameterSet::TC26_256_A),
    ("256-B", ParameterSet::TC26_256_B),
    ("512-A", ParameterSet::TC26_512_A),
    ("512-C", ParameterSet::TC26_512_C),
];

/// Requests of a batch, each with a key of its own.
const BATCH: usize = 64;

fn main() {
    let bench = Bench::from_environment("gost-ca");
    for (name, set) in SETS.into_iter().filter(|(name, _)| bench.wants(name)) {
        let issuer = Issuer::new(signer(set));
        let requests: Vec<_> = (0..BATCH).map(|_| steps::request(&*signer(set))).collect();
        issuer.check(&issuer.issue_all(&requests)[1]);
        issuer.check(&issuer.issue(&requests[0]));
        let mut next = requests.iter().cycle();
        bench.run(name, "request to certificate", 1.0, || {
            let request = next.next().expect("is endless");
            drop(black_box(issuer.issue(black_box(request))));
        });
        bench.run(name, "request to certificate, batch of 64", 64.0, || {
            drop(black_box(issuer.issue_all(black_box(&requests))));
        });
        let office = Office::new(set);
        bench.run(name, "request to certificate, by LocalAuthority", 1.0, || {
            drop(black_box(office.issue()));
        });
    }
}

fn signer(set: ParameterSet) -> Arc<dyn Signer> {
    let key = SigningKey::generate(set, &mut SysRng).expect("the system has randomness");
    Arc::new(GostSigner::new(key, Arc::new(SystemRng)).expect("is a key"))
}

/// Runs what never waits for anything outside: it is asked again at once.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
