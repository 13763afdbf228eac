//! Defects that were seen in other systems, one test each: that ours does not have them.
//!
//! `d_10_…` is in `providers/sqlite/src/plans.rs`, where the questions are.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

#[path = "../support/authorities.rs"]
mod authorities;
#[path = "../support/bench.rs"]
mod bench;
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/doubles.rs"]
mod doubles;
#[path = "../audit/office.rs"]
mod office;
#[path = "../audit/record.rs"]
#[expect(dead_code, reason = "the tests of the audit need all of it")]
mod record;

mod approvals;
mod crls;
mod facades;
mod histories;
mod interruptions;
mod publication;
mod restores;
mod transitions;

use gost_ca::command::Command;
use gost_ca::id::CaseId;
use gost_ca::view::CaseState;
use gost_ca::x509::{CertificateList, SerialNumber};

use desk::{Desk, Result};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A CRL made now.
async fn crl(desk: &Desk) -> Result<CertificateList> {
    let next_update = desk.clock_now() + jiff::SignedDuration::from_hours(24);
    let command = Command::IssueCrl { authority: desk.authority, next_update };
    desk.run(&desk.administrator, command).await?;
    Ok(CertificateList::from_der(&desk.ra.crls(&desk.authority).await?[0])?)
}

async fn state(desk: &Desk, case: CaseId) -> Result<CaseState> {
    Ok(desk.ra.case(&desk.operator, &case).await?.case.state())
}

async fn serial(desk: &Desk, case: CaseId) -> Result<SerialNumber> {
    Ok(desk.ra.certificate(&desk.operator, &case).await?.serial().clone())
}
