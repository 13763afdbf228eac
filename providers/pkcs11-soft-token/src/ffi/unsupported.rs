//! Functions that the token has no use for.
#![expect(non_snake_case, reason = "the standard's names")]

use cryptoki_sys::{
    CK_MECHANISM, CK_OBJECT_HANDLE, CK_RV, CK_SESSION_HANDLE, CK_ULONG, CKR_FUNCTION_NOT_PARALLEL,
    CKR_FUNCTION_NOT_SUPPORTED, CKR_RANDOM_SEED_NOT_SUPPORTED,
};

macro_rules! refused {
    ($($name:ident($($argument:ty),*) -> $code:ident;)*) => {$(
        pub(super) unsafe extern "C" fn $name(_: CK_SESSION_HANDLE, $(_: $argument),*) -> CK_RV {
            $code
        }
    )*};
}

type Out = *mut u8;
type Size = *mut CK_ULONG;

refused! {
    C_GetOperationState(Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_SetOperationState(Out, CK_ULONG, CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)
        -> CKR_FUNCTION_NOT_SUPPORTED;
    C_SignRecoverInit(*mut CK_MECHANISM, CK_OBJECT_HANDLE) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_SignRecover(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_VerifyRecoverInit(*mut CK_MECHANISM, CK_OBJECT_HANDLE) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_VerifyRecover(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_DigestEncryptUpdate(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_DecryptDigestUpdate(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_SignEncryptUpdate(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_DecryptVerifyUpdate(Out, CK_ULONG, Out, Size) -> CKR_FUNCTION_NOT_SUPPORTED;
    C_SeedRandom(Out, CK_ULONG) -> CKR_RANDOM_SEED_NOT_SUPPORTED;
    C_GetFunctionStatus() -> CKR_FUNCTION_NOT_PARALLEL;
    C_CancelFunction() -> CKR_FUNCTION_NOT_PARALLEL;
}
