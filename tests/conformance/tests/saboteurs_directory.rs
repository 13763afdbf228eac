//! Every check of the user directory catches somebody: directories that break one promise each.

use std::collections::BTreeSet;

use async_trait::async_trait;
use gost_ca::commitment::Commitment;
use gost_ca::id::UserId;
use gost_ca::provider::directory::{FoundUsers, SealedDraft, SealedRecord};
use gost_ca::provider::journal::Page;
use gost_ca::provider::{Drafts, ErrorKind, Result, UserDirectory, UserFilter};
use gost_ca::registration::search_words;
use gost_ca_conformance::{block_on, directory, directory_checks, on_threads};
use gost_ca_memory::MemoryDirectory;

/// A directory in memory, some of whose calls are replaced.
#[derive(Clone, Copy)]
struct Saboteur {
    put: fn(&MemoryDirectory, &UserId, &SealedRecord) -> Result<()>,
    get: fn(&MemoryDirectory, &UserId, &Commitment) -> Result<Option<SealedRecord>>,
    search: fn(&MemoryDirectory, &UserFilter, &Page) -> Result<FoundUsers>,
    erase: fn(&MemoryDirectory, &UserId) -> Result<()>,
    keep: fn(&MemoryDirectory, &UserId, &SealedDraft) -> Result<()>,
    read: fn(&MemoryDirectory, &UserId, &Commitment) -> Result<Option<SealedDraft>>,
    erase_but: fn(&MemoryDirectory, &UserId, Option<&Commitment>) -> Result<()>,
    reopen: fn(&MemoryDirectory) -> MemoryDirectory,
}

const HONEST: Saboteur = Saboteur {
    put: |honest, user, version| block_on(honest.put(user, version)),
    get: |honest, user, version| block_on(honest.get(user, version)),
    search: |honest, filter, page| block_on(honest.search(filter, page)),
    erase: |honest, user| block_on(honest.erase(user)),
    keep: |honest, user, draft| block_on(honest.keep(user, draft)),
    read: |honest, user, version| block_on(honest.read(user, version)),
    erase_but: |honest, user, kept| block_on(honest.erase_but(user, kept)),
    reopen: MemoryDirectory::clone,
};

struct Row {
    /// What it does wrong.
    does: &'static str,
    saboteur: Saboteur,
    trips: &'static [&'static str],
}

const SABOTEURS: &[Row] = &[
    Row { does: "nothing", saboteur: HONEST, trips: &[] },
    Row {
        does: "fails on unknown versions",
        saboteur: Saboteur {
            get: |honest, user, version| match (HONEST.get)(honest, user, version)? {
                None => Err(ErrorKind::NotFound.at("get")),
                found => Ok(found),
            },
            ..HONEST
        },
        trips: &["directory/erased", "directory/unknown-is-none", "directory/users-apart"],
    },
    Row {
        does: "loses salts",
        saboteur: Saboteur {
            get: |honest, user, version| {
                let found = (HONEST.get)(honest, user, version)?;
                Ok(found.map(|found| SealedRecord { salt: [0; 32], ..found }))
            },
            ..HONEST
        },
        trips: &[
            "directory/put-then-get",
            "directory/survives-reopen",
            "directory/threads",
            "directory/versions-kept",
        ],
    },
    Row {
        does: "keeps one version of a user",
        saboteur: Saboteur {
            put: |honest, user, version| {
                (HONEST.erase)(honest, user)?;
                (HONEST.put)(honest, user, version)
            },
            ..HONEST
        },
        trips: &["directory/versions-kept"],
    },
    Row {
        does: "refuses a version that it has",
        saboteur: Saboteur {
            put: |honest, user, version| match (HONEST.get)(honest, user, &version.commitment)? {
                Some(_) => Err(ErrorKind::Invalid.at("put")),
                None => (HONEST.put)(honest, user, version),
            },
            ..HONEST
        },
        trips: &["directory/put-twice"],
    },
    Row {
        does: "finds a version that was put twice twice",
        saboteur: Saboteur {
            put: |honest, user, version| {
                if (HONEST.get)(honest, user, &version.commitment)?.is_some() {
                    let again = version.record.clone().seal([9; 32]);
                    return (HONEST.put)(honest, user, &again);
                }
                (HONEST.put)(honest, user, version)
            },
            ..HONEST
        },
        trips: &["directory/put-twice"],
    },
    Row {
        does: "gives anybody's version",
        saboteur: Saboteur {
            get: |honest, user, version| {
                let all = (HONEST.search)(honest, &UserFilter::default(), &Page::first(1000))?;
                let whose = all.users.iter().find(|found| found.version == *version);
                (HONEST.get)(honest, &whose.map_or(*user, |found| found.user), version)
            },
            ..HONEST
        },
        trips: &["directory/users-apart"],
    },
    Row {
        does: "does not erase",
        saboteur: Saboteur { erase: |_, _| Ok(()), ..HONEST },
        trips: &["directory/erased"],
    },
    Row {
        does: "erases for everybody",
        saboteur: Saboteur {
            erase: |honest, user| {
                let all = (HONEST.search)(honest, &UserFilter::default(), &Page::first(1000))?;
                let mine = all.users.iter().filter(|found| found.user == *user);
                let mine: Vec<Commitment> = mine.map(|found| found.version).collect();
                let same = all.users.iter().filter(|found| mine.contains(&found.version));
                same.map(|found| found.user).try_for_each(|user| (HONEST.erase)(honest, &user))
            },
            ..HONEST
        },
        trips: &["directory/users-apart"],
    },
    Row {
        does: "begins anew at each start",
        saboteur: Saboteur { reopen: |_| MemoryDirectory::default(), ..HONEST },
        trips: &["directory/draft-comes-back", "directory/erased", "directory/survives-reopen"],
    },
    Row {
        does: "keeps one draft of a user",
        saboteur: Saboteur {
            keep: |honest, user, draft| {
                (HONEST.erase_but)(honest, user, None)?;
                (HONEST.keep)(honest, user, draft)
            },
            ..HONEST
        },
        trips: &["directory/draft-comes-back"],
    },
    Row {
        does: "gives a draft to anybody",
        saboteur: Saboteur {
            keep: |honest, user, draft| {
                (HONEST.keep)(honest, user, draft)?;
                (HONEST.keep)(honest, &EVERYBODY, draft)
            },
            read: |honest, user, version| match (HONEST.read)(honest, user, version)? {
                None => (HONEST.read)(honest, &EVERYBODY, version),
                found => Ok(found),
            },
            ..HONEST
        },
        trips: &["directory/draft-of-another", "directory/drafts-erased"],
    },
    Row {
        does: "erases the draft that is to be kept",
        saboteur: Saboteur {
            erase_but: |honest, user, _| (HONEST.erase_but)(honest, user, None),
            ..HONEST
        },
        trips: &["directory/drafts-erased"],
    },
    Row {
        does: "erases no draft",
        saboteur: Saboteur { erase_but: |_, _, _| Ok(()), ..HONEST },
        trips: &["directory/drafts-erased"],
    },
    Row {
        does: "loses what two store at once",
        saboteur: Saboteur {
            put: |honest, user, version| {
                let all = || (HONEST.search)(honest, &UserFilter::default(), &Page::first(10_000));
                let before = all()?.users.len();
                std::thread::sleep(std::time::Duration::from_millis(3));
                if all()?.users.len() == before {
                    (HONEST.put)(honest, user, version)
                } else {
                    Ok(())
                }
            },
            ..HONEST
        },
        trips: &["directory/threads"],
    },
    Row {
        does: "compares words as they are typed",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let typed = filter.words.clone().unwrap_or_default();
                keeping(honest, filter, page, |index| {
                    typed.split(' ').all(|word| index.contains(word))
                })
            },
            ..HONEST
        },
        trips: &[
            "directory/erased",
            "directory/every-field",
            "directory/every-word",
            "directory/many-words",
            "directory/nothing-asked",
            "directory/organisation-words",
            "directory/pages",
            "directory/put-twice",
            "directory/survives-reopen",
            "directory/threads",
            "directory/versions-kept",
            "directory/wildcards",
            "directory/word-beginnings",
        ],
    },
    Row {
        does: "finds whole words only",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let typed = filter.words.clone().unwrap_or_default();
                let typed = search_words(&typed);
                keeping(honest, filter, page, |index| {
                    typed.iter().all(|word| index.split(' ').any(|other| other == word))
                })
            },
            ..HONEST
        },
        trips: &[
            "directory/every-word",
            "directory/many-words",
            "directory/organisation-words",
            "directory/pages",
            "directory/wildcards",
            "directory/word-beginnings",
        ],
    },
    Row {
        does: "looks for the first word only",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let mut filter = filter.clone();
                let first = |words: String| search_words(&words).into_iter().next();
                filter.words = filter.words.and_then(first);
                (HONEST.search)(honest, &filter, page)
            },
            ..HONEST
        },
        trips: &[
            "directory/every-field",
            "directory/every-word",
            "directory/many-words",
            "directory/wildcards",
            "directory/word-beginnings",
        ],
    },
    Row {
        does: "does not look at organisations",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let mut found = (HONEST.search)(honest, filter, page)?;
                let person = |filter: &UserFilter| filter.kind.is_some() || filter.words.is_none();
                if !person(filter) {
                    let typed = filter.words.clone().unwrap_or_default();
                    let first = search_words(&typed).into_iter().next();
                    found.users.retain(|user| {
                        let name = user.record.data.subject.person().name.full();
                        let name = search_words(&name);
                        first.iter().all(|word| name.iter().any(|other| other.starts_with(word)))
                    });
                }
                Ok(found)
            },
            ..HONEST
        },
        trips: &["directory/organisation-words"],
    },
    Row {
        does: "does not look at logins",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let filter = without(filter, |filter| filter.login = None);
                (HONEST.search)(honest, &filter, page)
            },
            ..HONEST
        },
        trips: &["directory/erased", "directory/login"],
    },
    Row {
        does: "knows persons' INN only",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let mut found = (HONEST.search)(honest, filter, page)?;
                let inn = filter.inn.clone().unwrap_or_default();
                found.users.retain(|user| {
                    inn.is_empty() || user.record.data.subject.person().inn.as_str() == inn
                });
                Ok(found)
            },
            ..HONEST
        },
        trips: &["directory/inn"],
    },
    Row {
        does: "finds no SNILS",
        saboteur: Saboteur {
            search: |honest, filter, page| match &filter.snils {
                Some(_) => Ok(FoundUsers::default()),
                None => (HONEST.search)(honest, filter, page),
            },
            ..HONEST
        },
        trips: &["directory/every-field", "directory/snils"],
    },
    Row {
        does: "looks at any of the fields",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let filter = match (&filter.words, &filter.kind) {
                    (Some(_), Some(_)) => without(filter, |filter| filter.kind = None),
                    _ => filter.clone(),
                };
                (HONEST.search)(honest, &filter, page)
            },
            ..HONEST
        },
        trips: &["directory/every-field"],
    },
    Row {
        does: "finds nobody where nothing is asked for",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                if *filter == UserFilter::default() {
                    let none = Page { limit: 0, ..page.clone() };
                    return (HONEST.search)(honest, filter, &none);
                }
                (HONEST.search)(honest, filter, page)
            },
            ..HONEST
        },
        trips: &["directory/nothing-asked"],
    },
    Row {
        does: "takes the underline for any letter",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let mut filter = filter.clone();
                let before = |words: String| words.split('_').next().map(str::to_owned);
                filter.words = filter.words.and_then(before);
                (HONEST.search)(honest, &filter, page)
            },
            ..HONEST
        },
        trips: &["directory/wildcards"],
    },
    Row {
        does: "fails on a thousand words",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let words = filter.words.as_deref().unwrap_or_default().split(' ').count();
                if words > 1000 {
                    Err(ErrorKind::Fault.at("search"))
                } else {
                    (HONEST.search)(honest, filter, page)
                }
            },
            ..HONEST
        },
        trips: &["directory/many-words"],
    },
    Row {
        does: "gives one user too many",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let limit = page.limit.saturating_add(1);
                (HONEST.search)(honest, filter, &Page { limit, ..page.clone() })
            },
            ..HONEST
        },
        trips: &["directory/nothing-asked", "directory/pages"],
    },
    Row {
        does: "gives the first page only",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                Ok(FoundUsers { next: None, ..(HONEST.search)(honest, filter, page)? })
            },
            ..HONEST
        },
        trips: &["directory/nothing-asked", "directory/pages"],
    },
    Row {
        does: "begins again at a foreign cursor",
        saboteur: Saboteur {
            search: |honest, filter, page| {
                let answer = (HONEST.search)(honest, filter, page);
                answer.or_else(|_| (HONEST.search)(honest, filter, &Page::first(page.limit)))
            },
            ..HONEST
        },
        trips: &["directory/foreign-cursor"],
    },
];

#[test]
fn each_trips_what_it_breaks() {
    let wrong = on_threads(4, |thread| async move {
        let mut wrong = Vec::new();
        for row in SABOTEURS.iter().skip(thread).step_by(4) {
            let (tripped, expected) = (tripped(row), row.trips.iter().copied().collect());
            if tripped != expected {
                wrong.push(format!("{}: {tripped:?}", row.does));
            }
        }
        wrong
    });
    assert_eq!(wrong.len(), 4);
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_check_is_tripped() {
    let tripped: BTreeSet<&str> = SABOTEURS.iter().flat_map(|row| row.trips).copied().collect();
    let checks: BTreeSet<&str> = directory_checks().iter().map(|check| check.id).collect();
    let idle: Vec<_> = checks.difference(&tripped).collect();
    assert!(idle.is_empty(), "no saboteur trips {idle:?}");
}

fn tripped(row: &Row) -> BTreeSet<&'static str> {
    let store = MemoryDirectory::default();
    let open = || -> Box<dyn UserDirectory> {
        let honest = (row.saboteur.reopen)(&store);
        Box::new(Sabotaged { honest, saboteur: row.saboteur })
    };
    block_on(directory(row.does, &open)).failed()
}

struct Sabotaged {
    honest: MemoryDirectory,
    saboteur: Saboteur,
}

impl core::fmt::Debug for Sabotaged {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Sabotaged(..)")
    }
}

#[async_trait]
impl UserDirectory for Sabotaged {
    async fn put(&self, user: &UserId, version: &SealedRecord) -> Result<()> {
        (self.saboteur.put)(&self.honest, user, version)
    }

    async fn get(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedRecord>> {
        (self.saboteur.get)(&self.honest, user, version)
    }

    async fn search(&self, filter: &UserFilter, page: &Page) -> Result<FoundUsers> {
        (self.saboteur.search)(&self.honest, filter, page)
    }

    async fn erase(&self, user: &UserId) -> Result<()> {
        (self.saboteur.erase)(&self.honest, user)
    }

    fn drafts(&self) -> Option<&dyn Drafts> {
        Some(self)
    }
}

#[async_trait]
impl Drafts for Sabotaged {
    async fn keep(&self, user: &UserId, draft: &SealedDraft) -> Result<()> {
        (self.saboteur.keep)(&self.honest, user, draft)
    }

    async fn read(&self, user: &UserId, version: &Commitment) -> Result<Option<SealedDraft>> {
        (self.saboteur.read)(&self.honest, user, version)
    }

    async fn erase_but(&self, user: &UserId, kept: Option<&Commitment>) -> Result<()> {
        (self.saboteur.erase_but)(&self.honest, user, kept)
    }
}

const EVERYBODY: UserId = UserId::new([0xee; 16]);

/// The honest answer without those whose words are not to the saboteur's liking.
fn keeping(
    honest: &MemoryDirectory,
    filter: &UserFilter,
    page: &Page,
    likes: impl Fn(&str) -> bool,
) -> Result<FoundUsers> {
    let mut found = (HONEST.search)(honest, filter, page)?;
    found.users.retain(|user| likes(&user.record.data.search_index()));
    Ok(found)
}

fn without(filter: &UserFilter, forget: impl FnOnce(&mut UserFilter)) -> UserFilter {
    let mut filter = filter.clone();
    forget(&mut filter);
    filter
}
