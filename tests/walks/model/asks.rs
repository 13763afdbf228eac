//! What people ask about a case, and what the answer must be.

use gost_ca::Timestamp;
use gost_ca::lifecycle::Act;
use gost_ca::profile::OnEnd;
use gost_ca::reason::Reason;
use gost_ca::x509::KeyIdentity;

use super::lives::{End, Hold};
use super::{Life, Model, Mood, Plan, ROLE, Request, SCOPE, STATE, Verdict, Who, days, office_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    EditRequest,
    GenerateKey,
    Import(KeyOf),
    UseKey,
    Submit,
    Waive,
    Reject,
    Reopen,
    Cancel,
    Issue,
    Install,
    Accept {
        paper: bool,
    },
    Refuse,
    Suspend {
        until: Option<Timestamp>,
        on_end: Option<OnEnd>,
    },
    ByPhrase {
        phrase: u16,
    },
    ChangeHold {
        until: Option<Timestamp>,
        on_end: Option<OnEnd>,
    },
    Resume,
    Revoke(Termination),
    /// Takes down that it is to be terminated, as was learned then.
    Apply {
        learned: Option<Timestamp>,
    },
    Dismiss,
    RevokeExpired {
        reason: Reason,
    },
    Amend {
        invalidity: Option<Timestamp>,
    },
    Schedule {
        at: Timestamp,
        plan: Plan,
    },
    WithdrawSchedule,
    Renew,
    Reissue,
    Hide,
    Print,
    Archive,
    Unarchive,
    Erase,
    /// Its own container, or the last of those that were given up.
    DestroyKey {
        left: bool,
    },
}

/// Whose key a request made elsewhere has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyOf {
    Nobody,
    /// The colleague's.
    Another,
    /// One that was blocked before anybody had it.
    Villain,
    /// One that was made elsewhere for an earlier request: the elder's, or another one, by number.
    Known(u16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Termination {
    pub(crate) reason: Reason,
    pub(crate) date: Option<Timestamp>,
    pub(crate) invalidity: Option<Timestamp>,
    /// By a court.
    pub(crate) annulled: bool,
    /// When the owner was notified of it.
    pub(crate) told: Option<Timestamp>,
}

/// What a command that is allowed comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Done,
    Issued,
    /// So many others are asked.
    Asked(u8),
    InReview,
}

impl Ask {
    /// The button it is behind.
    pub(crate) const fn act(self) -> Act {
        match self {
            Self::EditRequest | Self::Reopen => Act::EditRequest,
            Self::GenerateKey => Act::GenerateKey,
            Self::Import(_) => Act::ImportRequest,
            Self::UseKey => Act::UseKey,
            Self::Submit => Act::Submit,
            Self::Waive => Act::Waive,
            Self::Reject => Act::Reject,
            Self::Cancel => Act::Cancel,
            Self::Issue => Act::Issue,
            Self::Install => Act::Install,
            Self::Accept { .. } => Act::Accept,
            Self::Refuse => Act::RefuseAcceptance,
            Self::Suspend { .. } => Act::Suspend,
            Self::ByPhrase { .. } => Act::SuspendByPhrase,
            Self::ChangeHold { .. } => Act::ChangeSuspension,
            Self::Resume => Act::Resume,
            Self::Revoke(_) => Act::Revoke,
            Self::Apply { .. } => Act::ApplyForTermination,
            Self::Dismiss => Act::DismissTermination,
            Self::RevokeExpired { .. } => Act::RevokeExpired,
            Self::Amend { .. } => Act::AmendReason,
            Self::Schedule { .. } => Act::Schedule,
            Self::WithdrawSchedule => Act::WithdrawSchedule,
            Self::Renew => Act::Renew,
            Self::Reissue => Act::Reissue,
            Self::Hide => Act::Hide,
            Self::Print => Act::Print,
            Self::Archive => Act::Archive,
            Self::Unarchive => Act::Unarchive,
            Self::Erase => Act::Erase,
            Self::DestroyKey { .. } => Act::DestroyKey,
        }
    }

    const fn is_never_for(self, who: Who) -> bool {
        match who {
            Who::Administrator => {
                matches!(
                    self,
                    Self::Hide | Self::Accept { .. } | Self::Refuse | Self::ByPhrase { .. }
                )
            }
            Who::Operator(_) => self.is_the_administrators(),
            Who::User(_) => {
                self.is_the_administrators()
                    || matches!(
                        self,
                        Self::Issue
                            | Self::Waive
                            | Self::Reject
                            | Self::ByPhrase { .. }
                            | Self::ChangeHold { .. }
                            | Self::Apply { .. }
                            | Self::Dismiss
                            | Self::Schedule { .. }
                            | Self::WithdrawSchedule
                            | Self::Reissue
                    )
            }
        }
    }

    const fn is_the_administrators(self) -> bool {
        matches!(self, Self::RevokeExpired { .. } | Self::Archive | Self::Unarchive | Self::Erase)
    }

    /// What others approve it by, and whether it is dated back.
    fn approved_as(self, now: Timestamp) -> (&'static str, bool) {
        match self {
            Self::Suspend { .. } => ("suspend", false),
            Self::Resume => ("resume", false),
            Self::Revoke(Termination { date, .. }) => {
                let back = date.is_some_and(|date| date.as_second() < now.as_second());
                ("revoke", back)
            }
            Self::Erase => ("erase", false),
            _ => ("", false),
        }
    }
}

/// A moment that lies ahead, where it should be past.
fn is_ahead(times: &[Option<Timestamp>], now: Timestamp) -> Verdict {
    let ahead = times.iter().flatten().any(|time| now < *time);
    if ahead { Err("guard.date-beyond-policy") } else { Ok(()) }
}

impl Model {
    /// The answer to somebody who asks for it by themselves.
    pub(crate) fn verdict(
        &self,
        who: Who,
        ask: Ask,
        case: usize,
        now: Timestamp,
    ) -> Result<Next, &'static str> {
        self.reaches(who, ask, case)?;
        self.may(who, ask, case, now)?;
        if let Ask::Revoke(Termination { invalidity, told, .. }) = ask {
            // what cannot be is not asked about
            is_ahead(&[invalidity, told], now)?;
        }
        let (name, back) = ask.approved_as(now);
        match self.lives[case].rules().quorum(name, back) {
            0 => self.details(who, ask, case, now),
            quorum => Ok(Next::Asked(quorum)),
        }
    }

    /// The answer to a frozen command, when it is executed as whoever asked.
    pub(crate) fn verdict_on_frozen(
        &self,
        who: Who,
        (ask, case, changes): (Ask, usize, u64),
        now: Timestamp,
    ) -> Result<Next, &'static str> {
        self.permits(who, ask, case)?;
        // what the law wants ended is ended, whatever became of it meanwhile
        let pressing = matches!(ask, Ask::Revoke(_)) && self.lives[case].rules().entry.is_some();
        if !pressing && self.lives[case].changes != changes {
            return Err("conflict");
        }
        self.may(who, ask, case, now)?;
        self.details(who, ask, case, now)
    }

    /// Whether the asker deals with that case, and does such things at all.
    pub(crate) fn reaches(&self, who: Who, ask: Ask, case: usize) -> Verdict {
        if let Who::User(own) = who {
            self.signed_in_fully(own)?;
        }
        self.permits(who, ask, case)
    }

    fn permits(&self, who: Who, ask: Ask, case: usize) -> Verdict {
        let life = &self.lives[case];
        if ask.is_never_for(who) {
            return ROLE;
        }
        match (life.owner, who) {
            (Some(owner), Who::User(own)) if own == owner => Ok(()),
            (_, Who::User(_)) => SCOPE,
            (Some(owner), _) => self.serves(who, owner),
            // colleagues' certificates are the administrator's business
            (None, Who::Administrator) => Ok(()),
            (None, Who::Operator(operator)) if Some(office_of(operator)) == life.office => ROLE,
            (None, _) => SCOPE,
        }
    }

    /// What forbids it before anybody is asked about particulars.
    fn may(&self, who: Who, ask: Ask, case: usize, now: Timestamp) -> Verdict {
        let life = &self.lives[case];
        if !fits(ask, life) {
            return if let Ask::ByPhrase { phrase } = ask {
                self.phrase_fits(life, phrase).and(STATE)
            } else {
                STATE
            };
        }
        let rules = life.rules();
        let expired = life.has_expired(now);
        let own = matches!(who, Who::User(_));
        match ask {
            Ask::Waive if life.creator == who => Err("guard.own-request"),
            Ask::Reject if life.request != Request::Failed && life.creator == who => {
                Err("guard.own-request")
            }
            Ask::ByPhrase { phrase } => {
                self.phrase_fits(life, phrase)?;
                if expired {
                    return Err("guard.expired");
                }
                // the hold would end with the certificate, which is now
                if life.end() <= now { Err("guard.term-beyond-policy") } else { Ok(()) }
            }
            Ask::Accept { .. } if life.accepted => Err("guard.accepted"),
            Ask::Accept { .. } if life.awaits.is_some() && expired => Err("guard.expired"),
            Ask::Suspend { .. }
            | Ask::ChangeHold { .. }
            | Ask::Resume
            | Ask::Revoke(_)
            | Ask::Apply { .. }
            | Ask::Schedule { .. }
            | Ask::Renew
                if expired =>
            {
                Err("guard.expired")
            }
            Ask::Apply { .. } if life.application.is_some() => Err("guard.termination-applied"),
            Ask::Dismiss if life.application.is_none() => Err("guard.no-termination-applied"),
            Ask::Suspend { .. } if rules.hold.is_none() => Err("guard.suspension-forbidden"),
            Ask::Resume if own && !rules.owner_resumes => Err("guard.owner-may-not-resume"),
            Ask::RevokeExpired { .. } if !rules.late || !expired => Err("guard.late-revocation"),
            Ask::Amend { .. } if !is_amendable(life) => Err("guard.reason-final"),
            Ask::Renew | Ask::Reissue if life.heir.is_some() => Err("guard.renewed"),
            Ask::Renew if rules.renewal.is_some_and(|term| now < life.end() - days(term)) => {
                Err("guard.renewal-too-early")
            }
            Ask::Hide if !life.is_ended() && !expired => Err("guard.not-terminated"),
            Ask::Archive if rules.archive.is_none_or(|term| now < life.end() + days(term)) => {
                Err("guard.archive-not-due")
            }
            Ask::Erase => {
                let since = life.archived.unwrap();
                let due = rules.erase.is_some_and(|term| since + days(term) <= now);
                if due { Ok(()) } else { Err("guard.erase-not-due") }
            }
            _ => Ok(()),
        }
    }

    /// A call is believed by its phrase; the case is looked at after that.
    fn phrase_fits(&self, life: &Life, phrase: u16) -> Verdict {
        if life.rules().emergency.is_none() {
            return Err("guard.no-emergency-hold");
        }
        let known = life.owner.and_then(|owner| self.people[owner].phrase);
        if known == Some(phrase) { Ok(()) } else { Err("code-phrase") }
    }

    /// What forbids it in particular, and what it comes to.
    fn details(
        &self,
        who: Who,
        ask: Ask,
        case: usize,
        now: Timestamp,
    ) -> Result<Next, &'static str> {
        let life = &self.lives[case];
        let own = matches!(who, Who::User(_));
        match ask {
            Ask::Import(key) => self.import(case, key)?,
            Ask::UseKey => self.use_key(life)?,
            Ask::Submit => return self.submit(life),
            Ask::Waive => return self.goes_on(life),
            Ask::Issue => {
                let in_doubt = life.request == Request::InDoubt;
                self.key_is_sound(life, in_doubt)?;
                return self.issuing(in_doubt).map(|()| Next::Issued);
            }
            Ask::Install if life.container.is_none() => return Err("missing"),
            Ask::Install if self.is_gone(life) => return Err("provider.not-found"),
            Ask::Accept { paper: true } if own => return Err("permission.scope"),
            Ask::Accept { paper: false } if !own => return Err("missing"),
            Ask::Suspend { until, .. } | Ask::ChangeHold { until, .. } => {
                term_fits(life, until, now)?;
            }
            Ask::Revoke(termination) => may_end(who, life, termination, now)?,
            Ask::Apply { learned } => {
                is_ahead(&[learned], now)?;
                if life.rules().entry.is_none() {
                    return Err("missing");
                }
            }
            Ask::Amend { invalidity } => is_ahead(&[invalidity], now)?,
            Ask::Schedule { at, plan } => may_plan(life, (at, plan), now)?,
            Ask::WithdrawSchedule if life.plan.is_none() => return Err("not-found"),
            Ask::Renew | Ask::Reissue => self.in_use(life.owner)?,
            Ask::DestroyKey { left } => self.destroys(case, left, now)?,
            _ => {}
        }
        Ok(Next::Done)
    }

    fn import(&self, case: usize, key: KeyOf) -> Verdict {
        let life = &self.lives[case];
        let key = match key {
            _ if !self.is_current(life) => return Err("request.not-accepted"),
            KeyOf::Villain => return Err("key.blocked"),
            KeyOf::Nobody => return Ok(()),
            KeyOf::Another => self.lives[0].key.unwrap(),
            KeyOf::Known(number) => match self.with_known_key(case, number) {
                Some(other) => self.lives[other].key.unwrap(),
                None => return Ok(()),
            },
        };
        self.takes_key(life, &key).or_else(|code| {
            let own = self.keys[&key] == case && code == "request.key-used";
            if own { Ok(()) } else { Err(code) }
        })
    }

    /// Whose key, made elsewhere, another request may be tried with.
    pub(crate) fn with_known_key(&self, case: usize, number: u16) -> Option<usize> {
        let elder = self.lives[case].renews.filter(|_| number.is_multiple_of(2));
        let has_one = |case: &usize| self.lives[*case].key_number.is_some();
        let all: Vec<usize> = (0..self.lives.len()).filter(has_one).collect();
        let any = all.get(usize::from(number).checked_rem(all.len())?).copied();
        elder.filter(has_one).or(any)
    }

    /// A key goes on in its lineage, where that is allowed, while it is sound.
    fn takes_key(&self, life: &Life, key: &KeyIdentity) -> Verdict {
        if self.blocked_keys.contains(key) {
            return Err("key.blocked");
        }
        let first = &self.lives[self.keys[key]];
        let kin = first.lineage == life.lineage && life.renews.is_some();
        if kin && life.rules().same_key { Ok(()) } else { Err("request.key-used") }
    }

    /// Whether the case follows the registration data as it is.
    fn is_current(&self, life: &Life) -> bool {
        life.owner.is_none_or(|owner| self.people[owner].version == life.version)
    }

    /// A successor on the elder's key: where it is, where that is allowed, while it is sound.
    fn use_key(&self, life: &Life) -> Verdict {
        let Some(elder) = life.renews else { return Err("not-found") };
        let elder = &self.lives[elder];
        if elder.container.is_none() {
            return Err("missing");
        }
        if self.is_gone(elder) {
            return Err("provider.not-found");
        }
        self.takes_key(life, &elder.key.unwrap())
    }

    fn submit(&self, life: &Life) -> Result<Next, &'static str> {
        self.in_use(life.owner)?;
        if !self.is_current(life) {
            return Err("request.registration-changed");
        }
        // nobody is asked to look at what cannot be
        self.key_is_sound(life, false)?;
        let remote = life.owner.is_some_and(|owner| self.people[owner].remote);
        if life.rules().review && remote {
            return Ok(Next::InReview);
        }
        self.goes_on(life)
    }

    fn goes_on(&self, life: &Life) -> Result<Next, &'static str> {
        self.key_is_sound(life, false)?;
        match life.rules().quorum("issue", false) {
            0 => self.issuing(false).map(|()| Next::Issued),
            quorum => Ok(Next::Asked(quorum)),
        }
    }

    pub(crate) fn key_is_sound(&self, life: &Life, in_doubt: bool) -> Verdict {
        let blocked = life.key.is_some_and(|key| self.blocked_keys.contains(&key));
        if blocked && !in_doubt { Err("key.blocked") } else { Ok(()) }
    }

    /// What comes of signing, begun before or not.
    pub(crate) fn issuing(&self, in_doubt: bool) -> Verdict {
        match self.mood {
            Mood::Down => Err("provider.unavailable"),
            Mood::Keyless => Err("provider.not-found"),
            Mood::Refusing if !in_doubt => Err("authority.refused"),
            Mood::Well | Mood::Refusing => Ok(()),
        }
    }

    fn is_gone(&self, life: &Life) -> bool {
        life.container.as_ref().is_some_and(|container| self.gone.contains(container))
    }

    /// Nothing that anybody needs is destroyed.
    fn destroys(&self, case: usize, left: bool, now: Timestamp) -> Verdict {
        let life = &self.lives[case];
        let container = if left { life.left.last() } else { life.container.as_ref() };
        let Some(container) = container else { return Err("guard.key-needed") };
        let over = !life.is_under_way() && !life.lives_on(now);
        if !left && !over {
            return Err("guard.key-needed");
        }
        if self.gone.contains(container) {
            return Ok(());
        }
        if self.containers[container] != case {
            return Err("request.key-used");
        }
        // an heir may use the same key on
        let mut others = self.lives.iter().enumerate().filter(|(number, _)| *number != case);
        let needed = others.any(|(_, other)| {
            let uses = other.container.as_ref() == Some(container);
            uses && (other.is_under_way() || other.lives_on(now))
        });
        if needed { Err("guard.key-needed") } else { Ok(()) }
    }
}

fn fits(ask: Ask, life: &Life) -> bool {
    use Request::{
        Built, Done, Draft, Failed, InDoubt, Over, Pending, Rejected, Review, Withdrawn,
    };
    let standing = life.stands();
    let away = life.archived.is_some();
    let certificate = life.request == Done && !away;
    let waits = certificate && life.awaits.is_some();
    let (held, ended) = (standing.held.is_some(), standing.ended.is_some());
    let lives_on = certificate && !waits && !ended;
    match ask {
        Ask::EditRequest | Ask::GenerateKey | Ask::Import(_) | Ask::UseKey => life.request == Draft,
        Ask::Submit => life.request == Built,
        Ask::Waive => life.request == Review,
        Ask::Reject => matches!(life.request, Review | Pending | Failed),
        Ask::Reopen => matches!(life.request, Review | Pending),
        Ask::Cancel => matches!(life.request, Draft | Built | Review | Pending | Failed),
        Ask::Issue => matches!(life.request, Failed | InDoubt),
        Ask::Print => certificate || matches!(life.request, Draft | Built | Failed),
        Ask::Install | Ask::Accept { .. } => certificate,
        Ask::Refuse => waits,
        Ask::Suspend { .. } | Ask::Renew | Ask::ByPhrase { .. } => lives_on && !held,
        Ask::ChangeHold { .. } | Ask::Resume => lives_on && held,
        Ask::Revoke(_) | Ask::Apply { .. } | Ask::Dismiss => certificate && !ended,
        Ask::RevokeExpired { .. } | Ask::Schedule { .. } | Ask::WithdrawSchedule => lives_on,
        Ask::Amend { .. } => certificate && ended,
        Ask::Reissue => certificate && !waits && (ended || !held),
        Ask::Hide | Ask::Archive => certificate && !waits,
        Ask::Unarchive | Ask::Erase => life.request == Done && away && !life.erased,
        Ask::DestroyKey { .. } => {
            (certificate && !waits)
                || matches!(life.request, Draft | Built | Withdrawn | Rejected | Over)
        }
    }
}

fn is_amendable(life: &Life) -> bool {
    let amendable = |end: End| end.reason != Reason::KeyCompromise && !end.amended;
    life.stands().ended.is_some_and(amendable)
}

fn term_fits(life: &Life, until: Option<Timestamp>, now: Timestamp) -> Verdict {
    let (longest, _) = life.rules().hold.ok_or("guard.term-beyond-policy")?;
    let fits =
        |until: Timestamp| now < until && until <= now + days(longest) && until <= life.end();
    if until.is_none_or(fits) { Ok(()) } else { Err("guard.term-beyond-policy") }
}

fn may_end(who: Who, life: &Life, what: Termination, now: Timestamp) -> Verdict {
    let own = [Reason::KeyCompromise, Reason::Superseded, Reason::CessationOfOperation];
    if matches!(who, Who::User(_)) && !own.contains(&what.reason) {
        return Err("guard.reason-not-allowed");
    }
    let earliest = now - days(life.rules().back);
    let fits = |date: Timestamp| {
        earliest.as_second() <= date.as_second() && date.as_second() <= now.as_second()
    };
    // a hold keeps its date
    if life.held_since().is_none() && !what.date.is_none_or(fits) {
        return Err("guard.date-beyond-policy");
    }
    let told = what.told.is_some_and(|told| told <= now);
    if what.annulled && !told { Err("guard.ground-incomplete") } else { Ok(()) }
}

fn may_plan(life: &Life, (at, plan): (Timestamp, Plan), now: Timestamp) -> Verdict {
    let ahead = now < at && at < life.end();
    let fits = match (plan, life.rules().hold) {
        (Plan::End(_), _) => true,
        (Plan::Hold { .. }, None) => false,
        (Plan::Hold { until, .. }, Some((longest, _))) => {
            let term = |until| at < until && until <= at + days(longest) && until <= life.end();
            life.stands().held.is_none() && until.is_none_or(term)
        }
    };
    if ahead && fits { Ok(()) } else { Err("guard.schedule-time") }
}

/// When a hold ends by itself.
pub(crate) fn end_of(hold: Option<Hold>) -> Option<(Timestamp, OnEnd)> {
    let hold = hold?;
    hold.until.map(|until| (until, hold.on_end)).filter(|(_, on_end)| *on_end != OnEnd::Stay)
}
