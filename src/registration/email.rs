//! E-mail addresses that fit an `IA5String`.

use super::Fault;
use super::checked::{checked_string, display_as_is};

checked_string! {
    /// An address of at most 255 ASCII characters, `local@domain`.
    ///
    /// The local part is a dot-atom of RFC 5322; a Cyrillic domain is written in its `xn--` form,
    /// for `emailAddress` is an `IA5String`.
    Email, check
}

display_as_is!(Email);

impl Email {
    /// Reads a typed address: outer spaces and `mailto:` are dropped, the domain gets small
    /// letters.
    ///
    /// # Errors
    /// [`Fault::EmailForm`].
    pub fn from_typed(typed: &str) -> Result<Self, Fault> {
        let typed = typed.trim();
        let typed = typed.strip_prefix("mailto:").unwrap_or(typed);
        let (local, domain) = typed.rsplit_once('@').ok_or(Fault::EmailForm)?;
        Self::try_from(format!("{local}@{}", domain.to_ascii_lowercase()))
    }
}

fn check(text: &str) -> Result<(), Fault> {
    let (local, domain) = text.rsplit_once('@').ok_or(Fault::EmailForm)?;
    let local_fits = local.len() <= 64 && local.split('.').all(is_atom);
    let domain_fits = domain.contains('.') && domain.split('.').all(is_label);
    if text.len() <= MAX && local_fits && domain_fits { Ok(()) } else { Err(Fault::EmailForm) }
}

fn is_atom(atom: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    !atom.is_empty() && atom.bytes().all(allowed)
}

fn is_label(label: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(allowed)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// `emailAddress` of PKCS#9 (RFC 5280, ub-emailaddress-length).
const MAX: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_typing_errors() {
        for good in ["a@b.ru", "ivan.petrov+ca@mail.example.org", "o'neil@xn--e1aybc.xn--p1ai"] {
            assert!(Email::try_from(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b.ru",
            "a@",
            "a@b",
            "a b@c.ru",
            "a@b..ru",
            ".a@b.ru",
            "a.@b.ru",
            "a@-b.ru",
            "а@б.рф",
            "a@b.ru\n",
            "a@b@c.ru",
        ] {
            assert_eq!(Email::try_from(bad), Err(Fault::EmailForm), "{bad:?}");
        }
        assert_eq!(Email::from_typed(" Ivan@Example.ORG ").unwrap().as_str(), "Ivan@example.org");
    }
}
