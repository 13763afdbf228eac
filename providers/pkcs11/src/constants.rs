//! Constants that PKCS#11's headers do not have: those of the technical committee 26.
//!
//! Values as in `pkcs11.h` of OpenSC and the vendors' public constants.

use cryptoki_sys::{CK_KEY_TYPE, CK_MECHANISM_TYPE, CK_ULONG};

/// `NSSCK_VENDOR_PKCS11_RU_TEAM`.
const RU_TEAM: CK_ULONG = 0xD432_1000;

pub(crate) const CKK_GOSTR3410_512: CK_KEY_TYPE = RU_TEAM | 0x003;
pub(crate) const CKK_MAGMA_TWIN_KEY: CK_KEY_TYPE = RU_TEAM | 0x007;

pub(crate) const CKM_GOSTR3410_512_KEY_PAIR_GEN: CK_MECHANISM_TYPE = RU_TEAM | 0x005;
pub(crate) const CKM_GOSTR3410_512: CK_MECHANISM_TYPE = RU_TEAM | 0x006;
pub(crate) const CKM_GOSTR3410_12_DERIVE: CK_MECHANISM_TYPE = RU_TEAM | 0x007;
pub(crate) const CKM_GOSTR3410_WITH_GOSTR3411_12_256: CK_MECHANISM_TYPE = RU_TEAM | 0x008;
pub(crate) const CKM_GOSTR3410_WITH_GOSTR3411_12_512: CK_MECHANISM_TYPE = RU_TEAM | 0x009;
pub(crate) const CKM_VKO_GOSTR3410_2012_512: CK_MECHANISM_TYPE = RU_TEAM | 0x038;
pub(crate) const CKM_GOST_KEG: CK_MECHANISM_TYPE = RU_TEAM | 0x039;
