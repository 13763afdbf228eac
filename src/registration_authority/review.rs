//! What somebody should look at before a request goes on (R7).

use super::job::Job;
use crate::authority::preview;
use crate::error::Error;
use crate::fact::Finding;
use crate::lifecycle::Case;
use crate::lint;
use crate::profile::Profile;
use crate::registration::{IdentificationKind, RegistrationData};

impl Job<'_> {
    /// All that may be waived, where the profile wants a review; what may not is the gate's.
    pub(super) async fn findings(
        &self,
        case: &Case,
        profile: &Profile,
    ) -> Result<Vec<Finding>, Error> {
        if !profile.policy.review {
            return Ok(Vec::new());
        }
        let mut findings = of_papers(&self.ra.registration_of(case).await?);
        findings.extend(self.of_octets(case, profile).await?);
        Ok(findings)
    }

    /// The warnings of lint, of the request and of the certificate as it would be.
    async fn of_octets(&self, case: &Case, profile: &Profile) -> Result<Vec<Finding>, Error> {
        let submission = self.submission(case, profile, case.attempts()).await?;
        let mut found = lint::warnings_in_request(submission.request.as_der());
        let authority = self.ra.load_authority(&case.begun().authority).await?;
        if let Some(key) = authority.keys().last() {
            let issuer = self.ra.issuer_certificate(key).await?;
            let tbs = preview(&submission, &issuer);
            found.extend(tbs.iter().flat_map(|tbs| lint::warnings_to_be_signed(tbs)));
        }
        Ok(found.into_iter().map(in_words).collect())
    }
}

fn of_papers(data: &RegistrationData) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code: &str, detail: &str| {
        findings.push(Finding { code: code.to_owned(), detail: detail.to_owned() });
    };
    if data.identification.kind != IdentificationKind::Personal {
        find("identification.remote", data.identification.kind.name());
    }
    if data.proxy.is_some() {
        find("applicant.proxy", "the documents were brought by a proxy");
    }
    findings
}

/// Places name fields, never their values.
fn in_words(found: lint::Finding) -> Finding {
    let lint::Finding { id, english, place, .. } = found;
    let detail = if place.is_empty() { english.to_owned() } else { format!("{english}: {place}") };
    Finding { code: id.to_owned(), detail }
}
