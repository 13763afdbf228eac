//! Copies of many certificates as one file, each recorded as printed (U19).

use std::sync::Arc;

use axum::extract::State;
use gost_ca::desk::dossier::{Dossier, DossierFile};
use gost_ca::id::CaseId;
use gost_ca::print::file_name;

use super::act::envelope;
use super::certificates::file;
use super::papers::case_paper;
use crate::Console;
use crate::web::{Checked, Failure, Reply};

/// A ZIP archive: of each certificate its paper copy and its octets.
pub(crate) async fn of_many(
    State(console): State<Arc<Console>>,
    Checked { visitor, fields }: Checked,
) -> Reply {
    let cases = fields.all("case").map(str::parse).collect::<Result<Vec<CaseId>, _>>();
    let cases = cases.map_err(|_| Failure::BadRequest)?;
    if cases.is_empty() || cases.len() > MOST {
        return Err(Failure::Field("case"));
    }
    let (ra, session, mut files) = (&console.office.ra, visitor.session(), Vec::new());
    for case in &cases {
        let certificate = ra.certificate(session, case).await?;
        let user = ra.case(session, case).await?.case.begun().user;
        let login = ra.user(session, &user).await?.record.login;
        let name = |ending| file_name(login.as_str(), certificate.serial(), ending);
        let paper = case_paper(&console, &visitor, case, "copy").await?;
        ra.execute(session, &envelope(&console, paper.printed_for_case(*case))?).await?;
        files.push(DossierFile::new(name("html"), paper.html));
        files.push(DossierFile::new(name("cer"), certificate.as_der()));
    }
    let archive = Dossier::new("copies", gost_ca::Timestamp::now(), files);
    let octets = gost_ca_dossier::to_zip(&archive).map_err(Failure::internal)?;
    Ok(file("copies.zip", octets))
}

/// Certificates of one archive.
const MOST: usize = 100;
