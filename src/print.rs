//! Certificates and requests for people: readable views, and forms on paper.
//!
//! The words are the law's (63-FZ): «ключ проверки электронной подписи», «владелец», «средства».

mod form;
mod paper;
mod reading;
mod requisites;
mod sections;
mod template;
mod words;
mod zone;

pub use form::{Application, AtEnd, BadForm, Form, FormId, HandOver, Stationery};
pub use paper::{Paper, SecretPaper};
pub use reading::{Reading, Row, Section};
pub use requisites::{Marking, Requisites};
pub use template::{Edition, PrintError, Template, Templates};
pub use zone::{BadZone, Zone};

use crate::x509::SerialNumber;

/// Octets as pairs of digits, as other tools show serial numbers and thumbprints (U9).
pub fn pairs(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().join(" ")
}

/// What a downloaded certificate is called (V12): `<login>-<serial>.<extension>`.
pub fn file_name(login: &str, serial: &SerialNumber, extension: &str) -> String {
    format!("{login}-{serial}.{extension}")
}
