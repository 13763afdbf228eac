//! The workplace: private keys that are made and used in a browser, and never leave it.
//!
//! The page asks in JSON and is answered in JSON, through the module's memory (`ffi`, the only unsafe
//! code); whatever is asked goes through [`Workplace::answer`], which is plain Rust and is tested as such.
//! Keys that are open live here, under numbers; the page has nothing but the numbers.

mod answer;
mod ask;
mod documents;
mod elsewhere;
mod exchange;
mod failure;
#[cfg(target_family = "wasm")]
mod ffi;
mod octets;
mod workplace;

pub use answer::Answer;
pub use ask::Ask;
pub use documents::Files;
pub use failure::Failure;
pub use octets::{Octets, SecretOctets};
pub use workplace::Workplace;
