//! A saboteur for every promise of a delivery of notices.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use gost_ca::id::NoticeId;
use gost_ca::provider::{Notice, Notifier, Result};
use gost_ca_conformance::{Delivered, block_on, notifier, notifier_checks};

/// All that was handed over.
type Letters = Arc<Mutex<Vec<Delivered>>>;

/// A notifier with a mistake in how it puts a notice into the box.
struct Sabotaged {
    letters: Letters,
    put: fn(&mut Vec<Delivered>, Delivered),
}

impl std::fmt::Debug for Sabotaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sabotaged")
    }
}

#[async_trait]
impl Notifier for Sabotaged {
    async fn notify(&self, notice: &Notice) -> Result<()> {
        let (to, subject) = (notice.to.as_str().to_owned(), notice.subject.clone());
        let letter = Delivered { id: notice.id, to, subject, text: notice.text.clone() };
        (self.put)(&mut self.letters.lock().unwrap(), letter);
        Ok(())
    }
}

fn tripped(put: fn(&mut Vec<Delivered>, Delivered), forgets: bool) -> BTreeSet<&'static str> {
    let letters: Letters = Arc::default();
    let open = || -> Box<dyn Notifier> {
        if forgets {
            letters.lock().unwrap().clear();
        }
        Box::new(Sabotaged { letters: Arc::clone(&letters), put })
    };
    let delivered = || letters.lock().unwrap().clone();
    block_on(notifier("saboteur", &open, &delivered)).failed()
}

struct Row {
    does: &'static str,
    put: fn(&mut Vec<Delivered>, Delivered),
    forgets: bool,
    trips: &'static [&'static str],
}

const SABOTEURS: &[Row] = &[
    Row { does: "nothing wrong", put: Vec::push, forgets: false, trips: &[] },
    Row {
        does: "sends plain letters only",
        put: |letters, letter| {
            if letter.subject.is_ascii() || letter.subject.starts_with("№ ") {
                letters.push(letter);
            }
        },
        forgets: false,
        trips: &["notifier/words-whole"],
    },
    Row {
        does: "takes a lone dot for the end",
        put: |letters, mut letter| {
            let end = if letter.text.starts_with(".\n") { 0 } else { letter.text.len() };
            letter.text.truncate(end);
            letters.push(letter);
        },
        forgets: false,
        trips: &["notifier/words-whole"],
    },
    Row {
        does: "gives a second copy an id of its own",
        put: |letters, mut letter| {
            if letters.iter().any(|known| known.id == letter.id) {
                letter.id = NoticeId::new([0; 16]);
            }
            letters.push(letter);
        },
        forgets: false,
        trips: &["notifier/id-kept"],
    },
    Row {
        does: "drops what says the same",
        put: |letters, letter| {
            let same = |known: &Delivered| known.text == letter.text && known.id != letter.id;
            if !letters.iter().any(same) {
                letters.push(letter);
            }
        },
        forgets: false,
        trips: &["notifier/notices-apart"],
    },
    Row {
        does: "loses every tenth of many",
        put: |letters, letter| {
            if letter.subject != "№ 10" {
                letters.push(letter);
            }
        },
        forgets: false,
        trips: &["notifier/side-by-side"],
    },
    Row {
        does: "sends all to one address",
        put: |letters, letter| letters.push(Delivered { to: "a@example.org".to_owned(), ..letter }),
        forgets: false,
        trips: &[
            "notifier/handed-over",
            "notifier/words-whole",
            "notifier/id-kept",
            "notifier/notices-apart",
            "notifier/side-by-side",
            "notifier/survives-reopen",
        ],
    },
    Row {
        does: "says it was done, and does not",
        put: |letters, letter| {
            if !letter.text.contains("was issued") {
                letters.push(letter);
            }
        },
        forgets: false,
        trips: &["notifier/handed-over"],
    },
    Row {
        does: "forgets with its process",
        put: Vec::push,
        forgets: true,
        trips: &["notifier/survives-reopen"],
    },
];

#[test]
fn each_saboteur_is_caught_and_nobody_else() {
    let mut all = BTreeSet::new();
    for Row { does, put, forgets, trips } in SABOTEURS {
        let tripped = tripped(*put, *forgets);
        assert_eq!(tripped, trips.iter().copied().collect(), "{does}");
        all.extend(tripped);
    }
    let checks: BTreeSet<_> = notifier_checks().iter().map(|check| check.id).collect();
    assert_eq!(all, checks, "each check is tripped by somebody");
}
