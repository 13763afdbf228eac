//! Terms: everything a version is found by, in one index.
//!
//! A term is a letter for its kind and the normalised text. What is asked for is a range of terms: for a
//! beginning of a word all terms that begin so, for a number or a login the one term. The range with the
//! fewest terms is read in its order; the others are looked up for each of its versions.

use std::collections::BTreeSet;

use gost_ca::provider::{UserFilter, UserRecord};
use gost_ca::registration::search_words;

/// A half-open range of terms.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) from: String,
    pub(super) to: String,
}

impl Term {
    fn exactly(kind: char, text: &str) -> Self {
        Self { from: format!("{kind}{text}"), to: format!("{kind}{text}\0") }
    }

    fn beginning(kind: char, text: &str) -> Self {
        Self { from: format!("{kind}{text}"), to: format!("{kind}{text}\u{10ffff}") }
    }
}

/// The terms of a record, each once.
pub(super) fn of(record: &UserRecord) -> BTreeSet<String> {
    let subject = &record.data.subject;
    let person = subject.person();
    let mut terms = BTreeSet::from([
        format!("{LOGIN}{}", record.login.as_str()),
        format!("{KIND}{}", subject.kind().name()),
        format!("{SNILS}{}", person.snils.as_str()),
        format!("{INN}{}", person.inn.as_str()),
    ]);
    terms.extend(subject.organization().map(|legal| format!("{INN}{}", legal.inn.as_str())));
    let words = search_words(&record.data.search_index());
    terms.extend(words.into_iter().map(|word| format!("{WORD}{word}")));
    terms
}

/// The ranges asked for, the one that should be the most telling first. All users where nothing is asked for.
pub(super) fn asked(filter: &UserFilter) -> Vec<Term> {
    let login = filter.login.as_ref().map(|login| Term::exactly(LOGIN, login.as_str()));
    let snils = filter.snils.as_deref().map(|snils| Term::exactly(SNILS, snils));
    let inn = filter.inn.as_deref().map(|inn| Term::exactly(INN, inn));
    let mut words = search_words(filter.words.as_deref().unwrap_or_default());
    words.sort_unstable_by_key(|word| core::cmp::Reverse(word.len()));
    words.dedup();
    let words = words.iter().map(|word| Term::beginning(WORD, word));
    let kind = filter.kind.map(|kind| Term::exactly(KIND, kind.name()));
    let asked = login.into_iter().chain(snils).chain(inn).chain(words).chain(kind);
    let mut asked: Vec<Term> = asked.take(MOST.saturating_add(1)).collect();
    if asked.is_empty() {
        asked.push(Term::beginning(KIND, ""));
    }
    asked
}

/// The question with so many ranges besides the first.
pub(crate) fn question(others: usize) -> String {
    let other = |n: usize| {
        let (from, to) =
            (n.saturating_mul(2).saturating_add(6), n.saturating_mul(2).saturating_add(7));
        format!(
            " AND EXISTS (SELECT 1 FROM user_terms AS other
               WHERE other.version = this.version AND other.term >= ?{from} AND other.term < ?{to})"
        )
    };
    let others: String = (0..others).map(other).collect();
    // A version that has several words of the range stands at the first of them only.
    format!(
        "SELECT versions.id, versions.user, versions.commitment, versions.octets
         FROM user_terms AS this CROSS JOIN user_versions AS versions ON versions.id = this.version
         WHERE (this.term, this.version) > (?1, ?2) AND this.term < ?3
           AND NOT EXISTS (SELECT 1 FROM user_terms AS earlier
             WHERE earlier.version = this.version AND earlier.term >= ?4 AND earlier.term < this.term)
           {others}
         ORDER BY this.term, this.version LIMIT ?5"
    )
}

/// The terms of a range, as many as are counted.
pub(crate) const COUNTED: &str = "SELECT 1 FROM user_terms WHERE term >= ?1 AND term < ?2 LIMIT ?3";

/// The first term of a version in a range.
pub(super) const PLACE: &str = "
    SELECT term FROM user_terms WHERE version = ?1 AND term >= ?2 AND term < ?3
    ORDER BY term LIMIT 1";

/// Ranges besides the first that one question may have.
const MOST: usize = 16;

const WORD: char = 'w';
const LOGIN: char = 'l';
const SNILS: char = 's';
const INN: char = 'i';
const KIND: char = 'k';
