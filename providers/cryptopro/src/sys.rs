//! `CryptoAPI` 1.0 as CryptoPro CSP exports it: types, functions, constants. Nothing here runs.
//!
//! On UNIX `BOOL` is an `int`, `DWORD` and `ALG_ID` have 32 bits, handles the size of a pointer, and strings
//! are octets; `WINAPI` is the C calling convention there.

use core::ffi::{c_char, c_void};

pub(crate) type Bool = i32;
pub(crate) type Dword = u32;
pub(crate) type AlgId = u32;
pub(crate) type Handle = usize;

/// Hands the table of functions to a macro: field, symbol, arguments.
macro_rules! with_functions {
    ($macro:ident) => {
        $macro! {
            acquire_context: "CryptAcquireContextA"(*mut Handle, *const c_char, *const c_char, Dword, Dword);
            release_context: "CryptReleaseContext"(Handle, Dword);
            generate_key: "CryptGenKey"(Handle, AlgId, Dword, *mut Handle);
            get_user_key: "CryptGetUserKey"(Handle, Dword, *mut Handle);
            destroy_key: "CryptDestroyKey"(Handle);
            export_key: "CryptExportKey"(Handle, Handle, Dword, Dword, *mut u8, *mut Dword);
            import_key: "CryptImportKey"(Handle, *const u8, Dword, Handle, Dword, *mut Handle);
            get_key_param: "CryptGetKeyParam"(Handle, Dword, *mut u8, *mut Dword, Dword);
            set_key_param: "CryptSetKeyParam"(Handle, Dword, *const u8, Dword);
            create_hash: "CryptCreateHash"(Handle, AlgId, Handle, Dword, *mut Handle);
            destroy_hash: "CryptDestroyHash"(Handle);
            hash_data: "CryptHashData"(Handle, *const u8, Dword, Dword);
            set_hash_param: "CryptSetHashParam"(Handle, Dword, *const u8, Dword);
            sign_hash: "CryptSignHashA"(Handle, Dword, *const c_char, Dword, *mut u8, *mut Dword);
            verify_signature: "CryptVerifySignatureA"(Handle, *const u8, Dword, Handle, *const c_char, Dword);
            get_provider_param: "CryptGetProvParam"(Handle, Dword, *mut u8, *mut Dword, Dword);
            set_provider_param: "CryptSetProvParam"(Handle, Dword, *const u8, Dword);
            random: "CryptGenRandom"(Handle, Dword, *mut u8);
            enum_providers: "CryptEnumProvidersA"(Dword, *mut Dword, Dword, *mut Dword, *mut c_char, *mut Dword);
        }
    };
}

/// The same of the functions for certificates: field, symbol, arguments, result.
macro_rules! with_store_functions {
    ($macro:ident) => {
        $macro! {
            open: "CertOpenStore"(*const c_char, Dword, Handle, Dword, *const Wide) -> Store;
            close: "CertCloseStore"(Store, Dword) -> Bool;
            next: "CertEnumCertificatesInStore"(Store, *const CertContext) -> *const CertContext;
            free: "CertFreeCertificateContext"(*const CertContext) -> Bool;
            add: "CertAddEncodedCertificateToStore"(
                Store, Dword, *const u8, Dword, Dword, *mut *const CertContext
            ) -> Bool;
            get_property: "CertGetCertificateContextProperty"(
                *const CertContext, Dword, *mut u8, *mut Dword
            ) -> Bool;
            set_property: "CertSetCertificateContextProperty"(
                *const CertContext, Dword, Dword, *const KeyLink
            ) -> Bool;
        }
    };
}

macro_rules! declare {
    ($($field:ident: $name:literal($($argument:ty),*);)+) => {
        /// The functions of `libcapi10` (`advapi32`).
        #[derive(Clone, Copy)]
        pub(crate) struct Functions {
            $(pub(crate) $field: unsafe extern "system" fn($($argument),*) -> Bool,)+
        }
    };
}
with_functions!(declare);
pub(crate) use with_functions;

macro_rules! declare_store {
    ($($field:ident: $name:literal($($argument:ty),*) -> $result:ty;)+) => {
        /// The functions of `libcapi20` (`crypt32`).
        #[derive(Clone, Copy)]
        pub(crate) struct StoreFunctions {
            $(pub(crate) $field: unsafe extern "system" fn($($argument),*) -> $result,)+
        }
    };
}
with_store_functions!(declare_store);
pub(crate) use with_store_functions;

/// `GetLastError` of `librdrsup` (`kernel32`).
pub(crate) type LastError = unsafe extern "system" fn() -> Dword;

/// A character of `LPWSTR`: `wchar_t` has 32 bits on UNIX, there too for the CSP.
#[cfg(unix)]
pub(crate) type Wide = u32;
/// A character of `LPWSTR`.
#[cfg(not(unix))]
pub(crate) type Wide = u16;

/// `HCERTSTORE`.
pub(crate) type Store = *mut c_void;

/// `CERT_CONTEXT`.
#[repr(C)]
pub(crate) struct CertContext {
    pub(crate) encoding: Dword,
    pub(crate) der: *const u8,
    pub(crate) length: Dword,
    pub(crate) info: *const c_void,
    pub(crate) store: Store,
}

/// `CRYPT_KEY_PROV_INFO`: which key a certificate is of.
#[repr(C)]
pub(crate) struct KeyLink {
    pub(crate) container: *const Wide,
    pub(crate) provider: *const Wide,
    pub(crate) kind: Dword,
    pub(crate) flags: Dword,
    pub(crate) parameters: Dword,
    pub(crate) first_parameter: *const c_void,
    pub(crate) spec: Dword,
}

/// `CRYPT_PIN_PARAM` of a password: its union is aligned as a pointer.
#[repr(C)]
pub(crate) struct PinParam {
    pub(crate) kind: u8,
    pub(crate) password: *const c_char,
}

// provider types
pub(crate) const PROV_GOST_2001: Dword = 75;
pub(crate) const PROV_GOST_2012_256: Dword = 80;
pub(crate) const PROV_GOST_2012_512: Dword = 81;

// CryptAcquireContext
pub(crate) const CRYPT_VERIFYCONTEXT: Dword = 0xf000_0000;
pub(crate) const CRYPT_NEWKEYSET: Dword = 0x08;
pub(crate) const CRYPT_DELETEKEYSET: Dword = 0x10;
pub(crate) const CRYPT_MACHINE_KEYSET: Dword = 0x20;
pub(crate) const CRYPT_SILENT: Dword = 0x40;

// CryptGenKey
pub(crate) const CRYPT_EXPORTABLE: Dword = 1;

// key specs
pub(crate) const AT_KEYEXCHANGE: Dword = 1;
pub(crate) const AT_SIGNATURE: Dword = 2;

// blobs
pub(crate) const PUBLICKEYBLOB: Dword = 6;

// hash algorithms
pub(crate) const CALG_GR3411_2012_256: AlgId = 0x8021;
pub(crate) const CALG_GR3411_2012_512: AlgId = 0x8022;

// parameters of providers
pub(crate) const PP_ENUMCONTAINERS: Dword = 2;
pub(crate) const PP_KEYEXCHANGE_PIN: Dword = 32;
pub(crate) const PP_SIGNATURE_PIN: Dword = 33;
pub(crate) const PP_SIGNATUREOID: Dword = 94;
pub(crate) const PP_DHOID: Dword = 95;
pub(crate) const PP_ENUM_SIGNATUREOID: Dword = 105;
pub(crate) const PP_ENUM_DHOID: Dword = 106;
pub(crate) const PP_CHANGE_PIN: Dword = 108;
pub(crate) const PP_ENUMREADERS: Dword = 114;

// flags of enumerations
pub(crate) const CRYPT_FIRST: Dword = 1;
pub(crate) const CRYPT_FQCN: Dword = 0x10;

// parameters of keys and hashes
pub(crate) const KP_CERTIFICATE: Dword = 26;
pub(crate) const HP_HASHVAL: Dword = 2;

// certificate stores
pub(crate) const CERT_STORE_PROV_SYSTEM: usize = 10;
pub(crate) const CERT_SYSTEM_STORE_CURRENT_USER: Dword = 1 << 16;
pub(crate) const CERT_SYSTEM_STORE_LOCAL_MACHINE: Dword = 2 << 16;
pub(crate) const X509_AND_PKCS7: Dword = 0x0001_0001;
pub(crate) const CERT_STORE_ADD_REPLACE_EXISTING: Dword = 3;
pub(crate) const CERT_KEY_PROV_INFO_PROP_ID: Dword = 2;

// kinds of PINs
pub(crate) const CRYPT_PIN_PASSWD: u8 = 0;

// codes that steer the calls; all of them are named in `error.rs`
pub(crate) const ERROR_MORE_DATA: Dword = 234;
pub(crate) const ERROR_NO_MORE_ITEMS: Dword = 259;
pub(crate) const NTE_BAD_LEN: Dword = 0x8009_0004;
pub(crate) const NTE_BAD_SIGNATURE: Dword = 0x8009_0006;
pub(crate) const NTE_BAD_TYPE: Dword = 0x8009_000a;
pub(crate) const NTE_NO_KEY: Dword = 0x8009_000d;
pub(crate) const NTE_BAD_KEYSET: Dword = 0x8009_0016;
pub(crate) const NTE_PROV_TYPE_NOT_DEF: Dword = 0x8009_0017;
pub(crate) const CRYPT_E_NOT_FOUND: Dword = 0x8009_2004;
pub(crate) const NTE_KEYSET_NOT_DEF: Dword = 0x8009_0019;
