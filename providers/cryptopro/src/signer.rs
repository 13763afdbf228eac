//! An open key.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use der::asn1::ObjectIdentifier;
use gost_ca::provider::key_store::{Digest, Message};
use gost_ca::provider::{ErrorKind, Result, Signer};
use gost_ca::x509::PublicKey;
use gost_ca_workers::Workers;
use spki::AlgorithmIdentifierOwned;

use crate::ffi::Hashed;
use crate::session::Session;

/// Signs in the CSP, on the store's threads.
pub(crate) struct CspSigner {
    session: Arc<Session>,
    workers: Arc<Workers>,
    algorithm: AlgorithmIdentifierOwned,
}

impl CspSigner {
    pub(crate) fn new(session: Arc<Session>, workers: Arc<Workers>) -> Self {
        let oid = session.key.key.key_algorithm().signature_oid();
        let algorithm = AlgorithmIdentifierOwned { oid, parameters: None }; // absent: RFC 9215 §2
        Self { session, workers, algorithm }
    }

    fn owned(&self, message: Message<'_>) -> Result<Owned> {
        let long = self.session.key.key.parameter_set().size() == 64;
        let (ours, length) = if long { (STREEBOG_512, 64) } else { (STREEBOG_256, 32) };
        match message {
            Message::Bytes(octets) => Ok(Owned::Message(octets.to_vec())),
            Message::Digest(Digest { algorithm, octets })
                if *algorithm == ours && octets.len() == length =>
            {
                Ok(Owned::Digest(octets.clone()))
            }
            // the CSP may sign a digest of another hash, with an undefined result
            Message::Digest(_) => {
                Err(ErrorKind::Invalid.at("CryptSignHash").because("not this key's digest"))
            }
            _ => Err(ErrorKind::Unsupported.at("CryptSignHash")),
        }
    }
}

/// A message that may go to another thread.
enum Owned {
    Message(Vec<u8>),
    Digest(Vec<u8>),
}

#[async_trait]
impl Signer for CspSigner {
    fn public_key(&self) -> &PublicKey {
        &self.session.key.public_key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let (message, session) = (self.owned(message)?, Arc::clone(&self.session));
        let sign = move || match &message {
            Owned::Message(octets) => session.sign(Hashed::Message(octets)),
            Owned::Digest(octets) => session.sign(Hashed::Digest(octets)),
        };
        self.workers.run("CryptSignHash", sign).await
    }
}

impl fmt::Debug for CspSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CspSigner({:?})", self.session.key.public_key)
    }
}

/// RFC 9215 §2.
const STREEBOG_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.2");
const STREEBOG_512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.1.2.3");
