//! Tokens as key carriers.

mod objects;

use core::fmt;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use gost_ca::provider::key_store::{Access, Carrier, CarrierId, KeyId, KeySpec, StoredKey};
use gost_ca::provider::{
    ErrorKind, KeyStore, ProviderError, Result, Rng, Signer, WritableKeyStore,
};
use gost_ca::secret::{Pin, Secret};
use gost_ca::x509::Certificate;

use crate::login::PinGiven;
use crate::module::{Filter, Module, Seen};
use crate::pin_source::{PinRequest, PinSource};
use crate::quirks::Quirks;
use crate::rng::TokenRng;
use crate::session::Session;
use crate::signer::TokenSigner;
use crate::token::{Shared, Token};
use crate::token_info::TokenInfo;
use crate::watch::{TokenEvent, Watcher, watch};
use crate::workers::Patience;
use objects::{Found, Seed};

/// Keys on the tokens of one or several PKCS#11 modules.
///
/// A token is a carrier named `module:serial`, wherever it is plugged in; a key's container is its label,
/// or `id:…` with its `CKA_ID` in hexadecimal where the label is empty or not the only one. The PIN is the
/// token's own: [`Access::Existing`], or [`Access::Prompted`], which asks the [`PinSource`] or the token's
/// key pad. A wrong PIN is never tried twice. The right one stays in memory while the store lives, so that
/// keys stay open over a loss of the token ([`Settings::keeps_pins`]).
///
/// Every call of a module is made in a thread of the token's own, and answered in time:
/// `Settings::patience`. One store per module in a process: they would log each other out.
pub struct TokenKeyStore {
    modules: Vec<Arc<Module>>,
    tokens: Mutex<BTreeMap<CarrierId, Arc<Token>>>,
    /// Carriers that were there once: they are away, not unknown.
    listed: Mutex<BTreeSet<CarrierId>>,
    pins: PinSource,
    settings: Settings,
}

/// How a store treats its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How long a call may take, waiting included; then it is `Unavailable`. Key pads wait for people.
    pub patience: Duration,
    /// Calls that wait for a token; more are `Unavailable` at once.
    pub waiting: usize,
    /// Whether right PINs stay in memory, for logging in again after a loss.
    pub keeps_pins: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { patience: Duration::from_secs(60), waiting: 256, keeps_pins: true }
    }
}

impl Settings {
    const fn patience(&self) -> Patience {
        Patience { waiting: self.waiting, longest: self.patience }
    }
}

impl TokenKeyStore {
    /// Starts a store without modules; PINs of [`Access::Prompted`] come from `pins`.
    #[must_use]
    pub const fn new(settings: Settings, pins: PinSource) -> Self {
        let tokens = Mutex::new(BTreeMap::new());
        let listed = Mutex::new(BTreeSet::new());
        Self { modules: Vec::new(), tokens, listed, pins, settings }
    }

    /// Adds a module under a name, which its carriers' ids begin with.
    ///
    /// # Errors
    /// `NotFound` for no file, `Unsupported` for no module, what the module says of its start.
    pub fn with_module(self, name: &str, path: impl AsRef<Path>) -> Result<Self> {
        self.with_part_of_module(name, path, Filter::default(), None)
    }

    /// Adds the tokens of a module that a filter lets through, with a profile of quirks for all of them.
    ///
    /// # Errors
    /// As [`with_module`](Self::with_module).
    pub fn with_part_of_module(
        mut self,
        name: &str,
        path: impl AsRef<Path>,
        filter: Filter,
        quirks: Option<Quirks>,
    ) -> Result<Self> {
        let patience = self.settings.patience();
        self.modules.push(Arc::new(Module::open(name, path.as_ref(), (filter, quirks), patience)?));
        Ok(self)
    }

    /// What the tokens that are there say of themselves, tries left included.
    ///
    /// # Errors
    /// As [`KeyStore::carriers`].
    pub async fn tokens(&self) -> Result<Vec<(CarrierId, TokenInfo)>> {
        let seen = self.seen().await?;
        Ok(seen.into_iter().map(|seen| (seen.carrier, seen.info)).collect())
    }

    /// The token's random generator. Filling waits for the token in the calling thread.
    ///
    /// # Errors
    /// `NotFound` for an unknown carrier, `Unsupported` where it has none.
    pub async fn rng(&self, carrier: &CarrierId) -> Result<TokenRng> {
        let token = self.token(carrier).await?;
        let info = self.info(&token).await?;
        if !info.has_rng() {
            return Err(ErrorKind::Unsupported.at("C_GenerateRandom"));
        }
        Ok(TokenRng::new(token))
    }

    /// Gives a token a new user PIN by its security officer's, as after a lock.
    ///
    /// # Errors
    /// `Denied` for the officer's PIN, with the tries left where they are known; `Invalid` for the new one.
    pub async fn unblock(&self, carrier: &CarrierId, officer: &Pin, new: &Pin) -> Result<()> {
        let token = self.token(carrier).await?;
        check_new_pin(&self.info(&token).await?, new)?;
        let (officer, new) = (copy(officer), copy(new));
        token.sessions.run("C_InitPIN", move |session| session.init_pin(&officer, &new)).await
    }

    /// Tells of tokens that come and go, until the watcher is dropped. Those that are there already are not
    /// told. Slots are looked at every `interval`, and whenever a module that is known to wait tells.
    ///
    /// # Errors
    /// `Unavailable` when no thread starts.
    pub fn watch(
        &self,
        interval: Duration,
        tell: impl Fn(TokenEvent) + Clone + Send + 'static,
    ) -> Result<Watcher> {
        watch(self.modules.iter().map(|module| module.look()).collect(), interval, &tell)
    }

    /// **Wipes a token** and sets it up: its label, its security officer's PIN, its user's PIN.
    ///
    /// # Errors
    /// `NotFound` for an unknown module, what the token says else; a token that was set up before wants the
    /// officer's PIN that it has.
    pub async fn initialize(
        &self,
        module: &str,
        slot: u64,
        label: &str,
        (officer, user): (&Pin, &Pin),
    ) -> Result<()> {
        let module = self.modules.iter().find(|known| known.name() == module);
        let module = module.ok_or_else(|| ErrorKind::NotFound.at("module"))?;
        module.initialize(slot, label, (copy(officer), copy(user))).await
    }

    async fn seen(&self) -> Result<Vec<Seen>> {
        let (mut seen, mut last) = (Vec::new(), None);
        for module in &self.modules {
            match module.tokens().await {
                Ok(tokens) => seen.extend(tokens),
                Err(error) => last = Some(error),
            }
        }
        self.listed().extend(seen.iter().map(|seen| seen.carrier.clone()));
        match last {
            // One module that is out of reach does not hide the others.
            Some(error) if seen.is_empty() => Err(error),
            _ => Ok(seen),
        }
    }

    /// The token of a carrier; its threads start when it is used first.
    async fn token(&self, carrier: &CarrierId) -> Result<Arc<Token>> {
        if let Some(token) = self.known().get(carrier) {
            return Ok(Arc::clone(token));
        }
        let seen = self.seen().await?.into_iter().find(|seen| seen.carrier == *carrier);
        let seen = seen.ok_or_else(|| self.absent(carrier))?;
        let keeps = self.settings.keeps_pins;
        let own = (&seen.info, seen.quirks, seen.mechanisms);
        let shared = Shared::new(seen.library, seen.carrier, own, keeps);
        let token = Arc::new(Token::start(shared, self.settings.patience())?);
        Ok(Arc::clone(self.known().entry(carrier.clone()).or_insert(token)))
    }

    fn absent(&self, carrier: &CarrierId) -> ProviderError {
        let was_here = self.listed().contains(carrier);
        if was_here { ErrorKind::Unavailable } else { ErrorKind::NotFound }.at("carrier")
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<CarrierId, Arc<Token>>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listed(&self) -> MutexGuard<'_, BTreeSet<CarrierId>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn info(&self, token: &Token) -> Result<TokenInfo> {
        let job = |session: &mut Session| Ok(session.token().info()?);
        token.sessions.run("C_GetTokenInfo", job).await
    }

    /// How a PIN is got, once the token's thread needs it.
    fn pin(&self, access: &Access) -> Result<Asked> {
        match access {
            Access::Existing(pin) => Ok(Asked::Given(copy(pin))),
            Access::Prompted => Ok(Asked::Source(self.pins.clone())),
            _ => Err(ErrorKind::Invalid.at("access").because("a token's PIN is not new")),
        }
    }

    fn signer(token: Arc<Token>, found: Found) -> Result<Arc<dyn Signer>> {
        Ok(Arc::new(TokenSigner::new(token, found.name, found.public_key)?))
    }
}

#[async_trait]
impl KeyStore for TokenKeyStore {
    async fn carriers(&self) -> Result<Vec<Carrier>> {
        let seen = self.seen().await?;
        Ok(seen.into_iter().map(Seen::into_carrier).collect())
    }

    async fn keys(&self, carrier: &CarrierId) -> Result<Vec<StoredKey>> {
        let token = self.token(carrier).await?;
        let carrier = carrier.clone();
        token.sessions.run("C_FindObjects", move |session| objects::list(session, &carrier)).await
    }

    async fn open(&self, key: &KeyId, access: &Access) -> Result<Arc<dyn Signer>> {
        let pin = self.pin(access)?;
        let token = self.token(&key.carrier).await?;
        let container = key.container.clone();
        let job = move |session: &mut Session| {
            pin.log_in(session)?;
            if session.token().info()?.must_change_pin() {
                let why = "the PIN is a temporary one: change it first";
                return Err(ErrorKind::Denied { tries_left: None }.at("C_Login").because(why));
            }
            objects::open(session, &container)
        };
        let found = token.sessions.run("open", job).await?;
        Self::signer(token, found)
    }

    fn writable(&self) -> Option<&dyn WritableKeyStore> {
        Some(self)
    }
}

#[async_trait]
impl WritableKeyStore for TokenKeyStore {
    async fn generate(
        &self,
        spec: &KeySpec,
        access: &Access,
        rng: &dyn Rng,
    ) -> Result<Arc<dyn Signer>> {
        let pin = self.pin(access)?;
        let token = self.token(&spec.id.carrier).await?;
        let info = self.info(&token).await?;
        if spec.temporary_pin && !info.must_change_pin() {
            let why = "this token does not know its PIN as a temporary one";
            return Err(ErrorKind::Unsupported.at("temporary PIN").because(why));
        }
        let hardware = token.shared.quirks.hardware && info.has_rng();
        let seed = if hardware { None } else { Some(Seed::draw(rng)?) };
        let spec = spec.clone();
        let job = move |session: &mut Session| {
            pin.log_in(session)?;
            objects::generate(session, &spec, seed)
        };
        let found = token.sessions.run("C_GenerateKeyPair", job).await?;
        Self::signer(token, found)
    }

    async fn install(&self, key: &KeyId, certificate: &Certificate) -> Result<()> {
        let token = self.token(&key.carrier).await?;
        let (container, certificate) = (key.container.clone(), certificate.clone());
        let source = Asked::Source(self.pins.clone());
        let job = move |session: &mut Session| {
            match objects::install(session, &container, &certificate) {
                // Some tokens let nobody write who has not logged in.
                Err(error) if matches!(error.kind(), ErrorKind::Denied { .. }) => {
                    source.log_in(session)?;
                    objects::install(session, &container, &certificate)
                }
                other => other,
            }
        };
        token.sessions.run("C_CreateObject", job).await
    }

    async fn change_pin(&self, key: &KeyId, old: &Access, new: &Pin) -> Result<()> {
        let old = self.pin(old)?;
        let token = self.token(&key.carrier).await?;
        check_new_pin(&self.info(&token).await?, new)?;
        let new = copy(new);
        token.sessions.run("C_SetPIN", move |session| old.change(session, &new)).await
    }

    async fn delete(&self, key: &KeyId, access: &Access) -> Result<()> {
        let pin = self.pin(access)?;
        let token = self.token(&key.carrier).await?;
        let container = key.container.clone();
        let job = move |session: &mut Session| {
            pin.log_in(session)?;
            objects::delete(session, &container)
        };
        token.sessions.run("C_DestroyObject", job).await
    }
}

/// A PIN, or where to ask for it.
enum Asked {
    Given(Secret),
    Source(PinSource),
}

impl Asked {
    fn log_in(&self, session: &mut Session) -> Result<()> {
        let pin = self.get(session)?;
        session.authenticate(&pin)
    }

    fn change(&self, session: &mut Session, new: &Secret) -> Result<()> {
        match self.get(session)? {
            PinGiven::Typed(old) if old == *new => {
                Err(ErrorKind::Invalid.at("new PIN").because("it is the old one"))
            }
            PinGiven::Typed(old) => session.change_pin(&old, new),
            PinGiven::KeyPad => Err(ErrorKind::Unsupported.at("C_SetPIN").because("a key pad")),
        }
    }

    /// Asks in the token's thread, which may wait for a person.
    fn get(&self, session: &mut Session) -> Result<PinGiven> {
        let source = match self {
            Self::Given(pin) => return Ok(PinGiven::Typed(copy(pin))),
            Self::Source(source) => source,
        };
        let info = session.token().info()?;
        if info.has_key_pad() {
            return Ok(PinGiven::KeyPad);
        }
        let carrier = &session.token().carrier;
        let request = PinRequest { carrier, label: &info.label, tries: info.tries };
        let denied = || ErrorKind::Denied { tries_left: info.tries.left() }.at("PIN");
        source.ask(&request).map(PinGiven::Typed).ok_or_else(denied)
    }
}

fn check_new_pin(info: &TokenInfo, pin: &Secret) -> Result<()> {
    let characters = pin.expose_str().map_or(0, |text| text.chars().count());
    // Whether a token counts octets or characters it does not say: the stricter of both.
    let fits = characters >= info.shortest_pin && pin.expose().len() <= info.longest_pin;
    let why = "not of the length that the token takes";
    if fits { Ok(()) } else { Err(ErrorKind::Invalid.at("new PIN").because(why)) }
}

fn copy(pin: &Secret) -> Secret {
    Secret::new(pin.expose())
}

impl fmt::Debug for TokenKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeyStore").field("modules", &self.modules).finish_non_exhaustive()
    }
}
