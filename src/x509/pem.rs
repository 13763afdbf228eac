//! Octets as text between labelled lines.

use base64ct::{Base64, Encoding};

/// What a PEM holds (RFC 7468).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PemLabel {
    /// A certificate.
    Certificate,
    /// A PKCS#10 request.
    CertificateRequest,
    /// A CRL.
    Crl,
    /// A chain of certificates.
    Pkcs7,
}

impl PemLabel {
    /// The words between the dashes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "CERTIFICATE",
            Self::CertificateRequest => "CERTIFICATE REQUEST",
            Self::Crl => "X509 CRL",
            Self::Pkcs7 => "PKCS7",
        }
    }
}

/// Writes DER as PEM, 64 characters to a line (RFC 7468 §2).
pub fn to_pem(label: PemLabel, der: &[u8]) -> String {
    let label = label.as_str();
    let mut pem = format!("-----BEGIN {label}-----\n");
    for line in der.chunks(48) {
        pem += &Base64::encode_string(line);
        pem.push('\n');
    }
    pem + &format!("-----END {label}-----\n")
}

/// The labels of a text's PEM blocks, with what stands between their lines.
pub(crate) fn blocks(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("-----BEGIN ").skip(1).filter_map(|block| {
        let (label, rest) = block.split_once("-----")?;
        let (inside, _) = rest.split_once(&format!("-----END {label}-----"))?;
        Some((label, inside))
    })
}

/// Reads Base64 with any white space in it.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    Base64::decode_vec(&digits).ok()
}

/// What Notepad puts before a text.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_back() {
        for length in [1, 47, 48, 49, 500] {
            let octets: Vec<u8> = (0..=255).cycle().take(length).collect();
            let pem = to_pem(PemLabel::Crl, &octets);
            let (label, read) = der::pem::decode_vec(pem.as_bytes()).unwrap();
            assert_eq!((label, read), ("X509 CRL", octets));
        }
    }
}
