//! Tokens that come and go.

use core::fmt;
use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use gost_ca::provider::key_store::CarrierId;
use gost_ca::provider::{ErrorKind, Result};

use crate::module::Look;

/// A token came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenEvent {
    /// It is there now.
    Inserted(CarrierId),
    /// It is gone; its keys are `Unavailable`.
    Removed(CarrierId),
}

/// Watches until it is dropped.
pub struct Watcher {
    wakes: Vec<SyncSender<()>>,
    alive: Arc<()>,
}

/// Looks into the modules' slots every `interval`, and whenever a module that may be trusted tells of a
/// change by itself.
pub(crate) fn watch(
    looks: Vec<Look>,
    interval: Duration,
    tell: &(impl Fn(TokenEvent) + Clone + Send + 'static),
) -> Result<Watcher> {
    let mut watcher = Watcher { wakes: Vec::new(), alive: Arc::new(()) };
    for look in looks {
        let (wake, woken) = sync_channel(1);
        listen(&look, &wake, &watcher.alive)?;
        let poll = Poll { look, interval, wake: wake.clone(), woken };
        let (alive, tell) = (Arc::downgrade(&watcher.alive), tell.clone());
        // What is there already is no event; it is looked at before the caller goes on.
        let present = poll.present().unwrap_or_default();
        spawn("token watch", move || poll.run(present, &alive, tell))?;
        watcher.wakes.push(wake);
    }
    Ok(watcher)
}

/// Has the module's own events wake the poll. A thread that a module keeps waiting ends after its next event.
fn listen(look: &Look, wake: &SyncSender<()>, alive: &Arc<()>) -> Result<()> {
    let Some(library) = look.listened_to() else { return Ok(()) };
    let (wake, alive) = (wake.clone(), Arc::downgrade(alive));
    spawn("token events", move || {
        while library.slot_event().is_ok() && alive.strong_count() > 0 {
            let _full = wake.try_send(());
        }
    })
}

struct Poll {
    look: Look,
    interval: Duration,
    /// Keeps the channel open when the module tells nothing.
    wake: SyncSender<()>,
    woken: Receiver<()>,
}

impl Poll {
    fn present(&self) -> Result<BTreeSet<CarrierId>> {
        Ok(self.look.infos()?.into_iter().map(|(carrier, _)| carrier).collect())
    }

    fn run(self, mut before: BTreeSet<CarrierId>, alive: &Weak<()>, tell: impl Fn(TokenEvent)) {
        let _open = &self.wake;
        loop {
            let _woken_or_not = self.woken.recv_timeout(self.interval);
            if alive.strong_count() == 0 {
                return;
            }
            // A module that cannot look tells nothing, and is asked again.
            let Ok(now) = self.present() else { continue };
            before.difference(&now).cloned().map(TokenEvent::Removed).for_each(&tell);
            now.difference(&before).cloned().map(TokenEvent::Inserted).for_each(&tell);
            before = now;
        }
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<()> {
    let spawned = thread::Builder::new().name(name.to_owned()).spawn(body);
    spawned.map(drop).map_err(|error| ErrorKind::Unavailable.at("thread").because(error))
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.alive = Arc::new(()); // the one that the threads know is gone
        for wake in &self.wakes {
            let _full = wake.try_send(());
        }
    }
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watcher(..)")
    }
}
