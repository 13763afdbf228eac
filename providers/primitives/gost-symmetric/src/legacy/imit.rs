use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{
    cipher28147::Gost28147,
    sbox::Sbox,
    stream::{Meshing, Sections},
};

/// The authentication code of GOST 28147-89, imitovstavka (RFC 5830, 8), in parts of any length.
///
/// 32 bits. As in CryptoPro CSP, a message of one block or less is filled up to two with zeros, and
/// the code of nothing is the initial value.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Imit {
    cipher: Gost28147,
    state: [u8; 8],
    /// The last octets, at most a block: they may be the end of the message.
    pending: [u8; 8],
    filled: usize,
    /// One block or less so far.
    short: bool,
    #[zeroize(skip)]
    sections: Sections,
}

impl Imit {
    /// Starts a message; the initial value is zero, or the UKM in a key wrap (RFC 4357, 6.1).
    pub fn new(key: &[u8; 32], sbox: &Sbox, iv: &[u8; 8], meshing: Meshing) -> Self {
        Self {
            cipher: Gost28147::new(key, sbox),
            state: *iv,
            pending: [0; 8],
            filled: 0,
            short: true,
            sections: Sections::new(meshing),
        }
    }

    /// Authenticates the next octets of the message.
    pub fn update(&mut self, mut message: &[u8]) {
        while !message.is_empty() {
            if self.filled == 8 {
                self.short = false;
                self.absorb();
            }
            let free = self.pending.iter_mut().skip(self.filled);
            let taken = free.zip(message).map(|(to, from)| *to = *from).count();
            self.filled = self.filled.saturating_add(taken);
            message = message.split_at(taken).1;
        }
    }

    /// The code of the whole message.
    #[must_use]
    pub fn finalize(mut self) -> [u8; 4] {
        if self.filled != 0 {
            self.absorb();
            if self.short {
                self.absorb();
            }
        }
        let [a, b, c, d, ..] = self.state;
        [a, b, c, d]
    }

    fn absorb(&mut self) {
        if self.sections.next_block() {
            self.cipher = self.cipher.meshed();
        }
        let block = self.pending.iter_mut().take(self.filled);
        self.state
            .iter_mut()
            .zip(block)
            .for_each(|(state, octet)| *state ^= core::mem::take(octet));
        self.state = self.cipher.half_encrypt(self.state);
        self.filled = 0;
    }
}

impl fmt::Debug for Imit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Imit(..)")
    }
}
