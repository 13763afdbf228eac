//! Products by `mulx`, `adcx` and `adox`: two independent carry chains on x86-64.
//!
//! Intel, "New instructions supporting large integer arithmetic on Intel architecture
//! processors" (2012). Row i adds `a[i]`·b to the running sum: low halves with the carry flag, high
//! halves with the overflow flag. All instructions take the same time for all operands.
#![expect(unsafe_code, reason = "inline assembly")]

use core::arch::asm;

use super::pseudo_mersenne::Multiplier;

/// For processors with ADX and BMI2 only; whoever dispatches here has checked that.
#[derive(Clone, Copy)]
pub(crate) struct Adx;

/// Whether this processor can.
pub(crate) fn available() -> bool {
    cpufeatures::new!(adx, "adx", "bmi2");
    adx::get()
}

/// One chain of `$first` and `$next` over the limbs, then C where it overflows, and once more.
macro_rules! chain {
    ($first:literal, $next:literal, $a:expr, $b:expr, $($register:tt = $i:tt),+) => {{
        let (a, b) = ($a, $b);
        let mut limbs = *a;
        // SAFETY: reads the limbs at `b`.
        unsafe {
            asm!(
                concat!($first, " r8, [{b}]"),
                $(concat!($next, " ", $register, ", [{b} + 8 * ", $i, "]"),)+
                "sbb {mask}, {mask}",
                "and {mask:e}, {c}",
                concat!($first, " r8, {mask}"),
                $(concat!($next, " ", $register, ", 0"),)+
                "sbb {mask}, {mask}",
                "and {mask:e}, {c}",
                // The value is now so near to 0 or 2^(64·N) that the lowest limb takes it.
                concat!($first, " r8, {mask}"),
                b = in(reg) b.as_ptr(),
                c = const C,
                mask = out(reg) _,
                inout("r8") limbs[0],
                $(inout($register) limbs[$i],)+
                options(pure, readonly, nostack),
            );
        }
        limbs
    }};
}

impl<const C: u64> Multiplier<C, 4> for Adx {
    #[inline(always)]
    fn add(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
        chain!("add", "adc", a, b, "r9" = 1, "r10" = 2, "r11" = 3)
    }

    #[inline(always)]
    fn subtract(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
        chain!("sub", "sbb", a, b, "r9" = 1, "r10" = 2, "r11" = 3)
    }

    #[inline(always)]
    fn multiply(a: &[u64; 4], b: &[u64; 4]) -> [u64; 4] {
        let mut limbs = [0; 4];
        // SAFETY: reads four limbs at `a` and at `b`; the processor has ADX and BMI2.
        unsafe {
            asm!(
                include_str!("adx/multiply256.s"),
                c = const C,
                in("rsi") a.as_ptr(), in("rcx") b.as_ptr(),
                out("r8") limbs[0], out("r9") limbs[1], out("r10") limbs[2], out("r11") limbs[3],
                out("rax") _, out("rdx") _, out("rdi") _,
                out("r12") _, out("r13") _, out("r14") _, out("r15") _,
                options(pure, readonly, nostack),
            );
        }
        limbs
    }

    #[inline(always)]
    fn square(a: &[u64; 4]) -> [u64; 4] {
        let mut limbs = [0; 4];
        // SAFETY: reads four limbs at `a`; the processor has ADX and BMI2.
        unsafe {
            asm!(
                include_str!("adx/square256.s"),
                c = const C,
                in("rsi") a.as_ptr(),
                out("r8") limbs[0], out("r9") limbs[1], out("r10") limbs[2], out("r11") limbs[3],
                out("rax") _, out("rdx") _, out("rdi") _,
                out("r12") _, out("r13") _, out("r14") _, out("r15") _,
                options(pure, readonly, nostack),
            );
        }
        limbs
    }
}

impl<const C: u64> Multiplier<C, 8> for Adx {
    #[inline(always)]
    fn add(a: &[u64; 8], b: &[u64; 8]) -> [u64; 8] {
        chain!(
            "add",
            "adc",
            a,
            b,
            "r9" = 1,
            "r10" = 2,
            "r11" = 3,
            "r12" = 4,
            "r13" = 5,
            "r14" = 6,
            "r15" = 7
        )
    }

    #[inline(always)]
    fn subtract(a: &[u64; 8], b: &[u64; 8]) -> [u64; 8] {
        chain!(
            "sub",
            "sbb",
            a,
            b,
            "r9" = 1,
            "r10" = 2,
            "r11" = 3,
            "r12" = 4,
            "r13" = 5,
            "r14" = 6,
            "r15" = 7
        )
    }

    #[inline]
    fn multiply(a: &[u64; 8], b: &[u64; 8]) -> [u64; 8] {
        let mut limbs = [0_u64; 8];
        // SAFETY: reads eight limbs at `a` and at `b`, writes eight at `limbs`, which overlaps
        // neither; rbx is saved on the stack; the processor has ADX and BMI2.
        unsafe {
            asm!(
                include_str!("adx/multiply512.s"),
                c = const C,
                in("rsi") a.as_ptr(), inout("rcx") b.as_ptr() => _, in("rdi") limbs.as_mut_ptr(),
                out("rax") _, out("rdx") _,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _,
                out("r12") _, out("r13") _, out("r14") _, out("r15") _,
            );
        }
        limbs
    }

    #[inline]
    fn square(a: &[u64; 8]) -> [u64; 8] {
        let mut limbs = [0_u64; 8];
        // SAFETY: reads eight limbs at `a`, writes eight at `limbs`, which does not overlap it;
        // rbx is saved on the stack; the processor has ADX and BMI2.
        unsafe {
            asm!(
                include_str!("adx/square512.s"),
                c = const C,
                in("rsi") a.as_ptr(), in("rdi") limbs.as_mut_ptr(),
                out("rax") _, out("rcx") _, out("rdx") _,
                out("r8") _, out("r9") _, out("r10") _, out("r11") _,
                out("r12") _, out("r13") _, out("r14") _, out("r15") _,
            );
        }
        limbs
    }
}
