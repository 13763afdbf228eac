//! The one thread that delivers, so that nobody else waits for a disk or a network.

use std::fmt;
use std::thread::Builder;

use gost_ca::provider::{ErrorKind, Result};
use tokio::sync::{mpsc, oneshot};

use crate::letter::Letter;

/// Delivers one letter after the other; whoever finds its queue full waits without blocking.
pub(crate) struct Courier {
    letters: mpsc::Sender<Order>,
}

type Order = (Letter, oneshot::Sender<Result<()>>);

impl Courier {
    /// Starts the thread; it ends with the courier.
    pub(crate) fn start(
        name: &str,
        mut deliver: impl FnMut(&Letter) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let (letters, mut queue) = mpsc::channel::<Order>(QUEUE);
        let work = move || {
            while let Some((letter, answer)) = queue.blocking_recv() {
                let _asker_may_be_gone = answer.send(deliver(&letter));
            }
        };
        let thread = Builder::new().name(name.to_owned()).spawn(work);
        thread.map_err(|error| ErrorKind::Unavailable.at("thread").because(error))?;
        Ok(Self { letters })
    }

    /// Has a letter delivered; dropping the future does not stop it.
    pub(crate) async fn deliver(&self, letter: Letter) -> Result<()> {
        let (sender, answer) = oneshot::channel();
        self.letters.send((letter, sender)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Courier")
    }
}

fn gone() -> gost_ca::provider::ProviderError {
    ErrorKind::Unavailable.at("courier")
}

const QUEUE: usize = 64;
