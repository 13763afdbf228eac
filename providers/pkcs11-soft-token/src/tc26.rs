//! Numbers of the Technical Committee 26 that the standard's headers lack.

use cryptoki_sys::{CK_BYTE, CK_EC_KDF_TYPE, CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_ULONG};

/// `NSSCK_VENDOR_PKCS11_RU_TEAM`: vendor-defined, and 0x54321000.
const BASE: CK_MECHANISM_TYPE = 0xD432_1000;

/// 512-bit keys of GOST R 34.10-2012; the 256-bit ones are `CKK_GOSTR3410`.
pub const CKK_GOSTR3410_512: CK_KEY_TYPE = BASE | 0x003;
/// Keys of Kuznyechik.
pub const CKK_KUZNYECHIK: CK_KEY_TYPE = BASE | 0x004;
/// Keys of Magma.
pub const CKK_MAGMA: CK_KEY_TYPE = BASE | 0x005;
/// Two keys of Kuznyechik, the authenticating one first, as `KExp15` takes them.
pub const CKK_KUZNYECHIK_TWIN_KEY: CK_KEY_TYPE = BASE | 0x006;
/// Two keys of Magma, the authenticating one first.
pub const CKK_MAGMA_TWIN_KEY: CK_KEY_TYPE = BASE | 0x007;

/// Makes 512-bit key pairs.
pub const CKM_GOSTR3410_512_KEY_PAIR_GEN: CK_MECHANISM_TYPE = BASE | 0x005;
/// Signs a digest of 64 octets.
pub const CKM_GOSTR3410_512: CK_MECHANISM_TYPE = BASE | 0x006;
/// VKO with a derivation of the key, keys of either length.
pub const CKM_GOSTR3410_12_DERIVE: CK_MECHANISM_TYPE = BASE | 0x007;
/// Hashes with Streebog-256 and signs.
pub const CKM_GOSTR3410_WITH_GOSTR3411_12_256: CK_MECHANISM_TYPE = BASE | 0x008;
/// Hashes with Streebog-512 and signs.
pub const CKM_GOSTR3410_WITH_GOSTR3411_12_512: CK_MECHANISM_TYPE = BASE | 0x009;
/// Streebog-256.
pub const CKM_GOSTR3411_12_256: CK_MECHANISM_TYPE = BASE | 0x012;
/// Streebog-512.
pub const CKM_GOSTR3411_12_512: CK_MECHANISM_TYPE = BASE | 0x013;
/// HMAC with Streebog-256.
pub const CKM_GOSTR3411_12_256_HMAC: CK_MECHANISM_TYPE = BASE | 0x014;
/// HMAC with Streebog-512.
pub const CKM_GOSTR3411_12_512_HMAC: CK_MECHANISM_TYPE = BASE | 0x015;
/// `KDF_GOSTR3411_2012_256` within VKO.
pub const CKD_KDF_GOSTR3411_2012_256: CK_EC_KDF_TYPE = BASE | 0x026;
/// `KDF_TREE_GOSTR3411_2012_256`.
pub const CKM_KDF_TREE_GOSTR3411_2012_256: CK_MECHANISM_TYPE = BASE | 0x02A;
/// `KExp15` with Kuznyechik.
pub const CKM_KUZNYECHIK_KEXP_15_WRAP: CK_MECHANISM_TYPE = BASE | 0x02B;
/// `KExp15` with Magma.
pub const CKM_MAGMA_KEXP_15_WRAP: CK_MECHANISM_TYPE = BASE | 0x02C;
/// Kuznyechik in MGM.
pub const CKM_KUZNYECHIK_MGM: CK_MECHANISM_TYPE = BASE | 0x02D;
/// Magma in MGM.
pub const CKM_MAGMA_MGM: CK_MECHANISM_TYPE = BASE | 0x02E;
/// Makes keys of Kuznyechik.
pub const CKM_KUZNYECHIK_KEY_GEN: CK_MECHANISM_TYPE = BASE | 0x030;
/// Kuznyechik, block by block.
pub const CKM_KUZNYECHIK_ECB: CK_MECHANISM_TYPE = BASE | 0x031;
/// Kuznyechik in CTR-ACPKM.
pub const CKM_KUZNYECHIK_CTR_ACPKM: CK_MECHANISM_TYPE = BASE | 0x032;
/// OMAC of Kuznyechik.
pub const CKM_KUZNYECHIK_MAC: CK_MECHANISM_TYPE = BASE | 0x033;
/// Makes keys of Magma.
pub const CKM_MAGMA_KEY_GEN: CK_MECHANISM_TYPE = BASE | 0x034;
/// Magma, block by block.
pub const CKM_MAGMA_ECB: CK_MECHANISM_TYPE = BASE | 0x035;
/// Magma in CTR-ACPKM.
pub const CKM_MAGMA_CTR_ACPKM: CK_MECHANISM_TYPE = BASE | 0x036;
/// OMAC of Magma.
pub const CKM_MAGMA_MAC: CK_MECHANISM_TYPE = BASE | 0x037;
/// VKO to 512 bits, for 512-bit keys.
pub const CKM_VKO_GOSTR3410_2012_512: CK_MECHANISM_TYPE = BASE | 0x038;
/// KEG (RFC 9189, 8.3.1).
pub const CKM_GOST_KEG: CK_MECHANISM_TYPE = BASE | 0x039;

/// The parameter of `CKM_KDF_TREE_GOSTR3411_2012_256`, as Rutoken has it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(windows, repr(C, packed))]
#[cfg_attr(not(windows), repr(C))]
#[expect(non_snake_case, reason = "the vendor's names")]
#[expect(missing_docs, reason = "named by what they are")]
#[expect(clippy::exhaustive_structs, reason = "a structure of C")]
pub struct CK_KDF_TREE_GOST_PARAMS {
    pub ulLabelLength: CK_ULONG,
    pub pLabel: *const CK_BYTE,
    pub ulSeedLength: CK_ULONG,
    pub pSeed: *const CK_BYTE,
    pub ulR: CK_ULONG,
    pub ulL: CK_ULONG,
    pub ulOffset: CK_ULONG,
}
