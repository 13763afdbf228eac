//! The certificate phase of a case, as a table.
//!
//! T1 and T2 are R16 and R17: the intent reserves the serial number, the issued certificate is in force.

use super::{Act, Guard, Row};
use crate::view::CaseState::{self, Active, Revoked, Suspended};
use crate::view::Role::{Administrator, Operator, System, User};

/// Every transition of a certificate; what is not here is forbidden.
pub const ROWS: &[Row<CaseState>] = &[
    Row {
        id: "T6",
        act: Act::Suspend,
        from: &[Active],
        to: Some(Suspended),
        actors: &[Administrator, Operator, User],
        guards: &[Guard::NotExpired, Guard::SuspensionAllowed, Guard::TermWithinPolicy],
        event: "certificate.suspended",
    },
    Row {
        id: "T7",
        act: Act::Resume,
        from: &[Suspended],
        to: Some(Active),
        actors: &[Administrator, Operator],
        guards: &[Guard::NotExpired],
        event: "certificate.resumed",
    },
    Row {
        id: "T10/T11",
        act: Act::Revoke,
        from: &[Active, Suspended],
        to: Some(Revoked),
        actors: &[Administrator, Operator, User, System],
        guards: &[Guard::NotExpired, Guard::ReasonAllowed],
        event: "certificate.revoked",
    },
    Row {
        id: "T14",
        act: Act::Renew,
        from: &[Active],
        to: None,
        actors: &[Administrator, Operator, User],
        guards: &[Guard::NotExpired, Guard::NotRenewed],
        event: "certificate.renewal_started",
    },
    Row {
        id: "T14'",
        act: Act::Renew,
        from: &[Active, Suspended, Revoked],
        to: None,
        actors: &[System],
        guards: &[],
        event: "certificate.renewal_cancelled",
    },
    Row {
        id: "T20",
        act: Act::Hide,
        from: &[Active, Suspended, Revoked],
        to: None,
        actors: &[Operator, User],
        guards: &[Guard::Terminated],
        event: "certificate.hidden",
    },
    Row {
        id: "V6",
        act: Act::Install,
        from: &[Active, Suspended, Revoked],
        to: None,
        actors: &[Administrator, Operator, User, System],
        guards: &[],
        event: "certificate.installed",
    },
    Row {
        id: "V7",
        act: Act::Print,
        from: &[Active, Suspended, Revoked],
        to: None,
        actors: &[Administrator, Operator, User],
        guards: &[],
        event: "certificate.printed",
    },
    Row {
        id: "V7'",
        act: Act::AttachScan,
        from: &[Active, Suspended, Revoked],
        to: None,
        actors: &[Administrator, Operator],
        guards: &[],
        event: "certificate.scan_attached",
    },
    Row {
        id: "M1",
        act: Act::Import,
        from: &[],
        to: Some(Active),
        actors: &[Administrator],
        guards: &[],
        event: "certificate.imported",
    },
    Row {
        id: "M2",
        act: Act::Import,
        from: &[],
        to: Some(Suspended),
        actors: &[Administrator],
        guards: &[],
        event: "certificate.imported",
    },
    Row {
        id: "M3",
        act: Act::Import,
        from: &[],
        to: Some(Revoked),
        actors: &[Administrator],
        guards: &[],
        event: "certificate.imported",
    },
];
