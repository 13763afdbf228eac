//! The border to C: pointers become slices, panics become `CKR_GENERAL_ERROR`.
//!
//! Every pointer is checked for null, and every length for what memory can hold; that the rest of
//! what they say is true only the caller can promise, as PKCS#11 has it.
#![expect(unsafe_code, reason = "pointers come from C")]

mod cipher;
mod general;
mod keys;
mod memory;
mod objects;
mod signing;
mod unsupported;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::{env, process};

use cryptoki_sys::{
    CK_FUNCTION_LIST, CK_RV, CK_VERSION, CKR_ARGUMENTS_BAD, CKR_CRYPTOKI_ALREADY_INITIALIZED,
    CKR_CRYPTOKI_NOT_INITIALIZED, CKR_GENERAL_ERROR, CKR_OK,
};

use crate::module::Module;
use crate::refusal::{Refusal, Result, refuse};

/// Gives the functions of the module: the one thing it exports.
///
/// # Safety
/// `list` is null or has room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn C_GetFunctionList(list: *mut *mut CK_FUNCTION_LIST) -> CK_RV {
    if list.is_null() {
        return CKR_ARGUMENTS_BAD;
    }
    // SAFETY: not null; the caller promises room for a pointer. Nobody writes through it.
    unsafe { list.write((&raw const FUNCTIONS).cast_mut()) };
    CKR_OK
}

/// The module of this process, and which process that is: a child of `fork` has none.
static MODULE: RwLock<Option<(u32, Arc<Module>)>> = RwLock::new(None);

fn initialise() -> Result<()> {
    let mut module = MODULE.write().unwrap_or_else(PoisonError::into_inner);
    if module.as_ref().is_some_and(|(owner, _)| *owner == process::id()) {
        return refuse(CKR_CRYPTOKI_ALREADY_INITIALIZED);
    }
    let folder = env::var_os("SOFT_TOKEN_DIR").filter(|folder| !folder.is_empty());
    let folder = PathBuf::from(folder.ok_or(Refusal(CKR_GENERAL_ERROR))?);
    *module = Some((process::id(), Arc::new(Module::open(&folder)?)));
    Ok(())
}

fn finalise() -> Result<()> {
    let ended = current()?;
    ended.end();
    *MODULE.write().unwrap_or_else(PoisonError::into_inner) = None;
    Ok(())
}

fn current() -> Result<Arc<Module>> {
    let module = MODULE.read().unwrap_or_else(PoisonError::into_inner);
    match module.as_ref() {
        Some((owner, module)) if *owner == process::id() => Ok(Arc::clone(module)),
        _ => refuse(CKR_CRYPTOKI_NOT_INITIALIZED),
    }
}

/// Runs a call of the module; no panic gets out.
fn with(call: impl FnOnce(&Module) -> Result<()>) -> CK_RV {
    guarded(|| current()?.run(call))
}

fn guarded(call: impl FnOnce() -> Result<()>) -> CK_RV {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => CKR_OK,
        Ok(Err(Refusal(code))) => code,
        Err(_) => CKR_GENERAL_ERROR,
    }
}

static FUNCTIONS: CK_FUNCTION_LIST = CK_FUNCTION_LIST {
    version: CK_VERSION { major: 2, minor: 40 },
    C_Initialize: Some(general::C_Initialize),
    C_Finalize: Some(general::C_Finalize),
    C_GetInfo: Some(general::C_GetInfo),
    C_GetFunctionList: Some(C_GetFunctionList),
    C_GetSlotList: Some(general::C_GetSlotList),
    C_GetSlotInfo: Some(general::C_GetSlotInfo),
    C_GetTokenInfo: Some(general::C_GetTokenInfo),
    C_GetMechanismList: Some(general::C_GetMechanismList),
    C_GetMechanismInfo: Some(general::C_GetMechanismInfo),
    C_InitToken: Some(general::C_InitToken),
    C_InitPIN: Some(general::C_InitPIN),
    C_SetPIN: Some(general::C_SetPIN),
    C_OpenSession: Some(general::C_OpenSession),
    C_CloseSession: Some(general::C_CloseSession),
    C_CloseAllSessions: Some(general::C_CloseAllSessions),
    C_GetSessionInfo: Some(general::C_GetSessionInfo),
    C_GetOperationState: Some(unsupported::C_GetOperationState),
    C_SetOperationState: Some(unsupported::C_SetOperationState),
    C_Login: Some(general::C_Login),
    C_Logout: Some(general::C_Logout),
    C_CreateObject: Some(objects::C_CreateObject),
    C_CopyObject: Some(objects::C_CopyObject),
    C_DestroyObject: Some(objects::C_DestroyObject),
    C_GetObjectSize: Some(objects::C_GetObjectSize),
    C_GetAttributeValue: Some(objects::C_GetAttributeValue),
    C_SetAttributeValue: Some(objects::C_SetAttributeValue),
    C_FindObjectsInit: Some(objects::C_FindObjectsInit),
    C_FindObjects: Some(objects::C_FindObjects),
    C_FindObjectsFinal: Some(objects::C_FindObjectsFinal),
    C_EncryptInit: Some(cipher::C_EncryptInit),
    C_Encrypt: Some(cipher::C_Encrypt),
    C_EncryptUpdate: Some(cipher::C_EncryptUpdate),
    C_EncryptFinal: Some(cipher::C_EncryptFinal),
    C_DecryptInit: Some(cipher::C_DecryptInit),
    C_Decrypt: Some(cipher::C_Decrypt),
    C_DecryptUpdate: Some(cipher::C_DecryptUpdate),
    C_DecryptFinal: Some(cipher::C_DecryptFinal),
    C_DigestInit: Some(signing::C_DigestInit),
    C_Digest: Some(signing::C_Digest),
    C_DigestUpdate: Some(signing::C_DigestUpdate),
    C_DigestKey: Some(signing::C_DigestKey),
    C_DigestFinal: Some(signing::C_DigestFinal),
    C_SignInit: Some(signing::C_SignInit),
    C_Sign: Some(signing::C_Sign),
    C_SignUpdate: Some(signing::C_SignUpdate),
    C_SignFinal: Some(signing::C_SignFinal),
    C_SignRecoverInit: Some(unsupported::C_SignRecoverInit),
    C_SignRecover: Some(unsupported::C_SignRecover),
    C_VerifyInit: Some(signing::C_VerifyInit),
    C_Verify: Some(signing::C_Verify),
    C_VerifyUpdate: Some(signing::C_VerifyUpdate),
    C_VerifyFinal: Some(signing::C_VerifyFinal),
    C_VerifyRecoverInit: Some(unsupported::C_VerifyRecoverInit),
    C_VerifyRecover: Some(unsupported::C_VerifyRecover),
    C_DigestEncryptUpdate: Some(unsupported::C_DigestEncryptUpdate),
    C_DecryptDigestUpdate: Some(unsupported::C_DecryptDigestUpdate),
    C_SignEncryptUpdate: Some(unsupported::C_SignEncryptUpdate),
    C_DecryptVerifyUpdate: Some(unsupported::C_DecryptVerifyUpdate),
    C_GenerateKey: Some(keys::C_GenerateKey),
    C_GenerateKeyPair: Some(keys::C_GenerateKeyPair),
    C_WrapKey: Some(keys::C_WrapKey),
    C_UnwrapKey: Some(keys::C_UnwrapKey),
    C_DeriveKey: Some(keys::C_DeriveKey),
    C_SeedRandom: Some(unsupported::C_SeedRandom),
    C_GenerateRandom: Some(keys::C_GenerateRandom),
    C_GetFunctionStatus: Some(unsupported::C_GetFunctionStatus),
    C_CancelFunction: Some(unsupported::C_CancelFunction),
    C_WaitForSlotEvent: Some(general::C_WaitForSlotEvent),
};
