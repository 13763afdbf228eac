//! Identifiers of entities, streams and commands.
//!
//! An entity's id is derived from the command that made it, so that the same command, repeated after a
//! crash, makes the same entity and not a second one.

use core::fmt;
use core::str::FromStr;

use gost_hash::streebog256;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An identifier's text is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: 32 lower-case hexadecimal digits are wanted")]
pub struct BadId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident $label:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Wraps sixteen octets.
            pub const fn new(octets: [u8; 16]) -> Self {
                Self(octets)
            }

            /// Names what a command makes: a function of the command's id.
            pub fn made_by(command: &CommandId) -> Self {
                Self(derive($label, &command.0))
            }

            /// The sixteen octets.
            pub const fn octets(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One command, chosen by whoever asks; the same id again is a repetition.
    CommandId "step";
    /// A person's account.
    UserId "user";
    /// One certificate's life, from the draft of its request on.
    CaseId "case";
    /// A certification authority: one issuer name with its keys.
    AuthorityId "authority";
    /// A key carrier of the register (U15).
    TokenId "carrier";
    /// One notice to one person.
    NoticeId "notice";
    /// What others must approve before it is done.
    ApprovalId "approval";
    /// One start of a process that writes to the journal.
    WriterId "writer";
}

impl TokenId {
    /// The carrier with this serial number: one number, one carrier.
    pub fn of_serial(serial: &str) -> Self {
        let digest = streebog256(&[b"carrier serial\0", serial.as_bytes()].concat());
        Self(core::array::from_fn(|i| digest.get(i).copied().unwrap_or_default()))
    }
}

impl CommandId {
    /// The id of a later step of the same command, so that each step is idempotent by itself.
    #[must_use]
    pub fn step(&self, name: &str) -> Self {
        Self(derive(name, &self.0))
    }
}

/// A short name chosen by people: of an office, a profile, a provider.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// A name is empty, too long or has letters that names may not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name: 1 to 64 of a-z, 0-9, '-', '_', '.' are wanted")]
pub struct BadName;

impl Name {
    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_.".contains(&c);
        let good = (1..=64).contains(&text.len()) && text.bytes().all(fits);
        good.then_some(Self(text)).ok_or(BadName)
    }
}

impl FromStr for Name {
    type Err = BadName;
    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::try_from(text.to_owned())
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// A registration point («пункт выдачи»).
pub type OfficeId = Name;
/// A profile («шаблон»), whatever its version.
pub type ProfileId = Name;

fn derive(label: &str, octets: &[u8; 16]) -> [u8; 16] {
    let digest = streebog256(&[label.as_bytes(), &[0], octets].concat());
    core::array::from_fn(|i| digest.get(i).copied().unwrap_or_default())
}

fn parse(text: &str) -> Result<[u8; 16], BadId> {
    let canonical =
        text.len() == 32 && text.bytes().all(|c| c.is_ascii_hexdigit() && !c.is_ascii_uppercase());
    let number = u128::from_str_radix(text, 16).map_err(|_| BadId)?;
    canonical.then(|| number.to_be_bytes()).ok_or(BadId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_their_text() {
        let id = UserId::new(*b"0123456789abcdef");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("+0000000000000000000000000000001".parse::<UserId>(), Err(BadId));
        assert_eq!("A0000000000000000000000000000001".parse::<UserId>(), Err(BadId));
    }

    #[test]
    fn a_command_makes_one_thing_of_each_kind() {
        let command = CommandId::new([7; 16]);
        assert_eq!(UserId::made_by(&command), UserId::made_by(&command));
        assert_ne!(UserId::made_by(&command).octets(), CaseId::made_by(&command).octets());
    }

    #[test]
    fn names_are_plain() {
        assert!("office-1".parse::<Name>().is_ok());
        for bad in ["", "Office", "a b", "пункт", "../x"] {
            assert_eq!(bad.parse::<Name>(), Err(BadName), "{bad}");
        }
    }
}
