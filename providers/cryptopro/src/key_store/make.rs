//! Making, certifying, changing and deleting containers.

use std::ffi::CString;
use std::sync::{Arc, PoisonError};

use gost_ca::provider::key_store::{KeyAlgorithm, KeyId, KeySpec};
use gost_ca::provider::{ErrorKind, Result};
use gost_ca::x509::Certificate;
use gost3410::{ParameterSet, VerifyingKey};

use super::{Shared, Spec};
use crate::error::CspError;
use crate::ffi::Context;
use crate::names::{Password, password};
use crate::public_key::{CspPublicKey, provider_type, same_key};
use crate::session::{Pin, Session, pin_of};
use crate::sys;

impl Shared {
    pub(super) fn generate(&self, spec: &KeySpec, pin: &Pin) -> Result<Arc<Session>> {
        let set = parameter_set(spec.algorithm)?;
        let kind = provider_type(set);
        self.check_carrier(&spec.id.carrier)?;
        // Random moves are asked for in a window where that is allowed, whoever gives the password.
        let context = self.opener.create(&spec.id, kind, !self.settings.interactive)?;
        let made = self.fill(context, set, spec, pin);
        if made.is_err() {
            // An empty container would take the name; the refusal that is told is the first one.
            let _deleted = self.opener.delete(&spec.id, kind);
            let _cleared = self.marks.clear(&spec.id);
        }
        let session = Arc::new(made?);
        self.keep_open(&spec.id, &session);
        Ok(session)
    }

    fn fill(
        &self,
        context: Context,
        set: ParameterSet,
        spec: &KeySpec,
        pin: &Pin,
    ) -> Result<Session> {
        if spec.temporary_pin {
            self.marks.set(&spec.id)?;
        }
        let (key_spec, parameter) = match self.settings.spec {
            Spec::Exchange => (sys::AT_KEYEXCHANGE, sys::PP_DHOID),
            Spec::Signature => (sys::AT_SIGNATURE, sys::PP_SIGNATUREOID),
        };
        if let Pin::Given(pin) = pin {
            let pin = password(pin)?;
            context.set_text(pin_of(key_spec), pin.as_c_str()).map_err(CspError::told)?;
        }
        let oid = CString::new(set.oid().to_string())
            .map_err(|error| ErrorKind::Fault.at("parameter set").because(error))?;
        context.set_text(parameter, &oid).map_err(CspError::told)?;
        let flags = if self.settings.exportable { sys::CRYPT_EXPORTABLE } else { 0 };
        let blob = context.generate(key_spec, flags).map_err(CspError::told)?;
        let key = CspPublicKey::of_blob(&blob)?;
        if key.key.parameter_set() != set {
            let why = "the key is on another parameter set than was asked for";
            return Err(ErrorKind::Fault.at("CryptGenKey").because(why));
        }
        Ok(Session::of(context, provider_type(set), key_spec, key))
    }

    pub(super) fn install(&self, id: &KeyId, certificate: &Certificate) -> Result<()> {
        let session = match self.uncertified(id) {
            Some(session) => session,
            None => Arc::new(self.opener.look(id)?),
        };
        let theirs = VerifyingKey::from_spki(&certificate.public_key().info());
        if !theirs.is_ok_and(|theirs| same_key(&theirs, &session.key.key)) {
            return Err(ErrorKind::Invalid.at("install").because("a certificate of another key"));
        }
        let der = certificate.as_der();
        if session.with(|context| context.certificate(session.spec))?.as_deref() != Some(der) {
            session.with(|context| context.set_certificate(session.spec, der))?;
        }
        if let Some(personal) = &self.personal {
            let provider = self.provider_name(session.kind)?;
            personal.add(id, (provider, session.kind, session.spec), der)?;
        }
        self.forget(id);
        Ok(())
    }

    /// The name of the provider in use, for those who must find it again.
    fn provider_name(&self, kind: u32) -> Result<Option<String>> {
        if let Some(name) = &self.settings.provider_name {
            return Ok(Some(name.clone()));
        }
        let installed = self.opener.csp.providers().map_err(CspError::told)?;
        Ok(installed.into_iter().find(|(other, _)| *other == kind).map(|(_, name)| name))
    }

    pub(super) fn change_pin(&self, id: &KeyId, old: &Pin, new: &Password) -> Result<()> {
        let session = self.opener.open(id, old)?;
        session.with(|context| context.change_pin(new.as_c_str()))?;
        // an older session has the old password
        match session.with(|context| context.certificate(session.spec))? {
            Some(_) => self.forget(id),
            None => self.keep_open(id, &Arc::new(session)),
        }
        self.marks.clear(id)
    }

    pub(super) fn delete(&self, id: &KeyId, pin: &Pin) -> Result<()> {
        let session = self.opener.open(id, pin)?;
        let kind = session.kind;
        drop(session);
        self.forget(id);
        self.opener.delete(id, kind)?;
        self.marks.clear(id)
    }

    fn keep_open(&self, id: &KeyId, session: &Arc<Session>) {
        let mut open = self.uncertified.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(other, _)| other != id);
        if open.len() >= MOST_OPEN {
            open.pop_front();
        }
        open.push_back((id.clone(), Arc::clone(session)));
    }

    pub(super) fn uncertified(&self, id: &KeyId) -> Option<Arc<Session>> {
        let open = self.uncertified.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().find(|(other, _)| other == id).map(|(_, session)| Arc::clone(session))
    }

    fn forget(&self, id: &KeyId) {
        let mut open = self.uncertified.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|(other, _)| other != id);
    }
}

fn parameter_set(algorithm: KeyAlgorithm) -> Result<ParameterSet> {
    let KeyAlgorithm::Gost3410(oid) = algorithm else {
        return Err(ErrorKind::Unsupported.at("key algorithm"));
    };
    let unknown = |error| ErrorKind::Unsupported.at("parameter set").because(error);
    ParameterSet::from_oid(oid.0).map_err(unknown)
}

/// New keys that wait for their certificates; the eldest are closed.
const MOST_OPEN: usize = 64;
