//! Keys from keys: made at random, agreed upon, derived, wrapped.

use cryptoki_sys::{
    CK_EC_KDF_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CKA_ALWAYS_SENSITIVE, CKA_DERIVE,
    CKA_KEY_TYPE, CKA_NEVER_EXTRACTABLE, CKA_VALUE, CKA_VALUE_LEN, CKD_NULL, CKF_DERIVE,
    CKF_GENERATE, CKK_GENERIC_SECRET, CKM_GENERIC_SECRET_KEY_GEN, CKO_PRIVATE_KEY, CKO_SECRET_KEY,
    CKR_GENERAL_ERROR, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID,
    CKR_KEY_TYPE_INCONSISTENT, CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID,
    CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT,
};
use gost_hash::{kdf_gostr3411_2012_256, kdf_tree_gostr3411_2012_256};
use gost_symmetric::agreement;
use gost3410::{VerifyingKey, vko};
use zeroize::Zeroizing;

use crate::key;
use crate::mechanism::{Mechanism, Parameter};
use crate::module::Module;
use crate::object::{Attribute, Object};
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::secret;
use crate::slot::Held;
use crate::tc26::{
    CKD_KDF_GOSTR3411_2012_256, CKK_KUZNYECHIK, CKK_KUZNYECHIK_TWIN_KEY, CKK_MAGMA,
    CKK_MAGMA_TWIN_KEY, CKM_GOST_KEG, CKM_GOSTR3410_12_DERIVE, CKM_KDF_TREE_GOSTR3411_2012_256,
    CKM_KUZNYECHIK_KEY_GEN, CKM_MAGMA_KEY_GEN, CKM_VKO_GOSTR3410_2012_512,
};
use crate::template::{self, Way};
use crate::vault::random;

impl Module {
    /// `C_GenerateKey`
    pub(crate) fn generate_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
        given: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let mut state = self.state();
        state.session(session)?;
        mechanism.offered_for(CKF_GENERATE)?;
        mechanism.without_parameter()?;
        let mut object = template::read(given, Some(CKO_SECRET_KEY), Way::Make)?;
        let kinds: &[_] = match mechanism.kind {
            CKM_GENERIC_SECRET_KEY_GEN => &[CKK_GENERIC_SECRET],
            CKM_KUZNYECHIK_KEY_GEN => &[CKK_KUZNYECHIK, CKK_KUZNYECHIK_TWIN_KEY],
            CKM_MAGMA_KEY_GEN => &[CKK_MAGMA, CKK_MAGMA_TWIN_KEY],
            _ => return refuse(CKR_MECHANISM_INVALID),
        };
        let default = kinds.first().copied().ok_or(Refusal(CKR_GENERAL_ERROR))?;
        let key_type = object.key_type().unwrap_or(default);
        demand(kinds.contains(&key_type), CKR_TEMPLATE_INCONSISTENT)?;
        object.set_number(CKA_KEY_TYPE, key_type);
        let length = secret::length_of(key_type)?.or(asked_length(&object));
        let length = length.ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
        secret::check_length(length)?;
        let mut value = Zeroizing::new(vec![0; length]);
        random(&mut value)?;
        secret::settle_length(&mut object, length)?;
        object.set(CKA_VALUE, &value);
        key::mark_made(&mut object, mechanism.kind);
        state.create(session, object)
    }

    /// `C_DeriveKey`
    pub(crate) fn derive_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
        base: CK_OBJECT_HANDLE,
        given: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let base = self.key_for(session, mechanism, base)?;
        mechanism.offered_for(CKF_DERIVE)?;
        base.demand(CKA_DERIVE, CKR_KEY_FUNCTION_NOT_PERMITTED)?;
        let derived = derive(mechanism, &base)?;
        let mut object = template::read(given, Some(CKO_SECRET_KEY), Way::Make)?;
        let key_type = object.key_type().unwrap_or(CKK_GENERIC_SECRET);
        object.set_number(CKA_KEY_TYPE, key_type);
        let asked = secret::length_of(key_type)?.or(asked_length(&object));
        let value = derived.get(..asked.unwrap_or(derived.len()));
        let value = value.ok_or(Refusal(CKR_TEMPLATE_INCONSISTENT))?;
        secret::check_length(value.len())?;
        secret::settle_length(&mut object, value.len())?;
        object.set(CKA_VALUE, value);
        key::mark_brought(&mut object);
        inherit(&mut object, &base.object);
        self.state().create(session, object)
    }
}

/// What was ever exposed above is so below (PKCS#11 2.40, 4.10.2).
fn inherit(object: &mut Object, base: &Object) {
    let sensitive = base.is(CKA_ALWAYS_SENSITIVE) && object.is(cryptoki_sys::CKA_SENSITIVE);
    let kept = base.is(CKA_NEVER_EXTRACTABLE) && !object.is(cryptoki_sys::CKA_EXTRACTABLE);
    object.set_bool(CKA_ALWAYS_SENSITIVE, sensitive);
    object.set_bool(CKA_NEVER_EXTRACTABLE, kept);
}

fn derive(mechanism: &Mechanism, base: &Held) -> Result<Zeroizing<Vec<u8>>> {
    match (&mechanism.parameter, mechanism.kind) {
        (Parameter::Octets(octets), CKM_GOSTR3410_12_DERIVE) => {
            let (kdf, public, ukm) =
                inline_agreement(octets).ok_or(Refusal(CKR_MECHANISM_PARAM_INVALID))?;
            vko_256(base, kdf, public, ukm)
        }
        (Parameter::Agreement { kdf, public, ukm }, CKM_VKO_GOSTR3410_2012_512) => {
            demand(*kdf == CKD_NULL, CKR_MECHANISM_PARAM_INVALID)?;
            let point = shared_point(base, public, ukm)?;
            let key = agreement::vko_512(&point).map_err(|_| Refusal(CKR_KEY_TYPE_INCONSISTENT))?;
            Ok(Zeroizing::new(key.to_vec()))
        }
        (Parameter::Agreement { kdf, public, ukm }, CKM_GOST_KEG) => {
            demand(*kdf == CKD_NULL, CKR_MECHANISM_PARAM_INVALID)?;
            keg(base, public, ukm)
        }
        (Parameter::Tree { .. }, CKM_KDF_TREE_GOSTR3411_2012_256) => {
            tree(&mechanism.parameter, base)
        }
        _ => refuse(CKR_MECHANISM_PARAM_INVALID),
    }
}

/// VKO to 256 bits, and what the derivation makes of them.
fn vko_256(
    base: &Held,
    kdf: CK_EC_KDF_TYPE,
    public: &[u8],
    ukm: &[u8],
) -> Result<Zeroizing<Vec<u8>>> {
    let point = shared_point(base, public, ukm)?;
    let key = agreement::vko_256(&point).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
    match kdf {
        CKD_NULL => Ok(Zeroizing::new(key.to_vec())),
        CKD_KDF_GOSTR3411_2012_256 => {
            Ok(Zeroizing::new(kdf_gostr3411_2012_256(&key, TRANSPORT_LABEL, ukm).to_vec()))
        }
        _ => refuse(CKR_MECHANISM_PARAM_INVALID),
    }
}

fn keg(base: &Held, public: &[u8], ukm: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let h: &[u8; 32] = ukm.try_into().map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))?;
    let point = shared_point(base, public, &agreement::keg_ukm(h))?;
    let keys = agreement::keg(&point, h).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
    Ok(Zeroizing::new([keys.authentication.as_slice(), keys.encryption.as_slice()].concat()))
}

fn tree(parameter: &Parameter, base: &Held) -> Result<Zeroizing<Vec<u8>>> {
    let Parameter::Tree { label, seed, counter, length, offset } = parameter else {
        return refuse(CKR_MECHANISM_PARAM_INVALID);
    };
    demand(base.object.class() == Some(CKO_SECRET_KEY), CKR_KEY_HANDLE_INVALID)?;
    let key: Option<&[u8; 32]> =
        base.object.octets(CKA_VALUE).and_then(|value| value.try_into().ok());
    let key = key.ok_or(Refusal(CKR_KEY_TYPE_INCONSISTENT))?;
    demand(*length <= LONGEST_TREE, CKR_MECHANISM_PARAM_INVALID)?;
    let mut out = Zeroizing::new(vec![0; *length]);
    kdf_tree_gostr3411_2012_256(key, label, seed, *counter, &mut out)
        .map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))?;
    let taken = out.get(*offset..).ok_or(Refusal(CKR_MECHANISM_PARAM_INVALID))?;
    Ok(Zeroizing::new(taken.to_vec()))
}

fn shared_point(base: &Held, public: &[u8], ukm: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    demand(base.object.class() == Some(CKO_PRIVATE_KEY), CKR_KEY_HANDLE_INVALID)?;
    let key = base.signing_key()?;
    let peer = VerifyingKey::from_le_bytes(key.parameter_set(), public)
        .map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))?;
    vko(key, &peer, ukm).map_err(|_| Refusal(CKR_MECHANISM_PARAM_INVALID))
}

/// The parameter of `CKM_GOSTR3410_12_DERIVE`: a derivation, and two strings behind their lengths,
/// all in one piece.
fn inline_agreement(octets: &[u8]) -> Option<(CK_EC_KDF_TYPE, &[u8], &[u8])> {
    let (kdf, rest) = split_number(octets)?;
    let (length, rest) = split_number(rest)?;
    let (public, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    let (length, rest) = split_number(rest)?;
    let (ukm, _padding) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((kdf, public, ukm))
}

fn split_number(octets: &[u8]) -> Option<(cryptoki_sys::CK_ULONG, &[u8])> {
    let (number, rest) = octets.split_first_chunk()?;
    Some((cryptoki_sys::CK_ULONG::from_ne_bytes(*number), rest))
}

fn asked_length(object: &Object) -> Option<usize> {
    usize::try_from(object.number(CKA_VALUE_LEN)?).ok()
}

/// The label under which transported keys are derived (R 50.1.113-2016; RFC 9548, 5).
const TRANSPORT_LABEL: &[u8] = &[0x26, 0xbd, 0xb8, 0x78];

const LONGEST_TREE: usize = 4096;
