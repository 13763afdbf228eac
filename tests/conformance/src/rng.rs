//! What every random generator promises.

use std::collections::BTreeSet;

use gost_ca::provider::Rng;

use crate::broken::{Broken, Kept, ensure};
use crate::check::{BoxFuture, Check, Verdict, ready, run};
use crate::drive::{block_on, on_threads};
use crate::report::Report;

/// The generator under test.
#[derive(Debug)]
pub struct RngUnderTest<'a> {
    rng: &'a dyn Rng,
}

/// Checks a random generator that is ready; takes about 100 KiB from it.
///
/// No test of outputs tells a good generator from a bad one: these find broken plumbing.
pub fn rng(rng: &dyn Rng) -> Report {
    block_on(run(&format!("rng {:?}", rng.kind()), &RngUnderTest { rng }, &rng_checks()))
}

/// Declares a table of checks: `id: why => body`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:expr;)+) => {
        /// The promises of a random generator.
        pub fn rng_checks<'a>() -> Vec<Check<RngUnderTest<'a>>> {
            vec![$(Check { id: concat!("rng/", $id), why: $why, run: |s| judge(s, $body) }),+]
        }
    };
}

promises! {
    "fills-all": "fills all of the buffer, whatever its length" => fills_all;
    "fills-differ": "no two fills are the same" => fills_differ;
    "threads-differ": "no two threads get the same" => threads_differ;
    "zero-length": "nothing is filled without an error" => |rng| Ok(rng.fill(&mut [])?);
    "bits-balanced": "zeros and ones are equally likely" => bits_balanced;
}

fn judge<'a>(subject: &RngUnderTest<'_>, body: fn(&dyn Rng) -> Kept) -> BoxFuture<'a, Verdict> {
    ready(body(subject.rng).into())
}

/// An octet that is 0 in eight fills is a chance of 2^-64, or was not filled.
fn fills_all(rng: &dyn Rng) -> Kept {
    for length in (1..=130).chain([1000, 4096]) {
        let mut seen = vec![0; length];
        for _ in 0..8 {
            let mut octets = vec![0; length];
            rng.fill(&mut octets)?;
            seen.iter_mut().zip(octets).for_each(|(seen, octet)| *seen |= octet);
        }
        let untouched = seen.iter().position(|octet| *octet == 0);
        ensure(untouched.is_none(), format!("octet {untouched:?} of {length} stays 0"))?;
    }
    Ok(())
}

fn draw(rng: &dyn Rng) -> Result<[u8; 32], Broken> {
    let mut octets = [0; 32];
    rng.fill(&mut octets)?;
    Ok(octets)
}

fn fills_differ(rng: &dyn Rng) -> Kept {
    let fills = (0..200).map(|_| draw(rng)).collect::<Result<BTreeSet<_>, _>>()?;
    ensure(fills.len() == 200, format!("{} of 200 differ", fills.len()))
}

fn threads_differ(rng: &dyn Rng) -> Kept {
    let draws = |_| async { (0..50).map(|_| draw(rng).ok()).collect::<Vec<_>>() };
    let fills: BTreeSet<_> = on_threads(8, draws).into_iter().flatten().flatten().collect();
    ensure(fills.len() == 400, format!("{} of 400 differ or came at all", fills.len()))
}

/// The monobit test of FIPS 140-1 on 2^17 bits, at eight standard deviations (2^-50).
fn bits_balanced(rng: &dyn Rng) -> Kept {
    let mut octets = vec![0; 1 << 14];
    rng.fill(&mut octets)?;
    let ones: u32 = octets.iter().map(|octet| octet.count_ones()).sum();
    let off = ones.abs_diff(1 << 16);
    ensure(off < 1450, format!("{ones} ones in 131072 bits"))
}
