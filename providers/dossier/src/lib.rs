//! Dossiers of certificates as ZIP archives.
//!
//! The registration authority puts a dossier together; this crate writes it as one file that any archiver
//! opens. The same dossier always gives the same octets.
//!
//! ```no_run
//! # async fn example(
//! #     ra: &gost_ca::RegistrationAuthority,
//! #     session: &gost_ca::Session,
//! #     case: &gost_ca::id::CaseId,
//! #     stationery: &gost_ca::print::Stationery<'_>,
//! # ) -> Result<(), Box<dyn std::error::Error>> {
//! let dossier = ra.dossier(session, case, stationery).await?;
//! std::fs::write(format!("{}.zip", dossier.name), gost_ca_dossier::to_zip(&dossier)?)?;
//! # Ok(())
//! # }
//! ```

use std::io::{Cursor, Write as _};

use gost_ca::desk::dossier::Dossier;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// An archive could not be written.
#[derive(Debug)]
pub struct ZipFailure(zip::result::ZipError);

impl std::fmt::Display for ZipFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the archive could not be written")
    }
}

impl std::error::Error for ZipFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

/// Writes the archive: files in their order, deflated, all of the moment the dossier was made (UTC).
///
/// # Errors
/// [`ZipFailure`] where two files have one name.
pub fn to_zip(dossier: &Dossier) -> Result<Vec<u8>, ZipFailure> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(moment(dossier))
        .unix_permissions(0o600);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in &dossier.files {
        archive.start_file(file.name.as_str(), options).map_err(ZipFailure)?;
        archive.write_all(&file.octets).map_err(|error| ZipFailure(error.into()))?;
    }
    Ok(archive.finish().map_err(ZipFailure)?.into_inner())
}

/// The moment in the form of an archive, which knows 1980 to 2107 and even seconds.
fn moment(dossier: &Dossier) -> DateTime {
    let at = dossier.at.to_zoned(TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).unwrap_or_default();
    DateTime::from_date_and_time(
        u16::try_from(at.year()).unwrap_or_default(),
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}
