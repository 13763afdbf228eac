//! Which names an authority below may give (RFC 5280 §4.2.1.10).

use const_oid::ObjectIdentifier;
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use gost_ca::x509::extensions::ExtensionValue;
use gost_ca::x509::parse::{self, BadDer, all};
use gost_ca::x509::{Certificate, DistinguishedName};

const ALTERNATIVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const EMAIL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1");

/// A `GeneralName`, or what constrains those of its form.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Name {
    Email(String),
    Host(String),
    Directory(Vec<(ObjectIdentifier, String)>),
    Uri(String),
    Address(Vec<u8>),
    /// A form that is not understood here, by its tag.
    Other(u32),
}

/// All names of a certificate.
#[derive(Debug)]
pub(super) struct Names(Vec<Name>);

/// `nameConstraints`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NameConstraints {
    /// As it came: it is only read here.
    value: Vec<u8>,
    permitted: Vec<Name>,
    excluded: Vec<Name>,
}

impl Names {
    /// The subject and the alternative names; the addresses in the subject where there are no others.
    ///
    /// # Errors
    /// The extension that is malformed.
    pub(super) fn of(certificate: &Certificate) -> Result<Self, ObjectIdentifier> {
        let mut names = match certificate.extension(&ALTERNATIVE) {
            Some(extension) => read_names(&extension.value).map_err(|_| ALTERNATIVE)?,
            None => Vec::new(),
        };
        let subject = directory(certificate.subject()).map_err(|_| ALTERNATIVE)?;
        if !names.iter().any(|name| matches!(name, Name::Email(_))) {
            let addresses = subject.iter().filter(|(oid, _)| *oid == EMAIL);
            names.extend(addresses.map(|(_, address)| Name::Email(address.clone())));
        }
        if !subject.is_empty() {
            names.push(Name::Directory(subject));
        }
        Ok(Self(names))
    }
}

impl NameConstraints {
    /// Whether all names are within what is permitted and outside of what is excluded.
    pub(super) fn allow(&self, names: &Names) -> bool {
        names.0.iter().all(|name| {
            let same = |constraint: &&Name| constraint.form() == name.form();
            let mut permitted = self.permitted.iter().filter(same).peekable();
            let within = permitted.peek().is_none() || permitted.any(|one| one.covers(name));
            within && !self.excluded.iter().filter(same).any(|one| one.covers(name))
        })
    }
}

impl Name {
    const fn form(&self) -> u32 {
        match self {
            Self::Email(_) => 1,
            Self::Host(_) => 2,
            Self::Directory(_) => 4,
            Self::Uri(_) => 6,
            Self::Address(_) => 7,
            Self::Other(tag) => *tag,
        }
    }

    /// Whether a constraint covers a name of its own form. What is not understood covers nothing that is
    /// permitted; as an exclusion it covers all.
    fn covers(&self, name: &Self) -> bool {
        match (self, name) {
            (Self::Email(constraint), Self::Email(address)) => email(constraint, address),
            (Self::Host(constraint), Self::Host(host)) => within(constraint, host, true),
            (Self::Directory(constraint), Self::Directory(name)) => name.starts_with(constraint),
            (Self::Uri(constraint), Self::Uri(uri)) => {
                host_of(uri).is_some_and(|host| within(constraint, host, false))
            }
            (Self::Address(constraint), Self::Address(address)) => masked(constraint, address),
            _ => true,
        }
    }
}

impl ExtensionValue for NameConstraints {
    const OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");

    fn encode(&self) -> Vec<u8> {
        self.value.clone()
    }

    fn decode(value: &[u8]) -> Result<Self, BadDer> {
        let (permitted, excluded) = all("nameConstraints", value, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let permitted = parse::tagged(reader, 0)?.map(subtrees).transpose()?;
                let excluded = parse::tagged(reader, 1)?.map(subtrees).transpose()?;
                Ok::<_, der::Error>((permitted.unwrap_or_default(), excluded.unwrap_or_default()))
            })
        })?;
        if permitted.iter().any(|one| matches!(one, Name::Other(_))) {
            return Err(BadDer::new("nameConstraints", "a form of names that is not known"));
        }
        Ok(Self { value: value.to_vec(), permitted, excluded })
    }
}

/// `GeneralSubtrees`; distances, which RFC 5280 does not allow, are refused.
fn subtrees(contents: &[u8]) -> der::Result<Vec<Name>> {
    let mut reader = SliceReader::new(contents)?;
    let mut names = Vec::new();
    while !reader.is_finished() {
        names.push(reader.sequence(read_name)?);
    }
    Ok(names)
}

fn read_names(value: &[u8]) -> Result<Vec<Name>, BadDer> {
    all("subjectAltName", value, |reader| parse::sequence_of(reader, read_name))
}

fn read_name(reader: &mut SliceReader<'_>) -> der::Result<Name> {
    let header = Header::decode(reader)?;
    let Tag::ContextSpecific { number: TagNumber(number), .. } = header.tag() else {
        return Err(header.tag().unexpected_error(None).into());
    };
    let octets = reader.read_slice(header.length())?;
    let text = || {
        let text = core::str::from_utf8(octets).map_err(|_| Tag::Ia5String.value_error())?;
        Ok::<_, der::Error>(text.to_ascii_lowercase())
    };
    Ok(match number {
        1 => Name::Email(text()?),
        2 => Name::Host(text()?),
        4 => Name::Directory(directory(octets).map_err(|_| Tag::Sequence.value_error())?),
        6 => Name::Uri(text()?),
        7 => Name::Address(octets.to_vec()),
        other => Name::Other(other),
    })
}

/// Attributes in their order, compared without regard to case, spaces and string types (RFC 5280 §7.1): an
/// excluded name must not get through in another spelling.
fn directory(name: &[u8]) -> Result<Vec<(ObjectIdentifier, String)>, BadDer> {
    let spelled =
        |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    let name = DistinguishedName::from_der(name)?;
    Ok(name.attributes().iter().map(|one| (*one.oid(), spelled(one.text()))).collect())
}

/// A mailbox, all of a host, or (with a dot) all of a domain.
fn email(constraint: &str, address: &str) -> bool {
    let Some((_, host)) = address.rsplit_once('@') else {
        return false;
    };
    match constraint {
        mailbox if mailbox.contains('@') => mailbox == address,
        domain => within(domain, host, false),
    }
}

/// A host, and those below it where there is a dot before it, or where all are meant anyway.
fn within(constraint: &str, host: &str, below: bool) -> bool {
    let domain = constraint.strip_prefix('.');
    if domain.is_none() && (host == constraint || (below && constraint.is_empty())) {
        return true;
    }
    let domain = domain.or_else(|| below.then_some(constraint));
    domain.is_some_and(|domain| {
        host.strip_suffix(domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    })
}

fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(host.split_once(':').map_or(host, |(host, _)| host))
}

/// An address and a mask of the same length.
fn masked(constraint: &[u8], address: &[u8]) -> bool {
    let (base, mask) = constraint.split_at(constraint.len() / 2);
    base.len() == address.len()
        && mask.len() == address.len()
        && base
            .iter()
            .zip(mask)
            .zip(address)
            .all(|((base, mask), octet)| base & mask == octet & mask)
}
