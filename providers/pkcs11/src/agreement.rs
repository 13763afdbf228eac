//! Key agreement on the token: VKO and KEG.

use core::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use cryptoki_sys::{
    CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_OBJECT_HANDLE, CK_ULONG, CKA_CLASS, CKA_EXTRACTABLE,
    CKA_KEY_TYPE, CKA_SENSITIVE, CKA_TOKEN, CKA_VALUE, CKA_VALUE_LEN, CKD_NULL, CKK_GENERIC_SECRET,
    CKK_GOST28147, CKO_SECRET_KEY,
};
use gost_ca::provider::key_store::{Derivation, KeyAgreement};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::secret::Secret;
use gost_ca::x509::PublicKey;
use gost3410::{Curve, VerifyingKey};

use crate::attribute::Attribute;
use crate::constants::{
    CKK_MAGMA_TWIN_KEY, CKM_GOST_KEG, CKM_GOSTR3410_12_DERIVE, CKM_VKO_GOSTR3410_2012_512,
};
use crate::refused::Refused;
use crate::session::{KeyName, Open, Repeat, Session};
use crate::token::{Shared, Token};

/// Agrees by a token's private key.
pub(crate) struct TokenAgreement {
    token: Arc<Token>,
    name: KeyName,
    curve: Curve,
}

/// What is sent to the token.
struct Order {
    mechanism: CK_MECHANISM_TYPE,
    peer: Vec<u8>,
    shared: Vec<u8>,
    /// Octets of the secret.
    length: usize,
    /// Types that the derived key may have on the token, in the order in which they are tried.
    key_types: &'static [CK_KEY_TYPE],
}

impl TokenAgreement {
    /// `None` where the token does not derive, or the key is not of GOST.
    pub(crate) fn new(token: &Arc<Token>, name: &KeyName, key: &PublicKey) -> Option<Self> {
        let can = |mechanism: &CK_MECHANISM_TYPE| token.shared.offers(*mechanism);
        if !token.shared.quirks.derive || !MECHANISMS.iter().any(can) {
            return None;
        }
        let curve = VerifyingKey::from_spki(&key.info()).ok()?.curve();
        Some(Self { token: Arc::clone(token), name: name.clone(), curve })
    }

    fn order(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Order> {
        let invalid = |why: String| ErrorKind::Invalid.at("C_DeriveKey").because(why);
        let peer = VerifyingKey::from_spki(&peer.info()).map_err(|e| invalid(e.to_string()))?;
        if peer.curve() != self.curve {
            return Err(invalid("the other key is on another curve".to_owned()));
        }
        let peer = peer.to_le_bytes();
        let order = match derivation {
            Derivation::Vko256 { ukm } => Order {
                mechanism: CKM_GOSTR3410_12_DERIVE,
                shared: ukm.to_vec(),
                peer,
                length: 32,
                key_types: &[CKK_GENERIC_SECRET, CKK_GOST28147],
            },
            Derivation::Vko512 { ukm } => Order {
                mechanism: CKM_VKO_GOSTR3410_2012_512,
                shared: ukm.to_vec(),
                peer,
                length: 64,
                key_types: &[CKK_GENERIC_SECRET],
            },
            Derivation::Keg { h } => Order {
                mechanism: CKM_GOST_KEG,
                shared: h.to_vec(),
                peer,
                length: 64,
                key_types: &[CKK_MAGMA_TWIN_KEY],
            },
            _ => return Err(ErrorKind::Unsupported.at("C_DeriveKey")),
        };
        if self.token.shared.offers(order.mechanism) {
            Ok(order)
        } else {
            Err(ErrorKind::Unsupported.at("C_DeriveKey").because("not this derivation"))
        }
    }
}

#[async_trait]
impl KeyAgreement for TokenAgreement {
    async fn agree(&self, peer: &PublicKey, derivation: Derivation<'_>) -> Result<Secret> {
        let (order, name) = (self.order(peer, derivation)?, self.name.clone());
        let job = move |session: &mut Session| {
            session.as_user(Repeat::Once, |open| derive(open, &name, &order))
        };
        self.token.sessions.run("C_DeriveKey", job).await
    }
}

/// Derives a key for the session alone, reads it, and destroys it.
fn derive(open: &mut Open, name: &KeyName, order: &Order) -> core::result::Result<Secret, Refused> {
    let base = open.private_key(name)?;
    let mut last = Refused::nonsense("C_DeriveKey");
    for key_type in order.key_types {
        match derive_as(open, base, order, *key_type) {
            Ok(key) => {
                let value = open.library().attributes(open.handle, key, &[CKA_VALUE]);
                let destroyed = open.library().destroy(open.handle, key);
                let value = value?.into_iter().next().flatten();
                destroyed?;
                let value = value.filter(|octets| octets.len() == order.length);
                let value = value.ok_or(Refused::nonsense("C_DeriveKey"))?;
                return Ok(Secret::new(value.as_slice()));
            }
            Err(refused) if refused.is_about_template() => last = refused,
            Err(refused) => return Err(refused),
        }
    }
    Err(last)
}

fn derive_as(
    open: &Open,
    base: CK_OBJECT_HANDLE,
    order: &Order,
    key_type: CK_KEY_TYPE,
) -> core::result::Result<CK_OBJECT_HANDLE, Refused> {
    let mut template = vec![
        Attribute::number(CKA_CLASS, CKO_SECRET_KEY),
        Attribute::number(CKA_KEY_TYPE, key_type),
        Attribute::flag(CKA_TOKEN, false),
        Attribute::flag(CKA_SENSITIVE, false),
        Attribute::flag(CKA_EXTRACTABLE, true),
    ];
    if key_type == CKK_GENERIC_SECRET {
        let length = CK_ULONG::try_from(order.length);
        let length = length.map_err(|_| Refused::nonsense("C_DeriveKey"))?;
        template.push(Attribute::number(CKA_VALUE_LEN, length));
    }
    let library = open.library();
    if order.mechanism != CKM_GOSTR3410_12_DERIVE {
        let parameters = (order.mechanism, order.shared.as_slice(), order.peer.as_slice());
        return library.derive_ecdh(open.handle, parameters, base, &template);
    }
    let parameter = inline(&order.peer, &order.shared).ok_or(Refused::nonsense("C_DeriveKey"))?;
    library.derive(open.handle, (order.mechanism, &parameter), base, &template)
}

/// The parameter of `CKM_GOSTR3410_12_DERIVE`: the derivation, then both strings behind their lengths, in one
/// piece, numbers as the machine has them.
fn inline(peer: &[u8], ukm: &[u8]) -> Option<Vec<u8>> {
    let number = |length: usize| CK_ULONG::try_from(length).ok().map(CK_ULONG::to_ne_bytes);
    let (peers, ukms) = (number(peer.len())?, number(ukm.len())?);
    Some([&CKD_NULL.to_ne_bytes()[..], &peers, peer, &ukms, ukm].concat())
}

impl fmt::Debug for TokenAgreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let carrier: &Shared = &self.token.shared;
        write!(f, "TokenAgreement({})", carrier.carrier.0)
    }
}

const MECHANISMS: [CK_MECHANISM_TYPE; 3] =
    [CKM_GOSTR3410_12_DERIVE, CKM_VKO_GOSTR3410_2012_512, CKM_GOST_KEG];
