//! The PKCS#11 soft token at its C border: octets become sequences of calls.
//!
//! Pointers and lengths are always true, as only the caller can promise; everything else is anything.
#![no_main]

use std::path::PathBuf;
use std::ptr::null_mut;
use std::sync::LazyLock;
use std::{env, fs, process};

use cryptoki_sys::*;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pkcs11_soft_token::{C_GetFunctionList, tc26};

fuzz_target!(|octets: &[u8]| {
    let caller = Caller::begin();
    let mut input = Unstructured::new(octets);
    while !input.is_empty() && caller.call(&mut input).is_ok() {}
    caller.end();
});

struct Caller {
    functions: &'static CK_FUNCTION_LIST,
}

macro_rules! call {
    ($caller:expr, $name:ident($($argument:expr),* $(,)?)) => {{
        let function = $caller.functions.$name.expect("every function is there");
        // SAFETY: pointers are to what lives longer than the call, lengths are theirs.
        let code = unsafe { function($($argument),*) };
        assert_ne!(code, CKR_GENERAL_ERROR, "a panic, or nothing was prepared");
        code
    }};
}

/// A folder with a token whose PINs are set, made once.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = env::temp_dir().join(format!("soft-token-fuzz-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("settings.json"), r#"{"iterations": 1}"#).expect("settings");
    // SAFETY: there is one thread.
    unsafe { env::set_var("SOFT_TOKEN_DIR", &folder) };
    let caller = Caller { functions: functions() };
    let (mut label, mut session) = ([b' '; 32], 0);
    call!(caller, C_Initialize(null_mut()));
    call!(caller, C_InitToken(0, of(PIN), 8, label.as_mut_ptr()));
    call!(caller, C_OpenSession(0, FLAGS, null_mut(), None, &raw mut session));
    call!(caller, C_Login(session, CKU_SO, of(PIN), 8));
    assert_eq!(call!(caller, C_InitPIN(session, of(PIN), 8)), CKR_OK);
    call!(caller, C_Finalize(null_mut()));
    folder
});

const PIN: &[u8] = b"12345678";
const FLAGS: CK_FLAGS = CKF_SERIAL_SESSION | CKF_RW_SESSION;

fn functions() -> &'static CK_FUNCTION_LIST {
    let mut list = null_mut();
    // SAFETY: there is room for a pointer; the list is for ever.
    unsafe {
        C_GetFunctionList(&raw mut list);
        &*list
    }
}

fn of(octets: &[u8]) -> *mut u8 {
    octets.as_ptr().cast_mut()
}

impl Caller {
    fn begin() -> Self {
        let folder = &*FOLDER;
        for entry in fs::read_dir(folder.join("slot-0")).expect("a slot").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            if name.ends_with(".object") || name.starts_with("tries.") {
                fs::remove_file(entry.path()).expect("removed");
            }
        }
        let caller = Self { functions: functions() };
        assert_eq!(call!(caller, C_Initialize(null_mut())), CKR_OK);
        let mut session = 0;
        call!(caller, C_OpenSession(0, FLAGS, null_mut(), None, &raw mut session));
        assert_eq!(call!(caller, C_Login(session, CKU_USER, of(PIN), 8)), CKR_OK);
        caller
    }

    fn end(&self) {
        assert_eq!(call!(self, C_Finalize(null_mut())), CKR_OK);
    }

    fn call(&self, input: &mut Unstructured<'_>) -> Result<()> {
        let session = CK_SESSION_HANDLE::from(input.int_in_range(0..=3_u8)?);
        match input.int_in_range(0..=5_u8)? {
            0 => self.sessions(input, session),
            1 | 2 => self.objects(input, session),
            3 => self.keys(input, session),
            4 => self.begin_operation(input, session),
            _ => self.go_on(input, session),
        }
    }

    fn sessions(&self, input: &mut Unstructured<'_>, session: CK_SESSION_HANDLE) -> Result<()> {
        let slot = CK_SLOT_ID::from(input.int_in_range(0..=1_u8)?);
        let pin = if input.ratio(3, 4)? { PIN } else { some(input)? };
        let length = pin.len() as CK_ULONG;
        let mut out = 0;
        match input.int_in_range(0..=6_u8)? {
            0 => {
                call!(self, C_OpenSession(slot, input.arbitrary()?, null_mut(), None, &raw mut out))
            }
            1 => call!(self, C_CloseSession(session)),
            2 => call!(self, C_Login(session, input.int_in_range(0..=3)?, of(pin), length)),
            3 => call!(self, C_Logout(session)),
            4 => call!(self, C_GetTokenInfo(slot, &mut CK_TOKEN_INFO::default())),
            5 => call!(self, C_GetSessionInfo(session, &mut CK_SESSION_INFO::default())),
            _ => call!(
                self,
                C_GetMechanismInfo(slot, kind(input)?, &mut CK_MECHANISM_INFO::default())
            ),
        };
        Ok(())
    }

    fn objects(&self, input: &mut Unstructured<'_>, session: CK_SESSION_HANDLE) -> Result<()> {
        let object = handle(input)?;
        let mut template = template(input)?;
        let (start, count) = (template.as_mut_ptr(), template.len() as CK_ULONG);
        let (mut out, mut found) = (0, [0; 4]);
        match input.int_in_range(0..=7_u8)? {
            0 => call!(self, C_CreateObject(session, start, count, &raw mut out)),
            1 => call!(self, C_CopyObject(session, object, start, count, &raw mut out)),
            2 => call!(self, C_DestroyObject(session, object)),
            3 => call!(self, C_GetObjectSize(session, object, &raw mut out)),
            4 => {
                for attribute in &mut template {
                    attribute.pValue = null_mut();
                }
                call!(self, C_GetAttributeValue(session, object, template.as_mut_ptr(), count))
            }
            5 => call!(self, C_SetAttributeValue(session, object, start, count)),
            6 => call!(self, C_FindObjectsInit(session, start, count)),
            _ => {
                call!(self, C_FindObjects(session, found.as_mut_ptr(), 4, &raw mut out));
                call!(self, C_FindObjectsFinal(session))
            }
        };
        Ok(())
    }

    fn keys(&self, input: &mut Unstructured<'_>, session: CK_SESSION_HANDLE) -> Result<()> {
        let key = handle(input)?;
        let parameter = some(input)?;
        let mut mechanism = mechanism(input, parameter)?;
        let chosen = &raw mut mechanism;
        let (mut one, mut other) = (template(input)?, template(input)?);
        let (start, count) = (one.as_mut_ptr(), one.len() as CK_ULONG);
        let wrapped = some(input)?;
        let (mut out, mut second, mut buffer) = (0, 0, [0; 128]);
        match input.int_in_range(0..=4_u8)? {
            0 => call!(self, C_GenerateKey(session, chosen, start, count, &raw mut out)),
            1 => {
                let (private, of_them) = (other.as_mut_ptr(), other.len() as CK_ULONG);
                let (public, private_out) = (&raw mut out, &raw mut second);
                call!(
                    self,
                    C_GenerateKeyPair(
                        session,
                        chosen,
                        start,
                        count,
                        private,
                        of_them,
                        public,
                        private_out
                    )
                )
            }
            2 => call!(self, C_DeriveKey(session, chosen, key, start, count, &raw mut out)),
            3 => {
                let mut length = 128;
                let base = handle(input)?;
                let room = buffer.as_mut_ptr();
                call!(self, C_WrapKey(session, chosen, base, key, room, &raw mut length))
            }
            _ => {
                let (data, length) = (of(wrapped), wrapped.len() as CK_ULONG);
                let out = &raw mut out;
                call!(self, C_UnwrapKey(session, chosen, key, data, length, start, count, out))
            }
        };
        Ok(())
    }

    fn begin_operation(
        &self,
        input: &mut Unstructured<'_>,
        session: CK_SESSION_HANDLE,
    ) -> Result<()> {
        let key = handle(input)?;
        let parameter = some(input)?;
        let mut mechanism = mechanism(input, parameter)?;
        let chosen = &raw mut mechanism;
        match input.int_in_range(0..=4_u8)? {
            0 => call!(self, C_DigestInit(session, chosen)),
            1 => call!(self, C_SignInit(session, chosen, key)),
            2 => call!(self, C_VerifyInit(session, chosen, key)),
            3 => call!(self, C_EncryptInit(session, chosen, key)),
            _ => call!(self, C_DecryptInit(session, chosen, key)),
        };
        Ok(())
    }

    fn go_on(&self, input: &mut Unstructured<'_>, session: CK_SESSION_HANDLE) -> Result<()> {
        let data = some(input)?;
        let (start, count) = (of(data), data.len() as CK_ULONG);
        let mut room = vec![0; usize::from(input.arbitrary::<u8>()?)];
        let mut length = room.len() as CK_ULONG;
        let out = if input.ratio(1, 4)? { null_mut() } else { room.as_mut_ptr() };
        let of_it = &raw mut length;
        match input.int_in_range(0..=14_u8)? {
            0 => call!(self, C_Digest(session, start, count, out, of_it)),
            1 => call!(self, C_DigestUpdate(session, start, count)),
            2 => call!(self, C_DigestFinal(session, out, of_it)),
            3 => call!(self, C_DigestKey(session, handle(input)?)),
            4 => call!(self, C_Sign(session, start, count, out, of_it)),
            5 => call!(self, C_SignUpdate(session, start, count)),
            6 => call!(self, C_SignFinal(session, out, of_it)),
            7 => call!(self, C_Verify(session, start, count, start, count)),
            8 => call!(self, C_VerifyUpdate(session, start, count)),
            9 => call!(self, C_VerifyFinal(session, start, count)),
            10 => call!(self, C_Encrypt(session, start, count, out, of_it)),
            11 => call!(self, C_EncryptUpdate(session, start, count, out, of_it)),
            12 => call!(self, C_EncryptFinal(session, out, of_it)),
            13 => call!(self, C_DecryptUpdate(session, start, count, out, of_it)),
            _ => call!(self, C_Decrypt(session, start, count, out, of_it)),
        };
        Ok(())
    }
}

fn some<'a>(input: &mut Unstructured<'a>) -> Result<&'a [u8]> {
    let length = usize::from(input.int_in_range(0..=80_u8)?).min(input.len());
    input.bytes(length)
}

fn handle(input: &mut Unstructured<'_>) -> Result<CK_OBJECT_HANDLE> {
    Ok(CK_OBJECT_HANDLE::from(input.int_in_range(0..=12_u8)?))
}

fn kind(input: &mut Unstructured<'_>) -> Result<CK_MECHANISM_TYPE> {
    match input.int_in_range(0..=3_u8)? {
        0 => Ok(CKM_GOSTR3410 - 1 + CK_ULONG::from(input.int_in_range(0..=1_u8)?)),
        1 => Ok(CKM_GENERIC_SECRET_KEY_GEN),
        _ => Ok(0xd432_1000 | CK_ULONG::from(input.int_in_range(0..=0x3f_u8)?)),
    }
}

/// A mechanism; those whose parameter has pointers get one of another length.
fn mechanism(input: &mut Unstructured<'_>, parameter: &[u8]) -> Result<CK_MECHANISM> {
    let mechanism = kind(input)?;
    let structured = [
        tc26::CKM_VKO_GOSTR3410_2012_512,
        tc26::CKM_GOST_KEG,
        tc26::CKM_KUZNYECHIK_MGM,
        tc26::CKM_MAGMA_MGM,
        tc26::CKM_KDF_TREE_GOSTR3411_2012_256,
    ];
    let parameter = if structured.contains(&mechanism) {
        &parameter[..parameter.len().min(8)]
    } else {
        parameter
    };
    let (start, length) = (of(parameter).cast(), parameter.len() as CK_ULONG);
    Ok(CK_MECHANISM { mechanism, pParameter: start, ulParameterLen: length })
}

fn template(input: &mut Unstructured<'_>) -> Result<Vec<CK_ATTRIBUTE>> {
    let count = input.int_in_range(0..=6_u8)?;
    (0..count).map(|_| attribute(input)).collect()
}

fn attribute(input: &mut Unstructured<'_>) -> Result<CK_ATTRIBUTE> {
    let row = input.choose(ATTRIBUTES)?;
    let value = if input.ratio(7, 8)? { *input.choose(row.1)? } else { some(input)? };
    Ok(CK_ATTRIBUTE { type_: row.0, pValue: of(value).cast(), ulValueLen: value.len() as CK_ULONG })
}

const TRUTH: &[&[u8]] = &[&[0], &[1]];
const CLASSES: &[&[u8]] = &[
    &CKO_DATA.to_ne_bytes(),
    &CKO_CERTIFICATE.to_ne_bytes(),
    &CKO_PUBLIC_KEY.to_ne_bytes(),
    &CKO_PRIVATE_KEY.to_ne_bytes(),
    &CKO_SECRET_KEY.to_ne_bytes(),
];
const TYPES: &[&[u8]] = &[
    &CKK_GOSTR3410.to_ne_bytes(),
    &CKK_GENERIC_SECRET.to_ne_bytes(),
    &tc26::CKK_GOSTR3410_512.to_ne_bytes(),
    &tc26::CKK_KUZNYECHIK.to_ne_bytes(),
    &tc26::CKK_MAGMA.to_ne_bytes(),
    &tc26::CKK_KUZNYECHIK_TWIN_KEY.to_ne_bytes(),
    &tc26::CKK_MAGMA_TWIN_KEY.to_ne_bytes(),
];
const SETS: &[&[u8]] = &[
    b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x01\x01",
    b"\x06\x07\x2a\x85\x03\x02\x02\x23\x01",
    b"\x06\x09\x2a\x85\x03\x07\x01\x02\x01\x02\x01",
];
const VALUES: &[&[u8]] = &[&[5; 32], &[6; 64], &[7; 128]];
const LENGTHS: &[&[u8]] = &[&8_u64.to_ne_bytes(), &32_u64.to_ne_bytes(), &[0xff; 8]];

const ATTRIBUTES: &[(CK_ATTRIBUTE_TYPE, &[&[u8]])] = &[
    (CKA_CLASS, CLASSES),
    (CKA_KEY_TYPE, TYPES),
    (CKA_TOKEN, TRUTH),
    (CKA_PRIVATE, TRUTH),
    (CKA_SENSITIVE, TRUTH),
    (CKA_EXTRACTABLE, TRUTH),
    (CKA_DERIVE, TRUTH),
    (CKA_WRAP, TRUTH),
    (CKA_UNWRAP, TRUTH),
    (CKA_ALWAYS_AUTHENTICATE, TRUTH),
    (CKA_GOSTR3410_PARAMS, SETS),
    (CKA_VALUE, VALUES),
    (CKA_VALUE_LEN, LENGTHS),
    (CKA_LABEL, VALUES),
    (CKA_START_DATE, VALUES),
];
