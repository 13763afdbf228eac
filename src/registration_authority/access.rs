//! The access stream: sign-ins and refusals, in a stream that locks nothing.
//!
//! Knocking does not fill it: the first refusal of a source is written at once, the ones that follow within
//! [`WINDOW`] are counted, and told by one entry when the next one comes, or a sweep does, after it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::RegistrationAuthority;
use super::job::append;
use crate::entry::{Actor, Entry, Method, VERSION};
use crate::error::Error;
use crate::fact::AccessFact;
use crate::id::{CommandId, UserId};
use crate::provider::journal::{Batch, CommandMark, Expected, StreamId};
use crate::view::Role;

/// Refusals of late, by source.
#[derive(Debug, Default)]
pub(super) struct Knocks(Mutex<BTreeMap<Source, Window>>);

/// Whose refusals are told together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Source {
    user: Option<UserId>,
    what: What,
    code: &'static str,
}

/// What is told of a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A sign-in was refused.
    SignIn,
    /// A command was refused.
    Command(String),
    /// Somebody's data was shown; the code says what of it.
    Shown(UserId),
}

#[derive(Clone, Debug)]
struct Window {
    began: Timestamp,
    actor: Actor,
    untold: u32,
}

impl Knocks {
    fn windows(&self) -> MutexGuard<'_, BTreeMap<Source, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many refusals are to be told now, this one included; none where it is only counted.
    fn knock(&self, source: &Source, actor: &Actor, now: Timestamp) -> Option<u32> {
        let mut windows = self.windows();
        // bounded also where the sources are many: those who are forgotten are told at once again
        if windows.len() >= SOURCES && !windows.contains_key(source) {
            windows.retain(|_, window| window.untold > 0 || window.lasts(now));
        }
        if let Some(window) = windows.get_mut(source)
            && window.lasts(now)
        {
            window.untold = window.untold.saturating_add(1);
            return None;
        }
        let fresh = Window { began: now, actor: actor.clone(), untold: 0 };
        let before = match windows.len() {
            SOURCES.. if !windows.contains_key(source) => None,
            _ => windows.insert(source.clone(), fresh),
        };
        Some(before.map_or(0, |window| window.untold).saturating_add(1))
    }

    /// Counts a refusal without telling it; beyond [`SOURCES`] of them, it is not told by itself.
    fn count(&self, source: &Source, actor: &Actor, now: Timestamp) {
        let mut windows = self.windows();
        if windows.len() < SOURCES || windows.contains_key(source) {
            let fresh = || Window { began: now, actor: actor.clone(), untold: 0 };
            let window = windows.entry(source.clone()).or_insert_with(fresh);
            window.untold = window.untold.saturating_add(1);
        }
    }

    /// What was counted in windows that are over.
    fn overdue(&self, now: Timestamp) -> Vec<(Source, Window)> {
        let mut windows = self.windows();
        let (over, lasting) =
            core::mem::take(&mut *windows).into_iter().partition(|(_, window)| !window.lasts(now));
        *windows = lasting;
        let over: BTreeMap<Source, Window> = over;
        over.into_iter().filter(|(_, window)| window.untold > 0).collect()
    }
}

impl Window {
    fn lasts(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.began);
        !age.is_negative() && age < WINDOW
    }
}

impl Source {
    fn fact(self, times: u32) -> AccessFact {
        let code = self.code.to_owned();
        match self.what {
            What::Command(command) => AccessFact::Refused { command, code, times },
            What::SignIn => AccessFact::SignInRefused { code, times },
            What::Shown(user) => AccessFact::DataShown { user, what: code, times },
        }
    }
}

impl RegistrationAuthority {
    /// Records that somebody was refused: a command, or a sign-in where there is none.
    pub(super) async fn note_refusal(
        &self,
        actor: &Actor,
        (id, command): (CommandId, Option<String>),
        code: &'static str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let what = command.map_or(What::SignIn, What::Command);
        self.note(actor, id, Source { user: actor.user, what, code }, now).await
    }

    /// Records that somebody is about to be shown a person's data: first this, then the showing.
    pub(super) async fn note_read(
        &self,
        actor: &Actor,
        user: UserId,
        what: &'static str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let source = Source { user: actor.user, what: What::Shown(user), code: what };
        self.note(actor, CommandId::new([0; 16]), source, now).await
    }

    async fn note(
        &self,
        actor: &Actor,
        id: CommandId,
        source: Source,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self.knocks.knock(&source, actor, now) {
            Some(times) => self.note_access(actor, id, source.fact(times), now).await,
            None => Ok(()),
        }
    }

    /// Counts a wrong password, to be told later: writing now would show which logins are somebody's.
    pub(super) fn count_wrong_password(
        &self,
        user: Option<UserId>,
        code: &'static str,
        now: Timestamp,
    ) {
        let actor = Actor { role: Role::User, user, office: None, method: Method::None };
        let source = Source { user, what: What::SignIn, code };
        self.knocks.count(&source, &actor, now);
    }

    /// Tells what was counted, though nobody knocks any more.
    pub(super) async fn tell_refusals(&self, now: Timestamp) -> Result<(), Error> {
        for (source, window) in self.knocks.overdue(now) {
            let fact = source.fact(window.untold);
            self.note_access(&window.actor, CommandId::new([0; 16]), fact, now).await?;
        }
        Ok(())
    }

    /// Records that somebody is about to be shown something; without the record nothing is shown.
    pub(super) async fn note_shown(&self, actor: &Actor, fact: AccessFact) -> Result<(), Error> {
        self.note_access(actor, CommandId::new([0; 16]), fact, self.now()).await
    }

    async fn note_access(
        &self,
        actor: &Actor,
        command: CommandId,
        fact: AccessFact,
        at: Timestamp,
    ) -> Result<(), Error> {
        let batch = Batch {
            command: CommandMark { id: CommandId::new(self.random()?), digest: [0; 32] },
            at,
            changes: vec![access(actor, command, fact, at)],
            claims: Vec::new(),
            documents: Vec::new(),
            outcome: Vec::new(),
        };
        self.providers.journal.commit(&batch).await?;
        Ok(())
    }
}

/// One more entry of the access stream.
pub(super) fn access(
    actor: &Actor,
    command: CommandId,
    fact: AccessFact,
    at: Timestamp,
) -> crate::provider::journal::Change {
    let actor = actor.clone();
    let entry = Entry { version: VERSION, at, effective: at, actor, command, fact };
    append(StreamId::Access, Expected::Any, entry.encode())
}

/// How long refusals of one source are told together.
const WINDOW: SignedDuration = SignedDuration::from_secs(60);
/// Sources that are remembered at once.
const SOURCES: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_within_their_window() {
        let knocks = Knocks::default();
        let source = |code| Source { user: None, what: What::SignIn, code };
        let at = |second| Timestamp::from_second(second).unwrap();
        let knock = |code, second| knocks.knock(&source(code), &Actor::SYSTEM, at(second));
        assert_eq!(knock("a", 100), Some(1), "the first one is told at once");
        assert_eq!((knock("a", 101), knock("a", 159)), (None, None));
        assert_eq!(knock("b", 159), Some(1), "each source by itself");
        assert_eq!(knock("a", 160), Some(3), "with those that were counted");
        assert_eq!(knock("a", 161), None);
        let told = knocks.overdue(at(400));
        assert_eq!(told.iter().map(|(_, window)| window.untold).collect::<Vec<_>>(), [1]);
        assert_eq!(knock("a", 401), Some(1));
    }

    #[test]
    fn many_sources_take_no_more_memory() {
        let knocks = Knocks::default();
        let at = Timestamp::from_second(100).unwrap();
        for number in 0..2 * SOURCES {
            let mut user = [0; 16];
            user.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
            let source = Source { user: Some(UserId::new(user)), what: What::SignIn, code: "a" };
            assert_eq!(knocks.knock(&source, &Actor::SYSTEM, at), Some(1));
        }
        assert_eq!(knocks.windows().len(), SOURCES);
    }
}
