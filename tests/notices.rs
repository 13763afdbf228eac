//! Notices to owners: of what happens, and once at each threshold before the end, whatever crashes.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use gost_ca::command::Command;
use gost_ca::entry::Entry;
use gost_ca::id::{CaseId, NoticeId};
use gost_ca::lifecycle::Dispatch;
use gost_ca::notice::NoticeKind;
use gost_ca::profile::Profile;
use gost_ca::provider::journal::{NoticeFilter, Page, StreamId};
use gost_ca::provider::{ErrorKind, Notice, Notifier, Result as Provided};
use gost_ca::view::NoticeState;
use gost_ca::{RegistrationAuthority, Settings};
use gost_ca_memory::MemoryNotifier;
use jiff::SignedDuration;

#[path = "support/authorities.rs"]
mod authorities;
#[path = "support/bench.rs"]
mod bench;
#[path = "support/desk.rs"]
mod desk;
#[path = "support/doubles.rs"]
mod doubles;

use bench::{Bench, resume, revoke, suspend};
use desk::Result;
use doubles::{Failing, Hook};

/// A bench whose registration authority tells owners.
async fn telling(notifier: &Arc<impl Notifier + 'static>) -> Result<Bench> {
    let mut bench = Bench::open().await?;
    bench.desk.ra = node(&bench, notifier, desk::settings());
    Ok(bench)
}

fn node(
    bench: &Bench,
    notifier: &Arc<impl Notifier + 'static>,
    settings: Settings,
) -> RegistrationAuthority {
    let providers = bench.desk.ra.providers().clone();
    RegistrationAuthority::new(providers.with_notifier(Arc::clone(notifier) as _), settings)
}

/// A certificate of somebody who has an address.
async fn active(bench: &Bench, number: u32, profile: &str) -> Result<CaseId> {
    let (user, _) = bench.user(number).await?;
    bench.desk.run(&bench.desk.operator, bench.edit(user, number).await?).await?;
    let signer = bench::user_key(number, &bench.desk.rng);
    bench.desk.issue(&bench.desk.operator, user, profile, &signer).await
}

/// Time goes on in steps, and the engine looks after each.
async fn days(bench: &Bench, days: i64) -> Result<()> {
    for _ in 0..days {
        bench.desk.clock.advance(86_400);
        bench.desk.ra.sweep().await?;
    }
    Ok(())
}

#[tokio::test]
async fn owners_are_told_what_happens() -> Result<()> {
    let notifier = Arc::new(MemoryNotifier::default());
    let bench = telling(&notifier).await?;
    let case = active(&bench, 10, "commercial").await?;
    for command in [suspend(case), resume(case), revoke(case)] {
        bench.desk.run(&bench.desk.operator, command).await?;
        bench.desk.clock.advance(31);
        bench.desk.ra.sweep().await?;
    }
    let told = notifier.notices();
    let serial = bench.case(case).await?.issued().unwrap().serial.to_string();
    let subjects: Vec<_> = told.iter().map(|notice| notice.subject.clone()).collect();
    let right = [
        "Ваши регистрационные данные изменены".to_owned(),
        format!("Сертификат № {serial} создан"),
        format!("Действие сертификата № {serial} приостановлено"),
        format!("Действие сертификата № {serial} возобновлено"),
        format!("Действие сертификата № {serial} прекращено"),
    ];
    assert_eq!(
        subjects.iter().collect::<BTreeSet<_>>(),
        right.iter().collect::<BTreeSet<_>>(),
        "each once"
    );
    assert_eq!(told.len(), right.len());
    assert!(told.iter().all(|notice| notice.to.as_str() == "new-10@example.org"));
    assert!(
        told.iter().all(|notice| notice.text.contains("Лебедева Анна Сергеевна")),
        "{}",
        told[0].text
    );
    let named = told.iter().map(|notice| notice.id).collect::<BTreeSet<_>>();
    assert_eq!(named.len(), told.len(), "each by its own id");
    assert!(!format!("{told:?}").contains("Лебедева"), "and nobody is printed");
    bench.check().await
}

#[tokio::test]
async fn nobody_is_told_where_nobody_delivers() -> Result<()> {
    let bench = Bench::open().await?;
    active(&bench, 10, "commercial").await?;
    let page = Page::first(10);
    let administrator = &bench.desk.administrator;
    let (listed, _) =
        bench.desk.ra.list_notices(administrator, NoticeFilter::default(), &page).await?;
    assert_eq!(listed, []);
    Ok(())
}

/// Whoever delivers comes later: what was issued before is reminded of all the same, and once.
#[tokio::test]
async fn certificates_of_before_the_notifier_are_reminded_of() -> Result<()> {
    let mut bench = Bench::open().await?;
    let profile = Profile { months: 3, key_months: 3, id: "short".parse()?, ..desk::profile() };
    let adopt = Command::AdoptProfile { profile: Box::new(profile) };
    bench.desk.run(&bench.desk.administrator, adopt).await?;
    active(&bench, 10, "short").await?;
    let revoked = active(&bench, 11, "short").await?;
    bench.desk.run(&bench.desk.operator, revoke(revoked)).await?;
    days(&bench, 40).await?; // the first threshold is past
    let page = Page::first(10);
    assert_eq!(bench.desk.ra.remind_of_older(&page).await?, (0, None), "nobody delivers");

    let notifier = Arc::new(MemoryNotifier::default());
    bench.desk.ra = node(&bench, &notifier, desk::settings());
    days(&bench, 1).await?;
    assert_eq!(notifier.notices().len(), 0);
    let ra = &bench.desk.ra;
    let (reminded, _) = ra.remind_of_older(&page).await?;
    assert!(reminded >= 1, "the user's, and those of the staff");
    assert_eq!(ra.remind_of_older(&page).await?.0, 0, "each once");
    let later = active(&bench, 12, "short").await?;
    days(&bench, 60).await?;
    let administrator = &bench.desk.administrator;
    let mut told = Vec::new();
    for notice in notifier.notices() {
        let dispatch = bench.desk.ra.notice(administrator, &notice.id).await?;
        told.push((dispatch.case(), dispatch.kind()));
    }
    let older: Vec<_> = told
        .iter()
        .filter_map(|(case, kind)| match kind {
            NoticeKind::CertificateExpires { days } if *case != Some(later) => Some(*days),
            _ => None,
        })
        .collect();
    assert_eq!(older, [60, 30, 14, 7, 1]);
    assert_eq!(bench.desk.ra.remind_of_older(&page).await?.0, 0, "nor those of now");
    bench.check().await
}

#[tokio::test]
async fn each_threshold_is_reminded_of_once() -> Result<()> {
    let notifier = Arc::new(MemoryNotifier::default());
    let bench = telling(&notifier).await?;
    let desk = &bench.desk;
    // the key ends a month before the certificate
    let profile = Profile { months: 3, key_months: 2, id: "short".parse()?, ..desk::profile() };
    let adopt = Command::AdoptProfile { profile: Box::new(profile) };
    desk.run(&desk.administrator, adopt).await?;
    let case = active(&bench, 10, "short").await?;
    let end = bench.case(case).await?.not_after().unwrap();
    let twin = node(&bench, &notifier, desk::settings());
    let mut days_left = Vec::new();
    let mut known = 0;
    for _ in 0..100 {
        desk.clock.advance(86_400);
        // two nodes sweep at once
        let (one, other) = tokio::join!(desk.ra.sweep(), twin.sweep());
        one.and(other)?;
        for notice in notifier.notices().into_iter().skip(known) {
            known += 1;
            let left = end.duration_since(desk.clock_now()).as_hours() / 24;
            let kind = bench.desk.ra.notice(&desk.administrator, &notice.id).await?.kind();
            days_left.push((kind, left));
        }
    }
    let certificate: Vec<_> = days_left
        .iter()
        .filter_map(|(kind, left)| match kind {
            NoticeKind::CertificateExpires { days } => Some((*days, *left)),
            _ => None,
        })
        .collect();
    assert_eq!(certificate, [(60, 60), (30, 30), (14, 14), (7, 7), (1, 1)]);
    let key: Vec<_> = days_left
        .iter()
        .filter_map(|(kind, _)| match kind {
            NoticeKind::KeyExpires { days } => Some(*days),
            _ => None,
        })
        .collect();
    assert_eq!(key, [60, 30, 14, 7, 1]);
    bench.check().await
}

#[tokio::test]
async fn late_reminders_are_told_once_and_ended_ones_never() -> Result<()> {
    let notifier = Arc::new(MemoryNotifier::default());
    let bench = telling(&notifier).await?;
    let desk = &bench.desk;
    let (late, ended) =
        (active(&bench, 10, "commercial").await?, active(&bench, 11, "commercial").await?);
    let renewed = active(&bench, 12, "commercial").await?;
    days(&bench, 1).await?;
    let before = notifier.notices().len();
    // nobody swept for a year and more
    let end = bench.case(late).await?.not_after().unwrap();
    let ten_days_before = end - SignedDuration::from_hours(240);
    desk.run(&desk.operator, revoke(ended)).await?;
    let gost_ca::command::Outcome::RequestCreated { case: successor } =
        desk.run(&desk.operator, Command::Renew { case: renewed }).await?
    else {
        panic!("a successor")
    };
    desk.run(&desk.operator, bench.import(successor, 77).await?).await?;
    desk.run(&desk.operator, Command::Submit { case: successor }).await?;
    desk.clock.advance(ten_days_before.duration_since(desk.clock_now()).as_secs());
    for _ in 0..10 {
        desk.ra.sweep().await?;
        desk.clock.advance(31);
    }
    let mut told = Vec::new();
    for notice in notifier.notices().into_iter().skip(before) {
        // by now, everybody's session is over
        let entries = bench.journal().load(&StreamId::Notice(notice.id), 0).await?.entries;
        let entries = entries.iter().map(Entry::decode);
        let entries = entries.collect::<std::result::Result<Vec<_>, _>>()?;
        let dispatch = Dispatch::fold(notice.id, &entries)?.unwrap();
        told.push((dispatch.case(), dispatch.kind()));
    }
    let of = |case| -> Vec<NoticeKind> {
        told.iter().filter(|(of, _)| *of == Some(case)).map(|(_, kind)| *kind).collect()
    };
    assert_eq!(of(late), [NoticeKind::CertificateExpires { days: 14 }], "the nearest, once");
    assert_eq!(of(ended), [NoticeKind::Revoked]);
    assert_eq!(of(renewed), []);
    Ok(())
}

/// Fails so many times, then delivers.
#[derive(Debug)]
struct Flaky {
    left: Mutex<u32>,
    kind: ErrorKind,
    inner: MemoryNotifier,
}

impl Flaky {
    fn times(left: u32, kind: ErrorKind) -> Arc<Self> {
        Arc::new(Self { left: Mutex::new(left), kind, inner: MemoryNotifier::default() })
    }
}

#[async_trait::async_trait]
impl Notifier for Flaky {
    async fn notify(&self, notice: &Notice) -> Provided<()> {
        {
            let mut left = self.left.lock().unwrap();
            if *left > 0 {
                *left -= 1;
                return Err(self.kind.clone().at("test"));
            }
        }
        self.inner.notify(notice).await
    }
}

async fn listed(bench: &Bench, state: NoticeState) -> Result<Vec<NoticeId>> {
    let filter = NoticeFilter { states: vec![state], ..NoticeFilter::default() };
    let (rows, _) =
        bench.desk.ra.list_notices(&bench.desk.operator, filter, &Page::first(100)).await?;
    Ok(rows.into_iter().map(|row| row.notice).collect())
}

#[tokio::test]
async fn failures_are_tried_again_later_and_shown() -> Result<()> {
    let flaky = Flaky::times(3, ErrorKind::Unavailable);
    let bench = telling(&flaky).await?;
    let (user, _) = bench.user(10).await?;
    bench.desk.run(&bench.desk.operator, bench.edit(user, 10).await?).await?;
    bench.desk.clock.advance(31);
    bench.desk.ra.sweep().await?;
    let failed = listed(&bench, NoticeState::Failed).await?;
    let [id] = failed.as_slice() else { panic!("{failed:?}") };
    let notice = bench.desk.ra.notice(&bench.desk.operator, id).await?;
    assert_eq!((notice.tries(), notice.why()), (1, Some("provider.unavailable")));
    let mut waits = Vec::new();
    for _ in 0..60 {
        let tries = bench.desk.ra.notice(&bench.desk.operator, id).await?.tries();
        if waits.len() < usize::try_from(tries)? {
            waits.push(0);
        }
        *waits.last_mut().unwrap() += 1;
        bench.desk.clock.advance(60);
        bench.desk.ra.sweep().await?;
    }
    assert_eq!(waits[..3], [5, 10, 20], "each time twice as long");
    assert_eq!(listed(&bench, NoticeState::Sent).await?, [*id]);
    assert_eq!(flaky.inner.notices().len(), 1);
    bench.check().await
}

#[tokio::test]
async fn what_cannot_be_sent_is_given_up_and_says_why() -> Result<()> {
    let flaky = Flaky::times(u32::MAX, ErrorKind::Unavailable);
    let bench = telling(&flaky).await?;
    bench.active(10).await?; // has no address
    let addressed = active(&bench, 11, "commercial").await?;
    days(&bench, 20).await?;
    let mut why = Vec::new();
    for id in listed(&bench, NoticeState::Dropped).await? {
        let notice = bench.desk.ra.notice(&bench.desk.administrator, &id).await?;
        why.push((notice.case() == Some(addressed), notice.why().unwrap().to_owned()));
    }
    why.sort();
    why.dedup();
    let right =
        [(false, "no-address"), (false, "provider.unavailable"), (true, "provider.unavailable")];
    assert_eq!(why, right.map(|(addressed, why)| (addressed, why.to_owned())));
    let refused = Flaky::times(1, ErrorKind::Invalid);
    let bench = telling(&refused).await?;
    let (user, _) = bench.user(10).await?;
    bench.desk.run(&bench.desk.operator, bench.edit(user, 10).await?).await?;
    days(&bench, 1).await?;
    assert_eq!(listed(&bench, NoticeState::Dropped).await?.len(), 1, "never to be delivered");
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_who_was_erased() -> Result<()> {
    let flaky = Flaky::times(1, ErrorKind::Unavailable);
    let mut bench = telling(&flaky).await?;
    let mut settings = desk::settings();
    settings.approvals.erase = 0; // one administrator is enough here
    bench.desk.ra = node(&bench, &flaky, settings);
    let (user, _) = bench.user(10).await?;
    let desk = &bench.desk;
    desk.run(&desk.operator, bench.edit(user, 10).await?).await?;
    bench.desk.ra.sweep().await?;
    let reason = || "№ 3".to_owned();
    let archive = Command::ArchiveUser { user, reason: reason(), termination: None };
    desk.run(&desk.administrator, archive).await?;
    desk.run(&desk.administrator, Command::EraseUser { user, reason: reason() }).await?;
    days(&bench, 1).await?;
    let [id] = listed(&bench, NoticeState::Dropped).await?[..] else { panic!("one notice") };
    let notice = bench.desk.ra.notice(&bench.desk.administrator, &id).await?;
    assert_eq!(notice.why(), Some("erased"));
    assert_eq!(flaky.inner.notices(), []);
    bench.check().await
}

#[tokio::test]
async fn a_crash_while_sending_loses_nothing() -> Result<()> {
    for after in [false, true] {
        for call in 0.. {
            let notifier = Arc::new(MemoryNotifier::default());
            let bench = telling(&notifier).await?;
            let (user, _) = bench.user(10).await?;
            bench.desk.run(&bench.desk.operator, bench.edit(user, 10).await?).await?;
            bench.desk.clock.advance(31);
            let failing = Arc::new(Failing::at(call, after));
            let hook: Arc<dyn Hook> = Arc::clone(&failing) as _;
            let crashing = node_of(&bench.hooked(&hook), &notifier);
            drop(crashing.sweep().await);
            let unused = failing.is_unused();
            // another node takes over, when the try that was begun is over
            for _ in 0..3 {
                bench.desk.clock.advance(11 * 60);
                bench.desk.ra.sweep().await?;
            }
            let told = notifier.notices();
            assert!((1..=2).contains(&told.len()), "{call}: {}", told.len());
            assert!(told.iter().all(|notice| notice.id == told[0].id), "a copy has the same id");
            assert_eq!(listed(&bench, NoticeState::Sent).await?.len(), 1);
            bench.check().await?;
            if unused {
                break;
            }
        }
    }
    Ok(())
}

fn node_of(ra: &RegistrationAuthority, notifier: &Arc<MemoryNotifier>) -> RegistrationAuthority {
    let providers = ra.providers().clone().with_notifier(Arc::clone(notifier) as _);
    RegistrationAuthority::new(providers, desk::settings())
}

#[tokio::test]
async fn another_office_sees_no_notice() -> Result<()> {
    let notifier = Arc::new(MemoryNotifier::default());
    let bench = telling(&notifier).await?;
    let desk = &bench.desk;
    active(&bench, 10, "commercial").await?;
    let open = Command::OpenOffice { office: "other".parse()?, title: "Другой".to_owned() };
    desk.run(&desk.administrator, open).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    let page = Page::first(100);
    let (rows, _) = desk.ra.list_notices(&desk.operator, NoticeFilter::default(), &page).await?;
    assert_eq!(rows.len(), 2);
    let id = rows[0].notice;
    assert_eq!(desk.ra.notice(&stranger, &id).await.unwrap_err().code(), "permission.scope");
    let (rows, _) = desk.ra.list_notices(&stranger, NoticeFilter::default(), &page).await?;
    assert!(rows.iter().all(|row| row.notice != id));
    Ok(())
}
