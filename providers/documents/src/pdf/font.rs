//! The letters of a stamp, embedded: no font that readers bring is sure to have Cyrillic.

use std::collections::BTreeMap;
use std::fmt::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId};

use super::PdfError;

/// A TrueType font, of which the letters that are used are embedded.
pub(crate) struct Font<'a> {
    octets: &'a [u8],
    face: Face<'a>,
    glyphs: GlyphRemapper,
    /// By their numbers in the embedded font.
    used: BTreeMap<u16, (char, i64)>,
}

impl<'a> Font<'a> {
    pub(crate) fn of(octets: &'a [u8]) -> Result<Self, PdfError> {
        let face = Face::parse(octets, 0).map_err(|error| PdfError::Font(error.to_string()))?;
        if face.tables().glyf.is_none() || face.units_per_em() == 0 {
            return Err(PdfError::Font("it has no TrueType outlines".into()));
        }
        Ok(Self { octets, face, glyphs: GlyphRemapper::new(), used: BTreeMap::new() })
    }

    /// The width of a text whose letters are 1 high.
    pub(crate) fn width(&self, text: &str) -> Result<f32, PdfError> {
        let mut thousandths = 0_i64;
        for letter in text.chars() {
            thousandths = thousandths.saturating_add(self.advance(self.glyph(letter)?));
        }
        Ok(i16::try_from(thousandths).map_or(f32::MAX, f32::from) / 1000.0)
    }

    /// A text as the string of a content stream.
    pub(crate) fn encode(&mut self, text: &str) -> Result<String, PdfError> {
        let mut string = String::from("<");
        for letter in text.chars() {
            let glyph = self.glyph(letter)?;
            let number = self.glyphs.remap(glyph.0);
            self.used.insert(number, (letter, self.advance(glyph)));
            let _ = write!(string, "{number:04X}"); // a String takes all
        }
        string.push('>');
        Ok(string)
    }

    /// Embeds the letters that were encoded (ISO 32000-2 §9.7).
    pub(crate) fn embed(self, document: &mut Document) -> Result<ObjectId, PdfError> {
        let refused = |error: subsetter::Error| PdfError::Font(error.to_string());
        let file = subsetter::subset(self.octets, 0, &self.glyphs).map_err(refused)?;
        let length = i64::try_from(file.len()).unwrap_or(i64::MAX);
        let file = document.try_add_object(packed(dictionary! { "Length1" => length }, file)?)?;
        let descriptor = document.try_add_object(self.descriptor(file))?;
        let widths = self.used.iter().flat_map(|(number, (_, width))| {
            [Object::from(i64::from(*number)), Object::Array(vec![(*width).into()])]
        });
        let descendant = document.try_add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType2",
            "BaseFont" => NAME,
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "CIDToGIDMap" => "Identity",
            "W" => widths.collect::<Vec<_>>(),
        })?;
        let unicode = document.try_add_object(packed(Dictionary::new(), self.unicode())?)?;
        Ok(document.try_add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => NAME,
            "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()],
            "ToUnicode" => unicode,
        })?)
    }

    fn descriptor(&self, file: ObjectId) -> Dictionary {
        let bounds = self.face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => NAME,
            "Flags" => SYMBOLIC,
            "FontBBox" => bounds.map(|bound| self.thousandths(bound).into()).to_vec(),
            "ItalicAngle" => 0,
            "Ascent" => self.thousandths(self.face.ascender()),
            "Descent" => self.thousandths(self.face.descender()),
            "CapHeight" => self.thousandths(self.face.capital_height().unwrap_or(self.face.ascender())),
            "StemV" => 80,
            "FontFile2" => file,
        }
    }

    /// What the letters are, so that the text can be found and copied.
    fn unicode(&self) -> Vec<u8> {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Stamp def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let used: Vec<_> = self.used.iter().collect();
        for some in used.chunks(100) {
            let _ = writeln!(map, "{} beginbfchar", some.len());
            for (number, (letter, _)) in some {
                let _ = writeln!(map, "<{number:04X}> <{}>", utf16(*letter));
            }
            map.push_str("endbfchar\n");
        }
        map.push_str("endcmap\nend\nend\n");
        map.into_bytes()
    }

    fn glyph(&self, letter: char) -> Result<GlyphId, PdfError> {
        let glyph = self.face.glyph_index(letter);
        glyph.ok_or_else(|| PdfError::Font(format!("it has no letter {letter:?}")))
    }

    fn advance(&self, glyph: GlyphId) -> i64 {
        let units = i64::from(self.face.glyph_hor_advance(glyph).unwrap_or_default());
        self.scaled(units)
    }

    fn thousandths(&self, units: i16) -> i64 {
        self.scaled(units.into())
    }

    fn scaled(&self, units: i64) -> i64 {
        units.saturating_mul(1000).checked_div(self.face.units_per_em().into()).unwrap_or_default()
    }
}

fn utf16(letter: char) -> String {
    let mut units = [0; 2];
    let units = letter.encode_utf16(&mut units).iter();
    units.fold(String::new(), |text, unit| text + &format!("{unit:04X}"))
}

fn packed(dictionary: Dictionary, content: Vec<u8>) -> Result<Stream, PdfError> {
    let mut stream = Stream::new(dictionary, content);
    stream.compress()?;
    Ok(stream)
}

/// Six letters say that it is a part of a font (ISO 32000-2 §9.9.2).
const NAME: &str = "STAMPS+Stamp";
const SYMBOLIC: i64 = 4;
