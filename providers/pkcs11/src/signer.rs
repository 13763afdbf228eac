//! An open key of a token.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use gost_ca::provider::key_store::{KeyAgreement, Message};
use gost_ca::provider::{Result, Signer};
use gost_ca::x509::PublicKey;
use spki::AlgorithmIdentifierOwned;

use crate::agreement::TokenAgreement;
use crate::algorithm::{Family, Order};
use crate::session::{KeyName, Repeat, Session};
use crate::token::Token;

/// Signs on the token; the private key never leaves it.
pub(crate) struct TokenSigner {
    token: Arc<Token>,
    name: KeyName,
    family: &'static Family,
    /// Messages that are signed whole are hashed there.
    on_token: bool,
    public_key: PublicKey,
    algorithm: AlgorithmIdentifierOwned,
    agreement: Option<TokenAgreement>,
}

impl TokenSigner {
    pub(crate) fn new(token: Arc<Token>, name: KeyName, public_key: PublicKey) -> Result<Self> {
        let family = Family::of_key(&public_key)?;
        let (algorithm, on_token) = (family.signature_algorithm(), token.shared.hashes(family));
        let agreement = TokenAgreement::new(&token, &name, &public_key);
        Ok(Self { token, name, family, on_token, public_key, algorithm, agreement })
    }

    fn orders(&self, messages: &[Message<'_>]) -> Result<Vec<Order>> {
        messages.iter().map(|message| self.family.order(*message, self.on_token)).collect()
    }
}

#[async_trait]
impl Signer for TokenSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn algorithm(&self) -> &AlgorithmIdentifierOwned {
        &self.algorithm
    }

    async fn sign(&self, message: Message<'_>) -> Result<Vec<u8>> {
        let (order, name) = (self.family.order(message, self.on_token)?, self.name.clone());
        let job = move |session: &mut Session| sign(session, &name, &order);
        self.family.to_x509(self.token.sessions.run("C_Sign", job).await?)
    }

    async fn sign_all(&self, messages: &[Message<'_>]) -> Result<Vec<Vec<u8>>> {
        let orders = self.orders(messages)?;
        let sessions = self.token.shared.quirks.sessions.max(1);
        let share = orders.len().div_ceil(sessions).max(1);
        let shares = orders.chunks(share).map(<[Order]>::to_vec).map(|share| {
            let name = self.name.clone();
            self.token.sessions.submit("C_Sign", move |session: &mut Session| {
                share.iter().map(|order| sign(session, &name, order)).collect::<Result<Vec<_>>>()
            })
        });
        let pending = shares.collect::<Result<Vec<_>>>()?;
        let mut signatures = Vec::with_capacity(orders.len());
        for share in pending {
            for signature in share.wait("C_Sign").await? {
                signatures.push(self.family.to_x509(signature)?);
            }
        }
        Ok(signatures)
    }

    fn agreement(&self) -> Option<&dyn KeyAgreement> {
        self.agreement.as_ref().map(|agreement| -> &dyn KeyAgreement { agreement })
    }
}

fn sign(session: &mut Session, name: &KeyName, order: &Order) -> Result<Vec<u8>> {
    // Another signature does no harm: after a loss it is made anew.
    session.as_user(Repeat::Once, |open| {
        let key = open.private_key(name)?;
        open.library().sign_init(open.handle, order.mechanism, key)?;
        open.library().sign(open.handle, &order.data)
    })
}

impl fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TokenSigner({} on {})",
            self.public_key.algorithm().oid,
            self.token.shared.carrier.0
        )
    }
}
