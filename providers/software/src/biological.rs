//! The biological generator: what a person does with mouse and keyboard, mixed with the system's
//! randomness («биологический ДСЧ», V4).
//!
//! It is fed with [`Event`]s, as the front-end gets them, until it is full; then it gives octets from
//! `HMAC_DRBG` over Streebog-512, seeded with a hash of all events *and* with the system's randomness, which
//! is mixed into every call again. Neither source alone decides.
//!
//! # What is credited
//! How much an observer could *not* guess is estimated low on purpose:
//!
//! | event | credit | because |
//! |---|---|---|
//! | a key | 1 bit | times between strokes scatter by tens of milliseconds; one bit of that is left to a listener |
//! | a move of the pointer | 1/2 bit | its path is smooth: only the end of the third difference is noise |
//! | no time passed, nothing moved | 0 | the browser rounds times; a copy is no news |
//! | the same step in the same time as before | 0 | a machine, or a key that repeats itself |
//!
//! [`NEEDED`] half bits make it full: 256 strokes, or some ten seconds of moving the pointer about.
//! Key codes are hashed in but credited nothing beyond the stroke: people type words.
//!
//! # Health
//! The raw steps are watched by the two tests of NIST SP 800-90B, 4.4 (repetition count and adaptive
//! proportion), with a false alarm in 2^30. A stuck or scripted source makes the generator fail for good.

mod credit;
mod event;
mod health;
pub mod recorded;

use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gost_ca::provider::{ErrorKind, Result, Rng, RngKind};
use gost_hash::{Digest, Streebog512};
use zeroize::Zeroizing;

pub use event::{Event, Kind};

use crate::hmac_drbg::HmacDrbg;
use credit::Credit;
use health::Health;

/// The biological generator. Not ready until [`percent`](Self::percent) is 100.
pub struct BiologicalRng {
    system: Arc<dyn Rng>,
    state: Mutex<State>,
}

enum State {
    /// Events are gathered for the first seed.
    Filling(Box<Pool>),
    /// Octets flow; events go on to be gathered for reseeding.
    Full(Box<Pool>, HmacDrbg),
    /// A health test failed.
    Failed,
}

/// A hash of events, and what they are worth.
#[derive(Default)]
struct Pool {
    hash: Streebog512,
    credit: Credit,
    health: Health,
}

impl BiologicalRng {
    /// Starts empty; `system` is mixed in, whatever the events are.
    pub fn new(system: Arc<dyn Rng>) -> Self {
        Self { system, state: Mutex::new(State::Filling(Box::default())) }
    }

    /// Takes an event.
    ///
    /// # Errors
    /// `Fault` once a health test failed: start anew with another one. `Unavailable` when the system's
    /// generator refused to join; the event counts, and the next one tries again.
    pub fn feed(&self, event: &Event) -> Result<()> {
        let mut state = self.lock();
        let pool = match &mut *state {
            State::Filling(pool) | State::Full(pool, _) => pool,
            State::Failed => return Err(failed()),
        };
        if pool.take(event).is_err() {
            *state = State::Failed;
            return Err(failed());
        }
        if pool.credit.half_bits() >= NEEDED { self.seed(&mut state) } else { Ok(()) }
    }

    /// How full it is; 100 from the moment it gives octets.
    pub fn percent(&self) -> u8 {
        match &*self.lock() {
            State::Filling(pool) => {
                let hundredths = pool.credit.half_bits().saturating_mul(100) / NEEDED;
                u8::try_from(hundredths.min(99)).unwrap_or(99)
            }
            State::Full(..) => 100,
            State::Failed => 0,
        }
    }

    /// Moves what was gathered into the generator, with as much from the system.
    fn seed(&self, state: &mut State) -> Result<()> {
        let system = self.system_octets()?;
        match core::mem::replace(state, State::Failed) {
            State::Filling(mut pool) => {
                let events = pool.drain();
                let drbg = HmacDrbg::new(&[events.as_slice(), system.as_slice(), PERSONALIZATION]);
                *state = State::Full(pool, drbg);
            }
            State::Full(mut pool, mut drbg) => {
                let events = pool.drain();
                drbg.reseed(&[events.as_slice(), system.as_slice()]);
                *state = State::Full(pool, drbg);
            }
            State::Failed => return Err(failed()),
        }
        Ok(())
    }

    fn system_octets(&self) -> Result<Zeroizing<[u8; 64]>> {
        let mut octets = Zeroizing::new([0; 64]);
        self.system.fill(octets.as_mut_slice())?;
        Ok(octets)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn take(&mut self, event: &Event) -> core::result::Result<(), health::Stuck> {
        self.hash.update(event.octets());
        let Some(step) = self.credit.take(event) else { return Ok(()) };
        self.health.take(&step)
    }

    /// The hash of all events since the last time.
    fn drain(&mut self) -> Zeroizing<[u8; 64]> {
        self.credit.spend();
        Zeroizing::new(self.hash.finalize_reset().into())
    }
}

impl Rng for BiologicalRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        let mut state = self.lock();
        let drbg = match &mut *state {
            State::Full(_, drbg) => drbg,
            State::Filling(_) => {
                return Err(ErrorKind::Unavailable
                    .at("biological")
                    .because("more events are wanted"));
            }
            State::Failed => return Err(failed()),
        };
        for part in out.chunks_mut(1 << 16) {
            drbg.generate(part, &[self.system_octets()?.as_slice()]);
        }
        Ok(())
    }

    fn kind(&self) -> RngKind {
        RngKind::Biological
    }
}

impl fmt::Debug for BiologicalRng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BiologicalRng({} %)", self.percent())
    }
}

fn failed() -> gost_ca::provider::ProviderError {
    ErrorKind::Fault.at("biological").because("the events repeat themselves")
}

/// Half bits of credit that make it full: 256 bits.
pub const NEEDED: u32 = 512;

const PERSONALIZATION: &[u8] = b"gost-ca biological";
