//! Objects: made, copied, found, read, changed and destroyed.

use std::collections::VecDeque;

use cryptoki_sys::{
    CK_ATTRIBUTE_TYPE, CK_OBJECT_HANDLE, CK_SESSION_HANDLE, CK_ULONG, CKA_COPYABLE,
    CKA_DESTROYABLE, CKA_MODIFIABLE, CKA_PRIVATE, CKA_TOKEN, CKK_GOSTR3410, CKO_CERTIFICATE,
    CKO_DATA, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_SECRET_KEY, CKR_ACTION_PROHIBITED,
    CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE,
    CKR_OPERATION_NOT_INITIALIZED, CKR_SESSION_READ_ONLY, CKR_TEMPLATE_INCOMPLETE,
    CKR_TEMPLATE_INCONSISTENT,
};

use crate::certificate;
use crate::key;
use crate::module::{Access, Module, State};
use crate::object::{Attribute, Object};
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::tc26::CKK_GOSTR3410_512;
use crate::template::{self, Way};

impl Module {
    /// `C_CreateObject`
    ///
    /// # Errors
    /// Those of the template, and of writing to the token.
    pub(crate) fn create_object(
        &self,
        session: CK_SESSION_HANDLE,
        given: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let mut state = self.state();
        let profile = state.session(session)?.1.settings.profile();
        let mut object = template::read(given, None, Way::Import)?;
        match (object.class(), object.key_type()) {
            (Some(CKO_DATA), _) => {}
            (Some(CKO_CERTIFICATE), _) => certificate::complete(&mut object)?,
            (Some(CKO_SECRET_KEY), _) => crate::secret::import(&mut object)?,
            (Some(CKO_PUBLIC_KEY | CKO_PRIVATE_KEY), Some(CKK_GOSTR3410 | CKK_GOSTR3410_512)) => {
                key::import(&mut object, profile, given)?;
            }
            (_, None) => return refuse(CKR_TEMPLATE_INCOMPLETE),
            _ => return refuse(CKR_ATTRIBUTE_VALUE_INVALID),
        }
        state.create(session, object)
    }

    /// `C_CopyObject`
    ///
    /// # Errors
    /// Those of both objects; a copy is never less private than the original.
    pub(crate) fn copy_object(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        changes: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let mut state = self.state();
        let (_, slot) = state.session(session)?;
        let original = slot.object(object)?.object.clone();
        demand(original.is(CKA_COPYABLE), CKR_ACTION_PROHIBITED)?;
        let (homes, others): (Vec<_>, Vec<_>) =
            changes.iter().cloned().partition(|change| HOMES.contains(&change.kind));
        let mut copy = template::change(&original, &others)?;
        for home in homes {
            demand(matches!(home.value[..], [0 | 1]), CKR_ATTRIBUTE_VALUE_INVALID)?;
            let exposes = home.kind == CKA_PRIVATE && original.is_private();
            demand(!exposes || home.value[..] == [1], CKR_TEMPLATE_INCONSISTENT)?;
            copy.set(home.kind, &home.value);
        }
        state.create(session, copy)
    }

    /// `C_DestroyObject`
    ///
    /// # Errors
    /// `CKR_OBJECT_HANDLE_INVALID`, `CKR_SESSION_READ_ONLY`, `CKR_ACTION_PROHIBITED`.
    pub(crate) fn destroy_object(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        let held = slot.object(object)?;
        check_writable(session.access, &held.object)?;
        held.demand(CKA_DESTROYABLE, CKR_ACTION_PROHIBITED)?;
        slot.destroy(object)
    }

    /// Octets an object takes (`C_GetObjectSize`).
    ///
    /// # Errors
    /// `CKR_OBJECT_HANDLE_INVALID`.
    pub(crate) fn object_size(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
    ) -> Result<CK_ULONG> {
        let mut state = self.state();
        let (_, slot) = state.session(session)?;
        let octets: usize = slot.object(object)?.object.iter().map(|(_, value)| value.len()).sum();
        Ok(CK_ULONG::try_from(octets).unwrap_or(CK_ULONG::MAX))
    }

    /// `C_GetAttributeValue`: each attribute, or why not.
    ///
    /// # Errors
    /// `CKR_OBJECT_HANDLE_INVALID`.
    pub(crate) fn attributes(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        wanted: &[CK_ATTRIBUTE_TYPE],
    ) -> Result<Vec<Result<zeroize::Zeroizing<Vec<u8>>>>> {
        let mut state = self.state();
        let (_, slot) = state.session(session)?;
        let object = &slot.object(object)?.object;
        let reveal = |kind: &_| object.reveal(*kind).map(|value| value.to_vec().into());
        Ok(wanted.iter().map(reveal).collect())
    }

    /// `C_SetAttributeValue`
    ///
    /// # Errors
    /// `CKR_ATTRIBUTE_READ_ONLY` and others; then nothing is changed.
    pub(crate) fn set_attributes(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: &[Attribute],
    ) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        let held = slot.object(object)?;
        check_writable(session.access, &held.object)?;
        held.demand(CKA_MODIFIABLE, CKR_ATTRIBUTE_READ_ONLY)?;
        let changed = template::change(&held.object, template)?;
        slot.replace(object, changed)
    }

    /// `C_FindObjectsInit`
    ///
    /// # Errors
    /// `CKR_OPERATION_ACTIVE`.
    pub(crate) fn find_objects_init(
        &self,
        session: CK_SESSION_HANDLE,
        template: &[Attribute],
    ) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        let mut operations = session.operations();
        demand(operations.find.is_none(), CKR_OPERATION_ACTIVE)?;
        slot.refresh()?;
        let found = slot.objects().filter(|(_, held)| held.object.matches(template));
        operations.find = Some(found.map(|(handle, _)| handle).collect());
        Ok(())
    }

    /// `C_FindObjects`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn find_objects(
        &self,
        session: CK_SESSION_HANDLE,
        at_most: usize,
    ) -> Result<Vec<CK_OBJECT_HANDLE>> {
        let mut state = self.state();
        let mut operations = state.session(session)?.0.operations();
        let left: &mut VecDeque<_> =
            operations.find.as_mut().ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))?;
        Ok(left.drain(..at_most.min(left.len())).collect())
    }

    /// `C_FindObjectsFinal`
    ///
    /// # Errors
    /// `CKR_OPERATION_NOT_INITIALIZED`.
    pub(crate) fn find_objects_final(&self, session: CK_SESSION_HANDLE) -> Result<()> {
        let mut state = self.state();
        let ended = state.session(session)?.0.operations().find.take();
        ended.map(drop).ok_or(Refusal(CKR_OPERATION_NOT_INITIALIZED))
    }
}

impl State {
    /// Keeps a new object, if the session may.
    pub(crate) fn create(
        &mut self,
        handle: CK_SESSION_HANDLE,
        object: Object,
    ) -> Result<CK_OBJECT_HANDLE> {
        let (session, slot) = self.session(handle)?;
        check_writable(session.access, &object)?;
        // What is not private is not sealed on disk.
        let open = object.is_of_token() && object.is_secret() && !object.is_private();
        demand(!open, CKR_TEMPLATE_INCONSISTENT)?;
        slot.add(object, handle)
    }
}

fn check_writable(access: Access, object: &Object) -> Result<()> {
    let writes = access == Access::ReadWrite || !object.is_of_token();
    demand(writes, CKR_SESSION_READ_ONLY)
}

/// What a copy may have otherwise though it never changes: where it lives, and who sees it.
const HOMES: [CK_ATTRIBUTE_TYPE; 3] = [CKA_TOKEN, CKA_PRIVATE, CKA_MODIFIABLE];
