//! What people's keys are asked to sign, told by its octets.

use super::session::{BINDING, DOMAIN};
use crate::command::Envelope;

/// What a person's key signs for a registration authority: whoever lends a key needs to sign nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signable {
    /// [`Challenge::signed_bytes`](super::Challenge::signed_bytes): somebody signs in.
    SignIn,
    /// [`Challenge::binding_bytes`](super::Challenge::binding_bytes): a certificate is bound to an account.
    Binding,
    /// [`Envelope::signed_bytes`]: a command.
    Command(Box<Envelope>),
}

impl Signable {
    /// Tells what octets are; none for all else.
    pub fn of(octets: &[u8]) -> Option<Self> {
        if octets.starts_with(DOMAIN) {
            return Some(Self::SignIn);
        }
        if octets.starts_with(BINDING) {
            return Some(Self::Binding);
        }
        let (id, expected, command) = serde_json::from_slice(octets).ok()?;
        let envelope = Envelope { id, expected, command, signature: None };
        (envelope.signed_bytes() == octets).then(|| Self::Command(Box::new(envelope)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Challenge;
    use super::*;
    use crate::command::Command;
    use crate::id::{CommandId, UserId};

    fn challenge() -> Challenge {
        serde_json::from_str(r#""00112233""#).unwrap()
    }

    #[test]
    fn all_that_people_sign_is_told() {
        let bytes = challenge().signed_bytes();
        assert_eq!(Signable::of(&bytes), Some(Signable::SignIn));
        let bytes = challenge().binding_bytes(&UserId::new([7; 16]));
        assert_eq!(Signable::of(&bytes), Some(Signable::Binding));
        let command =
            Command::OpenOffice { office: "main".parse().unwrap(), title: "Отдел".into() };
        let envelope = Envelope::new(CommandId::new([1; 16]), command).expecting(3);
        let told = Signable::of(&envelope.signed_bytes());
        assert_eq!(told, Some(Signable::Command(Box::new(envelope))));
    }

    #[test]
    fn nothing_else_is() {
        let command = Command::OpenOffice { office: "main".parse().unwrap(), title: "x".into() };
        let bytes = Envelope::new(CommandId::new([1; 16]), command).signed_bytes();
        let spaced = [b" ", bytes.as_slice()].concat();
        let certificate: &[u8] = include_bytes!("../../tests/data/samples/generated/person.cer");
        for other in [spaced.as_slice(), certificate, b"", b"[]", b"gost-ca recovery\0{}", b"text"]
        {
            assert_eq!(Signable::of(other), None);
        }
    }
}
