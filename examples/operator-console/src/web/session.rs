//! Who is signed in: sessions of this process, by the browser's cookie.
//!
//! The cookie is 256 random bits; what is kept is its hash, so that memory alone signs nobody in. A
//! session's end is the library's to say (`Settings::idle`, `Settings::session`); here the old are forgotten.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gost_ca::Session;
use gost_ca::id::CommandId;
use gost_ca::language::Language;
use gost_ca::secret::Secret;
use gost_ca_software::BiologicalRng;

/// The octets of a cookie, or of a form's token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Token(pub(crate) String);

/// One browser that is signed in.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    /// What every form of this session must bring.
    pub(crate) csrf: Secret,
    /// How the person is called.
    pub(crate) name: String,
    /// What was uploaded for a command that waits to be signed: one at a time.
    pub(crate) upload: Mutex<Option<(CommandId, Vec<u8>)>>,
    /// The moves of whoever sits there, for a key that is made here (V4).
    pub(crate) moves: Mutex<Option<Arc<BiologicalRng>>>,
    since: Instant,
}

impl SignedIn {
    pub(crate) fn new(session: Session, csrf: &str, name: String) -> Self {
        let (upload, moves) = (Mutex::default(), Mutex::default());
        Self { session, csrf: Secret::from(csrf), name, upload, moves, since: Instant::now() }
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

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Arc<SignedIn>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
