//! Keys of GOST R 34.10: made, brought along, and taken into use.

use cryptoki_sys::{
    CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE,
    CK_UNAVAILABLE_INFORMATION, CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE, CKA_GOSTR3410_PARAMS,
    CKA_GOSTR3411_PARAMS, CKA_KEY_GEN_MECHANISM, CKA_KEY_TYPE, CKA_LOCAL, CKA_MODIFIABLE,
    CKA_NEVER_EXTRACTABLE, CKA_PRIVATE, CKA_SENSITIVE, CKA_TOKEN, CKA_UNWRAP, CKA_VALUE,
    CKF_GENERATE_KEY_PAIR, CKK_GOSTR3410, CKM_GOSTR3410_KEY_PAIR_GEN, CKO_PRIVATE_KEY,
    CKO_PUBLIC_KEY, CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_VALUE_INVALID, CKR_GENERAL_ERROR,
    CKR_KEY_HANDLE_INVALID, CKR_RANDOM_NO_RNG, CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT,
};
use getrandom::SysRng;
use gost3410::{ParameterSet, SigningKey, VerifyingKey};

use crate::mechanism::Mechanism;
use crate::module::Module;
use crate::object::{Attribute, Object};
use crate::parameter_set;
use crate::profile::{PrivateParameters, PrivateTemplate, Profile};
use crate::refusal::{Refusal, Result, demand};
use crate::slot::Held;
use crate::tc26::CKK_GOSTR3410_512;
use crate::template::{self, Way};

/// Both halves of a new pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The public key.
    pub(crate) public: CK_OBJECT_HANDLE,
    /// The private key.
    pub(crate) private: CK_OBJECT_HANDLE,
}

impl Module {
    /// `C_GenerateKeyPair`
    ///
    /// # Errors
    /// Those of the mechanism, of the templates, and of writing to the token.
    pub(crate) fn generate_key_pair(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism,
        public: &[Attribute],
        private: &[Attribute],
    ) -> Result<Pair> {
        let mut state = self.state();
        let profile = state.session(session)?.1.settings.profile();
        mechanism.offered_for(CKF_GENERATE_KEY_PAIR)?;
        mechanism.without_parameter()?;
        check_flavour(profile, private)?;
        let mut public = template::read(public, Some(CKO_PUBLIC_KEY), Way::Make)?;
        let mut private = template::read(private, Some(CKO_PRIVATE_KEY), Way::Make)?;
        let set = settle(&mut public, &mut private, mechanism.kind)?;
        let key = SigningKey::generate(set, &mut SysRng).map_err(|_| Refusal(CKR_RANDOM_NO_RNG))?;
        public.set(CKA_VALUE, &key.verifying_key().to_le_bytes());
        private.set(CKA_VALUE, &key.to_le_bytes());
        mark_made(&mut public, mechanism.kind);
        mark_made(&mut private, mechanism.kind);
        // The private half first: what is left of a pair that a crash tore is of use.
        let private = state.create(session, private)?;
        let made = state.create(session, public);
        if made.is_err() {
            let (_, slot) = state.session(session)?;
            slot.destroy(private)?;
        }
        Ok(Pair { public: made?, private })
    }
}

/// Checks a key that came with its value, and settles what its template left out.
pub(crate) fn import(object: &mut Object, profile: &Profile, given: &[Attribute]) -> Result<()> {
    parameter_set::settle_hash(object)?;
    let set = parameter_set::of(object)?;
    let value = object.octets(CKA_VALUE).ok_or(Refusal(CKR_TEMPLATE_INCOMPLETE))?;
    if object.class() == Some(CKO_PRIVATE_KEY) {
        check_fixed(profile, given)?;
        SigningKey::from_le_bytes(set, value).map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    } else {
        VerifyingKey::from_le_bytes(set, value)
            .map_err(|_| Refusal(CKR_ATTRIBUTE_VALUE_INVALID))?;
    }
    mark_brought(object);
    Ok(())
}

/// Notes that the token made a key.
pub(crate) fn mark_made(object: &mut Object, mechanism: CK_MECHANISM_TYPE) {
    object.set_bool(CKA_LOCAL, true);
    object.set_number(CKA_KEY_GEN_MECHANISM, mechanism);
    if object.class() != Some(CKO_PUBLIC_KEY) {
        object.set_bool(CKA_ALWAYS_SENSITIVE, object.is(CKA_SENSITIVE));
        object.set_bool(CKA_NEVER_EXTRACTABLE, !object.is(CKA_EXTRACTABLE));
    }
}

/// Notes that somebody else has had a key.
pub(crate) fn mark_brought(object: &mut Object) {
    object.set_bool(CKA_LOCAL, false);
    object.set_number(CKA_KEY_GEN_MECHANISM, CK_UNAVAILABLE_INFORMATION);
    if object.class() != Some(CKO_PUBLIC_KEY) {
        object.set_bool(CKA_ALWAYS_SENSITIVE, false);
        object.set_bool(CKA_NEVER_EXTRACTABLE, false);
    }
}

impl Held {
    /// The private key, computed when first used.
    pub(crate) fn signing_key(&self) -> Result<&SigningKey> {
        demand(self.object.class() == Some(CKO_PRIVATE_KEY), CKR_KEY_HANDLE_INVALID)?;
        if let Some(key) = self.signing.get() {
            return Ok(key);
        }
        let set = parameter_set::of(&self.object)?;
        let value = self.object.octets(CKA_VALUE).ok_or(Refusal(CKR_GENERAL_ERROR))?;
        let key = SigningKey::from_le_bytes(set, value).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
        Ok(self.signing.get_or_init(|| key))
    }

    /// The public key, likewise.
    pub(crate) fn verifying_key(&self) -> Result<&VerifyingKey> {
        demand(self.object.class() == Some(CKO_PUBLIC_KEY), CKR_KEY_HANDLE_INVALID)?;
        if let Some(key) = self.verifying.get() {
            return Ok(key);
        }
        let set = parameter_set::of(&self.object)?;
        let value = self.object.octets(CKA_VALUE).ok_or(Refusal(CKR_GENERAL_ERROR))?;
        let key =
            VerifyingKey::from_le_bytes(set, value).map_err(|_| Refusal(CKR_GENERAL_ERROR))?;
        Ok(self.verifying.get_or_init(|| key))
    }
}

/// Gives both halves one key type and one parameter set, whichever template named them.
fn settle(
    public: &mut Object,
    private: &mut Object,
    mechanism: CK_MECHANISM_TYPE,
) -> Result<ParameterSet> {
    let key_type = key_type_of(mechanism);
    for half in [&mut *public, &mut *private] {
        demand(half.key_type().is_none_or(|it| it == key_type), CKR_TEMPLATE_INCONSISTENT)?;
        half.set_number(CKA_KEY_TYPE, key_type);
    }
    for parameters in [CKA_GOSTR3410_PARAMS, CKA_GOSTR3411_PARAMS] {
        let named = public.octets(parameters).or(private.octets(parameters)).map(<[u8]>::to_vec);
        let Some(named) = named else { continue };
        for half in [&mut *public, &mut *private] {
            let fits = half.octets(parameters).is_none_or(|it| it == named);
            demand(fits, CKR_TEMPLATE_INCONSISTENT)?;
            half.set(parameters, &named);
        }
    }
    parameter_set::settle_hash(public)?;
    parameter_set::settle_hash(private)?;
    parameter_set::of(public)
}

fn key_type_of(mechanism: CK_MECHANISM_TYPE) -> CK_KEY_TYPE {
    if mechanism == CKM_GOSTR3410_KEY_PAIR_GEN { CKK_GOSTR3410 } else { CKK_GOSTR3410_512 }
}

/// Refuses what the flavour refuses in the template of a new private key.
fn check_flavour(profile: &Profile, private: &[Attribute]) -> Result<()> {
    let names_parameters =
        private.iter().any(|it| matches!(it.kind, CKA_GOSTR3410_PARAMS | CKA_GOSTR3411_PARAMS));
    let refused = profile.private_parameters == PrivateParameters::Refused && names_parameters;
    demand(!refused, CKR_ATTRIBUTE_READ_ONLY)?;
    check_fixed(profile, private)
}

fn check_fixed(profile: &Profile, private: &[Attribute]) -> Result<()> {
    let fixed = profile.private_template == PrivateTemplate::Fixed;
    let differs = private.iter().any(|given| {
        FIXED.iter().any(|(kind, value)| *kind == given.kind && given.value[..] != [*value])
    });
    demand(!(fixed && differs), CKR_ATTRIBUTE_READ_ONLY)
}

/// What the applet of `JaCarta` fixes for private keys.
const FIXED: &[(cryptoki_sys::CK_ATTRIBUTE_TYPE, u8)] = &[
    (CKA_TOKEN, 1),
    (CKA_PRIVATE, 1),
    (CKA_SENSITIVE, 1),
    (CKA_EXTRACTABLE, 0),
    (CKA_UNWRAP, 0),
    (CKA_MODIFIABLE, 0),
];
