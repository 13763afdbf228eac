use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{
    cipher28147::{Gost28147, Halves},
    sbox::Sbox,
};

/// What happens to the key after every 1024 octets (RFC 4357, 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 4357 knows these two")]
pub enum Meshing {
    /// Nothing: `id-Gost28147-89-None-KeyMeshing`.
    None,
    /// It changes: `id-Gost28147-89-CryptoPro-KeyMeshing`, that of all CryptoPro parameter sets.
    CryptoPro,
}

/// Cipher feedback (RFC 5830, 7), in parts of any length.
#[derive(Clone)]
pub struct Cfb28147(Stream);

impl Cfb28147 {
    /// Starts a message.
    pub fn new(key: &[u8; 32], sbox: &Sbox, iv: &[u8; 8], meshing: Meshing) -> Self {
        Self(Stream::new(Gost28147::new(key, sbox), *iv, meshing))
    }

    /// Encrypts the next octets of the message in place.
    pub fn encrypt(&mut self, data: &mut [u8]) {
        self.0.apply(data, |register| register, |_, _, output| output);
    }

    /// Decrypts the next octets of the message in place.
    pub fn decrypt(&mut self, data: &mut [u8]) {
        self.0.apply(data, |register| register, |_, input, _| input);
    }
}

/// Counter mode (RFC 5830, 6), in parts of any length.
#[derive(Clone)]
pub struct Cnt28147(Stream);

impl Cnt28147 {
    /// Starts a message.
    pub fn new(key: &[u8; 32], sbox: &Sbox, iv: &[u8; 8], meshing: Meshing) -> Self {
        let cipher = Gost28147::new(key, sbox);
        let register = cipher.encrypt_block(*iv);
        Self(Stream::new(cipher, register, meshing))
    }

    /// Encrypts or decrypts the next octets of the message in place.
    pub fn apply(&mut self, data: &mut [u8]) {
        self.0.apply(data, count, |register, _, _| register);
    }
}

/// N3 counts modulo 2³², N4 modulo 2³² − 1 (RFC 5830, 6.1).
fn count(register: [u8; 8]) -> [u8; 8] {
    let Halves(n3, n4) = register.into();
    let (n4, over) = n4.overflowing_add(0x0101_0104);
    Halves(n3.wrapping_add(0x0101_0101), n4.wrapping_add(u32::from(over))).into()
}

#[derive(Clone, Zeroize, ZeroizeOnDrop)]
struct Stream {
    cipher: Gost28147,
    register: [u8; 8],
    gamma: [u8; 8],
    /// Octets of `gamma` used.
    used: usize,
    #[zeroize(skip)]
    sections: Sections,
}

impl Stream {
    fn new(cipher: Gost28147, register: [u8; 8], meshing: Meshing) -> Self {
        Self { cipher, register, gamma: [0; 8], used: 0, sections: Sections::new(meshing) }
    }

    /// `advance` makes the register that is encrypted to gamma; `feed(register, input, output)`
    /// the octet that it holds afterwards.
    fn apply(
        &mut self,
        mut data: &mut [u8],
        advance: impl Fn([u8; 8]) -> [u8; 8],
        feed: impl Fn(u8, u8, u8) -> u8,
    ) {
        while !data.is_empty() {
            if self.used == 0 {
                self.mesh();
                self.register = advance(self.register);
                self.gamma = self.cipher.encrypt_block(self.register);
            }
            let (part, rest) = data.split_at_mut(data.len().min(8_usize.saturating_sub(self.used)));
            let state = self.register.iter_mut().zip(self.gamma).skip(self.used);
            for (octet, (register, gamma)) in part.iter_mut().zip(state) {
                let input = *octet;
                *octet ^= gamma;
                *register = feed(*register, input, *octet);
            }
            self.used = self.used.saturating_add(part.len()) % 8;
            data = rest;
        }
    }

    fn mesh(&mut self) {
        if self.sections.next_block() {
            self.cipher = self.cipher.meshed();
            self.register = self.cipher.encrypt_block(self.register);
        }
    }
}

/// Counts blocks up to the change of the key.
#[derive(Clone)]
pub(super) struct Sections {
    meshing: Meshing,
    blocks: u8,
}

impl Sections {
    pub(super) fn new(meshing: Meshing) -> Self {
        Self { meshing, blocks: 0 }
    }

    /// Whether the key changes before the block that comes.
    pub(super) fn next_block(&mut self) -> bool {
        let change = self.meshing == Meshing::CryptoPro && self.blocks == 128;
        self.blocks = if change { 1 } else { self.blocks.saturating_add(1) };
        change
    }
}

impl Gost28147 {
    /// The next key of CryptoPro key meshing (RFC 4357, 2.3.2).
    pub(super) fn meshed(&self) -> Self {
        let mut key = Zeroizing::new(MESHING);
        let (blocks, _) = key.as_chunks_mut::<8>();
        for block in blocks {
            *block = self.decrypt_block(*block);
        }
        self.with_key(&key)
    }
}

const MESHING: [u8; 32] = [
    0x69, 0x00, 0x72, 0x22, 0x64, 0xc9, 0x04, 0x23, 0x8d, 0x3a, 0xdb, 0x96, 0x46, 0xe9, 0x2a, 0xc4,
    0x18, 0xfe, 0xac, 0x94, 0x00, 0xed, 0x07, 0x12, 0xc0, 0x86, 0xdc, 0xc2, 0xef, 0x4c, 0xa9, 0x2b,
];

impl fmt::Debug for Cfb28147 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cfb28147(..)")
    }
}

impl fmt::Debug for Cnt28147 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cnt28147(..)")
    }
}
