//! A saboteur for every promise of a random generator.

use std::sync::atomic::{AtomicU64, Ordering};

use gost_ca::provider::{ErrorKind, Result, Rng, RngKind};
use gost_ca_conformance::rng;
use gost_ca_software::SystemRng;

/// A system generator with a mistake.
struct Saboteur(fn(&mut [u8]) -> Result<()>);

impl std::fmt::Debug for Saboteur {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Saboteur")
    }
}

impl Rng for Saboteur {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        (self.0)(out)
    }
    fn kind(&self) -> RngKind {
        RngKind::System
    }
}

#[track_caller]
fn trips(mistake: fn(&mut [u8]) -> Result<()>, ids: &[&str]) {
    let report = rng(&Saboteur(mistake));
    assert_eq!(report.failed().into_iter().collect::<Vec<_>>(), ids, "{report}");
}

#[test]
fn the_systems_generator_conforms() {
    rng(&SystemRng).assert_conformant(&[]);
}

#[test]
fn forgets_the_last_octets() {
    trips(
        |out| {
            let whole = out.len() / 8 * 8;
            SystemRng.fill(&mut out[..whole])
        },
        &["rng/fills-all"],
    );
}

#[test]
fn gives_the_same_again() {
    trips(
        |out| {
            let pattern = (0..=255_u8).map(|n| n.reverse_bits() ^ 0x5a);
            out.iter_mut().zip(pattern.cycle()).for_each(|(octet, n)| *octet = n | 1);
            Ok(())
        },
        &["rng/bits-balanced", "rng/fills-differ", "rng/threads-differ"],
    );
}

/// Each thread seeds with the same.
#[test]
fn seeds_threads_alike() {
    thread_local!(static COUNT: AtomicU64 = const { AtomicU64::new(0) });
    trips(
        |out| {
            for chunk in out.chunks_mut(64) {
                let n = COUNT.with(|count| count.fetch_add(1, Ordering::Relaxed));
                let block = gost_hash::streebog512(&n.to_be_bytes());
                chunk.copy_from_slice(&block[..chunk.len()]);
            }
            Ok(())
        },
        &["rng/threads-differ"],
    );
}

#[test]
fn refuses_nothing() {
    trips(
        |out| if out.is_empty() { Err(ErrorKind::Invalid.at("fill")) } else { SystemRng.fill(out) },
        &["rng/zero-length"],
    );
}

#[test]
fn prefers_ones() {
    trips(
        |out| {
            SystemRng.fill(out)?;
            let mut more = vec![0; out.len()];
            SystemRng.fill(&mut more)?;
            // Every eighth octet is the OR of two: 3/4 ones.
            out.iter_mut().zip(more).step_by(8).for_each(|(octet, other)| *octet |= other);
            Ok(())
        },
        &["rng/bits-balanced"],
    );
}
