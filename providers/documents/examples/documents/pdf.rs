//! Signatures in PDF.

use std::io::Write;
use std::path::PathBuf;

use gost_ca::print::Zone;
use gost_ca_documents::pdf::{Pdf, PdfLimits, PdfSigning, Stamp};
use gost_ca_documents::{Checker, Report, Signatory};
use lexopt::ValueExt;

use crate::Result;
use crate::arguments::Arguments;
use crate::files::Output;

/// What is said of a signature in PDF.
#[derive(Default)]
pub(crate) struct Options {
    field: Option<String>,
    reason: Option<String>,
    /// `PAGE,LEFT,BOTTOM,WIDTH,HEIGHT`.
    stamp: Option<String>,
    font: Option<PathBuf>,
}

impl Options {
    /// Takes an option, where it is one of these.
    pub(crate) fn set(&mut self, name: &str, parser: &mut lexopt::Parser) -> Result<bool> {
        match name {
            "field" => self.field = Some(parser.value()?.string()?),
            "reason" => self.reason = Some(parser.value()?.string()?),
            "stamp" => self.stamp = Some(parser.value()?.string()?),
            "font" => self.font = Some(parser.value()?.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn stamp(&self) -> Result<Option<Stamp>> {
        let Some(stamp) = &self.stamp else {
            return Ok(None);
        };
        let (page, place) = stamp.split_once(',').ok_or("--stamp PAGE,LEFT,BOTTOM,WIDTH,HEIGHT")?;
        let place =
            place.split(',').map(str::parse).collect::<core::result::Result<Vec<f32>, _>>()?;
        let [left, bottom, width, height] = *place.as_slice() else {
            return Err("--stamp PAGE,LEFT,BOTTOM,WIDTH,HEIGHT".into());
        };
        let font = std::fs::read(self.font.as_ref().ok_or("--font: a TrueType file")?)?.into();
        let (corner, size) = ([left, bottom], [width, height]);
        Ok(Some(Stamp { page: page.parse()?, corner, size, font, zone: Zone::new(3, "МСК")? }))
    }
}

pub(crate) async fn sign(arguments: &Arguments) -> Result<()> {
    let (key, certificate) = (arguments.key().await?, arguments.certificate()?);
    let signatory = Signatory::new(&*key, &certificate)?;
    let file = std::fs::read(arguments.input()?)?;
    let options = &arguments.pdf;
    let signing = PdfSigning {
        field: options.field.clone(),
        time: Some(jiff::Timestamp::now()),
        reason: options.reason.clone(),
        stamp: options.stamp()?,
        ..PdfSigning::default()
    };
    let signed = Pdf::open(&file, PdfLimits::default())?.sign(&signatory, &signing).await?;
    let mut output = Output::create(arguments.output()?)?;
    output.write_all(&signed)?;
    output.keep()
}

pub(crate) async fn check(arguments: &Arguments, checker: &Checker<'_>) -> Result<Report> {
    let file = std::fs::read(arguments.input()?)?;
    Ok(Pdf::open(&file, PdfLimits::default())?.check(checker).await)
}
