//! The sequences of calls over a provider that Windows and Wine have themselves: RSA, type 24.
//!
//! It is not the CSP, but nobody here wrote it; `tests/run.sh --wine` runs this.

use std::ffi::CString;
use std::path::Path;

use super::*;

const PROV_RSA_AES: Dword = 24;
const CALG_SHA_256: Dword = 0x800c;

fn csp() -> Arc<Csp> {
    Arc::new(Csp::load(Path::new("advapi32.dll"), Path::new("kernel32.dll")).unwrap())
}

fn opening(container: Option<&CStr>, flags: Dword) -> Opening<'_> {
    Opening { container, provider: None, kind: PROV_RSA_AES, flags: flags | sys::CRYPT_SILENT }
}

fn code<T: fmt::Debug>(answer: Result<T>) -> u32 {
    answer.unwrap_err().code
}

/// A new container, deleted in the end.
struct Bench(Arc<Csp>, CString);

impl Bench {
    fn new(name: &str) -> (Self, Context) {
        let (csp, name) = (csp(), CString::new(name).unwrap());
        let _left_by_a_broken_run = Context::delete(&csp, opening(Some(&name), 0));
        let made = Context::acquire(&csp, opening(Some(&name), sys::CRYPT_NEWKEYSET)).unwrap();
        (Self(csp, name), made)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        Context::delete(&self.0, opening(Some(&self.1), 0)).unwrap();
    }
}

#[test]
fn contexts() {
    let (bench, made) = Bench::new("gost-ca contexts");
    let Bench(csp, name) = &bench;
    let acquire = |opening| Context::acquire(csp, opening);
    assert_eq!(code(acquire(opening(Some(c"gost-ca nowhere"), 0))), sys::NTE_BAD_KEYSET);
    assert_eq!(code(acquire(opening(Some(name), sys::CRYPT_NEWKEYSET))), 0x8009_000f);
    let unknown = Opening { provider: Some(c"Nobody's provider"), ..opening(None, 0) };
    assert_eq!(code(acquire(unknown)), sys::NTE_KEYSET_NOT_DEF);
    let none = Opening { kind: 999, ..opening(None, sys::CRYPT_VERIFYCONTEXT) };
    assert!([sys::NTE_PROV_TYPE_NOT_DEF, 0x8009_0014].contains(&code(acquire(none))));
    assert_eq!(code(made.has_key(sys::AT_SIGNATURE)), sys::NTE_NO_KEY);
}

#[test]
fn signatures() {
    let (_bench, made) = Bench::new("gost-ca signatures");
    let blob = made.generate(sys::AT_SIGNATURE, 0).unwrap();
    assert_eq!(made.public_blob(sys::AT_SIGNATURE).unwrap(), blob);
    let message = Hashed::Message(b"message");
    let signature = made.sign(sys::AT_SIGNATURE, CALG_SHA_256, message).unwrap();
    let verify = |signature: &[u8]| {
        let context = Context::acquire(&made.csp, opening(None, sys::CRYPT_VERIFYCONTEXT)).unwrap();
        context.verify(&blob, CALG_SHA_256, message, signature)
    };
    verify(&signature).unwrap();
    let mut forged = signature.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(code(verify(&forged)), sys::NTE_BAD_SIGNATURE);
    let turned: Vec<u8> = signature.iter().rev().copied().collect();
    assert!(verify(&turned).is_err());
    assert_eq!(code(made.sign(sys::AT_SIGNATURE, 0x8021, message)), 0x8009_0008);
    assert_eq!(code(made.sign(sys::AT_KEYEXCHANGE, CALG_SHA_256, message)), sys::NTE_NO_KEY);
}

#[test]
fn enumerations() {
    let (bench, made) = Bench::new("gost-ca enumerations");
    let names = made.enumerate(sys::PP_ENUMCONTAINERS, 0).unwrap();
    let is_ours = |name: &Vec<u8>| name.starts_with(bench.1.to_bytes_with_nul());
    assert!(names.iter().any(is_ours), "{names:?}");
    let providers = bench.0.providers().unwrap();
    assert!(providers.iter().any(|(kind, name)| *kind == PROV_RSA_AES && !name.is_empty()));
}

#[test]
fn randomness() {
    let (_bench, made) = Bench::new("gost-ca randomness");
    let mut octets = [[0; 32]; 2];
    octets.iter_mut().for_each(|some| made.random(some).unwrap());
    assert_ne!(octets[0], octets[1]);
}
