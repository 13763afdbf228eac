//! Many commands as one: each is done or refused by itself, none of them twice.

use super::access::access;
use super::approvals::may_be_frozen;
use super::foreseen::{Foreseen, TOGETHER};
use super::job::{Job, Work};
use super::reading::sees;
use super::{RegistrationAuthority, Session};
use crate::command::{Command, Envelope, ItemOutcome, Means, Outcome};
use crate::desk::bulk::{BulkNames, Wanted};
use crate::error::Error;
use crate::fact::AccessFact;
use crate::id::{CaseId, CommandId};
use crate::lifecycle::{Act, Refusal, permission};
use crate::provider::journal::{Batch, CommandMark, Page, Query, Receipt};
use crate::provider::{Conflict, ErrorKind};
use crate::view::View;
use crate::x509::SerialNumber;

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
        match self.ra.item_outcome(envelope).await {
            Ok(None) => {}
            Ok(Some(told)) => return Ok(told), // before the whole was interrupted
            Err(error @ Error::Conflict(_)) => return self.refused(envelope, &error).await,
            Err(error) => return Err(error),
        }
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
        match job.boxed().await {
            Ok(Outcome::AlreadyDone(first)) => Ok(ItemOutcome::Done(first)),
            Ok(outcome) => Ok(ItemOutcome::Done(Box::new(outcome))),
            // the outcome of this one is not known: the whole is to be repeated
            Err(Error::Provider(error)) if *error.kind() == ErrorKind::Unavailable => {
                Err(error.into())
            }
            Err(error) => self.refused(envelope, &error).await,
        }
    }

    /// Keeps what an item was refused for: what comes after it may make it possible, and a repetition would
    /// do them in another order.
    async fn refused(&self, envelope: &Envelope, error: &Error) -> Result<ItemOutcome, Error> {
        let (code, message) = (error.code().to_owned(), error.to_string());
        let told = ItemOutcome::Refused { code, message };
        let outcome =
            serde_json::to_vec(&told).map_err(|error| Error::Damaged(error.to_string()))?;
        let (command, changes) = (refusal_mark(envelope), Vec::new());
        let (claims, documents) = (Vec::new(), Vec::new());
        let batch = Batch { command, at: self.now, changes, claims, documents, outcome };
        self.ra.providers.journal.commit(&batch).await?;
        Ok(told)
    }
}

impl RegistrationAuthority {
    /// Which users and certificates a bulk file means by logins and serial numbers, of those that the
    /// session may see: for [`BulkDefaults::names`](crate::desk::bulk::BulkDefaults::names).
    ///
    /// # Errors
    /// [`Error::Refused`] to whoever may not execute bulks; as the providers.
    pub async fn bulk_names(&self, session: &Session, file: &[u8]) -> Result<BulkNames, Error> {
        let now = self.now();
        self.check_session(session, super::session::Doing::Other, now).await?;
        let actor = session.actor();
        permission::permits(actor, Act::Bulk, actor.office.as_ref(), None)?;
        let (wanted, mut names) = (Wanted::by(file), BulkNames::default());
        for login in wanted.logins.into_iter().take(LARGEST) {
            let account = self.account_by_login(&login, now).await?;
            let seen = account.filter(|account| sees(actor, account.office(), &account.user()));
            names.users.extend(seen.map(|account| (login, account.user())));
        }
        for serial in wanted.serials.into_iter().take(LARGEST) {
            let cases = self.cases_by_serial(session, &serial).await?;
            names.certificates.insert(serial, cases);
        }
        Ok(names)
    }

    async fn cases_by_serial(
        &self,
        session: &Session,
        serial: &SerialNumber,
    ) -> Result<Vec<CaseId>, Error> {
        let mut cases = Vec::new();
        let page = Page::first(FEW);
        for view in self.providers.journal.find(&Query::Serial(serial.clone()), &page).await?.views
        {
            let View::Certificate(row) = view else { continue };
            let case = self.load_case(&row.case).await?;
            let begun = case.begun();
            if sees(session.actor(), begun.office.as_ref(), &begun.user) {
                cases.push(row.case);
            }
        }
        Ok(cases)
    }

    /// What became of each item of a bulk so far, also while or after others approve it; none for one whose turn
    /// did not come yet.
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
            outcomes.push(self.item_outcome(&item).await?);
        }
        Ok(outcomes)
    }

    /// What an item did, or was refused for, the first time.
    async fn item_outcome(&self, envelope: &Envelope) -> Result<Option<ItemOutcome>, Error> {
        let journal = &self.providers.journal;
        if let Some(receipt) = journal.receipt(&envelope.id).await? {
            check_mark(&receipt, &envelope.mark())?;
            let first = super::job::first_outcome(&receipt)?;
            return Ok(Some(ItemOutcome::Done(match first {
                Outcome::AlreadyDone(first) => first,
                first => Box::new(first),
            })));
        }
        let mark = refusal_mark(envelope);
        let Some(receipt) = journal.receipt(&mark.id).await? else { return Ok(None) };
        check_mark(&receipt, &mark)?;
        let told = serde_json::from_slice(&receipt.outcome);
        told.map(Some).map_err(|error| Error::Damaged(error.to_string()))
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

/// Under which a refusal of an item is kept.
fn refusal_mark(envelope: &Envelope) -> CommandMark {
    CommandMark { id: envelope.id.step(REFUSED), ..envelope.mark() }
}

/// Whether it is of this very item.
fn check_mark(receipt: &Receipt, mark: &CommandMark) -> Result<(), Error> {
    if receipt.command == *mark { Ok(()) } else { Err(Error::Conflict(Conflict::Command)) }
}

/// No bulk in a bulk, no approvals, nothing that wants a secret beside it.
fn may_be_one_of_many(command: &Command) -> bool {
    may_be_frozen(command) && !matches!(command, Command::Bulk { .. })
}

/// Commands in one bulk.
pub(crate) const LARGEST: usize = 10_000;
/// The step of an item that was refused.
const REFUSED: &str = "refused";
/// Issuers that gave the same serial number.
const FEW: usize = 16;
