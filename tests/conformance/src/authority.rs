//! What every certification authority promises.

mod crls;
mod decisions;
mod signing;

use gost_ca::profile::gate::{Expectation, examine};
use gost_ca::provider::{CertificateAuthority, Decision, Prepared, Submission, Verifier};
use gost_ca::x509::Certificate;

use crate::broken::{Broken, Kept, ensure};
use crate::check::{Check, run};
use crate::fresh::fresh;
use crate::report::Report;

/// The authority under test, and what it is tested with.
pub struct AuthorityUnderTest<'a> {
    /// Opens it; each call is a restart, or a second process.
    pub open: &'a dyn Fn() -> Box<dyn CertificateAuthority>,
    /// A submission that the authority accepts; the checks give it ids of their own.
    pub submission: &'a Submission,
    /// The certificates of its keys.
    pub issuers: &'a [Certificate],
    /// Checks what it signs: no authority marks its own work.
    pub verifier: &'a dyn Verifier,
}

impl core::fmt::Debug for AuthorityUnderTest<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("AuthorityUnderTest(..)")
    }
}

/// Checks an authority. Certificates that the checks obtain are issued for good: do not run it against an
/// authority whose register matters.
pub async fn authority(name: &str, subject: &AuthorityUnderTest<'_>) -> Report {
    run(name, subject, &authority_checks()).await
}

/// The promises of an authority.
pub fn authority_checks<'a>() -> Vec<Check<AuthorityUnderTest<'a>>> {
    let mut checks = decisions::checks();
    checks.extend(signing::checks());
    checks.extend(crls::checks());
    checks
}

impl AuthorityUnderTest<'_> {
    fn open(&self) -> Box<dyn CertificateAuthority> {
        (self.open)()
    }

    /// A submission that nobody made before.
    fn submission(&self) -> Submission {
        let id = gost_ca::id::CommandId::new(fresh());
        Submission { id, case: gost_ca::id::CaseId::made_by(&id), ..self.submission.clone() }
    }

    /// What must be refused: it ends before it begins, and has no subject.
    fn refusable(&self) -> Submission {
        let mut bad = self.submission();
        core::mem::swap(&mut bad.validity.not_before, &mut bad.validity.not_after);
        bad.subject.clear();
        bad
    }

    /// The bytes about to be signed, where the authority shows them.
    async fn prepared(&self, authority: &dyn CertificateAuthority) -> Result<Prepared, Broken> {
        match authority.submit(&self.submission()).await? {
            Decision::Prepared(prepared) => Ok(prepared),
            other => Err(Broken::skip(format!("it prepares nothing: {}", shape(&other)))),
        }
    }

    /// The certificate of a submission.
    async fn obtain(
        &self,
        authority: &dyn CertificateAuthority,
        submission: &Submission,
    ) -> Result<Certificate, Broken> {
        match authority.submit(submission).await? {
            Decision::Prepared(prepared) => Ok(authority.complete(&prepared).await?),
            Decision::Issued(certificate) => Ok(certificate),
            Decision::Deferred(_) => Err(Broken::skip("it answers later")),
            other => Err(format!("a good submission is {}", shape(&other)).into()),
        }
    }

    /// The issuer whose key signed.
    fn issuer(&self, certificate: &Certificate) -> Result<&Certificate, Broken> {
        self.issuers
            .iter()
            .find(|issuer| certificate.verify(issuer.public_key(), self.verifier).is_ok())
            .ok_or_else(|| "no key of the authority verifies the certificate".into())
    }

    /// The certificate answers the submission, by every rule of the gate.
    fn answers(&self, certificate: &Certificate, submission: &Submission) -> Kept {
        let expected = Expectation::of(submission).under(self.issuer(certificate)?);
        let examined = examine(certificate.tbs(), &expected);
        ensure(examined.is_ok(), examined.err().map(|found| found.to_string()).unwrap_or_default())
    }
}

/// What a decision is, without what it holds.
fn shape(decision: &Decision) -> &'static str {
    match decision {
        Decision::Prepared(_) => "prepared",
        Decision::Issued(_) => "issued",
        Decision::Deferred(_) => "deferred",
        Decision::Refused(_) => "refused",
        _ => "unknown",
    }
}

/// Declares a table of checks: `id: why => body`, a body being `async fn(&AuthorityUnderTest) -> Kept`.
macro_rules! promises {
    ($($id:literal: $why:literal => $body:path;)+) => {
        pub(super) fn checks<'a>() -> Vec<Check<AuthorityUnderTest<'a>>> {
            vec![$(Check {
                id: concat!("authority/", $id),
                why: $why,
                run: |subject| Box::pin(async move { $body(subject).await.into() }),
            }),+]
        }
    };
}
use promises;
