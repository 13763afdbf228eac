//! The identifier vectors, against the types of the library.

use gost_ca::registration::{Fault, InnLegal, InnPerson, Ogrn, Ogrnip, Snils};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    id: String,
    kind: Kind,
    value: String,
    /// `null`: the arithmetic passes and policy refuses.
    valid: Option<bool>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Kind {
    Inn10,
    Inn12,
    Ogrn,
    Ogrnip,
    Snils,
}

#[test]
fn every_vector_is_judged_as_published() {
    let file: File = serde_json::from_str(include_str!("data/identifiers.json")).unwrap();
    assert_eq!(file.vectors.len(), 104);
    for Vector { id, kind, value, valid } in file.vectors {
        let read = parse(kind, &value);
        assert_eq!(read.is_ok(), valid.unwrap_or(false), "{id} {kind:?} {value}: {read:?}");
    }
}

/// Parses, and checks on the way that what was read is what was written.
fn parse(kind: Kind, value: &str) -> Result<String, Fault> {
    match kind {
        Kind::Inn10 => InnLegal::try_from(value).map(String::from),
        Kind::Inn12 => InnPerson::try_from(value).map(String::from),
        Kind::Ogrn => Ogrn::try_from(value).map(String::from),
        Kind::Ogrnip => Ogrnip::try_from(value).map(String::from),
        Kind::Snils => Snils::try_from(value).map(String::from),
    }
    .inspect(|read| assert_eq!(read, value))
}
