//! The record: state, history, uniqueness, idempotency and audit in one transaction.

use core::fmt::{self, Debug};
use core::ops::Range;
use core::str::FromStr;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Result;
use crate::audit::{Head, Link};
use crate::commitment::{Commitment, Document};
use crate::id::{
    ApprovalId, AuthorityId, CaseId, CommandId, NoticeId, OfficeId, TokenId, UserId, WriterId,
};
use crate::view::{
    AccountView, ApprovalState, ApprovalView, CarrierState, CarrierView, CaseState, CaseView,
    NoticeState, NoticeView, Role, View,
};
use crate::x509::{KeyIdentity, SerialNumber};

/// Which part of the journal: the entries of one entity, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum StreamId {
    /// The founding, the offices, the profiles and the roles.
    Record,
    /// One account.
    Account(UserId),
    /// One case: the request and then the certificate.
    Case(CaseId),
    /// One authority: its keys and its CRLs.
    Authority(AuthorityId),
    /// Sign-ins and refusals.
    Access,
    /// The key of the audit, its checkpoints, and restores from a backup.
    Audit,
    /// One key carrier of the register.
    Carrier(TokenId),
    /// One notice: queued, tried, sent.
    Notice(NoticeId),
    /// One approval.
    Approval(ApprovalId),
}

/// An entry as it is stored: its canonical octets, written once and never again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry(pub Vec<u8>);

/// What is committed at once: all of it, or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Whose it is; the same command again gives the first receipt.
    pub command: CommandMark,
    /// When it was decided: claims that end by then are free.
    pub at: Timestamp,
    /// Entries and views, by stream; a stream at most once.
    pub changes: Vec<Change>,
    /// Unique keys taken and given back.
    pub claims: Vec<Claim>,
    /// Documents that the entries name.
    pub documents: Vec<Document>,
    /// What the command answered, for its repetition: no secrets.
    pub outcome: Vec<u8>,
}

/// A command's id, and what it said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandMark {
    /// Its id.
    pub id: CommandId,
    /// `Streebog-256` of its canonical octets: another command under the same id is a conflict.
    pub digest: [u8; 32],
}

/// What happens to one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which stream.
    pub stream: StreamId,
    /// How long it must be for the change to hold.
    pub expected: Expected,
    /// Entries to be appended, at least one.
    pub entries: Vec<StoredEntry>,
    /// Rows that lists and searches use; each replaces the one with its key.
    pub views: Vec<View>,
}

/// How long a stream must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// Exactly this many entries.
    Exactly(u64),
    /// Any number: for streams that only collect.
    Any,
}

/// A change of the set of unique keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// Takes a key; a conflict where another holder has it and its term ends after the batch's time.
    /// Its holder may take it again.
    Take {
        /// Which key.
        key: UniqueKey,
        /// For whom.
        holder: Holder,
        /// Until when; for ever where there is none.
        until: Option<Timestamp>,
    },
    /// Gives a key back; nothing where nobody has it.
    Release {
        /// Which key.
        key: UniqueKey,
    },
}

/// What must be unique. Never personal data: those are keyed hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UniqueKey {
    /// The name space.
    pub space: KeySpace,
    /// The key in it, hashed.
    pub digest: [u8; 32],
}

/// Name spaces of unique keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeySpace {
    /// The founding of the record.
    Founding,
    /// Logins.
    Login,
    /// Kind of subject, person and organisation (R1).
    Registration,
    /// A person, whose name must be the same in each registration (R1).
    Person,
    /// Issuer's key and serial number.
    Serial,
    /// A subject's public key.
    PublicKey,
    /// A one-time challenge that was answered.
    Challenge,
    /// A try of a login's password, or the lock after too many.
    SignIn,
    /// The account that a certificate signs in.
    Binding,
    /// A public key that is known to be compromised.
    BlockedKey,
}

/// Who holds a unique key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holder(pub [u8; 16]);

/// The journal's answer to a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Whose it is.
    pub command: CommandMark,
    /// The streams with their lengths after the commit.
    pub lengths: Vec<(StreamId, u64)>,
    /// What the command answered.
    pub outcome: Vec<u8>,
    /// Whether this very call wrote it, or an earlier one did.
    pub repeated: bool,
}

/// A stream, read from some entry on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Its whole length.
    pub length: u64,
    /// The entries from the asked one to the end.
    pub entries: Vec<StoredEntry>,
}

/// A question that indexes answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Query {
    /// Cases, newest first; of the same age, the greatest id first.
    Cases(CaseFilter),
    /// All cases of these users, newest first.
    CasesOf(Vec<UserId>),
    /// Accounts, newest first; of the same age, the greatest id first.
    Accounts(AccountFilter),
    /// The accounts of these users, newest first.
    AccountsOf(Vec<UserId>),
    /// Key carriers, newest first; of the same age, the greatest id first.
    Carriers(CarrierFilter),
    /// The certificates with this serial number, of any issuer.
    Serial(SerialNumber),
    /// The certificate with this SHA-1 thumbprint.
    Thumbprint([u8; 20]),
    /// The certificates with this subject key.
    SubjectKey(KeyIdentity),
    /// Notices, newest first; of the same age, the greatest id first.
    Notices(NoticeFilter),
    /// Approvals, newest first; of the same age, the greatest id first.
    Approvals(ApprovalFilter),
    /// Accounts, cases, authorities, approvals and notices with something to be done by then, the most
    /// urgent first.
    Due(Timestamp),
}

/// Which cases; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<CaseState>,
    /// With certificates that end in this time; then the order is that of the ends, the first one first.
    pub expires: Option<Range<Timestamp>>,
    /// Also those taken off the lists (V11, «показать удалённые»).
    pub hidden: bool,
}

/// Which accounts; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// With this role.
    pub role: Option<Role>,
}

/// Which key carriers; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarrierFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<CarrierState>,
    /// That this user has.
    pub user: Option<UserId>,
}

impl CarrierFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &CarrierView) -> bool {
        (self.offices.is_empty() || self.offices.contains(&row.office))
            && (self.states.is_empty() || self.states.contains(&row.state))
            && self.user.is_none_or(|user| row.user == Some(user))
    }
}
/// Which approvals; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApprovalFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<ApprovalState>,
}

impl ApprovalFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &ApprovalView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
    }
}

/// Which notices; every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    /// Of these offices; of all where there are none.
    pub offices: Vec<OfficeId>,
    /// In one of these states; in any where there are none.
    pub states: Vec<NoticeState>,
}

impl NoticeFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &NoticeView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
    }
}

impl CaseFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &CaseView) -> bool {
        let expires = |term: &Range<_>| row.not_after.is_some_and(|end| term.contains(&end));
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && (self.states.is_empty() || self.states.contains(&row.state))
            && self.expires.as_ref().is_none_or(expires)
            && (self.hidden || !row.hidden)
    }
}

impl AccountFilter {
    /// Whether a row fits.
    pub fn fits(&self, row: &AccountView) -> bool {
        (self.offices.is_empty() || row.office.as_ref().is_some_and(|o| self.offices.contains(o)))
            && self.role.is_none_or(|role| role == row.role)
    }
}

/// Which part of a long answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// From where; from the beginning where there is none.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: usize,
}

impl Page {
    /// The first `limit`.
    pub const fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }
}

/// A place in a long answer; opaque to all but the provider that gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub Vec<u8>);

/// One page of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows.
    pub views: Vec<View>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<Cursor>,
}

/// Keeps the record.
#[async_trait]
pub trait Journal: Debug + Send + Sync {
    /// Writes a batch, durably, all or nothing.
    ///
    /// Checks in this order: the command (a repetition gives the first receipt and writes nothing), the
    /// lengths of the streams, the claims. Links each entry into the writer's hash chain.
    ///
    /// # Errors
    /// `Conflict` names the stream, the taken key or the command, and nothing was written. `Unavailable`:
    /// the outcome is unknown; repeat the same batch.
    async fn commit(&self, batch: &Batch) -> Result<Receipt>;

    /// Gives the receipt of a command, if it was committed.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn receipt(&self, command: &CommandId) -> Result<Option<Receipt>>;

    /// Reads a stream from its entry number `from` on; an unknown stream is empty.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn load(&self, stream: &StreamId, from: u64) -> Result<Loaded>;

    /// Answers a query, at most `page.limit` rows.
    ///
    /// # Errors
    /// `Invalid` for a cursor that is not this journal's.
    async fn find(&self, query: &Query, page: &Page) -> Result<Found>;

    /// Who holds a unique key at that time.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn holder(&self, key: &UniqueKey, at: Timestamp) -> Result<Option<Holder>>;

    /// Gives back at most `limit` claims whose terms had ended by that time; tells how many.
    ///
    /// They hold nothing any more: only room is won.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn forget(&self, by: Timestamp, limit: usize) -> Result<usize>;

    /// The chains, for whoever verifies them.
    fn audit(&self) -> &dyn AuditTrail;

    /// The documents.
    fn documents(&self) -> &dyn Documents;

    /// What CRLs list.
    fn listings(&self) -> &dyn Listings;
}

/// Reads what CRLs list: many small rows, in order.
#[async_trait]
pub trait Listings: Debug + Send + Sync {
    /// At most `limit` certificates on the issuer's CRL after that number, by ascending serial number, each
    /// once.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn listed(
        &self,
        part: &ListPart,
        after: Option<&SerialNumber>,
        limit: usize,
    ) -> Result<ListedPage>;
}

/// Which list, or part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ListPart {
    /// The issuer's key.
    pub issuer: KeyIdentity,
    /// The part of a partitioned CRL; 0 where it is whole.
    #[serde(default, skip_serializing_if = "is_whole")]
    pub partition: u16,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants a reference")]
const fn is_whole(partition: &u16) -> bool {
    *partition == 0
}

/// Rows of a list, one behind the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedPage {
    octets: Vec<u8>,
    rows: Vec<(Timestamp, usize)>,
}

impl ListedPage {
    /// Room for so many rows.
    pub fn with_capacity(rows: usize) -> Self {
        Self { octets: Vec::with_capacity(rows.saturating_mul(64)), rows: Vec::with_capacity(rows) }
    }

    /// Adds a row: when the certificate ends, and its entry of `revokedCertificates`, DER.
    pub fn push(&mut self, not_after: Timestamp, entry: &[u8]) {
        self.octets.extend_from_slice(entry);
        self.rows.push((not_after, self.octets.len()));
    }

    /// The rows, in their order.
    pub fn rows(&self) -> impl Iterator<Item = (Timestamp, &[u8])> {
        let starts = core::iter::once(0).chain(self.rows.iter().map(|(_, end)| *end));
        self.rows.iter().zip(starts).map(|((not_after, end), start)| {
            (*not_after, self.octets.get(start..*end).unwrap_or_default())
        })
    }

    /// How many rows.
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Reads the hash chains.
#[async_trait]
pub trait AuditTrail: Debug + Send + Sync {
    /// The last link of every writer's chain, by writer.
    ///
    /// # Errors
    /// `Unavailable` when out of reach.
    async fn heads(&self) -> Result<Vec<Head>>;

    /// At most `limit` links of a chain from number `from` on, in order.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn chain(&self, writer: &WriterId, from: u64, limit: usize) -> Result<Vec<Link>>;

    /// At most `limit` streams after that one, in their order, each with the number of entries that are
    /// really there, linked or not.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged.
    async fn streams(&self, after: Option<&StreamId>, limit: usize)
    -> Result<Vec<(StreamId, u64)>>;

    /// Every row of every list, each once, in an order of its own that pages keep.
    ///
    /// # Errors
    /// `Unavailable` when out of reach, `Fault` when damaged, `Invalid` for a foreign cursor.
    async fn rows(&self, page: &Page) -> Result<Found>;
}

/// Reads and erases documents.
#[async_trait]
pub trait Documents: Debug + Send + Sync {
    /// Reads a document; `None` when there is none, or it was erased.
    ///
    /// # Errors
    /// `Fault` when the stored octets do not fit the commitment.
    async fn get(&self, commitment: &Commitment) -> Result<Option<Document>>;

    /// Erases a document with its salt; one that is not there is erased already.
    ///
    /// # Errors
    /// `Unavailable` when it is not known to be erased.
    async fn erase(&self, commitment: &Commitment) -> Result<()>;
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record => f.write_str("record"),
            Self::Account(id) => write!(f, "account/{id}"),
            Self::Case(id) => write!(f, "case/{id}"),
            Self::Authority(id) => write!(f, "authority/{id}"),
            Self::Notice(id) => write!(f, "notice/{id}"),
            Self::Carrier(id) => write!(f, "carrier/{id}"),
            Self::Access => f.write_str("access"),
            Self::Audit => f.write_str("audit"),
            Self::Approval(id) => write!(f, "approval/{id}"),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A text names no stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stream's name")]
pub struct BadStream;

impl FromStr for StreamId {
    type Err = BadStream;
    fn from_str(text: &str) -> core::result::Result<Self, BadStream> {
        match text.split_once('/') {
            None if text == "record" => Ok(Self::Record),
            None if text == "access" => Ok(Self::Access),
            None if text == "audit" => Ok(Self::Audit),
            Some(("account", id)) => id.parse().map(Self::Account).map_err(|_| BadStream),
            Some(("case", id)) => id.parse().map(Self::Case).map_err(|_| BadStream),
            Some(("carrier", id)) => id.parse().map(Self::Carrier).map_err(|_| BadStream),
            Some(("approval", id)) => id.parse().map(Self::Approval).map_err(|_| BadStream),
            Some(("authority", id)) => id.parse().map(Self::Authority).map_err(|_| BadStream),
            Some(("notice", id)) => id.parse().map(Self::Notice).map_err(|_| BadStream),
            _ => Err(BadStream),
        }
    }
}

impl fmt::Display for UniqueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.space.name(), crate::hex::encode(&self.digest))
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::hex::encode(&self.0))
    }
}

impl KeySpace {
    /// All name spaces.
    pub const ALL: [Self; 10] = [
        Self::Founding,
        Self::Login,
        Self::Registration,
        Self::Person,
        Self::Serial,
        Self::PublicKey,
        Self::Challenge,
        Self::SignIn,
        Self::Binding,
        Self::BlockedKey,
    ];

    /// A short name, fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Founding => "founding",
            Self::Login => "login",
            Self::Registration => "registration",
            Self::Person => "person",
            Self::Serial => "serial",
            Self::PublicKey => "public-key",
            Self::Challenge => "challenge",
            Self::SignIn => "sign-in",
            Self::Binding => "binding",
            Self::BlockedKey => "blocked-key",
        }
    }
}
