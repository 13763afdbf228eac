//! CRLs whose time has come.

use jiff::{SignedDuration, Timestamp};

use super::Wanted;
use super::changes::Untold;
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
            for part in state.lists() {
                let done = self.sweep_line(id, &part, now, swept).await;
                swept.crls_failed.extend(done.err().map(|error| (part, error.code())));
            }
        }
        Ok(())
    }

    async fn sweep_line(
        &self,
        id: &AuthorityId,
        part: &ListPart,
        now: Timestamp,
        swept: &mut Swept,
    ) -> Result<(), Error> {
        let state = self.load_authority(id).await?;
        let due = self.due(&state, part, now).await?;
        let made = match due {
            Some((wanted, next_update)) => {
                self.make_due(id, part, (wanted, next_update), now).await
            }
            None => Ok(None),
        };
        if let Ok(Some(number)) = made {
            swept.crls.push((*part, number));
        }
        let command = Command::IssueCrl { authority: *id, next_update: now };
        let length = self.load_authority(id).await?.length();
        let envelope = Envelope::new(sweep_command(id, part, length), command);
        let job = Job::by_engine(self, &envelope, now);
        job.publish_line(id, part).await?;
        made.map(drop)
    }

    async fn make_due(
        &self,
        id: &AuthorityId,
        part: &ListPart,
        (wanted, next_update): (Wanted, Timestamp),
        now: Timestamp,
    ) -> Result<Option<u64>, Error> {
        let length = self.load_authority(id).await?.length();
        let command = Command::IssueCrl { authority: *id, next_update };
        let envelope = Envelope::new(sweep_command(id, part, length), command);
        let job = Job::by_engine(self, &envelope, now);
        match job.issue_line(id, part, (wanted, next_update)).await {
            // more changed than a delta CRL may say
            Err(Error::Provider(error))
                if wanted == Wanted::Delta && *error.kind() == ErrorKind::Unsupported =>
            {
                job.issue_line(id, part, (Wanted::Full, next_update)).await
            }
            done => done,
        }
    }

    /// Which CRL of the list is due, and when the one after it will be.
    async fn due(
        &self,
        state: &Authority,
        part: &ListPart,
        now: Timestamp,
    ) -> Result<Option<(Wanted, Timestamp)>, Error> {
        let (Some(policy), line) = (state.crl_policy(), state.line(part)) else { return Ok(None) };
        let resting = line.failed.is_some_and(|failed| now < after(failed, RETRY));
        if line.state == CrlState::Blocked || resting {
            return Ok(None);
        }
        let until = after(now, policy.validity);
        let Some(full) = &line.full else { return Ok(Some((Wanted::Full, until))) };
        if after(full.this_update, policy.period) <= now || line.released {
            return Ok(Some((Wanted::Full, until)));
        }
        let newest = line.newest().map_or(full.this_update, |newest| newest.this_update);
        if now < after(newest, policy.urgency) || !self.has_news(part, &line).await? {
            return Ok(None);
        }
        Ok(Some((urgent(policy), until)))
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

/// A function of the list as it stands: two sweeps at once do the same thing, once.
fn sweep_command(id: &AuthorityId, part: &ListPart, length: u64) -> CommandId {
    let name = format!("sweep-{}-{}-{length}", part.issuer, part.partition);
    CommandId::new(*id.octets()).step(&name)
}

/// How long a list rests after a failure.
const RETRY: SignedDuration = SignedDuration::from_mins(1);
