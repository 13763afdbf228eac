//! Ciphers of content.

use core::fmt;

use const_oid::ObjectIdentifier;
use der::asn1::OctetStringRef;
use der::{Decode, Reader, SliceReader};
use gost_ca::provider::Rng;
use gost_ca::x509::parse::all;
use gost_ca::x509::write;
use gost_hash::kdf_tree_gostr3411_2012_256;
use gost_symmetric::legacy::{Cfb28147, Meshing, Sbox};
use gost_symmetric::{CtrAcpkm, GostCipher, KeyInit, Kuznyechik, Mac, Magma, Omac};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A cipher of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentCipher {
    /// GOST 28147-89 with the parameters Z of TC26, in cipher feedback, for old readers (RFC 4490 §4).
    Gost28147,
    /// Magma, CTR-ACPKM, not authenticated.
    Magma,
    /// Magma, CTR-ACPKM, authenticated by OMAC.
    MagmaOmac,
    /// Kuznyechik, CTR-ACPKM, not authenticated.
    Kuznyechik,
    /// Kuznyechik, CTR-ACPKM, authenticated by OMAC.
    KuznyechikOmac,
}

/// After how many octets CTR-ACPKM changes the key.
///
/// R 1323565.1.025 refers to R 1323565.1.017 and states no number; readers do not agree on it. Short messages
/// are the same under both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sections {
    /// 1 KiB for Magma, 4 KiB for Kuznyechik, as R 1323565.1.017, appendix V.
    #[default]
    Standard,
    /// 8 KiB for Magma, 256 KiB for Kuznyechik: what the GOST engine of OpenSSL writes. It reads
    /// [`Standard`](Self::Standard) alone, also of its own.
    Engine,
}

impl ContentCipher {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Gost28147, Self::Magma, Self::MagmaOmac, Self::Kuznyechik, Self::KuznyechikOmac];

    /// Its object identifier.
    pub const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            Self::Gost28147 => "1.2.643.2.2.21",
            Self::Magma => "1.2.643.7.1.1.5.1.1",
            Self::MagmaOmac => "1.2.643.7.1.1.5.1.2",
            Self::Kuznyechik => "1.2.643.7.1.1.5.2.1",
            Self::KuznyechikOmac => "1.2.643.7.1.1.5.2.2",
        })
    }

    /// Whether a changed content is noticed.
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::MagmaOmac | Self::KuznyechikOmac)
    }
}

/// A cipher with its parameters.
#[derive(Clone, Debug)]
pub(super) struct ContentAlgorithm {
    pub(super) cipher: ContentCipher,
    /// Of GOST 28147-89.
    sbox: Sbox,
    iv: Vec<u8>,
}

impl ContentAlgorithm {
    /// A cipher with fresh parameters.
    pub(super) fn draw(cipher: ContentCipher, rng: &dyn Rng) -> Result<Self> {
        let mut iv = match cipher {
            ContentCipher::Gost28147 => vec![0; 8],
            ContentCipher::Magma | ContentCipher::MagmaOmac => vec![0; 12],
            ContentCipher::Kuznyechik | ContentCipher::KuznyechikOmac => vec![0; 16],
        };
        rng.fill(&mut iv)?;
        Ok(Self { cipher, sbox: Sbox::PARAM_Z, iv })
    }

    /// Reads an `AlgorithmIdentifier`.
    pub(super) fn read(algorithm: &[u8]) -> Result<Self> {
        let (oid, (iv, set)) = all("content cipher", algorithm, |reader| {
            reader.sequence(|reader: &mut SliceReader<'_>| {
                let oid = ObjectIdentifier::decode(reader)?;
                Ok::<_, der::Error>((oid, reader.sequence(read_parameters)?))
            })
        })?;
        let cipher = ContentCipher::ALL.into_iter().find(|one| one.oid() == oid);
        let cipher = cipher.ok_or_else(|| Error::unsupported("content cipher", oid))?;
        let sbox = match set {
            Some(set) => sbox(&set)?,
            None => Sbox::PARAM_Z,
        };
        Ok(Self { cipher, sbox, iv })
    }

    /// The `AlgorithmIdentifier`.
    pub(super) fn to_der(&self) -> Vec<u8> {
        let iv = write::tlv(write::OCTET_STRING, &self.iv);
        let set = match self.cipher {
            ContentCipher::Gost28147 => write::oid(&PARAM_Z),
            _ => Vec::new(),
        };
        write::sequence(&[write::oid(&self.cipher.oid()), write::sequence(&[iv, set])])
    }

    /// Starts a content under a key.
    pub(super) fn start(&self, key: &[u8; 32], sections: Sections) -> Result<Running> {
        let wrong = |error: gost_symmetric::Error| Error::malformed("content cipher", error);
        match self.cipher {
            ContentCipher::Gost28147 => {
                let iv = self.iv.as_slice().try_into();
                let iv = iv.map_err(|_| wrong(gost_symmetric::Error::Length("iv")))?;
                let cfb = Cfb28147::new(key, &self.sbox, iv, Meshing::CryptoPro);
                Ok(Running::Gost28147(Box::new(cfb)))
            }
            ContentCipher::Magma | ContentCipher::MagmaOmac => {
                let section = [Magma::SECTION, 0x2000];
                Keyed::new(self, key, sections.of(section)).map(Running::Magma).map_err(wrong)
            }
            ContentCipher::Kuznyechik | ContentCipher::KuznyechikOmac => {
                let section = [Kuznyechik::SECTION, 0x4_0000];
                Keyed::new(self, key, sections.of(section)).map(Running::Kuznyechik).map_err(wrong)
            }
        }
    }
}

/// The initialization vector or keying material, and for GOST 28147-89 the set of parameters.
fn read_parameters(
    reader: &mut SliceReader<'_>,
) -> der::Result<(Vec<u8>, Option<ObjectIdentifier>)> {
    let iv = <&OctetStringRef>::decode(reader)?.as_bytes().to_vec();
    let set = (!reader.is_finished()).then(|| ObjectIdentifier::decode(reader));
    Ok((iv, set.transpose()?))
}

impl Sections {
    const fn of(self, [standard, engine]: [usize; 2]) -> usize {
        match self {
            Self::Standard => standard,
            Self::Engine => engine,
        }
    }
}

/// The S-box of a parameter set of GOST 28147-89.
pub(super) fn sbox(set: &ObjectIdentifier) -> Result<Sbox> {
    let dots = set.to_string();
    let known = Sbox::of(&dots).filter(|_| dots.starts_with("1.2.643.2.2.31.") || *set == PARAM_Z);
    known.copied().ok_or_else(|| Error::unsupported("parameters of GOST 28147-89", set))
}

/// A content that is being encrypted or decrypted.
pub(super) enum Running {
    Gost28147(Box<Cfb28147>),
    Magma(Box<Keyed<Magma>>),
    Kuznyechik(Box<Keyed<Kuznyechik>>),
}

impl Running {
    pub(super) fn encrypt(&mut self, octets: &mut [u8]) {
        match self {
            Self::Gost28147(cfb) => cfb.encrypt(octets),
            Self::Magma(keyed) => keyed.encrypt(octets),
            Self::Kuznyechik(keyed) => keyed.encrypt(octets),
        }
    }

    pub(super) fn decrypt(&mut self, octets: &mut [u8]) {
        match self {
            Self::Gost28147(cfb) => cfb.decrypt(octets),
            Self::Magma(keyed) => keyed.decrypt(octets),
            Self::Kuznyechik(keyed) => keyed.decrypt(octets),
        }
    }

    /// The authentication code, encrypted as what follows the content.
    pub(super) fn seal(self) -> Option<Vec<u8>> {
        match self {
            Self::Gost28147(_) => None,
            Self::Magma(keyed) => (*keyed).seal(),
            Self::Kuznyechik(keyed) => (*keyed).seal(),
        }
    }

    /// Checks the authentication code, where the cipher has one.
    pub(super) fn check(self, code: Option<&[u8]>) -> Result<()> {
        match (self.seal(), code) {
            (None, None) => Ok(()),
            (Some(own), Some(code)) if bool::from(own.ct_eq(code)) => Ok(()),
            _ => Err(Error::Forged),
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Running(..)")
    }
}

/// CTR-ACPKM with or without OMAC.
pub(super) struct Keyed<C: GostCipher> {
    ctr: CtrAcpkm<C>,
    mac: Option<Omac<C>>,
}

impl<C: GostCipher> Keyed<C> {
    fn new(
        algorithm: &ContentAlgorithm,
        key: &[u8; 32],
        section: usize,
    ) -> core::result::Result<Box<Self>, gost_symmetric::Error> {
        let length = gost_symmetric::Error::Length("ukm");
        let (iv, seed) = algorithm.iv.split_last_chunk::<8>().ok_or(length)?;
        if !algorithm.cipher.is_authenticated() {
            return Ok(Box::new(Self { ctr: CtrAcpkm::new(key, iv, section)?, mac: None }));
        }
        let mut keys = Zeroizing::new([[0; 32]; 2]);
        kdf_tree_gostr3411_2012_256(key, b"kdf tree", seed, 1, keys.as_flattened_mut())
            .map_err(|_| length)?;
        let [encryption, authentication] = &*keys;
        let mac = <Omac<C> as KeyInit>::new_from_slice(authentication).map_err(|_| length)?;
        Ok(Box::new(Self { ctr: CtrAcpkm::new(encryption, iv, section)?, mac: Some(mac) }))
    }

    fn encrypt(&mut self, octets: &mut [u8]) {
        if let Some(mac) = &mut self.mac {
            mac.update(octets);
        }
        self.ctr.apply(octets);
    }

    fn decrypt(&mut self, octets: &mut [u8]) {
        self.ctr.apply(octets);
        if let Some(mac) = &mut self.mac {
            mac.update(octets);
        }
    }

    fn seal(mut self) -> Option<Vec<u8>> {
        let mut code = self.mac.take()?.finalize().into_bytes().to_vec();
        self.ctr.apply(&mut code);
        Some(code)
    }
}

/// `id-tc26-gost-28147-param-Z`.
pub(super) const PARAM_Z: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.643.7.1.2.5.1.1");
