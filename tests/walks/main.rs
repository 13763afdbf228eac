//! Random walks over the desk against a model of it.
//!
//! Administrators, operators of two offices and users do anything to anything, by profiles of every kind;
//! the authority has its moods, storage and signer fail and calls are dropped, time goes on and the engine
//! looks; after each step the answer, the state, the history, the views and the CRLs are those of the model,
//! and after each walk the chain is whole, nothing was told twice, no serial number was used twice, and no
//! personal data or secret is in the journal, in an outcome or in an error.
//!
//! `WALK_STEPS=1000000 cargo test --release --test walks` for the long run; `WALK_SEED=7` for other walks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

mod accounts;
mod approvals;
#[path = "../support/authorities.rs"]
mod authorities;
#[path = "../support/bench.rs"]
mod bench;
mod bulk;
mod carriers;
mod cases;
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/doubles.rs"]
mod doubles;
mod engine;
mod faults;
mod imports;
mod lists;
mod model;
mod questions;
mod reminders;
mod secrets;
mod seen;
mod world;

use desk::Result;
use seen::{SEEN_AT_LEAST, Seen};
use world::{Step, World};

const STEPS_OF_A_WALK: u32 = 200;

#[test]
fn the_desk_does_what_the_model_says() {
    // unoptimised, the futures of commands within commands are large
    let walker = std::thread::Builder::new().stack_size(64 << 20).spawn(walk_many).unwrap();
    walker.join().unwrap_or_else(|failure| std::panic::resume_unwind(failure));
}

fn walk_many() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let steps = number("WALK_STEPS").unwrap_or(1_000);
    let seed = number("WALK_SEED").unwrap_or(2026).to_be_bytes().repeat(8);
    let config = Config {
        cases: steps.div_ceil(STEPS_OF_A_WALK),
        failure_persistence: None,
        max_shrink_iters: number("WALK_SHRINKS").unwrap_or(300),
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let length = STEPS_OF_A_WALK as usize;
    let walks = vec(any::<Step>(), length / 2..=length * 3 / 2);
    let answers = Seen::default();
    let done = runner.run(&walks, |steps| {
        // the providers in memory wait for nobody: no runtime is needed
        doubles::poll_at_most(walk(&steps, &answers), usize::MAX).unwrap().unwrap();
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{failure}"));
    let answers: BTreeMap<String, u32> = answers.lock().unwrap().clone();
    for (answer, times) in &answers {
        println!("{times:8} {answer}");
    }
    let missing: Vec<_> =
        SEEN_AT_LEAST.iter().filter(|answer| !answers.contains_key(**answer)).collect();
    assert!(steps < 10_000 || missing.is_empty(), "no walk came to {missing:?}");
}

async fn walk(steps: &[Step], seen: &Seen) -> Result<()> {
    let kind = steps.first().map_or(0, |step| usize::from(step.3));
    let mut world = World::begin(Arc::clone(seen), kind).await?;
    for step in steps {
        Box::pin(world.step(*step)).await?;
    }
    Box::pin(world.end()).await
}
