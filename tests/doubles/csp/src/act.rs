//! What the functions do, on safe values.

use gost_hash::{streebog256, streebog512};
use gost_key_files::{CspContainer, CspKey, Unopened, Usage};
use gost3410::{ParameterSet, Signature, SigningKey};

use crate::codes::{
    ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, LICENCE, NTE_BAD_ALGID, NTE_BAD_FLAGS,
    NTE_BAD_HASH_STATE, NTE_BAD_KEY, NTE_BAD_KEYSET, NTE_BAD_SIGNATURE, NTE_BAD_TYPE, NTE_BAD_UID,
    NTE_EXISTS, NTE_FAIL, NTE_KEYSET_NOT_DEF, NTE_NO_KEY, NTE_NOT_FOUND, NTE_PERM,
    NTE_PROV_TYPE_NOT_DEF, NTE_SILENT_CONTEXT, SCARD_W_CHV_BLOCKED, SCARD_W_WRONG_CHV,
};
use crate::encoding;
use crate::folder::{self, Found};
use crate::state::{Context, Hash, Key, State};

const VERIFYCONTEXT: u32 = 0xf000_0000;
const NEWKEYSET: u32 = 8;
const DELETEKEYSET: u32 = 0x10;
const SILENT: u32 = 0x40;
const EXCHANGE: u32 = 1;
const SIGNATURE: u32 = 2;
/// The one reader, and how people call it.
const READER: &str = "HDIMAGE";
const READER_LABEL: &str = "Структура дискеты на жестком диске";

pub(crate) fn acquire(
    state: &mut State,
    container: Option<String>,
    provider: Option<String>,
    kind: u32,
    flags: u32,
) -> Result<usize, u32> {
    let known = providers(state).find(|(known, _)| *known == kind);
    let (_, name) = known.ok_or(NTE_PROV_TYPE_NOT_DEF)?;
    if provider.is_some_and(|asked| asked != name) {
        return Err(NTE_KEYSET_NOT_DEF);
    }
    if flags & VERIFYCONTEXT == VERIFYCONTEXT {
        return Ok(add_context(state, None, kind, flags));
    }
    let container = short_name(container.ok_or(NTE_BAD_KEYSET)?)?;
    let keys = state.folder()?;
    let found = folder::find(&keys, &container);
    if flags & DELETEKEYSET != 0 {
        if state.empty.remove(&container) {
            return Ok(0);
        }
        std::fs::remove_dir_all(found?.folder).map_err(|_| NTE_FAIL)?;
        return Ok(0);
    }
    if flags & NEWKEYSET != 0 {
        if found.is_ok() || !state.empty.insert(container.clone()) {
            return Err(NTE_EXISTS);
        }
    } else if !state.empty.contains(&container) && kind_of(&found?.container) != kind {
        return Err(NTE_BAD_KEYSET);
    }
    Ok(add_context(state, Some(container), kind, flags))
}

const PROVIDERS: [(u32, &str); 3] = [
    (75, "Crypto-Pro GOST R 34.10-2001 Cryptographic Service Provider"),
    (80, "Crypto-Pro GOST R 34.10-2012 Cryptographic Service Provider"),
    (81, "Crypto-Pro GOST R 34.10-2012 Strong Cryptographic Service Provider"),
];

/// The providers that are installed: type and name.
pub(crate) fn providers(state: &State) -> impl Iterator<Item = (u32, &'static str)> {
    let old = state.policy("only 2001", 0) == 1;
    PROVIDERS.into_iter().filter(move |(kind, _)| !old || *kind == 75)
}

fn add_context(state: &mut State, container: Option<String>, kind: u32, flags: u32) -> usize {
    let handle = state.handle();
    let silent = flags & SILENT != 0;
    let (pin, set, items) = (None, None, Vec::new());
    let context = Context { container, kind, references: 1, silent, pin, set, items, next_item: 0 };
    state.contexts.insert(handle, context);
    handle
}

/// Each type of provider sees its own keys.
fn kind_of(container: &CspContainer) -> u32 {
    match container.headers().any(|(_, set)| set.size() == 64) {
        _ if container.is_of_2001() => 75,
        true => 81,
        false => 80,
    }
}

/// `\\.\READER\name`, or the name alone.
fn short_name(name: String) -> Result<String, u32> {
    match name.strip_prefix(r"\\.\") {
        None => Ok(name),
        Some(rest) => match rest.split_once('\\') {
            Some((READER, name)) => Ok(name.to_owned()),
            _ => Err(NTE_BAD_KEYSET),
        },
    }
}

/// Nothing of a context may be left when it is released.
pub(crate) fn release(state: &mut State, context: usize) -> Result<(), u32> {
    if let Some(shared) = state.contexts.get_mut(&context).filter(|one| one.references > 1) {
        shared.references -= 1;
        return Ok(());
    }
    let used = state.keys.values().any(|key| key.context == context)
        || state.hashes.values().any(|hash| hash.context == context);
    if used {
        return Err(NTE_FAIL);
    }
    state.contexts.remove(&context).map(drop).ok_or(ERROR_INVALID_PARAMETER)
}

pub(crate) fn generate(
    state: &mut State,
    context: usize,
    spec: u32,
    flags: u32,
) -> Result<usize, u32> {
    let keys = state.folder()?;
    let ready = state.policy("rng", 1) == 1;
    let Context { container, kind, silent, pin, set, .. } = state.context(context)?;
    let (container, long) = (container.clone().ok_or(NTE_BAD_FLAGS)?, *kind == 81);
    let (pin, set, silent) = (pin.clone().unwrap_or_default(), set.clone(), *silent);
    if silent && !ready {
        return Err(NTE_SILENT_CONTEXT); // would ask for random moves
    }
    let mut sets = encoding::sets(long);
    let set = match set {
        Some(oid) => sets.find(|known| known.oid().to_string() == oid).ok_or(NTE_BAD_ALGID)?,
        None => sets.next().ok_or(NTE_BAD_ALGID)?,
    };
    if !state.empty.contains(&container) {
        return Err(NTE_EXISTS);
    }
    let usage = match spec {
        EXCHANGE => Usage::Exchange,
        SIGNATURE => Usage::Signature,
        _ => return Err(NTE_BAD_ALGID),
    };
    let mut key = CspKey::new(new_key(set)?, usage);
    key.exportable = flags & 1 != 0;
    let public = key.key.verifying_key().clone();
    folder::write(&keys, None, &container, &pin, &[key])?;
    state.empty.remove(&container);
    let handle = state.handle();
    state.keys.insert(handle, Key { context, spec: Some(spec), public: Some(public) });
    Ok(handle)
}

fn new_key(set: ParameterSet) -> Result<SigningKey, u32> {
    let mut octets = vec![0; set.size()];
    for _ in 0..256 {
        getrandom::fill(&mut octets).map_err(|_| NTE_FAIL)?;
        if let Ok(key) = SigningKey::from_le_bytes(set, &octets) {
            return Ok(key);
        }
    }
    Err(NTE_FAIL)
}

pub(crate) fn user_key(state: &mut State, context: usize, spec: u32) -> Result<usize, u32> {
    let found = container(state, context)?;
    let wanted = usage(spec)?;
    found.container.headers().find(|(usage, _)| *usage == wanted).ok_or(NTE_NO_KEY)?;
    let handle = state.handle();
    state.keys.insert(handle, Key { context, spec: Some(spec), public: None });
    Ok(handle)
}

fn usage(spec: u32) -> Result<Usage, u32> {
    match spec {
        EXCHANGE => Ok(Usage::Exchange),
        SIGNATURE => Ok(Usage::Signature),
        _ => Err(NTE_BAD_KEY),
    }
}

fn container(state: &mut State, context: usize) -> Result<Found, u32> {
    let keys = state.folder()?;
    let name = state.context(context)?.container.clone().ok_or(NTE_NO_KEY)?;
    if state.empty.contains(&name) {
        return Err(NTE_NO_KEY);
    }
    folder::find(&keys, &name)
}

/// The public half: at hand after generation, else out of the keys, which takes the password.
pub(crate) fn export(state: &mut State, key: usize) -> Result<Vec<u8>, u32> {
    let Key { context, spec, public } = state.keys.get(&key).ok_or(NTE_BAD_KEY)?;
    if let Some(public) = public {
        return encoding::public_blob(public);
    }
    let (context, spec) = (*context, spec.ok_or(NTE_BAD_KEY)?);
    encoding::public_blob(private(state, context, spec)?.key.verifying_key())
}

/// A key of a container; wrong passwords are counted.
fn private(state: &mut State, context: usize, spec: u32) -> Result<CspKey, u32> {
    let wanted = usage(spec)?;
    open_keys(state, context)?.into_iter().find(|key| key.usage == wanted).ok_or(NTE_NO_KEY)
}

fn open_keys(state: &mut State, context: usize) -> Result<Vec<CspKey>, u32> {
    let found = container(state, context)?;
    let tries = state.policy("tries", 0);
    let name = found.container.name().to_owned();
    let wrong = state.wrong_pins.get(&name).copied().unwrap_or(0);
    if tries > 0 && wrong >= tries {
        return Err(SCARD_W_CHV_BLOCKED);
    }
    let Context { pin, .. } = state.context(context)?;
    let pin = match pin {
        Some(pin) => pin.clone(),
        None if found.container.has_password() => return Err(NTE_SILENT_CONTEXT),
        None => String::new(),
    };
    match found.container.open(&folder::spelt(&pin)) {
        Ok(keys) => {
            state.wrong_pins.remove(&name);
            Ok(keys)
        }
        Err(Unopened::WrongPin) => {
            state.wrong_pins.insert(name, wrong + 1);
            state.context(context)?.pin = None;
            Err(SCARD_W_WRONG_CHV)
        }
        Err(_) => Err(NTE_FAIL),
    }
}

pub(crate) fn certificate(state: &mut State, key: usize) -> Result<Vec<u8>, u32> {
    let Key { context, spec, .. } = state.keys.get(&key).ok_or(NTE_BAD_KEY)?;
    let (context, wanted) = (*context, usage(spec.ok_or(NTE_BAD_KEY)?)?);
    let found = container(state, context)?;
    let certificate = found.container.certificate(wanted).ok_or(NTE_NOT_FOUND)?;
    Ok(certificate.to_vec())
}

pub(crate) fn set_certificate(state: &mut State, key: usize, der: &[u8]) -> Result<(), u32> {
    let Key { context, spec, .. } = state.keys.get(&key).ok_or(NTE_BAD_KEY)?;
    let (context, wanted) = (*context, usage(spec.ok_or(NTE_BAD_KEY)?)?);
    let mut keys = open_keys(state, context)?;
    for key in &mut keys {
        if key.usage == wanted {
            key.certificate = Some(der.to_vec());
        }
    }
    rewrite(state, context, &keys, None)
}

pub(crate) fn change_pin(state: &mut State, context: usize, new: &str) -> Result<(), u32> {
    let keys = open_keys(state, context)?;
    rewrite(state, context, &keys, Some(new))?;
    state.context(context)?.pin = Some(new.to_owned());
    Ok(())
}

fn rewrite(
    state: &mut State,
    context: usize,
    keys: &[CspKey],
    new: Option<&str>,
) -> Result<(), u32> {
    let (folder, found) = (state.folder()?, container(state, context)?);
    let old = state.context(context)?.pin.clone().unwrap_or_default();
    let password = new.unwrap_or(&old);
    folder::write(&folder, Some(&found.folder), found.container.name(), password, keys)
}

pub(crate) fn create_hash(state: &mut State, context: usize, algorithm: u32) -> Result<usize, u32> {
    state.context(context)?;
    let long = match algorithm {
        0x8021 => false,
        0x8022 => true,
        _ => return Err(NTE_BAD_ALGID),
    };
    let handle = state.handle();
    state.hashes.insert(handle, Hash { context, long, message: Vec::new(), value: None });
    Ok(handle)
}

pub(crate) fn hash_data(state: &mut State, hash: usize, data: &[u8]) -> Result<(), u32> {
    let hash = state.hashes.get_mut(&hash).ok_or(NTE_BAD_UID)?;
    if hash.value.is_some() {
        return Err(NTE_BAD_HASH_STATE);
    }
    hash.message.extend_from_slice(data);
    Ok(())
}

/// The value, which finishes the hash.
pub(crate) fn hash_value(state: &mut State, hash: usize) -> Result<Vec<u8>, u32> {
    let hash = state.hashes.get_mut(&hash).ok_or(NTE_BAD_UID)?;
    let Hash { long, message, value, .. } = hash;
    let computed = || {
        if *long { streebog512(message).to_vec() } else { streebog256(message).to_vec() }
    };
    Ok(value.get_or_insert_with(computed).clone())
}

pub(crate) fn set_hash_value(state: &mut State, hash: usize, digest: &[u8]) -> Result<(), u32> {
    let hash = state.hashes.get_mut(&hash).ok_or(NTE_BAD_UID)?;
    hash.value = Some(digest.to_vec());
    Ok(())
}

pub(crate) fn hash_octets(state: &mut State, hash: usize) -> Result<usize, u32> {
    let hash = state.hashes.get(&hash).ok_or(NTE_BAD_UID)?;
    Ok(if hash.long { 64 } else { 32 })
}

pub(crate) fn sign(state: &mut State, hash: usize, spec: u32) -> Result<Vec<u8>, u32> {
    if state.policy("licence", 1) == 0 {
        return Err(LICENCE);
    }
    let context = state.hashes.get(&hash).ok_or(NTE_BAD_UID)?.context;
    let key = private(state, context, spec)?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let ended = key.not_after.is_some_and(|end| now.is_ok_and(|now| now > end.unix_duration()));
    if ended && state.policy("terms", 1) == 1 {
        return Err(NTE_PERM);
    }
    let digest = hash_value(state, hash)?;
    let mut rng = getrandom::SysRng;
    let signature = key.key.sign_prehash(&digest, &mut rng).map_err(|_| NTE_BAD_ALGID)?;
    Ok(encoding::turned(signature.as_slice()))
}

/// Octets of a signature, which need no key.
pub(crate) fn signature_octets(state: &mut State, hash: usize) -> Result<usize, u32> {
    Ok(2 * hash_octets(state, hash)?)
}

pub(crate) fn import(state: &mut State, context: usize, blob: &[u8]) -> Result<usize, u32> {
    state.context(context)?;
    let public = Some(encoding::read_public_blob(blob)?);
    let handle = state.handle();
    state.keys.insert(handle, Key { context, spec: None, public });
    Ok(handle)
}

pub(crate) fn verify(
    state: &mut State,
    hash: usize,
    signature: &[u8],
    key: usize,
) -> Result<(), u32> {
    let digest = hash_value(state, hash)?;
    let Key { context, public, .. } = state.keys.get(&key).ok_or(NTE_BAD_KEY)?;
    if state.hashes.get(&hash).is_none_or(|hash| hash.context != *context) {
        return Err(NTE_BAD_KEY); // handles must not cross contexts
    }
    let public = public.as_ref().ok_or(NTE_BAD_KEY)?;
    let signature = Signature::from_slice(&encoding::turned(signature));
    let signature = signature.map_err(|_| NTE_BAD_SIGNATURE)?;
    public.verify_prehash(&digest, &signature).map_err(|_| NTE_BAD_SIGNATURE)
}

/// Starts an enumeration; gives the size of its longest item.
pub(crate) fn enumerate(
    state: &mut State,
    context: usize,
    parameter: u32,
    flags: u32,
) -> Result<(), u32> {
    let keys = state.folder()?;
    let text = |text: String| [text.as_bytes(), &[0]].concat();
    let long = state.context(context)?.kind == 81;
    let items: Vec<_> = match parameter {
        2 if flags & 0x10 != 0 => {
            let named = |name: &str| text(format!(r"\\.\{READER}\{name}"));
            folder::all(&keys).iter().map(|found| named(found.container.name())).collect()
        }
        2 => {
            folder::all(&keys).iter().map(|found| text(found.container.name().to_owned())).collect()
        }
        105 | 106 => encoding::sets(long).map(|set| text(set.oid().to_string())).collect(),
        114 => vec![text(format!("{READER_LABEL}\0{READER}"))],
        _ => return Err(NTE_BAD_TYPE),
    };
    let context = state.context(context)?;
    context.items = items;
    context.next_item = 0;
    Ok(())
}

/// The coming item and the longest one's size.
pub(crate) fn item(state: &mut State, context: usize) -> Result<(Vec<u8>, usize), u32> {
    let context = state.context(context)?;
    let item = context.items.get(context.next_item).ok_or(ERROR_NO_MORE_ITEMS)?.clone();
    let longest = context.items.iter().map(Vec::len).max().unwrap_or(0);
    Ok((item, longest))
}

pub(crate) fn item_taken(state: &mut State, context: usize) -> Result<(), u32> {
    state.context(context)?.next_item += 1;
    Ok(())
}
