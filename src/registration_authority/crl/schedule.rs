//! CRLs whose time has come.

use jiff::{SignedDuration, Timestamp};

use super::changes::Untold;
use super::issuing::{Answer, Order, Wanted};
use crate::authority::CrlPolicy;
use crate::command::{Command, Envelope};
use crate::error::Error;
use crate::id::{AuthorityId, CommandId};
use crate::lifecycle::{Authority, CrlLine, CrlState};
use crate::provider::ErrorKind;
use crate::provider::journal::ListPart;
use crate::registration_authority::job::Job;
use crate::registration_authority::{RegistrationAuthority, Swept};

impl RegistrationAuthority {
    /// Makes the CRLs that are due, and sends those that are not everywhere yet.
    pub(in crate::registration_authority) async fn sweep_crls(
        &self,
        now: Timestamp,
        swept: &mut Swept,
    ) -> Result<(), Error> {
        for id in self.record().await?.authorities().keys() {
            let state = self.load_authority(id).await?;
            if state.crl_policy().is_none() || !self.providers.authorities.contains_key(id) {
                continue;
            }
            let mut orders = Vec::new();
            for part in state.lists() {
                match self.due(&state, &part, now).await {
                    Ok(order) => orders.extend(order),
                    Err(error) => swept.crls_failed.push((part, error.code())),
                }
            }
            let cut = self.make_due(id, &orders, now, swept).await;
            self.make_due(id, &cut, now, swept).await;
            for part in state.lists() {
                let sent = self.publish_due(id, &part, now).await;
                swept.crls_failed.extend(sent.err().map(|error| (part, error.code())));
            }
        }
        Ok(())
    }

    /// Makes these CRLs. Gives the orders of complete ones for those delta CRLs that would have had to say too much.
    async fn make_due(
        &self,
        id: &AuthorityId,
        orders: &[Order],
        now: Timestamp,
        swept: &mut Swept,
    ) -> Vec<Order> {
        let answers = match self.issue_due(id, orders, now).await {
            Ok(answers) => answers,
            Err(error) => {
                let failed = orders.iter().map(|order| (order.part, error.code()));
                swept.crls_failed.extend(failed);
                return Vec::new();
            }
        };
        let mut complete = Vec::new();
        for (order, answer) in answers {
            match answer {
                Ok(number) => swept.crls.extend(number.map(|number| (order.part, number))),
                Err(Error::Provider(error))
                    if order.wanted == Wanted::Delta && *error.kind() == ErrorKind::Unsupported =>
                {
                    complete.push(Order { wanted: Wanted::Full, ..order });
                }
                Err(error) => swept.crls_failed.push((order.part, error.code())),
            }
        }
        complete
    }

    async fn issue_due(
        &self,
        id: &AuthorityId,
        orders: &[Order],
        now: Timestamp,
    ) -> Result<Vec<Answer>, Error> {
        let Some(first) = orders.first() else { return Ok(Vec::new()) };
        let command = Command::IssueCrl { authority: *id, next_update: first.next_update };
        let envelope = self.sweep_envelope(id, &first.part, command).await?;
        Job::by_engine(self, &envelope, now).issue_lines(id, orders).await
    }

    /// Sends what of a list is not everywhere yet.
    async fn publish_due(
        &self,
        id: &AuthorityId,
        part: &ListPart,
        now: Timestamp,
    ) -> Result<(), Error> {
        let command = Command::IssueCrl { authority: *id, next_update: now };
        let envelope = self.sweep_envelope(id, part, command).await?;
        Job::by_engine(self, &envelope, now).publish_line(id, part).await.map(drop)
    }

    /// A function of the list as it stands: two sweeps at once do the same thing, once.
    async fn sweep_envelope(
        &self,
        id: &AuthorityId,
        part: &ListPart,
        command: Command,
    ) -> Result<Envelope, Error> {
        let length = self.load_authority(id).await?.length();
        let name = format!("sweep-{}-{}-{length}", part.issuer, part.partition);
        Ok(Envelope::new(CommandId::new(*id.octets()).step(&name), command))
    }

    /// The CRL of the list that is due.
    async fn due(
        &self,
        state: &Authority,
        part: &ListPart,
        now: Timestamp,
    ) -> Result<Option<Order>, Error> {
        let (Some(policy), line) = (state.crl_policy(), state.line(part)) else { return Ok(None) };
        let resting = line.failed.is_some_and(|failed| now < after(failed, RETRY));
        if line.state == CrlState::Blocked || resting {
            return Ok(None);
        }
        let next_update = after(now, policy.validity);
        let order = |wanted| Some(Order { part: *part, wanted, next_update });
        let Some(full) = &line.full else { return Ok(order(Wanted::Full)) };
        if after(full.this_update, policy.period) <= now || line.released {
            return Ok(order(Wanted::Full));
        }
        let newest = line.newest().map_or(full.this_update, |newest| newest.this_update);
        if now < after(newest, policy.urgency) || !self.has_news(part, &line).await? {
            return Ok(None);
        }
        Ok(order(urgent(policy)))
    }

    /// Whether anything on the list changed since its newest CRL.
    async fn has_news(&self, part: &ListPart, line: &CrlLine) -> Result<bool, Error> {
        let now = self.heads().await?;
        match self.changes(part, (&line.heads, &now)).await {
            Ok(changes) => Ok(changes.0.values().any(|change| change.now.is_some() || change.was)),
            Err(Untold::Error(error)) => Err(error),
            Err(Untold::TooMany | Untold::Cut(_)) => Ok(true), // the gate says what is wrong
        }
    }
}

const fn urgent(policy: &CrlPolicy) -> Wanted {
    if policy.delta { Wanted::Delta } else { Wanted::Full }
}

fn after(at: Timestamp, term: SignedDuration) -> Timestamp {
    at.saturating_add(term).unwrap_or(Timestamp::MAX)
}

/// How long a list rests after a failure.
const RETRY: SignedDuration = SignedDuration::from_mins(1);
