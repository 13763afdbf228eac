//! A token's random generator.

use core::fmt;
use std::sync::Arc;

use gost_ca::provider::{Result, Rng, RngKind};
use zeroize::Zeroizing;

use crate::session::{Repeat, Session};
use crate::token::Token;

/// Random octets from a token. Each filling waits for the token in the calling thread.
pub struct TokenRng(Arc<Token>);

impl TokenRng {
    pub(crate) const fn new(token: Arc<Token>) -> Self {
        Self(token)
    }
}

impl Rng for TokenRng {
    fn fill(&self, out: &mut [u8]) -> Result<()> {
        for part in out.chunks_mut(LONGEST) {
            let length = part.len();
            let job = move |session: &mut Session| random(session, length);
            let octets = self.0.sessions.run_blocking("C_GenerateRandom", job)?;
            part.copy_from_slice(&octets);
        }
        Ok(())
    }

    fn kind(&self) -> RngKind {
        if self.0.shared.quirks.hardware { RngKind::Hardware } else { RngKind::System }
    }
}

fn random(session: &mut Session, length: usize) -> Result<Zeroizing<Vec<u8>>> {
    session.as_anyone(Repeat::Once, |open| {
        let mut octets = Zeroizing::new(vec![0; length]);
        open.library().random(open.handle, &mut octets)?;
        Ok(octets)
    })
}

impl fmt::Debug for TokenRng {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenRng({})", self.0.shared.carrier.0)
    }
}

/// What small devices give in one answer.
const LONGEST: usize = 1024;
