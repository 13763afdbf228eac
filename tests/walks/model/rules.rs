//! The profiles of the walks, as the model tells them.

use gost_ca::profile::OnEnd;

/// What may happen to requests and certificates of one kind; times in days.
#[expect(clippy::struct_excessive_bools, reason = "answers to questions that have no others")]
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) name: &'static str,
    pub(crate) request: Option<i64>,
    pub(crate) review: bool,
    pub(crate) acceptance: Option<i64>,
    pub(crate) back: i64,
    pub(crate) late: bool,
    /// Hours in which a termination that was asked for is to be entered.
    pub(crate) entry: Option<i64>,
    pub(crate) emergency: Option<i64>,
    pub(crate) owner_resumes: bool,
    pub(crate) same_key: bool,
    pub(crate) renewal: Option<i64>,
    pub(crate) then: Then,
    pub(crate) archive: Option<i64>,
    pub(crate) erase: Option<i64>,
    /// How long a hold may be, and what comes of one that does not say it.
    pub(crate) hold: Option<(i64, OnEnd)>,
    /// What others must approve: by its name, how many, whether only where it is dated back.
    pub(crate) approvals: &'static [(&'static str, u8, bool)],
    /// Months of the certificate, and of its key.
    pub(crate) months: (u16, u16),
}

/// What becomes of the elder when its successor is issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    Nothing,
    Now,
    After(i64),
}

/// The staff's come first.
pub(crate) const RULES: &[Rules] = &[
    Rules { name: "sign-in", months: (12, 12), ..PLAIN },
    Rules { name: "short", ..PLAIN },
    Rules {
        name: "strict",
        request: Some(5),
        review: true,
        owner_resumes: true,
        renewal: Some(25),
        hold: Some((20, OnEnd::Resume)),
        approvals: &[("issue", 1, false), ("resume", 1, false), ("suspend", 2, false)],
        months: (2, 1),
        ..PLAIN
    },
    Rules {
        name: "taken",
        request: Some(9),
        acceptance: Some(3),
        entry: Some(48),
        emergency: Some(3),
        same_key: true,
        then: Then::After(2),
        hold: Some((30, OnEnd::Revoke)),
        archive: Some(2),
        ..PLAIN
    },
    Rules {
        name: "loose",
        back: 10,
        late: true,
        entry: Some(12),
        same_key: true,
        then: Then::Now,
        archive: Some(1),
        erase: Some(1),
        hold: Some((30, OnEnd::Resume)),
        approvals: &[("revoke", 2, true), ("erase", 1, false)],
        ..PLAIN
    },
    Rules {
        name: "rigid",
        emergency: Some(2),
        archive: Some(0),
        erase: Some(0),
        hold: None,
        ..PLAIN
    },
];

const PLAIN: Rules = Rules {
    name: "",
    request: None,
    review: false,
    acceptance: None,
    back: 0,
    late: false,
    entry: None,
    emergency: None,
    owner_resumes: false,
    same_key: false,
    renewal: None,
    then: Then::Nothing,
    archive: None,
    erase: None,
    hold: Some((30, OnEnd::Stay)),
    approvals: &[],
    months: (1, 1),
};

impl Rules {
    pub(crate) fn quorum(&self, name: &str, back_dated: bool) -> u8 {
        let fits = |rule: &&(&str, u8, bool)| rule.0 == name && (back_dated || !rule.2);
        self.approvals.iter().filter(fits).map(|rule| rule.1).max().unwrap_or(0)
    }

    pub(crate) fn end_of_hold(&self) -> OnEnd {
        self.hold.map_or(OnEnd::Stay, |(_, on_end)| on_end)
    }
}
