/// An S-box of GOST 28147-89: eight rows, the first for the low four bits of a word.
///
/// Written as in the standards: the value for 0 is the first hexadecimal digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sbox([u64; 8]);

impl Sbox {
    /// The S-box of a parameter set, by its object identifier in numbers and dots.
    ///
    /// Knows those of GOST 28147-89 (RFC 4357, 11.2; RFC 7836, app. C) and of GOST R 34.11-94.
    pub fn of(oid: &str) -> Option<&'static Self> {
        SETS.iter().find(|(known, _)| *known == oid).map(|(_, sbox)| sbox)
    }

    /// Substitutes the eight parts of a word.
    pub(super) fn substitute(&self, word: u32) -> u32 {
        let Self(rows) = self;
        rows.iter().zip(0..).fold(0, |sum, (row, number): (_, u32)| {
            let at = number.wrapping_mul(4);
            let value = (row >> (((word >> at) & 15) ^ 15).wrapping_mul(4)) & 15;
            sum | u32::try_from(value).unwrap_or_default() << at
        })
    }
}

impl Sbox {
    /// `id-Gost28147-89-TestParamSet`, 1.2.643.2.2.31.0.
    pub const TEST: Self = Self([
        0x42f5_9108_e3bc_d7a6,
        0xc9fe_813a_274d_60b5,
        0xd8ec_739a_1524_6f0b,
        0xe9b2_5f71_0dc6_a438,
        0x3e59_680d_ab7c_21f4,
        0x8f6b_19c5_d37a_0e24,
        0x9bc0_3675_48ef_1a2d,
        0xc652_b09d_3e7a_f418,
    ]);
    /// `id-Gost28147-89-CryptoPro-A-ParamSet`, 1.2.643.2.2.31.1.
    pub const CRYPTOPRO_A: Self = Self([
        0x9632_8b17_a4ef_c0d5,
        0x37e9_8af0_526c_b4d1,
        0xe462_b3d8_cf5a_0719,
        0xe7ac_d139_02b4_f856,
        0xb519_8df0_e423_c7a6,
        0x3adc_120b_7594_8fe6,
        0x1d29_7a60_8c45_f3be,
        0xbaf5_0ce8_6239_17d4,
    ]);
    /// `id-Gost28147-89-CryptoPro-B-ParamSet`, 1.2.643.2.2.31.2.
    pub const CRYPTOPRO_B: Self = Self([
        0x84b1_3509_2eac_d67f,
        0x012a_4d5c_973f_b86e,
        0xec0a_92db_758f_3614,
        0x750d_b612_3acf_4e98,
        0x27cf_95ab_140d_68e3,
        0x8326_4deb_c17f_a095,
        0x52ab_91c3_74d0_6f8e,
        0x04be_8371_a296_fd5c,
    ]);
    /// `id-Gost28147-89-CryptoPro-C-ParamSet`, 1.2.643.2.2.31.3.
    pub const CRYPTOPRO_C: Self = Self([
        0x1bc2_9d0f_458e_a763,
        0x017d_b452_8efc_9a63,
        0x8250_49fa_37cd_6e1b,
        0x3601_5da8_b297_efc4,
        0x8db0_4512_93ce_6fa7,
        0xc9b1_8e24_7365_a0fd,
        0xa968_de20_f35b_41c7,
        0x7405_a2fe_c61b_d938,
    ]);
    /// `id-Gost28147-89-CryptoPro-D-ParamSet`, 1.2.643.2.2.31.4.
    pub const CRYPTOPRO_D: Self = Self([
        0xfc2a_6450_79ed_1b83,
        0xb634_cfe2_7d80_5a91,
        0x1cb0_fe65_ad48_9372,
        0x15ec_a70d_62b4_93f8,
        0x0c89_d2ab_7365_4ef1,
        0x80f3_25eb_1a47_c9d6,
        0x306f_1e92_d8c4_ba57,
        0x1a68_fb04_c359_7d2e,
    ]);
    /// `id-tc26-gost-28147-param-Z`, 1.2.643.7.1.2.5.1.1.
    pub const PARAM_Z: Self = Self([
        0xc462_a5b9_e8d7_03f1,
        0x6823_9a5c_1e47_bd0f,
        0xb358_2fad_e174_c960,
        0xc821_d4f6_70a5_3e9b,
        0x7f5a_816d_093e_b42c,
        0x5df6_92ca_b781_43e0,
        0x8e25_691c_f4b0_da37,
        0x17ed_0583_4fa6_9cb2,
    ]);
    /// `id-GostR3411-94-TestParamSet`, 1.2.643.2.2.30.0.
    pub const HASH_TEST: Self = Self([
        0x4a92_d80e_6b1c_7f53,
        0xeb4c_6dfa_2381_0759,
        0x581d_a342_efc7_609b,
        0x7da1_089f_e46c_b253,
        0x6c71_5fd8_4a9e_03b2,
        0x4ba0_721d_3685_9cfe,
        0xdb41_3f59_0ae7_682c,
        0x1fd0_57a4_923e_6b8c,
    ]);
    /// `id-GostR3411-94-CryptoProParamSet`, 1.2.643.2.2.30.1.
    pub const HASH_CRYPTOPRO: Self = Self([
        0xa456_8137_dce0_92bf,
        0x5f40_2db9_1763_cea8,
        0x7fce_9410_3b52_6a8d,
        0x4a7c_0f28_e165_db93,
        0x764b_9c2a_180e_fd35,
        0x7624_d9f0_a15b_8ec3,
        0xde41_705a_3c8f_629b,
        0x13a9_5b4f_867e_d02c,
    ]);
}

const SETS: [(&str, Sbox); 8] = [
    ("1.2.643.2.2.31.0", Sbox::TEST),
    ("1.2.643.2.2.31.1", Sbox::CRYPTOPRO_A),
    ("1.2.643.2.2.31.2", Sbox::CRYPTOPRO_B),
    ("1.2.643.2.2.31.3", Sbox::CRYPTOPRO_C),
    ("1.2.643.2.2.31.4", Sbox::CRYPTOPRO_D),
    ("1.2.643.7.1.2.5.1.1", Sbox::PARAM_Z),
    ("1.2.643.2.2.30.0", Sbox::HASH_TEST),
    ("1.2.643.2.2.30.1", Sbox::HASH_CRYPTOPRO),
];
