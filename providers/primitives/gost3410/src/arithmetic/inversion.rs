//! Inversion modulo any odd number by "divsteps".
//!
//! D. Bernstein, B.-Y. Yang, "Fast constant-time gcd computation and modular inversion" (2019),
//! in the form of P. Wuille's `modinv64` in libsecp256k1 (`doc/safegcd_implementation.md` there):
//! batches of 62 steps act on the lowest 62 bits of f and g and give a matrix (u v; q r), which is
//! then applied to all of f, g, d and e. Throughout, d·x = f and e·x = g modulo the modulus; at
//! the end g = 0, f = ±1 and so d = ±1/x.

/// Limbs of 62 bits that hold any signed value below 4·2^512.
const LONGEST: usize = 9;
const BITS: u32 = 62;
const LOW: u64 = u64::MAX >> 2;

/// A signed number: all limbs but the highest in use in [0, 2^62).
type Signed = [i64; LONGEST];

/// A modulus of `N` limbs with what inversion needs of it.
pub(crate) struct Inverter<const N: usize> {
    modulus: Signed,
    /// 1/modulus mod 2^62.
    inverse: u64,
}

/// 2^62 times the transition matrix of 62 steps.
struct Matrix {
    u: i64,
    v: i64,
    q: i64,
    r: i64,
}

impl<const N: usize> Inverter<N> {
    /// Limbs in use.
    const USED: usize = (64 * N + 2).div_ceil(62);
    /// Batches that always suffice when delta starts at 1/2: (45907·bits + 30179)/19929 steps.
    const BATCHES: usize = ((45907 * 64 * N + 30179) / 19929).div_ceil(62);

    pub(crate) const fn new(modulus: &[u64; N]) -> Self {
        let (mut inverse, mut i) = (1_u64, 0);
        while i < 6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(modulus[0].wrapping_mul(inverse)));
            i += 1;
        }
        Self { modulus: to_signed(modulus), inverse: inverse & LOW }
    }

    /// 1/x for x below the modulus, and 0 for 0, in constant time.
    pub(crate) fn invert(&self, x: &[u64; N]) -> [u64; N] {
        let (mut f, mut g) = (self.modulus, to_signed(x));
        let (mut d, mut e) = ([0; LONGEST], [0; LONGEST]);
        e[0] = 1;
        let mut zeta = -1;
        for _ in 0..Self::BATCHES {
            let matrix;
            (zeta, matrix) = steps(zeta, low(&f), low(&g));
            self.update_de(&mut d, &mut e, &matrix);
            Self::update_fg(&mut f, &mut g, &matrix);
        }
        self.normalize(d, f[Self::USED - 1])
    }

    /// As [`Inverter::invert`], for public x.
    pub(crate) fn invert_vartime(&self, x: &[u64; N]) -> [u64; N] {
        let (mut f, mut g) = (self.modulus, to_signed(x));
        let (mut d, mut e) = ([0; LONGEST], [0; LONGEST]);
        e[0] = 1;
        let mut eta = -1;
        while g != [0; LONGEST] {
            let matrix;
            (eta, matrix) = steps_vartime(eta, low(&f), low(&g));
            self.update_de(&mut d, &mut e, &matrix);
            Self::update_fg(&mut f, &mut g, &matrix);
        }
        self.normalize(d, f[Self::USED - 1])
    }

    /// (f, g) becomes the matrix times (f, g), divided by 2^62, which is exact.
    #[inline(always)]
    fn update_fg(f: &mut Signed, g: &mut Signed, matrix: &Matrix) {
        let Matrix { u, v, q, r } = *matrix;
        let mut carry_f = (wide(u, f[0]) + wide(v, g[0])) >> BITS;
        let mut carry_g = (wide(q, f[0]) + wide(r, g[0])) >> BITS;
        for i in 1..Self::USED {
            carry_f += wide(u, f[i]) + wide(v, g[i]);
            carry_g += wide(q, f[i]) + wide(r, g[i]);
            (f[i - 1], g[i - 1]) = (limb(carry_f), limb(carry_g));
            (carry_f, carry_g) = (carry_f >> BITS, carry_g >> BITS);
        }
        (f[Self::USED - 1], g[Self::USED - 1]) = (narrow(carry_f), narrow(carry_g));
    }

    /// (d, e) becomes the matrix times (d, e), divided by 2^62 modulo the modulus.
    #[inline(always)]
    fn update_de(&self, d: &mut Signed, e: &mut Signed, matrix: &Matrix) {
        let Matrix { u, v, q, r } = *matrix;
        let modulus = &self.modulus;
        let (sign_d, sign_e) = (d[Self::USED - 1] >> 63, e[Self::USED - 1] >> 63);
        let mut md = (u & sign_d) + (v & sign_e);
        let mut me = (q & sign_d) + (r & sign_e);
        let mut carry_d = wide(u, d[0]) + wide(v, e[0]);
        let mut carry_e = wide(q, d[0]) + wide(r, e[0]);
        md = self.cancel(md, carry_d);
        me = self.cancel(me, carry_e);
        carry_d = (carry_d + wide(modulus[0], md)) >> BITS;
        carry_e = (carry_e + wide(modulus[0], me)) >> BITS;
        for i in 1..Self::USED {
            carry_d += wide(u, d[i]) + wide(v, e[i]) + wide(modulus[i], md);
            carry_e += wide(q, d[i]) + wide(r, e[i]) + wide(modulus[i], me);
            (d[i - 1], e[i - 1]) = (limb(carry_d), limb(carry_e));
            (carry_d, carry_e) = (carry_d >> BITS, carry_e >> BITS);
        }
        (d[Self::USED - 1], e[Self::USED - 1]) = (narrow(carry_d), narrow(carry_e));
    }

    /// The multiple of the modulus near m that clears the low 62 bits of the sum.
    #[inline(always)]
    fn cancel(&self, m: i64, sum: i128) -> i64 {
        let low = limb(sum).cast_unsigned();
        let excess = self.inverse.wrapping_mul(low).wrapping_add(m.cast_unsigned()) & LOW;
        m - excess.cast_signed()
    }

    /// From (-2m, m) to [0, m), negated when `sign` is negative.
    fn normalize(&self, mut value: Signed, sign: i64) -> [u64; N] {
        let mask = sign_mask(value[Self::USED - 1]);
        self.add_where(&mut value, mask);
        let negate = sign_mask(sign);
        for limb in &mut value {
            *limb = (*limb ^ negate) - negate;
        }
        propagate::<N>(&mut value);
        let mask = sign_mask(value[Self::USED - 1]);
        self.add_where(&mut value, mask);
        propagate::<N>(&mut value);
        from_signed(&value)
    }

    fn add_where(&self, value: &mut Signed, mask: i64) {
        for (limb, modulus) in value.iter_mut().zip(&self.modulus) {
            *limb += modulus & mask;
        }
    }
}

/// 62 steps in constant time, zeta = -(delta + 1/2).
#[inline(always)]
fn steps(mut zeta: i64, mut f: u64, mut g: u64) -> (i64, Matrix) {
    let (mut u, mut v, mut q, mut r) = (1_u64, 0_u64, 0_u64, 1_u64);
    for _ in 0..BITS {
        let mut swap = (zeta >> 63).cast_unsigned();
        let odd = (g & 1).wrapping_neg();
        let negated = |x: u64| (x ^ swap).wrapping_sub(swap);
        g = g.wrapping_add(negated(f) & odd);
        q = q.wrapping_add(negated(u) & odd);
        r = r.wrapping_add(negated(v) & odd);
        swap &= odd;
        zeta = (zeta ^ swap.cast_signed()) - 1;
        f = f.wrapping_add(g & swap);
        u = u.wrapping_add(q & swap);
        v = v.wrapping_add(r & swap);
        (g, u, v) = (g >> 1, u << 1, v << 1);
    }
    (zeta, matrix([u, v, q, r]))
}

/// 62 steps, several at once where g allows, eta = -delta.
fn steps_vartime(mut eta: i64, mut f: u64, mut g: u64) -> (i64, Matrix) {
    let (mut u, mut v, mut q, mut r) = (1_u64, 0_u64, 0_u64, 1_u64);
    let mut left = BITS;
    loop {
        let zeros = (g | u64::MAX << left).trailing_zeros();
        g >>= zeros;
        (u, v) = (u << zeros, v << zeros);
        eta -= i64::from(zeros);
        left -= zeros;
        if left == 0 {
            return (eta, matrix([u, v, q, r]));
        }
        let multiple;
        if eta < 0 {
            eta = -eta;
            (f, g) = (g, f.wrapping_neg());
            (u, q) = (q, u.wrapping_neg());
            (v, r) = (r, v.wrapping_neg());
            let square = f.wrapping_mul(f).wrapping_sub(2);
            multiple = f.wrapping_mul(g).wrapping_mul(square) & low_bits(eta, left) & 63;
        } else {
            let inverse = f.wrapping_add((f.wrapping_add(1) & 4) << 1);
            multiple = inverse.wrapping_neg().wrapping_mul(g) & low_bits(eta, left) & 15;
        }
        g = g.wrapping_add(f.wrapping_mul(multiple));
        q = q.wrapping_add(u.wrapping_mul(multiple));
        r = r.wrapping_add(v.wrapping_mul(multiple));
    }
}

/// As many bits as may be cancelled at once.
fn low_bits(eta: i64, left: u32) -> u64 {
    let limit = u32::try_from(eta + 1).unwrap_or(u32::MAX).min(left);
    u64::MAX >> (64 - limit)
}

fn matrix(entries: [u64; 4]) -> Matrix {
    let [u, v, q, r] = entries.map(u64::cast_signed);
    Matrix { u, v, q, r }
}

/// The lowest 64 bits, of which 62 matter.
#[inline(always)]
fn low(value: &Signed) -> u64 {
    value[0].cast_unsigned() | value[1].cast_unsigned() << BITS
}

#[inline(always)]
fn wide(a: i64, b: i64) -> i128 {
    i128::from(a) * i128::from(b)
}

/// The low 62 bits.
#[inline(always)]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the low bits are meant"
)]
fn limb(value: i128) -> i64 {
    value as i64 & LOW.cast_signed()
}

/// A carry that fits.
#[inline(always)]
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "it fits")]
fn narrow(value: i128) -> i64 {
    value as i64
}

/// All ones for a negative limb; hidden, lest the compiler branch on it.
fn sign_mask(limb: i64) -> i64 {
    core::hint::black_box(limb >> 63)
}

fn propagate<const N: usize>(value: &mut Signed) {
    for i in 1..Inverter::<N>::USED {
        value[i] += value[i - 1] >> BITS;
        value[i - 1] &= LOW.cast_signed();
    }
}

const fn to_signed<const N: usize>(limbs: &[u64; N]) -> Signed {
    let (mut signed, mut i) = ([0; LONGEST], 0);
    while i < Inverter::<N>::USED {
        let (limb, shift) = (62 * i / 64, 62 * i % 64);
        let mut bits = if limb < N { limbs[limb] >> shift } else { 0 };
        if shift > 2 && limb + 1 < N {
            bits |= limbs[limb + 1] << (64 - shift);
        }
        signed[i] = (bits & LOW).cast_signed();
        i += 1;
    }
    signed
}

fn from_signed<const N: usize>(signed: &Signed) -> [u64; N] {
    let mut limbs = [0; N];
    for (i, limb) in limbs.iter_mut().enumerate() {
        let (index, shift) = (64 * i / 62, 64 * i % 62);
        *limb = signed[index].cast_unsigned() >> shift
            | signed[index + 1].cast_unsigned() << (62 - shift);
    }
    limbs
}
