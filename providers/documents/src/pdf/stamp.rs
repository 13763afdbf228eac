//! What is seen of a signature: the mark of GOST R 7.0.97-2016, §5.23.

use std::fmt::Write;
use std::sync::Arc;

use const_oid::ObjectIdentifier;
use gost_ca::print::Zone;
use gost_ca::x509::{Certificate, DistinguishedName};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::PdfError;
use super::font::Font;
use crate::error::Result;
use crate::signer_info::Signatory;

/// A mark on a page: that the document is signed, by whose certificate, and how long that is valid.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "made by callers")]
pub struct Stamp {
    /// The page, from 1.
    pub page: usize,
    /// The corner from which it goes right and up, in points from that of the page.
    pub corner: [f32; 2],
    /// Its width and height, in points. A field that waits for its signature has its own place.
    pub size: [f32; 2],
    /// A TrueType font with the letters of the text.
    pub font: Arc<[u8]>,
    /// Where days begin.
    pub zone: Zone,
}

impl Stamp {
    pub(super) fn corners(&self) -> [f32; 4] {
        let ([left, bottom], [width, height]) = (self.corner, self.size);
        [left, bottom, left + width, bottom + height]
    }

    /// The same in the place of a widget.
    pub(super) fn within(&self, widget: &Dictionary) -> Result<Self> {
        let corners = widget.get(b"Rect")?.as_array()?;
        let corners: Vec<_> = corners.iter().filter_map(|corner| corner.as_float().ok()).collect();
        let [left, bottom, right, top] = *corners.as_slice() else {
            return Err(PdfError::StampTooSmall.into());
        };
        let (corner, size) =
            ([left.min(right), bottom.min(top)], [(right - left).abs(), (top - bottom).abs()]);
        Ok(Self { corner, size, ..self.clone() })
    }

    /// Draws it as an object of the document.
    pub(super) fn draw(
        &self,
        document: &mut Document,
        signatory: &Signatory<'_>,
    ) -> Result<ObjectId> {
        let [width, height] = self.size;
        if !self.corners().into_iter().all(f32::is_finite) || width <= 0.0 || height <= 0.0 {
            return Err(PdfError::StampTooSmall.into());
        }
        let mut font = Font::of(&self.font)?;
        let (size, lines) = self.lines(&font, signatory.certificate())?;
        let [across, up] = [width - 2.0 * EDGE, height - 2.0 * EDGE];
        let mut content =
            format!("q 0.1 0.2 0.6 RG 0.1 0.2 0.6 rg 1 w {EDGE} {EDGE} {across} {up} re S\n");
        let mut below = f32::midpoint(height, size * LINE * count(&lines));
        for line in &lines {
            below -= size * LINE;
            let left =
                if line.centred { (width - font.width(&line.text)? * size) / 2.0 } else { MARGIN };
            let text = font.encode(&line.text)?;
            let raised = below + size * (LINE - 1.0);
            let _ = writeln!(content, "BT /F {size} Tf {left} {raised} Td {text} Tj ET"); // a String takes all
        }
        content.push_str("Q\n");
        let font = font.embed(document)?;
        let form = dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => [0.0, 0.0, width, height].map(Object::Real).to_vec(),
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        };
        let mut form = Stream::new(form, content.into_bytes());
        form.compress()?;
        Ok(document.try_add_object(form)?)
    }

    /// The lines in the greatest size in which they fit.
    fn lines(
        &self,
        font: &Font<'_>,
        certificate: &Certificate,
    ) -> Result<(f32, Vec<Line>), PdfError> {
        let texts = self.texts(certificate);
        let [width, height] = self.size.map(|length| length - 2.0 * MARGIN);
        for size in SIZES {
            let mut lines = Vec::new();
            for (text, centred) in &texts {
                wrap(font, text, width / size, *centred, &mut lines)?;
            }
            let mut widest = 0.0_f32;
            for line in &lines {
                widest = widest.max(font.width(&line.text)?);
            }
            let broken = lines.len() > texts.len() && size > BROKEN;
            if !broken && widest * size <= width && count(&lines) * size * LINE <= height {
                return Ok((size, lines));
            }
        }
        Err(PdfError::StampTooSmall)
    }

    fn texts(&self, certificate: &Certificate) -> [(String, bool); 4] {
        let validity = certificate.validity();
        let [from, to] = [validity.not_before, validity.not_after].map(|at| self.zone.show_day(at));
        [
            ("ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ".into(), true),
            (format!("Сертификат: {}", certificate.serial()), false),
            (format!("Владелец: {}", owner(certificate)), false),
            (format!("Действителен: с {from} по {to}"), false),
        ]
    }
}

struct Line {
    text: String,
    centred: bool,
}

/// A person by name, even in an organisation's certificate; else whatever it is about.
fn owner(certificate: &Certificate) -> String {
    let Ok(name) = DistinguishedName::from_der(certificate.subject()) else {
        return String::new();
    };
    let text = |oid| name.text(&ObjectIdentifier::new_unwrap(oid)).map(str::to_owned);
    match (text(SURNAME), text(GIVEN_NAME)) {
        (Some(surname), Some(given)) => format!("{surname} {given}"),
        _ => text(COMMON_NAME).unwrap_or_else(|| name.to_string()),
    }
}

fn count(lines: &[Line]) -> f32 {
    f32::from(u8::try_from(lines.len()).unwrap_or(u8::MAX))
}

/// Breaks a text into lines of a width, between words where that does.
fn wrap(
    font: &Font<'_>,
    text: &str,
    width: f32,
    centred: bool,
    lines: &mut Vec<Line>,
) -> Result<(), PdfError> {
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if line.is_empty() || font.width(&longer)? <= width {
            line = longer;
        } else {
            lines.push(Line { text: core::mem::replace(&mut line, word.to_owned()), centred });
        }
    }
    lines.push(Line { text: line, centred });
    Ok(())
}

/// Points; of letters, from the greatest that is looked well at to the least that is read.
const SIZES: [f32; 9] = [12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0];
/// Rather than break lines, letters become this small.
const BROKEN: f32 = 6.0;
const MARGIN: f32 = 6.0;
const EDGE: f32 = 1.5;
/// The height of a line by that of its letters.
const LINE: f32 = 1.25;
const SURNAME: &str = "2.5.4.4";
const GIVEN_NAME: &str = "2.5.4.42";
const COMMON_NAME: &str = "2.5.4.3";
