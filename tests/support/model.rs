//! A small model of the desk: what may be done and what is then true, told without the library's tables.

use gost_ca::Timestamp;
use gost_ca::lifecycle::CertificateStatus;
use gost_ca::reason::Reason;
use gost_ca::view::CaseState;
use jiff::SignedDuration;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Administrator,
    /// Of an office, by number.
    Operator(usize),
    /// A person, by number.
    User(usize),
}

/// What they ask about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    EditRequest,
    GenerateKey,
    Import { used_key: bool },
    Submit,
    Cancel,
    Issue,
    Install,
    Suspend { days: Option<i64> },
    Resume,
    Revoke { reason: Reason, future: bool },
    Renew,
    Hide,
    Print,
}

/// How the authority does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// The signer is out of reach.
    Down,
    /// The signer's key is not there.
    Keyless,
    /// It issues nothing new.
    Refusing,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) office: usize,
    pub(crate) temporary_until: Timestamp,
    pub(crate) has_own_password: bool,
    /// By an administrator, or not.
    pub(crate) blocked: Option<bool>,
    /// When wrong passwords were tried that still count.
    pub(crate) tries: Vec<Timestamp>,
    /// Until when no password is taken.
    pub(crate) login_locked: Option<Timestamp>,
    /// Until when the account says so.
    pub(crate) account_locked: Option<Timestamp>,
    /// How often the data was written down.
    pub(crate) version: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Life {
    /// None where it is a member of the staff's, of the first office.
    pub(crate) owner: Option<usize>,
    pub(crate) request: Request,
    /// The version of the data that it follows.
    pub(crate) version: u32,
    pub(crate) in_our_store: bool,
    pub(crate) renews: Option<usize>,
    pub(crate) heir: Option<usize>,
    pub(crate) term: Option<(Timestamp, Timestamp)>,
    pub(crate) known_since: Timestamp,
    pub(crate) moves: Vec<(Timestamp, Move)>,
    /// When the case last changed.
    pub(crate) touched: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Draft,
    Built,
    InDoubt,
    Failed,
    Withdrawn,
    Done,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    Held,
    Freed,
    Ended { date: Timestamp, reason: Reason },
}

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) people: Vec<Person>,
    pub(crate) lives: Vec<Life>,
    pub(crate) mood: Mood,
}

/// Allowed, or the code of the error.
pub(crate) type Verdict = Result<(), &'static str>;

const ROLE: Verdict = Err("permission.role");
const SCOPE: Verdict = Err("permission.scope");
const STATE: Verdict = Err("state");

impl Model {
    /// Whether the asker may deal with that person at all.
    pub(crate) fn serves(&self, who: Who, person: usize) -> Verdict {
        let here = self.people[person].office;
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(office) if office == here => Ok(()),
            Who::User(own) if own == person => self.signed_in_fully(own),
            Who::User(own) => self.signed_in_fully(own).and(SCOPE),
            Who::Operator(_) => SCOPE,
        }
    }

    /// A temporary password is good for nothing but changing it.
    pub(crate) fn signed_in_fully(&self, person: usize) -> Verdict {
        let open = self.people[person].has_own_password;
        open.then_some(()).ok_or("session.password-change-required")
    }

    /// Things that users never do, to themselves or to others.
    pub(crate) fn desk_only(&self, who: Who, person: usize) -> Verdict {
        match who {
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
            _ => self.serves(who, person),
        }
    }

    pub(crate) fn temporary_password(&self, who: Who, person: usize, now: Timestamp) -> Verdict {
        self.desk_only(who, person)?;
        let person = &self.people[person];
        let lasts = !person.has_own_password && person.blocked.is_none() && !person.is_locked(now);
        if lasts { Ok(()) } else { STATE }
    }

    pub(crate) fn resets(&self, who: Who, person: usize, now: Timestamp) -> Verdict {
        self.desk_only(who, person)?;
        let person = &self.people[person];
        let used = person.has_own_password || person.blocked.is_some() || person.is_locked(now);
        if used { Ok(()) } else { STATE }
    }

    pub(crate) fn blocks(&self, who: Who, person: usize) -> Verdict {
        self.edits(who, person)
    }

    pub(crate) fn unblocks(&self, who: Who, person: usize) -> Verdict {
        self.desk_only(who, person)?;
        match (self.people[person].blocked, who) {
            (None, _) => STATE,
            (Some(true), Who::Operator(_)) => Err("guard.blocked-by-administrator"),
            _ => Ok(()),
        }
    }

    /// What waits while the person is blocked.
    pub(crate) fn edits(&self, who: Who, person: usize) -> Verdict {
        self.desk_only(who, person)?;
        if self.people[person].blocked.is_some() { STATE } else { Ok(()) }
    }

    pub(crate) fn creates(&self, who: Who, person: usize) -> Verdict {
        self.serves(who, person)?;
        self.in_use(Some(person))
    }

    fn in_use(&self, owner: Option<usize>) -> Verdict {
        let blocked = owner.is_some_and(|owner| self.people[owner].blocked.is_some());
        if blocked { Err("owner.out-of-use") } else { Ok(()) }
    }

    pub(crate) fn registers(&self, who: Who, office: usize) -> Verdict {
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(own) if own == office => Ok(()),
            Who::Operator(_) => SCOPE,
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
        }
    }

    fn reaches(&self, who: Who, ask: Ask, life: &Life) -> Verdict {
        let never = match who {
            Who::Administrator => ask == Ask::Hide,
            Who::Operator(_) => false,
            Who::User(_) => ask == Ask::Issue,
        };
        if let Who::User(own) = who {
            self.signed_in_fully(own)?;
        }
        if never {
            return ROLE;
        }
        match (life.owner, who) {
            (Some(owner), _) => self.serves(who, owner),
            // colleagues' certificates are the administrator's business
            (None, Who::Administrator) => Ok(()),
            (None, Who::Operator(0)) => ROLE,
            (None, _) => SCOPE,
        }
    }

    /// What the answer to a question about a case must be.
    pub(crate) fn verdict(&self, who: Who, ask: Ask, life: usize, now: Timestamp) -> Verdict {
        let life = &self.lives[life];
        self.reaches(who, ask, life)?;
        match ask {
            Ask::EditRequest | Ask::GenerateKey | Ask::Import { .. } | Ask::Submit => {
                self.about_request(ask, life)
            }
            Ask::Cancel => match life.request {
                Request::Draft | Request::Built | Request::Failed => Ok(()),
                _ => STATE,
            },
            Ask::Print => match life.request {
                Request::Draft | Request::Built | Request::Failed | Request::Done => Ok(()),
                _ => STATE,
            },
            Ask::Issue => match life.request {
                Request::Failed => self.issuing(false),
                Request::InDoubt => self.issuing(true),
                _ => STATE,
            },
            Ask::Renew => {
                about_certificate(who, ask, life, now)?;
                self.in_use(life.owner)
            }
            _ => about_certificate(who, ask, life, now),
        }
    }

    fn about_request(&self, ask: Ask, life: &Life) -> Verdict {
        let wanted = if ask == Ask::Submit { Request::Built } else { Request::Draft };
        if life.request != wanted {
            return STATE;
        }
        let current = life.owner.is_none_or(|owner| self.people[owner].version == life.version);
        match ask {
            Ask::Import { .. } if !current => Err("request.not-accepted"),
            Ask::Import { used_key: true } => Err("request.key-used"),
            Ask::Submit if self.in_use(life.owner).is_err() => self.in_use(life.owner),
            Ask::Submit if !current => Err("request.registration-changed"),
            Ask::Submit => self.issuing(false),
            _ => Ok(()),
        }
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

    /// What a submission leaves, whatever it answered.
    pub(crate) fn issued_or_not(&mut self, life: usize, was_in_doubt: bool, now: Timestamp) {
        let mood = self.mood;
        let life = &mut self.lives[life];
        if mood == Mood::Well || (mood == Mood::Refusing && was_in_doubt) {
            life.request = Request::Done;
            life.known_since = now;
            life.touched = now;
        } else if !was_in_doubt {
            let doubt = mood == Mood::Down;
            life.request = if doubt { Request::InDoubt } else { Request::Failed };
            life.touched = now;
        }
    }
}

impl Person {
    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.account_locked.is_some_and(|until| now < until)
    }

    /// Whether the password that is in force is taken; a wrong one counts, five of them lock.
    pub(crate) fn knocks(&mut self, now: Timestamp) -> bool {
        if self.login_locked.is_some_and(|until| now < until) {
            return false;
        }
        let lasts = self.has_own_password || now < self.temporary_until;
        if lasts && self.blocked.is_none() {
            self.tries.clear();
            return true;
        }
        self.tries.retain(|at| now < *at + SignedDuration::from_mins(15));
        self.tries.push(now);
        if self.tries.len() == 5 {
            let until = now + SignedDuration::from_mins(30);
            self.login_locked = Some(until);
            self.account_locked = Some(until).filter(|_| self.blocked.is_none());
            self.tries.clear();
        }
        false
    }

    /// With a new temporary password, nothing is held against them.
    pub(crate) fn begins_anew(&mut self, until: Timestamp) {
        self.temporary_until = until;
        self.has_own_password = false;
        self.tries.clear();
        (self.login_locked, self.account_locked) = (None, None);
    }
}

fn about_certificate(who: Who, ask: Ask, life: &Life, now: Timestamp) -> Verdict {
    let (held, ended) = (life.is_held(), life.is_ended());
    let fits = life.request == Request::Done
        && match ask {
            Ask::Suspend { .. } | Ask::Renew => !held && !ended,
            Ask::Resume => held && !ended,
            Ask::Revoke { .. } => !ended,
            _ => true,
        };
    if !fits {
        return STATE;
    }
    let expired = life.has_expired(now);
    let (_, end) = life.term.unwrap();
    match ask {
        Ask::Hide if !ended && !expired => Err("guard.not-terminated"),
        Ask::Suspend { .. } | Ask::Resume | Ask::Revoke { .. } | Ask::Renew if expired => {
            Err("guard.expired")
        }
        Ask::Suspend { days: Some(days) } => {
            let until = now + SignedDuration::from_hours(24 * days);
            let fits = (1..=30).contains(&days) && until <= end;
            fits.then_some(()).ok_or("guard.term-beyond-policy")
        }
        Ask::Revoke { future: true, .. } => Err("guard.date-beyond-policy"),
        Ask::Resume if matches!(who, Who::User(_)) => Err("guard.owner-may-not-resume"),
        Ask::Revoke { reason, .. } if matches!(who, Who::User(_)) => {
            let own = [Reason::KeyCompromise, Reason::Superseded, Reason::CessationOfOperation];
            own.contains(&reason).then_some(()).ok_or("guard.reason-not-allowed")
        }
        Ask::Renew if life.heir.is_some() => Err("guard.renewed"),
        Ask::Install if !life.in_our_store => Err("missing"),
        _ => Ok(()),
    }
}

impl Life {
    pub(crate) fn draft(owner: usize, version: u32, now: Timestamp) -> Self {
        Self {
            owner: Some(owner),
            request: Request::Draft,
            version,
            in_our_store: false,
            renews: None,
            heir: None,
            term: None,
            known_since: now,
            moves: Vec::new(),
            touched: now,
        }
    }

    pub(crate) fn is_held(&self) -> bool {
        matches!(self.moves.last(), Some((_, Move::Held)))
    }

    pub(crate) fn is_ended(&self) -> bool {
        matches!(self.moves.last(), Some((_, Move::Ended { .. })))
    }

    pub(crate) fn has_expired(&self, now: Timestamp) -> bool {
        self.term.is_some_and(|(_, end)| end < now)
    }

    /// Since when it is on hold now.
    pub(crate) fn held_since(&self) -> Option<Timestamp> {
        self.moves.last().filter(|_| self.is_held()).map(|(since, _)| *since)
    }

    pub(crate) fn state(&self) -> CaseState {
        match self.request {
            Request::Draft => CaseState::Draft,
            Request::Built => CaseState::Built,
            Request::InDoubt => CaseState::InDoubt,
            Request::Failed => CaseState::Failed,
            Request::Withdrawn => CaseState::Cancelled,
            Request::Done if self.is_ended() => CaseState::Revoked,
            Request::Done if self.is_held() => CaseState::Suspended,
            Request::Done => CaseState::Active,
        }
    }

    /// What the CRL must say: the date, and the number of the reason (none for an unspecified one).
    pub(crate) fn listed(&self) -> Option<(Timestamp, Option<u8>)> {
        match self.moves.last()? {
            (since, Move::Held) => Some((*since, Some(6))),
            (_, Move::Ended { date, reason }) => {
                Some((*date, Some(reason.code()).filter(|code| *code != 0)))
            }
            (_, Move::Freed) => None,
        }
    }

    /// The status at a time, as it was known at a time.
    pub(crate) fn status(&self, time: Timestamp, known: Timestamp) -> CertificateStatus {
        let Some((begin, end)) = self.term.filter(|_| self.known_since <= known) else {
            return CertificateStatus::Unknown;
        };
        let last = self.moves.iter().rfind(|(at, _)| *at <= time && *at <= known);
        match last {
            Some((since, Move::Ended { date, reason })) => CertificateStatus::Revoked {
                since: *since,
                date: *date,
                reason: *reason,
                invalidity: None,
            },
            _ if time < begin => CertificateStatus::NotYetValid,
            _ if end < time => CertificateStatus::Expired,
            Some((since, Move::Held)) => CertificateStatus::Suspended { since: *since },
            _ => CertificateStatus::Good,
        }
    }
}
