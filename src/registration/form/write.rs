//! From registration data back to a form, for correction and for the canonical bytes.

use super::check::{
    AUTHORITY, DocumentFields, PERSON_DOCUMENT, PERSON_NAME, PROXY_AUTHORITY, PROXY_DOCUMENT,
    PROXY_NAME,
};
use super::{Field, RegistrationForm};
use crate::registration::{
    AuthorityDocument, CountryCode, IdentityDocument, Organization, Particulars, Person,
    PersonAddress, PersonName, Proxy, RegistrationData, Representative, Subject,
};

impl From<&RegistrationData> for RegistrationForm {
    /// Writes every value in its canonical form.
    fn from(data: &RegistrationData) -> Self {
        let mut form = Self::default();
        form.write(data);
        form
    }
}

impl RegistrationForm {
    /// Fills in a known organisation; what is typed already stays.
    pub fn complete(&mut self, known: &Organization) {
        let mut written = Self::default();
        written.organization(known);
        for (field, value) in written.0 {
            if self.value(field).is_none() {
                self.set(field, value);
            }
        }
    }

    fn put(&mut self, field: Field, value: &str) {
        self.set(field, value);
    }

    fn put_some<T: ToString>(&mut self, field: Field, value: Option<&T>) {
        if let Some(value) = value {
            self.set(field, value.to_string());
        }
    }

    fn write(&mut self, data: &Particulars) {
        self.put(Field::Kind, data.subject.kind().name());
        self.subject(&data.subject);
        self.put(Field::ApplicationNumber, data.application.number.as_str());
        self.put_some(Field::ApplicationDate, Some(&data.application.date));
        self.put(Field::Identification, data.identification.kind.name());
        self.put_some(Field::IdentificationEvidence, data.identification.evidence.as_ref());
        self.put(Field::IdentifiedBy, data.identification.by.as_str());
        self.put_some(Field::IdentifiedOn, Some(&data.identification.on));
        if let Some(Proxy { name, document, authority }) = &data.proxy {
            self.name(PROXY_NAME, name);
            self.identity_document(&PROXY_DOCUMENT, document);
            self.authority(PROXY_AUTHORITY, authority);
        }
        self.put_some(Field::Phone, data.contacts.phone.as_ref());
        self.put_some(Field::Email, data.contacts.email.as_ref());
        self.put_some(Field::CertificateEmail, data.certificate_email.as_ref());
        self.put_some(Field::LimitsOfUse, data.limits_of_use.as_ref());
    }

    fn subject(&mut self, subject: &Subject) {
        self.person(subject.person());
        match subject {
            Subject::NaturalPerson { address, .. } => self.address(address),
            Subject::IndividualEntrepreneur { ogrnip, address, .. } => {
                self.put(Field::Ogrnip, ogrnip.as_str());
                self.address(address);
            }
            Subject::LegalEntity { organization, representative } => {
                self.organization(organization);
                self.representative(representative);
            }
            Subject::LegalEntityAutomated { organization, system, responsible } => {
                self.organization(organization);
                self.put_some(Field::SystemName, system.as_ref());
                self.representative(responsible);
            }
        }
    }

    fn person(&mut self, person: &Person) {
        self.name(PERSON_NAME, &person.name);
        self.put(Field::Snils, person.snils.as_str());
        self.put(Field::Inn, person.inn.as_str());
        self.put_some(Field::BirthDate, Some(&person.birth_date));
        self.put(Field::BirthPlace, person.birth_place.as_str());
        self.put(Field::Citizenship, person.citizenship.as_str());
        self.identity_document(&PERSON_DOCUMENT, &person.document);
    }

    fn name(&mut self, [surname, given_name, patronymic]: [Field; 3], name: &PersonName) {
        self.put(surname, name.surname().as_str());
        self.put(given_name, name.given_name().as_str());
        self.put_some(patronymic, name.patronymic());
    }

    fn identity_document(&mut self, fields: &DocumentFields, document: &IdentityDocument) {
        self.put(fields.kind, document.kind.name());
        self.put_some(fields.series, document.series.as_ref());
        self.put(fields.number, document.number.as_str());
        self.put(fields.issuer, document.issuer.as_str());
        self.put_some(fields.issued, Some(&document.issued));
        self.put_some(fields.division, document.division.as_ref());
        self.put_some(fields.expires, document.expires.as_ref());
    }

    fn country(&mut self, country: &CountryCode) {
        self.put(Field::Country, country.as_str());
    }

    fn address(&mut self, address: &PersonAddress) {
        self.country(&address.country);
        self.put_some(Field::Region, address.region.as_ref());
        self.put_some(Field::Locality, address.locality.as_ref());
        self.put_some(Field::Street, address.street.as_ref());
    }

    fn organization(&mut self, organization: &Organization) {
        self.put(Field::Organization, organization.name.as_str());
        self.put_some(Field::OrganizationFullName, organization.full_name.as_ref());
        self.put(Field::Ogrn, organization.ogrn.as_str());
        self.put(Field::OrganizationInn, organization.inn.as_str());
        self.country(&organization.country);
        self.put_some(Field::Region, Some(&organization.region));
        self.put(Field::Locality, organization.locality.as_str());
        self.put(Field::Street, organization.street.as_str());
        self.put_some(Field::Unit, organization.unit.as_ref());
    }

    fn representative(&mut self, representative: &Representative) {
        self.put(Field::Title, representative.title.as_str());
        self.put_some(Field::Powers, representative.powers.as_ref());
        self.authority(AUTHORITY, &representative.authority);
    }

    fn authority(
        &mut self,
        [kind, number, date, expires]: [Field; 4],
        document: &AuthorityDocument,
    ) {
        self.put(kind, document.kind.as_str());
        self.put(number, document.number.as_str());
        self.put_some(date, Some(&document.date));
        self.put_some(expires, document.expires.as_ref());
    }
}
