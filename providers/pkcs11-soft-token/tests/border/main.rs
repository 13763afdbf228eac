//! The module through its function list: everything a client sees.
#![expect(unsafe_code, reason = "the border is C")]
#![expect(clippy::cast_possible_truncation, reason = "lengths are of what is in memory")]
#![expect(clippy::unused_self, reason = "a client fills the buffers it gives")]

mod agreement;
mod ciphers;
mod client;
mod faults;
mod objects;
mod pins;
mod sessions;
mod signatures;
