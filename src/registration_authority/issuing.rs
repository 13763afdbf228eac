//! Issuing: intent before effect, and a check of what came back.

use super::SYSTEM;
use super::claims::{serial_key, take};
use super::job::{Job, Work};
use crate::authority::{names_parts, urls_of_part};
use crate::command::Outcome;
use crate::commitment::DocumentKind;
use crate::entry::Entry;
use crate::error::{Error, provider_code};
use crate::fact::{CaseFact, Intent, Issued};
use crate::id::{CaseId, CommandId};
use crate::lifecycle::{Act, Case, Refusal};
use crate::profile::gate::{self, Expectation, Passed};
use crate::profile::{Profile, days_after};
use crate::provider::authority::{Decision, Prepared, Submission};
use crate::provider::journal::{KeySpace, StreamId};
use crate::provider::{CertificateAuthority, Conflict, ErrorKind, ProviderError};
use crate::view::CaseState;
use crate::x509::extensions::CrlLocations;
use crate::x509::{Certificate, KeyIdentity};

/// What is on record to be signed.
struct Intended {
    prepared: Prepared,
    /// It passed the gate, where that was just now.
    passed: Option<Passed>,
}

impl Job<'_> {
    pub(super) async fn issue_again(&self, id: &CaseId) -> Result<Outcome, Error> {
        if self.approval.is_some() {
            // whoever submitted it need not be one who issues: others agreed to it
            let case = self.ra.load_case(id).await?;
            if case.approval() == self.approval {
                let profile = self.ra.profile_of(&case).await?;
                return self.issue_approved(case, &profile).await;
            }
        }
        let (mut case, profile) = self.begun_case(id, Act::Issue).await?;
        let begun = self.was_done(RETRY).await?;
        if !begun {
            self.check_begin(&case, &profile, Act::Issue)?;
        }
        // also where an interrupted try of this very command failed
        if case.state() == CaseState::Failed {
            let step = if begun { format!("{RETRY}-{}", case.length()) } else { RETRY.to_owned() };
            let entries = vec![self.entry(CaseFact::IssuanceRetried)];
            let change = self.change(&mut case, &profile, entries)?;
            self.step(&step, Work::of(change)).await?;
        }
        self.issue(case, &profile).await
    }

    /// R11: enough approved; the request is as they saw it.
    async fn issue_approved(&self, mut case: Case, profile: &Profile) -> Result<Outcome, Error> {
        if !self.was_done(APPROVED).await? {
            self.expect(StreamId::Case(case.id()), case.length())?;
            let fact = CaseFact::RequestApproved { automatic: false };
            let change = self.change(&mut case, profile, vec![self.system_entry(fact)])?;
            self.step(APPROVED, Work::of(change)).await?;
        } else if case.state() == CaseState::Failed {
            // the approval is tried again
            let step = format!("{RETRY}-{}", case.length());
            let entries = vec![self.system_entry(CaseFact::IssuanceRetried)];
            let change = self.change(&mut case, profile, entries)?;
            self.step(&step, Work::of(change)).await?;
        }
        self.issue(case, profile).await
    }

    /// Issues for an approved case. Safe to repeat: after a crash, call it again.
    pub(super) async fn issue(&self, mut case: Case, profile: &Profile) -> Result<Outcome, Error> {
        if let Some(issued) = case.issued() {
            return Ok(Outcome::AlreadyDone(Box::new(outcome(&case, issued)))); // the sweep was faster
        }
        // 1. From here on the engine acts, whoever asked.
        case.may(SYSTEM, Act::Issue, profile, self.now)?;
        if case.state() == CaseState::Failed {
            return Err(Refusal::State { act: Act::Issue, state: case.state().name() }.into());
        }
        let authority = self.ra.authority(&case)?;
        // 2. What is to be signed is on record, or goes there now.
        let mut ours = false;
        let intended = match case.intent() {
            Some(Intent::Prepared { .. }) => self.intended(&case).await?, // a crash came before us
            Some(Intent::Deferred { ticket }) => {
                let decision = authority.poll(ticket).await?;
                return self.accept(case, profile, decision).await;
            }
            Some(Intent::Elsewhere) => {
                return Err(Error::Damaged(format!("{} lost its certificate", case.id())));
            }
            None => match self.prepare(&mut case, profile, &*authority).await? {
                Ok(intended) => {
                    ours = true;
                    intended
                }
                Err(other) => return self.accept(case, profile, other).await,
            },
        };
        // 3. Signed, checked and recorded.
        match self.complete(&case, profile, (&*authority, &intended)).await {
            Ok(signed) => self.record_certificate(case, profile, signed, Some(&intended)).await,
            Err(Error::Provider(error)) => self.record_trouble(case, profile, error, ours).await,
            Err(error) => Err(error),
        }
    }

    async fn complete(
        &self,
        case: &Case,
        profile: &Profile,
        (authority, intended): (&dyn CertificateAuthority, &Intended),
    ) -> Result<(Certificate, KeyIdentity), Error> {
        let certificate = authority.complete(&intended.prepared).await?;
        let key = self.check_certificate(case, profile, &certificate, Some(intended)).await?;
        Ok((certificate, key))
    }

    /// R18 where it is sure that nothing was signed, R19 otherwise: then the same bytes are signed again.
    async fn record_trouble(
        &self,
        mut case: Case,
        profile: &Profile,
        error: ProviderError,
        ours: bool,
    ) -> Result<Outcome, Error> {
        let (why, step) = (provider_code(error.kind()).to_owned(), case.length());
        let fact = match (ours, error.kind()) {
            _ if case.state() == CaseState::InDoubt => return Err(error.into()),
            (_, ErrorKind::Unavailable | ErrorKind::Fault | ErrorKind::Conflict(_))
            | (false, _) => CaseFact::IssuanceInDoubt { why },
            (true, _) => CaseFact::IssuanceFailed { why },
        };
        let change = self.change(&mut case, profile, vec![self.system_entry(fact)])?;
        // where this cannot be recorded either, the intent is, and the sweep completes it
        let _recorded = self.step(&format!("trouble-{step}"), Work::of(change)).await;
        Err(error.into())
    }

    /// R18: the request stays, and may be tried again or withdrawn.
    async fn fail(
        &self,
        mut case: Case,
        profile: &Profile,
        (why, refusal): (String, Refusal),
    ) -> Result<Error, Error> {
        let step = format!("refused-{}", case.length());
        let fact = CaseFact::IssuanceFailed { why };
        let change = self.change(&mut case, profile, vec![self.system_entry(fact)])?;
        self.step(&step, Work::of(change)).await?;
        Ok(refusal.into())
    }

    /// Asks the authority; commits the intent, exact bytes included, where it is to sign for us. `Err` is
    /// any other decision.
    async fn prepare(
        &self,
        case: &mut Case,
        profile: &Profile,
        authority: &dyn CertificateAuthority,
    ) -> Result<Result<Intended, Decision>, Error> {
        for attempt in case.attempts()..case.attempts().saturating_add(SERIAL_TRIES) {
            let submission = match self.submission(case, profile, attempt).await {
                Err(Error::Refused(why)) => {
                    let failure = (why.code().to_owned(), why);
                    return Err(self.fail(case.clone(), profile, failure).await?);
                }
                submission => submission?,
            };
            let decision = authority.submit(&submission).await?;
            let Decision::Prepared(prepared) = decision else { return Ok(Err(decision)) };
            let issuer = self.ra.issuer(&case.begun().authority, &prepared.issuer).await?;
            let expected = Expectation::of(&submission).under(&issuer);
            let passed = match gate::pass(prepared.tbs.clone(), &expected) {
                Ok(passed) => Some(passed),
                Err(findings) => {
                    let failure = ("gate".to_owned(), Refusal::Gate(findings));
                    return Err(self.fail(case.clone(), profile, failure).await?);
                }
            };
            match self.intend(case, profile, &prepared).await {
                Ok(()) => return Ok(Ok(Intended { prepared, passed })),
                Err(Error::Conflict(Conflict::Taken { key, .. }))
                    if key.space == KeySpace::Serial => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::Fault.at("CertificateAuthority::submit").into()) // serial numbers that repeat
    }

    pub(super) async fn submission(
        &self,
        case: &Case,
        profile: &Profile,
        attempt: u32,
    ) -> Result<Submission, Error> {
        let (request, data) = (self.request_of(case).await?, self.ra.registration_of(case).await?);
        let subject = data.subject_attributes();
        self.check_request_for(&subject, profile, &request).await?;
        Ok(Submission {
            id: submission_id(case, attempt),
            case: case.id(),
            request,
            subject,
            kind: data.subject.kind(),
            identification: data.identification.kind,
            notice: data.limits_of_use.as_ref().map(|limits| limits.as_str().to_owned()),
            profile: profile.clone(),
            validity: profile.validity_from(self.now),
            partition: self.ra.partition_of(case, profile).await?,
        })
    }

    async fn intend(
        &self,
        case: &mut Case,
        profile: &Profile,
        prepared: &Prepared,
    ) -> Result<(), Error> {
        let tbs = self.seal(DocumentKind::Tbs, prepared.tbs.clone())?;
        let intent = Intent::Prepared {
            issuer: prepared.issuer,
            serial: prepared.serial.clone(),
            tbs: *tbs.commitment(),
            validity: prepared.validity,
        };
        let mut next = case.clone();
        let change = self.change(
            &mut next,
            profile,
            vec![self.system_entry(CaseFact::IssuanceIntended(intent))],
        )?;
        let claim = take(serial_key(&prepared.issuer, &prepared.serial), &case.id());
        let name = format!("intent-{}-{}", case.attempts(), prepared.serial);
        self.step(&name, Work::of(change).with_documents([tbs]).with_claims([claim])).await?;
        *case = next;
        Ok(())
    }

    /// What an intent of before was about to sign.
    async fn intended(&self, case: &Case) -> Result<Intended, Error> {
        let Some(Intent::Prepared { issuer, serial, tbs, validity }) = case.intent() else {
            return Err(Error::Damaged(format!("{} has no intent", case.id())));
        };
        let (issuer, serial, validity) = (*issuer, serial.clone(), *validity);
        let tbs = self.ra.document(tbs).await?.into_bytes();
        Ok(Intended { prepared: Prepared { issuer, serial, validity, tbs }, passed: None })
    }

    /// The decision of an authority that keeps a record of its own.
    async fn accept(
        &self,
        mut case: Case,
        profile: &Profile,
        decision: Decision,
    ) -> Result<Outcome, Error> {
        match decision {
            Decision::Issued(certificate) => {
                let key = self.check_certificate(&case, profile, &certificate, None).await?;
                self.record_certificate(case, profile, (certificate, key), None).await
            }
            Decision::Deferred(ticket) if case.intent().is_none() => {
                let fact = CaseFact::IssuanceIntended(Intent::Deferred { ticket });
                let change = self.change(&mut case, profile, vec![self.system_entry(fact)])?;
                self.finish(Work::of(change), Outcome::Pending { case: case.id() }).await
            }
            Decision::Deferred(_) => Ok(Outcome::Pending { case: case.id() }),
            Decision::Refused(why) => {
                let refusal = Refusal::Authority(why.clone());
                Err(self.fail(case, profile, (why.code, refusal)).await?)
            }
            Decision::Prepared(_) => Err(ErrorKind::Fault.at("CertificateAuthority::poll").into()),
        }
    }

    /// Records a certificate that was checked.
    async fn record_certificate(
        &self,
        mut case: Case,
        profile: &Profile,
        (certificate, key): (Certificate, KeyIdentity),
        intended: Option<&Intended>,
    ) -> Result<Outcome, Error> {
        let document = self.seal(DocumentKind::Certificate, certificate.as_der().to_vec())?;
        let record = Issued {
            certificate: *document.commitment(),
            issuer: key,
            serial: certificate.serial().clone(),
            validity: *certificate.validity(),
            thumbprint: certificate.thumbprint_sha1(),
            partition: self.ra.partition_named(&case, profile, &certificate).await?,
        };
        let mut facts = Vec::new();
        let mut claims = Vec::new();
        if case.state() == CaseState::Approved {
            facts.push(CaseFact::IssuanceIntended(Intent::Elsewhere));
        }
        if intended.is_none() {
            claims.push(take(serial_key(&key, certificate.serial()), &case.id()));
        }
        let interrupted = case.command() != self.envelope.id && intended.is_some();
        let recovered = interrupted || case.state() == CaseState::InDoubt;
        facts.push(match profile.policy.acceptance_days {
            Some(days) => CaseFact::CertificateIssuedOnHold {
                issued: record.clone(),
                until: days_after(self.now, days),
            },
            None if recovered => CaseFact::IssuanceRecovered(record.clone()),
            None => CaseFact::CertificateIssued(record.clone()),
        });
        let whole = |fact| Entry { effective: self.second(), ..self.system_entry(fact) };
        let on_hold = profile.policy.acceptance_days.is_some();
        let entries = facts
            .into_iter()
            .map(|fact| if on_hold { whole(fact) } else { self.system_entry(fact) })
            .collect();
        let change = self.change(&mut case, profile, entries)?;
        let mut work = Work::of(change).with_documents([document]).with_claims(claims);
        work.changes.extend(self.supersede(&case, profile, &record).await?);
        self.finish(work, outcome(&case, &record)).await.map_err(name_the_serial)
    }
}

impl super::RegistrationAuthority {
    /// The part of the authority's list that a case's certificate will name: evenly, by its id.
    async fn partition_of(&self, case: &Case, profile: &Profile) -> Result<u16, Error> {
        if !names_parts(&profile.locations.crl) {
            return Ok(0);
        }
        let parts = self.load_authority(&case.begun().authority).await?.partitions();
        let [high, low, ..] = *case.id().octets();
        Ok(u16::from_be_bytes([high, low]).checked_rem(parts).unwrap_or_default())
    }

    /// The part that a certificate does name: its URLs are for ever, also where more parts were cut since.
    async fn partition_named(
        &self,
        case: &Case,
        profile: &Profile,
        certificate: &Certificate,
    ) -> Result<u16, Error> {
        let urls = &profile.locations.crl;
        if !names_parts(urls) {
            return Ok(0);
        }
        let parts = self.load_authority(&case.begun().authority).await?.partitions();
        let found: Option<CrlLocations> = certificate.find().ok().flatten();
        let found = found.unwrap_or_default();
        let named = (0..parts).find(|part| found.0 == urls_of_part(urls, *part));
        Ok(named.unwrap_or_default())
    }

    pub(super) fn authority(
        &self,
        case: &Case,
    ) -> Result<std::sync::Arc<dyn CertificateAuthority>, Error> {
        let authority = self.providers.authorities.get(&case.begun().authority);
        Ok(std::sync::Arc::clone(authority.ok_or(Refusal::NotFound("authority"))?))
    }
}

impl Job<'_> {
    /// As if a stranger had made it: the signature is a key's of the authority; the bytes are the recorded ones, or pass the gate now.
    async fn check_certificate(
        &self,
        case: &Case,
        profile: &Profile,
        certificate: &Certificate,
        intended: Option<&Intended>,
    ) -> Result<KeyIdentity, Error> {
        let fault = |why: &'static str| {
            Error::from(ErrorKind::Fault.at("CertificateAuthority").because(why))
        };
        let signer = self.ra.signing_key(&case.begun().authority, certificate).await?;
        let key = signer.ok_or_else(|| fault("no key of the authority made this signature"))?;
        let passed = intended.and_then(|intended| intended.passed.as_ref());
        passed
            .map_or_else(
                || gate::check_signed(certificate),
                |passed| passed.check_signed(certificate),
            )
            .map_err(|error| ErrorKind::Fault.at("CertificateAuthority").because(error))?;
        match intended.map(|intended| &intended.prepared) {
            Some(prepared) if prepared.tbs != certificate.tbs() => {
                Err(fault("other bytes were signed"))
            }
            Some(prepared) if prepared.issuer != key => Err(fault("another key signed")),
            Some(_) => Ok(key),
            None => {
                let mut submission = self.submission(case, profile, case.attempts()).await?;
                submission.validity = *certificate.validity();
                let issuer = self.ra.issuer(&case.begun().authority, &key).await?;
                let expected = Expectation::of(&submission).under(&issuer);
                let examined = gate::examine(certificate.tbs(), &expected);
                examined.map_err(Refusal::Gate)?;
                Ok(key)
            }
        }
    }
}

/// A serial number that was used before is no race: the authority breaks its contract (RFC 5280 §4.1.2.2).
fn name_the_serial(error: Error) -> Error {
    match error {
        Error::Conflict(Conflict::Taken { key, .. }) if key.space == KeySpace::Serial => {
            ErrorKind::Fault.at("CertificateAuthority").because("the serial number repeats").into()
        }
        error => error,
    }
}

fn outcome(case: &Case, issued: &Issued) -> Outcome {
    let Issued { issuer, serial, validity, .. } = issued.clone();
    Outcome::Issued { case: case.id(), issuer, serial, validity }
}

/// A function of the case and of the attempt, so that a repetition is recognised.
fn submission_id(case: &Case, attempt: u32) -> CommandId {
    CommandId::new(*case.id().octets()).step(&format!("submission-{attempt}"))
}

const RETRY: &str = "retry";
const APPROVED: &str = "approved";
const SERIAL_TRIES: u32 = 4;
