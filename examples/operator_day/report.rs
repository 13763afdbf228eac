//! What the day leaves behind: files, and an account of it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use gost_ca::id::UserId;
use gost_ca::registration::{Login, SubjectKind};
use gost_ca::registration_authority::CaseCard;
use gost_ca::x509::{Certificate, CertificationRequest, pkcs7};
use serde::Serialize;

use crate::Result;

/// One applicant's day.
#[derive(Serialize)]
pub(crate) struct Line {
    #[serde(skip)]
    name: String,
    #[serde(skip)]
    pub(crate) user: Option<UserId>,
    login: Option<String>,
    kind: Option<&'static str>,
    serial: Option<String>,
    status: Option<&'static str>,
    deleted: bool,
    refusals: Vec<String>,
}

impl Line {
    pub(crate) fn refused(name: String, refusals: Vec<String>) -> Self {
        let (user, login, kind, serial, status) = (None, None, None, None, None);
        Self { name, user, login, kind, serial, status, deleted: false, refusals }
    }

    pub(crate) fn served(
        name: String,
        user: UserId,
        login: &Login,
        kind: SubjectKind,
        card: Option<&CaseCard>,
    ) -> Self {
        let serial =
            card.and_then(|card| card.case.issued()).map(|issued| issued.serial.to_string());
        let status = card.map(|card| card.case.state().name());
        let deleted = card.is_some_and(|card| card.case.is_hidden());
        let login = Some(login.as_str().to_owned());
        let (user, kind, refusals) = (Some(user), Some(kind.name()), Vec::new());
        Self { name, user, login, kind, serial, status, deleted, refusals }
    }
}

impl Line {
    /// What was refused in the course of the day.
    pub(crate) fn with(mut self, refusals: Vec<String>) -> Self {
        self.refusals.extend(refusals);
        self
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (login, status) =
            (self.login.as_deref().unwrap_or("-"), self.status.unwrap_or("refused"));
        write!(f, "{login:<22} {status:<10} {}", self.name)?;
        if self.deleted {
            write!(f, " (deleted from the list)")?;
        }
        self.refusals.iter().try_for_each(|refusal| write!(f, "\n   {:>22} {refusal}", "·"))
    }
}

/// All applicants' days.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Summary(pub(crate) Vec<Line>);

impl Summary {
    pub(crate) fn write(&self, out: &Path) -> Result<()> {
        Ok(fs::write(out.join("summary.json"), serde_json::to_string_pretty(self)?)?)
    }
}

/// One user's folder: `users/<login>/`.
pub(crate) struct Files {
    folder: PathBuf,
    number: u32,
}

impl Files {
    pub(crate) fn new(out: &Path, login: &str) -> Result<Self> {
        let folder = folder(out, login);
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, number: 0 })
    }

    pub(crate) fn exist(out: &Path, login: &str) -> bool {
        folder(out, login).exists()
    }

    /// Another certificate of the same user: a renewal.
    pub(crate) const fn begin_certificate(&mut self) {
        self.number += 1;
    }

    /// `request.p10 certificate.cer chain.p7b`; of a renewal `request-2.p10` and so on.
    pub(crate) fn write(
        &self,
        request: &CertificationRequest,
        certificate: &Certificate,
        issuers: &[Certificate],
    ) -> Result<()> {
        let chain: Vec<_> = std::iter::once(certificate).chain(issuers).collect();
        fs::write(self.place("request", "p10"), request.as_der())?;
        fs::write(self.place("certificate", "cer"), certificate.as_der())?;
        fs::write(self.place("chain", "p7b"), pkcs7::certificates_only(&chain))?;
        Ok(())
    }

    /// `paper.html application.html hand-over.html`; of a renewal `paper-2.html` and so on.
    pub(crate) fn print(&self, name: &str, html: &str) -> Result<()> {
        Ok(fs::write(self.place(name, "html"), html)?)
    }

    fn place(&self, name: &str, kind: &str) -> PathBuf {
        let suffix = if self.number > 1 { format!("-{}", self.number) } else { String::new() };
        self.folder.join(format!("{name}{suffix}.{kind}"))
    }
}

fn folder(out: &Path, login: &str) -> PathBuf {
    out.join("users").join(login)
}
