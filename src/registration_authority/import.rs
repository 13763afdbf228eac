//! Certificates that were issued elsewhere, so that an authority can move here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::claims::{public_key_key, serial_key, take};
use super::job::{Job, Work};
use crate::command::{ImportedCertificate, Outcome};
use crate::commitment::DocumentKind;
use crate::error::Error;
use crate::fact::{CaseFact, Imported, ImportedStatus, Issued, RequestCreated};
use crate::id::{AuthorityId, CaseId, ProfileId, UserId};
use crate::lifecycle::{Account, Act, Authority, Case, Refusal, permission};
use crate::profile::Profile;
use crate::provider::journal::{Change, Expected, StreamId};
use crate::provider::verifier::Check;
use crate::view::View;
use crate::x509::extensions::BasicConstraints;
use crate::x509::{Certificate, KeyIdentity};
use jiff::Timestamp;

impl Job<'_> {
    /// Takes certificates as they are: signed by a known key, their numbers and keys never seen before.
    pub(super) async fn import(
        &self,
        id: &AuthorityId,
        profile: &ProfileId,
        items: &[ImportedCertificate],
    ) -> Result<Outcome, Error> {
        permission::permits(&self.actor, Act::Import, None, None)?;
        if items.is_empty() || items.len() > AT_ONCE {
            return Err(Refusal::Request(format!("1 to {AT_ONCE} certificates")).into());
        }
        let record = self.ra.record().await?;
        let profile = record
            .profile(profile)
            .ok_or_else(|| Refusal::Unknown { kind: "profile", name: profile.clone() })?;
        let authority = self.ra.load_authority(id).await?;
        // 1. As if a stranger had made them.
        let certificates: Vec<_> = items.iter().map(read).collect::<Result<_, _>>()?;
        let signers = self.signers(&authority, &certificates).await?;
        let accounts = self.accounts_of(items).await?;
        // 2. All of them, or none.
        let (mut work, mut cases) = (Work::default(), Vec::with_capacity(items.len()));
        for (index, ((item, certificate), signer)) in
            items.iter().zip(&certificates).zip(signers).enumerate()
        {
            let case = CaseId::made_by(&self.envelope.id.step(&format!("import-{index}")));
            check_item(item, (&authority, self.now))?;
            let account = accounts.get(&item.user).ok_or(Refusal::NotFound("account"))?;
            let rules = (account, profile, *id);
            let imported = self.imported(&mut work, (item, certificate, signer), rules, case)?;
            let public_key = imported.public_key;
            let mut entry = self.entry(CaseFact::CertificateImported(Box::new(imported)));
            entry.effective = self.second();
            let folded = Case::begin(case, &entry)?;
            let views =
                [Some(View::Case(folded.view())), folded.certificate_view().map(View::Certificate)];
            work.changes.push(Change {
                stream: StreamId::Case(case),
                expected: Expected::Exactly(0),
                entries: vec![entry.encode()],
                views: views.into_iter().flatten().collect(),
            });
            work.claims.push(take(serial_key(&signer, certificate.serial()), &case));
            work.claims.push(take(public_key_key(&public_key), &case));
            work.claims.extend(self.forbid_key(&folded).await?);
            cases.push(case);
        }
        self.check_desk_approval()?;
        self.finish(work, Outcome::Imported { cases }).await
    }

    fn imported(
        &self,
        work: &mut Work,
        (item, certificate, signer): (&ImportedCertificate, &Certificate, KeyIdentity),
        (account, profile, authority): (&Account, &Profile, AuthorityId),
        case: CaseId,
    ) -> Result<Imported, Error> {
        let document = self.seal(DocumentKind::Certificate, certificate.as_der().to_vec())?;
        let facts = Issued {
            certificate: *document.commitment(),
            issuer: signer,
            serial: certificate.serial().clone(),
            validity: *certificate.validity(),
            thumbprint: certificate.thumbprint_sha1(),
            partition: item.partition,
        };
        work.documents.push(document);
        let public_key = self.ra.providers.verifier.identify(certificate.public_key());
        let begun = RequestCreated {
            user: account.user(),
            role: account.role(),
            office: account.office().cloned(),
            registration: *account.registration(),
            profile: profile.id.clone(),
            profile_version: profile.version,
            authority,
            lineage: case,
            renews: None,
            succession: None,
            ends: None,
        };
        Ok(Imported {
            begun,
            public_key: public_key.map_err(|error| Refusal::Request(error.to_string()))?,
            issued: facts,
            status: item.status,
        })
    }

    /// Which key of the authority signed each, the newest tried first, many signatures at once.
    async fn signers(
        &self,
        authority: &Authority,
        certificates: &[Certificate],
    ) -> Result<Vec<KeyIdentity>, Error> {
        let mut signers: Vec<Option<KeyIdentity>> = vec![None; certificates.len()];
        for key in authority.keys().iter().rev() {
            let issuer = self.ra.issuer_certificate(key).await?;
            let open = |(certificate, signer): &(&Certificate, &mut Option<KeyIdentity>)| {
                signer.is_none() && certificate.issuer() == issuer.subject()
            };
            let mut asked: Vec<_> = certificates.iter().zip(&mut signers).filter(open).collect();
            let checks: Vec<_> = asked
                .iter()
                .map(|(certificate, _)| Check {
                    key: issuer.public_key(),
                    algorithm: certificate.signature_algorithm(),
                    message: certificate.tbs(),
                    signature: certificate.signature(),
                })
                .collect();
            let verdicts = self.ra.providers.verifier.verify_all(&checks);
            for ((_, signer), verdict) in asked.iter_mut().zip(verdicts) {
                **signer = verdict.is_ok().then_some(key.key);
            }
        }
        let stranger =
            || Refusal::Request("a certificate is by no key of the authority".to_owned());
        Ok(signers.into_iter().collect::<Option<_>>().ok_or_else(stranger)?)
    }

    async fn accounts_of(
        &self,
        items: &[ImportedCertificate],
    ) -> Result<BTreeMap<UserId, Account>, Error> {
        let mut accounts = BTreeMap::new();
        for item in items {
            if let Entry::Vacant(place) = accounts.entry(item.user) {
                place.insert(self.ra.load_account(&item.user).await?);
            }
        }
        Ok(accounts)
    }
}

fn read(item: &ImportedCertificate) -> Result<Certificate, Error> {
    let refused = |why: String| Error::from(Refusal::Request(why));
    let certificate =
        Certificate::from_der(&item.certificate).map_err(|error| refused(error.to_string()))?;
    let constraints = certificate.find::<BasicConstraints>().map_err(|e| refused(e.to_string()))?;
    // an authority's own certificate lives elsewhere: it is not a subscriber's
    if constraints.is_some_and(|constraints| constraints.authority) {
        return Err(refused("a certificate is an authority's".to_owned()));
    }
    Ok(certificate)
}

fn check_item(
    item: &ImportedCertificate,
    (authority, now): (&Authority, Timestamp),
) -> Result<(), Refusal> {
    let dates = match item.status {
        ImportedStatus::Suspended { since } => [Some(since), None],
        ImportedStatus::Revoked { date, invalidity, .. } => [Some(date), invalidity],
        ImportedStatus::Good => [None, None],
    };
    // X.509 has no dates before 1950, and what is recorded has happened
    let fits = |date: &Timestamp| *date <= now && date.as_second() >= YEAR_1950;
    if !dates.iter().flatten().all(fits) {
        return Err(Refusal::Request("a date of a status".to_owned()));
    }
    let known = item.partition < authority.partitions();
    known.then_some(()).ok_or_else(|| Refusal::Request("a partition that there is not".to_owned()))
}

/// Certificates in one command.
const AT_ONCE: usize = 1_000;
/// 1950-01-01T00:00:00Z.
const YEAR_1950: i64 = -631_152_000;
