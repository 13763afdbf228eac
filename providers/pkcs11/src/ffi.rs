//! The border to a module: every unsafe act of this crate, and nothing else.
#![expect(unsafe_code, reason = "PKCS#11 is a C interface")]

use core::ffi::c_void;
use core::{fmt, ptr};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki_sys::{
    CK_ATTRIBUTE, CK_ATTRIBUTE_TYPE, CK_C_INITIALIZE_ARGS, CK_ECDH1_DERIVE_PARAMS,
    CK_FUNCTION_LIST, CK_MECHANISM, CK_MECHANISM_INFO, CK_MECHANISM_TYPE, CK_OBJECT_HANDLE,
    CK_SESSION_HANDLE, CK_SESSION_INFO, CK_SLOT_ID, CK_STATE, CK_TOKEN_INFO, CK_TRUE, CK_ULONG,
    CK_USER_TYPE, CK_VERSION, CKD_NULL, CKF_OS_LOCKING_OK, CKF_RW_SESSION, CKF_SERIAL_SESSION,
    CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL, CKR_CANT_LOCK,
    CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_GENERAL_ERROR,
};
use zeroize::Zeroizing;

use crate::attribute::Attribute;
use crate::load_error::LoadError;
use crate::refused::Refused;

type Result<T> = core::result::Result<T, Refused>;

/// A module in memory, initialised. It is never finalised: others in this process may use it too.
pub(crate) struct Library {
    functions: CK_FUNCTION_LIST,
    /// One call at a time, for modules that cannot lock by themselves.
    turn: Option<Mutex<()>>,
    /// Keeps the code that `functions` points into.
    _code: cryptoki_sys::Pkcs11,
}

/// Calls a function of the module's list and checks what it returns.
macro_rules! call {
    ($library:expr, $name:ident($($argument:expr),* $(,)?)) => {{
        let library: &Library = $library;
        let function = library.functions.$name.ok_or(Refused::missing(stringify!($name)))?;
        let _turn = library.turn();
        // SAFETY: the function is that of the module's list, which has PKCS#11's types; every pointer
        // given in this file is to a live value of the stated length, or null where the standard says so.
        let rv = unsafe { function($($argument),*) };
        Refused::check(stringify!($name), rv)
    }};
}

impl Library {
    /// Loads a module and initialises it.
    pub(crate) fn load(path: &Path) -> core::result::Result<Self, LoadError> {
        // SAFETY: a module's initialisers run here; whoever names a module trusts it with keys and PINs.
        let code = unsafe { cryptoki_sys::Pkcs11::new(path) };
        let code = code.map_err(|error| LoadError::Code(Box::new(error)))?;
        let get = *code.C_GetFunctionList.as_ref().map_err(|_| LoadError::NoFunctionList)?;
        let mut list: *mut CK_FUNCTION_LIST = ptr::null_mut();
        // SAFETY: the symbol has PKCS#11's type, and `list` is writable.
        let rv = unsafe { get(&raw mut list) };
        Refused::check("C_GetFunctionList", rv)?;
        if list.is_null() || !list.is_aligned() {
            return Err(LoadError::NoFunctionList);
        }
        // SAFETY: not null; any list begins with its version.
        let version = unsafe { ptr::read(list.cast::<CK_VERSION>()) };
        if version.major < 2 {
            return Err(LoadError::Version { major: version.major, minor: version.minor });
        }
        // SAFETY: not null and aligned; lists of version 2 and later have at least these functions.
        let functions = unsafe { ptr::read(list) };
        let mut library = Self { functions, turn: None, _code: code };
        library.initialize()?;
        Ok(library)
    }

    fn initialize(&mut self) -> Result<()> {
        let mut arguments = CK_C_INITIALIZE_ARGS {
            CreateMutex: None,
            DestroyMutex: None,
            LockMutex: None,
            UnlockMutex: None,
            flags: CKF_OS_LOCKING_OK,
            pReserved: ptr::null_mut(),
        };
        let initialized = call!(self, C_Initialize((&raw mut arguments).cast::<c_void>()));
        match initialized {
            Err(refused) if refused.rv == CKR_CRYPTOKI_ALREADY_INITIALIZED => Ok(()),
            Err(refused) if refused.rv == CKR_CANT_LOCK => {
                self.turn = Some(Mutex::new(()));
                call!(self, C_Initialize(ptr::null_mut()))
            }
            other => other,
        }
    }

    fn turn(&self) -> Option<MutexGuard<'_, ()>> {
        self.turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether calls go one by one, so that none may wait for long.
    pub(crate) const fn is_serial(&self) -> bool {
        self.turn.is_some()
    }

    /// Slots with a token in them.
    pub(crate) fn slots(&self) -> Result<Vec<CK_SLOT_ID>> {
        let call = |slots: *mut CK_SLOT_ID, count: *mut CK_ULONG| {
            call!(self, C_GetSlotList(CK_TRUE, slots, count))
        };
        list(call)
    }

    pub(crate) fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO> {
        let mut info = CK_TOKEN_INFO {
            label: [b' '; 32],
            manufacturerID: [b' '; 32],
            model: [b' '; 16],
            serialNumber: [b' '; 16],
            flags: 0,
            ulMaxSessionCount: 0,
            ulSessionCount: 0,
            ulMaxRwSessionCount: 0,
            ulRwSessionCount: 0,
            ulMaxPinLen: 0,
            ulMinPinLen: 0,
            ulTotalPublicMemory: 0,
            ulFreePublicMemory: 0,
            ulTotalPrivateMemory: 0,
            ulFreePrivateMemory: 0,
            hardwareVersion: CK_VERSION { major: 0, minor: 0 },
            firmwareVersion: CK_VERSION { major: 0, minor: 0 },
            utcTime: [b' '; 16],
        };
        call!(self, C_GetTokenInfo(slot, &raw mut info))?;
        Ok(info)
    }

    pub(crate) fn mechanisms(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>> {
        let call = |mechanisms: *mut CK_MECHANISM_TYPE, count: *mut CK_ULONG| {
            call!(self, C_GetMechanismList(slot, mechanisms, count))
        };
        list(call)
    }

    /// The shortest and the longest key of a mechanism, in units of its own.
    pub(crate) fn key_sizes(
        &self,
        slot: CK_SLOT_ID,
        mechanism: CK_MECHANISM_TYPE,
    ) -> Result<(CK_ULONG, CK_ULONG)> {
        let mut info = CK_MECHANISM_INFO { ulMinKeySize: 0, ulMaxKeySize: 0, flags: 0 };
        call!(self, C_GetMechanismInfo(slot, mechanism, &raw mut info))?;
        Ok((info.ulMinKeySize, info.ulMaxKeySize))
    }

    /// Waits until something is inserted or removed; gives the slot.
    pub(crate) fn slot_event(&self) -> Result<CK_SLOT_ID> {
        let mut slot = 0;
        call!(self, C_WaitForSlotEvent(0, &raw mut slot, ptr::null_mut()))?;
        Ok(slot)
    }

    /// Wipes a token and gives it a PIN of its security officer and a label.
    pub(crate) fn init_token(&self, slot: CK_SLOT_ID, pin: &[u8], label: &[u8; 32]) -> Result<()> {
        let (mut pin, mut label) = (Zeroizing::new(pin.to_vec()), *label);
        let length = length(pin.len())?;
        call!(self, C_InitToken(slot, pin.as_mut_ptr(), length, label.as_mut_ptr()))
    }

    /// Opens a session that may write.
    pub(crate) fn open(&self, slot: CK_SLOT_ID) -> Result<CK_SESSION_HANDLE> {
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        call!(self, C_OpenSession(slot, flags, ptr::null_mut(), None, &raw mut session))?;
        Ok(session)
    }

    /// Asks whether a session is alive, and what its holder may do.
    pub(crate) fn state(&self, session: CK_SESSION_HANDLE) -> Result<CK_STATE> {
        let mut info = CK_SESSION_INFO { slotID: 0, state: 0, flags: 0, ulDeviceError: 0 };
        call!(self, C_GetSessionInfo(session, &raw mut info))?;
        Ok(info.state)
    }

    pub(crate) fn close(&self, session: CK_SESSION_HANDLE) -> Result<()> {
        call!(self, C_CloseSession(session))
    }

    /// Logs in; without a PIN the token asks by a key pad of its own.
    pub(crate) fn login(
        &self,
        session: CK_SESSION_HANDLE,
        user: CK_USER_TYPE,
        pin: Option<&[u8]>,
    ) -> Result<()> {
        let mut pin = pin.map(|pin| Zeroizing::new(pin.to_vec()));
        let count = length(pin.as_ref().map_or(0, |pin| pin.len()))?;
        let pin = pin.as_mut().map_or(ptr::null_mut(), |pin| pin.as_mut_ptr());
        call!(self, C_Login(session, user, pin, count))
    }

    pub(crate) fn logout(&self, session: CK_SESSION_HANDLE) -> Result<()> {
        call!(self, C_Logout(session))
    }

    /// Sets the user's PIN, by the security officer.
    pub(crate) fn init_pin(&self, session: CK_SESSION_HANDLE, pin: &[u8]) -> Result<()> {
        let mut pin = Zeroizing::new(pin.to_vec());
        let length = length(pin.len())?;
        call!(self, C_InitPIN(session, pin.as_mut_ptr(), length))
    }

    /// Changes the PIN of whoever is logged in, the user's where nobody is.
    pub(crate) fn set_pin(&self, session: CK_SESSION_HANDLE, old: &[u8], new: &[u8]) -> Result<()> {
        let (mut old, mut new) = (Zeroizing::new(old.to_vec()), Zeroizing::new(new.to_vec()));
        let (olds, news) = (length(old.len())?, length(new.len())?);
        call!(self, C_SetPIN(session, old.as_mut_ptr(), olds, new.as_mut_ptr(), news))
    }

    /// The objects that a template matches.
    pub(crate) fn find(
        &self,
        session: CK_SESSION_HANDLE,
        template: &[Attribute],
    ) -> Result<Vec<CK_OBJECT_HANDLE>> {
        let mut raw = raw(template)?;
        let count = length(raw.len())?;
        call!(self, C_FindObjectsInit(session, raw.as_mut_ptr(), count))?;
        let found = self.found(session);
        let finished = call!(self, C_FindObjectsFinal(session));
        found.and_then(|found| finished.map(|()| found))
    }

    fn found(&self, session: CK_SESSION_HANDLE) -> Result<Vec<CK_OBJECT_HANDLE>> {
        let mut found = Vec::new();
        loop {
            let mut page: [CK_OBJECT_HANDLE; 64] = [0; 64];
            let mut count = 0;
            call!(self, C_FindObjects(session, page.as_mut_ptr(), 64, &raw mut count))?;
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let some = page.get(..count).ok_or(Refused::nonsense("C_FindObjects"))?;
            if some.is_empty() {
                return Ok(found);
            }
            found.extend_from_slice(some);
        }
    }

    /// Attributes' values; `None` for what the object has not, or does not show.
    pub(crate) fn attributes(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kinds: &[CK_ATTRIBUTE_TYPE],
    ) -> Result<Vec<Option<Zeroizing<Vec<u8>>>>> {
        let empty = |kind: &CK_ATTRIBUTE_TYPE| CK_ATTRIBUTE {
            type_: *kind,
            pValue: ptr::null_mut(),
            ulValueLen: 0,
        };
        let mut raw: Vec<_> = kinds.iter().map(empty).collect();
        self.read_attributes(session, object, &mut raw)?;
        let mut values = Vec::with_capacity(kinds.len());
        for attribute in &mut raw {
            let known = usize::try_from(attribute.ulValueLen).ok().filter(|n| *n <= LARGEST);
            let mut value = known.map(|length| Zeroizing::new(vec![0_u8; length]));
            attribute.pValue = value.as_mut().map_or(ptr::null_mut(), |v| v.as_mut_ptr().cast());
            attribute.ulValueLen = length(value.as_ref().map_or(0, |v| v.len()))?;
            values.push(value);
        }
        self.read_attributes(session, object, &mut raw)?;
        for (value, attribute) in values.iter_mut().zip(&raw) {
            let length = usize::try_from(attribute.ulValueLen).ok();
            match (value.as_mut(), length) {
                (Some(octets), Some(length)) if length <= octets.len() => octets.truncate(length),
                _ => *value = None,
            }
        }
        Ok(values)
    }

    fn read_attributes(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        raw: &mut [CK_ATTRIBUTE],
    ) -> Result<()> {
        let count = length(raw.len())?;
        match call!(self, C_GetAttributeValue(session, object, raw.as_mut_ptr(), count)) {
            // The others are filled all the same.
            Err(Refused { rv: CKR_ATTRIBUTE_SENSITIVE | CKR_ATTRIBUTE_TYPE_INVALID, .. }) => Ok(()),
            other => other,
        }
    }

    pub(crate) fn create(
        &self,
        session: CK_SESSION_HANDLE,
        template: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let (mut raw, mut object) = (raw(template)?, 0);
        let count = length(raw.len())?;
        call!(self, C_CreateObject(session, raw.as_mut_ptr(), count, &raw mut object))?;
        Ok(object)
    }

    pub(crate) fn destroy(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        call!(self, C_DestroyObject(session, object))
    }

    /// Makes a key pair: the public half, the private half.
    pub(crate) fn generate_pair(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        public: &[Attribute],
        private: &[Attribute],
    ) -> Result<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)> {
        let mut mechanism = bare(mechanism);
        let (mut public, mut private) = (raw(public)?, raw(private)?);
        let (publics, privates) = (length(public.len())?, length(private.len())?);
        let (mut one, mut other) = (0, 0);
        call!(
            self,
            C_GenerateKeyPair(
                session,
                &raw mut mechanism,
                public.as_mut_ptr(),
                publics,
                private.as_mut_ptr(),
                privates,
                &raw mut one,
                &raw mut other,
            )
        )?;
        Ok((one, other))
    }

    /// Begins a signature.
    pub(crate) fn sign_init(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
    ) -> Result<()> {
        let mut mechanism = bare(mechanism);
        call!(self, C_SignInit(session, &raw mut mechanism, key))
    }

    /// Ends the signature that was begun.
    pub(crate) fn sign(&self, session: CK_SESSION_HANDLE, data: &[u8]) -> Result<Vec<u8>> {
        let mut signature = vec![0_u8; 128];
        match self.sign_into(session, data, &mut signature) {
            Err(refused) if refused.rv == CKR_BUFFER_TOO_SMALL => {
                signature = vec![0; LONGEST_SIGNATURE];
                self.sign_into(session, data, &mut signature)?;
            }
            other => other?,
        }
        Ok(signature)
    }

    fn sign_into(&self, session: CK_SESSION_HANDLE, data: &[u8], out: &mut Vec<u8>) -> Result<()> {
        let (count, mut written) = (length(data.len())?, length(out.len())?);
        let (data, room) = (data.as_ptr().cast_mut(), out.len());
        call!(self, C_Sign(session, data, count, out.as_mut_ptr(), &raw mut written))?;
        let written = usize::try_from(written).unwrap_or(usize::MAX);
        if written > room {
            return Err(Refused::nonsense("C_Sign"));
        }
        out.truncate(written);
        Ok(())
    }

    /// Derives by parameters that are octets.
    pub(crate) fn derive(
        &self,
        session: CK_SESSION_HANDLE,
        (mechanism, parameter): (CK_MECHANISM_TYPE, &[u8]),
        base: CK_OBJECT_HANDLE,
        template: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let mut mechanism = CK_MECHANISM {
            mechanism,
            pParameter: parameter.as_ptr().cast_mut().cast(),
            ulParameterLen: length(parameter.len())?,
        };
        self.derive_by(session, &mut mechanism, base, template)
    }

    /// Derives by the structure of ECDH, as KEG and VKO with 512 bits have it.
    pub(crate) fn derive_ecdh(
        &self,
        session: CK_SESSION_HANDLE,
        (mechanism, shared, public): (CK_MECHANISM_TYPE, &[u8], &[u8]),
        base: CK_OBJECT_HANDLE,
        template: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let mut parameters = CK_ECDH1_DERIVE_PARAMS {
            kdf: CKD_NULL,
            ulSharedDataLen: length(shared.len())?,
            pSharedData: shared.as_ptr().cast_mut(),
            ulPublicDataLen: length(public.len())?,
            pPublicData: public.as_ptr().cast_mut(),
        };
        let mut mechanism = CK_MECHANISM {
            mechanism,
            pParameter: (&raw mut parameters).cast(),
            ulParameterLen: length(size_of::<CK_ECDH1_DERIVE_PARAMS>())?,
        };
        self.derive_by(session, &mut mechanism, base, template)
    }

    fn derive_by(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &mut CK_MECHANISM,
        base: CK_OBJECT_HANDLE,
        template: &[Attribute],
    ) -> Result<CK_OBJECT_HANDLE> {
        let (mut raw, mut key) = (raw(template)?, 0);
        let count = length(raw.len())?;
        call!(self, C_DeriveKey(session, mechanism, base, raw.as_mut_ptr(), count, &raw mut key))?;
        Ok(key)
    }

    pub(crate) fn random(&self, session: CK_SESSION_HANDLE, out: &mut [u8]) -> Result<()> {
        let count = length(out.len())?;
        call!(self, C_GenerateRandom(session, out.as_mut_ptr(), count))
    }

    pub(crate) fn seed(&self, session: CK_SESSION_HANDLE, seed: &[u8]) -> Result<()> {
        let count = length(seed.len())?;
        call!(self, C_SeedRandom(session, seed.as_ptr().cast_mut(), count))
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").field("serial", &self.is_serial()).finish_non_exhaustive()
    }
}

/// Lists what a call with a pointer and a count gives; longer lists may appear between its two rounds.
fn list(call: impl Fn(*mut CK_ULONG, *mut CK_ULONG) -> Result<()>) -> Result<Vec<CK_ULONG>> {
    for _round in 0..4 {
        let mut count = 0;
        call(ptr::null_mut(), &raw mut count)?;
        let known = usize::try_from(count).unwrap_or(usize::MAX);
        if known > LARGEST {
            break;
        }
        // One more than known: a null pointer would ask for the count again.
        let mut values: Vec<CK_ULONG> = vec![0; known.saturating_add(1)];
        count = length(values.len())?;
        match call(values.as_mut_ptr(), &raw mut count) {
            Err(refused) if refused.rv == CKR_BUFFER_TOO_SMALL => {}
            other => {
                other?;
                values.truncate(usize::try_from(count).unwrap_or(usize::MAX));
                return Ok(values);
            }
        }
    }
    Err(Refused { function: "list", rv: CKR_GENERAL_ERROR })
}

/// PKCS#11's attributes, pointing into ours; modules only read them.
fn raw(template: &[Attribute]) -> Result<Vec<CK_ATTRIBUTE>> {
    let raw = template.iter().map(|attribute| {
        Ok(CK_ATTRIBUTE {
            type_: attribute.kind,
            pValue: attribute.value.as_ptr().cast_mut().cast(),
            ulValueLen: length(attribute.value.len())?,
        })
    });
    raw.collect()
}

const fn bare(mechanism: CK_MECHANISM_TYPE) -> CK_MECHANISM {
    CK_MECHANISM { mechanism, pParameter: ptr::null_mut(), ulParameterLen: 0 }
}

fn length(length: usize) -> Result<CK_ULONG> {
    CK_ULONG::try_from(length).map_err(|_| Refused::nonsense("length"))
}

/// More than any attribute, and fewer slots than that.
const LARGEST: usize = 1 << 20;
/// RSA with 16384 bits.
const LONGEST_SIGNATURE: usize = 2048;
