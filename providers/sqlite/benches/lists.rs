//! Pages of lists, searches and openings over 1,000,000 cases: `cargo bench -p gost-ca-sqlite --bench lists`.
//!
//! The file is made once, in Cargo's folder for temporary files, with `BENCH_CASES` cases of a quarter as many
//! people. Each question is asked many times, at different places; the run fails where a page takes 10 ms.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::maybe_infinite_iter,
    clippy::trivially_copy_pass_by_ref,
    clippy::type_complexity,
    clippy::unused_self,
    reason = "a measurement that cannot go on panics"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gost_ca::Timestamp;
use gost_ca::id::{CaseId, CommandId, OfficeId, UserId, WriterId};
use gost_ca::provider::journal::{
    AccountFilter, Batch, CaseFilter, Change, CommandMark, Cursor, Expected, Page, Query,
    StoredEntry, StreamId,
};
use gost_ca::provider::{Journal, UserDirectory, UserFilter};
use gost_ca::view::{AccountView, CaseState, CaseView, CertificateView, Role, View};
use gost_ca::x509::{KeyIdentity, SerialNumber};
use gost_ca_sqlite::SqliteStore;
use tokio::runtime::Runtime;

#[path = "lists/people.rs"]
mod people;

/// The longest that a page may take.
const LIMIT: Duration = Duration::from_millis(10);
/// Rows of a page.
const ROWS: usize = 50;
const OFFICES: u64 = 20;
/// How often each question is asked.
const TIMES: u64 = 200;
/// 2027.
const BEGIN: i64 = 1_800_000_000;
const DAY: i64 = 86_400;

fn main() -> ExitCode {
    let cases = std::env::var("BENCH_CASES").ok().and_then(|text| text.parse().ok());
    let office = Office { cases: cases.unwrap_or(1_000_000) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let path =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("lists-{}.db", office.cases));
    if !path.exists() {
        let clock = Instant::now();
        runtime.block_on(office.make(&path));
        println!("the file is made: {:?}", clock.elapsed());
    }
    let (clock, before) = (Instant::now(), resident());
    let store = SqliteStore::open(&path, WriterId::new([9; 16])).unwrap();
    println!("opened in {:?}, {} KiB", clock.elapsed(), resident().saturating_sub(before));
    let measure = Measure { runtime, store, office };
    let slow = measure.all();
    println!("{} KiB above the start after all questions", resident().saturating_sub(before));
    if slow == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A register, every row of which is a function of its number.
#[derive(Clone, Copy)]
struct Office {
    cases: u64,
}

impl Office {
    const fn people(&self) -> u64 {
        self.cases / 4
    }

    fn user(number: u64) -> UserId {
        UserId::new(mixed(number, 1))
    }

    fn office(number: u64) -> OfficeId {
        format!("office-{}", mix(number) % OFFICES).parse().unwrap()
    }

    fn serial(number: u64) -> SerialNumber {
        SerialNumber::from_magnitude(&[&[0x51], &mixed(number, 3)[..]].concat()).unwrap()
    }

    fn thumbprint(number: u64) -> [u8; 20] {
        let mut thumbprint = [0; 20];
        thumbprint[..16].copy_from_slice(&mixed(number, 4));
        thumbprint
    }

    fn key(number: u64) -> KeyIdentity {
        let octets = [mixed(number, 5), mixed(number, 6)].concat();
        KeyIdentity::from_octets(octets.try_into().unwrap())
    }

    fn state(number: u64) -> CaseState {
        match mix(number) % 100 {
            0..70 => CaseState::Active,
            70..75 => CaseState::Suspended,
            75..90 => CaseState::Revoked,
            90..95 => CaseState::Built,
            _ => CaseState::Cancelled,
        }
    }

    /// The newest cases are those with the greatest numbers.
    fn created(number: u64) -> Timestamp {
        Timestamp::from_second(BEGIN + number as i64 * 60).unwrap()
    }

    fn rows(&self, number: u64) -> Vec<View> {
        let (case, state) = (CaseId::new(mixed(number, 2)), Self::state(number));
        let created = Self::created(number);
        let certified =
            matches!(state, CaseState::Active | CaseState::Suspended | CaseState::Revoked);
        let end = Timestamp::from_second(created.as_second() + 450 * DAY).unwrap();
        let view = View::Case(CaseView {
            case,
            user: Self::user(number % self.people().max(1)),
            office: Some(Self::office(number)),
            state,
            lineage: case,
            created,
            not_after: certified.then_some(end),
            hidden: mix(number) % 1_000 == 80,
            due: None,
        });
        let certificate = certified.then(|| {
            View::Certificate(CertificateView {
                issuer: KeyIdentity::from_octets([7; 32]),
                serial: Self::serial(number),
                case,
                thumbprint: Some(Self::thumbprint(number)),
                subject_key: Self::key(number),
                not_after: end,
                listed: None,
            })
        });
        [Some(view), certificate].into_iter().flatten().collect()
    }

    fn account(number: u64) -> View {
        View::Account(AccountView {
            user: Self::user(number),
            role: Role::User,
            office: Some(Self::office(number)),
            state: gost_ca::view::AccountState::Active,
            registration: None,
            created: Self::created(number),
            due: None,
        })
    }

    async fn make(&self, path: &Path) {
        let unfinished = path.with_extension("new");
        let _there_may_be_none = std::fs::remove_file(&unfinished);
        let store = Arc::new(SqliteStore::open(&unfinished, WriterId::new([1; 16])).unwrap());
        for first in (0..self.cases).step_by(2_000) {
            let numbers = first..self.cases.min(first + 2_000);
            let change = |number| {
                let stream = StreamId::Case(CaseId::new(mixed(number, 2)));
                change(stream, self.rows(number))
            };
            commit(&store, first, numbers.map(change).collect()).await;
        }
        for first in (0..self.people()).step_by(2_000) {
            let numbers = first..self.people().min(first + 2_000);
            let change =
                |number| change(StreamId::Account(Self::user(number)), vec![Self::account(number)]);
            commit(&store, u64::MAX - first, numbers.clone().map(change).collect()).await;
            let puts: Vec<_> = numbers
                .map(|number| {
                    let store = Arc::clone(&store);
                    tokio::spawn(async move {
                        let sealed = people::person(number).seal([7; 32]);
                        store.put(&Self::user(number), &sealed).await.unwrap();
                    })
                })
                .collect();
            for put in puts {
                put.await.unwrap();
            }
        }
        drop(store);
        std::fs::rename(unfinished, path).unwrap();
    }
}

fn change(stream: StreamId, views: Vec<View>) -> Change {
    let entries = vec![StoredEntry(b"{}".to_vec())];
    Change { stream, expected: Expected::Exactly(0), entries, views }
}

async fn commit(store: &SqliteStore, number: u64, changes: Vec<Change>) {
    let batch = Batch {
        command: CommandMark { id: CommandId::new(mixed(number, 9)), digest: [0; 32] },
        at: Office::created(0),
        changes,
        claims: Vec::new(),
        documents: Vec::new(),
        outcome: Vec::new(),
    };
    store.commit(&batch).await.unwrap();
}

struct Measure {
    runtime: Runtime,
    store: SqliteStore,
    office: Office,
}

impl Measure {
    /// Asks everything; gives how many questions took too long.
    fn all(&self) -> usize {
        let (lists, searches) = (self.lists(), self.searches());
        lists + searches
    }

    fn lists(&self) -> usize {
        let one = |number| vec![Office::office(number)];
        let anywhere = self.places(&Query::Cases(CaseFilter::default()));
        let month = |number: u64| {
            let start = Office::created(self.pick(number));
            let end = Timestamp::from_second(start.as_second() + 30 * DAY).unwrap();
            Some(start..end)
        };
        let cases = |filter| Query::Cases(filter);
        let none = CaseFilter::default;
        let questions: Vec<Question<'_>> = vec![
            ("the newest cases", Box::new(move |_| (cases(none()), None))),
            ("cases from the middle of the list", {
                let middle = anywhere.clone();
                Box::new(move |n| (cases(none()), middle.get(n as usize % middle.len()).cloned()))
            }),
            (
                "cases of an office",
                Box::new(move |n| (cases(CaseFilter { offices: one(n), ..none() }), None)),
            ),
            (
                "cases of five offices in two states, hidden too",
                Box::new(move |n| {
                    let offices = (n..n + 5).map(Office::office).collect();
                    let states = vec![CaseState::Active, CaseState::Suspended];
                    (cases(CaseFilter { offices, states, hidden: true, ..none() }), None)
                }),
            ),
            (
                "requests that wait",
                Box::new(move |_| {
                    (cases(CaseFilter { states: vec![CaseState::Built], ..none() }), None)
                }),
            ),
            (
                "certificates that end in a month",
                Box::new(move |n| (cases(CaseFilter { expires: month(n), ..none() }), None)),
            ),
            (
                "those of one office",
                Box::new(move |n| {
                    (cases(CaseFilter { expires: month(n), offices: one(n), ..none() }), None)
                }),
            ),
            ("cases of a person", Box::new(|n| (Query::CasesOf(vec![self.somebody(n)]), None))),
            (
                "cases of fifty people",
                Box::new(|n| {
                    (Query::CasesOf((n..n + 50).map(|n| self.somebody(n)).collect()), None)
                }),
            ),
            ("accounts", Box::new(|_| (Query::Accounts(AccountFilter::default()), None))),
            (
                "accounts of an office",
                Box::new(move |n| {
                    let filter = AccountFilter {
                        offices: one(n),
                        role: Some(Role::User),
                        states: Vec::new(),
                    };
                    (Query::Accounts(filter), None)
                }),
            ),
            (
                "a serial number",
                Box::new(|n| (Query::Serial(Office::serial(self.certified(n))), None)),
            ),
            (
                "a thumbprint",
                Box::new(|n| (Query::Thumbprint(Office::thumbprint(self.certified(n))), None)),
            ),
            (
                "a subject key",
                Box::new(|n| (Query::SubjectKey(Office::key(self.certified(n))), None)),
            ),
            ("what is due", Box::new(|_| (Query::Due(Timestamp::MAX), None))),
        ];
        questions.into_iter().filter(|(name, question)| !self.lists_in_time(name, question)).count()
    }

    fn lists_in_time(&self, name: &str, question: &Asked<'_>) -> bool {
        self.in_time(name, |number| {
            let (query, after) = question(number);
            let page = Page { after, limit: ROWS };
            self.runtime.block_on(self.store.find(&query, &page)).unwrap().views.len()
        })
    }

    fn searches(&self) -> usize {
        let words = |words: String| UserFilter { words: Some(words), ..UserFilter::default() };
        let searches: Vec<(&str, Box<dyn Fn(u64) -> UserFilter + '_>)> = vec![
            (
                "people by the beginning of a name",
                Box::new(move |n| words(people::surname(n).chars().take(3).collect())),
            ),
            (
                "by one letter",
                Box::new(move |n| words(people::surname(n).chars().take(1).collect())),
            ),
            ("by a surname", Box::new(move |n| words(people::surname(n).to_owned()))),
            (
                "by surname and name",
                Box::new(move |n| {
                    words(format!("{} {}", people::surname(n), people::given_name(n)))
                }),
            ),
            (
                "by surname, name and what nobody is called",
                Box::new(move |n| {
                    words(format!("{} {} йцу", people::surname(n), people::given_name(n)))
                }),
            ),
            (
                "by login",
                Box::new(|n| {
                    let login = people::login(self.somebody_number(n)).try_into().ok();
                    UserFilter { login, ..UserFilter::default() }
                }),
            ),
            (
                "by SNILS",
                Box::new(|n| {
                    let snils = Some(people::snils(self.somebody_number(n)));
                    UserFilter { snils, ..UserFilter::default() }
                }),
            ),
        ];
        let in_time = |name: &str, filter: &dyn Fn(u64) -> UserFilter| {
            self.in_time(name, |number| {
                let (filter, page) = (filter(number), Page::first(ROWS));
                self.runtime.block_on(self.store.search(&filter, &page)).unwrap().users.len()
            })
        };
        searches.iter().filter(|(name, filter)| !in_time(name, filter)).count()
    }

    /// Asks many times; whether the median is within the limit.
    fn in_time(&self, name: &str, ask: impl Fn(u64) -> usize) -> bool {
        let mut rows = 0;
        let mut waited: Vec<Duration> = (0..TIMES)
            .map(|number| {
                let clock = Instant::now();
                rows += ask(number);
                clock.elapsed()
            })
            .collect();
        waited.sort_unstable();
        let (median, most) = (waited[waited.len() / 2], waited[waited.len() * 99 / 100]);
        let found = rows as f64 / TIMES as f64;
        println!("{name}: median {median:?}, 99 % {most:?}, {found:.1} rows");
        median < LIMIT
    }

    /// Places in a list, far from its beginning.
    fn places(&self, query: &Query) -> Vec<Cursor> {
        let (mut places, mut page) = (Vec::new(), Page::first(5_000));
        for _ in 0..20 {
            let found = self.runtime.block_on(self.store.find(query, &page)).unwrap();
            let Some(next) = found.next else { break };
            places.push(next.clone());
            page.after = Some(next);
        }
        places
    }

    fn pick(&self, number: u64) -> u64 {
        mix(number) % self.office.cases
    }

    /// A case with a certificate.
    fn certified(&self, number: u64) -> u64 {
        let certified = |number: &u64| Office::state(*number) == CaseState::Active;
        (self.pick(number)..).find(certified).unwrap_or_default()
    }

    fn somebody_number(&self, number: u64) -> u64 {
        mix(number) % self.office.people().max(1)
    }

    fn somebody(&self, number: u64) -> UserId {
        Office::user(self.somebody_number(number))
    }
}

type Asked<'a> = Box<dyn Fn(u64) -> (Query, Option<Cursor>) + 'a>;
type Question<'a> = (&'static str, Asked<'a>);

/// Sixteen octets that look random, another sixteen for each purpose.
fn mixed(number: u64, purpose: u64) -> [u8; 16] {
    let first = mix(number ^ (purpose << 56));
    let octets = [first.to_be_bytes(), mix(first ^ number).to_be_bytes()].concat();
    octets.try_into().unwrap()
}

/// A bijection that looks random (splitmix64).
const fn mix(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Memory in use, in KiB, from Linux; nothing elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}
