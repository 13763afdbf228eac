//! Batches and rows to write.

use gost_ca::Timestamp;
use gost_ca::commitment::{Commitment, Document, DocumentKind};
use gost_ca::id::{
    ApprovalId, AuthorityId, CaseId, CommandId, NoticeId, OfficeId, TokenId, UserId,
};
use gost_ca::lifecycle::Act;
use gost_ca::provider::journal::{
    Batch, Change, Claim, CommandMark, Cursor, Expected, Holder, KeySpace, Page, Query,
    StoredEntry, StreamId, UniqueKey,
};
use gost_ca::provider::{Conflict, ErrorKind, Journal, ProviderError};
use gost_ca::view::{
    AccountState, AccountView, ApprovalState, ApprovalView, AuthorityView, CarrierState,
    CarrierView, CaseState, CaseView, CertificateView, NoticeState, NoticeView, Role, View,
};
use gost_ca::x509::{KeyIdentity, SerialNumber};

use crate::broken::{Broken, Kept, ensure, same};
use crate::fresh::fresh;

/// A second in the life of the samples.
pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(NOON.saturating_add(second)).unwrap_or(Timestamp::MAX)
}

/// A command's batch that does nothing yet.
pub(super) fn batch() -> Batch {
    Batch {
        command: CommandMark { id: CommandId::new(fresh()), digest: fresh() },
        at: at(0),
        changes: Vec::new(),
        claims: Vec::new(),
        documents: Vec::new(),
        outcome: fresh::<8>().to_vec(),
    }
}

/// A case's stream without entries.
pub(super) fn stream() -> StreamId {
    StreamId::Case(CaseId::new(fresh()))
}

pub(super) fn entry(octets: &[u8]) -> StoredEntry {
    StoredEntry(octets.to_vec())
}

/// Appends one entry to a stream that is that long.
pub(super) fn change(stream: StreamId, length: u64, octets: &[u8]) -> Change {
    let expected = Expected::Exactly(length);
    Change { stream, expected, entries: vec![entry(octets)], views: Vec::new() }
}

/// A batch that appends one entry to a stream that is that long.
pub(super) fn append(stream: StreamId, length: u64, octets: &[u8]) -> Batch {
    Batch { changes: vec![change(stream, length, octets)], ..batch() }
}

/// A batch that writes these rows, with the entry that each change must have.
pub(super) fn write(views: Vec<View>) -> Batch {
    let mut change = change(stream(), 0, b"views");
    change.views = views;
    Batch { changes: vec![change], ..batch() }
}

/// A key that nobody has.
pub(super) fn key() -> UniqueKey {
    UniqueKey { space: KeySpace::Login, digest: fresh() }
}

pub(super) fn holder() -> Holder {
    Holder(fresh())
}

pub(super) const fn take(key: UniqueKey, holder: Holder, until: Option<Timestamp>) -> Claim {
    Claim::Take { key, holder, until }
}

/// A batch of claims alone.
pub(super) fn claim(claims: Vec<Claim>) -> Batch {
    Batch { claims, ..batch() }
}

pub(super) fn document(bytes: &[u8]) -> Document {
    Document::seal(DocumentKind::Certificate, fresh(), bytes.to_vec())
}

pub(super) fn office() -> OfficeId {
    let name = format!("office-{}", gost_ca::hex::encode(&fresh::<16>()));
    name.parse().unwrap_or_else(|_| unreachable!("small letters, digits and dashes"))
}

pub(super) fn account(second: i64) -> AccountView {
    AccountView {
        user: UserId::new(fresh()),
        role: Role::User,
        office: Some(office()),
        state: AccountState::Active,
        registration: Some(Commitment::from_octets(fresh())),
        created: at(second),
        due: None,
    }
}

pub(super) fn case(second: i64) -> CaseView {
    let case = CaseId::new(fresh());
    CaseView {
        case,
        user: UserId::new(fresh()),
        office: Some(office()),
        state: CaseState::Draft,
        lineage: case,
        created: at(second),
        not_after: None,
        hidden: false,
        due: None,
    }
}

pub(super) fn approval(second: i64) -> ApprovalView {
    ApprovalView {
        approval: ApprovalId::new(fresh()),
        office: Some(office()),
        state: ApprovalState::Waiting,
        act: Act::Revoke,
        case: None,
        created: at(second),
        due: None,
    }
}

pub(super) fn carrier(second: i64) -> CarrierView {
    CarrierView {
        token: TokenId::new(fresh()),
        serial: "Рутокен-0001".to_owned(),
        model: "Рутокен ЭЦП 3.0".to_owned(),
        office: office(),
        state: CarrierState::InStock,
        user: None,
        created: at(second),
    }
}

pub(super) fn certificate(issuer: KeyIdentity, magnitude: &[u8]) -> CertificateView {
    CertificateView {
        issuer,
        serial: serial(magnitude),
        case: CaseId::new(fresh()),
        thumbprint: Some(fresh()),
        subject_key: KeyIdentity::from_octets(fresh()),
        not_after: at(1000),
        listed: None,
    }
}

pub(super) fn serial(magnitude: &[u8]) -> SerialNumber {
    SerialNumber::from_magnitude(magnitude).unwrap_or_else(|_| unreachable!("positive and short"))
}

pub(super) fn authority(due: Option<Timestamp>) -> AuthorityView {
    AuthorityView { authority: AuthorityId::new(fresh()), due }
}

pub(super) fn notice(second: i64) -> NoticeView {
    NoticeView {
        notice: NoticeId::new(fresh()),
        user: UserId::new(fresh()),
        case: Some(CaseId::new(fresh())),
        office: Some(office()),
        state: NoticeState::Waiting,
        created: at(second),
        due: None,
    }
}

/// All rows of an answer, page by page; the pages must be no longer than asked for.
pub(super) async fn all(
    journal: &dyn Journal,
    query: &Query,
    limit: usize,
) -> Result<Vec<View>, Broken> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = Page { after: after.clone(), limit };
        let found = journal.find(query, &page).await?;
        ensure(found.views.len() <= limit, format!("a page of {limit} is longer"))?;
        rows.extend(found.views);
        match found.next {
            None => return Ok(rows),
            same if same == after => return Err("a page ends where it began".into()),
            next => after = next,
        }
    }
}

/// The answer to a query, in pages of three, is exactly these rows in this order.
pub(super) async fn answers(journal: &dyn Journal, query: &Query, rows: &[View]) -> Kept {
    let found = all(journal, query, 3).await?;
    same("the answer", &found.as_slice(), &rows)?;
    let whole = journal.find(query, &Page::first(rows.len().max(1))).await?;
    same("the answer in one page", &whole.views.as_slice(), &rows)?;
    ensure(whole.next.is_none(), "the last page says there is more")
}

/// The call was refused for that conflict.
pub(super) fn conflicts<T: core::fmt::Debug>(
    answer: Result<T, ProviderError>,
    conflict: &Conflict,
) -> Kept {
    refused(answer, &ErrorKind::Conflict(conflict.clone()))
}

/// The call was refused in that way.
pub(super) fn refused<T: core::fmt::Debug>(
    answer: Result<T, ProviderError>,
    kind: &ErrorKind,
) -> Kept {
    match answer {
        Ok(given) => Err(format!("{given:?} instead of the refusal: {kind}").into()),
        Err(error) => same("the refusal", error.kind(), kind),
    }
}

/// No journal gives such a cursor.
pub(super) fn foreign_cursor() -> Page {
    Page { after: Some(Cursor(b"\xff\xfe no cursor of yours".to_vec())), limit: 1 }
}

const NOON: i64 = 1_800_000_000;
