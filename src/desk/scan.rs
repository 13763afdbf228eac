//! Scans of papers (U13): PDF and JPEG, bound to an account or a case by commitment.

use serde::{Deserialize, Serialize};

use crate::commitment::Commitment;
use crate::id::{CaseId, UserId};

/// What a scan is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScanOwner {
    /// A person's account: papers of the person.
    User(UserId),
    /// A case: papers of one certificate.
    Case(CaseId),
}

/// What was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScanKind {
    /// The application.
    Application,
    /// The identity document.
    IdentityDocument,
    /// The document of authority.
    AuthorityDocument,
    /// The consent to the processing of personal data.
    Consent,
    /// The signed copy of the certificate (V7).
    SignedCopy,
    /// The signed receipt of acknowledgement.
    Acknowledgement,
    /// The signed hand-over sheet.
    HandOver,
    /// Anything else.
    Other,
}

impl ScanKind {
    /// A short name, fixed for ever: in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::IdentityDocument => "identity-document",
            Self::AuthorityDocument => "authority-document",
            Self::Consent => "consent",
            Self::SignedCopy => "signed-copy",
            Self::Acknowledgement => "acknowledgement",
            Self::HandOver => "hand-over",
            Self::Other => "other",
        }
    }
}

/// How a scan is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ScanFormat {
    /// PDF (ISO 32000).
    Pdf,
    /// JPEG (ISO 10918-1).
    Jpeg,
}

/// A scan as the record tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// What was scanned.
    pub kind: ScanKind,
    /// How it is written.
    pub format: ScanFormat,
    /// How many octets it has.
    pub size: u64,
    /// The octets.
    pub document: Commitment,
}

/// Octets are no scan that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadScan {
    /// It is not the one that the command names.
    #[error("it is not the scan that the command names")]
    Another,
    /// It is neither PDF nor JPEG, whatever its name says.
    #[error("a scan is a PDF or a JPEG")]
    Format,
    /// It ends too early: it was cut off on its way.
    #[error("the scan is cut off")]
    CutOff,
    /// It is too large.
    #[error("the scan has more than {limit} octets")]
    TooLarge {
        /// Most octets.
        limit: usize,
    },
}

impl ScanFormat {
    /// Tells the format by the octets alone: their first ones, and that their end is there.
    ///
    /// # Errors
    /// [`BadScan`] says what is wrong.
    pub fn of(octets: &[u8], limit: usize) -> Result<Self, BadScan> {
        if octets.len() > limit {
            return Err(BadScan::TooLarge { limit });
        }
        let known = FORMATS.iter().find(|(_, begin, _)| octets.starts_with(begin));
        let (format, _, end) = known.ok_or(BadScan::Format)?;
        let tail = octets.get(octets.len().saturating_sub(TAIL)..).unwrap_or_default();
        let ends = tail.windows(end.len()).any(|window| window == *end);
        ends.then_some(*format).ok_or(BadScan::CutOff)
    }

    /// The ending of file names.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
        }
    }

    /// The media type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// The first octets, and the mark at the end (ISO 32000-1, 7.5.5; ISO 10918-1, B.1.1.3).
const FORMATS: &[(ScanFormat, &[u8], &[u8])] = &[
    (ScanFormat::Pdf, b"%PDF-", b"%%EOF"),
    (ScanFormat::Jpeg, &[0xff, 0xd8, 0xff], &[0xff, 0xd9]),
];

/// How far before the end its mark may stand: scanners add what they like after it.
const TAIL: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_octets_alone() {
        let pdf = b"%PDF-1.7\n1 0 obj\n%%EOF\n";
        let jpeg = [&[0xff, 0xd8, 0xff, 0xe0][..], &[0; 16], &[0xff, 0xd9]].concat();
        assert_eq!(ScanFormat::of(pdf, 100), Ok(ScanFormat::Pdf));
        assert_eq!(ScanFormat::of(&jpeg, 100), Ok(ScanFormat::Jpeg));
        assert_eq!(ScanFormat::of(pdf, 10), Err(BadScan::TooLarge { limit: 10 }));
        assert_eq!(ScanFormat::of(&jpeg[..12], 100), Err(BadScan::CutOff));
        assert_eq!(ScanFormat::of(b"%PDF-1.7\n", 100), Err(BadScan::CutOff));
        for other in [&b""[..], b"PK\x03\x04%%EOF", b"<html>%PDF-1.7 %%EOF", b"\x89PNG\r\n"] {
            assert_eq!(ScanFormat::of(other, 100), Err(BadScan::Format));
        }
    }
}
