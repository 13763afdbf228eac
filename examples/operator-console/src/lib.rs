//! The operator's console and the user's cabinet: a front-end over the library, in an ordinary browser.
//!
//! It is an embedder like any other: everything goes through [`gost_ca::RegistrationAuthority`]. Pages are
//! rendered here; private keys are made and used in the browser, by the `workplace` module in WebAssembly,
//! and never come here. `docs/front-end.md` tells how to write another one.
#![forbid(unsafe_code)]

mod acts;
mod arguments;
mod console;
mod office;
mod pages;
mod texts;
mod web;

pub use arguments::Arguments;
pub use console::Console;
pub use web::router;

/// What starting the console may fail with.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
