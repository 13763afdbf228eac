//! Sessions, and who is logged in.

use cryptoki_sys::{
    CK_FLAGS, CK_SESSION_HANDLE, CK_SESSION_INFO, CK_SLOT_ID, CK_USER_TYPE, CKF_RW_SESSION,
    CKF_SERIAL_SESSION, CKR_DEVICE_REMOVED, CKR_OPERATION_NOT_INITIALIZED,
    CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_READ_ONLY_EXISTS,
    CKR_SESSION_READ_WRITE_SO_EXISTS, CKR_TOKEN_NOT_RECOGNIZED, CKR_USER_ALREADY_LOGGED_IN,
    CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_NOT_LOGGED_IN, CKR_USER_TYPE_INVALID,
    CKS_RO_PUBLIC_SESSION, CKS_RO_USER_FUNCTIONS, CKS_RW_PUBLIC_SESSION, CKS_RW_SO_FUNCTIONS,
    CKS_RW_USER_FUNCTIONS, CKU_CONTEXT_SPECIFIC, CKU_SO, CKU_USER,
};

use crate::module::{Access, Module};
use crate::refusal::{Refusal, Result, demand, refuse};
use crate::slot::Login;
use crate::token::Holder;

impl Module {
    /// `C_OpenSession`
    ///
    /// # Errors
    /// Those of the slot, and of a read-only session beside the officer's.
    pub(crate) fn open_session(
        &self,
        slot: CK_SLOT_ID,
        flags: CK_FLAGS,
    ) -> Result<CK_SESSION_HANDLE> {
        demand(flags & CKF_SERIAL_SESSION != 0, CKR_SESSION_PARALLEL_NOT_SUPPORTED)?;
        let access = match flags & CKF_RW_SESSION {
            0 => Access::ReadOnly,
            _ => Access::ReadWrite,
        };
        let mut state = self.state();
        let found = state.slot(slot)?;
        demand(found.token()?.record()?.is_some(), CKR_TOKEN_NOT_RECOGNIZED)?;
        let officer = found.login.as_ref().is_some_and(|it| it.holder == Holder::SecurityOfficer);
        demand(!(officer && access == Access::ReadOnly), CKR_SESSION_READ_WRITE_SO_EXISTS)?;
        Ok(state.open_session(slot, access))
    }

    /// `C_CloseSession`
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    pub(crate) fn close_session(&self, session: CK_SESSION_HANDLE) -> Result<()> {
        self.state().end_session(session)
    }

    /// `C_CloseAllSessions`
    ///
    /// # Errors
    /// `CKR_SLOT_ID_INVALID`.
    pub(crate) fn close_all_sessions(&self, slot: CK_SLOT_ID) -> Result<()> {
        let mut state = self.state();
        state.slot(slot)?;
        let of_slot = state.sessions.iter().filter(|(_, session)| session.slot == slot);
        let handles: Vec<_> = of_slot.map(|(handle, _)| *handle).collect();
        handles.into_iter().try_for_each(|handle| match state.end_session(handle) {
            Err(Refusal(CKR_DEVICE_REMOVED)) => Ok(()),
            ended => ended,
        })
    }

    /// `C_GetSessionInfo`
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`.
    pub(crate) fn session_info(&self, session: CK_SESSION_HANDLE) -> Result<CK_SESSION_INFO> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        let holder = slot.login.as_ref().map(|login| login.holder);
        let state = match (session.access, holder) {
            (_, Some(Holder::SecurityOfficer)) => CKS_RW_SO_FUNCTIONS,
            (Access::ReadWrite, Some(Holder::User)) => CKS_RW_USER_FUNCTIONS,
            (Access::ReadWrite, None) => CKS_RW_PUBLIC_SESSION,
            (Access::ReadOnly, Some(Holder::User)) => CKS_RO_USER_FUNCTIONS,
            (Access::ReadOnly, None) => CKS_RO_PUBLIC_SESSION,
        };
        let writes = if session.access == Access::ReadWrite { CKF_RW_SESSION } else { 0 };
        let flags = CKF_SERIAL_SESSION | writes;
        Ok(CK_SESSION_INFO { slotID: session.slot, state, flags, ulDeviceError: 0 })
    }

    /// `C_Login`
    ///
    /// # Errors
    /// Those of the PIN, and of whoever is logged in already.
    pub(crate) fn log_in(
        &self,
        session: CK_SESSION_HANDLE,
        user: CK_USER_TYPE,
        pin: &[u8],
    ) -> Result<()> {
        let holder = match user {
            CKU_USER => Holder::User,
            CKU_SO => Holder::SecurityOfficer,
            CKU_CONTEXT_SPECIFIC => return self.confirm(session, pin),
            _ => return refuse(CKR_USER_TYPE_INVALID),
        };
        let mut state = self.state();
        let id = state.session(session)?.0.slot;
        let reads_only = state.sessions_of(id).any(|it| it.access == Access::ReadOnly);
        let slot = state.slot(id)?;
        match slot.login.as_ref().map(|login| login.holder) {
            Some(other) if other == holder => return refuse(CKR_USER_ALREADY_LOGGED_IN),
            Some(_) => return refuse(CKR_USER_ANOTHER_ALREADY_LOGGED_IN),
            None => {}
        }
        let officer = holder == Holder::SecurityOfficer;
        demand(!(officer && reads_only), CKR_SESSION_READ_ONLY_EXISTS)?;
        let key = slot.token()?.log_in(holder, pin)?;
        slot.login = Some(Login { holder, key });
        slot.refresh()
    }

    /// `C_Logout`
    ///
    /// # Errors
    /// `CKR_USER_NOT_LOGGED_IN`.
    pub(crate) fn log_out(&self, session: CK_SESSION_HANDLE) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        demand(slot.login.is_some(), CKR_USER_NOT_LOGGED_IN)?;
        slot.log_out();
        let id = session.slot;
        for session in state.sessions_of(id) {
            session.operations().abandon();
        }
        Ok(())
    }

    /// The user's PIN once more, for a key that wants it at each use.
    fn confirm(&self, session: CK_SESSION_HANDLE, pin: &[u8]) -> Result<()> {
        let mut state = self.state();
        let (session, slot) = state.session(session)?;
        demand(session.operations().awaits_pin(), CKR_OPERATION_NOT_INITIALIZED)?;
        slot.token()?.log_in(Holder::User, pin)?;
        session.operations().confirm();
        Ok(())
    }

    /// Random octets (`C_GenerateRandom`).
    ///
    /// # Errors
    /// `CKR_SESSION_HANDLE_INVALID`, `CKR_RANDOM_NO_RNG`.
    pub(crate) fn generate_random(&self, session: CK_SESSION_HANDLE, out: &mut [u8]) -> Result<()> {
        self.state().session(session)?;
        crate::vault::random(out)
    }
}
