//! The rows of the lists, written and read.

use gost_ca::commitment::Commitment;
use gost_ca::id::{ApprovalId, AuthorityId, CaseId, NoticeId, OfficeId, TokenId, UserId};
use gost_ca::lifecycle::Act;
use gost_ca::provider::ErrorKind;
use gost_ca::view::{
    AccountState, AccountView, ApprovalState, ApprovalView, AuthorityView, CarrierState,
    CarrierView, CaseState, CaseView, CertificateView, Listed, NoticeState, NoticeView, Role, View,
};
use gost_ca::x509::KeyIdentity;
use rusqlite::{Connection, Row, ToSql, params};

use crate::column;
use crate::failure::{Failure, Outcome};

/// Writes a row in the place of the one with its key.
pub(super) fn write(connection: &Connection, view: &View) -> Outcome<()> {
    match view {
        View::Account(row) => write_account(connection, row),
        View::Case(row) => write_case(connection, row),
        View::Certificate(row) => write_certificate(connection, row),
        View::Authority(row) => replace(
            connection,
            "INSERT INTO authorities (id, due) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET due = excluded.due",
            params![row.authority.octets(), column::optional_time(row.due)?],
        ),
        View::Carrier(row) => write_carrier(connection, row),
        View::Notice(row) => write_notice(connection, row),
        View::Approval(row) => write_approval(connection, row),
        _ => Err(Failure::Refused(ErrorKind::Unsupported)),
    }
}

fn replace(connection: &Connection, sql: &str, params: &[&dyn ToSql]) -> Outcome<()> {
    connection.prepare_cached(sql)?.execute(params)?;
    Ok(())
}

fn write_account(connection: &Connection, row: &AccountView) -> Outcome<()> {
    let params = params![
        row.user.octets(),
        row.role.name(),
        row.office.as_ref().map(OfficeId::as_str),
        row.state.name(),
        row.registration.as_ref().map(Commitment::octets),
        column::time(row.created)?,
        column::optional_time(row.due)?,
    ];
    replace(
        connection,
        "INSERT INTO accounts (id, role, office, state, registration, created, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET role = excluded.role, office = excluded.office,
             state = excluded.state, registration = excluded.registration,
             created = excluded.created, due = excluded.due",
        params,
    )
}

fn write_case(connection: &Connection, row: &CaseView) -> Outcome<()> {
    let params = params![
        row.case.octets(),
        row.user.octets(),
        row.office.as_ref().map(OfficeId::as_str),
        row.state.name(),
        row.lineage.octets(),
        column::time(row.created)?,
        column::optional_time(row.not_after)?,
        row.hidden,
        column::optional_time(row.due)?,
    ];
    replace(
        connection,
        "INSERT INTO cases (id, user, office, state, lineage, created, not_after, hidden, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET user = excluded.user, office = excluded.office,
             state = excluded.state, lineage = excluded.lineage, created = excluded.created,
             not_after = excluded.not_after, hidden = excluded.hidden, due = excluded.due",
        params,
    )
}

fn write_certificate(connection: &Connection, row: &CertificateView) -> Outcome<()> {
    let params = params![
        column::serial(&row.serial),
        row.issuer.octets(),
        row.case.octets(),
        row.thumbprint,
        row.subject_key.octets(),
        column::time(row.not_after)?,
        row.listed.as_ref().map(|listed| listed.partition),
        row.listed.as_ref().map(|listed| &listed.entry),
    ];
    replace(
        connection,
        "INSERT INTO certificates
             (serial, issuer, \"case\", thumbprint, subject_key, not_after, partition, entry)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (serial, issuer) DO UPDATE SET \"case\" = excluded.\"case\", thumbprint = excluded.thumbprint,
             subject_key = excluded.subject_key, not_after = excluded.not_after,
             partition = excluded.partition, entry = excluded.entry",
        params,
    )
}

fn write_carrier(connection: &Connection, row: &CarrierView) -> Outcome<()> {
    let params = params![
        row.token.octets(),
        row.serial,
        row.model,
        row.office.as_str(),
        row.state.name(),
        row.user.as_ref().map(UserId::octets),
        column::time(row.created)?,
    ];
    replace(
        connection,
        "INSERT INTO carriers (id, serial, model, office, state, user, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET serial = excluded.serial, model = excluded.model,
             office = excluded.office, state = excluded.state, user = excluded.user,
             created = excluded.created",
        params,
    )
}
fn write_approval(connection: &Connection, row: &ApprovalView) -> Outcome<()> {
    let params = params![
        row.approval.octets(),
        row.office.as_ref().map(OfficeId::as_str),
        row.state.name(),
        row.act.name(),
        row.case.as_ref().map(CaseId::octets),
        column::time(row.created)?,
        column::optional_time(row.due)?,
    ];
    replace(
        connection,
        "INSERT INTO approvals (id, office, state, act, \"case\", created, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET office = excluded.office, state = excluded.state,
             act = excluded.act, \"case\" = excluded.\"case\", created = excluded.created,
             due = excluded.due",
        params,
    )
}

/// The columns that [`account`] reads.
pub(super) const ACCOUNT: &str =
    "SELECT id, role, office, state, registration, created, due FROM accounts WHERE id = ?1";

pub(super) fn account(row: &Row<'_>) -> Outcome<View> {
    let role = Role::from_name(row.get_ref(1)?.as_str().map_err(|_| DAMAGED)?);
    let state = AccountState::from_name(row.get_ref(3)?.as_str().map_err(|_| DAMAGED)?);
    Ok(View::Account(AccountView {
        user: UserId::new(row.get(0)?),
        role: role.ok_or(DAMAGED)?,
        office: office(row.get(2)?)?,
        state: state.ok_or(DAMAGED)?,
        registration: row.get::<_, Option<_>>(4)?.map(Commitment::from_octets),
        created: column::read_time(row.get(5)?)?,
        due: column::read_optional_time(row.get(6)?)?,
    }))
}

/// The columns that [`case`] reads.
pub(super) const CASE: &str = "
    SELECT id, user, office, state, lineage, created, not_after, hidden, due
    FROM cases WHERE id = ?1";

pub(super) fn case(row: &Row<'_>) -> Outcome<View> {
    let state = CaseState::from_name(row.get_ref(3)?.as_str().map_err(|_| DAMAGED)?);
    Ok(View::Case(CaseView {
        case: CaseId::new(row.get(0)?),
        user: UserId::new(row.get(1)?),
        office: office(row.get(2)?)?,
        state: state.ok_or(DAMAGED)?,
        lineage: CaseId::new(row.get(4)?),
        created: column::read_time(row.get(5)?)?,
        not_after: column::read_optional_time(row.get(6)?)?,
        hidden: row.get(7)?,
        due: column::read_optional_time(row.get(8)?)?,
    }))
}

/// Reads the columns of [`find`](super::find)'s questions about certificates.
pub(super) fn certificate(row: &Row<'_>) -> Outcome<CertificateView> {
    let (partition, entry) = (row.get::<_, Option<_>>(6)?, row.get::<_, Option<_>>(7)?);
    Ok(CertificateView {
        serial: column::read_serial(row.get_ref(0)?.as_blob().map_err(|_| DAMAGED)?)?,
        issuer: KeyIdentity::from_octets(row.get(1)?),
        case: CaseId::new(row.get(2)?),
        thumbprint: row.get(3)?,
        subject_key: KeyIdentity::from_octets(row.get(4)?),
        not_after: column::read_time(row.get(5)?)?,
        listed: partition.zip(entry).map(|(partition, entry)| Listed { partition, entry }),
    })
}

/// The columns that [`authority`] reads.
pub(super) const AUTHORITY: &str = "SELECT id, due FROM authorities WHERE id = ?1";

pub(super) fn authority(row: &Row<'_>) -> Outcome<View> {
    let (authority, due) = (AuthorityId::new(row.get(0)?), row.get(1)?);
    Ok(View::Authority(AuthorityView { authority, due: column::read_optional_time(due)? }))
}

/// The columns that [`carrier`] reads.
pub(super) const CARRIER: &str =
    "SELECT id, serial, model, office, state, user, created FROM carriers WHERE id = ?1";

pub(super) fn carrier(row: &Row<'_>) -> Outcome<View> {
    let state = CarrierState::from_name(row.get_ref(4)?.as_str().map_err(|_| DAMAGED)?);
    Ok(View::Carrier(CarrierView {
        token: TokenId::new(row.get(0)?),
        serial: row.get(1)?,
        model: row.get(2)?,
        office: office(row.get(3)?)?.ok_or(DAMAGED)?,
        state: state.ok_or(DAMAGED)?,
        user: row.get::<_, Option<_>>(5)?.map(UserId::new),
        created: column::read_time(row.get(6)?)?,
    }))
}
/// The columns that [`approval`] reads.
pub(super) const APPROVAL: &str =
    "SELECT id, office, state, act, \"case\", created, due FROM approvals WHERE id = ?1";

pub(super) fn approval(row: &Row<'_>) -> Outcome<View> {
    let state = ApprovalState::from_name(row.get_ref(2)?.as_str().map_err(|_| DAMAGED)?);
    let act = Act::from_name(row.get_ref(3)?.as_str().map_err(|_| DAMAGED)?);
    Ok(View::Approval(ApprovalView {
        approval: ApprovalId::new(row.get(0)?),
        office: office(row.get(1)?)?,
        state: state.ok_or(DAMAGED)?,
        act: act.ok_or(DAMAGED)?,
        case: row.get::<_, Option<_>>(4)?.map(CaseId::new),
        created: column::read_time(row.get(5)?)?,
        due: column::read_optional_time(row.get(6)?)?,
    }))
}

fn write_notice(connection: &Connection, row: &NoticeView) -> Outcome<()> {
    let params = params![
        row.notice.octets(),
        row.user.octets(),
        row.case.as_ref().map(CaseId::octets),
        row.office.as_ref().map(OfficeId::as_str),
        row.state.name(),
        column::time(row.created)?,
        column::optional_time(row.due)?,
    ];
    replace(
        connection,
        "INSERT INTO notices (id, user, \"case\", office, state, created, due)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET user = excluded.user, \"case\" = excluded.\"case\",
             office = excluded.office, state = excluded.state, created = excluded.created,
             due = excluded.due",
        params,
    )
}

/// The columns that [`notice`] reads.
pub(super) const NOTICE: &str = "
    SELECT id, user, \"case\", office, state, created, due FROM notices WHERE id = ?1";

pub(super) fn notice(row: &Row<'_>) -> Outcome<View> {
    let state = NoticeState::from_name(row.get_ref(4)?.as_str().map_err(|_| DAMAGED)?);
    Ok(View::Notice(NoticeView {
        notice: NoticeId::new(row.get(0)?),
        user: UserId::new(row.get(1)?),
        case: row.get::<_, Option<_>>(2)?.map(CaseId::new),
        office: office(row.get(3)?)?,
        state: state.ok_or(DAMAGED)?,
        created: column::read_time(row.get(5)?)?,
        due: column::read_optional_time(row.get(6)?)?,
    }))
}

fn office(name: Option<String>) -> Outcome<Option<OfficeId>> {
    name.map(OfficeId::try_from).transpose().map_err(|_| DAMAGED)
}

const DAMAGED: Failure = Failure::Damaged("a row of a list");
