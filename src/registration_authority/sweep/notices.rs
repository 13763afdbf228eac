//! Delivery: what is due is tried, failures are tried again, each reminder leads to the next.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::super::RegistrationAuthority;
use super::super::notices::{Address, moved, octets, queued};
use super::Swept;
use crate::error::Error;
use crate::fact::NoticeFact;
use crate::id::{CaseId, CommandId, NoticeId};
use crate::lifecycle::{Case, Dispatch};
use crate::notice::NoticeKind;
use crate::provider::journal::{Batch, Change, CommandMark, StreamId};
use crate::provider::{ErrorKind, Notice, Notifier, ProviderError, UserRecord};
use crate::view::{AccountState, CaseState, NoticeState};
use crate::x509::Certificate;
use crate::x509::extensions::PrivateKeyUsagePeriod;

impl RegistrationAuthority {
    pub(super) async fn sweep_notice(&self, id: NoticeId, now: Timestamp, swept: &mut Swept) {
        let Some(notifier) = self.providers.notifier.clone() else { return };
        match self.deliver(&*notifier, id, now).await {
            Ok(Some(NoticeState::Sent)) => swept.sent.push(id),
            Ok(Some(_)) => swept.unsent.push((id, "notice")),
            // another node has it
            Ok(None) | Err(Error::Conflict(_)) => {}
            Err(error) => swept.unsent.push((id, error.code())),
        }
    }

    async fn deliver(
        &self,
        notifier: &dyn Notifier,
        id: NoticeId,
        now: Timestamp,
    ) -> Result<Option<NoticeState>, Error> {
        let mut dispatch = self.load_notice(&id).await?;
        if dispatch.due().is_none_or(|due| now < due) {
            return Ok(None);
        }
        let subject = self.subject_of(&dispatch, now).await?;
        // 1. This node's, for a while.
        let until = later(now, self.settings.notices.lease);
        let tried = moved(&mut dispatch, NoticeFact::Tried { until }, now)?;
        self.commit_notices(vec![tried], now).await?;
        // 2. Hand it over, if there is something to tell and somebody to be told.
        let fact = match self.notice_of(&dispatch, &subject, now).await {
            Ok(notice) => match notifier.notify(&notice).await {
                Ok(()) => NoticeFact::Sent,
                Err(error) => self.failed(&dispatch, &error, now),
            },
            Err(Unsendable::Now(error)) => return Err(error),
            Err(Unsendable::Ever(why)) => NoticeFact::Dropped { why: why.to_owned() },
        };
        // 3. What became of it, and what comes next.
        let mut changes = vec![moved(&mut dispatch, fact, now)?];
        if dispatch.due().is_none() && dispatch.why() != Some(NO_CAUSE) {
            changes.extend(self.reminders(&dispatch, &subject, now).await?);
        }
        self.commit_notices(changes, now).await?;
        Ok(Some(dispatch.state()))
    }

    async fn subject_of(&self, dispatch: &Dispatch, now: Timestamp) -> Result<Subject, Error> {
        if self.load_account(&dispatch.user()).await?.state() == AccountState::Erased {
            return Ok(Subject::Erased);
        }
        match dispatch.case() {
            Some(case) => self.subject_of_case(&case, now).await,
            None => Ok(Subject::Account),
        }
    }

    pub(super) async fn subject_of_case(
        &self,
        id: &CaseId,
        now: Timestamp,
    ) -> Result<Subject, Error> {
        let case = self.load_case(id).await?;
        if case.state() == CaseState::Erased {
            return Ok(Subject::Erased);
        }
        let renewed = match case.successor() {
            Some(successor) => self.load_case(&successor).await?.issued().is_some(),
            None => false,
        };
        let ended = case.revoked().is_some() || case.is_expired(now);
        let certificate = self.certificate_of(&case).await?;
        let key_end = certificate.find::<PrivateKeyUsagePeriod>().ok().flatten();
        let key_end = key_end.and_then(|period| period.not_after);
        let needs_reminders = !renewed && !ended;
        let certificate = Box::new(certificate);
        Ok(Subject::Certificate { case: Box::new(case), certificate, key_end, needs_reminders })
    }

    /// The notice in words.
    async fn notice_of(
        &self,
        dispatch: &Dispatch,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Notice, Unsendable> {
        subject.check_cause(dispatch.kind(), &self.settings.notices.reminders, now)?;
        let account = self.load_account(&dispatch.user()).await?;
        let record = self.user_record(&dispatch.user(), account.registration()).await?;
        let to = record.data.contacts.email.clone().or(record.data.certificate_email.clone());
        let to = to.ok_or(Unsendable::Ever("no-address"))?;
        let values = self.values(&record, subject);
        let text = self.settings.notices.texts.fill(dispatch.kind(), &values);
        let text = text.map_err(|_| Unsendable::Ever("bad-text"))?;
        Ok(Notice::new(dispatch.id(), to, (text.subject, text.text), dispatch.created()))
    }

    fn values(&self, record: &UserRecord, subject: &Subject) -> BTreeMap<&'static str, String> {
        let mut values = BTreeMap::from([
            ("name", record.data.subject.person().name.full()),
            ("authority", self.settings.notices.authority.clone()),
        ]);
        let Subject::Certificate { case, certificate, key_end, .. } = subject else {
            return values;
        };
        let validity = certificate.validity();
        values.insert("serial", certificate.serial().to_string());
        let known = [
            ("begin", Some(validity.not_before)),
            ("end", Some(validity.not_after)),
            ("key_end", *key_end),
            ("until", case.hold().and_then(|hold| hold.until)),
            (
                "since",
                case.revoked().map(|revoked| revoked.date).or(case.hold().map(|hold| hold.since)),
            ),
        ];
        let known = known.into_iter().filter_map(|(name, time)| Some((name, time?)));
        values.extend(known.map(|(name, time)| (name, self.local(time, "%d.%m.%Y %H:%M"))));
        values.insert("end_day", self.local(validity.not_after, "%d.%m.%Y"));
        if let Some(end) = key_end {
            values.insert("key_end_day", self.local(*end, "%d.%m.%Y"));
        }
        values
    }

    /// A time in the authority's zone, with its offset where it is more than a day (U8).
    fn local(&self, time: Timestamp, form: &str) -> String {
        let zone = self.settings.zone;
        let local = zone.to_datetime(time).strftime(form).to_string();
        if form.contains("%H") { format!("{local} (UTC{zone})") } else { local }
    }

    fn failed(&self, dispatch: &Dispatch, error: &ProviderError, now: Timestamp) -> NoticeFact {
        let settings = &self.settings.notices;
        let why = crate::error::provider_code(error.kind()).to_owned();
        if *error.kind() == ErrorKind::Invalid || settings.tries <= dispatch.tries() {
            return NoticeFact::Dropped { why };
        }
        let doublings = dispatch.tries().saturating_sub(1).min(16);
        let factor = 1_i32.checked_shl(doublings).unwrap_or(i32::MAX);
        let pause = settings.retry.checked_mul(factor).unwrap_or(settings.longest_retry);
        NoticeFact::Failed { why, next: later(now, pause.min(settings.longest_retry)) }
    }

    /// The reminders that follow a notice: the first ones after issuing, then one after the other.
    async fn reminders(
        &self,
        dispatch: &Dispatch,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<Vec<Change>, Error> {
        let Subject::Certificate { certificate, key_end, needs_reminders: true, .. } = subject
        else {
            return Ok(Vec::new());
        };
        let ends = Ends::of(certificate, *key_end);
        let wanted = match dispatch.kind() {
            NoticeKind::Issued => ends.of_both(u16::MAX),
            NoticeKind::CertificateExpires { days } => ends.of_certificate(days),
            NoticeKind::KeyExpires { days } => ends.of_key(days),
            _ => Vec::new(),
        };
        let address = Address {
            user: dispatch.user(),
            case: dispatch.case(),
            office: dispatch.office().cloned(),
        };
        self.next_reminders(&address, wanted, now).await
    }

    /// The next reminder of each end; one that is queued already is not queued again.
    pub(super) async fn next_reminders(
        &self,
        address: &Address,
        wanted: Vec<Wanted>,
        now: Timestamp,
    ) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        for (end, below, kind) in wanted {
            let thresholds = &self.settings.notices.reminders;
            let Some((days, due)) = next_reminder(thresholds, end, below, now) else { continue };
            let kind = with_days(kind, days);
            if !self.is_queued(address, kind).await? {
                changes.push(queued(reminder(address, kind), address, (kind, due), now)?);
            }
        }
        Ok(changes)
    }

    pub(super) async fn is_queued(
        &self,
        address: &Address,
        kind: NoticeKind,
    ) -> Result<bool, Error> {
        let stream = StreamId::Notice(reminder(address, kind));
        Ok(self.providers.journal.load(&stream, 0).await?.length > 0)
    }

    pub(super) async fn commit_notices(
        &self,
        changes: Vec<Change>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let command = CommandMark { id: CommandId::new(self.random()?), digest: [0; 32] };
        let (claims, documents, outcome) = (Vec::new(), Vec::new(), Vec::new());
        let batch = Batch { command, at, changes, claims, documents, outcome };
        self.providers.journal.commit(&batch).await?;
        Ok(())
    }
}

/// An end, the threshold before which it is to be reminded of, and what kind of end it is.
pub(super) type Wanted = (Timestamp, u16, NoticeKind);

/// What reminders are of.
pub(super) struct Ends {
    certificate: Timestamp,
    /// Where the key ends first.
    key: Option<Timestamp>,
}

impl Ends {
    pub(super) fn of(certificate: &Certificate, key_end: Option<Timestamp>) -> Self {
        let end = certificate.validity().not_after;
        Self { certificate: end, key: key_end.filter(|key_end| *key_end < end) }
    }

    pub(super) fn of_certificate(&self, below: u16) -> Vec<Wanted> {
        vec![(self.certificate, below, NoticeKind::CertificateExpires { days: 0 })]
    }

    pub(super) fn of_key(&self, below: u16) -> Vec<Wanted> {
        let wanted = |end| (end, below, NoticeKind::KeyExpires { days: 0 });
        self.key.map(wanted).into_iter().collect()
    }

    pub(super) fn of_both(&self, below: u16) -> Vec<Wanted> {
        let (mut wanted, key) = (self.of_certificate(below), self.of_key(below));
        wanted.extend(key);
        wanted
    }
}

/// A function of what it is about: queued twice, it is there once.
fn reminder(address: &Address, kind: NoticeKind) -> NoticeId {
    let days = match kind {
        NoticeKind::CertificateExpires { days } | NoticeKind::KeyExpires { days } => days,
        _ => 0,
    };
    let step = format!("{}-{days}", kind.name());
    NoticeId::made_by(&CommandId::new(*octets(address)).step(&step))
}

/// What a notice is about, as it is now.
pub(super) enum Subject {
    Account,
    /// There is nobody to be told, or nothing to be told of.
    Erased,
    Certificate {
        case: Box<Case>,
        certificate: Box<Certificate>,
        key_end: Option<Timestamp>,
        /// It is neither ended nor renewed.
        needs_reminders: bool,
    },
}

/// Why there is nothing to be handed over.
enum Unsendable {
    Now(Error),
    Ever(&'static str),
}

impl From<Error> for Unsendable {
    fn from(error: Error) -> Self {
        Self::Now(error)
    }
}

impl Subject {
    /// A reminder is not sent of what ended or was renewed, nor where a nearer one is due already.
    fn check_cause(
        &self,
        kind: NoticeKind,
        thresholds: &[u16],
        now: Timestamp,
    ) -> Result<(), Unsendable> {
        let (certificate, key_end, needs_reminders) = match self {
            Self::Certificate { certificate, key_end, needs_reminders, .. } => {
                (certificate, key_end, needs_reminders)
            }
            Self::Account => return Ok(()),
            Self::Erased => return Err(Unsendable::Ever("erased")),
        };
        let (end, days) = match kind {
            NoticeKind::CertificateExpires { days } => (certificate.validity().not_after, days),
            NoticeKind::KeyExpires { days } => {
                (key_end.unwrap_or(certificate.validity().not_after), days)
            }
            _ => return Ok(()),
        };
        let nearer = thresholds.iter().any(|other| *other < days && moment(end, *other) <= now);
        match (needs_reminders, end <= now, nearer) {
            (false, _, _) | (_, true, _) => Err(Unsendable::Ever(NO_CAUSE)),
            (_, _, true) => Err(Unsendable::Ever("late")),
            _ => Ok(()),
        }
    }
}

/// The next reminder below a threshold: of those whose moment is past, the nearest to the end at once; else the first to come.
fn next_reminder(
    thresholds: &[u16],
    end: Timestamp,
    below: u16,
    now: Timestamp,
) -> Option<(u16, Timestamp)> {
    let left = || thresholds.iter().copied().filter(|days| *days < below);
    let past = left().filter(|days| moment(end, *days) <= now).min();
    let days = past.or_else(|| left().max()).filter(|_| now < end)?;
    Some((days, moment(end, days).max(now)))
}

fn moment(end: Timestamp, days: u16) -> Timestamp {
    let days = SignedDuration::from_hours(i64::from(days).saturating_mul(24));
    end.checked_sub(days).unwrap_or(Timestamp::MIN)
}

fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

pub(super) const fn with_days(kind: NoticeKind, days: u16) -> NoticeKind {
    match kind {
        NoticeKind::KeyExpires { .. } => NoticeKind::KeyExpires { days },
        _ => NoticeKind::CertificateExpires { days },
    }
}

/// Of a reminder whose certificate ended or was renewed: no other one follows.
const NO_CAUSE: &str = "no-cause";
