//! Break-glass: the last administrator is called back by the recovery keys.

use std::sync::Arc;

use gost_ca::command::Command;
use gost_ca::entry::Method;
use gost_ca::provider::Signer as _;
use gost_ca::provider::journal::StreamId;
use gost_ca::provider::key_store::Message;
use gost_ca::provider::{Journal, Verifier as _};
use gost_ca::registration_authority::{Recovery, RecoverySignature};
use gost_ca_software::{GostSigner, GostVerifier};

use crate::desk::{self, Result, answer};
use crate::office::Office;
use crate::record::ground;

struct Safe {
    office: Office,
    keys: Vec<Arc<GostSigner>>,
    /// The administrator's new key.
    key: Arc<GostSigner>,
}

impl Safe {
    /// Two of three keys are enough.
    async fn set_up() -> Result<Self> {
        let office = Office::found().await?;
        let keys: Vec<_> = (81..84).map(|number| desk::key(number, &office.desk.rng)).collect();
        let public = keys.iter().map(|key| gost_ca::hex::encode(key.public_key().as_der()));
        let set = Command::SetRecovery { keys: public.collect(), needed: 2 };
        office.run(set).await?;
        let key = desk::key(90, &office.desk.rng);
        Ok(Self { office, keys, key })
    }

    async fn recovery(&self) -> Result<Recovery> {
        let challenge = self.office.ra.challenge().await?;
        let administrator = self.office.administrator().actor().user.unwrap();
        Ok(Recovery { challenge, administrator, key: self.key.public_key().as_der().to_vec() })
    }

    async fn recover(
        &self,
        recovery: &Recovery,
        keys: &[&GostSigner],
    ) -> std::result::Result<(), gost_ca::Error> {
        let mut signatures = Vec::new();
        for signer in keys {
            let signature = signer.sign(Message::Bytes(&recovery.signed_bytes())).await.unwrap();
            let key = GostVerifier.identify(signer.public_key()).unwrap();
            signatures.push(RecoverySignature { key, signature });
        }
        self.office.ra.recover(recovery, &signatures).await
    }

    async fn events(&self, stream: StreamId) -> Result<String> {
        let journal: &dyn Journal = &*self.office.ra.providers().journal;
        let entries = journal.load(&stream, 0).await?.entries;
        Ok(entries.iter().map(|entry| String::from_utf8_lossy(&entry.0).into_owned()).collect())
    }
}

#[tokio::test]
async fn two_of_three_call_the_administrator_back() -> Result<()> {
    let safe = Safe::set_up().await?;
    let (office, desk) = (&safe.office, &safe.office.desk);
    let recovery = safe.recovery().await?;
    safe.recover(&recovery, &[&safe.keys[0], &safe.keys[2]]).await?;
    assert!(safe.events(StreamId::Record).await?.contains("record.recovered"));
    let answered = answer(&office.ra, &*safe.key).await?;
    let session = office.ra.sign_in_by_key(safe.key.public_key(), &answered).await?;
    assert_eq!(session.actor().method, Method::Key);
    // what to do first: end the lost certificate, certify the new key
    let Method::Certificate(lost) = office.administrator().actor().method else { panic!() };
    let reason = gost_ca::reason::Reason::KeyCompromise;
    let revoke = Command::Revoke {
        case: lost,
        reason,
        ground: ground(),
        invalidity: None,
        date: None,
        notice: gost_ca::fact::Notice::default(),
    };
    desk.run(&session, revoke).await?;
    let administrator = session.actor().user.unwrap();
    let case = desk.issue(&session, administrator, "sign-in", &safe.key).await?;
    let certificate = office.ra.certificate(&session, &case).await?;
    office.ra.sign_in(&certificate, &answer(&office.ra, &*safe.key).await?).await?;
    let answered = answer(&office.ra, &*safe.key).await?;
    let bare = office.ra.sign_in_by_key(safe.key.public_key(), &answered).await;
    assert_eq!(bare.unwrap_err().code(), "sign-in", "now there is a certificate");
    assert!(office.record.inspect().await?.is_whole());
    Ok(())
}

#[tokio::test]
async fn fewer_and_others_do_not() -> Result<()> {
    let safe = Safe::set_up().await?;
    let stranger = desk::key(85, &safe.office.desk.rng);
    let (one, two) = (&*safe.keys[0], &*safe.keys[1]);
    for keys in [&[][..], &[one], &[one, one], &[one, &stranger]] {
        let recovery = safe.recovery().await?;
        let refused = safe.recover(&recovery, keys).await.unwrap_err();
        assert_eq!(refused.code(), "recovery");
    }
    assert!(safe.events(StreamId::Access).await?.contains("\"code\":\"recovery\""), "it is told");
    // signed for somebody else
    let mut recovery = safe.recovery().await?;
    recovery.administrator = safe.office.desk.operator.actor().user.unwrap();
    assert_eq!(safe.recover(&recovery, &[one, two]).await.unwrap_err().code(), "recovery");
    // once only
    let recovery = safe.recovery().await?;
    safe.recover(&recovery, &[one, two]).await?;
    let again = safe.recover(&recovery, &[one, two]).await.unwrap_err();
    assert_eq!(again.code(), "challenge.replayed");
    // too late
    let recovery = safe.recovery().await?;
    safe.office.desk.clock.advance(600);
    let late = safe.recover(&recovery, &[one, two]).await.unwrap_err();
    assert_eq!(late.code(), "challenge.unknown");
    Ok(())
}

#[tokio::test]
async fn so_many_keys_must_be_there() -> Result<()> {
    let office = Office::found().await?;
    let key = |number| {
        let key = desk::key(number, &office.desk.rng);
        gost_ca::hex::encode(key.public_key().as_der())
    };
    for (keys, needed) in [
        (vec![], 0),
        (vec![key(81)], 0),
        (vec![key(81)], 2),
        (vec![key(81), key(81)], 1),
        (vec!["00".to_owned()], 1),
        (vec!["no key".to_owned()], 1),
    ] {
        let refused = office.run(Command::SetRecovery { keys, needed }).await.unwrap_err();
        assert_eq!(refused.code(), "request.not-accepted");
    }
    let unset = Safe { key: desk::key(90, &office.desk.rng), keys: Vec::new(), office };
    let recovery = unset.recovery().await?;
    let refused = unset.recover(&recovery, &[&unset.key]).await.unwrap_err();
    assert_eq!(refused.code(), "recovery");
    Ok(())
}
