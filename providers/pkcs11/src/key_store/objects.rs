//! Key pairs and certificates as a token's objects.

use cryptoki_sys::{
    CK_CERTIFICATE_CATEGORY_TOKEN_USER, CK_OBJECT_CLASS, CK_OBJECT_HANDLE,
    CKA_CERTIFICATE_CATEGORY, CKA_CERTIFICATE_TYPE, CKA_CLASS, CKA_ID, CKA_ISSUER, CKA_LABEL,
    CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_SUBJECT, CKA_TOKEN, CKA_VALUE, CKC_X_509, CKO_CERTIFICATE,
    CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKR_FUNCTION_NOT_SUPPORTED, CKR_RANDOM_NO_RNG,
    CKR_RANDOM_SEED_NOT_SUPPORTED,
};
use gost_ca::provider::key_store::{CarrierId, KeyAlgorithm, KeyId, KeySpec, StoredKey};
use gost_ca::provider::{Conflict, ErrorKind, Result, Rng};
use gost_ca::x509::{Certificate, PublicKey};
use zeroize::Zeroizing;

use crate::algorithm::{Family, Templates};
use crate::attribute::Attribute;
use crate::ffi::Library;
use crate::public_key::{KINDS, PublicAttributes};
use crate::refused::Refused;
use crate::session::{KeyName, Open, Repeat, Session};

type Raw<T> = core::result::Result<T, Refused>;

/// A key that was found or made.
pub(super) struct Found {
    pub(super) name: KeyName,
    pub(super) public_key: PublicKey,
}

/// Randomness from outside, for tokens without a generator of their own.
pub(super) struct Seed {
    id: [u8; 20],
    seed: Zeroizing<[u8; 32]>,
}

impl Seed {
    pub(super) fn draw(rng: &dyn Rng) -> Result<Self> {
        let (mut id, mut seed) = ([0; 20], Zeroizing::new([0; 32]));
        rng.fill(&mut id)?;
        rng.fill(seed.as_mut_slice())?;
        Ok(Self { id, seed })
    }
}

/// Lists the key pairs whose public half can be read.
pub(super) fn list(session: &mut Session, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
    let must_change_pin = session.token().info()?.must_change_pin();
    let (keys, certificates) = session
        .as_anyone(Repeat::Once, |open| Ok((public_keys(open, None)?, certificates(open)?)))?;
    let labels: Vec<_> = keys.iter().map(|key| key.name.label.clone()).collect();
    let stored = keys.into_iter().filter_map(|key| {
        let container = container_of(&key.name, &labels)?;
        // The newest certificate of this very key: others may have its CKA_ID by mistake.
        let own = certificates.iter().rev().filter(|(id, _)| *id == key.name.id);
        let certificate =
            own.map(|(_, one)| one).find(|one| is_same(one.public_key(), &key.public_key));
        Some(StoredKey {
            id: KeyId { carrier: carrier.clone(), container },
            public_key: key.public_key,
            certificate: certificate.cloned(),
            must_change_pin,
        })
    });
    Ok(stored.collect())
}

/// Finds a container's key, private half included; the user is logged in.
pub(super) fn open(session: &mut Session, container: &str) -> Result<Found> {
    let key = find(session, container)?;
    let name = key.name.clone();
    session.as_user(Repeat::Once, |open| open.private_key(&name))?;
    Ok(Found { name: key.name, public_key: key.public_key })
}

/// Makes a key pair; the user is logged in.
pub(super) fn generate(session: &mut Session, spec: &KeySpec, seed: Option<Seed>) -> Result<Found> {
    let label = spec.id.container.as_bytes();
    if label.is_empty() || spec.id.container.starts_with(ID_PREFIX) {
        return Err(ErrorKind::Invalid.at("container name"));
    }
    let id = match seed {
        Some(Seed { id, seed }) => {
            session.as_anyone(Repeat::Once, |open| stir(open, seed.as_slice()))?;
            id
        }
        None => session.as_anyone(Repeat::Once, own_id)?,
    };
    let name = KeyName { id: id.into(), label: label.into() };
    make_pair(session, spec.algorithm, &name)?;
    match read_made(session, &name) {
        Ok(public_key) => Ok(Found { name, public_key }),
        Err(error) => {
            // No key that nobody can read is left; what cannot be destroyed stays for the eye.
            let _gone = session.as_user(Repeat::Once, |open| destroy_named(open, &name));
            Err(error)
        }
    }
}

fn make_pair(session: &mut Session, algorithm: KeyAlgorithm, name: &KeyName) -> Result<()> {
    let mechanism = Family::of(algorithm)?.generation;
    let quirks = session.token().quirks.clone();
    let template = |params| Templates::new(algorithm, (&name.id, &name.label), &quirks, params);
    let first = template(quirks.params_in_private_template)?;
    let other = template(!quirks.params_in_private_template)?;
    let was_free = session.as_user(Repeat::Never, |open| {
        if is_taken(open, &name.label)? {
            return Ok(false);
        }
        let make = |one: &Templates| {
            open.library().generate_pair(open.handle, mechanism, &one.public, &one.private)
        };
        match make(&first) {
            Err(refused) if refused.is_about_template() && first.private != other.private => {
                make(&other)?;
            }
            done => drop(done?),
        }
        Ok(true)
    })?;
    let taken = || ErrorKind::Conflict(Conflict::Name).at("C_GenerateKeyPair");
    was_free.then_some(()).ok_or_else(taken)
}

/// Reads the new key by its name: handles may have died meanwhile, and been given to others.
fn read_made(session: &mut Session, name: &KeyName) -> Result<PublicKey> {
    let by = Attribute::octets(CKA_ID, name.id.as_slice());
    let keys = session.as_anyone(Repeat::Once, |open| public_keys(open, Some(by.clone())))?;
    let key = keys.into_iter().find(|key| key.name == *name);
    let unread = || ErrorKind::Fault.at("C_GenerateKeyPair").because("no public key is to be read");
    key.map(|key| key.public_key).ok_or_else(unread)
}

/// Puts a certificate beside its key, and takes older ones of this key away.
pub(super) fn install(
    session: &mut Session,
    container: &str,
    certificate: &Certificate,
) -> Result<()> {
    let key = find(session, container)?;
    if !is_same(certificate.public_key(), &key.public_key) {
        return Err(ErrorKind::Invalid.at("install").because("the certificate is of another key"));
    }
    let template = certificate_template(&key.name, certificate);
    session.as_anyone(Repeat::Once, |open| {
        let mut there = false;
        let mut older = Vec::new();
        for object in open.library().find(open.handle, &certificate_of(&key.name))? {
            let value = read(open, object, &[CKA_VALUE])?.into_iter().next().flatten();
            if value.as_deref() == Some(certificate.as_der()) {
                there = true;
            } else {
                older.push(object);
            }
        }
        if !there {
            open.library().create(open.handle, &template)?;
        }
        destroy_all(open, &older)
    })
}

/// Destroys a container's key and certificates; the user is logged in.
pub(super) fn delete(session: &mut Session, container: &str) -> Result<()> {
    let key = find(session, container)?;
    session.as_user(Repeat::Once, |open| destroy_named(open, &key.name))
}

/// A public key object.
struct PublicObject {
    name: KeyName,
    public_key: PublicKey,
}

/// The public key of a container; `NotFound` where there is none, or several of the name.
fn find(session: &mut Session, container: &str) -> Result<PublicObject> {
    let by = match container.strip_prefix(ID_PREFIX).and_then(from_hex) {
        Some(id) => Attribute::octets(CKA_ID, id),
        None => Attribute::octets(CKA_LABEL, container.as_bytes()),
    };
    let keys = session.as_anyone(Repeat::Once, |open| public_keys(open, Some(by.clone())))?;
    match <[PublicObject; 1]>::try_from(keys) {
        Ok([key]) => Ok(key),
        Err(none_or_several) => {
            let why = format!("{} keys of that name", none_or_several.len());
            Err(ErrorKind::NotFound.at("container").because(why))
        }
    }
}

/// Public keys that can be read; those of other kinds are not ours.
fn public_keys(open: &Open, by: Option<Attribute>) -> Raw<Vec<PublicObject>> {
    let mut template = of_class(CKO_PUBLIC_KEY);
    template.extend(by);
    let mut keys = Vec::new();
    for object in open.library().find(open.handle, &template)? {
        let kinds: Vec<_> = [CKA_ID, CKA_LABEL].into_iter().chain(KINDS).collect();
        let mut values = read(open, object, &kinds)?.into_iter();
        let mut next = || values.next().flatten().unwrap_or_default();
        let name = KeyName { id: next(), label: next() };
        if let Ok(public_key) = PublicAttributes::from_values(values).to_public_key() {
            keys.push(PublicObject { name, public_key });
        }
    }
    Ok(keys)
}

/// Certificates that are ones, with their `CKA_ID`.
fn certificates(open: &Open) -> Raw<Vec<(Vec<u8>, Certificate)>> {
    let mut found = Vec::new();
    for object in open.library().find(open.handle, &of_class(CKO_CERTIFICATE))? {
        let mut values = read(open, object, &[CKA_ID, CKA_VALUE])?.into_iter();
        let mut next = || values.next().flatten().unwrap_or_default();
        let (id, der) = (next(), next());
        found.extend(Certificate::from_der(&der).ok().map(|certificate| (id, certificate)));
    }
    Ok(found)
}

fn is_taken(open: &Open, label: &[u8]) -> Raw<bool> {
    for class in [CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
        let mut template = of_class(class);
        template.push(Attribute::octets(CKA_LABEL, label));
        if !open.library().find(open.handle, &template)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn read(
    open: &Open,
    object: CK_OBJECT_HANDLE,
    kinds: &[cryptoki_sys::CK_ATTRIBUTE_TYPE],
) -> Raw<Vec<Option<Vec<u8>>>> {
    let values = open.library().attributes(open.handle, object, kinds)?;
    Ok(values.into_iter().map(|value| value.map(|octets| octets.to_vec())).collect())
}

fn destroy_all(open: &Open, objects: &[CK_OBJECT_HANDLE]) -> Raw<()> {
    let library: &Library = &open.library();
    objects.iter().try_for_each(|object| library.destroy(open.handle, *object))
}

/// Destroys all of a key: the private half first, last what makes it found again after a break.
fn destroy_named(open: &mut Open, name: &KeyName) -> Raw<()> {
    let mut all = Vec::new();
    for class in [CKO_PRIVATE_KEY, CKO_CERTIFICATE, CKO_PUBLIC_KEY] {
        let mut template = of_class(class);
        template.push(Attribute::octets(CKA_ID, name.id.as_slice()));
        if class != CKO_CERTIFICATE {
            template.push(Attribute::octets(CKA_LABEL, name.label.as_slice()));
        }
        all.extend(open.library().find(open.handle, &template)?);
    }
    open.forget(name);
    destroy_all(open, &all)
}

/// Mixes randomness into the token's, where it takes any.
fn stir(open: &Open, seed: &[u8]) -> Raw<()> {
    match open.library().seed(open.handle, seed) {
        Err(Refused {
            rv: CKR_RANDOM_SEED_NOT_SUPPORTED | CKR_RANDOM_NO_RNG | CKR_FUNCTION_NOT_SUPPORTED,
            ..
        }) => Ok(()),
        other => other,
    }
}

/// A fresh `CKA_ID` from the token's own generator.
fn own_id(open: &mut Open) -> Raw<[u8; 20]> {
    let mut id = [0; 20];
    open.library().random(open.handle, &mut id)?;
    Ok(id)
}

fn certificate_template(name: &KeyName, certificate: &Certificate) -> Vec<Attribute> {
    let mut template = certificate_of(name);
    template.extend([
        Attribute::flag(CKA_PRIVATE, false),
        Attribute::octets(CKA_LABEL, name.label.as_slice()),
        Attribute::number(CKA_CERTIFICATE_CATEGORY, CK_CERTIFICATE_CATEGORY_TOKEN_USER),
        Attribute::octets(CKA_SUBJECT, certificate.subject()),
        Attribute::octets(CKA_ISSUER, certificate.issuer()),
        Attribute::octets(CKA_SERIAL_NUMBER, serial(certificate)),
        Attribute::octets(CKA_VALUE, certificate.as_der()),
    ]);
    template
}

/// What finds a key's certificates: their only link is the `CKA_ID`.
fn certificate_of(name: &KeyName) -> Vec<Attribute> {
    let mut template = of_class(CKO_CERTIFICATE);
    template.push(Attribute::number(CKA_CERTIFICATE_TYPE, CKC_X_509));
    template.push(Attribute::octets(CKA_ID, name.id.as_slice()));
    template
}

fn of_class(class: CK_OBJECT_CLASS) -> Vec<Attribute> {
    vec![Attribute::number(CKA_CLASS, class), Attribute::flag(CKA_TOKEN, true)]
}

/// The serial number as PKCS#11 wants it: an INTEGER in DER.
fn serial(certificate: &Certificate) -> Vec<u8> {
    let contents = certificate.serial().as_der_contents();
    // At most 20 octets (RFC 5280 §4.1.2.2): a short length.
    let length = u8::try_from(contents.len()).unwrap_or(0x7F);
    [&[0x02, length], contents].concat()
}

/// Whether two encodings are of one key: CAs write parameters in many ways.
fn is_same(one: &PublicKey, other: &PublicKey) -> bool {
    let point = |key: &PublicKey| {
        let key = gost3410::VerifyingKey::from_spki(&key.info()).ok()?;
        Some((key.curve(), key.to_le_bytes()))
    };
    one == other || point(one).is_some_and(|point_of_one| Some(point_of_one) == point(other))
}

/// A container's name: the label where it is the only one, else the `CKA_ID`.
fn container_of(name: &KeyName, labels: &[Vec<u8>]) -> Option<String> {
    let alone = labels.iter().filter(|label| **label == name.label).count() == 1;
    let label = String::from_utf8(name.label.clone()).ok();
    match label.filter(|label| alone && !label.is_empty() && !label.starts_with(ID_PREFIX)) {
        Some(label) => Some(label),
        None if name.id.is_empty() => None,
        None => Some(
            name.id.iter().fold(ID_PREFIX.to_owned(), |hex, octet| format!("{hex}{octet:02x}")),
        ),
    }
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    if hex.is_empty() || !hex.is_ascii() || !hex.len().is_multiple_of(2) {
        return None;
    }
    let pairs = hex.as_bytes().chunks(2).map(|pair| core::str::from_utf8(pair).ok());
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

/// Begins the names of containers without a label of their own.
const ID_PREFIX: &str = "id:";
