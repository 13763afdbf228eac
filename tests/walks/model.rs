//! A model of the desk: what may be done and what is then true, told without the library's tables.

pub(crate) mod approvals;
pub(crate) mod asks;
pub(crate) mod certificates;
pub(crate) mod engine;
pub(crate) mod lives;
pub(crate) mod people;
pub(crate) mod rules;

use std::collections::{BTreeMap, BTreeSet};

use gost_ca::Timestamp;
use gost_ca::x509::KeyIdentity;
use jiff::SignedDuration;

pub(crate) use approvals::{Approval, Frozen, Stage};
pub(crate) use asks::{Ask, KeyOf, Next};
pub(crate) use lives::{Life, Move, Plan, Request};
pub(crate) use people::Person;
pub(crate) use rules::{RULES, Rules, Then};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Administrator,
    /// By number; the first and the third are of the first office, the second of the other one.
    Operator(usize),
    /// A person, by number.
    User(usize),
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

#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) people: Vec<Person>,
    pub(crate) lives: Vec<Life>,
    pub(crate) approvals: Vec<Approval>,
    pub(crate) carriers: Vec<Carrier>,
    /// Whose request had a key first.
    pub(crate) keys: BTreeMap<KeyIdentity, usize>,
    pub(crate) blocked_keys: BTreeSet<KeyIdentity>,
    /// For whose request each container was made, and those that are gone.
    pub(crate) containers: BTreeMap<String, usize>,
    pub(crate) gone: BTreeSet<String>,
    pub(crate) colleague: Colleague,
    pub(crate) mood: Mood,
    pub(crate) now: Timestamp,
}

/// A member of the staff to whom the first case belongs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Colleague {
    pub(crate) office: Option<usize>,
}

/// A key carrier of the register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carrier {
    pub(crate) office: usize,
    pub(crate) place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Stock,
    Person,
    Gone,
}

/// Allowed, or the code of the error.
pub(crate) type Verdict = Result<(), &'static str>;

pub(crate) const ROLE: Verdict = Err("permission.role");
pub(crate) const SCOPE: Verdict = Err("permission.scope");
pub(crate) const STATE: Verdict = Err("state");

/// Where an operator works.
pub(crate) fn office_of(operator: usize) -> usize {
    usize::from(operator == 1)
}

pub(crate) fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// As X.509 tells time.
pub(crate) fn second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap()
}

impl Model {
    pub(crate) fn receives_carrier(&self, who: Who, office: usize, known: bool) -> Verdict {
        self.registers(who, office)?;
        if known { Err("carrier.known") } else { Ok(()) }
    }

    pub(crate) fn hands_out(&self, who: Who, carrier: usize, person: usize) -> Verdict {
        self.desk_only(who, person)?;
        self.keeps_carrier(who, carrier)?;
        if self.carriers[carrier].place == Place::Stock { Ok(()) } else { STATE }
    }

    pub(crate) fn takes_back(&self, who: Who, carrier: usize) -> Verdict {
        self.keeps_carrier(who, carrier)?;
        if self.carriers[carrier].place == Place::Person { Ok(()) } else { STATE }
    }

    pub(crate) fn destroys_carrier(&self, who: Who, carrier: usize) -> Verdict {
        self.keeps_carrier(who, carrier)?;
        if self.carriers[carrier].place == Place::Gone { STATE } else { Ok(()) }
    }

    fn keeps_carrier(&self, who: Who, carrier: usize) -> Verdict {
        self.registers(who, self.carriers[carrier].office)
    }
}
