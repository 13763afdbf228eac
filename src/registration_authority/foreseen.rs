//! Requests of many commands: possession is checked of all together, before each is looked at by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::job::Job;
use crate::command::Command;
use crate::commitment::Commitment;
use crate::error::Error;
use crate::id::CaseId;
use crate::lifecycle::{Case, Refusal};
use crate::profile::Profile;
use crate::provider::verifier::{Check, Unverified};
use crate::registration::SubjectAttribute;
use crate::request;
use crate::x509::{CertificationRequest, KeyIdentity};

/// What is known of requests before their commands are executed.
#[derive(Debug, Default)]
pub(super) struct Foreseen {
    /// Those that prove possession, by their octets. Of any other nothing is known.
    proven: BTreeSet<Vec<u8>>,
    /// Those that are recorded, by their documents.
    recorded: BTreeMap<Commitment, CertificationRequest>,
}

impl Job<'_> {
    /// Looks at the requests of commands that come next. What is wrong, the command itself will tell.
    pub(super) async fn foresee(&self, commands: &[Command]) -> Foreseen {
        let (mut requests, mut recorded) = (Vec::new(), BTreeMap::new());
        for command in commands {
            match command {
                Command::ImportRequest { request, .. } => {
                    requests.extend(request::from_upload(request));
                }
                Command::Submit { case } => recorded.extend(self.recorded_request(case).await.ok()),
                _ => {}
            }
        }
        let all: Vec<_> = requests.iter().chain(recorded.values()).collect();
        if all.len() < 2 {
            return Foreseen { proven: BTreeSet::new(), recorded };
        }
        let checks: Vec<_> = all.iter().map(|request| Check::from(*request)).collect();
        let verdicts = self.ra.providers.verifier.verify_all(&checks);
        let good = all.iter().zip(verdicts).filter(|(_, verdict)| verdict.is_ok());
        let proven = good.map(|(request, _)| request.as_der().to_vec()).collect();
        Foreseen { proven, recorded }
    }

    async fn recorded_request(
        &self,
        id: &CaseId,
    ) -> Result<(Commitment, CertificationRequest), Error> {
        let case = self.ra.load_case(id).await?;
        let requested = case.request().ok_or(Refusal::NotFound("request"))?;
        Ok((requested.document, self.ra.request_of(&case).await?))
    }

    /// A case's request, as it is recorded.
    pub(super) async fn request_of(&self, case: &Case) -> Result<CertificationRequest, Error> {
        let document = case.request().map(|requested| requested.document);
        let known = document.and_then(|document| self.foreseen?.recorded.get(&document));
        match known {
            Some(request) => Ok(request.clone()),
            None => self.ra.request_of(case).await,
        }
    }

    /// Possession, key, subject: nobody's word is taken for them.
    pub(super) async fn check_request(
        &self,
        case: &Case,
        profile: &Profile,
        request: &CertificationRequest,
    ) -> Result<KeyIdentity, Error> {
        let data = self.ra.registration_of(case).await?;
        self.check_request_for(&data.subject_attributes(), profile, request).await
    }

    /// The same, where the subject is at hand.
    pub(super) async fn check_request_for(
        &self,
        subject: &[SubjectAttribute],
        profile: &Profile,
        request: &CertificationRequest,
    ) -> Result<KeyIdentity, Error> {
        let verifier = &*self.ra.providers.verifier;
        let possession = self.possession(request);
        let checked = request::check_proven((request, possession), subject, profile, verifier);
        let key = checked.map_err(Refusal::from)?;
        self.ra.check_not_blocked(&key).await?;
        Ok(key)
    }

    fn possession(&self, request: &CertificationRequest) -> Result<(), Unverified> {
        let proven = self.foreseen.is_some_and(|known| known.proven.contains(request.as_der()));
        if proven { Ok(()) } else { request.verify(&*self.ra.providers.verifier) }
    }
}

/// Requests that are checked together.
pub(super) const TOGETHER: usize = 64;
