//! CRLs over a whole life: scheduled, partitioned, changed by delta CRLs, stopped by the gate, published.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use gost_ca::Timestamp;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::{Command, ImportedCertificate, Outcome};
use gost_ca::fact::ImportedStatus;
use gost_ca::lifecycle::crl::DeliveryState;
use gost_ca::lifecycle::{CertificateStatus, CrlState, StatusAt};
use gost_ca::provider::journal::ListPart;
use gost_ca::reason::Reason;
use gost_ca::view::{CaseState, CertificateView};
use gost_ca::x509::Certificate;
use gost_ca::x509::extensions::{DeltaCrlIndicator, FreshestCrl, RevocationReason, find};
use jiff::SignedDuration;

#[path = "../support/desk.rs"]
mod desk;
mod office;
mod parts;
use desk::Result;
use office::{ENDPOINT, Office, policy, resume, revoke, serials, suspend};

#[tokio::test]
async fn crls_are_made_when_their_time_comes() -> Result<()> {
    let office = Office::open(policy()).await?;
    let case = office.desk.active(10).await?;
    let first = office.sweep_after(0).await?;
    assert_eq!((first.crls.len(), first.crls_failed.len()), (1, 0), "{first:?}");
    assert_eq!(office.full().await?.listed().count(), 0);
    assert_eq!(office.sweep_after(1).await?.crls, [], "nothing happened");
    // 1. A revocation is on a delta CRL after the urgency, not before.
    office.operator(revoke(case)).await?;
    let soon = office.sweep_after(0).await?;
    assert_eq!(soon.crls.len(), 1, "the CRL before is older than the urgency: {soon:?}");
    let delta = office.delta().await?.unwrap();
    assert_eq!(serials(&delta), [office.serial(case).await?]);
    assert_eq!(office.full().await?.listed().count(), 0, "the complete one stays");
    assert_eq!(office.sweep_after(0).await?.crls, [], "it is told");
    // 2. After its period the complete one is new.
    assert_eq!(office.sweep_after(12).await?.crls.len(), 1);
    assert_eq!(serials(&office.full().await?), [office.serial(case).await?]);
    assert!(office.delta().await?.is_none());
    let crl = office.full().await?;
    let week = SignedDuration::from_hours(7 * 24);
    assert_eq!(crl.next_update(), Some(crl.this_update() + week));
    assert!(find::<FreshestCrl>(crl.extensions())?.is_some());
    Ok(())
}

/// RFC 5280 §5.2.4: the complete CRL with its delta CRL is what a complete CRL of now would be.
#[tokio::test]
async fn rfc5280_5_2_4_base_and_delta_are_the_whole() -> Result<()> {
    let office = Office::open(policy()).await?;
    let mut cases = Vec::new();
    for number in 10..16 {
        cases.push(office.desk.active(number).await?);
    }
    let [held, resumed, revoked, new_hold, passing, good] = cases[..] else { panic!("six") };
    for case in [held, resumed] {
        office.operator(suspend(case)).await?;
    }
    office.operator(revoke(revoked)).await?;
    office.sweep_after(0).await?;
    office.desk.clock.advance(SignedDuration::from_hours(1).as_secs());
    office.operator(resume(resumed)).await?;
    office.operator(suspend(new_hold)).await?;
    office.operator(revoke(held)).await?;
    office.operator(suspend(passing)).await?;
    office.operator(resume(passing)).await?;
    let swept = office.sweep_after(0).await?;
    assert_eq!(swept.crls.len(), 1, "{swept:?}");
    let (base, delta) = (office.full().await?, office.delta().await?.unwrap());
    let indicator: Option<DeltaCrlIndicator> = find(delta.extensions())?;
    assert_eq!(indicator.map(|base| base.0), base.number());
    assert!(delta.number() > base.number());
    let mut union: BTreeMap<_, _> =
        base.listed().map(|listed| (listed.serial.clone(), listed)).collect();
    for listed in delta.listed() {
        if listed.reason == Some(RevocationReason::RemoveFromCrl) {
            union.remove(&listed.serial);
        } else {
            union.insert(listed.serial.clone(), listed);
        }
    }
    office.issue().await?;
    let whole: BTreeMap<_, _> =
        office.full().await?.listed().map(|listed| (listed.serial.clone(), listed)).collect();
    assert_eq!(union, whole);
    assert_eq!(whole.len(), 3);
    assert!(!whole.contains_key(&office.serial(good).await?));
    Ok(())
}

/// D-1: a hold stays on every consecutive CRL until it ends.
#[tokio::test]
async fn a_hold_stays_until_it_ends() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    let case = office.desk.active(10).await?;
    office.operator(suspend(case)).await?;
    for _ in 0..3 {
        office.issue().await?;
        office.desk.clock.advance(SignedDuration::from_hours(1).as_secs());
        assert_eq!(serials(&office.full().await?), [office.serial(case).await?]);
    }
    office.operator(resume(case)).await?;
    office.issue().await?;
    assert_eq!(serials(&office.full().await?), []);
    Ok(())
}

/// The first CRL is counted from all cases, a later one laid beside the one before: both see through views.
#[tokio::test]
async fn a_view_that_lies_blocks_the_crl() -> Result<()> {
    for crls_before in [0, 1] {
        let office = Office::open(CrlPolicy::default()).await?;
        let (revoked, good) = (office.desk.active(10).await?, office.desk.active(11).await?);
        office.operator(revoke(revoked)).await?;
        for _ in 0..crls_before {
            office.issue().await?;
        }
        let (honest, innocent) = (office.row(revoked).await?, office.row(good).await?);
        let earlier = Timestamp::from_second(0)?;
        let mut unlisted = honest.clone();
        unlisted.listed = None;
        let mut over = honest.clone();
        over.not_after = earlier;
        let mut redated = honest.clone();
        let mut listed = redated.listed.clone().unwrap();
        let place = listed.entry.len() - 14;
        listed.entry[place] ^= 1; // the date's last digits or the reason
        redated.listed = Some(listed.clone());
        let mut framed = innocent.clone();
        framed.listed = Some(CrlLineEntry::of(&innocent));
        for (lie, truth) in
            [(unlisted, &honest), (over, &honest), (redated, &honest), (framed, &innocent)]
        {
            office.overwrite(lie.clone()).await?;
            let error = office.issue().await.unwrap_err();
            assert_eq!(error.code(), "crl.blocked", "{lie:?}: {error}");
            assert_eq!(office.line().await?.state, CrlState::Blocked);
            assert_eq!(office.issue().await.unwrap_err().code(), "state", "it stays blocked");
            assert_eq!(office.desk.ra.crls(&office.desk.authority).await?.len(), crls_before);
            office.overwrite(truth.clone()).await?;
            let part = office.line().await?.part;
            let release = Command::ReleaseCrl { authority: office.desk.authority, part };
            assert_eq!(
                office.desk.refusal(&office.desk.operator, release.clone()).await,
                "permission.role"
            );
            office.desk.run(&office.desk.administrator, release).await?;
        }
        office.issue().await?;
        assert_eq!(serials(&office.full().await?), [office.serial(revoked).await?]);
    }
    Ok(())
}

/// An entry for somebody whose case knows of none.
struct CrlLineEntry;

impl CrlLineEntry {
    fn of(row: &CertificateView) -> gost_ca::view::Listed {
        let date = "2026-03-02T09:00:00Z".parse().unwrap();
        let entry =
            gost_ca::x509::CrlEntry { serial: &row.serial, date, reason: 1, invalidity: None };
        gost_ca::view::Listed { partition: 0, entry: entry.to_der().unwrap() }
    }
}

/// RFC 5280 §3.3: what has ended stays for the look-back, then leaves by itself.
#[tokio::test]
async fn what_has_ended_leaves_the_list() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    let case = office.desk.active(10).await?;
    office.operator(revoke(case)).await?;
    office.issue().await?;
    let end = office.row(case).await?.not_after;
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    let wait = |until: Timestamp| {
        office.desk.clock.advance(until.duration_since(office.desk.clock_now()).as_secs());
    };
    wait(end + days(6));
    office.sweep_after(0).await?;
    assert_eq!(office.full().await?.listed().count(), 1);
    wait(end + days(8));
    let swept = office.sweep_after(0).await?;
    assert_eq!((swept.crls.len(), office.full().await?.listed().count()), (1, 0), "{swept:?}");
    Ok(())
}

/// A policy keeps what has ended: `expiredCertsOnCRL` says since when.
#[tokio::test]
async fn what_has_ended_is_kept_where_the_policy_says_so() -> Result<()> {
    let since = desk::START.parse()?;
    let policy = CrlPolicy { expired_since: Some(since), ..CrlPolicy::default() };
    let office = Office::open(policy).await?;
    let case = office.desk.active(10).await?;
    office.operator(revoke(case)).await?;
    let end = office.row(case).await?.not_after;
    office.desk.clock.advance(end.duration_since(office.desk.clock_now()).as_secs());
    office.sweep_after(24 * 30).await?;
    let crl = office.full().await?;
    assert_eq!(crl.listed().count(), 1);
    let said: Option<gost_ca::x509::extensions::ExpiredCertsOnCrl> = find(crl.extensions())?;
    assert_eq!(said.map(|said| said.0), Some(since));
    Ok(())
}

/// Half the list resumed at once: true, and yet somebody should look.
#[tokio::test]
async fn a_list_that_shrinks_waits_for_an_administrator() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    let mut cases = Vec::new();
    for number in 10..35 {
        cases.push(office.desk.active(number).await?);
        office.operator(suspend(cases[cases.len() - 1])).await?;
    }
    office.issue().await?;
    for case in &cases[..10] {
        office.operator(resume(*case)).await?;
    }
    let error = office.issue().await.unwrap_err();
    assert!(error.to_string().contains("25 entries shrank to 15"), "{error}");
    assert_eq!(office.full().await?.listed().count(), 25, "the CRL before stays");
    assert_eq!(office.sweep_after(24).await?.crls, [], "nor does the engine go on");
    let part = office.line().await?.part;
    let release = Command::ReleaseCrl { authority: office.desk.authority, part };
    office.desk.run(&office.desk.administrator, release).await?;
    assert_eq!(office.sweep_after(0).await?.crls.len(), 1);
    assert_eq!(office.full().await?.listed().count(), 15);
    Ok(())
}

#[tokio::test]
async fn what_did_not_get_there_is_sent_again() -> Result<()> {
    let office = Office::open(policy()).await?;
    office.web.down.store(true, Ordering::Relaxed);
    assert_eq!(office.sweep_after(0).await?.crls.len(), 1, "it is made all the same");
    assert_eq!(office.line().await?.state, CrlState::Stored);
    assert_eq!(office.web.files.names(), [""; 0]);
    office.web.down.store(false, Ordering::Relaxed);
    office.sweep_after(0).await?;
    assert_eq!(office.web.files.names(), [""; 0], "not at once again");
    office.sweep_after(1).await?;
    let line = office.line().await?;
    assert_eq!(line.state, CrlState::Published);
    let names = office.web.files.names();
    let published = office.web.files.get(&names[0]).unwrap();
    assert_eq!(published, office.desk.ra.crls(&office.desk.authority).await?[0]);
    assert_eq!(line.full.unwrap().deliveries.len(), 1);
    Ok(())
}

/// What was published when is told of every CRL, not of the newest alone.
#[tokio::test]
async fn the_history_of_publication_is_kept() -> Result<()> {
    let office = Office::open(policy()).await?;
    let case = office.desk.active(10).await?;
    office.web.down.store(true, Ordering::Relaxed);
    office.sweep_after(0).await?;
    office.web.down.store(false, Ordering::Relaxed);
    office.sweep_after(1).await?;
    let first = office.desk.clock_now();
    office.operator(revoke(case)).await?;
    office.sweep_after(1).await?;
    office.web.down.store(true, Ordering::Relaxed);
    office.sweep_after(12).await?;
    let history = office.desk.ra.crl_history(&office.desk.authority).await?;
    let told: Vec<_> = history.iter().map(|past| (past.base.is_some(), past.crl.entries)).collect();
    assert_eq!(told, [(false, 0), (true, 1), (false, 1)]);
    assert_eq!(history[1].base, Some(history[0].crl.number));
    let at = |number: usize| history[number].crl.deliveries.get(&ENDPOINT.parse().unwrap());
    assert_eq!(at(0), Some(&DeliveryState::Delivered { at: first }));
    assert!(matches!(at(1), Some(DeliveryState::Delivered { at }) if *at > first));
    assert!(matches!(at(2), Some(DeliveryState::Failed { times: 1, .. })), "{history:?}");
    assert_eq!(office.line().await?.full.as_ref(), Some(&history[2].crl));
    Ok(())
}

/// D-8: also after a restore from a backup, numbers only grow: time goes on.
#[tokio::test]
async fn d_8_numbers_only_grow() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    let mut last = 0;
    for _ in 0..3 {
        office.issue().await?;
        let number = office.full().await?.number().unwrap();
        assert!(number > last, "{number} after {last}");
        last = number;
    }
    // a record of before those three, opened an hour later
    let restored = Office::open(CrlPolicy::default()).await?;
    restored.desk.clock.advance(SignedDuration::from_hours(1).as_secs());
    restored.issue().await?;
    assert!(restored.full().await?.number().unwrap() > last);
    Ok(())
}

/// A certificate that the authority signed where nobody kept this record.
async fn elsewhere(office: &Office, number: u8) -> Result<Certificate> {
    let other = Office::open(CrlPolicy::default()).await?;
    assert_eq!(other.desk.local.certificate(), office.desk.local.certificate());
    let case = other.desk.active(u32::from(number)).await?;
    Ok(other.desk.ra.certificate(&other.desk.administrator, &case).await?)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one life after the other")]
async fn an_authority_moves_here() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    let user = office.desk.register(99).await?;
    let date: Timestamp = "2026-02-01T10:00:00Z".parse()?;
    let (reason, invalidity) = (Reason::KeyCompromise, Some(date));
    let statuses = [
        ImportedStatus::Good,
        ImportedStatus::Suspended { since: date },
        ImportedStatus::Revoked { date, reason, invalidity },
    ];
    let mut certificates = Vec::new();
    for (number, status) in (40..).zip(statuses) {
        let certificate = elsewhere(&office, number).await?.as_der().to_vec();
        certificates.push(ImportedCertificate { user, certificate, status, partition: 0 });
    }
    let import = |certificates: &[ImportedCertificate]| Command::Import {
        authority: office.desk.authority,
        profile: "commercial".parse().unwrap(),
        certificates: certificates.to_vec(),
    };
    let desk = &office.desk;
    assert_eq!(desk.refusal(&desk.operator, import(&certificates)).await, "permission.role");
    let Outcome::Imported { cases } = desk.run(&desk.administrator, import(&certificates)).await?
    else {
        panic!("imported")
    };
    let states = [CaseState::Active, CaseState::Suspended, CaseState::Revoked];
    for (case, state) in cases.iter().zip(states) {
        assert_eq!(desk.ra.case(&desk.administrator, case).await?.case.state(), state);
    }
    // 1. They live on as if they had been issued here.
    office.issue().await?;
    let crl = office.full().await?;
    assert_eq!(crl.listed().count(), 2);
    let listed = crl.find(&office.serial(cases[2]).await?).unwrap();
    assert_eq!((listed.date, listed.invalidity), (date, invalidity));
    office.operator(resume(cases[1])).await?;
    office.operator(revoke(cases[0])).await?;
    office.issue().await?;
    let listed = serials(&office.full().await?);
    assert!(listed.contains(&office.serial(cases[0]).await?) && listed.len() == 2);
    let past = StatusAt::time("2026-02-02T00:00:00Z".parse()?);
    assert!(matches!(
        desk.ra.status_at(&cases[2], past).await?,
        CertificateStatus::Unknown
            | CertificateStatus::NotYetValid
            | CertificateStatus::Revoked { .. }
    ));
    // 2. Numbers and keys are theirs now; strangers' certificates are nobody's.
    let again = desk.run(&desk.administrator, import(&certificates[..1])).await.unwrap_err();
    assert_eq!(again.code(), "conflict");
    let mut forged = certificates[0].clone();
    let place = forged.certificate.len() - 1;
    forged.certificate[place] ^= 1;
    assert_eq!(desk.refusal(&desk.administrator, import(&[forged])).await, "request.not-accepted");
    let root = desk.local.certificate().as_der().to_vec();
    let own = ImportedCertificate { certificate: root, ..certificates[0].clone() };
    assert_eq!(desk.refusal(&desk.administrator, import(&[own])).await, "request.not-accepted");
    let future =
        ImportedStatus::Suspended { since: desk.clock_now() + SignedDuration::from_hours(1) };
    let late = ImportedCertificate { status: future, ..certificates[0].clone() };
    assert_eq!(desk.refusal(&desk.administrator, import(&[late])).await, "request.not-accepted");
    Ok(())
}

/// Without a list there is nothing to release, and a policy must agree with itself.
#[tokio::test]
async fn what_is_not_blocked_is_not_released() -> Result<()> {
    let office = Office::open(CrlPolicy::default()).await?;
    office.issue().await?;
    let ListPart { issuer, partition } = office.line().await?.part;
    let authority = office.desk.authority;
    let release = Command::ReleaseCrl { authority, part: ListPart { issuer, partition } };
    assert_eq!(office.desk.refusal(&office.desk.administrator, release).await, "state");
    let policy = Box::new(CrlPolicy { partitions: 0, ..CrlPolicy::default() });
    let adopt = Command::AdoptCrlPolicy { authority, policy };
    assert_eq!(
        office.desk.refusal(&office.desk.administrator, adopt.clone()).await,
        "request.not-accepted"
    );
    assert_eq!(office.desk.refusal(&office.desk.operator, adopt).await, "permission.role");
    Ok(())
}
