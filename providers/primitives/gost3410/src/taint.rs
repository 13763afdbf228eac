//! Marks for valgrind: what is secret, and what may be known.
//!
//! Under `--cfg gost3410_taint` secret memory is declared undefined, so that memcheck reports
//! every branch and every address that depends on it (A. Langley, "ctgrind", 2010); otherwise
//! nothing happens. `tests/constant_time.rs` uses it.
#![cfg_attr(gost3410_taint, expect(unsafe_code, reason = "requests to valgrind"))]
#![cfg_attr(
    not(gost3410_taint),
    expect(unreachable_pub, reason = "an example under valgrind needs it, nobody else")
)]

/// Declares a value in memory secret.
#[inline(always)]
#[expect(clippy::inline_always, reason = "nothing is left of it without valgrind")]
pub fn secret<T>(value: &T) {
    #[cfg(gost3410_taint)]
    request(MAKE_MEM_UNDEFINED, value);
    #[cfg(not(gost3410_taint))]
    let _ = value;
}

/// Takes the declaration back.
#[inline(always)]
#[expect(clippy::inline_always, reason = "nothing is left of it without valgrind")]
pub(crate) fn no_secret<T>(value: &T) {
    #[cfg(gost3410_taint)]
    request(MAKE_MEM_DEFINED, value);
    #[cfg(not(gost3410_taint))]
    let _ = value;
}

/// The value, which may be known from now on.
#[inline(always)]
#[expect(clippy::inline_always, reason = "nothing is left of it without valgrind")]
pub(crate) fn public<T>(value: T) -> T {
    #[cfg(gost3410_taint)]
    let value = {
        let slot = core::cell::UnsafeCell::new(value); // read again, not kept in a register
        request(MAKE_MEM_DEFINED, &slot);
        slot.into_inner()
    };
    value
}

/// `VG_USERREQ__MAKE_MEM_UNDEFINED` and `…_DEFINED` of memcheck.h.
#[cfg(gost3410_taint)]
const MAKE_MEM_UNDEFINED: usize = 0x4d43_0001;
#[cfg(gost3410_taint)]
const MAKE_MEM_DEFINED: usize = 0x4d43_0002;

/// The instructions valgrind knows (valgrind.h, amd64); on a processor they do nothing.
#[cfg(gost3410_taint)]
#[inline(never)]
fn request<T>(request: usize, value: &T) {
    let address = core::ptr::from_ref(value);
    let arguments = [request, address.expose_provenance(), size_of::<T>(), 0, 0, 0];
    // SAFETY: rdi ends as it was and rbx is exchanged with itself; rdx gets valgrind's answer.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            in("rax") arguments.as_ptr(),
            inout("rdx") 0_usize => _,
        );
    }
}
