//! Keys taken out and in under other keys: `KExp15` and `KImp15`.

use cryptoki_sys::{
    CK_KEY_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CKA_EXTRACTABLE, CKA_KEY_TYPE, CKA_UNWRAP,
    CKA_VALUE, CKA_WRAP, CKA_WRAP_WITH_TRUSTED, CKF_UNWRAP, CKF_WRAP, CKK_GENERIC_SECRET,
    CKO_PRIVATE_KEY, CKO_SECRET_KEY, CKR_GENERAL_ERROR, CKR_KEY_FUNCTION_NOT_PERMITTED,
    CKR_KEY_NOT_WRAPPABLE, CKR_KEY_UNEXTRACTABLE, CKR_MECHANISM_INVALID,
    CKR_MECHANISM_PARAM_INVALID, CKR_TEMPLATE_INCONSISTENT, CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT,
    CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE, CKR_WRAPPING_KEY_TYPE_INCONSISTENT,
};
use gost_symmetric::kexp15::{self, ExportKeys};
use gost_symmetric::{Error, GostCipher, Kuznyechik, Magma};
use zeroize::Zeroizing;

use crate::answer::{Answer, Room};
use crate::key;
use crate::mechanism::Mechanism;
use crate::module::Module;
use crate::object::Attribute;
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::secret;
use crate::slot::Held;
use crate::tc26::{
    CKK_KUZNYECHIK_TWIN_KEY, CKK_MAGMA_TWIN_KEY, CKM_KUZNYECHIK_KEXP_15_WRAP,
    CKM_MAGMA_KEXP_15_WRAP,
};
use crate::template::{self, Way};

impl Module {
    /// `C_WrapKey`
    pub(crate) fn wrap_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
        (wrapping, key): (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE),
        room: Room,
    ) -> Result<Answer> {
        let wrapping = self.key_for(session, mechanism, wrapping)?;
        let key = self.key(session, key)?;
        mechanism.offered_for(CKF_WRAP)?;
        wrapping.demand(CKA_WRAP, CKR_KEY_FUNCTION_NOT_PERMITTED)?;
        let class = key.object.class();
        let secret = matches!(class, Some(CKO_SECRET_KEY | CKO_PRIVATE_KEY));
        // No key here is trusted, so what wants a trusted one stays.
        let stays = key.object.is(CKA_WRAP_WITH_TRUSTED);
        demand(secret && !stays, CKR_KEY_NOT_WRAPPABLE)?;
        key.demand(CKA_EXTRACTABLE, CKR_KEY_UNEXTRACTABLE)?;
        let keys = twin(&wrapping, mechanism, CKR_WRAPPING_KEY_TYPE_INCONSISTENT)?;
        let value = key.object.octets(CKA_VALUE).ok_or(Refusal(CKR_GENERAL_ERROR))?;
        let wrapped = match mechanism.kind {
            CKM_MAGMA_KEXP_15_WRAP => kexp15::export::<Magma>(&keys, mechanism.octets()?, value),
            _ => kexp15::export::<Kuznyechik>(&keys, mechanism.octets()?, value),
        };
        let wrapped = wrapped.map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))?;
        Ok(if room.holds(wrapped.len()) {
            Answer::Gives(wrapped)
        } else {
            Answer::Needs(wrapped.len())
        })
    }

    /// `C_UnwrapKey`
    pub(crate) fn unwrap_key(
        &self,
        session: CK_SESSION_HANDLE,
        (mechanism, unwrapping): (&Mechanism, CK_OBJECT_HANDLE),
        wrapped: &[u8],
        given: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let unwrapping = self.key_for(session, mechanism, unwrapping)?;
        mechanism.offered_for(CKF_UNWRAP)?;
        unwrapping.demand(CKA_UNWRAP, CKR_KEY_FUNCTION_NOT_PERMITTED)?;
        let keys = twin(&unwrapping, mechanism, CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT)?;
        let iv = mechanism.octets()?;
        let value = match mechanism.kind {
            CKM_MAGMA_KEXP_15_WRAP => open::<Magma>(&keys, iv, wrapped),
            _ => open::<Kuznyechik>(&keys, iv, wrapped),
        }?;
        let mut object = template::read(given, None, Way::Make)?;
        object.set(CKA_VALUE, &value);
        let mut state = self.state();
        let profile = state.session(session)?.1.settings.profile();
        match object.class() {
            Some(CKO_PRIVATE_KEY) => key::import(&mut object, profile, given)?,
            Some(CKO_SECRET_KEY) => {
                let key_type = object.key_type().unwrap_or(CKK_GENERIC_SECRET);
                object.set_number(CKA_KEY_TYPE, key_type);
                secret::import(&mut object)?;
            }
            _ => return refuse(CKR_TEMPLATE_INCONSISTENT),
        }
        state.create(session, object)
    }
}

fn open<C: GostCipher>(keys: &ExportKeys, iv: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    demand(sealed.len() > C::BLOCK, CKR_WRAPPED_KEY_LEN_RANGE)?;
    kexp15::import::<C>(keys, iv, sealed).map_err(|error| match error {
        Error::Forged => Refusal(CKR_WRAPPED_KEY_INVALID),
        _ => Refusal(CKR_MECHANISM_PARAM_INVALID),
    })
}

/// The two keys of a twin of the mechanism's cipher.
fn twin(key: &Held, mechanism: &Mechanism, otherwise: cryptoki_sys::CK_RV) -> Result<ExportKeys> {
    demand(key.object.key_type() == Some(twin_of(mechanism.kind)?), otherwise)?;
    let value = key.object.octets(CKA_VALUE).ok_or(Refusal(CKR_GENERAL_ERROR))?;
    let (authentication, encryption) = value.split_at_checked(32).ok_or(Refusal(otherwise))?;

    Ok(ExportKeys {
        authentication: half(authentication).ok_or(Refusal(otherwise))?,
        encryption: half(encryption).ok_or(Refusal(otherwise))?,
    })
}

fn half(octets: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    octets.try_into().ok().map(Zeroizing::new)
}

const fn twin_of(mechanism: cryptoki_sys::CK_MECHANISM_TYPE) -> Result<CK_KEY_TYPE> {
    match mechanism {
        CKM_KUZNYECHIK_KEXP_15_WRAP => Ok(CKK_KUZNYECHIK_TWIN_KEY),
        CKM_MAGMA_KEXP_15_WRAP => Ok(CKK_MAGMA_TWIN_KEY),
        _ => Err(Refusal(CKR_MECHANISM_INVALID)),
    }
}
