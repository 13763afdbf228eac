//! A revision that waits for its signed message.

use core::ops::Range;
use std::io::Read;

use lopdf::ObjectId;

use super::located::places;
use super::{PdfError, PdfLimits, read};
use crate::error::Result;
use crate::hash::{ContentDigests, HashFunction};
use crate::signed_data::SignedData;

/// A PDF with a place for a signed message; all its other octets are what is signed.
#[derive(Clone, Debug)]
pub struct PreparedPdf {
    file: Vec<u8>,
    gap: Range<usize>,
}

impl PreparedPdf {
    /// What is signed: for those who make the message elsewhere.
    pub fn covered(&self) -> Vec<u8> {
        self.parts().concat()
    }

    /// The digests of what is signed.
    ///
    /// # Errors
    /// In practice none.
    pub fn digests(&self, functions: &[HashFunction]) -> Result<ContentDigests> {
        let [before, after] = self.parts();
        Ok(ContentDigests::of(&mut before.chain(after), functions)?)
    }

    fn parts(&self) -> [&[u8]; 2] {
        let before = self.file.get(..self.gap.start).unwrap_or_default();
        [before, self.file.get(self.gap.end..).unwrap_or_default()]
    }

    /// Puts the message into its place.
    ///
    /// # Errors
    /// [`PdfError::NoRoom`] for one that is too long.
    pub fn embed(mut self, message: &SignedData) -> Result<Vec<u8>> {
        let message = message.to_detached();
        let digits = message.iter().flat_map(|octet| [octet >> 4, octet & 0x0f]);
        let place = self.file.get_mut(self.gap).unwrap_or_default();
        let kept = place.len().saturating_sub(2) / 2;
        if message.len() > kept {
            return Err(PdfError::NoRoom { needed: message.len(), kept }.into());
        }
        for (place, digit) in place.iter_mut().skip(1).zip(digits) {
            *place = DIGITS.get(usize::from(digit)).copied().unwrap_or_default();
        }
        Ok(self.file)
    }
}

/// Finds the places of the last signature as a checker will, and states what it covers.
pub(crate) fn prepare(
    mut file: Vec<u8>,
    signature: ObjectId,
    limits: PdfLimits,
) -> Result<PreparedPdf> {
    let document = read(&file, limits)?;
    let lost = || PdfError::Malformed("the signature is not found again".into());
    let places = places(&file, &document, signature).ok_or_else(lost)?;
    let gap = places.contents;
    let rest = file.len().saturating_sub(gap.end);
    let stated = format!("[0 {} {} {rest}", gap.start, gap.end);
    let width = places.range.len().saturating_sub(1);
    let stated = format!("{stated:width$}]");
    let range = file.get_mut(places.range).filter(|range| range.len() == stated.len());
    range.ok_or_else(lost)?.copy_from_slice(stated.as_bytes());
    Ok(PreparedPdf { file, gap })
}

/// As long as any offset.
pub(crate) const PLACE: i64 = 9_999_999_999;
const DIGITS: &[u8] = b"0123456789abcdef";
