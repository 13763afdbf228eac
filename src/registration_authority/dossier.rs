//! Putting the dossier of a certificate together.

use std::collections::BTreeMap;

use super::{AuditFilter, RegistrationAuthority, Session};
use crate::commitment::Commitment;
use crate::desk::dossier::{Binder, Cover, Dossier};
use crate::desk::events::EventLine;
use crate::desk::periods::StatusPeriods;
use crate::desk::scan::{Scan, ScanOwner};
use crate::entry::Entry;
use crate::error::Error;
use crate::fact::{AccessFact, AccountFact, CaseFact};
use crate::id::{CaseId, UserId};
use crate::lifecycle::Case;
use crate::print::{Form, Paper, PrintError, Stationery};
use crate::provider::ErrorKind;
use crate::provider::journal::{StoredEntry, StreamId};
use crate::x509::pkcs7;
use jiff::Timestamp;

/// What is bound in: a form or a scan.
enum Filed {
    Paper(String, Commitment),
    Scan(Scan),
}

impl RegistrationAuthority {
    /// U18: everything about one certificate. That it was asked for is recorded first.
    ///
    /// # Errors
    /// [`Refusal::Scope`](crate::lifecycle::Refusal::Scope) for another office's.
    pub async fn dossier(
        &self,
        session: &Session,
        id: &CaseId,
        stationery: &Stationery<'_>,
    ) -> Result<Dossier, Error> {
        let (case, now) = (self.visible_case(session, id).await?, self.now());
        let owner = ScanOwner::Case(*id);
        self.note_shown(session.actor(), AccessFact::DocumentShown { owner, document: None })
            .await?;
        let user = case.begun().user;
        let mut binder = Binder::new();
        self.bind_certificate(&mut binder, session, &case).await?;
        let events = self.stored(StreamId::Case(*id)).await?;
        let account = self.stored(StreamId::Account(user)).await?;
        for (number, filed) in (1..).zip(filed(&account, &events)?) {
            self.bind(&mut binder, number, filed).await?;
        }
        binder.file("case.jsonl", lines(&events));
        binder.file("account.jsonl", lines(&account));
        self.bind_audit(&mut binder, session, &case).await?;
        let shown = self.event_lines(&events).await?;
        binder.file("events.html", print(stationery, &Form::Events(&shown), now)?.html);
        self.bind_extract(&mut binder, &case, (stationery, now)).await?;

        let serial = case.issued().map(|issued| issued.serial.to_string());
        let name = self.name_of_dossier(&user, serial.as_deref()).await?;
        let by = session.actor().user;
        Ok(binder.close(name, &Cover { case: *id, serial, user, made: now, by }))
    }

    async fn stored(&self, stream: StreamId) -> Result<Vec<StoredEntry>, Error> {
        Ok(self.providers.journal.load(&stream, 0).await?.entries)
    }

    /// The login, where the person's data was not erased, and the serial number.
    async fn name_of_dossier(&self, user: &UserId, serial: Option<&str>) -> Result<String, Error> {
        let account = self.load_account(user).await?;
        let found = self.providers.directory.get(user, account.registration()).await?;
        let login = found.map(|version| version.record.login.as_str().to_owned());
        let login = login.unwrap_or_else(|| user.to_string());
        Ok(serial.map_or_else(|| login.clone(), |serial| format!("{login}-{serial}")))
    }

    async fn bind_audit(
        &self,
        binder: &mut Binder,
        session: &Session,
        case: &Case,
    ) -> Result<(), Error> {
        let Some(issued) = case.issued() else { return Ok(()) };
        let (user, serial) = (Some(case.begun().user), Some(issued.serial.clone()));
        let filter = AuditFilter { user, serial, ..AuditFilter::default() };
        let extract = self.read_audit(session, &filter).await?;
        binder.file("audit.jsonl", extract.to_json_lines());
        Ok(())
    }

    async fn bind_certificate(
        &self,
        binder: &mut Binder,
        session: &Session,
        case: &Case,
    ) -> Result<(), Error> {
        if case.request().is_some() {
            binder.file("request.p10", self.request_of(case).await?.as_der());
        }
        if case.issued().is_some() {
            let certificate = self.certificate_of(case).await?;
            let issuers = self.issuers(session, &case.id()).await?;
            let chain: Vec<_> = core::iter::once(&certificate).chain(&issuers).collect();
            binder.file("certificate.cer", certificate.as_der());
            binder.file("chain.p7b", pkcs7::certificates_only(&chain));
        }
        Ok(())
    }

    async fn bind(&self, binder: &mut Binder, number: u32, filed: Filed) -> Result<(), Error> {
        let (name, document) = match filed {
            Filed::Paper(form, document) => {
                // the caller's own text, in a path
                let form: String =
                    form.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                (format!("papers/{number:02}-{form}.html"), document)
            }
            Filed::Scan(Scan { kind, format, document, .. }) => {
                let (kind, ending) = (kind.name(), format.extension());
                (format!("scans/{number:02}-{kind}.{ending}"), document)
            }
        };
        let found = self.providers.journal.documents().get(&document).await?;
        let octets = match found {
            Some(_) => Some(self.document(&document).await?.into_bytes()),
            None => None,
        };
        binder.document(name, octets);
        Ok(())
    }

    async fn bind_extract(
        &self,
        binder: &mut Binder,
        case: &Case,
        (stationery, now): (&Stationery<'_>, Timestamp),
    ) -> Result<(), Error> {
        let Some(issued) = case.issued() else { return Ok(()) };
        let certificate = &self.certificate_of(case).await?;
        let entries = self.case_entries(&case.id()).await?;
        let period = (issued.validity.not_before, now);
        let history = &StatusPeriods::of(&entries, period, now);
        let extract = print(stationery, &Form::Extract { certificate, history }, now)?;
        binder.file("extract.html", extract.html);
        Ok(())
    }

    async fn event_lines(&self, entries: &[StoredEntry]) -> Result<Vec<EventLine>, Error> {
        let mut names: BTreeMap<UserId, String> = BTreeMap::new();
        let mut lines: Vec<EventLine> = entries.iter().filter_map(EventLine::of).collect();
        for line in &mut lines {
            if let Some(user) = &line.actor.user {
                line.name = self.cached_name(user, &mut names).await?;
            }
        }
        Ok(lines)
    }

    /// What a certificate was over a period, by all that is recorded now.
    ///
    /// # Errors
    /// [`Refusal::Scope`](crate::lifecycle::Refusal::Scope) for another office's.
    pub async fn status_periods(
        &self,
        session: &Session,
        case: &CaseId,
        period: (Timestamp, Timestamp),
    ) -> Result<StatusPeriods, Error> {
        self.visible_case(session, case).await?;
        Ok(StatusPeriods::of(&self.case_entries(case).await?, period, self.now()))
    }
}

fn print(stationery: &Stationery<'_>, form: &Form<'_>, at: Timestamp) -> Result<Paper, Error> {
    let wrong = |error: PrintError| ErrorKind::Invalid.at("Stationery::print").because(error);
    Ok(stationery.print(form, at).map_err(wrong)?)
}

/// Entries as JSON lines: canonical octets have no line ends.
fn lines(entries: &[StoredEntry]) -> Vec<u8> {
    entries.iter().flat_map(|entry| entry.0.iter().copied().chain([b'\n'])).collect()
}

fn filed(account: &[StoredEntry], case: &[StoredEntry]) -> Result<Vec<Filed>, Error> {
    let mut filed = filed_with_user(account)?;
    filed.extend(filed_with_case(case)?);
    Ok(filed)
}

fn filed_with_user(entries: &[StoredEntry]) -> Result<Vec<Filed>, Error> {
    let mut filed = Vec::new();
    for entry in entries {
        match Entry::<AccountFact>::decode(entry)?.fact {
            AccountFact::FormPrinted { form, paper, .. } => filed.push(Filed::Paper(form, paper)),
            AccountFact::ScanAttached { scan } => filed.push(Filed::Scan(scan)),
            _ => {}
        }
    }
    Ok(filed)
}

fn filed_with_case(entries: &[StoredEntry]) -> Result<Vec<Filed>, Error> {
    let mut filed = Vec::new();
    for entry in entries {
        match Entry::<CaseFact>::decode(entry)?.fact {
            CaseFact::Printed { form, paper, .. } => filed.push(Filed::Paper(form, paper)),
            CaseFact::ScanAttached { scan } => filed.push(Filed::Scan(scan)),
            _ => {}
        }
    }
    Ok(filed)
}
