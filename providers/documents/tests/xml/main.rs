//! XML made canonical, signed and checked: examples of the W3C, documents of others, attacks, and tools as judges.

mod attacks;
mod canonical;
mod checking;
mod random;
mod refused;
mod signing;
mod smev;
#[path = "../documents/stamper.rs"]
mod stamper;
mod stamps;
#[path = "../documents/support.rs"]
#[allow(dead_code, reason = "what others need is in it too")]
mod support;
mod tools;
