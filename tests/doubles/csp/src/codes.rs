//! Codes that the double answers with.

pub(crate) const ERROR_INVALID_PARAMETER: u32 = 0x57;
pub(crate) const ERROR_MORE_DATA: u32 = 0xea;
pub(crate) const ERROR_NO_MORE_ITEMS: u32 = 0x103;
pub(crate) const LICENCE: u32 = 0x8007_065b;
pub(crate) const NTE_BAD_UID: u32 = 0x8009_0001;
pub(crate) const NTE_BAD_KEY: u32 = 0x8009_0003;
pub(crate) const NTE_BAD_DATA: u32 = 0x8009_0005;
pub(crate) const NTE_BAD_SIGNATURE: u32 = 0x8009_0006;
pub(crate) const NTE_BAD_ALGID: u32 = 0x8009_0008;
pub(crate) const NTE_BAD_FLAGS: u32 = 0x8009_0009;
pub(crate) const NTE_BAD_TYPE: u32 = 0x8009_000a;
pub(crate) const NTE_BAD_HASH_STATE: u32 = 0x8009_000c;
pub(crate) const NTE_NO_KEY: u32 = 0x8009_000d;
pub(crate) const NTE_EXISTS: u32 = 0x8009_000f;
pub(crate) const NTE_PERM: u32 = 0x8009_0010;
pub(crate) const NTE_NOT_FOUND: u32 = 0x8009_0011;
pub(crate) const NTE_BAD_KEYSET: u32 = 0x8009_0016;
pub(crate) const NTE_PROV_TYPE_NOT_DEF: u32 = 0x8009_0017;
pub(crate) const NTE_KEYSET_NOT_DEF: u32 = 0x8009_0019;
pub(crate) const NTE_FAIL: u32 = 0x8009_0020;
pub(crate) const NTE_SILENT_CONTEXT: u32 = 0x8009_0022;
pub(crate) const CRYPT_E_NOT_FOUND: u32 = 0x8009_2004;
pub(crate) const SCARD_W_WRONG_CHV: u32 = 0x8010_006b;
pub(crate) const SCARD_W_CHV_BLOCKED: u32 = 0x8010_006c;
