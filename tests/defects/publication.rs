//! Defects of publication.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use gost_ca::RegistrationAuthority;
use gost_ca::authority::CrlPolicy;
use gost_ca::command::Command;
use gost_ca::lifecycle::CrlState;
use gost_ca::lifecycle::crl::DeliveryState;
use gost_ca::provider::publisher::Source;
use gost_ca::provider::{ErrorKind, Publisher, Result as Provided};
use gost_ca_memory::MemoryCrls;

use super::bench::{Bench, revoke};
use super::desk::{Result, settings};
use super::{HOUR, serial};

/// A place to fetch CRLs from; one that is down takes nothing.
#[derive(Debug, Default)]
struct Place {
    files: MemoryCrls,
    down: AtomicBool,
}

#[async_trait]
impl Publisher for Place {
    async fn publish(&self, name: &str, file: &mut dyn Source) -> Provided<()> {
        if self.down.load(Ordering::Relaxed) {
            return Err(ErrorKind::Unavailable.at("publish"));
        }
        self.files.publish(name, file).await
    }
}

/// Each place by itself says that it has the CRL; it is published where all have it, and not before.
#[tokio::test]
async fn d_9_published_is_what_every_place_has() -> Result<()> {
    let mut desk = Bench::open().await?.desk;
    let places = [Arc::new(Place::default()), Arc::new(Place::default())];
    let names = ["near", "far"];
    let mut providers = desk.ra.providers().clone().with_crl_sink(Arc::new(MemoryCrls::default()));
    for (name, place) in names.iter().zip(&places) {
        providers = providers.with_publisher(name.parse()?, Arc::clone(place) as _);
    }
    desk.ra = RegistrationAuthority::new(providers, settings());
    let endpoints = names.map(|name| name.parse().unwrap()).to_vec();
    let policy = Box::new(CrlPolicy { endpoints, ..CrlPolicy::default() });
    let adopt = Command::AdoptCrlPolicy { authority: desk.authority, policy };
    desk.run(&desk.administrator, adopt).await?;
    let case = desk.active(10).await?;
    desk.run(&desk.operator, revoke(case)).await?;

    places[1].down.store(true, Ordering::Relaxed);
    desk.ra.sweep().await?;
    let line = desk.ra.crl_lines(&desk.authority).await?.remove(0);
    assert_ne!(line.state, CrlState::Published, "one place does not have it");
    let deliveries = &line.full.as_ref().unwrap().deliveries;
    let state = |name: &str| deliveries.get(&name.parse().unwrap());
    assert!(matches!(state("near"), Some(DeliveryState::Delivered { .. })));
    assert!(matches!(state("far"), Some(DeliveryState::Failed { times: 1, .. })));
    assert_eq!((places[0].files.names().len(), places[1].files.names().len()), (1, 0));

    places[1].down.store(false, Ordering::Relaxed);
    desk.clock.advance(HOUR);
    desk.ra.sweep().await?;
    let line = desk.ra.crl_lines(&desk.authority).await?.remove(0);
    assert_eq!(line.state, CrlState::Published);
    let name = places[0].files.names().remove(0);
    let [near, far] = [0, 1].map(|place: usize| places[place].files.get(&name));
    assert!(near.is_some() && near == far);
    let crl = gost_ca::x509::CertificateList::from_der(&near.unwrap())?;
    assert!(crl.find(&serial(&desk, case).await?).is_some());
    Ok(())
}
