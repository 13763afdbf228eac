//! Promises about signatures.

use std::collections::BTreeSet;

use der::Encode;
use gost_ca::provider::key_store::{Digest, KeySpec, Message};
use gost_ca::provider::{ErrorKind, Signer, verifier};
use gost_ca::x509::PublicKey;

use super::expected::{Expected, nonce as nonce_of};
use super::keys_under_test::{Bench, KeysUnderTest, nothing_more, refused};
use super::promises;
use crate::broken::{Broken, Kept, ensure, same};
use crate::check::Check;
use crate::drive::{on_threads, together};
use crate::encodings::explain;
use crate::oids::{STREEBOG_256, STREEBOG_512};

promises! {
    nothing_more;
    "signature-verifies": "signs with each algorithm of the carrier, as X.509 has it; of GOST s ‖ r" => verifies;
    "signature-length": "a signature has 64 or 128 octets; others what their algorithm says" => length;
    "public-key-is-spki": "the public key is RFC 9215's (5480's, 4055's): object identifiers, parameters, octets" => spki;
    "signature-algorithm": "the algorithm is that of RFC 9215 §2 (5758's, 4055's), with its parameters" => algorithm;
    "signature-covers-message": "a signature is of the whole message and of it only" => covers;
    "message-lengths": "signs the empty message and one of 1 MiB" => lengths;
    "digest-is-message": "signing a digest is signing its message" => digest;
    "digest-of-another-algorithm": "a digest of another algorithm or length is Invalid" => wrong_digest;
    "nonce-is-fresh": "r differs in 64 signatures of one message, where signatures have an r" => nonce;
    "sign-all-keeps-order": "signs many, in their order" => sign_all;
    "one-signer-eight-threads": "a signer may be shared" => threads;
    "two-signers-one-key": "a key may be open twice" => two_signers;
}

impl Bench<'_> {
    /// Signs and has the verifier check it; gives the signature.
    pub(super) async fn signs(
        &self,
        signer: &dyn Signer,
        key: &PublicKey,
        message: &[u8],
    ) -> Result<Vec<u8>, Broken> {
        let signature = signer.sign(Message::Bytes(message)).await?;
        self.good(signer, key, message, &signature)?;
        Ok(signature)
    }

    fn good(&self, signer: &dyn Signer, key: &PublicKey, message: &[u8], signature: &[u8]) -> Kept {
        let algorithm = signer.algorithm();
        let check = verifier::Check { key, algorithm, message, signature };
        let verdict = self.verifier.verify(&check);
        let hint = || explain(self.verifier, &check);
        ensure(verdict.is_ok(), format!("the verifier says {verdict:?}{}", hint()))
    }
}

async fn verifies(bench: &Bench<'_>) -> Kept {
    for algorithm in bench.carrier.algorithms.clone() {
        let spec = KeySpec { algorithm, ..bench.spec("signs")? };
        let made = bench.make_as(spec).await?;
        bench
            .signs(made.signer.as_ref(), made.public_key(), b"message")
            .await
            .map_err(|broken| Broken::from(format!("{algorithm:?}: {broken}")))?;
    }
    Ok(())
}

async fn length(bench: &Bench<'_>) -> Kept {
    let made = bench.make("length").await?;
    let length = made.signer.sign(Message::Bytes(b"message")).await?.len();
    let (fewest, most) = Expected::of(made.algorithm)?.lengths;
    ensure((fewest..=most).contains(&length), format!("{length} is not {fewest} to {most}"))
}

async fn spki(bench: &Bench<'_>) -> Kept {
    let made = bench.make("spki").await?;
    let identified = bench.verifier.identify(made.public_key());
    ensure(identified.is_ok(), format!("the verifier says {identified:?}"))?;
    let (algorithm, expected) = (made.public_key().algorithm(), Expected::of(made.algorithm)?);
    same("the key's algorithm", &algorithm.oid, &expected.key)?;
    let parameters = algorithm.parameters.ok_or("the key has no parameters")?;
    let given = parameters.to_der().map_err(|error| error.to_string())?;
    same("the parameters", &given, &expected.key_parameters)
}

async fn algorithm(bench: &Bench<'_>) -> Kept {
    let made = bench.make("algorithm").await?;
    let (given, expected) = (made.signer.algorithm(), Expected::of(made.algorithm)?);
    same("the algorithm", &given.oid, &expected.signature)?;
    same("its parameters", &given.parameters, &expected.signature_parameters)
}

async fn covers(bench: &Bench<'_>) -> Kept {
    let made = bench.make("covers").await?;
    let (signer, key) = (made.signer.as_ref(), made.public_key());
    let message: Vec<u8> = (0..=255).cycle().take(1000).collect();
    let signature = bench.signs(signer, key, &message).await?;
    for at in [0, 63, 64, 500, 999] {
        let mut other = message.clone();
        if let Some(octet) = other.get_mut(at) {
            *octet ^= 1;
        }
        let forged = bench.good(signer, key, &other, &signature).is_err();
        ensure(forged, format!("octet {at} is not covered"))?;
    }
    Ok(())
}

async fn lengths(bench: &Bench<'_>) -> Kept {
    let made = bench.make("lengths").await?;
    for length in [0, 1, 63, 64, 65, 1 << 20] {
        let message = vec![0x5a; length];
        let signed = bench.signs(made.signer.as_ref(), made.public_key(), &message).await;
        signed.map_err(|broken| Broken::from(format!("{length} octets: {broken}")))?;
    }
    Ok(())
}

async fn digest(bench: &Bench<'_>) -> Kept {
    let made = bench.make("digest").await?;
    let message = b"a message that is hashed elsewhere";
    let digest = Expected::of(made.algorithm)?.digest(message);
    let signature = made.signer.sign(Message::Digest(&digest)).await?;
    bench.good(made.signer.as_ref(), made.public_key(), message, &signature)
}

async fn wrong_digest(bench: &Bench<'_>) -> Kept {
    let made = bench.make("wrong digest").await?;
    let own = Expected::of(made.algorithm)?.digest(b"message");
    let other = if own.algorithm == STREEBOG_256 { STREEBOG_512 } else { STREEBOG_256 };
    let shorter = own.octets.split_last().map(|(_, rest)| rest.to_vec()).unwrap_or_default();
    let wrong = [Digest { algorithm: other, ..own.clone() }, Digest { octets: shorter, ..own }];
    for digest in wrong {
        let error = refused("sign", made.signer.sign(Message::Digest(&digest)).await)?;
        same("sign", error.kind(), &ErrorKind::Invalid)?;
    }
    Ok(())
}

async fn nonce(bench: &Bench<'_>) -> Kept {
    let made = bench.make("nonce").await?;
    let mut seen = BTreeSet::new();
    for _ in 0..64 {
        let signature = bench.signs(made.signer.as_ref(), made.public_key(), b"again").await?;
        let Some(r) = nonce_of(made.algorithm, &signature) else { return Ok(()) };
        ensure(seen.insert(r), "two signatures have one r: the private key is computed from them")?;
    }
    Ok(())
}

async fn sign_all(bench: &Bench<'_>) -> Kept {
    let made = bench.make("many").await?;
    let messages: Vec<_> = (0..20_u8).map(|n| vec![n; usize::from(n)]).collect();
    let asked: Vec<_> = messages.iter().map(|message| Message::Bytes(message)).collect();
    let signatures = made.signer.sign_all(&asked).await?;
    same("the number of signatures", &signatures.len(), &messages.len())?;
    for (message, signature) in messages.iter().zip(&signatures) {
        bench.good(made.signer.as_ref(), made.public_key(), message, signature)?;
    }
    Ok(())
}

async fn threads(bench: &Bench<'_>) -> Kept {
    let made = bench.make("threads").await?;
    let (signer, key) = (made.signer.as_ref(), made.public_key());
    let work = |thread: usize| async move {
        for n in 0..8 {
            let message = format!("message {n} of thread {thread}");
            bench.signs(signer, key, message.as_bytes()).await?;
        }
        Ok::<(), Broken>(())
    };
    let outcomes = on_threads(8, work);
    ensure(outcomes.len() == 8, "a thread panicked")?;
    outcomes.into_iter().collect()
}

async fn two_signers(bench: &Bench<'_>) -> Kept {
    let made = bench.make("twice").await?;
    let (one, other) = (bench.open(&made.id).await?, bench.open(&made.id).await?);
    let sign = async |signer: &dyn Signer| bench.signs(signer, made.public_key(), b"both").await;
    let signatures = together([sign(one.as_ref()), sign(other.as_ref())]).await;
    drop(one);
    sign(other.as_ref()).await?;
    signatures.into_iter().try_for_each(|signature| signature.map(drop))
}
