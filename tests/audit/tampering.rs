//! Each way of tampering by hand is found, and named.

use gost_ca::audit::verify::{Finding, RowFault};
use gost_ca::provider::journal::StreamId;

use crate::desk::Result;
use crate::record::Record;

#[tokio::test]
async fn a_day_is_whole() -> Result<()> {
    let record = Record::of_a_day().await?;
    let report = record.inspect().await?;
    assert!(report.is_whole(), "{:#?}", report.findings);
    assert_eq!(report.writers, 2);
    assert!(record.copy()?.inspect().await?.is_whole());
    Ok(())
}

/// What somebody does, and whether a finding tells of it.
type Deed = (&'static str, fn(&Finding) -> bool);

const DEEDS: &[Deed] = &[
    // entries and links
    (
        "UPDATE entries SET octets = CAST(replace(CAST(octets AS TEXT), '№ 17', '№ 71') AS BLOB)
         WHERE instr(octets, 'certificate.revoked')",
        |finding| matches!(finding, Finding::Broken { .. }),
    ),
    ("DELETE FROM entries WHERE instr(octets, 'certificate.revoked')", |finding| {
        matches!(finding, Finding::Gone { stream: StreamId::Case(_), .. })
    }),
    ("DELETE FROM links WHERE number = 9; DELETE FROM entries WHERE id = 9", |finding| {
        matches!(finding, Finding::Broken { .. })
    }),
    (
        "UPDATE entries SET place = place + 100 WHERE id IN (4, 5);
         UPDATE entries SET place = 101 + 100 - place + 2 WHERE id IN (4, 5)",
        |finding| matches!(finding, Finding::Broken { .. } | Finding::Gone { .. }),
    ),
    (
        "INSERT INTO entries (stream, place, octets)
         SELECT stream, place + 1, octets FROM entries WHERE instr(octets, 'certificate.revoked')",
        |finding| matches!(finding, Finding::Stream { stream: StreamId::Case(_) }),
    ),
    (
        "DELETE FROM links WHERE writer = 1 AND number = (SELECT max(number) FROM links WHERE writer = 1)",
        |finding| matches!(finding, Finding::Rewritten { .. }),
    ),
    // rows of lists
    (
        "UPDATE certificates SET partition = NULL, entry = NULL WHERE partition IS NOT NULL",
        |finding| matches!(finding, Finding::Row { what: RowFault::Altered, .. }),
    ),
    ("UPDATE cases SET state = 'active' WHERE state = 'revoked'", |finding| {
        matches!(finding, Finding::Row { what: RowFault::Altered, .. })
    }),
    ("UPDATE accounts SET role = 'administrator' WHERE role = 'user'", |finding| {
        matches!(finding, Finding::Row { what: RowFault::Altered, .. })
    }),
    ("DELETE FROM certificates WHERE partition IS NOT NULL", |finding| {
        matches!(finding, Finding::Row { what: RowFault::Missing, .. })
    }),
    (
        "INSERT INTO cases (id, user, office, state, lineage, created, hidden)
         SELECT randomblob(16), user, office, state, lineage, created, hidden FROM cases LIMIT 1",
        |finding| matches!(finding, Finding::Row { what: RowFault::MadeUp, .. }),
    ),
    ("DELETE FROM authorities", |finding| {
        matches!(finding, Finding::Row { what: RowFault::Missing, .. })
    }),
    // documents and registration data
    (
        "UPDATE documents SET octets = CAST(octets || x'00' AS BLOB) WHERE kind = 'certificate'",
        |finding| matches!(finding, Finding::Document { .. }),
    ),
    ("UPDATE documents SET salt = randomblob(32) WHERE kind = 'crl'", |finding| {
        matches!(finding, Finding::Document { .. })
    }),
    ("DELETE FROM documents WHERE kind = 'certificate'", |finding| {
        matches!(finding, Finding::Lost { .. })
    }),
    (
        "UPDATE user_versions SET octets =
            CAST(replace(CAST(octets AS TEXT), 'user-10', 'user-99') AS BLOB)",
        |finding| matches!(finding, Finding::Registration { .. }),
    ),
    ("DELETE FROM user_versions", |finding| matches!(finding, Finding::Registration { .. })),
    // what must be unique
    ("DELETE FROM claims WHERE space = 'serial'", |finding| {
        matches!(finding, Finding::Claim { space: "serial", .. })
    }),
    ("UPDATE claims SET holder = randomblob(16) WHERE space = 'public-key'", |finding| {
        matches!(finding, Finding::Claim { space: "public-key", .. })
    }),
    ("UPDATE claims SET until = 0 WHERE space = 'login'", |finding| {
        matches!(finding, Finding::Claim { space: "login", .. })
    }),
    ("UPDATE claims SET digest = randomblob(32) WHERE space = 'registration'", |finding| {
        matches!(finding, Finding::Claim { space: "registration", .. })
    }),
    ("DELETE FROM claims WHERE space = 'founding'", |finding| {
        matches!(finding, Finding::Claim { space: "founding", .. })
    }),
];

#[tokio::test]
async fn each_deed_is_found() -> Result<()> {
    let record = Record::of_a_day().await?;
    let mut missed = Vec::new();
    for (hand, tells) in DEEDS {
        let findings = record.after(hand).await?;
        if !findings.iter().any(tells) {
            missed.push((hand, findings));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    Ok(())
}

#[tokio::test]
async fn a_finding_names_its_place() -> Result<()> {
    let record = Record::of_a_day().await?;
    let hand = "UPDATE cases SET state = 'active' WHERE state = 'revoked'";
    let [Finding::Row { stream, row, .. }] = &record.after(hand).await?[..] else {
        panic!("one row")
    };
    assert_eq!(row, &format!("the row of case {}", stream.to_string().replace("case/", "")));
    Ok(())
}
