//! What the tables of a curve cost: the first public key in a process, and the next one.
//!
//! ```text
//! cargo run --release -p gost3410 --example first_use
//! ```
#![expect(clippy::unwrap_used, reason = "an example may fail by panicking")]

use std::time::Instant;

use gost3410::{ParameterSet, SigningKey};

fn main() {
    println!("set\tfirst\tnext, microseconds");
    for set in ParameterSet::ALL {
        let times = [3, 5].map(|octet| {
            let key = vec![octet; set.size()];
            let start = Instant::now();
            SigningKey::from_le_bytes(*set, &key).unwrap();
            start.elapsed().as_micros()
        });
        println!("{}\t{}\t{}", set.name(), times[0], times[1]);
    }
}
