//! A certificate, request or CRL taken apart without judging it.

use std::cell::OnceCell;

use super::tlv::{CUT_SHORT, Tlv};
use super::values::{Fault, Faults};
use super::{Kind, values};
use crate::x509::extensions::{BasicConstraints, KeyUsages, Policies};
use crate::x509::{ExtensionValue, PublicKey, write};

/// Where and why octets are no certificate, request or CRL.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("{field}: {why}")]
pub struct Unreadable {
    /// The field, by its name in the standard.
    pub field: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// The parts of one of them; what its kind does not have is `None` or empty.
#[derive(Debug)]
pub(super) struct Artefact<'a> {
    pub(super) kind: Kind,
    /// All octets, those after the end included.
    pub(super) octets: &'a [u8],
    pub(super) root: Tlv<'a>,
    /// A part to be signed has none.
    pub(super) sealed: Option<Seal<'a>>,
    pub(super) version: Option<Tlv<'a>>,
    pub(super) serial: Option<Tlv<'a>>,
    /// The inner algorithm.
    pub(super) algorithm: Option<Algorithm<'a>>,
    pub(super) issuer: Option<Name<'a>>,
    /// `notBefore` and `notAfter`, or `thisUpdate` and perhaps `nextUpdate`.
    pub(super) times: Vec<Tlv<'a>>,
    pub(super) subject: Option<Name<'a>>,
    /// `SubjectPublicKeyInfo`.
    pub(super) key: Option<Key<'a>>,
    pub(super) unique_identifiers: bool,
    pub(super) revoked: Option<Tlv<'a>>,
    /// The `[0]` of a request.
    pub(super) attributes: Option<Tlv<'a>>,
    /// Those of the certificate or CRL, or those asked for.
    pub(super) extensions: Vec<Extension<'a>>,
    /// Whether there is a list of extensions, be it empty.
    pub(super) extended: bool,
    /// What was examined before and is walked no more.
    examined: Option<Tlv<'a>>,
    /// A key that was read before.
    pub(super) known_key: Option<&'a PublicKey>,
    read: Read<'a>,
}

/// What many rules ask about, read once.
#[derive(Debug)]
struct Read<'a> {
    faults: OnceCell<Faults<'a>>,
    constraints: OnceCell<Option<BasicConstraints>>,
    usages: OnceCell<Option<KeyUsages>>,
    policies: OnceCell<Option<Policies>>,
}

/// `AlgorithmIdentifier`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Algorithm<'a> {
    pub(super) octets: &'a [u8],
    /// The contents of the object identifier.
    pub(super) oid: &'a [u8],
    pub(super) parameters: Option<Tlv<'a>>,
}

/// `SubjectPublicKeyInfo`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key<'a> {
    pub(super) whole: Tlv<'a>,
    pub(super) algorithm: Algorithm<'a>,
    /// The `BIT STRING`.
    pub(super) bits: Tlv<'a>,
}

/// `Name`.
#[derive(Clone, Debug)]
pub(super) struct Name<'a> {
    pub(super) octets: &'a [u8],
    pub(super) attributes: Vec<Attribute<'a>>,
}

/// `AttributeTypeAndValue`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute<'a> {
    pub(super) oid: &'a [u8],
    pub(super) value: Tlv<'a>,
}

/// `Extension`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extension<'a> {
    pub(super) oid: &'a [u8],
    /// The field, where it is written.
    pub(super) criticality: Option<Tlv<'a>>,
    /// The contents of the `OCTET STRING`.
    pub(super) value: &'a [u8],
}

impl<'a> Artefact<'a> {
    /// Takes apart whatever it is.
    pub(super) fn read(octets: &'a [u8]) -> Result<Self, Unreadable> {
        let (root, _) = Tlv::read(octets).map_err(|why| unreadable("the file", why))?;
        let (kind, signed, sealed) = signed_and_seal(root)?;
        let part = Self::read_part(octets, root, signed, kind)?;
        Ok(Self { sealed: Some(sealed), ..part })
    }

    /// Takes apart what signing put around a `TBSCertificate`, and of that its algorithm alone.
    pub(super) fn read_seal(octets: &'a [u8]) -> Result<Self, Unreadable> {
        let (root, _) = Tlv::read(octets).map_err(|why| unreadable("the file", why))?;
        let (kind, signed, sealed) = signed_and_seal(root)?;
        let mut fields = Fields::of(signed, kind.signed_part())?;
        fields.maybe(write::constructed(0));
        fields.take("serialNumber", write::INTEGER)?;
        let algorithm = Algorithm::read(fields.take("signature", write::SEQUENCE)?)?;
        let (algorithm, sealed, examined) = (Some(algorithm), Some(sealed), Some(signed));
        Ok(Self { sealed, algorithm, examined, ..Self::empty(kind, octets, root) })
    }

    /// Takes apart a `TBSCertificate` that stands alone.
    pub(super) fn read_tbs(octets: &'a [u8]) -> Result<Self, Unreadable> {
        let (root, _) = Tlv::read(octets).map_err(|why| unreadable("tbsCertificate", why))?;
        Self::read_part(octets, root, root, Kind::Certificate)
    }

    /// With a key that was read before, which may or may not be its own.
    pub(super) fn knowing(self, known_key: Option<&'a PublicKey>) -> Self {
        Self { known_key, ..self }
    }

    fn read_part(
        octets: &'a [u8],
        root: Tlv<'a>,
        signed: Tlv<'a>,
        kind: Kind,
    ) -> Result<Self, Unreadable> {
        let mut fields = Fields::of(signed, kind.signed_part())?;
        let mut part = Self::empty(kind, octets, root);
        match kind {
            Kind::Certificate => part.certificate(&mut fields)?,
            Kind::Request => part.request(&mut fields)?,
            Kind::Crl => part.list(&mut fields)?,
        }
        fields.finish()?;
        Ok(part)
    }

    const fn empty(kind: Kind, octets: &'a [u8], root: Tlv<'a>) -> Self {
        Self {
            kind,
            octets,
            root,
            sealed: None,
            version: None,
            serial: None,
            algorithm: None,
            issuer: None,
            times: Vec::new(),
            subject: None,
            key: None,
            unique_identifiers: false,
            revoked: None,
            attributes: None,
            extensions: Vec::new(),
            extended: false,
            examined: None,
            known_key: None,
            read: Read {
                faults: OnceCell::new(),
                constraints: OnceCell::new(),
                usages: OnceCell::new(),
                policies: OnceCell::new(),
            },
        }
    }

    /// RFC 5280 §4.1.
    fn certificate(&mut self, fields: &mut Fields<'a>) -> Result<(), Unreadable> {
        if let Some(version) = fields.maybe(write::constructed(0)) {
            self.version =
                Some(Fields::within(version, "version")?.take("version", write::INTEGER)?);
        }
        self.serial = Some(fields.take("serialNumber", write::INTEGER)?);
        self.algorithm = Some(Algorithm::read(fields.take("signature", write::SEQUENCE)?)?);
        self.issuer = Some(Name::read(fields.take("issuer", write::SEQUENCE)?, "issuer")?);
        let validity = fields.take("validity", write::SEQUENCE)?;
        let mut dates = Fields::of(validity, "validity")?;
        self.times = vec![dates.time("notBefore")?, dates.time("notAfter")?];
        dates.finish()?;
        self.subject = Some(Name::read(fields.take("subject", write::SEQUENCE)?, "subject")?);
        self.key = Some(Key::read(fields.take("subjectPublicKeyInfo", write::SEQUENCE)?)?);
        for number in [1, 2] {
            let found = fields.maybe(write::primitive(number));
            let found = found.or_else(|| fields.maybe(write::constructed(number)));
            self.unique_identifiers |= found.is_some();
        }
        self.extensions_in(fields, write::constructed(3))
    }

    /// RFC 2986 §4.
    fn request(&mut self, fields: &mut Fields<'a>) -> Result<(), Unreadable> {
        self.version = Some(fields.take("version", write::INTEGER)?);
        self.subject = Some(Name::read(fields.take("subject", write::SEQUENCE)?, "subject")?);
        self.key = Some(Key::read(fields.take("subjectPKInfo", write::SEQUENCE)?)?);
        self.attributes = fields.maybe(write::constructed(0));
        for attribute in self.attributes.map(Tlv::children).into_iter().flatten().flatten() {
            let Some((oid, values)) = request_attribute(attribute) else { continue };
            if oid == crate::x509::EXTENSION_REQUEST.as_bytes() {
                let list = values.children().ok().and_then(|all| all.first().copied());
                self.extended = true;
                self.extensions = list.map_or(Ok(Vec::new()), |list| extensions(list))?;
            }
        }
        Ok(())
    }

    /// RFC 5280 §5.1.
    fn list(&mut self, fields: &mut Fields<'a>) -> Result<(), Unreadable> {
        self.version = fields.maybe(write::INTEGER);
        self.algorithm = Some(Algorithm::read(fields.take("signature", write::SEQUENCE)?)?);
        self.issuer = Some(Name::read(fields.take("issuer", write::SEQUENCE)?, "issuer")?);
        self.times = vec![fields.time("thisUpdate")?];
        self.times.extend(fields.maybe(write::UTC_TIME).or_else(|| {
            fields.maybe(write::GENERALIZED_TIME) // nextUpdate
        }));
        self.revoked = fields.maybe(write::SEQUENCE);
        self.extensions_in(fields, write::constructed(0))
    }

    fn extensions_in(&mut self, fields: &mut Fields<'a>, tag: u8) -> Result<(), Unreadable> {
        let Some(field) = fields.maybe(tag) else { return Ok(()) };
        self.extended = true;
        let mut inner = Fields::within(field, "extensions")?;
        self.extensions = extensions(inner.take("extensions", write::SEQUENCE)?)?;
        inner.finish()
    }

    /// Shows all values, those in extensions included; `broken` is shown what is made of no values.
    pub(super) fn walk(&self, see: &mut impl FnMut(Tlv<'a>), broken: &mut impl FnMut(Tlv<'a>)) {
        if let Some(examined) = self.examined {
            see(self.root);
            let new = self.root.values().filter(|part| part.octets != examined.octets);
            new.for_each(|part| part.walk_within(see, broken));
        } else if self.sealed.is_some() {
            self.root.walk(see, broken);
        } else {
            self.root.walk_within(see, broken); // as deep as it will lie when it is signed
        }
        let values = self.all_extensions().filter_map(|extension| extension.tlv());
        values.for_each(|value| value.walk(see, broken));
    }

    /// What is wrong with single values.
    pub(super) fn faults(&self) -> &[(Fault, Tlv<'a>)] {
        self.read.faults.get_or_init(|| values::look(self))
    }

    /// The octets after the end.
    pub(super) const fn trailing(&self) -> usize {
        self.octets.len().saturating_sub(self.root.octets.len())
    }

    /// The names, with what they are called.
    pub(super) fn names(&self) -> impl Iterator<Item = (&'static str, &Name<'a>)> {
        let issuer = self.issuer.iter().map(|name| ("issuer", name));
        issuer.chain(self.subject.iter().map(|name| ("subject", name)))
    }

    /// The signature's algorithms, with what the fields are called.
    pub(super) fn algorithms(&self) -> impl Iterator<Item = (&'static str, Algorithm<'a>)> {
        let inner = self.algorithm.map(|algorithm| ("signature", algorithm));
        let outer = self.sealed.map(|(algorithm, _)| ("signatureAlgorithm", algorithm));
        inner.into_iter().chain(outer)
    }

    /// The entries of a CRL that have the form of one.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        self.revoked.into_iter().flat_map(Tlv::values).filter_map(Entry::read)
    }

    /// All extensions, those of entries included.
    pub(super) fn all_extensions(&self) -> impl Iterator<Item = Extension<'a>> {
        let own = self.extensions.iter().copied();
        own.chain(self.entries().flat_map(|entry| entry.extensions))
    }

    /// The first extension of that kind.
    pub(super) fn extension(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }

    /// What the first extension of that kind says; `None` also where that cannot be read.
    pub(super) fn find<T: ExtensionValue>(&self) -> Option<T> {
        self.extension(T::OID.as_bytes())?.decode()
    }

    pub(super) fn constraints(&self) -> Option<BasicConstraints> {
        *self.read.constraints.get_or_init(|| self.find())
    }

    pub(super) fn usages(&self) -> Option<&KeyUsages> {
        self.read.usages.get_or_init(|| self.find()).as_ref()
    }

    pub(super) fn policies(&self) -> Option<&Policies> {
        self.read.policies.get_or_init(|| self.find()).as_ref()
    }

    /// Whether it is an authority's certificate.
    pub(super) fn is_authority(&self) -> bool {
        self.kind == Kind::Certificate && self.constraints().is_some_and(|found| found.authority)
    }

    /// Whether issuer and subject are one name.
    pub(super) fn is_self_issued(&self) -> bool {
        let names = self.issuer.as_ref().zip(self.subject.as_ref());
        names.is_some_and(|(issuer, subject)| issuer.octets == subject.octets)
    }
}

impl Kind {
    const fn signed_part(self) -> &'static str {
        match self {
            Self::Certificate => "tbsCertificate",
            Self::Request => "certificationRequestInfo",
            Self::Crl => "tbsCertList",
        }
    }
}

/// The outer algorithm and the signature.
type Seal<'a> = (Algorithm<'a>, Tlv<'a>);

fn signed_and_seal(root: Tlv<'_>) -> Result<(Kind, Tlv<'_>, Seal<'_>), Unreadable> {
    let mut outer = Fields::of(root, "the file")?;
    let signed = outer.take("the signed part", write::SEQUENCE)?;
    let kind = kind(signed)?;
    let algorithm = Algorithm::read(outer.take("signatureAlgorithm", write::SEQUENCE)?)?;
    let signature = outer.take("signature", write::BIT_STRING)?;
    outer.finish()?;
    Ok((kind, signed, (algorithm, signature)))
}

/// Tells the three apart by the shape of their signed part.
fn kind(signed: Tlv<'_>) -> Result<Kind, Unreadable> {
    let fields = signed.children().map_err(|why| unreadable("the signed part", why))?;
    let versioned = fields.first().is_some_and(|first| first.tag == write::constructed(0));
    let mut fields = fields.iter().map(|field| field.tag).skip(usize::from(versioned)).peekable();
    fields.next_if_eq(&write::INTEGER);
    let shape: Vec<_> = fields.take(3).collect();
    match shape.as_slice() {
        [write::SEQUENCE, write::SEQUENCE, write::UTC_TIME | write::GENERALIZED_TIME] => {
            Ok(Kind::Crl)
        }
        [write::SEQUENCE, write::SEQUENCE, write::SEQUENCE] => Ok(Kind::Certificate),
        [write::SEQUENCE, write::SEQUENCE, ..] if versioned => Ok(Kind::Certificate),
        [write::SEQUENCE, write::SEQUENCE, ..] => Ok(Kind::Request),
        _ => Err(unreadable("the signed part", "of no certificate, request or CRL")),
    }
}

impl<'a> Algorithm<'a> {
    fn read(tlv: Tlv<'a>) -> Result<Self, Unreadable> {
        let mut fields = Fields::of(tlv, "AlgorithmIdentifier")?;
        let oid = fields.take("algorithm", write::OBJECT_IDENTIFIER)?.contents;
        let parameters = fields.next();
        fields.finish()?;
        Ok(Self { octets: tlv.octets, oid, parameters })
    }
}

impl<'a> Key<'a> {
    fn read(whole: Tlv<'a>) -> Result<Self, Unreadable> {
        let mut fields = Fields::of(whole, "subjectPublicKeyInfo")?;
        let algorithm = Algorithm::read(fields.take("algorithm", write::SEQUENCE)?)?;
        let bits = fields.take("subjectPublicKey", write::BIT_STRING)?;
        fields.finish()?;
        Ok(Self { whole, algorithm, bits })
    }
}

impl<'a> Name<'a> {
    fn read(tlv: Tlv<'a>, field: &'static str) -> Result<Self, Unreadable> {
        let mut attributes = Vec::new();
        for set in tlv.children().map_err(|why| unreadable(field, why))? {
            if set.tag != write::SET || set.contents.is_empty() {
                return Err(unreadable(field, "a part is no set of attributes"));
            }
            for pair in set.children().map_err(|why| unreadable(field, why))? {
                let mut fields = Fields::of(pair, field)?;
                let oid = fields.take(field, write::OBJECT_IDENTIFIER)?.contents;
                let value = fields.next().ok_or_else(|| unreadable(field, "no value"))?;
                fields.finish()?;
                attributes.push(Attribute { oid, value });
            }
        }
        Ok(Self { octets: tlv.octets, attributes })
    }
}

impl<'a> Extension<'a> {
    fn read(tlv: Tlv<'a>, index: usize) -> Result<Self, Unreadable> {
        let here = |error: Unreadable| Unreadable {
            field: format!("extensions[{index}].{}", error.field),
            ..error
        };
        let mut fields = Fields::of(tlv, "Extension").map_err(here)?;
        let oid = fields.take("extnID", write::OBJECT_IDENTIFIER).map_err(here)?.contents;
        let criticality = fields.maybe(write::BOOLEAN);
        let value = fields.take("extnValue", write::OCTET_STRING).map_err(here)?.contents;
        fields.finish().map_err(here)?;
        Ok(Self { oid, criticality, value })
    }

    /// Anything but zero is true (X.690 §8.2.2).
    pub(super) fn is_critical(&self) -> bool {
        self.criticality.is_some_and(|flag| flag.contents.iter().any(|&octet| octet != 0))
    }

    /// The one value inside.
    pub(super) fn tlv(&self) -> Option<Tlv<'a>> {
        Tlv::whole(self.value)
    }

    /// What it says, whether or not it says so in DER.
    pub(super) fn decode<T: ExtensionValue>(&self) -> Option<T> {
        T::decode(&self.tlv()?.in_der()).ok()
    }
}

/// One of `revokedCertificates`.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    pub(super) serial: Tlv<'a>,
    pub(super) date: Tlv<'a>,
    pub(super) extensions: Vec<Extension<'a>>,
    pub(super) extended: bool,
}

impl<'a> Entry<'a> {
    pub(super) fn read(tlv: Tlv<'a>) -> Option<Self> {
        let mut fields = Fields::of(tlv, "revokedCertificates").ok()?;
        let serial = fields.take("userCertificate", write::INTEGER).ok()?;
        let date = fields.time("revocationDate").ok()?;
        let list = fields.maybe(write::SEQUENCE);
        fields.finish().ok()?;
        let extensions = list.map_or(Some(Vec::new()), |list| extensions(list).ok())?;
        Some(Self { serial, date, extensions, extended: list.is_some() })
    }

    pub(super) fn extension(&self, oid: &[u8]) -> Option<&Extension<'a>> {
        self.extensions.iter().find(|extension| extension.oid == oid)
    }
}

/// The type and the set of values of a request's attribute.
pub(super) fn request_attribute(tlv: Tlv<'_>) -> Option<(&[u8], Tlv<'_>)> {
    let mut fields = Fields::of(tlv, "attributes").ok()?;
    let oid = fields.take("type", write::OBJECT_IDENTIFIER).ok()?.contents;
    let values = fields.take("values", write::SET).ok()?;
    fields.finish().ok()?;
    Some((oid, values))
}

fn extensions(list: Tlv<'_>) -> Result<Vec<Extension<'_>>, Unreadable> {
    let all = list.children().map_err(|why| unreadable("extensions", why))?;
    all.into_iter().enumerate().map(|(index, one)| Extension::read(one, index)).collect()
}

/// The parts of a value, taken one after another.
struct Fields<'a> {
    of: &'static str,
    rest: std::vec::IntoIter<Tlv<'a>>,
}

impl<'a> Fields<'a> {
    /// Of a `SEQUENCE`.
    fn of(tlv: Tlv<'a>, of: &'static str) -> Result<Self, Unreadable> {
        if tlv.tag != write::SEQUENCE {
            return Err(unreadable(of, OTHER));
        }
        Self::within(tlv, of)
    }

    /// Of what a `[number]` is around.
    fn within(tlv: Tlv<'a>, of: &'static str) -> Result<Self, Unreadable> {
        let all = tlv.children().map_err(|why| unreadable(of, why))?;
        Ok(Self { of, rest: all.into_iter() })
    }

    fn next(&mut self) -> Option<Tlv<'a>> {
        self.rest.next()
    }

    fn maybe(&mut self, tag: u8) -> Option<Tlv<'a>> {
        let next = self.rest.as_slice().first().is_some_and(|next| next.tag == tag);
        if next { self.rest.next() } else { None }
    }

    fn take(&mut self, field: &'static str, tag: u8) -> Result<Tlv<'a>, Unreadable> {
        let why = if self.rest.as_slice().is_empty() { CUT_SHORT } else { OTHER };
        self.maybe(tag).ok_or_else(|| unreadable(field, why))
    }

    fn time(&mut self, field: &'static str) -> Result<Tlv<'a>, Unreadable> {
        let time = self.maybe(write::UTC_TIME).or_else(|| self.maybe(write::GENERALIZED_TIME));
        time.ok_or_else(|| unreadable(field, OTHER))
    }

    fn finish(self) -> Result<(), Unreadable> {
        if self.rest.as_slice().is_empty() {
            return Ok(());
        }
        Err(unreadable(self.of, "has more fields than there are"))
    }
}

const OTHER: &str = "of another type";

pub(super) fn unreadable(field: &str, why: &'static str) -> Unreadable {
    Unreadable { field: field.to_owned(), why }
}
