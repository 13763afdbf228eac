//! From raw strings to registration data, with every error.

use jiff::civil::Date;

use super::choice::{DOCUMENTS, IDENTIFICATIONS, SUBJECTS, named};
use super::condition::{LAST_DAYS, NAMED_BY_PERSON, ORDER, PAST_DAYS, demands};
use super::{Field, FieldError, FormErrors, RegistrationForm};
use crate::registration::identity_document::{passport_number, passport_series};
use crate::registration::{
    Application, AuthorityDocument, Contacts, CountryCode, Day, DivisionCode, DocumentKind, Email,
    Fault, Identification, IdentificationKind, IdentityDocument, InnLegal, InnPerson, NamePart,
    Ogrn, Ogrnip, Organization, Particulars, Person, PersonAddress, PersonName, Phone, Presence,
    Proxy, Region, RegistrationData, Representative, Snils, Subject, SubjectKind, Text,
};

/// Reads the form; see [`RegistrationForm::check`].
pub(super) fn check(form: &RegistrationForm) -> Result<RegistrationData, FormErrors> {
    let mut reader = Reader { form, kind: None, errors: Vec::new() };
    reader.kind = reader.read(Field::Kind, |typed| choose(&SubjectKind::ALL, SUBJECTS, typed));
    reader.check_presence();
    let particulars = reader.particulars();
    reader.check_days();
    match (particulars, FormErrors::collect(reader.errors)) {
        (Some(particulars), None) => Ok(RegistrationData::checked(particulars)),
        (_, Some(errors)) => Err(errors),
        // Only a field that the table wrongly calls optional leads here.
        (None, None) => Err(FormErrors::kind_missing()),
    }
}

/// Compares the days of the form with today; see [`RegistrationData::check_day`].
pub(in crate::registration) fn check_day(
    form: &RegistrationForm,
    today: Date,
) -> Result<(), FormErrors> {
    let mut reader = Reader { form, kind: None, errors: Vec::new() };
    for &field in PAST_DAYS {
        if reader.day(field).is_some_and(|day| day.date() > today) {
            reader.refuse(field, Fault::DayFuture);
        }
    }
    for &field in LAST_DAYS {
        if reader.day(field).is_some_and(|day| day.date() < today) {
            reader.refuse(field, Fault::DayExpired);
        }
    }
    FormErrors::collect(reader.errors).map_or(Ok(()), Err)
}

/// Reads one form and gathers what is wrong with it.
///
/// A reading method answers `None` for what is missing, forbidden or wrong; the error is recorded.
struct Reader<'a> {
    form: &'a RegistrationForm,
    kind: Option<SubjectKind>,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    fn refuse(&mut self, field: Field, fault: Fault) {
        self.errors.push(FieldError { field, fault });
    }

    /// Obligatory, optional or forbidden; while the kind is unknown only what all kinds share.
    fn presence(&self, field: Field) -> Presence {
        if demands(self.form, field) {
            return Presence::Obligatory;
        }
        let mut kinds =
            SubjectKind::ALL.into_iter().filter(|&kind| self.kind.is_none_or(|k| k == kind));
        if kinds.clone().all(|kind| field.presence(kind) == Presence::Obligatory) {
            Presence::Obligatory
        } else if kinds.all(|kind| field.presence(kind) == Presence::Forbidden) {
            Presence::Forbidden
        } else {
            Presence::Optional
        }
    }

    fn check_presence(&mut self) {
        for &field in Field::ALL {
            match (self.presence(field), self.form.value(field)) {
                (Presence::Obligatory, None) => self.refuse(field, Fault::Missing),
                (Presence::Forbidden, Some(_)) => self.refuse(field, Fault::Forbidden),
                _ => {}
            }
        }
    }

    fn read<T>(&mut self, field: Field, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Option<T> {
        if self.presence(field) == Presence::Forbidden {
            return None;
        }
        let typed = self.form.value(field)?;
        let parsed = if typed.len() > MAX_TYPED { Err(Fault::TextTooLong) } else { parse(typed) };
        parsed.map_err(|fault| self.refuse(field, fault)).ok()
    }

    fn text<const MAX: usize>(&mut self, field: Field) -> Option<Text<MAX>> {
        self.read(field, Text::from_typed)
    }

    fn day(&mut self, field: Field) -> Option<Day> {
        self.read(field, Day::from_typed)
    }

    fn particulars(&mut self) -> Option<Particulars> {
        let subject = self.subject();
        let application = self.application();
        let identification = self.identification();
        let proxy = self.proxy();
        let contacts = Contacts {
            phone: self.read(Field::Phone, Phone::from_typed),
            email: self.read(Field::Email, Email::from_typed),
        };
        let certificate_email = self.read(Field::CertificateEmail, Email::from_typed);
        let limits_of_use = self.text(Field::LimitsOfUse);
        Some(Particulars {
            subject: subject?,
            application: application?,
            identification: identification?,
            proxy,
            contacts,
            certificate_email,
            limits_of_use,
        })
    }

    /// Reads the fields of all kinds, so that a form without a kind shows its errors too.
    fn subject(&mut self) -> Option<Subject> {
        let person = self.person();
        let ogrnip = self.read(Field::Ogrnip, Ogrnip::from_typed);
        let address = self.address();
        let organization = self.organization();
        let representative = self.representative(person.clone());
        let system = self.text(Field::SystemName);
        Some(match self.kind? {
            SubjectKind::NaturalPerson => {
                Subject::NaturalPerson { person: person?, address: address? }
            }
            SubjectKind::IndividualEntrepreneur => Subject::IndividualEntrepreneur {
                person: person?,
                ogrnip: ogrnip?,
                address: address?,
            },
            SubjectKind::LegalEntity => Subject::LegalEntity {
                organization: organization?,
                representative: representative?,
            },
            SubjectKind::LegalEntityAutomated => Subject::LegalEntityAutomated {
                organization: organization?,
                system,
                responsible: representative?,
            },
        })
    }

    fn person(&mut self) -> Option<Person> {
        let name = self.name(PERSON_NAME);
        let named_by_person = self.kind.is_some_and(|kind| NAMED_BY_PERSON.contains(&kind));
        if name.as_ref().is_some_and(|name| named_by_person && name.full().chars().count() > 64) {
            self.refuse(Field::Surname, Fault::CommonNameTooLong);
        }
        let snils = self.read(Field::Snils, Snils::from_typed);
        let inn = self.read(Field::Inn, InnPerson::from_typed);
        let birth_date = self.day(Field::BirthDate);
        let birth_place = self.text(Field::BirthPlace);
        let citizenship = self.read(Field::Citizenship, CountryCode::from_typed);
        let document = self.identity_document(&PERSON_DOCUMENT);
        Some(Person {
            name: name?,
            snils: snils?,
            inn: inn?,
            birth_date: birth_date?,
            birth_place: birth_place?,
            citizenship: citizenship?,
            document: document?,
        })
    }

    fn name(&mut self, [surname, given_name, patronymic]: [Field; 3]) -> Option<PersonName> {
        let parts =
            [surname, given_name, patronymic].map(|field| self.read(field, NamePart::from_typed));
        let [family, given, patronymic] = parts;
        let name = PersonName::new(family?, given?, patronymic);
        name.map_err(|fault| self.refuse(given_name, fault)).ok()
    }

    fn identity_document(&mut self, fields: &DocumentFields) -> Option<IdentityDocument> {
        let kind = self.read(fields.kind, |typed| choose(&DocumentKind::ALL, DOCUMENTS, typed));
        let (series, number) = if kind == Some(DocumentKind::PassportRf) {
            (self.read(fields.series, passport_series), self.read(fields.number, passport_number))
        } else {
            (self.text(fields.series), self.text(fields.number))
        };
        let (issued_by, issued_on) = (self.text(fields.issuer), self.day(fields.issued));
        let division = self.read(fields.division, DivisionCode::from_typed);
        let expires = self.day(fields.expires);
        Some(IdentityDocument {
            kind: kind?,
            series,
            number: number?,
            issuer: issued_by?,
            issued: issued_on?,
            division,
            expires,
        })
    }

    fn country(&mut self) -> Option<CountryCode> {
        match self.form.value(Field::Country) {
            None => Some(CountryCode::russia()),
            Some(_) => self.read(Field::Country, CountryCode::from_typed),
        }
    }

    fn address(&mut self) -> Option<PersonAddress> {
        let country = self.country();
        let region = self.read(Field::Region, Region::from_typed);
        let locality = self.text(Field::Locality);
        let street = self.text(Field::Street);
        Some(PersonAddress { country: country?, region, locality, street })
    }

    fn organization(&mut self) -> Option<Organization> {
        let name = self.text(Field::Organization);
        let full_name = self.text(Field::OrganizationFullName);
        let ogrn = self.read(Field::Ogrn, Ogrn::from_typed);
        let inn = self.read(Field::OrganizationInn, InnLegal::from_typed);
        let unit = self.text(Field::Unit);
        // The address is read as a person's too; its errors are recorded once.
        let PersonAddress { country, region, locality, street } = self.address()?;
        Some(Organization {
            name: name?,
            full_name,
            ogrn: ogrn?,
            inn: inn?,
            country,
            region: region?,
            locality: locality?,
            street: street?,
            unit,
        })
    }

    fn representative(&mut self, person: Option<Person>) -> Option<Representative> {
        let title = self.text(Field::Title);
        let powers = self.text(Field::Powers);
        let authority = self.authority(AUTHORITY);
        Some(Representative { person: person?, title: title?, authority: authority?, powers })
    }

    fn authority(&mut self, fields: [Field; 4]) -> Option<AuthorityDocument> {
        let [kind, number, date, expires] = fields;
        let (kind, number) = (self.text(kind), self.text(number));
        let (date, expires) = (self.day(date), self.day(expires));
        Some(AuthorityDocument { kind: kind?, number: number?, date: date?, expires })
    }

    fn application(&mut self) -> Option<Application> {
        let number = self.text(Field::ApplicationNumber);
        let date = self.day(Field::ApplicationDate);
        Some(Application { number: number?, date: date? })
    }

    fn identification(&mut self) -> Option<Identification> {
        let kinds = |typed: &str| choose(&IdentificationKind::ALL, IDENTIFICATIONS, typed);
        let kind = self.read(Field::Identification, kinds);
        let evidence = self.text(Field::IdentificationEvidence);
        let by = self.text(Field::IdentifiedBy);
        let on = self.day(Field::IdentifiedOn);
        Some(Identification { kind: kind?, evidence, by: by?, on: on? })
    }

    fn proxy(&mut self) -> Option<Proxy> {
        let name = self.name(PROXY_NAME);
        let document = self.identity_document(&PROXY_DOCUMENT);
        let authority = self.authority(PROXY_AUTHORITY);
        Some(Proxy { name: name?, document: document?, authority: authority? })
    }

    fn check_days(&mut self) {
        for &(first, second) in ORDER {
            let days = self.day(first).zip(self.day(second));
            if days.is_some_and(|(first, second)| first > second) {
                self.refuse(second, Fault::DayOrder);
            }
        }
        for &last in LAST_DAYS {
            let days = self.day(last).zip(self.day(Field::IdentifiedOn));
            if days.is_some_and(|(last, identified)| last < identified) {
                self.refuse(last, Fault::DayExpired);
            }
        }
    }
}

fn choose<T: Copy>(
    kinds: &[T],
    choices: &[super::choice::Choice],
    typed: &str,
) -> Result<T, Fault> {
    named(kinds, choices, typed).ok_or(Fault::NotAChoice)
}

/// Bytes of one field that are read at all: the longest text has 1000 characters.
const MAX_TYPED: usize = 16_384;

/// The fields of one identity document.
pub(super) struct DocumentFields {
    pub(super) kind: Field,
    pub(super) series: Field,
    pub(super) number: Field,
    pub(super) issuer: Field,
    pub(super) issued: Field,
    pub(super) division: Field,
    pub(super) expires: Field,
}

pub(super) const PERSON_NAME: [Field; 3] = [Field::Surname, Field::GivenName, Field::Patronymic];

pub(super) const PROXY_NAME: [Field; 3] =
    [Field::ProxySurname, Field::ProxyGivenName, Field::ProxyPatronymic];

pub(super) const AUTHORITY: [Field; 4] =
    [Field::AuthorityKind, Field::AuthorityNumber, Field::AuthorityDate, Field::AuthorityExpires];

pub(super) const PROXY_AUTHORITY: [Field; 4] = [
    Field::ProxyAuthorityKind,
    Field::ProxyAuthorityNumber,
    Field::ProxyAuthorityDate,
    Field::ProxyAuthorityExpires,
];

pub(super) const PERSON_DOCUMENT: DocumentFields = DocumentFields {
    kind: Field::DocumentKind,
    series: Field::DocumentSeries,
    number: Field::DocumentNumber,
    issuer: Field::DocumentIssuer,
    issued: Field::DocumentIssued,
    division: Field::DocumentDivision,
    expires: Field::DocumentExpires,
};

pub(super) const PROXY_DOCUMENT: DocumentFields = DocumentFields {
    kind: Field::ProxyDocumentKind,
    series: Field::ProxyDocumentSeries,
    number: Field::ProxyDocumentNumber,
    issuer: Field::ProxyDocumentIssuer,
    issued: Field::ProxyDocumentIssued,
    division: Field::ProxyDocumentDivision,
    expires: Field::ProxyDocumentExpires,
};
