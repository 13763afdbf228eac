//! Many at once: the same verdicts and signatures as one by one, also through a queue.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use gost_ca::authority::SigningQueue;
use gost_ca::provider::key_store::Message;
use gost_ca::provider::verifier::Check;
use gost_ca::provider::{Signer, Unverified, Verifier};
use gost_ca_software::{GostSigner, GostVerifier, SystemRng};
use gost3410::{ParameterSet, SigningKey};

fn signer(set: ParameterSet) -> Arc<GostSigner> {
    let mut octets = vec![7; set.size()];
    *octets.last_mut().unwrap() = 1;
    let key = SigningKey::from_le_bytes(set, &octets).unwrap();
    Arc::new(GostSigner::new(key, Arc::new(SystemRng)).unwrap())
}

fn verify(signer: &dyn Signer, message: &[u8], signature: &[u8]) -> Result<(), Unverified> {
    let (key, algorithm) = (signer.public_key(), signer.algorithm());
    GostVerifier.verify(&Check { key, algorithm, message, signature })
}

#[tokio::test]
async fn a_batch_signs_as_one_by_one() {
    for set in [ParameterSet::TC26_256_A, ParameterSet::CRYPTO_PRO_A, ParameterSet::TC26_512_C] {
        let signer = signer(set);
        let messages: Vec<_> = (0..20_u8).map(|number| vec![number; 100]).collect();
        let borrowed: Vec<_> = messages.iter().map(|bytes| Message::Bytes(bytes)).collect();
        let signatures = signer.sign_all(&borrowed).await.unwrap();
        for (message, signature) in messages.iter().zip(&signatures) {
            assert_eq!(verify(&*signer, message, signature), Ok(()));
        }
    }
}

#[tokio::test]
async fn a_bad_one_in_a_batch_is_found_and_the_others_stay_good() {
    let signer = signer(ParameterSet::TC26_256_A);
    let mut signatures = Vec::new();
    for number in 0..12_u8 {
        signatures.push(signer.sign(Message::Bytes(&[number])).await.unwrap());
    }
    signatures[3][5] ^= 1;
    signatures[7].pop();
    let messages: Vec<_> = (0..12_u8).map(|number| [number]).collect();
    let checks: Vec<_> = messages
        .iter()
        .zip(&signatures)
        .map(|(message, signature)| {
            let (key, algorithm) = (signer.public_key(), signer.algorithm());
            Check { key, algorithm, message, signature }
        })
        .collect();
    let verdicts = GostVerifier.verify_all(&checks);
    let alone: Vec<_> = checks.iter().map(|check| GostVerifier.verify(check)).collect();
    assert_eq!(verdicts, alone);
    assert_eq!(verdicts.iter().filter(|verdict| verdict.is_err()).count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_serves_everybody_and_survives_those_who_leave() {
    let queue = Arc::new(SigningQueue::new(signer(ParameterSet::TC26_256_A)));
    let tasks = (0..200_u8).map(|number| {
        let queue = Arc::clone(&queue);
        tokio::spawn(async move {
            let signature = queue.sign(Message::Bytes(&[number])).await.unwrap();
            verify(&*queue, &[number], &signature)
        })
    });
    let tasks: Vec<_> = tasks.collect();
    // every third caller leaves
    for task in tasks.iter().step_by(3) {
        task.abort();
    }
    for task in tasks {
        if let Ok(verdict) = task.await {
            assert_eq!(verdict, Ok(()));
        }
    }
}
