//! Making CRLs: collected, checked, framed, hashed, signed, kept.

use futures_util::future::join_all;
use jiff::Timestamp;

use super::changes::{Changes, Heads, Untold};
use super::collector::Collector;
use super::gate::{Findings, Gate};
use super::previous::Previous;
use super::stock::{CHUNK, length};
use crate::authority::{CrlPolicy, frame_crl};
use crate::commitment::{Document, DocumentKind};
use crate::error::Error;
use crate::fact::{CrlIssued, KnownHead};
use crate::lifecycle::CrlLine;
use crate::provider::authority::{CrlHeading, CrlIssuer};
use crate::provider::journal::{ListPart, ListedPage};
use crate::provider::key_store::Digest;
use crate::provider::verifier::{Check, DigestCheck};
use crate::provider::{CrlDraft, ErrorKind};
use crate::registration_authority::RegistrationAuthority;
use crate::x509::crl::{CrlFrame, CrlSeal, EntrySerial, SignedPart};
use crate::x509::{Certificate, CrlEntry, SerialNumber};
use spki::AlgorithmIdentifierOwned;

/// All that it takes to make one CRL.
pub(super) struct Plan<'a> {
    pub(super) line: CrlLine,
    pub(super) heading: CrlHeading,
    pub(super) policy: CrlPolicy,
    pub(super) issuer: &'a dyn CrlIssuer,
    pub(super) certificate: Certificate,
    pub(super) salt: [u8; 32],
}

/// A CRL that only lacks its signature.
struct Drafted {
    /// As far as the record was read.
    heads: Heads,
    list: Collector,
    frame: CrlFrame,
    digest: Digest,
    known_by: Digest,
}

impl Drafted {
    async fn sign(&self, plan: &Plan<'_>) -> Result<Vec<u8>, Error> {
        Ok(plan.issuer.sign_crl(&plan.heading, &self.frame, &self.digest).await?)
    }
}

/// A CRL that was made and kept, to be recorded.
pub(super) struct Made {
    pub(super) fact: CrlIssued,
    pub(super) document: Option<Document>,
}

/// Why no CRL was made.
#[derive(Debug)]
pub(super) enum Unmade {
    /// It would have been wrong.
    Wrong(String),
    /// More changed than a delta CRL may say.
    TooMany,
    Error(Error),
}

impl<E: Into<Error>> From<E> for Unmade {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl From<Untold> for Unmade {
    fn from(untold: Untold) -> Self {
        match untold {
            Untold::Error(error) => Self::Error(error),
            Untold::Cut(writer) => Self::Wrong(format!("the chain of {writer} was cut")),
            Untold::TooMany => Self::TooMany,
        }
    }
}

impl Plan<'_> {
    const fn part(&self) -> &ListPart {
        &self.line.part
    }

    fn keeps(&self, not_after: Timestamp) -> bool {
        self.policy.keeps(not_after, self.heading.this_update)
    }
}

impl RegistrationAuthority {
    /// Makes the CRLs of these plans, and keeps them.
    pub(super) async fn make_crls(&self, plans: &[Plan<'_>]) -> Vec<Result<Made, Unmade>> {
        let mut drafted = Vec::with_capacity(plans.len());
        for plan in plans {
            drafted.push((plan, self.draft_crl(plan).await));
        }
        // all at once: the queue before a key signs together what comes together
        let signed = join_all(drafted.into_iter().map(async |(plan, drafted)| {
            let drafted = drafted?;
            let signature = drafted.sign(plan).await?;
            Ok((drafted, signature))
        }));
        let mut made = Vec::with_capacity(plans.len());
        for (plan, signed) in plans.iter().zip(signed.await) {
            made.push(match signed {
                Ok((drafted, signature)) => self.seal_crl(plan, drafted, &signature).await,
                Err(unmade) => Err(unmade),
            });
        }
        made
    }

    /// The list of a plan, proved by entries, framed and hashed.
    async fn draft_crl(&self, plan: &Plan<'_>) -> Result<Drafted, Unmade> {
        let heads = self.heads().await?;
        let mut list = match plan.heading.scope.base {
            Some(_) => self.collect_delta(plan, &heads).await?,
            None => self.collect_full(plan, &heads).await?,
        };
        let verifier = &*self.providers.verifier;
        let algorithm = verifier.signature_algorithm(plan.certificate.public_key());
        let algorithm =
            algorithm.map_err(|error| ErrorKind::Unsupported.at("key").because(error))?;
        let frame = frame_crl(&plan.heading, &plan.certificate, &algorithm, list.length)?;
        let (digest, known_by) = hash(&frame, &mut list).await?;
        Ok(Drafted { heads, list, frame, digest, known_by })
    }

    /// Checks the signature, whoever made it, and keeps the CRL.
    async fn seal_crl(
        &self,
        plan: &Plan<'_>,
        drafted: Drafted,
        signature: &[u8],
    ) -> Result<Made, Unmade> {
        let Drafted { heads, mut list, frame, digest, known_by } = drafted;
        self.check_signature(plan, (&frame, &digest, signature), &mut list).await?;
        let (document, file) = self.keep(plan, (&frame, &frame.seal(signature)), &mut list).await?;
        let (heading, known) = (&plan.heading, &plan.line.heads);
        let news = heads.values().filter(|head| known.get(&head.writer) != Some(head));
        let fact = CrlIssued {
            issuer: plan.part().issuer,
            partition: plan.part().partition,
            number: heading.number,
            base: heading.scope.base,
            this_update: heading.this_update,
            next_update: heading.next_update,
            crl: document.as_ref().map(|document| *document.commitment()),
            file,
            digest: digest.octets,
            sha_256: known_by.octets,
            entries: list.count,
            heads: news.copied().map(KnownHead::from).collect(),
        };
        Ok(Made { fact, document })
    }

    /// Every certificate that is listed, compared with the CRL before; without one, counted.
    async fn collect_full(&self, plan: &Plan<'_>, heads: &Heads) -> Result<Collector, Unmade> {
        let keeps = |not_after| plan.keeps(not_after);
        let gate = self.open_gate(plan, heads).await?;
        let (mut list, gate) = self.read_list(plan, gate).await?;
        let findings = match gate {
            Some(gate) => gate.end(&keeps).await?,
            None => None,
        };
        let findings = match findings {
            Some(findings) if findings.is_empty() => findings,
            Some(findings) => {
                let now = self.heads().await?;
                findings.without(&self.changes(plan.part(), (heads, &now)).await?)
            }
            None => self.recount(plan.part(), &mut list, (heads, &keeps)).await?,
        };
        refuse(&findings)?;
        Self::alarm(plan, list.count)?;
        Ok(list)
    }

    /// The gate over the CRL before, where there is one to compare with.
    async fn open_gate(&self, plan: &Plan<'_>, heads: &Heads) -> Result<Option<Gate<'_>>, Unmade> {
        let Some(full) = plan.line.full.as_ref().filter(|full| !full.digest.is_empty()) else {
            return Ok(None);
        };
        let changes = match self.changes(plan.part(), (&plan.line.base, heads)).await {
            Ok(changes) => changes,
            Err(Untold::TooMany) => return Ok(None),
            Err(untold) => return Err(untold.into()),
        };
        let (verifier, key) = (&self.providers.verifier, plan.certificate.public_key());
        let hash = match verifier.signature_algorithm(key) {
            _ if !full.sha_256.is_empty() => Some(SignedPart::sha_256()),
            algorithm => algorithm.ok().as_ref().and_then(SignedPart::of),
        };
        let Some(hash) = hash else { return Ok(None) };
        let kept = match self.kept(full).await {
            Ok(kept) => kept,
            Err(Error::Provider(error)) if *error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let previous = Previous::open(kept, full, hash).await?;
        Ok(previous.map(|previous| Gate::new(self, *plan.part(), previous, changes)))
    }

    /// Spools the list page by page, each entry past the gate.
    async fn read_list<'a>(
        &'a self,
        plan: &Plan<'_>,
        mut gate: Option<Gate<'a>>,
    ) -> Result<(Collector, Option<Gate<'a>>), Unmade> {
        let mut list = Collector::new(self.begin_draft().await?);
        let mut after: Option<SerialNumber> = None;
        loop {
            let listings = self.providers.journal.listings();
            let page = listings.listed(plan.part(), after.as_ref(), ROWS).await?;
            after = read_page(&page, plan, &mut list, gate.as_mut()).await?;
            if page.len() < ROWS {
                list.flush().await?;
                return Ok((list, gate));
            }
        }
    }

    /// What changed since the complete CRL, folded from entries: nothing of it is a view's word.
    async fn collect_delta(&self, plan: &Plan<'_>, heads: &Heads) -> Result<Collector, Unmade> {
        let changes: Changes = self.changes(plan.part(), (&plan.line.base, heads)).await?;
        let mut list = Collector::new(self.begin_draft().await?);
        for (serial, change) in changes.0 {
            let entry = match change.now {
                Some(entry) => entry,
                // RFC 5280 §5.2.4: until the next complete CRL
                None if change.was => {
                    let (date, invalidity) = (change.at, None);
                    let removed = CrlEntry { serial: &serial, date, reason: REMOVE, invalidity };
                    removed.to_der().map_err(|error| Error::Damaged(error.to_string()))?
                }
                None => continue,
            };
            if plan.keeps(change.not_after) {
                list.push(&entry).await?;
            }
        }
        list.flush().await?;
        Ok(list)
    }

    /// A list that lost too much is not published by itself.
    fn alarm(plan: &Plan<'_>, count: u64) -> Result<(), Unmade> {
        let Some(before) = plan.line.full.as_ref().map(|full| full.entries) else { return Ok(()) };
        let percent = u64::from(plan.policy.shrink_percent);
        let lost = before.saturating_sub(count);
        let alarming = lost.saturating_mul(100) > before.saturating_mul(percent) && lost >= FEW;
        if alarming && !plan.line.released {
            return Err(Unmade::Wrong(format!("{before} entries shrank to {count}")));
        }
        Ok(())
    }

    async fn check_signature(
        &self,
        plan: &Plan<'_>,
        (frame, digest, signature): (&CrlFrame, &Digest, &[u8]),
        list: &mut Collector,
    ) -> Result<(), Error> {
        let (key, algorithm) = (plan.certificate.public_key(), frame.algorithm());
        let verifier = &*self.providers.verifier;
        let verdict = if let Some(digests) = verifier.digests() {
            digests.verify_digest(&DigestCheck { key, algorithm, digest, signature })
        } else {
            let all = usize::try_from(list.length).unwrap_or(usize::MAX);
            let entries = list.read(0, all).await?;
            let message = &[frame.head(), &entries, frame.tail()].concat();
            verifier.verify(&Check { key, algorithm, message, signature })
        };
        verdict.map_err(|error| ErrorKind::Fault.at("CrlIssuer::sign_crl").because(error).into())
    }

    /// Writes the whole CRL to where it stays.
    async fn keep(
        &self,
        plan: &Plan<'_>,
        (frame, seal): (&CrlFrame, &CrlSeal),
        list: &mut Collector,
    ) -> Result<(Option<Document>, Option<String>), Error> {
        let mut draft = self.begin_draft().await?;
        draft.append([&seal.head, frame.head()].concat()).await?;
        copy(list, &mut *draft).await?;
        draft.append([frame.tail(), &seal.tail].concat()).await?;
        if self.providers.crl_sink.is_some() {
            let name = file_name(&plan.heading, plan.part());
            draft.keep(&name).await?;
            return Ok((None, Some(name)));
        }
        let whole = draft.read(0, usize::MAX).await?;
        Ok((Some(Document::seal(DocumentKind::Crl, plan.salt, whole)), None))
    }
}

/// Takes the rows of a page; gives the number of the last one.
async fn read_page(
    page: &ListedPage,
    plan: &Plan<'_>,
    list: &mut Collector,
    mut gate: Option<&mut Gate<'_>>,
) -> Result<Option<SerialNumber>, Error> {
    let keeps = |not_after| plan.keeps(not_after);
    // whether what is left out has really ended, the gate asks
    for (_, entry) in page.rows().filter(|(not_after, _)| keeps(*not_after)) {
        list.push(entry).await?;
        if let Some(gate) = &mut gate {
            gate.see(entry, &keeps).await?;
        }
    }
    let end = page.rows().last();
    Ok(end.and_then(|(_, entry)| EntrySerial::of(entry)).and_then(EntrySerial::to_serial))
}

fn refuse(findings: &Findings) -> Result<(), Unmade> {
    if findings.is_empty() { Ok(()) } else { Err(Unmade::Wrong(findings.to_string())) }
}

/// The digest of what is to be signed, and the one by which it is known again.
async fn hash(frame: &CrlFrame, list: &mut Collector) -> Result<(Digest, Digest), Error> {
    let algorithm: &AlgorithmIdentifierOwned = frame.algorithm();
    let unsupported = || ErrorKind::Unsupported.at("SignedPart::of");
    let mut hashes = [SignedPart::of(algorithm).ok_or_else(unsupported)?, SignedPart::sha_256()];
    let mut update = |octets: &[u8]| hashes.iter_mut().for_each(|hash| hash.update(octets));
    update(frame.head());
    let mut offset = 0;
    while offset < list.length {
        let octets = next(list, offset).await?;
        update(&octets);
        offset = offset.saturating_add(length(&octets));
    }
    update(frame.tail());
    let [signed, known] = hashes.map(SignedPart::finish);
    Ok((signed, known))
}

async fn copy(list: &mut Collector, draft: &mut dyn CrlDraft) -> Result<(), Error> {
    let mut offset = 0;
    while offset < list.length {
        let octets = next(list, offset).await?;
        offset = offset.saturating_add(length(&octets));
        draft.append(octets).await?;
    }
    Ok(())
}

async fn next(list: &mut Collector, offset: u64) -> Result<Vec<u8>, Error> {
    let octets = list.read(offset, CHUNK).await?;
    // a draft that ends before its end would be read for ever
    let there = (!octets.is_empty()).then_some(octets);
    there.ok_or_else(|| ErrorKind::Fault.at("CrlDraft::read").into())
}

/// The name of a CRL in a sink: key, part, number; a delta CRL says so.
fn file_name(heading: &CrlHeading, part: &ListPart) -> String {
    let key: String = part.issuer.to_string().chars().take(16).collect();
    let kind = if heading.scope.base.is_some() { "delta" } else { "crl" };
    format!("{kind}-{key}-{}-{}", part.partition, heading.number)
}

/// `removeFromCRL` (RFC 5280 §5.3.1).
const REMOVE: u8 = 8;
/// Rows that are read at once.
const ROWS: usize = 8_192;
/// So few entries may go without an alarm.
const FEW: u64 = 10;
