//! A client of the module: it calls through the function list, as any other would.

use std::fs;
use std::ptr::null_mut;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki_sys::*;
use pkcs11_soft_token::C_GetFunctionList;

pub(crate) type Outcome<T> = Result<T, CK_RV>;

pub(crate) const USER_PIN: &[u8] = b"12345678";
pub(crate) const SO_PIN: &[u8] = b"87654321";

/// The module is one for a process, so one test at a time has it.
static TURN: Mutex<()> = Mutex::new(());

pub(crate) struct Client {
    pub(crate) folder: tempfile::TempDir,
    functions: &'static CK_FUNCTION_LIST,
    _turn: MutexGuard<'static, ()>,
}

macro_rules! call {
    ($client:expr, $name:ident($($argument:expr),* $(,)?)) => {{
        let function = $client.functions().$name.expect("every function is there");
        // SAFETY: pointers are to what lives longer than the call, lengths are theirs.
        let code = unsafe { function($($argument),*) };
        if code == CKR_OK { Ok(()) } else { Err(code) }
    }};
}
pub(crate) use call;

impl Client {
    /// An initialised module over an empty folder.
    pub(crate) fn new(settings: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.json"), settings).unwrap();
        // SAFETY: whoever reads or writes the environment here has the turn.
        unsafe { std::env::set_var("SOFT_TOKEN_DIR", folder.path()) };
        let mut list = null_mut();
        // SAFETY: there is room for a pointer.
        assert_eq!(unsafe { C_GetFunctionList(&raw mut list) }, CKR_OK);
        // SAFETY: the list is the module's and for ever.
        let client = Self { folder, functions: unsafe { &*list }, _turn: turn };
        call!(client, C_Initialize(null_mut())).unwrap();
        client
    }

    /// A token with both PINs set.
    pub(crate) fn with_token(settings: &str) -> Self {
        let client = Self::new(settings);
        client.init_token(0, SO_PIN).unwrap();
        let session = client.open(0).unwrap();
        client.login(session, CKU_SO, SO_PIN).unwrap();
        client.init_pin(session, USER_PIN).unwrap();
        client.close(session).unwrap();
        client
    }

    /// A session in which the user is logged in.
    pub(crate) fn ready() -> (Self, CK_SESSION_HANDLE) {
        let client = Self::with_token(QUICK);
        let session = client.user_session();
        (client, session)
    }

    pub(crate) fn functions(&self) -> &CK_FUNCTION_LIST {
        self.functions
    }

    /// As if the process had ended and begun anew.
    pub(crate) fn restart(&self) {
        call!(self, C_Finalize(null_mut())).unwrap();
        call!(self, C_Initialize(null_mut())).unwrap();
    }

    pub(crate) fn control(&self, orders: &str) {
        fs::write(self.folder.path().join("control.json"), orders).unwrap();
    }

    pub(crate) fn user_session(&self) -> CK_SESSION_HANDLE {
        let session = self.open(0).unwrap();
        self.login(session, CKU_USER, USER_PIN).unwrap();
        session
    }

    pub(crate) fn init_token(&self, slot: CK_SLOT_ID, pin: &[u8]) -> Outcome<()> {
        let mut label = *b"test token                      ";
        call!(self, C_InitToken(slot, of(pin), len(pin), label.as_mut_ptr()))
    }

    pub(crate) fn open(&self, slot: CK_SLOT_ID) -> Outcome<CK_SESSION_HANDLE> {
        self.open_with(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION)
    }

    pub(crate) fn open_with(
        &self,
        slot: CK_SLOT_ID,
        flags: CK_FLAGS,
    ) -> Outcome<CK_SESSION_HANDLE> {
        let mut session = 0;
        call!(self, C_OpenSession(slot, flags, null_mut(), None, &raw mut session))?;
        Ok(session)
    }

    pub(crate) fn close(&self, session: CK_SESSION_HANDLE) -> Outcome<()> {
        call!(self, C_CloseSession(session))
    }

    pub(crate) fn login(
        &self,
        session: CK_SESSION_HANDLE,
        who: CK_USER_TYPE,
        pin: &[u8],
    ) -> Outcome<()> {
        call!(self, C_Login(session, who, of(pin), len(pin)))
    }

    pub(crate) fn logout(&self, session: CK_SESSION_HANDLE) -> Outcome<()> {
        call!(self, C_Logout(session))
    }

    pub(crate) fn init_pin(&self, session: CK_SESSION_HANDLE, pin: &[u8]) -> Outcome<()> {
        call!(self, C_InitPIN(session, of(pin), len(pin)))
    }

    pub(crate) fn set_pin(
        &self,
        session: CK_SESSION_HANDLE,
        old: &[u8],
        new: &[u8],
    ) -> Outcome<()> {
        call!(self, C_SetPIN(session, of(old), len(old), of(new), len(new)))
    }

    pub(crate) fn token_info(&self, slot: CK_SLOT_ID) -> Outcome<CK_TOKEN_INFO> {
        let mut info = CK_TOKEN_INFO::default();
        call!(self, C_GetTokenInfo(slot, &raw mut info))?;
        Ok(info)
    }

    pub(crate) fn slots(&self, present: CK_BBOOL) -> Vec<CK_SLOT_ID> {
        let mut count = 0;
        call!(self, C_GetSlotList(present, null_mut(), &raw mut count)).unwrap();
        let mut slots = vec![0; count as usize];
        call!(self, C_GetSlotList(present, slots.as_mut_ptr(), &raw mut count)).unwrap();
        slots
    }

    pub(crate) fn generate_pair(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        public: &[Value],
        private: &[Value],
    ) -> Outcome<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)> {
        let (mut public, mut private) = (attributes(public), attributes(private));
        let (mut one, mut other) = (0, 0);
        call!(
            self,
            C_GenerateKeyPair(
                session,
                &mut plain(mechanism),
                public.as_mut_ptr(),
                public.len() as CK_ULONG,
                private.as_mut_ptr(),
                private.len() as CK_ULONG,
                &raw mut one,
                &raw mut other,
            )
        )?;
        Ok((one, other))
    }

    pub(crate) fn generate(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        template: &[Value],
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut key = 0;
        let mut template = attributes(template);
        let count = template.len() as CK_ULONG;
        let mut mechanism = plain(mechanism);
        call!(
            self,
            C_GenerateKey(session, &raw mut mechanism, template.as_mut_ptr(), count, &raw mut key)
        )?;
        Ok(key)
    }

    pub(crate) fn derive<T>(
        &self,
        session: CK_SESSION_HANDLE,
        (kind, parameter): (CK_MECHANISM_TYPE, &mut T),
        base: CK_OBJECT_HANDLE,
        template: &[Value],
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut key = 0;
        let mut template = attributes(template);
        let count = template.len() as CK_ULONG;
        let mut mechanism = with(kind, parameter);
        call!(
            self,
            C_DeriveKey(
                session,
                &raw mut mechanism,
                base,
                template.as_mut_ptr(),
                count,
                &raw mut key
            )
        )?;
        Ok(key)
    }

    pub(crate) fn create(
        &self,
        session: CK_SESSION_HANDLE,
        template: &[Value],
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = attributes(template);
        let mut object = 0;
        let count = template.len() as CK_ULONG;
        call!(self, C_CreateObject(session, template.as_mut_ptr(), count, &raw mut object))?;
        Ok(object)
    }

    pub(crate) fn get(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: CK_ATTRIBUTE_TYPE,
    ) -> Outcome<Vec<u8>> {
        let mut asked = CK_ATTRIBUTE { type_: kind, pValue: null_mut(), ulValueLen: 0 };
        call!(self, C_GetAttributeValue(session, object, &raw mut asked, 1))?;
        let mut value = vec![0_u8; asked.ulValueLen as usize];
        asked.pValue = value.as_mut_ptr().cast();
        call!(self, C_GetAttributeValue(session, object, &raw mut asked, 1))?;
        Ok(value)
    }

    pub(crate) fn set(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        template: &[Value],
    ) -> Outcome<()> {
        let mut template = attributes(template);
        let count = template.len() as CK_ULONG;
        call!(self, C_SetAttributeValue(session, object, template.as_mut_ptr(), count))
    }

    pub(crate) fn find(
        &self,
        session: CK_SESSION_HANDLE,
        template: &[Value],
    ) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
        let mut template = attributes(template);
        let count = template.len() as CK_ULONG;
        call!(self, C_FindObjectsInit(session, template.as_mut_ptr(), count))?;
        let (mut found, mut some, mut got) = (Vec::new(), [0; 2], 1);
        while got > 0 {
            call!(self, C_FindObjects(session, some.as_mut_ptr(), 2, &raw mut got))?;
            found.extend(&some[..got as usize]);
        }
        call!(self, C_FindObjectsFinal(session))?;
        Ok(found)
    }

    pub(crate) fn destroy(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
    ) -> Outcome<()> {
        call!(self, C_DestroyObject(session, object))
    }

    pub(crate) fn digest(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        data: &[u8],
    ) -> Outcome<Vec<u8>> {
        call!(self, C_DigestInit(session, &mut plain(mechanism)))?;
        self.fill(|out, length| call!(self, C_Digest(session, of(data), len(data), out, length)))
    }

    pub(crate) fn sign(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: CK_MECHANISM_TYPE,
        key: CK_OBJECT_HANDLE,
        data: &[u8],
    ) -> Outcome<Vec<u8>> {
        call!(self, C_SignInit(session, &mut plain(mechanism), key))?;
        self.fill(|out, length| call!(self, C_Sign(session, of(data), len(data), out, length)))
    }

    pub(crate) fn verify(
        &self,
        session: CK_SESSION_HANDLE,
        (mechanism, key): (CK_MECHANISM_TYPE, CK_OBJECT_HANDLE),
        data: &[u8],
        signature: &[u8],
    ) -> Outcome<()> {
        call!(self, C_VerifyInit(session, &mut plain(mechanism), key))?;
        call!(self, C_Verify(session, of(data), len(data), of(signature), len(signature)))
    }

    /// Asks for the length, gives one octet too few, and then enough: all the convention allows.
    pub(crate) fn fill(
        &self,
        call: impl Fn(*mut u8, *mut CK_ULONG) -> Outcome<()>,
    ) -> Outcome<Vec<u8>> {
        let mut length = 0;
        call(null_mut(), &raw mut length)?;
        let needed = length;
        let mut out = vec![0; needed as usize];
        if needed > 0 {
            length = needed - 1;
            assert_eq!(call(out.as_mut_ptr(), &raw mut length), Err(CKR_BUFFER_TOO_SMALL));
            assert_eq!(length, needed);
        }
        call(out.as_mut_ptr(), &raw mut length)?;
        out.truncate(length as usize);
        Ok(out)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ended = call!(self, C_Finalize(null_mut()));
    }
}

/// An attribute and its octets.
pub(crate) type Value = (CK_ATTRIBUTE_TYPE, Vec<u8>);

pub(crate) fn number(kind: CK_ATTRIBUTE_TYPE, value: CK_ULONG) -> Value {
    (kind, value.to_ne_bytes().to_vec())
}

pub(crate) fn truth(kind: CK_ATTRIBUTE_TYPE, value: bool) -> Value {
    (kind, vec![u8::from(value)])
}

pub(crate) fn octets(kind: CK_ATTRIBUTE_TYPE, value: &[u8]) -> Value {
    (kind, value.to_vec())
}

pub(crate) fn attributes(values: &[Value]) -> Vec<CK_ATTRIBUTE> {
    let attribute = |(kind, value): &Value| CK_ATTRIBUTE {
        type_: *kind,
        pValue: of(value).cast(),
        ulValueLen: len(value),
    };
    values.iter().map(attribute).collect()
}

pub(crate) fn plain(mechanism: CK_MECHANISM_TYPE) -> CK_MECHANISM {
    CK_MECHANISM { mechanism, pParameter: null_mut(), ulParameterLen: 0 }
}

pub(crate) fn with<T>(mechanism: CK_MECHANISM_TYPE, parameter: &mut T) -> CK_MECHANISM {
    CK_MECHANISM {
        mechanism,
        pParameter: (&raw mut *parameter).cast(),
        ulParameterLen: size_of::<T>() as CK_ULONG,
    }
}

pub(crate) fn of(octets: &[u8]) -> *mut u8 {
    octets.as_ptr().cast_mut()
}

pub(crate) fn len(octets: &[u8]) -> CK_ULONG {
    octets.len() as CK_ULONG
}

/// One slot whose PINs cost little, and which takes orders.
pub(crate) const QUICK: &str = r#"{"iterations": 1, "misbehaves": true}"#;
