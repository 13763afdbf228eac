//! Forms on paper: self-contained HTML that prints on A4.

use askama::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Reading, Section, Zone, pairs};
use crate::x509::extensions::SubjectKeyIdentifier;
use crate::x509::{Certificate, CertificationRequest};

/// What stands of the authority on every form: data, from its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requisites {
    /// Its full name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its telephones.
    pub phones: Vec<String>,
    /// Its e-mail.
    pub email: String,
    /// The number of its accreditation; without one its certificates are not qualified.
    pub accreditation_number: Option<String>,
    /// The day of its accreditation, as it is to be printed.
    pub accreditation_date: Option<String>,
}

/// What is written across a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Marking {
    /// Nothing.
    Plain,
    /// «ТЕСТОВЫЙ, не является квалифицированным».
    Test,
}

/// A form could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the form could not be written")]
pub struct PrintError(#[from] askama::Error);

/// The paper copy of a certificate (R13), to be signed by the owner (63-FZ art. 18) and by the authority.
#[derive(Clone, Copy, Debug)]
pub struct PaperCopy<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Who issued it.
    pub requisites: &'a Requisites,
    /// In whose time the dates are.
    pub zone: &'a Zone,
    /// When it is printed.
    pub at: Timestamp,
    /// What is written across it.
    pub marking: Marking,
}

/// A request on paper (V9): «заявление» with the data and the key, to be signed by the applicant.
#[derive(Clone, Copy, Debug)]
pub struct RequestForm<'a> {
    /// The request.
    pub request: &'a CertificationRequest,
    /// Who is asked.
    pub requisites: &'a Requisites,
    /// In whose time the dates are.
    pub zone: &'a Zone,
    /// When it is printed.
    pub at: Timestamp,
    /// What is written across it.
    pub marking: Marking,
}

#[derive(Template)]
#[template(path = "form.html")]
struct Form<'a> {
    title: &'a str,
    /// Stands in a CSS string on every page: fixed words and hexadecimal only.
    footer: String,
    requisites: &'a Requisites,
    sections: &'a [Section],
    statement: &'a str,
    signatures: &'a [&'a str],
    stamp: bool,
    printed: String,
    test: bool,
}

impl PaperCopy<'_> {
    /// Writes the form.
    ///
    /// # Errors
    /// [`PrintError`]; in practice none.
    pub fn to_html(&self) -> Result<String, PrintError> {
        let serial = pairs(self.certificate.serial().as_der_contents());
        let form = Form {
            title: "Сертификат ключа проверки электронной подписи",
            footer: format!("Сертификат № {serial}"),
            requisites: self.requisites,
            sections: &Reading::of_certificate(self.certificate, self.zone).sections,
            statement: "С информацией, содержащейся в сертификате, ознакомлен",
            signatures: &["Владелец сертификата", "Уполномоченное лицо удостоверяющего центра"],
            stamp: true,
            printed: self.zone.show(self.at),
            test: self.marking == Marking::Test,
        };
        Ok(form.render()?)
    }
}

impl RequestForm<'_> {
    /// Writes the form.
    ///
    /// # Errors
    /// [`PrintError`]; in practice none.
    pub fn to_html(&self) -> Result<String, PrintError> {
        let key = SubjectKeyIdentifier::of(self.request.public_key());
        let form = Form {
            title: "Заявление на создание сертификата ключа проверки электронной подписи",
            footer: format!("Ключ проверки {}", pairs(&key.0)),
            requisites: self.requisites,
            sections: &Reading::of_request(self.request, self.zone).sections,
            statement: "Прошу создать сертификат. Данные верны, ключ электронной подписи у меня",
            signatures: &["Заявитель", "Принял оператор"],
            stamp: false,
            printed: self.zone.show(self.at),
            test: self.marking == Marking::Test,
        };
        Ok(form.render()?)
    }
}
