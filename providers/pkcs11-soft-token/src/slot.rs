//! A slot of this process: who is logged in, and the objects it has handles for.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cryptoki_sys::{
    CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_SLOT_ID, CKR_OBJECT_HANDLE_INVALID,
    CKR_TOKEN_NOT_PRESENT, CKR_USER_NOT_LOGGED_IN,
};
use gost3410::{SigningKey, VerifyingKey};

use crate::object::Object;
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::settings::SlotSettings;
use crate::store::{self, Stamp};
use crate::token::{Holder, Token};
use crate::vault::TokenKey;

/// A slot, with its token or without.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) id: CK_SLOT_ID,
    pub(crate) settings: SlotSettings,
    pub(crate) presence: Presence,
    /// Whether a token came or went, and nobody has been told.
    pub(crate) has_event: bool,
    pub(crate) login: Option<Login>,
    token: Token,
    objects: BTreeMap<CK_OBJECT_HANDLE, Held>,
    /// Handles of token objects are for the life of the process.
    handles: BTreeMap<String, CK_OBJECT_HANDLE>,
    last_handle: CK_OBJECT_HANDLE,
}

/// Whether there is a token in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Present,
    Removed,
}

/// Who is logged in, and the token's key.
#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) holder: Holder,
    pub(crate) key: TokenKey,
}

/// An object with a handle.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) object: Arc<Object>,
    pub(crate) home: Home,
    /// Made from the object when first used.
    pub(crate) signing: Arc<OnceLock<SigningKey>>,
    pub(crate) verifying: Arc<OnceLock<VerifyingKey>>,
}

/// Where an object lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    Session(CK_SESSION_HANDLE),
    File { name: String, stamp: Stamp },
}

impl Slot {
    pub(crate) fn new(id: CK_SLOT_ID, settings: SlotSettings, token: Token) -> Self {
        Self {
            id,
            settings,
            presence: Presence::Present,
            has_event: false,
            login: None,
            token,
            objects: BTreeMap::new(),
            handles: BTreeMap::new(),
            last_handle: 0,
        }
    }

    /// The token, or `CKR_TOKEN_NOT_PRESENT`.
    pub(crate) fn token(&self) -> Result<&Token> {
        match self.presence {
            Presence::Present => Ok(&self.token),
            Presence::Removed => refuse(CKR_TOKEN_NOT_PRESENT),
        }
    }

    /// Forgets whoever was logged in, and all private objects.
    pub(crate) fn log_out(&mut self) {
        self.login = None;
        self.objects.retain(|_, held| !held.object.is_private());
    }

    /// Forgets all: the token was pulled, or is erased.
    pub(crate) fn forget(&mut self) {
        self.login = None;
        self.objects.clear();
        self.handles.clear();
    }

    /// Ends the objects of a session.
    pub(crate) fn end_session(&mut self, session: CK_SESSION_HANDLE) {
        self.objects.retain(|_, held| held.home != Home::Session(session));
    }

    /// Reads what is new on disk, and forgets what is gone: other processes write there too.
    pub(crate) fn refresh(&mut self) -> Result<()> {
        let folder = self.token()?.folder().to_path_buf();
        if !folder.exists() {
            return Ok(());
        }
        let files: BTreeMap<String, Stamp> = store::list(&folder)?.into_iter().collect();
        self.objects.retain(|_, held| match &held.home {
            Home::Session(_) => true,
            Home::File { name, stamp } => files.get(name) == Some(stamp),
        });
        let key = self.user_key().ok();
        for (name, stamp) in files {
            let handle = self.handle_of(&name);
            if self.objects.contains_key(&handle) {
                continue;
            }
            if let Some(object) = store::read(&folder, &name, key.as_ref()) {
                self.objects.insert(handle, Held::new(object, Home::File { name, stamp }));
            }
        }
        Ok(())
    }

    /// All objects that whoever is logged in sees.
    pub(crate) fn objects(&self) -> impl Iterator<Item = (CK_OBJECT_HANDLE, &Held)> {
        self.objects.iter().map(|(handle, held)| (*handle, held))
    }

    pub(crate) fn object(&self, handle: CK_OBJECT_HANDLE) -> Result<&Held> {
        self.objects.get(&handle).ok_or(Refusal(CKR_OBJECT_HANDLE_INVALID))
    }

    /// Keeps a new object, durably if it is the token's.
    pub(crate) fn add(
        &mut self,
        object: Object,
        session: CK_SESSION_HANDLE,
    ) -> Result<CK_OBJECT_HANDLE> {
        let key = self.key_for(&object)?;
        if !object.is_of_token() {
            let handle = self.new_handle();
            self.objects.insert(handle, Held::new(object, Home::Session(session)));
            return Ok(handle);
        }
        let folder = self.token()?.folder();
        let name = store::add(folder, &object, key.as_ref())?;
        let stamp = store::stamp(folder, &name)?;
        let handle = self.handle_of(&name);
        self.objects.insert(handle, Held::new(object, Home::File { name, stamp }));
        Ok(handle)
    }

    /// Puts another object in the place of one.
    pub(crate) fn replace(&mut self, handle: CK_OBJECT_HANDLE, object: Object) -> Result<()> {
        let key = self.key_for(&object)?;
        let mut home = self.object(handle)?.home.clone();
        if let Home::File { name, stamp } = &mut home {
            let folder = self.token()?.folder();
            store::replace(folder, name, &object, key.as_ref())?;
            *stamp = store::stamp(folder, name)?;
        }
        self.objects.insert(handle, Held::new(object, home));
        Ok(())
    }

    pub(crate) fn destroy(&mut self, handle: CK_OBJECT_HANDLE) -> Result<()> {
        if let Home::File { name, .. } = &self.object(handle)?.home {
            store::remove(self.token()?.folder(), name)?;
        }
        self.objects.remove(&handle);
        Ok(())
    }

    /// The user's key to private objects; a security officer has no use of it.
    fn user_key(&self) -> Result<TokenKey> {
        let login = self.login.as_ref().filter(|login| login.holder == Holder::User);
        login.map(|login| login.key.clone()).ok_or(Refusal(CKR_USER_NOT_LOGGED_IN))
    }

    fn key_for(&self, object: &Object) -> Result<Option<TokenKey>> {
        if object.is_private() { self.user_key().map(Some) } else { Ok(None) }
    }

    fn handle_of(&mut self, name: &str) -> CK_OBJECT_HANDLE {
        if let Some(handle) = self.handles.get(name) {
            return *handle;
        }
        let handle = self.new_handle();
        self.handles.insert(name.to_owned(), handle);
        handle
    }

    fn new_handle(&mut self) -> CK_OBJECT_HANDLE {
        self.last_handle = self.last_handle.saturating_add(1);
        self.last_handle
    }
}

impl Held {
    fn new(object: Object, home: Home) -> Self {
        Self { object: Arc::new(object), home, signing: Arc::default(), verifying: Arc::default() }
    }

    /// Refuses unless an attribute is true.
    pub(crate) fn demand(
        &self,
        attribute: cryptoki_sys::CK_ATTRIBUTE_TYPE,
        otherwise: cryptoki_sys::CK_RV,
    ) -> Result<()> {
        demand(self.object.is(attribute), otherwise)
    }
}
