//! Checking the signatures of a PDF.

use std::io::Read;

use lopdf::{Dictionary, Object, ObjectId};

use super::changes::{Later, State, between};
use super::fields::SignatureField;
use super::located::{Located, locate};
use super::{Pdf, fields, inner, read};
use crate::check::{Checker, Finding, Level, Part, Report, SignerReport, Step, Verdict};
use crate::error::Result;
use crate::hash::ContentDigests;
use crate::signed_data::SignedData;

/// What is told of one signature.
struct Told<'a> {
    field: &'a SignatureField,
    report: SignerReport,
    /// Fields that were added later and are seen.
    shown: Vec<ObjectId>,
}

/// What the document says about one signature, before others are known.
struct Standing {
    steps: Vec<Step>,
    /// Fields that were added later and are seen.
    shown: Vec<ObjectId>,
}

impl Pdf<'_> {
    /// Checks all signatures, each with a report, in the order of the form's fields.
    ///
    /// A signature of an earlier revision is told what came later: further signatures and evidence leave it
    /// valid, filled fields and changed annotations indeterminate, anything else invalid.
    pub async fn check(&self, checker: &Checker<'_>) -> Report {
        let mut all = Vec::new();
        for field in &self.fields {
            let Some(id) = field.value else { continue };
            let (report, shown) = match locate(self.file, &self.document, id) {
                Ok(located) => self.signature(checker, field, &located).await,
                Err(finding) => (unread(checker, finding), Vec::new()),
            };
            all.push(Told { field, report, shown });
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

    async fn signature(
        &self,
        checker: &Checker<'_>,
        field: &SignatureField,
        located: &Located,
    ) -> (SignerReport, Vec<ObjectId>) {
        let standing = self.standing(field, located);
        let mut report = match self.signer(checker, located).await {
            Ok(report) => report,
            Err(step) => unread_step(checker, step),
        };
        report.steps.extend(standing.steps);
        report.verdict = crate::check::worst(&report.steps);
        (report, standing.shown)
    }

    /// The signed message over what is covered.
    async fn signer(
        &self,
        checker: &Checker<'_>,
        located: &Located,
    ) -> core::result::Result<SignerReport, Step> {
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
        let digests = self.digests(located, &message).map_err(malformed)?;
        let mut checker = checker.clone();
        let claimed = located.time.filter(|_| checker.rules.trust_signing_time);
        checker.rules.at = claimed.unwrap_or(checker.rules.at);
        let mut report = checker.message(&message, &digests).await;
        let Some(mut report) = report.signers.pop() else {
            return Err(Step::new(Part::Signature, Finding::NobodySigned));
        };
        report.claimed_time = report.claimed_time.or(located.time);
        Ok(report)
    }

    fn digests(&self, located: &Located, message: &SignedData) -> Result<ContentDigests> {
        let before = self.file.get(..located.gap.start).unwrap_or_default();
        let after = self.file.get(located.gap.end..located.end).unwrap_or_default();
        Ok(ContentDigests::of(&mut before.chain(after), &message.hash_functions())?)
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
            Later::Signatures(_) | Later::Filled(_) if certified => {
                step(Finding::DocumentForbidden, "")
            }
            Later::Evidence => step(Finding::DocumentEvidenceLater, ""),
            Later::Signatures(shown) => {
                Standing { shown, ..step(Finding::DocumentSignedLater, "") }
            }
            Later::Filled(what) => step(Finding::DocumentFilledLater, &what),
            Later::Changed(what) => step(Finding::DocumentChangedLater, &what),
        }
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

    /// What the signature that certifies the document permits (ISO 32000-2 §12.8.2.2): 1 is nothing.
    fn permission(&self, id: ObjectId) -> Option<i64> {
        let catalog = self.document.catalog().ok()?;
        let permissions = inner(&self.document, catalog, b"Perms")?;
        let certifying = permissions.get(b"DocMDP").and_then(Object::as_reference).ok();
        let dictionary =
            self.document.get_dictionary(id).ok().filter(|_| certifying == Some(id))?;
        self.transform(dictionary)
    }

    /// What whoever certified the document permits; nothing where nobody did.
    pub(super) fn permitted(&self) -> Option<i64> {
        self.fields.iter().filter_map(|field| field.value).find_map(|id| self.permission(id))
    }

    fn transform(&self, signature: &Dictionary) -> Option<i64> {
        let references =
            signature.get(b"Reference").ok().and_then(|all| super::array(&self.document, all))?;
        let mut references =
            references.iter().filter_map(|one| super::dictionary(&self.document, one));
        let certifies = |one: &&Dictionary| {
            one.get(b"TransformMethod").and_then(Object::as_name).ok() == Some(b"DocMDP")
        };
        let reference = references.find(certifies)?;
        let parameters = inner(&self.document, reference, b"TransformParams");
        let level = parameters.and_then(|parameters| parameters.get(b"P").ok()?.as_i64().ok());
        Some(level.unwrap_or(FILLING_IN))
    }
}

/// A revision ends as a file does.
fn ends_whole(covered: &[u8]) -> bool {
    covered.trim_ascii_end().ends_with(b"%%EOF")
}

fn unread(checker: &Checker<'_>, finding: Finding) -> SignerReport {
    unread_step(checker, Step::new(Part::Document, finding))
}

/// Of a signature that cannot even be read.
fn unread_step(checker: &Checker<'_>, step: Step) -> SignerReport {
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

/// The permissions of `DocMDP`.
pub(super) const NO_CHANGES: i64 = 1;
const FILLING_IN: i64 = 2;
