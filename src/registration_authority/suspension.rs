//! Holds: by application, by term, and at a call by the code phrase.

use jiff::Timestamp;

use super::job::{Job, Work};
use crate::command::Outcome;
use crate::commitment::DocumentKind;
use crate::error::Error;
use crate::fact::{AccountFact, CaseFact};
use crate::id::{CaseId, UserId};
use crate::lifecycle::{Act, Guard, Refusal};
use crate::profile::{OnEnd, Profile, Suspension, days_after};
use crate::provider::PasswordHash;
use crate::reason::{Ground, GroundKind};
use crate::secret::Secret;

impl Job<'_> {
    pub(super) async fn suspend(
        &self,
        id: &CaseId,
        ground: &Ground,
        (until, on_end): (Option<Timestamp>, Option<OnEnd>),
    ) -> Result<Outcome, Error> {
        let (case, profile) = self.case(id, Act::Suspend).await?;
        let on_end = on_end.unwrap_or_else(|| end_of(&profile));
        let ground = ground.clone();
        let fact = CaseFact::CertificateSuspended { ground, until, on_end, by_phrase: false };
        self.dated((case, profile), fact).await
    }

    pub(super) async fn change_suspension(
        &self,
        id: &CaseId,
        ground: &Ground,
        (until, on_end): (Option<Timestamp>, Option<OnEnd>),
    ) -> Result<Outcome, Error> {
        let (case, profile) = self.case(id, Act::ChangeSuspension).await?;
        let on_end = on_end.unwrap_or_else(|| end_of(&profile));
        let fact = CaseFact::SuspensionChanged { ground: ground.clone(), until, on_end };
        self.dated((case, profile), fact).await
    }

    pub(super) async fn resume(&self, id: &CaseId, ground: &Ground) -> Result<Outcome, Error> {
        let case = self.case(id, Act::Resume).await?;
        self.dated(case, CaseFact::CertificateResumed { ground: ground.clone() }).await
    }

    /// Desk U5: at once, for the profile's term; the paper application is due within it.
    pub(super) async fn suspend_by_phrase(&self, id: &CaseId) -> Result<Outcome, Error> {
        let (case, profile) = self.begun_case(id, Act::SuspendByPhrase).await?;
        self.expect(crate::provider::journal::StreamId::Case(*id), case.length())?;
        let days = profile.policy.emergency_days.ok_or(Refusal::Guard(Guard::EmergencyAllowed))?;
        let account = self.ra.load_account(&case.begun().user).await?;
        let phrase = self.means.phrase.ok_or(Refusal::Missing("the code phrase"))?;
        self.check_phrase(account.phrase(), phrase).await?;
        let end = case.not_after().unwrap_or(Timestamp::MAX);
        let ground = Ground { kind: GroundKind::OwnerApplication, document: String::new() };
        let fact = CaseFact::CertificateSuspended {
            ground,
            until: Some(days_after(self.second(), days).min(end)),
            on_end: end_of(&profile),
            by_phrase: true,
        };
        self.dated((case, profile), fact).await
    }

    async fn check_phrase(
        &self,
        known: Option<&crate::commitment::Commitment>,
        said: &Secret,
    ) -> Result<(), Error> {
        let hasher = &self.ra.providers.password_hasher;
        let said = spoken(said)?;
        let Some(known) = known else {
            // no phrase takes as long as a wrong one
            hasher.hash(&said, &[0; 16]).await?;
            return Err(Refusal::Phrase.into());
        };
        let document = self.ra.document(known).await?;
        let phc = core::str::from_utf8(document.bytes())
            .map_err(|error| Error::Damaged(error.to_string()))?;
        let fits = hasher.verify(&said, &PasswordHash::new(phc)).await?;
        fits.then_some(()).ok_or_else(|| Refusal::Phrase.into())
    }

    pub(super) async fn set_code_phrase(&self, user: &UserId) -> Result<Outcome, Error> {
        let (mut account, around) = self.account(user, Act::SetCodePhrase).await?;
        let said = spoken(self.means.phrase.ok_or(Refusal::Missing("the code phrase"))?)?;
        let hash = self.ra.providers.password_hasher.hash(&said, &self.ra.random()?).await?;
        let document = self.seal(DocumentKind::Phrase, hash.expose().as_bytes().to_vec())?;
        let old = account.phrase().copied();
        let fact = AccountFact::CodePhraseSet { phrase: *document.commitment() };
        let change = self.change_account(&mut account, Act::SetCodePhrase, fact, &around)?;
        let done = self.finish(Work::of(change).with_documents([document]), Outcome::Done).await?;
        if let Some(old) = old {
            self.ra.providers.journal.documents().erase(&old).await?;
        }
        Ok(done)
    }
}

/// What happens at the end of a hold that does not say it (R4).
const fn end_of(profile: &Profile) -> OnEnd {
    match profile.suspension {
        Suspension::Allowed { on_end, .. } => on_end,
        Suspension::Forbidden => OnEnd::Stay,
    }
}

/// A phrase as one hears it: letters and digits in lower case, Ё as Е; at least [`LETTERS`] of them.
fn spoken(phrase: &Secret) -> Result<Secret, Refusal> {
    let heard = phrase.expose_str().map(|text| {
        let letters = text.chars().filter(|letter| letter.is_alphanumeric());
        let lower: String = letters.flat_map(char::to_lowercase).collect();
        zeroize::Zeroizing::new(lower.replace('ё', "е"))
    });
    match heard {
        Some(heard) if heard.chars().count() >= LETTERS => Ok(Secret::new(heard.as_bytes())),
        _ => Err(Refusal::Password("a code phrase has at least 6 letters or digits".to_owned())),
    }
}

const LETTERS: usize = 6;
