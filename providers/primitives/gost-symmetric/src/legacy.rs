//! GOST 28147-89 (RFC 5830, RFC 4357), to read and to answer what is made with it.
//!
//! Its words are little-endian, unlike those of [`Magma`](crate::Magma), and its S-box is a
//! parameter. Substitution is by shifts: nothing is looked up by secret data.

pub use self::{
    cipher28147::Gost28147,
    imit::Imit,
    key_wrap::{KeyWrap, WrappedKey},
    sbox::Sbox,
    stream::{Cfb28147, Cnt28147, Meshing},
};

mod cipher28147;
mod imit;
mod key_wrap;
mod sbox;
mod stream;
