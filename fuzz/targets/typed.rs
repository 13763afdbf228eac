//! What people type: what is taken is written in its own form, and taken again as the same.
#![no_main]

use core::fmt::{Debug, Display};

use gost_ca::id::{CaseId, Name};
use gost_ca::provider::journal::StreamId;
use gost_ca::registration::{
    Day, Email, InnLegal, InnPerson, Login, NamePart, Ogrn, Ogrnip, Phone, SearchQuery, Snils,
    hex_digits, search_index,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|octets: &[u8]| {
    let Ok(text) = core::str::from_utf8(octets) else { return };
    macro_rules! typed {
        ($($type:ident),+) => {
            $(if let Ok(value) = $type::from_typed(text) {
                let canonical = String::from(value.clone());
                assert_eq!($type::try_from(canonical.as_str()).ok(), Some(value));
            })+
        };
    }
    typed!(Day, Email, InnLegal, InnPerson, Login, NamePart, Ogrn, Ogrnip, Phone, Snils);
    read_again(text.parse::<CaseId>());
    read_again(text.parse::<Name>());
    read_again(text.parse::<StreamId>());
    let (query, index) = (SearchQuery::from_typed(text), search_index([text]));
    let _found = query.matches(&index);
    let _digits = hex_digits(text);
});

fn read_again<T, E>(read: Result<T, E>)
where
    T: core::str::FromStr + Display + PartialEq + Debug,
{
    let Ok(read) = read else { return };
    assert_eq!(read.to_string().parse().ok(), Some(read));
}
