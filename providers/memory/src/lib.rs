//! Every provider in memory: for documents, tests and simulation. **No security at all.**
//!
//! The crate to copy when you write a provider of your own: each file is the shortest honest
//! implementation of one trait.
#![forbid(unsafe_code)]

mod clock;
mod directory;
mod journal;
mod password_hasher;
mod rng;

pub use clock::MemoryClock;
pub use directory::MemoryDirectory;
pub use journal::MemoryJournal;
pub use password_hasher::PlainHasher;
pub use rng::SeededRng;
