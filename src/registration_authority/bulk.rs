//! Many commands as one: each is done or refused by itself, none of them twice.

use super::access::access;
use super::approvals::may_be_frozen;
use super::foreseen::{Foreseen, TOGETHER};
use super::job::{Job, Work};
use super::{RegistrationAuthority, Session};
use crate::command::{Command, Envelope, ItemOutcome, Means, Outcome};
use crate::error::Error;
use crate::fact::AccessFact;
use crate::id::CommandId;
use crate::lifecycle::{Act, Refusal, permission};
use crate::provider::Conflict;
use crate::provider::journal::Receipt;

impl Job<'_> {
    /// Executes the items in order, each under an id of its own: a crash in between costs none, and a
    /// repetition goes on where it stopped.
    pub(super) async fn bulk(&self, items: &[Command]) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::Bulk, self.actor.office.as_ref(), None)?;
        if items.len() > LARGEST {
            return Err(Refusal::TooMany(LARGEST).into());
        }
        if !items.iter().all(may_be_one_of_many) {
            return Err(Refusal::Alone.into());
        }
        self.check_desk_approval()?;
        self.check_rehearsal()?;
        let bulk = self.bulk_id().await?;
        let mut outcomes = Vec::with_capacity(items.len());
        let mut numbers = 0_u32..;
        for items in items.chunks(TOGETHER) {
            let foreseen = self.foresee(items).await;
            for (item, number) in items.iter().zip(&mut numbers) {
                let envelope = Envelope::new(item_id(&bulk, number), item.clone());
                outcomes.push(self.item(&envelope, &foreseen).await?);
            }
        }
        let done = outcomes.iter().filter(|item| matches!(item, ItemOutcome::Done(_))).count();
        let done = u32::try_from(done).unwrap_or(u32::MAX);
        let all = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let fact = AccessFact::BulkDone { done, refused: all.saturating_sub(done) };
        let told = access(&self.actor, self.envelope.id, fact, self.now);
        self.finish(Work::of(told), Outcome::Bulk { items: outcomes }).await
    }

    /// What the ids of the items are made of: the same before and after others approved.
    async fn bulk_id(&self) -> Result<CommandId, Error> {
        let Some(approval) = &self.approval else { return Ok(self.envelope.id) };
        let asked = self.ra.approval_entries(approval).await?;
        Ok(asked.first().map_or(self.envelope.id, |asked| asked.command))
    }

    async fn item(&self, envelope: &Envelope, foreseen: &Foreseen) -> Result<ItemOutcome, Error> {
        let done = if let Some(receipt) = self.ra.providers.journal.receipt(&envelope.id).await? {
            first_of(&receipt, envelope)
        } else {
            let job = Job {
                ra: self.ra,
                actor: self.actor.clone(),
                envelope,
                means: Means::default(),
                now: self.now,
                // whoever approved the whole did not approve what a profile wants approved by itself
                approval: None,
                rehearsal: false,
                foreseen: Some(foreseen),
            };
            job.boxed().await
        };
        match done {
            // done before the whole was interrupted: what it did then is what it did
            Ok(Outcome::AlreadyDone(first)) => Ok(ItemOutcome::Done(first)),
            Ok(outcome) => Ok(ItemOutcome::Done(Box::new(outcome))),
            // the outcome of this one is not known: the whole is to be repeated
            Err(Error::Provider(error))
                if *error.kind() == crate::provider::ErrorKind::Unavailable =>
            {
                Err(error.into())
            }
            Err(error) => {
                let (code, message) = (error.code().to_owned(), error.to_string());
                Ok(ItemOutcome::Refused { code, message })
            }
        }
    }
}

impl RegistrationAuthority {
    /// What each item of a bulk did so far, also while or after others approve it; none for one that did nothing.
    ///
    /// # Errors
    /// [`Error::Refused`] to whoever may not execute bulks; as the providers.
    pub async fn bulk_outcomes(
        &self,
        session: &Session,
        envelope: &Envelope,
    ) -> Result<Vec<Option<ItemOutcome>>, Error> {
        self.check_session(session, super::session::Doing::Other, self.now()).await?;
        let actor = session.actor();
        permission::permits(actor, Act::Bulk, actor.office.as_ref(), None)?;
        let Command::Bulk { items, .. } = &envelope.command else { return Ok(Vec::new()) };
        let mut outcomes = Vec::with_capacity(items.len());
        for (item, number) in items.iter().zip(0_u32..) {
            let item = Envelope::new(item_id(&envelope.id, number), item.clone());
            let receipt = self.providers.journal.receipt(&item.id).await?;
            let first = receipt.map(|receipt| first_of(&receipt, &item)).transpose()?;
            outcomes.push(first.map(|first| ItemOutcome::Done(Box::new(first))));
        }
        Ok(outcomes)
    }

    /// Whether a command would be done now, as far as can be told without doing anything: of a bulk, each
    /// item by itself, against the record as it is before the first one.
    ///
    /// # Errors
    /// Those that the command would fail with.
    pub async fn rehearse(
        &self,
        session: &Session,
        command: &Command,
    ) -> Result<Vec<Result<(), Error>>, Error> {
        let now = self.now();
        self.check_session(session, super::session::Doing::Other, now).await?;
        let alone = core::slice::from_ref(command);
        let items = match command {
            Command::Bulk { items, .. } => items.as_slice(),
            _ => alone,
        };
        let mut answers = Vec::with_capacity(items.len());
        for item in items {
            let envelope = Envelope::new(self.random().map(CommandId::new)?, item.clone());
            let job = Job {
                ra: self,
                actor: session.actor().clone(),
                envelope: &envelope,
                means: Means::default(),
                now,
                approval: None,
                rehearsal: true,
                foreseen: None,
            };
            let run: super::Running<'_> = Box::pin(job.run());
            answers.push(match run.await {
                Ok(_) | Err(Error::Rehearsed | Error::Refused(Refusal::NeedsApproval(_))) => Ok(()),
                Err(error) => Err(error),
            });
        }
        Ok(answers)
    }
}

/// The id of an item, by that of its bulk.
pub(crate) fn item_id(bulk: &CommandId, number: u32) -> CommandId {
    bulk.step(&format!("item-{number}"))
}

/// What an item did the first time, where it was this very one.
fn first_of(receipt: &Receipt, envelope: &Envelope) -> Result<Outcome, Error> {
    if receipt.command != envelope.mark() {
        return Err(Error::Conflict(Conflict::Command));
    }
    super::job::first_outcome(receipt)
}

/// No bulk in a bulk, no approvals, nothing that wants a secret beside it.
fn may_be_one_of_many(command: &Command) -> bool {
    may_be_frozen(command) && !matches!(command, Command::Bulk { .. })
}

/// Commands in one bulk.
pub(crate) const LARGEST: usize = 10_000;
