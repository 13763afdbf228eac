//! People: sign-in, passwords, blocks, and the end of an account.

use gost_ca::Timestamp;
use jiff::SignedDuration;

use super::{Model, ROLE, Request, SCOPE, STATE, Verdict, Who, office_of};

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
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
    /// Identified from afar: somebody looks at requests, where the profile wants it.
    pub(crate) remote: bool,
    /// The code phrase, by number.
    pub(crate) phrase: Option<u16>,
    /// The cases whose certificates sign in.
    pub(crate) bound: Vec<usize>,
    /// The case whose certificate opened the session, where a password did not.
    pub(crate) signed_in_by: Option<usize>,
    pub(crate) archived: bool,
    pub(crate) erased: bool,
}

impl Model {
    /// Whether the asker may deal with that person at all.
    pub(crate) fn serves(&self, who: Who, person: usize) -> Verdict {
        let here = self.people[person].office;
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(operator) if office_of(operator) == here => Ok(()),
            Who::User(own) if own == person => self.signed_in_fully(own),
            Who::User(own) => self.signed_in_fully(own).and(SCOPE),
            Who::Operator(_) => SCOPE,
        }
    }

    /// A temporary password is good for nothing but changing it.
    pub(crate) fn signed_in_fully(&self, person: usize) -> Verdict {
        let person = &self.people[person];
        match person.signed_in_by {
            Some(case) if self.lives[case].is_in_force(self.now) => Ok(()),
            Some(_) => Err("session.certificate"),
            None if person.has_own_password => Ok(()),
            None => Err("session.password-change-required"),
        }
    }

    /// Things that users never do, to themselves or to others.
    pub(crate) fn desk_only(&self, who: Who, person: usize) -> Verdict {
        match who {
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
            _ => self.serves(who, person),
        }
    }

    /// Things that administrators alone do.
    pub(crate) fn administers(&self, who: Who) -> Verdict {
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(_) => ROLE,
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
        }
    }

    /// Things that the desk does without anybody in particular.
    pub(crate) fn is_of_the_desk(&self, who: Who) -> Verdict {
        match who {
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
            _ => Ok(()),
        }
    }

    pub(crate) fn temporary_password(&self, who: Who, person: usize, now: Timestamp) -> Verdict {
        self.desk_only(who, person)?;
        let person = &self.people[person];
        let lasts = !person.has_own_password && person.is_in_use() && !person.is_locked(now);
        if lasts { Ok(()) } else { STATE }
    }

    pub(crate) fn resets(&self, who: Who, person: usize, now: Timestamp) -> Verdict {
        self.desk_only(who, person)?;
        let person = &self.people[person];
        let used = person.has_own_password || person.blocked.is_some() || person.is_locked(now);
        if used && !person.archived { Ok(()) } else { STATE }
    }

    pub(crate) fn unblocks(&self, who: Who, person: usize) -> Verdict {
        self.desk_only(who, person)?;
        let known = &self.people[person];
        match (known.blocked, who) {
            _ if known.archived => STATE,
            (None, _) => STATE,
            (Some(true), Who::Operator(_)) => Err("guard.blocked-by-administrator"),
            _ => Ok(()),
        }
    }

    /// What waits while the person is blocked, and comes no more once they are archived.
    ///
    /// It is another e-mail in the certificate: owners correct their contacts alone.
    pub(crate) fn edits(&self, who: Who, person: usize) -> Verdict {
        self.changes_own(who, person)?;
        if matches!(who, Who::User(_)) { Err("registration.desk-fields") } else { Ok(()) }
    }

    /// What the desk does to accounts in use.
    pub(crate) fn blocks(&self, who: Who, person: usize) -> Verdict {
        self.desk_only(who, person)?;
        if self.people[person].is_in_use() { Ok(()) } else { STATE }
    }

    /// The same, of what users do to themselves too.
    pub(crate) fn changes_own(&self, who: Who, person: usize) -> Verdict {
        self.serves(who, person)?;
        if self.people[person].is_in_use() { Ok(()) } else { STATE }
    }

    pub(crate) fn creates(&self, who: Who, person: usize) -> Verdict {
        self.serves(who, person)?;
        self.in_use(Some(person))
    }

    pub(crate) fn in_use(&self, owner: Option<usize>) -> Verdict {
        let out = owner.is_some_and(|owner| !self.people[owner].is_in_use());
        if out { Err("owner.out-of-use") } else { Ok(()) }
    }

    pub(crate) fn registers(&self, who: Who, office: usize) -> Verdict {
        match who {
            Who::Administrator => Ok(()),
            Who::Operator(own) if office_of(own) == office => Ok(()),
            Who::Operator(_) => SCOPE,
            Who::User(own) => self.signed_in_fully(own).and(ROLE),
        }
    }

    /// A certificate signs its owner in: theirs, in force, no other account's, and its key is there.
    pub(crate) fn binds(
        &self,
        who: Who,
        (person, case): (usize, usize),
        proven: bool,
        now: Timestamp,
    ) -> Verdict {
        self.changes_own(who, person)?;
        let life = &self.lives[case];
        if life.owner != Some(person) || !life.is_in_force(now) {
            return Err("guard.certificate-not-usable");
        }
        if !proven {
            return Err("guard.possession-not-proven");
        }
        let bound = self.people.iter().any(|other| other.bound.contains(&case));
        if bound { Err("certificate.bound") } else { Ok(()) }
    }

    /// Somebody who could sign in no more keeps what they have.
    pub(crate) fn unbinds(
        &self,
        who: Who,
        (person, case): (usize, usize),
        now: Timestamp,
    ) -> Verdict {
        self.changes_own(who, person)?;
        let known = &self.people[person];
        let password = known.has_own_password || now < known.temporary_until;
        let in_force = |bound: &&usize| self.lives[**bound].is_in_force(now);
        let bound = known.bound.contains(&case);
        let others = known.bound.iter().filter(|other| **other != case).filter(in_force).count();
        let left = if bound { others } else { others.saturating_sub(1) };
        if !password && left == 0 {
            return Err("guard.last-sign-in-method");
        }
        if bound { Ok(()) } else { Err("not-found") }
    }

    pub(crate) fn archives_person(
        &self,
        who: Who,
        person: usize,
        ends: bool,
        now: Timestamp,
    ) -> Verdict {
        self.administers(who)?;
        if self.people[person].archived {
            return STATE;
        }
        let own = || self.lives.iter().filter(|life| life.owner == Some(person));
        if own().any(super::lives::Life::is_under_way) {
            return Err("guard.requests-pending");
        }
        if !ends && own().any(|life| life.lives_on(now)) {
            return Err("guard.certificates-in-force");
        }
        Ok(())
    }

    /// The register of certificates is kept as long as there is one of theirs.
    pub(crate) fn erases_person(&self, who: Who, person: usize) -> Verdict {
        self.administers(who)?;
        let known = &self.people[person];
        if !known.archived || known.erased {
            return STATE;
        }
        let mut own = self.lives.iter().filter(|life| life.owner == Some(person));
        let kept = own.any(|life| life.request == Request::Done && !life.erased);
        if kept { Err("guard.register-duty") } else { Ok(()) }
    }

    pub(crate) fn changes_role(&self, who: Who, target: Target, now: Timestamp) -> Verdict {
        self.administers(who)?;
        match target {
            Target::User(person) => {
                let person = &self.people[person];
                let active =
                    person.has_own_password && person.is_in_use() && !person.is_locked(now);
                if active { Err("guard.not-staff") } else { STATE }
            }
            Target::Oneself => Err("guard.oneself"),
            Target::ToUser => ROLE,
            Target::Nowhere => Err("missing"),
            Target::Unknown => Err("unknown"),
            Target::Office(_) | Target::Auditor => Ok(()),
        }
    }
}

/// Whose role, and what it is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    User(usize),
    Oneself,
    /// The colleague's, in each of these.
    ToUser,
    Nowhere,
    Unknown,
    Office(usize),
    Auditor,
}

impl Person {
    pub(crate) fn registered(office: usize, remote: bool, now: Timestamp) -> Self {
        Self {
            office,
            temporary_until: now + SignedDuration::from_hours(72),
            has_own_password: false,
            blocked: None,
            tries: Vec::new(),
            login_locked: None,
            account_locked: None,
            version: 1,
            remote,
            phrase: None,
            bound: Vec::new(),
            signed_in_by: None,
            archived: false,
            erased: false,
        }
    }

    pub(crate) fn is_in_use(&self) -> bool {
        self.blocked.is_none() && !self.archived
    }

    pub(crate) fn is_locked(&self, now: Timestamp) -> bool {
        self.account_locked.is_some_and(|until| now < until)
    }

    /// Whether the password that is in force is taken; a wrong one counts, five of them lock.
    pub(crate) fn knocks(&mut self, right: bool, now: Timestamp) -> bool {
        if self.login_locked.is_some_and(|until| now < until) {
            return false;
        }
        let lasts = self.has_own_password || now < self.temporary_until;
        if right && lasts && self.is_in_use() {
            self.tries.clear();
            return true;
        }
        self.tries.retain(|at| now < *at + SignedDuration::from_mins(15));
        self.tries.push(now);
        if self.tries.len() == 5 {
            let until = now + SignedDuration::from_mins(30);
            self.login_locked = Some(until);
            self.account_locked = Some(until).filter(|_| self.is_in_use());
            self.tries.clear();
        }
        false
    }

    /// With a new temporary password, nothing is held against them.
    pub(crate) fn begins_anew(&mut self, until: Timestamp) {
        self.temporary_until = until;
        self.has_own_password = false;
        self.forgiven();
    }

    pub(crate) fn forgiven(&mut self) {
        self.tries.clear();
        (self.login_locked, self.account_locked) = (None, None);
    }
}
