//! Checking the signatures of a PDF.

use std::collections::BTreeMap;
use std::io::Read;

use jiff::Timestamp;
use lopdf::ObjectId;

use super::changes::{Later, State, between};
use super::fields::SignatureField;
use super::located::{Kind, Located, locate};
use super::permissions::NO_CHANGES;
use super::{Pdf, fields, located, read};
use crate::check::{Checker, Finding, Level, Part, Report, SignerReport, Step, Verdict};
use crate::error::Result;
use crate::hash::{ContentDigests, HashFunction};
use crate::signed_data::SignedData;
use crate::time_stamp::TimeStampToken;

/// What is told of one signature.
struct Told<'a> {
    field: &'a SignatureField,
    report: SignerReport,
    /// Fields that were added later and are seen.
    shown: Vec<ObjectId>,
}

/// What a signature says, or why it is not read.
type Outcome = core::result::Result<SignerReport, Step>;

/// A field that is signed, and where its signature lies.
type Signed<'a> = (&'a SignatureField, core::result::Result<Located, Finding>);

/// The time stamps over the document.
#[derive(Default)]
struct Stamps {
    /// By their fields.
    told: BTreeMap<ObjectId, Outcome>,
    /// How far from the first octet each valid one covers, and its time.
    proofs: Vec<(usize, Timestamp)>,
}

impl Stamps {
    /// The earliest time at which a signature was proven to be there.
    fn proven(&self, located: &Located) -> Option<Timestamp> {
        let over = self.proofs.iter().filter(|(covered, _)| located.end <= *covered);
        over.map(|(_, time)| *time).min()
    }
}

/// What the document says about one signature, before others are known.
#[derive(Default)]
struct Standing {
    steps: Vec<Step>,
    /// Fields that were added later and are seen.
    shown: Vec<ObjectId>,
}

impl Pdf<'_> {
    /// Checks all signatures and time stamps, each with a report, in the order of the form's fields. A valid time stamp
    /// proves when the signatures under it were there.
    ///
    /// A signature of an earlier revision is told what came later: further signatures and evidence leave it
    /// valid, filled fields and changed annotations indeterminate, anything else invalid.
    pub async fn check(&self, checker: &Checker<'_>) -> Report {
        let signed = self
            .fields
            .iter()
            .filter_map(|field| Some((field, locate(self.file, &self.document, field.value?))));
        let signed: Vec<_> = signed.collect();
        let mut stamps = self.stamps(checker, &signed).await;
        let mut all = Vec::new();
        for (field, located) in &signed {
            let told = match located {
                Err(finding) => Err(Step::new(Part::Document, *finding)),
                Ok(located) => match stamps.told.remove(&field.id) {
                    Some(told) => told,
                    None => self.signer(checker, located, stamps.proven(located)).await,
                },
            };
            let mut report = told.unwrap_or_else(|step| unread(checker, step));
            let standing = located.as_ref().ok().map(|located| self.standing(field, located));
            let standing = standing.unwrap_or_default();
            report.steps.extend(standing.steps);
            report.verdict = crate::check::worst(&report.steps);
            all.push(Told { field, report, shown: standing.shown });
        }
        let valid = all.iter().filter(|told| told.report.verdict == Verdict::Valid);
        let valid: Vec<_> = valid.map(|told| told.field.id).collect();
        Report::new(all.into_iter().map(|told| self.finish(told, &valid)).collect())
    }

    /// Adds what is known only when all signatures are checked, and the name of the field.
    fn finish(&self, told: Told<'_>, valid: &[ObjectId]) -> SignerReport {
        let Told { field, mut report, shown } = told;
        let marks = match shown.iter().all(|id| valid.contains(id)) {
            true if shown.is_empty() => None,
            true => Some(Finding::DocumentStampedLater),
            false => Some(Finding::DocumentMarkedLater),
        };
        report.steps.extend(marks.map(|finding| Step::new(Part::Document, finding)));
        report.steps.extend(self.shared(field));
        for step in report.steps.iter_mut().filter(|step| step.part == Part::Document) {
            let details = step.details.take().map(|details| format!(": {details}"));
            step.details = Some(format!("{}{}", field.name, details.unwrap_or_default()));
        }
        report.verdict = crate::check::worst(&report.steps);
        report
    }

    /// The time stamps of the document.
    async fn stamps(&self, checker: &Checker<'_>, signed: &[Signed<'_>]) -> Stamps {
        let mut stamps = Stamps::default();
        for (field, located) in signed {
            let Some(located) = located.as_ref().ok().filter(|one| one.kind == Kind::TimeStamp)
            else {
                continue;
            };
            let told = self.time_stamp(checker, located).await;
            let proven = told.as_ref().ok().and_then(|report| report.proven_time);
            stamps.proofs.extend(proven.map(|time| (located.gap.start, time)));
            stamps.told.insert(field.id, told);
        }
        stamps
    }

    /// A time stamp over what is covered (ETSI EN 319 142-1 §5.4.3): told as the signature of whoever gave it.
    async fn time_stamp(&self, checker: &Checker<'_>, located: &Located) -> Outcome {
        let malformed = |error| Step::new(Part::TimeStamp, Finding::StampMalformed).about(error);
        let token = TimeStampToken::from_der(&located.message).map_err(malformed)?;
        let stamp = checker.time_stamp(&token).await.map_err(malformed)?;
        let imprint = &token.info().imprint;
        let finding = match HashFunction::from_oid(&imprint.algorithm) {
            Err(_) => Finding::AlgorithmUnsupported,
            Ok(function) => {
                let digests = self.digests(located, &[function]).map_err(malformed)?;
                let same = digests.by(function) == Some(imprint);
                if same { Finding::ContentIntact } else { Finding::ContentChanged }
            }
        };
        let mut steps = vec![Step::new(Part::Content, finding)];
        steps.extend(stamp.steps);
        let verdict = crate::check::worst(&steps);
        Ok(SignerReport {
            verdict,
            signer: stamp.signer,
            claimed_time: Some(stamp.time),
            proven_time: (verdict == Verdict::Valid).then_some(stamp.time),
            time: stamp.time,
            level: Level::DocumentTimeStamp,
            steps,
            counter_signatures: Vec::new(),
            time_stamps: Vec::new(),
        })
    }

    /// The signed message over what is covered, which was there at a proven time.
    async fn signer(
        &self,
        checker: &Checker<'_>,
        located: &Located,
        proven: Option<Timestamp>,
    ) -> Outcome {
        let malformed =
            |error| Step::new(Part::Signature, Finding::SignatureMalformed).about(error);
        let (message, content) = SignedData::from_octets(&located.message).map_err(malformed)?;
        // ISO 32000-2 §12.8.3.3: one signer, and nothing within.
        if message.signers.len() != 1 {
            return Err(Step::new(Part::Signature, Finding::DocumentSigners));
        }
        if content.is_some() {
            return Err(Step::new(Part::Content, Finding::ContentOfOtherType));
        }
        let digests = self.digests(located, &message.hash_functions()).map_err(malformed)?;
        let mut checker = checker.clone();
        let claimed = located.time.filter(|_| checker.rules.trust_signing_time);
        checker.rules.at = proven.or(claimed).unwrap_or(checker.rules.at);
        let mut report = checker.message(&message, &digests).await;
        let Some(mut report) = report.signers.pop() else {
            return Err(Step::new(Part::Signature, Finding::NobodySigned));
        };
        report.claimed_time = report.claimed_time.or(located.time);
        report.proven_time = report.proven_time.or(proven);
        Ok(report)
    }

    fn digests(&self, located: &Located, functions: &[HashFunction]) -> Result<ContentDigests> {
        let before = self.file.get(..located.gap.start).unwrap_or_default();
        let after = self.file.get(located.gap.end..located.end).unwrap_or_default();
        Ok(ContentDigests::of(&mut before.chain(after), functions)?)
    }

    /// Which revision a signature covers, and what came later.
    fn standing(&self, field: &SignatureField, located: &Located) -> Standing {
        let step = |finding, details: &str| {
            let step = Step::new(Part::Document, finding);
            Standing {
                steps: vec![if details.is_empty() { step } else { step.about(details) }],
                shown: Vec::new(),
            }
        };
        let later = self.file.get(located.end..).unwrap_or_default();
        if later.iter().all(u8::is_ascii_whitespace) {
            return step(Finding::DocumentWhole, "");
        }
        let covered = self.file.get(..located.end).unwrap_or_default();
        let Some((document, fields)) =
            ends_whole(covered).then(|| self.revision(covered)).flatten()
        else {
            return step(Finding::DocumentRevision, "");
        };
        let known = fields.iter().find(|known| known.id == field.id);
        if known.and_then(|known| known.value) != field.value {
            return step(Finding::DocumentRevision, "");
        }
        let old = State { document: &document, fields: &fields };
        let new = State { document: &self.document, fields: &self.fields };
        let later = between(old, new);
        let certified = field.value.and_then(|id| self.permission(id)) == Some(NO_CHANGES);
        match later {
            // ISO 32000-2 §12.8.2.2: time stamps are no changes, whatever is permitted.
            Later::Signatures(shown) if shown.is_empty() && self.only_stamps(&fields) => {
                step(Finding::DocumentEvidenceLater, "")
            }
            Later::Signatures(_) | Later::Filled(_) if certified => {
                step(Finding::DocumentForbidden, "")
            }
            Later::Evidence => step(Finding::DocumentEvidenceLater, ""),
            Later::Signatures(shown) => match self.locked_later(field, &fields) {
                Some(locked) => step(Finding::DocumentLocked, locked),
                None => Standing { shown, ..step(Finding::DocumentSignedLater, "") },
            },
            Later::Filled(what) => step(Finding::DocumentFilledLater, &what),
            Later::Changed(what) => step(Finding::DocumentChangedLater, &what),
        }
    }

    /// The fields that were signed after those of a revision.
    fn signed_later(&self, before: &[SignatureField]) -> impl Iterator<Item = &SignatureField> {
        let same = |now: &SignatureField| {
            before.iter().any(|old| old.id == now.id && old.value == now.value)
        };
        self.fields.iter().filter(move |now| !same(now))
    }

    /// A field that the signature locks and that was signed later.
    fn locked_later(&self, field: &SignatureField, before: &[SignatureField]) -> Option<&str> {
        let locks = self.locks(field.value?)?;
        let mut later = self.signed_later(before);
        later.find(|now| locks.cover(&now.name)).map(|now| now.name.as_str())
    }

    /// Whether all later signatures are time stamps.
    fn only_stamps(&self, before: &[SignatureField]) -> bool {
        self.signed_later(before).all(|field| {
            let value = field.value.and_then(|id| self.document.get_dictionary(id).ok());
            value.is_some_and(|value| located::kind(value) == Ok(Kind::TimeStamp))
        })
    }

    fn revision(&self, covered: &[u8]) -> Option<(lopdf::Document, Vec<SignatureField>)> {
        let document = read(covered, self.limits).ok()?;
        let fields = fields::of(&document).ok()?;
        Some((document, fields))
    }

    /// Two fields of one name, or one signature in two fields: readers would show either.
    fn shared(&self, field: &SignatureField) -> Option<Step> {
        let claims = self.fields.iter().filter(|other| {
            other.name == field.name || other.id == field.id || other.value == field.value
        });
        (claims.count() > 1).then(|| Step::new(Part::Document, Finding::DocumentShared))
    }
}

/// A revision ends as a file does.
fn ends_whole(covered: &[u8]) -> bool {
    covered.trim_ascii_end().ends_with(b"%%EOF")
}

/// Of a signature that cannot even be read.
fn unread(checker: &Checker<'_>, step: Step) -> SignerReport {
    SignerReport {
        verdict: step.verdict,
        signer: None,
        claimed_time: None,
        proven_time: None,
        time: checker.rules.at,
        level: Level::Cms,
        steps: vec![step],
        counter_signatures: Vec::new(),
        time_stamps: Vec::new(),
    }
}
