//! Requests as people upload them: DER, PEM under either label, or bare Base64.

use crate::x509::{BadDer, CertificationRequest, pem};

/// What was uploaded is no request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadUpload {
    /// Longer than any request.
    #[error("longer than {MAX} octets")]
    TooLong,
    /// Neither DER nor Base64.
    #[error("neither DER nor PEM nor Base64")]
    Encoding,
    /// The octets are no request.
    #[error(transparent)]
    Request(#[from] BadDer),
}

impl BadUpload {
    /// A stable code, for front-ends and the audit.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong => "upload.too-long",
            Self::Encoding => "upload.encoding",
            Self::Request(_) => "upload.no-request",
        }
    }
}

/// The longest upload, in octets: a request has a few thousand at most.
const MAX: usize = 64 * 1024;

/// The labels in use: RFC 7468 §7, and that of the older tools.
const LABELS: [&str; 2] = ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"];

/// Reads an uploaded request.
///
/// # Errors
/// [`BadUpload`] says at which layer it failed.
pub fn from_upload(upload: &[u8]) -> Result<CertificationRequest, BadUpload> {
    if upload.len() > MAX {
        return Err(BadUpload::TooLong);
    }
    if upload.first() == Some(&0x30) {
        return Ok(CertificationRequest::from_der(upload)?);
    }
    let text = core::str::from_utf8(upload).map_err(|_| BadUpload::Encoding)?;
    let text = text.strip_prefix(pem::BYTE_ORDER_MARK).unwrap_or(text);
    let block = pem::blocks(text).find(|(label, _)| LABELS.contains(label));
    let base64 = block.map_or(text, |(_, inside)| inside);
    let der = pem::from_base64(base64).ok_or(BadUpload::Encoding)?;
    Ok(CertificationRequest::from_der(&der)?)
}

#[cfg(test)]
mod tests {
    use base64ct::{Base64, Encoding};

    use super::*;

    /// RFC 9215, D.2.
    const REQUEST: &str = "\
        MIHKMHkCAQAwEjEQMA4GA1UEAxMHRXhhbXBsZTBeMBcGCCqFAwcBAQEBMAsGCSqFAwcBAgEBAQNDAARA\
        dCeV1L7ohN3yhQ/sA+o/rxhE4B2dpgtkUJOlXibfw5l49ZbPTU0MbPHRiUPZRJPRa57AoW1RLS4SfMRp\
        GmMY4qAAMAoGCCqFAwcBAQMCA0EAG9wqExdnm2YjL2PqFv98ZMyqua2FX8bhgJFmHbedSBIdDh2lvjR8\
        bxtSVseurCAK1krHem9bOg4Jcxjnrm7naQ==";

    #[test]
    fn every_form_is_taken() {
        let der = Base64::decode_vec(REQUEST).unwrap();
        let lines = REQUEST.as_bytes().chunks(64).map(|line| core::str::from_utf8(line).unwrap());
        let lines = lines.collect::<Vec<_>>().join("\r\n") + "\r\n";
        let pem =
            |label: &str| format!("-----BEGIN {label}-----\r\n{lines}-----END {label}-----\r\n");
        for upload in [
            der.clone(),
            REQUEST.as_bytes().to_vec(),
            format!("\u{feff}{lines}").into_bytes(),
            pem("CERTIFICATE REQUEST").into_bytes(),
            pem("NEW CERTIFICATE REQUEST").into_bytes(),
        ] {
            assert_eq!(
                from_upload(&upload).map(|request| request.as_der().to_vec()),
                Ok(der.clone())
            );
        }
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(from_upload(&vec![0x30; MAX + 1]), Err(BadUpload::TooLong));
        assert_eq!(from_upload("привет".as_bytes()), Err(BadUpload::Encoding));
        assert_eq!(from_upload(&[0xff, 0xfe]), Err(BadUpload::Encoding));
        assert!(matches!(from_upload(b""), Err(BadUpload::Request(_))));
        assert!(matches!(from_upload(&[0x30, 0]), Err(BadUpload::Request(_))));
    }
}
