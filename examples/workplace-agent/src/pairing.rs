//! Who may call: a code that works once, and the token it is exchanged for.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use subtle::ConstantTimeEq;
use tokio::time::Instant;
use zeroize::Zeroizing;

/// The pairing of an agent with its console.
#[derive(Debug)]
pub struct Pairing(Mutex<State>);

enum State {
    /// The code is not used yet.
    Open {
        code: Zeroizing<String>,
        tries: u32,
        until: Instant,
    },
    Paired {
        token: Zeroizing<String>,
        until: Instant,
    },
    /// Nobody gets in any more.
    Closed,
}

/// Why nobody was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// Not the code, or not the token.
    Wrong,
    /// The code was used, ran out, or was guessed at too often.
    Closed,
}

impl Pairing {
    /// Starts closed: nobody gets in before a code is drawn.
    pub const fn closed() -> Self {
        Self(Mutex::new(State::Closed))
    }

    /// Draws a code, to be shown once. Whoever was paired is not any more.
    ///
    /// # Errors
    /// The system's generator.
    pub fn draw(&self) -> Result<Zeroizing<String>, getrandom::Error> {
        let code = draw_code()?;
        *self.state() = State::Open { code: code.clone(), tries: 0, until: after(CODE_LIFE) };
        Ok(code)
    }

    /// Exchanges the code for a token.
    ///
    /// # Errors
    /// [`Refused`]; every wrong code counts.
    pub fn pair(&self, given: &str) -> Result<Zeroizing<String>, Refused> {
        let mut state = self.state();
        let State::Open { code, tries, until } = &mut *state else { return Err(Refused::Closed) };
        if *until <= Instant::now() {
            *state = State::Closed;
            return Err(Refused::Closed);
        }
        if !same(code, given) {
            *tries = tries.saturating_add(1);
            if *tries >= TRIES {
                *state = State::Closed;
            }
            return Err(Refused::Wrong);
        }
        let token = draw_token().map_err(|_| Refused::Closed)?;
        *state = State::Paired { token: token.clone(), until: after(IDLE) };
        Ok(token)
    }

    /// Lets a call with the token in, and begins its idle time anew.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn admit(&self, given: &str) -> Result<(), Refused> {
        let mut state = self.state();
        let State::Paired { token, until } = &mut *state else { return Err(Refused::Closed) };
        if *until <= Instant::now() {
            *state = State::Closed;
            return Err(Refused::Closed);
        }
        if !same(token, given) {
            return Err(Refused::Wrong);
        }
        *until = after(IDLE);
        Ok(())
    }

    /// Whether somebody is paired, and not idle for too long.
    pub fn lasts(&self) -> bool {
        matches!(&*self.state(), State::Paired { until, .. } if *until > Instant::now())
    }

    /// Ends the pairing.
    pub fn end(&self) {
        *self.state() = State::Closed;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl core::fmt::Debug for State {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Open { .. } => "Open",
            Self::Paired { .. } => "Paired",
            Self::Closed => "Closed",
        })
    }
}

/// A moment that far ahead; now, where clocks end.
fn after(duration: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(duration).unwrap_or(now)
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// Ten of 32 signs that nobody mistakes for one another: 50 bits.
fn draw_code() -> Result<Zeroizing<String>, getrandom::Error> {
    let mut octets = Zeroizing::new([0; CODE_LENGTH]);
    getrandom::fill(octets.as_mut_slice())?;
    let sign = |octet: &u8| SIGNS.get(usize::from(octet % 32)).copied().map_or('2', char::from);
    Ok(Zeroizing::new(octets.iter().map(sign).collect()))
}

fn draw_token() -> Result<Zeroizing<String>, getrandom::Error> {
    let mut octets = Zeroizing::new([0; 32]);
    getrandom::fill(octets.as_mut_slice())?;
    Ok(Zeroizing::new(Base64UrlUnpadded::encode_string(octets.as_slice())))
}

const CODE_LENGTH: usize = 10;
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const TRIES: u32 = 5;
const CODE_LIFE: Duration = Duration::from_secs(10 * 60);
const IDLE: Duration = Duration::from_secs(15 * 60);
