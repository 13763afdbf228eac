//! Who is signed in: sessions of this process, by the browser's cookie.
//!
//! The cookie is 256 random bits; what is kept is its hash, so that memory alone signs nobody in. A
//! session's end is the library's to say (`Settings::idle`, `Settings::session`); here the old are forgotten.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gost_ca::Session;
use gost_ca::command::Command;
use gost_ca::id::{CommandId, UserId};
use gost_ca::language::Language;
use gost_ca::secret::Secret;
use gost_ca_software::BiologicalRng;

/// The octets of a cookie, or of a form's token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Token(pub(crate) String);

/// A file of many acts, as it was uploaded.
pub(crate) struct Upload {
    pub(crate) octets: Vec<u8>,
    /// By which profile it issues where it does not say it.
    pub(crate) profile: String,
}

/// One browser that is signed in.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    /// What every form of this session must bring.
    pub(crate) csrf: Secret,
    /// How the person is called.
    pub(crate) name: String,
    /// What was uploaded for a command that waits to be signed: one at a time.
    pub(crate) upload: Mutex<Option<(CommandId, Vec<u8>)>>,
    /// The file of many acts that was looked at last.
    file: Mutex<Option<Arc<Upload>>>,
    /// What is asked for as soon as a command is done: one at a time.
    next: Mutex<Option<(CommandId, Command)>>,
    /// The moves of whoever sits there, for a key that is made here (V4).
    pub(crate) moves: Mutex<Option<Arc<BiologicalRng>>>,
    /// A temporary password that stands on no sheet yet.
    handed: Mutex<Option<(UserId, Secret)>>,
    since: Instant,
}

impl SignedIn {
    pub(crate) fn new(session: Session, csrf: &str, name: String) -> Self {
        let (upload, file, next, moves, handed) = Default::default();
        let (csrf, since) = (Secret::from(csrf), Instant::now());
        Self { session, csrf, name, upload, file, next, moves, handed, since }
    }

    /// Keeps a file while its rows are looked at, signed and told.
    pub(crate) fn keep_file(&self, upload: Upload) {
        *held(&self.file) = Some(Arc::new(upload));
    }

    pub(crate) fn file(&self) -> Option<Arc<Upload>> {
        held(&self.file).clone()
    }

    /// Keeps a command until the one before it is done.
    pub(crate) fn keep_next(&self, after: CommandId, command: Command) {
        *held(&self.next) = Some((after, command));
    }

    /// What comes after a command, once.
    pub(crate) fn take_next(&self, after: &CommandId) -> Option<Command> {
        held(&self.next).take_if(|(id, _)| id == after).map(|(_, command)| command)
    }

    /// Keeps a user's temporary password until its sheet is printed.
    pub(crate) fn remember(&self, user: UserId, password: &Secret) {
        *held(&self.handed) = Some((user, Secret::new(password.expose())));
    }

    pub(crate) fn remembers(&self, user: &UserId) -> bool {
        held(&self.handed).as_ref().is_some_and(|(whose, _)| whose == user)
    }

    /// Gives it, once.
    pub(crate) fn recall(&self, user: &UserId) -> Option<Secret> {
        held(&self.handed).take_if(|(whose, _)| whose == user).map(|(_, password)| password)
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignedIn({:?})", self.session.actor())
    }
}

/// All sessions of this process.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<[u8; 32], Arc<SignedIn>>>);

impl Sessions {
    /// Whom a cookie belongs to.
    pub(crate) fn find(&self, cookie: &str) -> Option<Arc<SignedIn>> {
        self.lock().get(&key(cookie)).cloned()
    }

    /// Lets a browser in.
    pub(crate) fn begin(&self, cookie: &Token, signed_in: SignedIn) {
        let mut sessions = self.lock();
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, one)| one.since).map(|(key, _)| *key);
            oldest.map(|key| sessions.remove(&key));
        }
        sessions.insert(key(&cookie.0), Arc::new(signed_in));
    }

    /// Lets it out.
    pub(crate) fn end(&self, cookie: &str) {
        self.lock().remove(&key(cookie));
    }

    /// Forgets what no setting lets live.
    pub(crate) fn forget_old(&self) {
        self.lock().retain(|_, one| one.since.elapsed() < OLDEST);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Arc<SignedIn>>> {
        held(&self.0)
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The language that a browser asks for, where its person chose none.
pub(crate) fn language(chosen: Option<&str>, accepted: Option<&str>) -> Language {
    let wanted = chosen.or(accepted).unwrap_or_default();
    if wanted.trim_start().starts_with("en") { Language::English } else { Language::Russian }
}

fn key(cookie: &str) -> [u8; 32] {
    gost_hash::streebog256(cookie.as_bytes())
}

const MOST: usize = 10_000;
const OLDEST: Duration = Duration::from_secs(24 * 3600);
