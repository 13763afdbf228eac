//! The engine looks, and the walk ends.

use gost_ca::registration_authority::Swept;

use crate::desk::Result;
use crate::doubles::poll_at_most;
use crate::faults::Trouble;
use crate::model::{Mood, Place};
use crate::world::World;

impl World {
    /// Sweeps until there is nothing to be done; the first one may be interrupted.
    pub(crate) async fn sweep(&mut self) -> Result<()> {
        let before: Vec<u64> = self.model.lives.iter().map(|life| life.changes).collect();
        if let Some(trouble) = self.trouble.take() {
            self.sweep_in(trouble).await;
        }
        let mut unsent = Vec::new();
        for _ in 0..ROUNDS {
            let swept = self.bench.desk.ra.sweep().await?;
            let failed = swept.failed.len() + swept.failed_approvals.len();
            let failed = failed + swept.failed_accounts.len();
            assert!(failed == 0 || self.model.mood != Mood::Well, "{swept:?}");
            assert!(swept.crls_failed.is_empty() && swept.audit.is_none(), "{swept:?}");
            if is_quiet(&swept) && swept.unsent == unsent {
                break;
            }
            unsent = swept.unsent;
        }
        let now = self.now();
        for _ in 0..ROUNDS {
            if !self.model.sweeps(now) {
                break;
            }
        }
        for (case, before) in before.into_iter().enumerate() {
            if self.model.lives[case].changes != before {
                self.check(case, self.keys).await?;
            }
        }
        for number in 0..self.approvals.len() {
            self.look_at(number, None).await?;
        }
        self.note("sweep", "ok");
        self.check_lists().await
    }

    async fn sweep_in(&self, trouble: Trouble) {
        self.weather.set(Some(trouble));
        let sweep = Box::pin(self.bench.desk.ra.sweep());
        // what was not done now is done by the next one
        match trouble {
            Trouble::Dropped { waits } => drop(poll_at_most(sweep, waits * 5)),
            Trouble::Fault { .. } => drop(sweep.await),
        }
        self.weather.set(None);
    }

    pub(crate) async fn end(mut self) -> Result<()> {
        self.model.mood = Mood::Well;
        *self.mood.lock().unwrap() = Mood::Well;
        self.trouble = None;
        // patience and the pauses between the tries of a notice are over
        for seconds in [31, 13 * 3_600, 0] {
            self.bench.desk.clock.advance(seconds);
            self.model.now = self.now();
            self.sweep().await?;
        }
        for case in 0..self.cases.len() {
            self.check(case, 17).await?;
        }
        self.check_carriers().await?;
        self.check_reminders().await?;
        self.bench.check().await?;
        self.check_secrets().await
    }

    async fn check_carriers(&self) -> Result<()> {
        let admin = &self.bench.desk.administrator;
        for (carrier, known) in self.carriers.iter().zip(&self.model.carriers) {
            let state = match known.place {
                Place::Stock => "in-stock",
                Place::Person => "handed-out",
                Place::Gone => "destroyed",
            };
            let carrier = self.bench.desk.ra.carrier(admin, carrier).await?;
            assert_eq!(carrier.view().state.name(), state);
        }
        Ok(())
    }
}

fn is_quiet(swept: &Swept) -> bool {
    swept.finished.is_empty()
        && swept.given_up.is_empty()
        && swept.ended.is_empty()
        && swept.approvals.is_empty()
        && swept.accounts.is_empty()
        && swept.sent.is_empty()
        && swept.crls.is_empty()
}

const ROUNDS: usize = 8;
