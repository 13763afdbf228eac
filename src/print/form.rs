//! The forms, and what stands in each.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use jiff::Timestamp;
use minijinja::value::{Serde, Value};
use serde::{Deserialize, Serialize};

use super::paper::{self, Secrets};
use super::{
    Marking, Paper, PrintError, Reading, Requisites, SecretPaper, Section, Templates, Zone, pairs,
    sections, words,
};
use crate::desk::carriers::CarrierLine;
use crate::desk::events::EventLine;
use crate::desk::periods::StatusPeriods;
use crate::language::Language;
use crate::provider::UserRecord;
use crate::secret::Secret;
use crate::x509::extensions::SubjectKeyIdentifier;
use crate::x509::{Certificate, CertificationRequest};

macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A form, whatever its template.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        #[non_exhaustive]
        pub enum FormId {
            $($(#[$doc])* $name,)*
        }

        impl FormId {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// A short name, fixed for ever: in the record and in files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

forms! {
    /// The paper copy of a certificate (R13).
    Copy = "copy",
    /// A request with its key, before the certificate is issued (V9).
    Request = "request",
    /// What a user takes away from the desk: «лист выдачи» (V8).
    HandOver = "hand-over",
    /// The application to create a certificate.
    Create = "create",
    /// The application to terminate a certificate.
    Terminate = "terminate",
    /// The application to suspend a certificate.
    Suspend = "suspend",
    /// The application to resume a certificate.
    Resume = "resume",
    /// The consent to the processing of personal data (152-FZ 9).
    Consent = "consent",
    /// The receipt: acquainted with what is in the certificate (63-FZ 18).
    Acknowledgement = "acknowledgement",
    /// How to keep a key safe (63-FZ 18).
    Memo = "memo",
    /// An extract from the register of certificates.
    Extract = "extract",
    /// The status of a certificate over a period: «справка о статусе».
    Status = "status",
    /// The journal of key carriers: «журнал поэкземплярного учёта СКЗИ» (U15).
    Carriers = "carriers",
    /// The entries about a certificate.
    Events = "events",
}

/// There is no such form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a form")]
pub struct BadForm;

/// A form with what is to stand in it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Form<'a> {
    /// [`FormId::Copy`].
    Copy(&'a Certificate),
    /// [`FormId::Request`].
    Request(&'a CertificationRequest),
    /// [`FormId::Create`].
    Create(&'a UserRecord),
    /// [`FormId::Terminate`].
    Terminate(Application<'a>),
    /// [`FormId::Suspend`].
    Suspend(Application<'a>),
    /// [`FormId::Resume`].
    Resume(Application<'a>),
    /// [`FormId::Consent`].
    Consent(&'a UserRecord),
    /// [`FormId::Acknowledgement`].
    Acknowledgement {
        /// Who was acquainted.
        record: &'a UserRecord,
        /// With what.
        certificate: &'a Certificate,
    },
    /// [`FormId::Memo`].
    Memo,
    /// [`FormId::Extract`].
    Extract {
        /// Which certificate.
        certificate: &'a Certificate,
        /// All that happened to it.
        history: &'a StatusPeriods,
    },
    /// [`FormId::Status`].
    Status {
        /// Which certificate.
        certificate: &'a Certificate,
        /// What it was when.
        history: &'a StatusPeriods,
    },
    /// [`FormId::Carriers`].
    Carriers(&'a [CarrierLine]),
    /// [`FormId::Events`].
    Events(&'a [EventLine]),
}

/// An application about a certificate that exists.
#[derive(Clone, Copy, Debug)]
pub struct Application<'a> {
    /// Who applies.
    pub record: &'a UserRecord,
    /// About which certificate.
    pub certificate: &'a Certificate,
    /// Why, in the applicant's words; a line is left where nothing is known.
    pub why: Option<&'a str>,
    /// Until when a suspension lasts, where it has an end.
    pub until: Option<Timestamp>,
    /// What happens then (R4); nothing is said where that is not known.
    pub at_end: Option<AtEnd>,
}

/// What happens when a suspension ends by itself (R4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AtEnd {
    /// The certificate is in force again.
    Resumed,
    /// The certificate is terminated.
    Terminated,
    /// The certificate stays suspended.
    Stays,
}

/// What a user takes away from the desk (V8). What is not handed over is left out.
#[derive(Clone, Copy, Debug)]
pub struct HandOver<'a> {
    /// To whom.
    pub record: &'a UserRecord,
    /// The temporary password of the account.
    pub password: Option<&'a Secret>,
    /// Until when that opens anything.
    pub password_until: Option<Timestamp>,
    /// The temporary PIN of the key container: its owner changes it before the first use.
    pub pin: Option<&'a Secret>,
    /// The serial number of the key carrier.
    pub carrier: Option<&'a str>,
    /// The certificate in the container.
    pub certificate: Option<&'a Certificate>,
}

/// What an authority prints on.
#[derive(Clone, Copy, Debug)]
pub struct Stationery<'a> {
    /// By which texts.
    pub templates: &'a Templates,
    /// In which language.
    pub language: Language,
    /// Whose form it is.
    pub requisites: &'a Requisites,
    /// In whose time the dates are.
    pub zone: &'a Zone,
    /// What is written across it.
    pub marking: Marking,
}

type Values = BTreeMap<&'static str, Value>;

impl Stationery<'_> {
    /// Fills a form in, as of a moment.
    ///
    /// # Errors
    /// [`PrintError`] for a template that does not exist, or asks for what the form does not have.
    pub fn print(&self, form: &Form<'_>, at: Timestamp) -> Result<Paper, PrintError> {
        self.fill(form.id(), form.values(self.zone), at)
    }

    /// Fills a hand-over sheet in; its secrets are nowhere but on the sheet.
    ///
    /// # Errors
    /// As [`print`](Self::print).
    pub fn print_secret(
        &self,
        form: &HandOver<'_>,
        at: Timestamp,
    ) -> Result<SecretPaper, PrintError> {
        let marked = self.fill(FormId::HandOver, form.values(self.zone), at)?;
        let secrets: &Secrets<'_> = &[(PASSWORD, form.password), (PIN, form.pin)];
        Ok(SecretPaper::fill(&marked, secrets))
    }

    fn fill(&self, form: FormId, mut values: Values, at: Timestamp) -> Result<Paper, PrintError> {
        values.insert("requisites", Value::from(Serde(self.requisites)));
        values.insert("test", Value::from(self.marking == Marking::Test));
        values.insert("printed", Value::from(self.zone.show(at)));
        values.insert("language", Value::from(self.language.tag()));
        let (html, edition) = self.templates.fill(form, self.language, values)?;
        Ok(Paper { form, edition, html })
    }
}

impl Form<'_> {
    /// Which form.
    pub const fn id(&self) -> FormId {
        match self {
            Self::Copy(_) => FormId::Copy,
            Self::Request(_) => FormId::Request,
            Self::Create(_) => FormId::Create,
            Self::Terminate(_) => FormId::Terminate,
            Self::Suspend(_) => FormId::Suspend,
            Self::Resume(_) => FormId::Resume,
            Self::Consent(_) => FormId::Consent,
            Self::Acknowledgement { .. } => FormId::Acknowledgement,
            Self::Memo => FormId::Memo,
            Self::Extract { .. } => FormId::Extract,
            Self::Status { .. } => FormId::Status,
            Self::Carriers(_) => FormId::Carriers,
            Self::Events(_) => FormId::Events,
        }
    }

    fn values(&self, zone: &Zone) -> Values {
        match self {
            Self::Copy(certificate) => {
                of_certificate(certificate, Reading::of_certificate(certificate, zone).sections)
            }
            Self::Request(request) => {
                let key = SubjectKeyIdentifier::of(request.public_key());
                let sections = Reading::of_request(request, zone).sections;
                values(format!("Ключ проверки {}", pairs(&key.0)), sections)
            }
            Self::Create(record) | Self::Consent(record) => of_record(record),
            Self::Terminate(form) | Self::Suspend(form) | Self::Resume(form) => form.values(zone),
            Self::Acknowledgement { record, certificate } => {
                let mut values =
                    of_certificate(certificate, sections::certificate(certificate, zone));
                values.insert("person", Value::from(record.data.subject.person().name.full()));
                values
            }
            Self::Memo => values(String::new(), Vec::new()),
            Self::Extract { certificate, history } => {
                let mut sections = Reading::of_certificate(certificate, zone).sections;
                sections.push(sections::events(history, zone));
                of_certificate(certificate, sections)
            }
            Self::Status { certificate, history } => {
                let mut values =
                    of_certificate(certificate, sections::certificate(certificate, zone));
                let rows = history.periods.iter().map(|period| words::period(period, zone));
                values.insert("periods", Value::from(Serde(rows.collect::<Vec<_>>())));
                values.insert("from", Value::from(zone.show(history.from)));
                values.insert("to", Value::from(zone.show(history.to)));
                values.insert("known", Value::from(zone.show(history.known)));
                values
            }
            Self::Carriers(lines) => {
                let mut values = values(String::new(), Vec::new());
                let rows = lines.iter().map(|line| line.cells(zone)).collect::<Vec<_>>();
                values.insert("lines", Value::from(Serde(rows)));
                values
            }
            Self::Events(lines) => {
                let mut values = values(String::new(), Vec::new());
                let rows = lines.iter().map(|line| words::line(line, zone)).collect::<Vec<_>>();
                values.insert("lines", Value::from(Serde(rows)));
                values
            }
        }
    }
}

impl Application<'_> {
    fn values(&self, zone: &Zone) -> Values {
        let mut values =
            of_certificate(self.certificate, sections::certificate(self.certificate, zone));
        let until = self.until.map(|until| zone.show(until));
        values.insert("person", Value::from(self.record.data.subject.person().name.full()));
        values.insert("why", Value::from(Serde(self.why)));
        values.insert("until", Value::from(Serde(until)));
        values.insert("at_end", Value::from(Serde(self.at_end)));
        values
    }
}

impl HandOver<'_> {
    fn values(&self, zone: &Zone) -> Values {
        let sections: Vec<Section> =
            self.certificate.map(|one| sections::certificate(one, zone)).unwrap_or_default();
        let mut values = values(format!("Лист выдачи {}", self.record.login.as_str()), sections);
        let marked = |name, secret: Option<&Secret>| {
            secret.map(|_| Value::from_safe_string(paper::mark(name)))
        };
        let until = self.password_until.map(|until| zone.show(until));
        values.insert("person", Value::from(self.record.data.subject.person().name.full()));
        values.insert("login", Value::from(self.record.login.as_str()));
        values.insert("password", Value::from(marked(PASSWORD, self.password)));
        values.insert("password_until", Value::from(Serde(until)));
        values.insert("pin", Value::from(marked(PIN, self.pin)));
        values.insert("carrier", Value::from(Serde(self.carrier)));
        values
    }
}

fn values(footer: String, sections: Vec<Section>) -> Values {
    [("footer", Value::from(footer)), ("sections", Value::from(Serde(sections)))].into()
}

fn of_certificate(certificate: &Certificate, sections: Vec<Section>) -> Values {
    let serial = pairs(certificate.serial().as_der_contents());
    values(format!("Сертификат № {serial}"), sections)
}

fn of_record(record: &UserRecord) -> Values {
    let (data, person) = (&record.data, record.data.subject.person());
    let mut values =
        values(format!("Заявление № {}", data.application.number), sections::registration(data));
    values.insert("person", Value::from(person.name.full()));
    values.insert("document", Value::from(sections::identity(data)));
    values.insert("organization", {
        let organization = data.subject.organization();
        Value::from(Serde(organization.map(|organization| organization.name.as_str())))
    });
    values
}

impl fmt::Display for FormId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FormId {
    type Err = BadForm;
    fn from_str(name: &str) -> Result<Self, BadForm> {
        Self::ALL.iter().copied().find(|form| form.name() == name).ok_or(BadForm)
    }
}

impl TryFrom<String> for FormId {
    type Error = BadForm;
    fn try_from(name: String) -> Result<Self, BadForm> {
        name.parse()
    }
}

impl From<FormId> for &'static str {
    fn from(form: FormId) -> Self {
        form.name()
    }
}

const PASSWORD: &str = "password";
const PIN: &str = "pin";
