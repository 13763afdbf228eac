//! The module of a process: its slots and sessions, and how every call begins and ends.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use cryptoki_sys::{
    CK_SESSION_HANDLE, CK_SLOT_ID, CKR_CRYPTOKI_NOT_INITIALIZED, CKR_DEVICE_REMOVED,
    CKR_SESSION_HANDLE_INVALID, CKR_SLOT_ID_INVALID,
};

use crate::control::{Control, Fate};
use crate::durable;
use crate::operation::Operations;
use crate::refusal::{Refusal, Result, refuse};
use crate::settings::Settings;
use crate::slot::{Presence, Slot};
use crate::token::Token;

/// An initialised module. Every method is a call of PKCS#11, in slices.
#[derive(Debug)]
pub(crate) struct Module {
    folder: PathBuf,
    /// Who orders misbehaviour; nobody does, where the settings do not let them.
    control: Option<Mutex<Control>>,
    state: Mutex<State>,
    ended: AtomicBool,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) slots: Vec<Slot>,
    pub(crate) sessions: BTreeMap<CK_SESSION_HANDLE, Session>,
    last_session: CK_SESSION_HANDLE,
}

/// What a session may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    ReadOnly,
    ReadWrite,
}

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) slot: CK_SLOT_ID,
    pub(crate) access: Access,
    /// Its token was pulled: it says so once, and is no more.
    lost: bool,
    pub(crate) operations: Arc<Mutex<Operations>>,
}

impl Module {
    /// Takes the slots that a folder's `settings.json` names.
    ///
    /// # Errors
    /// `CKR_GENERAL_ERROR` for settings that are not understood, or a folder that cannot be made.
    pub(crate) fn open(folder: &Path) -> Result<Self> {
        let settings = Settings::read(folder)?;
        durable::make_folder(folder)?;
        let slots = settings.slots.iter().zip(0..).map(|(slot, id)| {
            let token =
                Token::new(folder.join(format!("slot-{id}")), slot.clone(), settings.iterations);
            Slot::new(id, slot.clone(), token)
        });
        let slots = slots.collect();
        let state = State { slots, sessions: BTreeMap::new(), last_session: 0 };
        let module = Self {
            folder: folder.to_path_buf(),
            control: settings.misbehaves.then(Mutex::default),
            state: Mutex::new(state),
            ended: AtomicBool::new(false),
        };
        module.look();
        module.state().slots.iter_mut().for_each(|slot| slot.has_event = false);
        Ok(module)
    }

    /// Runs one call.
    ///
    /// # Errors
    /// The call's, or those ordered.
    pub(crate) fn run<T>(&self, call: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if self.ended.load(Ordering::Relaxed) {
            return refuse(CKR_CRYPTOKI_NOT_INITIALIZED);
        }
        match self.control() {
            None => call(self),
            Some(mut control) => {
                let fate = control.next(&self.folder);
                drop(control);
                self.suffer(&fate, call)
            }
        }
    }

    /// Runs a call, and does to it what `control.json` orders.
    fn suffer<T>(&self, fate: &Fate, call: impl FnOnce(&Self) -> Result<T>) -> Result<T> {
        if !fate.delay.is_zero() {
            thread::sleep(fate.delay);
        }
        self.state().pull(&fate.removed);
        if let Some(code) = fate.fail {
            return refuse(code);
        }
        let answer = call(self);
        match fate.removed_after {
            None => answer,
            Some(slot) => {
                self.state().pull(&[fate.removed.as_slice(), &[slot]].concat());
                answer.and(refuse(CKR_DEVICE_REMOVED))
            }
        }
    }

    /// Ends the module: whoever waits for a token is told.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// Looks which tokens are there, as a call would, and counts none.
    pub(crate) fn look(&self) {
        let Some(mut control) = self.control() else { return };
        let removed = control.removed(&self.folder);
        drop(control);
        self.state().pull(&removed);
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn control(&self) -> Option<MutexGuard<'_, Control>> {
        let control = self.control.as_ref()?;
        Some(control.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    pub(crate) fn slot(&mut self, id: CK_SLOT_ID) -> Result<&mut Slot> {
        let mut slots = self.slots.iter_mut();
        slots.find(|slot| slot.id == id).ok_or(Refusal(CKR_SLOT_ID_INVALID))
    }

    /// A session and its slot. One whose token was pulled is told once.
    pub(crate) fn session(
        &mut self,
        handle: CK_SESSION_HANDLE,
    ) -> Result<(&mut Session, &mut Slot)> {
        if self.sessions.get(&handle).is_some_and(|session| session.lost) {
            self.sessions.remove(&handle);
            return refuse(CKR_DEVICE_REMOVED);
        }
        let session = self.sessions.get_mut(&handle).ok_or(Refusal(CKR_SESSION_HANDLE_INVALID))?;
        let slot = self.slots.iter_mut().find(|slot| slot.id == session.slot);
        Ok((session, slot.ok_or(Refusal(CKR_SLOT_ID_INVALID))?))
    }

    pub(crate) fn open_session(&mut self, slot: CK_SLOT_ID, access: Access) -> CK_SESSION_HANDLE {
        self.last_session = self.last_session.saturating_add(1);
        let session = Session { slot, access, lost: false, operations: Arc::default() };
        self.sessions.insert(self.last_session, session);
        self.last_session
    }

    pub(crate) fn sessions_of(&self, slot: CK_SLOT_ID) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(move |session| session.slot == slot && !session.lost)
    }

    /// Ends a session with its objects; the last of a token logs out.
    pub(crate) fn end_session(&mut self, handle: CK_SESSION_HANDLE) -> Result<()> {
        let (session, slot) = self.session(handle)?;
        let id = session.slot;
        slot.end_session(handle);
        self.sessions.remove(&handle);
        if self.sessions_of(id).next().is_none() {
            self.slot(id)?.log_out();
        }
        Ok(())
    }

    /// Makes the slots empty that are to be so, and fills the others.
    fn pull(&mut self, removed: &[CK_SLOT_ID]) {
        for slot in &mut self.slots {
            let is_out = removed.contains(&slot.id);
            let presence = if is_out { Presence::Removed } else { Presence::Present };
            if slot.presence == presence {
                continue;
            }
            slot.presence = presence;
            slot.has_event = true;
            slot.forget();
            for session in self.sessions.values_mut().filter(|it| it.slot == slot.id) {
                session.lost = true;
                session.operations().abandon();
            }
        }
    }
}
