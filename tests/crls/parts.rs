//! Lists in parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use gost_ca::RegistrationAuthority;
use gost_ca::authority::{CrlPolicy, LocalAuthority};
use gost_ca::command::Command;
use gost_ca::profile::Locations;
use gost_ca::provider::authority::{
    CertificateAuthority, CrlHeading, CrlIssuer, Decision, Prepared, Submission, Ticket,
};
use gost_ca::provider::journal::ListPart;
use gost_ca::provider::key_store::Digest;
use gost_ca::provider::{ErrorKind, Result as Provided};
use gost_ca::x509::crl::CrlFrame;
use gost_ca::x509::extensions::{CrlLocations, FreshestCrl, IssuingDistributionPoint, find};
use gost_ca::x509::{Certificate, SerialNumber};

use crate::desk::{self, Result, settings};
use crate::office::{Office, policy, revoke, serials};

/// U1, RFC 5280 §5.2.5: each certificate names its part, and is on the CRL of that part alone.
#[tokio::test]
async fn parts_have_lists_of_their_own() -> Result<()> {
    let locations = vec!["http://ca.example/{partition}.crl".to_owned()];
    let office = Office::open(CrlPolicy {
        partitions: 4,
        locations: locations.clone(),
        delta_locations: vec!["http://ca.example/{partition}-delta.crl".to_owned()],
        ..policy()
    })
    .await?;
    let desk = &office.desk;
    let mut profile = desk::profile();
    profile.version = 2;
    profile.locations = Locations {
        crl: locations,
        delta: vec!["http://ca.example/{partition}-delta.crl".to_owned()],
        ..Locations::default()
    };
    desk.run(&desk.administrator, Command::AdoptProfile { profile: Box::new(profile) }).await?;
    let mut parts = BTreeSet::new();
    let mut expected: BTreeMap<u16, BTreeSet<SerialNumber>> = BTreeMap::new();
    for number in 10..26 {
        let case = desk.active(number).await?;
        let issued =
            desk.ra.case(&desk.administrator, &case).await?.case.issued().cloned().unwrap();
        let certificate = desk.ra.certificate(&desk.administrator, &case).await?;
        let url = format!("http://ca.example/{}.crl", issued.partition);
        assert_eq!(certificate.find::<CrlLocations>()?.unwrap().0, [url]);
        let url = format!("http://ca.example/{}-delta.crl", issued.partition);
        assert_eq!(certificate.find::<FreshestCrl>()?.unwrap().0, [url]);
        parts.insert(issued.partition);
        office.operator(revoke(case)).await?;
        expected.entry(issued.partition).or_default().insert(issued.serial);
    }
    assert!(parts.len() > 1 && parts.iter().all(|part| *part < 4), "{parts:?}");
    assert_eq!(office.sweep_after(0).await?.crls.len(), 4);
    let crls = desk.ra.crls(&desk.authority).await?;
    for (part, der) in (0..4).zip(&crls) {
        let crl = office.checked(der);
        let found: BTreeSet<_> = serials(&crl).into_iter().collect();
        assert_eq!(found, expected.remove(&part).unwrap_or_default());
        let point: Option<IssuingDistributionPoint> = find(crl.extensions())?;
        assert_eq!(point.unwrap().0, [format!("http://ca.example/{part}.crl")]);
    }
    let fewer = CrlPolicy { partitions: 3, ..CrlPolicy::default() };
    let command = Command::AdoptCrlPolicy { authority: desk.authority, policy: Box::new(fewer) };
    assert_eq!(desk.refusal(&desk.administrator, command).await, "request.not-accepted");
    Ok(())
}

/// An authority whose key is slow: how many wait for it at once is counted.
#[derive(Debug)]
struct Slow {
    local: Arc<LocalAuthority>,
    waiting: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl CertificateAuthority for Slow {
    async fn submit(&self, submission: &Submission) -> Provided<Decision> {
        self.local.submit(submission).await
    }

    async fn complete(&self, prepared: &Prepared) -> Provided<Certificate> {
        self.local.complete(prepared).await
    }

    async fn poll(&self, ticket: &Ticket) -> Provided<Decision> {
        self.local.poll(ticket).await
    }

    fn crl_issuer(&self) -> Option<&dyn CrlIssuer> {
        Some(self)
    }
}

#[async_trait]
impl CrlIssuer for Slow {
    async fn sign_crl(
        &self,
        heading: &CrlHeading,
        frame: &CrlFrame,
        digest: &Digest,
    ) -> Provided<Vec<u8>> {
        let waiting = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(waiting, Ordering::Relaxed);
        tokio::task::yield_now().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        if heading.scope.point == [BROKEN] {
            return Err(ErrorKind::Unavailable.at("sign_crl"));
        }
        self.local.sign_crl(heading, frame, digest).await
    }
}

const BROKEN: &str = "http://ca.example/7.crl";

/// The parts of a list come before the key together, eight at a time; one that fails stops no other.
#[tokio::test]
async fn parts_are_signed_together() -> Result<()> {
    let locations = vec!["http://ca.example/{partition}.crl".to_owned()];
    let mut office =
        Office::open(CrlPolicy { partitions: 20, locations, ..CrlPolicy::default() }).await?;
    let id = office.desk.authority;
    let local = Arc::clone(&office.desk.local);
    let slow = Arc::new(Slow { local, waiting: AtomicUsize::new(0), most: AtomicUsize::new(0) });
    let providers = office.desk.ra.providers().clone().with_authority(id, Arc::clone(&slow) as _);
    office.desk.ra = RegistrationAuthority::new(providers, settings());
    let desk = &office.desk;
    let swept = office.sweep_after(0).await?;
    assert_eq!(slow.most.load(Ordering::Relaxed), 8);
    let failed: Vec<_> =
        swept.crls_failed.iter().map(|(part, code)| (part.partition, *code)).collect();
    assert_eq!(failed, [(7, "provider.unavailable")]);
    let made: BTreeSet<_> = swept.crls.iter().map(|(part, _)| part.partition).collect();
    assert_eq!(made, (0..20).filter(|part| *part != 7).collect());
    let numbers: BTreeSet<_> = swept.crls.iter().map(|(_, number)| number).collect();
    assert_eq!(numbers.len(), 19, "each has a number of its own");
    let state = desk.ra.authority_state(&desk.administrator, &id).await?;
    assert!(state.line(&ListPart { partition: 7, ..swept.crls[0].0 }).failed.is_some());
    Ok(())
}
