//! A module: its file, its name, the tokens in its slots.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cryptoki_sys::{CK_MECHANISM_TYPE, CK_SLOT_ID, CK_ULONG, CKM_RSA_PKCS_KEY_PAIR_GEN, CKU_SO};
use gost_ca::provider::key_store::{Carrier, CarrierId, KeyAlgorithm, PinRule};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::secret::Secret;

use crate::algorithm::Family;
use crate::ffi::Library;
use crate::load_error::LoadError;
use crate::quirks::Quirks;
use crate::token_info::TokenInfo;
use crate::workers::{Patience, Workers};

/// A module under a name.
#[derive(Debug)]
pub(crate) struct Module {
    name: String,
    library: Arc<Library>,
    filter: Filter,
    quirks: Option<Quirks>,
    /// For calls that are about slots, not about one token.
    desk: Workers<()>,
}

/// Which tokens of a module are meant: those that fit all that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// The token in this slot.
    pub slot: Option<u64>,
    /// The token with this label.
    pub label: Option<String>,
    /// The token with this serial number.
    pub serial: Option<String>,
}

impl Filter {
    pub(crate) fn takes(&self, token: &TokenInfo) -> bool {
        self.slot.is_none_or(|slot| slot == token.slot)
            && self.label.as_ref().is_none_or(|label| *label == token.label)
            && self.serial.as_ref().is_none_or(|serial| *serial == token.serial)
    }
}

/// A token in a slot.
pub(crate) struct Seen {
    pub(crate) library: Arc<Library>,
    pub(crate) carrier: CarrierId,
    pub(crate) info: TokenInfo,
    pub(crate) quirks: Quirks,
    pub(crate) mechanisms: Vec<CK_MECHANISM_TYPE>,
    algorithms: Vec<KeyAlgorithm>,
}

impl Module {
    pub(crate) fn open(
        name: &str,
        path: &Path,
        (filter, quirks): (Filter, Option<Quirks>),
        patience: Patience,
    ) -> Result<Self> {
        let library = load(path)?;
        let desk = Workers::start("module", vec![()], patience)
            .map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { name: name.to_owned(), library, filter, quirks, desk })
    }

    /// The tokens that are there, initialised, and meant.
    pub(crate) async fn tokens(&self) -> Result<Vec<Seen>> {
        let look = self.look();
        self.desk.run("C_GetSlotList", move |()| look.tokens()).await
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Wipes a token, and gives it a label and two PINs.
    pub(crate) async fn initialize(
        &self,
        slot: u64,
        label: &str,
        (officer, user): (Secret, Secret),
    ) -> Result<()> {
        let no_slot = |_| ErrorKind::NotFound.at("slot");
        let slot = CK_SLOT_ID::try_from(slot).map_err(no_slot)?;
        let padded = padded(label).ok_or_else(|| ErrorKind::Invalid.at("label"))?;
        let library = Arc::clone(&self.library);
        let job = move |(): &mut ()| {
            library.init_token(slot, officer.expose(), &padded)?;
            let session = library.open(slot)?;
            let set = library
                .login(session, CKU_SO, Some(officer.expose()))
                .and_then(|()| library.init_pin(session, user.expose()))
                .and_then(|()| library.logout(session));
            // With its last session the login ends too.
            Ok(library.close(session).and(set)?)
        };
        self.desk.run("C_InitToken", job).await
    }

    /// The same, for a thread that may wait.
    pub(crate) fn look(&self) -> Look {
        let (name, library) = (self.name.clone(), Arc::clone(&self.library));
        Look { name, library, filter: self.filter.clone(), quirks: self.quirks.clone() }
    }
}

/// What it takes to look into a module's slots.
#[derive(Debug)]
pub(crate) struct Look {
    name: String,
    library: Arc<Library>,
    filter: Filter,
    quirks: Option<Quirks>,
}

impl Look {
    /// The carriers that are there.
    pub(crate) fn infos(&self) -> Result<Vec<(CarrierId, TokenInfo)>> {
        let mut infos = Vec::new();
        for slot in self.library.slots()? {
            // A token may be pulled while we look: then it is not there.
            let Ok(raw) = self.library.token_info(slot) else { continue };
            let info = TokenInfo::read(slot, &raw);
            if info.is_initialized() && self.filter.takes(&info) {
                infos.push((CarrierId(format!("{}:{}", self.name, info.identity())), info));
            }
        }
        Ok(infos)
    }

    /// The module, where it may be trusted to wait for events.
    pub(crate) fn listened_to(&self) -> Option<Arc<Library>> {
        let trusted = match &self.quirks {
            Some(quirks) => quirks.blocking_events,
            None => self.infos().is_ok_and(|infos| {
                infos.first().is_some_and(|(_, info)| Quirks::of(info).blocking_events)
            }),
        };
        // A module that takes one call at a time would take no other while it waits.
        (trusted && !self.library.is_serial()).then(|| Arc::clone(&self.library))
    }

    fn tokens(&self) -> Result<Vec<Seen>> {
        let infos = self.infos()?.into_iter();
        Ok(infos.filter_map(|(carrier, info)| self.token(carrier, info)).collect())
    }

    fn token(&self, carrier: CarrierId, info: TokenInfo) -> Option<Seen> {
        let quirks = self.quirks.clone().unwrap_or_else(|| Quirks::of(&info));
        let slot = CK_SLOT_ID::try_from(info.slot).ok()?;
        let mechanisms = self.library.mechanisms(slot).ok()?;
        let lengths = self.library.key_sizes(slot, CKM_RSA_PKCS_KEY_PAIR_GEN).ok();
        let rsa = |bits: u16| {
            let bits = CK_ULONG::from(bits);
            lengths.is_some_and(|(shortest, longest)| (shortest..=longest).contains(&bits))
        };
        let algorithms = Family::offered(&mechanisms, &quirks, rsa);
        Some(Seen {
            library: Arc::clone(&self.library),
            carrier,
            info,
            quirks,
            mechanisms,
            algorithms,
        })
    }
}

impl Seen {
    pub(crate) fn into_carrier(self) -> Carrier {
        let Self { carrier, info, quirks, algorithms, .. } = self;
        Carrier {
            id: carrier,
            hardware_rng: quirks.hardware && info.has_rng(),
            label: info.label,
            serial: Some(info.serial).filter(|serial| !serial.is_empty()),
            pin: PinRule::OwnPin { min: info.shortest_pin, max: info.longest_pin },
            algorithms,
        }
    }
}

/// A label as PKCS#11 has it: 32 octets, padded with spaces.
fn padded(label: &str) -> Option<[u8; 32]> {
    let mut padded = [b' '; 32];
    padded.get_mut(..label.len())?.copy_from_slice(label.as_bytes());
    Some(padded)
}

/// Loads a module, once in a process for each file: PKCS#11's state is the process's.
fn load(path: &Path) -> Result<Arc<Library>> {
    // A bare name is looked for by the system's loader.
    let file = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = loaded.get(&file) {
        return Ok(Arc::clone(library));
    }
    let library = Arc::new(Library::load(&file).map_err(|error| {
        let kind = match &error {
            LoadError::Code(_) if !file.exists() => ErrorKind::NotFound,
            LoadError::Refused(refused) => return (*refused).into(),
            _ => ErrorKind::Unsupported,
        };
        kind.at(format!("module {}", path.display())).because(error)
    })?);
    loaded.insert(file, Arc::clone(&library));
    Ok(library)
}

/// Kept for ever: a module that was unloaded under a running thread is a crash.
static LOADED: Mutex<BTreeMap<PathBuf, Arc<Library>>> = Mutex::new(BTreeMap::new());
